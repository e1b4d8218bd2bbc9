/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that are not what they should be: every case of tests/tables/normal with
 * members gone or replaced at random (a seed makes each run the same). Nothing
 * crashes, and whatever comes out is still as the contract says. Then single
 * things of unpleasant size.
 */
#include "contract.h"

#define ROUNDS	120

static uint64_t seed = 20260101;
static const struct people_rules *rules;
static char *huge;

static unsigned
random_below(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

static struct json *
odd_value(void)
{
	static const int64_t ints[] = { 0, -1, 7, INT64_MAX, INT64_MIN };
	static const char *const texts[] = { "", " \n", "9999-12-31T23:59:59-14:00",
		"0000-01-01T00:00:00+14:00", "2026-02-30T00:00:00Z", "7",
		"99999999999999999999", "\xc3\xa4\xf0\x9f\x98\x80", "PENDING",
		"+@users.noreply.github.com", "0+x@users.noreply.github.com",
		"9999999999999999999+x@users.noreply.github.com", "[bot]", "/" };
	struct json *j;

	switch (random_below(9)) {
	case 0:
		return json_new_null();
	case 1:
		return json_new_bool(random_below(2) == 0);
	case 2:
		return json_new_int(ints[random_below(LEN(ints))]);
	case 3:
		return json_new_double(-0.5);
	case 4:
		return json_new_object();
	case 5:
		j = json_new_array();
		json_push(j, json_new_null());
		json_push(j, json_new_object());
		return j;
	case 6:
		return json_new_string(random_below(20) == 0 ? huge : "x");
	default:
		return json_new_string(texts[random_below(LEN(texts))]);
	}
}

/* A copy in which one value in some twenty is gone or another. */
static struct json *
mutant(const struct json *j)
{
	struct json_iter it = { 0 };
	struct json *copy;

	if (random_below(20) == 0)
		return odd_value();
	if (json_is(j, JSON_ARRAY)) {
		copy = json_new_array();
		for (size_t i = 0; i < json_len(j); i++)
			json_push(copy, mutant(json_at(j, i)));
	} else if (json_is(j, JSON_OBJECT)) {
		copy = json_new_object();
		while (json_each(j, &it))
			if (random_below(30) != 0)
				json_set(copy, it.key, mutant(it.value));
	} else {
		copy = json_copy(j);
	}
	return copy;
}

static void
mutate_case(const char *path, struct normal_case *c, void *arg)
{
	struct normal n = case_normal(rules, c->keep_email);
	size_t *made = arg;
	int failed = tap_failed;

	for (int i = 0; i < ROUNDS; i++) {
		struct json *node = mutant(c->node);
		struct docs docs = { 0 };

		if (!case_run(c->kind, &n, node, &docs) && docs.count > 0)
			ok(false, "%s: refused, yet something was added", path);
		contract_check(&docs, false);
		*made += docs.count;
		docs_fini(&docs);
		json_free(node);
	}
	ok(failed == tap_failed, "%s: %d mutants obey the contract", path, ROUNDS);
}

static struct doc *
commit_with(const char *message, struct docs *docs)
{
	struct normal n = case_normal(rules, false);
	struct json *node = json_new_object();

	json_set_str(node, "oid", "1234567890123456789012345678901234567890");
	json_set_str(node, "committedDate", "2026-01-02T03:04:05Z");
	json_set_str(node, "author.name", "Ada");
	json_set_str(node, "author.email", "ada@sim-works.example");
	json_set_str(node, "message", message);
	if (!ok(normal_commit(&n, node, true, docs), "a commit is made"))
		exit(1);
	json_free(node);
	return docs->doc[docs->count - 1];
}

static void
large_messages(void)
{
	struct docs docs = { 0 };
	struct buf b = BUF(8 << 20);
	struct doc *d;

	/* The 8192nd byte is the second of a character's two. */
	for (int i = 0; i < 8191; i++)
		buf_puts(&b, "x");
	buf_puts(&b, "\xc3\xa4 and more");
	d = commit_with(buf_str(&b), &docs);
	is_int(strlen(json_str(d->body, "github.commit.message")), 8191,
	    "a message is cut between characters");
	is_int(strlen(json_str(d->body, "github.commit.headline")), 1024,
	    "a headline is shorter");
	buf_clear(&b);
	for (int i = 0; i < 30000; i++)
		buf_printf(&b, "Co-authored-by: P%d <p%d@mail.example>\n", i, i);
	d = commit_with(buf_str(&b), &docs);
	is_int(json_len(json_get(d->body, "hubstash.credit")), 101,
	    "an author and a hundred co-authors of thirty thousand");
	buf_clear(&b);
	for (int i = 0; i < 30000; i++)
		buf_printf(&b, "Co-authored-by: A <%d+a%d@users.noreply.github.com>\n",
		    i < 2000 ? 7 : 8, i);
	d = commit_with(buf_str(&b), &docs);
	is_int(json_len(json_get(d->body, "hubstash.credit")), 2,
	    "one person under a thousand addresses; no more are looked at");
	d = commit_with(huge, &docs);
	is_int(strlen(json_str(d->body, "github.commit.message")), 8192,
	    "a megabyte");
	buf_fini(&b);
	docs_fini(&docs);
}

static void
odd_texts(void)
{
	static const char node[] = "{\"oid\":\"1234567890123456789012345678901234567890\","
	    "\"committedDate\":\"2026-01-02T03:04:05Z\",\"message\":\"one\\u0000two\","
	    "\"author\":{\"name\":\"\\ud800 A\",\"email\":\"a@b.example\"}}";
	struct normal n = case_normal(rules, false);
	struct docs docs = { 0 };
	struct err e;
	struct json *j = json_parse(node, sizeof(node) - 1, &e);

	n.repo = "noslash";
	n.org = NULL;
	n.org_id = 0;
	ok(normal_commit(&n, j, true, &docs), "a commit is made");
	is_str(json_str(docs.doc[0]->body, "github.commit.message"), "one",
	    "text ends at its NUL");
	is_str(json_str(docs.doc[0]->body, "hubstash.person"), "\xef\xbf\xbd A",
	    "half a character");
	ok(json_get(docs.doc[0]->body, "github.repository") == NULL &&
	    json_get(docs.doc[0]->body, "organization") == NULL,
	    "no owner, no organisation");
	json_free(j);
	docs_fini(&docs);
}

static void
refusals(void)
{
	static const char *const kinds[] = { "commit", "pull", "issue", "release",
		"rest_issue_comment", "rest_review_comment" };
	struct normal n = case_normal(rules, false);
	struct docs docs = { 0 };
	struct json *array = json_new_array();

	for (size_t i = 0; i < LEN(kinds); i++)
		ok(!case_run(kinds[i], &n, NULL, &docs) &&
		    !case_run(kinds[i], &n, array, &docs) && docs.count == 0,
		    "%s: of nothing comes nothing", kinds[i]);
	json_free(array);
	docs_fini(&docs);
}

int
main(void)
{
	struct people_rules *built_in = people_rules_new();
	size_t made = 0;

	rules = built_in;
	huge = xcalloc((1 << 20) + 1, 1);
	memset(huge, 'h', 1 << 20);
	contract_read();
	case_each(mutate_case, &made);
	ok(made > 1000, "mutants make documents (%zu)", made);
	large_messages();
	odd_texts();
	refusals();
	free(huge);
	people_rules_free(built_in);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * samples/: how many hints and documents of each kind, as counted from the
 * payloads by other means (tests/tables/samples/counts.txt); that all keep the
 * contract; and the examples of docs/documents.md, payload beside document.
 */
#include "samples.h"

#include "base/map.h"

#define EXAMPLES	"## Examples"

static struct people_rules *rules;

/* What is counted: "push" → how often. */
struct tally {
	struct { char name[32]; long n; } row[64];
	size_t	count;
};

static void
tally_add(struct tally *t, const char *name)
{
	size_t i = 0;

	while (i < t->count && strcmp(t->row[i].name, name) < 0)
		i++;
	if (i == t->count || strcmp(t->row[i].name, name) != 0) {
		memmove(&t->row[i + 1], &t->row[i],
		    (t->count++ - i) * sizeof(t->row[0]));
		str_copy(t->row[i].name, sizeof(t->row[i].name), name);
		t->row[i].n = 0;
	}
	t->row[i].n++;
}

static void
tally_print(const struct tally *t, const char *title, struct buf *out)
{
	buf_printf(out, " %s:", title);
	for (size_t i = 0; i < t->count; i++)
		buf_printf(out, " %s=%ld", t->row[i].name, t->row[i].n);
}

struct sample {
	enum event_use	 use;
	struct tally	 docs, hints;
	struct map	*keys;		/* of events */
	struct map	*bodies;	/* by id and version, as text */
	size_t		 twice, refused, unsure;
};

/* Of several copies of a document a store keeps that of the greatest version. */
static void
check_version(struct sample *s, const struct doc *d)
{
	char *key = xasprintf("%s v%lld", d->id, (long long)d->version);
	struct buf text = BUF(1 << 20);
	const char *was = map_get(s->bodies, key);

	json_print(d->body, &text);
	if (was == NULL)
		map_set(s->bodies, key, xstrdup(buf_str(&text)));
	else
		s->unsure += !str_eq(was, buf_str(&text));
	buf_fini(&text);
	free(key);
}

static void
read_sample(const struct json *event, void *arg)
{
	struct sample *s = arg;
	struct normal n = case_normal(rules, false);
	struct docs docs = { 0 };
	struct hints hints = { 0 };
	char key[256];
	struct err e;

	s->refused += !event_read(&n, event, s->use, &docs, &hints, &e);
	for (size_t i = 0; i < docs.count; i++) {
		tally_add(&s->docs, docs.doc[i]->action);
		check_version(s, docs.doc[i]);
	}
	for (size_t i = 0; i < hints.count; i++)
		tally_add(&s->hints, stream_kind_name(hints.hint[i].kind));
	s->refused += !event_key(event, key, sizeof(key));
	s->twice += map_get(s->keys, key) != NULL;
	map_set(s->keys, key, s);
	contract_check(&docs, true);
	docs_fini(&docs);
	hints_fini(&hints);
}

static void
check_sample(const char *name, enum event_use use, const char *want)
{
	struct sample s = { .use = use, .keys = map_new(), .bodies = map_new() };
	struct buf got = BUF(4096);
	size_t events = sample_each(name, read_sample, &s), i = 0;
	const char *key;
	void *body;

	buf_printf(&got, "%s %s", name, use == EVENT_LIVE ? "live" : "recorded");
	if (use == EVENT_LIVE) {
		buf_printf(&got, " events=%zu", events);
		tally_print(&s.hints, "hints", &got);
	}
	tally_print(&s.docs, "documents", &got);
	is_str(buf_str(&got), want, name);
	is_int(s.refused, 0, "each is an event");
	is_int(s.twice, 0, "each has a key of its own");
	is_int(s.unsure, 0, "copies of one version are equal: order does no harm");
	while (map_each(s.bodies, &i, &key, &body))
		free(body);
	map_free(s.bodies);
	map_free(s.keys);
	buf_fini(&got);
}

static void
check_counts(void)
{
	struct buf want = case_file("tests/tables/samples/counts.txt");
	char *rest = want.data;

	for (size_t i = 0; i < LEN(samples); i++) {
		check_sample(samples[i], EVENT_LIVE, strsep(&rest, "\n"));
		check_sample(samples[i], EVENT_RECORDED, strsep(&rest, "\n"));
	}
	buf_fini(&want);
}

/* Is all that is shown there? Members may be left out, elements may not. */
static bool
holds(const struct json *all, const struct json *shown)
{
	struct json_iter it = { 0 };
	bool good = all != NULL && json_kind(all) == json_kind(shown) &&
	    (!json_is(all, JSON_ARRAY) || json_len(all) == json_len(shown));

	if (json_is(shown, JSON_OBJECT)) {
		while (good && json_each(shown, &it))
			good = holds(json_get(all, it.key), it.value);
		return good;
	}
	if (!json_is(shown, JSON_ARRAY))
		return good && json_equal(all, shown);
	for (size_t i = 0; good && i < json_len(shown); i++)
		good = holds(json_at(all, i), json_at(shown, i));
	return good;
}

/* The event of a sample that has the id of the one shown. */
struct sought {
	const struct json *shown;
	struct json	*found;
};

static void
seek(const struct json *event, void *arg)
{
	struct sought *s = arg;

	if (s->found == NULL && str_eq(json_str(event, "id"), json_str(s->shown, "id")))
		s->found = json_copy(event);
}

/* The next block of JSON before the next title; NULL: there is none. */
static struct json *
next_block(char **page)
{
	char *begin = strstr(*page, "```json\n"), *end, *title = strstr(*page, "\n### ");
	struct json *j;
	struct err e;

	if (begin == NULL || (title != NULL && title < begin))
		return NULL;
	begin += strlen("```json\n");
	end = strstr(begin, "```");
	if (end == NULL || (j = json_parse(begin, (size_t)(end - begin), &e)) == NULL)
		die("%s: an example is no JSON", PAGE);
	*page = end + 3;
	return j;
}

/* An event's documents are those that stand below it, all of them. */
static void
check_documents(const char *title, const struct json *event, char **page)
{
	struct normal n = case_normal(rules, false);
	struct docs docs = { 0 };
	struct hints hints = { 0 };
	struct json *want;
	struct err e;
	size_t i = 0;

	ok(event_read(&n, event, EVENT_RECORDED, &docs, &hints, &e), "%s: is read", title);
	for (; (want = next_block(page)) != NULL; i++) {
		struct buf got = BUF(1 << 16);

		if (i < docs.count) {
			json_set_str(docs.doc[i]->body, "event.ingested",
			    json_str(want, "event.ingested"));
			json_pretty(docs.doc[i]->body, &got);
		}
		if (!ok(i < docs.count && json_equal(docs.doc[i]->body, want),
		    "%s: document %zu", title, i + 1))
			printf("# got %s\n", buf_str(&got));
		buf_fini(&got);
		json_free(want);
	}
	is_int(docs.count, i, title);
	docs_fini(&docs);
	hints_fini(&hints);
}

static void
check_example(char *page)
{
	char title[80] = "", sample[80] = "";
	struct sought s = { 0 };
	struct json *shown;
	char *name = strstr(page, "`samples/");

	snprintf(title, sizeof(title), "%.*s", (int)strcspn(page, "\n"), page);
	if (name != NULL)
		snprintf(sample, sizeof(sample), "%.*s",
		    (int)strcspn(name + 9, "`"), name + 9);
	s.shown = shown = next_block(&page);
	sample_each(sample, seek, &s);
	if (ok(shown != NULL && holds(s.found, shown), "%s: stands in %s", title,
	    sample)) {
		char *again = page;

		check_documents(title, shown, &again);
		check_documents(title, s.found, &page);
	}
	json_free(shown);
	json_free(s.found);
}

static void
check_examples(void)
{
	struct buf page = case_file(PAGE);
	char *at = strstr(page.data, EXAMPLES);
	int count = 0;

	for (; at != NULL && (at = strstr(at, "\n### ")) != NULL; count++)
		check_example(at += 5);
	is_int(count, 5, "five examples");
	buf_fini(&page);
}

int
main(void)
{
	rules = people_rules_new();
	contract_read();
	check_counts();
	check_examples();
	people_rules_free(rules);
	return done();
}

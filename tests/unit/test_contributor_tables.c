/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tables/contributor: what is said of people, a document, what becomes of it
 * (contributor_case.h). With UPDATE=1 in the environment the results are written
 * instead: read them.
 *
 * Of each also: applied again it changes nothing; it can be undone; and what other
 * files had made of it before makes no difference.
 */
#include "contributor_case.h"

struct results {
	char	*text[200];
	size_t	 n;
};

static bool
is_final(const struct who_case *w)
{
	return w->c.out != NULL || w->c.key != NULL;
}

/* A document that other rules merged before. */
static void
check_history(const char *path, const struct who_case *w, const struct doc *want)
{
	struct map *names = map_new();
	struct doc *d = who_case_doc(w->part[PART_DOCUMENT]);
	const struct contributor before = { .names = names }, none = { 0 };
	static char other[] = "somebody else";

	map_set(names, "4217", other);
	map_set(names, "5000", other);
	ok(contributor_apply(&before, d) && contributor_apply(&w->c, d) &&
	    json_equal(d->body, want->body), "%s: whatever was before: %s", path,
	    want->id);
	doc_free(d);
	if (!is_final(w)) {
		struct doc *raw = who_case_doc(w->part[PART_DOCUMENT]);

		d = doc_copy(want);
		contributor_undo(d);
		ok(json_equal(d->body, raw->body), "%s: undone: %s", path, d->id);
		ok(contributor_apply(&none, raw) && json_equal(d->body, raw->body),
		    "%s: no files change nothing: %s", path, want->id);
		doc_free(raw);
		doc_free(d);
	}
	map_free(names);
}

/* The only one who signs with an address of somebody in a mapping. */
static char hinted[100];

static void
on_hint(void *arg, const char *person, const char *account, const char *login)
{
	UNUSED(arg);
	snprintf(hinted, sizeof(hinted), "%s %s %s", person, account, login);
	if (!str_eq(hinted, "Ada Example 900 sim-carl"))
		ok(false, "a hint: %s", hinted);
}

static void
check(const char *path, struct who_case *w, void *arg)
{
	struct doc *d = who_case_doc(w->part[PART_DOCUMENT]), *again;
	struct results *results = arg;
	struct buf got = BUF(1 << 20);
	struct json *want;
	struct err e;
	bool kept;

	if (d == NULL)
		return;
	w->c.hint = on_hint;
	kept = contributor_apply(&w->c, d);
	if (kept)
		json_pretty(d->body, &got);
	buf_puts(&got, kept ? "\n" : "dropped\n");
	want = json_parse(w->part[PART_GIVES], strlen(w->part[PART_GIVES]), &e);
	if (!ok(getenv("UPDATE") != NULL || (kept ? json_equal(want, d->body) :
	    str_eq(w->part[PART_GIVES], "dropped\n")), "%s: %s", path, d->id))
		printf("# got:\n%s", buf_str(&got));
	results->text[results->n++] = xstrdup(buf_str(&got));
	if (kept) {
		again = doc_copy(d);
		ok(contributor_apply(&w->c, again) && json_equal(again->body, d->body) &&
		    str_eq(again->id, d->id), "%s: again: %s", path, d->id);
		is_str(d->id, json_str(d->body, "event.id"), "event.id is the id");
		doc_free(again);
		check_history(path, w, d);
	}
	json_free(want);
	buf_fini(&got);
	doc_free(d);
}

static void
update(const char *path, const struct results *r)
{
	struct buf text = case_file(path);
	char *rest = text.data, *line;
	FILE *f = fopen(path, "we");
	bool skip = false;
	size_t n = 0;

	while (f != NULL && (line = strsep(&rest, "\n")) != NULL) {
		if (str_starts(line, "== "))
			skip = false;
		if (!skip && (rest != NULL || line[0] != '\0'))
			fprintf(f, "%s\n", line);
		if (str_eq(line, "== gives")) {
			fputs(r->text[n++], f);
			skip = true;
		}
	}
	if (f != NULL)
		fclose(f);
	buf_fini(&text);
}

int
main(void)
{
	glob_t g;

	if (!ok(glob("tests/tables/contributor/*.txt", 0, NULL, &g) == 0, "tables"))
		return done();
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct results r = { 0 };

		who_case_file(g.gl_pathv[i], check, &r);
		if (getenv("UPDATE") != NULL)
			update(g.gl_pathv[i], &r);
		for (size_t k = 0; k < r.n; k++)
			free(r.text[k]);
	}
	globfree(&g);
	is_str(hinted, "Ada Example 900 sim-carl", "who might be meant is told of");
	return done();
}

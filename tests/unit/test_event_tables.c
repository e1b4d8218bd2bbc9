/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tables/events: each x.in gives x.txt. A line of x.in is a title (#), or
 * how it is read and what: "live {event}", "recorded {event}", "hook NAME {…}" and
 * "recorded-hook NAME {…}"; with a + before it documents are shown whole. With
 * UPDATE=1 in the environment the .txt files are written instead: read them.
 */
#include <glob.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/str.h"
#include "github/event.h"
#include "github/people.h"
#include "tap.h"

#define NOW_MS	1767225600000	/* 2026-01-01 */

static struct people_rules *rules;

static struct buf
read_file(const char *path)
{
	struct buf b = BUF(1 << 20);
	char part[4096];
	size_t n;
	FILE *f = fopen(path, "re");

	while (f != NULL && (n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	if (f != NULL)
		fclose(f);
	return b;
}

static void
show_hint(struct buf *out, const struct hint *h)
{
	char at[CLOCK_TEXT];

	buf_printf(out, "hint %s %lld %s", stream_kind_name(h->kind),
	    (long long)h->repo_id, h->repo);
	if (h->org[0] != '\0' || h->org_id != 0)
		buf_printf(out, " org=%s:%lld", h->org, (long long)h->org_id);
	if (h->number != 0)
		buf_printf(out, " number=%lld", (long long)h->number);
	if (h->release_id != 0)
		buf_printf(out, " release=%lld", (long long)h->release_id);
	if (h->ref[0] != '\0')
		buf_printf(out, " ref=%s", h->ref);
	if (h->before[0] != '\0' || h->head[0] != '\0')
		buf_printf(out, " %.7s..%.7s", h->before, h->head);
	buf_printf(out, " at=%s\n", clock_iso(h->at_ms, at));
}

static void
show_doc(struct buf *out, const struct doc *d, bool whole)
{
	char at[CLOCK_TEXT];
	int64_t complete = d->version >> 48;

	buf_printf(out, "doc %s %s %s v%lld+%lld %s%s%s\n", d->action, d->id,
	    clock_iso(d->ts_ms, at), (long long)complete,
	    (long long)(d->version - (complete << 48)),
	    str_or(json_str(d->body, "hubstash.person"), "nobody"),
	    str_eq(json_str(d->body, "hubstash.class"), "human") ? "" : " not human",
	    json_true(d->body, "hubstash.partial") ? " partial" : "");
	if (!whole)
		return;
	json_pretty(d->body, out);
	buf_puts(out, "\n");
}

/* One line of a table: "recorded-hook push {…}". */
static void
read_line(char *line, struct buf *out)
{
	bool whole = line[0] == '+';
	char *rest = line + whole, *how = strsep(&rest, " "), *name = NULL;
	enum event_use use = str_starts(how, "recorded") ? EVENT_RECORDED : EVENT_LIVE;
	struct normal n = { .rules = rules, .now_ms = NOW_MS };
	struct docs docs = { 0 };
	struct hints hints = { 0 };
	struct json *j;
	struct err e;
	bool good = false;

	if (str_ends(how, "hook"))
		name = strsep(&rest, " ");
	j = json_parse(str_or(rest, ""), strlen(str_or(rest, "")), &e);
	if (j != NULL && name != NULL)
		good = webhook_read(&n, name, j, use, &docs, &hints, &e);
	else if (j != NULL)
		good = event_read(&n, j, use, &docs, &hints, &e);
	if (!good)
		buf_printf(out, "error %s\n", e.text);
	for (size_t i = 0; i < hints.count; i++)
		show_hint(out, &hints.hint[i]);
	for (size_t i = 0; i < docs.count; i++)
		show_doc(out, docs.doc[i], whole);
	docs_fini(&docs);
	hints_fini(&hints);
	json_free(j);
}

static void
check_table(const char *path)
{
	struct buf text = read_file(path), got = BUF(1 << 20), want;
	char *answer = xasprintf("%.*s.txt", (int)strlen(path) - 3, path);
	char *rest = text.data, *line;
	FILE *f;

	while ((line = strsep(&rest, "\n")) != NULL) {
		if (line[0] == '#')
			buf_printf(&got, "%s\n", line);
		else if (line[0] != '\0')
			read_line(line, &got);
	}
	if (getenv("UPDATE") != NULL && (f = fopen(answer, "we")) != NULL) {
		fputs(buf_str(&got), f);
		fclose(f);
	}
	want = read_file(answer);
	if (!ok(str_eq(buf_str(&got), buf_str(&want)), "%s", path))
		printf("# got:\n%s# want:\n%s", buf_str(&got), buf_str(&want));
	free(answer);
	buf_fini(&text);
	buf_fini(&got);
	buf_fini(&want);
}

int
main(void)
{
	glob_t g;

	rules = people_rules_new();
	if (glob("tests/tables/events/*.in", 0, NULL, &g) == 0)
		for (size_t i = 0; i < g.gl_pathc; i++)
			check_table(g.gl_pathv[i]);
	ok(g.gl_pathc > 0, "there are tables");
	globfree(&g);
	people_rules_free(rules);
	return done();
}

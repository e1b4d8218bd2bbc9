/* SPDX-License-Identifier: Apache-2.0 */
/*
 * contributor_case.h - the files of tests/tables/contributor: what is said of
 * people, and documents before and after it.
 *
 *	== mapping		(or mailmap, rules, opt_out, drop, pseudonym_key)
 *	[Ada Example]
 *	id: 4217
 *	== document
 *	{ … }
 *	== gives
 *	{ … }			(or: dropped)
 *
 * A part stays until the next of its name; each document is given to them as it
 * stands.
 */
#ifndef UNIT_CONTRIBUTOR_CASE_H
#define UNIT_CONTRIBUTOR_CASE_H

#include "base/map.h"
#include "base/str.h"
#include "github/contributor.h"
#include "github/mailmap.h"
#include "github/mapping.h"
#include "normal_case.h"

enum { PART_MAPPING, PART_MAILMAP, PART_RULES, PART_OUT, PART_DROP, PART_KEY,
	PART_DOCUMENT, PART_GIVES, PARTS };
static const char *const part_names[PARTS] = { "mapping", "mailmap", "rules",
	"opt_out", "drop", "pseudonym_key", "document", "gives" };

struct who_case {
	char			*part[PARTS];
	struct mapping		*mapping;
	struct mailmap		*mailmap;
	struct people_rules	*rules;
	struct map		*out;
	struct contributor	 c;
};

static void
who_mistake(void *arg, size_t at, size_t len, const char *said)
{
	UNUSED(len);
	ok(false, "%s at %zu: %s", (const char *)arg, at, said);
}

static struct people_file
who_lines(char *name, const char *text)
{
	return (struct people_file){ .name = name, .text = str_or(text, ""),
	    .len = strlen(str_or(text, "")), .mistake = who_mistake, .arg = name };
}

static void
who_case_fini(struct who_case *w)
{
	mapping_free(w->mapping);
	mailmap_free(w->mailmap);
	people_rules_free(w->rules);
	map_free(w->out);
	for (size_t i = 0; i < PARTS; i++)
		free(w->part[i]);
	*w = (struct who_case){ 0 };
}

/* What was said, read again. */
static void
who_case_read(struct who_case *w)
{
	char names[3][8] = { "mapping", "mailmap", "opt_out" };
	struct people_file f = who_lines(names[0], w->part[PART_MAPPING]);
	char *rest, *line, *rules = xstrdup(str_or(w->part[PART_RULES], ""));
	struct err e;

	mapping_free(w->mapping);
	w->mapping = mapping_read(&f);
	f = who_lines(names[1], w->part[PART_MAILMAP]);
	mailmap_free(w->mailmap);
	w->mailmap = mailmap_read(&f);
	people_rules_free(w->rules);
	w->rules = people_rules_empty();
	for (rest = rules; (line = strsep(&rest, "\n")) != NULL; )
		if (!people_rules_add(w->rules, line, &e))
			ok(false, "%s: %s", line, e.text);
	free(rules);
	map_free(w->out);
	w->out = map_new();
	f = who_lines(names[2], w->part[PART_OUT]);
	people_list_read(&f, w->out, w);
	contributor_out(w->out, w->mapping);
	line = w->part[PART_KEY];
	if (line != NULL && strchr(line, '\n') != NULL)
		*strchr(line, '\n') = '\0';
	w->c = (struct contributor){ .mapping = w->mapping, .mailmap = w->mailmap,
	    .rules = w->rules, .out = map_count(w->out) > 0 ? w->out : NULL,
	    .drop = w->part[PART_DROP] != NULL,
	    .key = str_or(line, NULL) };
}

static struct doc *
who_case_doc(const char *text)
{
	struct err e = { 0 };
	struct json *j = json_parse(text, strlen(text), &e);
	struct doc *d = doc_stored(j, 1);

	if (d == NULL)
		ok(false, "a document: %s\n%s", e.text, text);
	return d;
}

/* One file: each is called at each "gives", with its place in the file. */
static void
who_case_file(const char *path, void (*each)(const char *path, struct who_case *w,
    void *arg), void *arg)
{
	struct buf text = case_file(path);
	struct who_case w = { 0 };
	char *rest = text.data, *line;
	int now = -1;

	while ((line = strsep(&rest, "\n")) != NULL || now == PART_GIVES) {
		if (line == NULL || str_starts(line, "== ")) {
			if (now == PART_GIVES) {
				who_case_read(&w);
				each(path, &w, arg);
			}
			now = -1;
			for (int i = 0; line != NULL && i < PARTS; i++)
				if (str_eq(line + 3, part_names[i]))
					now = i;
			if (line != NULL && !ok(now >= 0, "%s: %s", path, line))
				break;
			if (now >= 0)
				str_set(&w.part[now], "");
			continue;
		}
		if (now >= 0 && (rest != NULL || line[0] != '\0')) {
			char *more = xasprintf("%s%s\n", w.part[now], line);

			free(w.part[now]);
			w.part[now] = more;
		}
	}
	who_case_fini(&w);
	buf_fini(&text);
}

__attribute__((unused)) static void
who_case_each(void (*each)(const char *path, struct who_case *w, void *arg),
    void *arg)
{
	glob_t g;

	if (!ok(glob("tests/tables/contributor/*.txt", 0, NULL, &g) == 0, "tables"))
		return;
	for (size_t i = 0; i < g.gl_pathc; i++)
		who_case_file(g.gl_pathv[i], each, arg);
	globfree(&g);
}

#endif

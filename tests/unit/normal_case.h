/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal_case.h - the cases in tests/tables/normal, for the tests that read them.
 * A case is a file: a line "KIND OPTIONS", the answer as JSON, a line "---", the
 * documents it gives, pretty. What stands before KIND and begins with # is why.
 */
#ifndef UNIT_NORMAL_CASE_H
#define UNIT_NORMAL_CASE_H

#include <glob.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/str.h"
#include "github/normal.h"
#include "github/people.h"
#include "tap.h"

#define CASES	"tests/tables/normal/*.txt"

struct normal_case {
	const char	*kind;		/* "pull" */
	bool		 keep_email;
	struct json	*node;
	const char	*want;		/* documents as text */
	size_t		 head;		/* bytes before want */
	struct buf	 text;
};

__attribute__((unused)) static struct buf
case_file(const char *path)
{
	struct buf b = BUF(4 << 20);
	char part[4096];
	size_t n;
	FILE *f = fopen(path, "re");

	while (f != NULL && (n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	if (f != NULL)
		fclose(f);
	return b;
}

__attribute__((unused)) static struct normal
case_normal(const struct people_rules *rules, bool keep_email)
{
	return (struct normal){ .rules = rules, .repo_id = 611003921,
	    .org_id = 58001234, .repo = "sim-works/engine", .org = "sim-works",
	    .keep_email = keep_email, .look_s = 1767225600 /* 2026-01-01 */,
	    .now_ms = 1767225601500 };
}

__attribute__((unused)) static bool
case_read(const char *path, struct normal_case *c)
{
	char *line, *json, *dashes;
	struct err e;

	*c = (struct normal_case){ .text = case_file(path) };
	line = c->text.data;
	while (line != NULL && *line == '#')
		line = strchr(line, '\n') != NULL ? strchr(line, '\n') + 1 : NULL;
	if (line == NULL || (json = strchr(line, '\n')) == NULL ||
	    (dashes = strstr(json, "\n---\n")) == NULL)
		return ok(false, "%s: has its parts", path);
	*json++ = '\0';
	c->keep_email = strstr(line, " keep_email") != NULL;
	line[strcspn(line, " ")] = '\0';
	c->kind = line;
	c->node = json_parse(json, (size_t)(dashes - json), &e);
	c->want = dashes + 5;
	c->head = (size_t)(c->want - c->text.data);
	return ok(c->node != NULL, "%s: is JSON", path);
}

__attribute__((unused)) static void
case_fini(struct normal_case *c)
{
	json_free(c->node);
	buf_fini(&c->text);
}

__attribute__((unused)) static bool
case_run(const char *kind, const struct normal *n, const struct json *node,
    struct docs *out)
{
	if (str_eq(kind, "commit"))
		return normal_commit(n, node, true, out);
	if (str_eq(kind, "lost_commit"))
		return normal_commit(n, node, false, out);
	if (str_eq(kind, "pull"))
		return normal_pull(n, node, out);
	if (str_eq(kind, "issue"))
		return normal_issue(n, node, out);
	if (str_eq(kind, "release"))
		return normal_release(n, node, out);
	if (str_eq(kind, "rest_issue_comment"))
		return normal_rest_issue_comment(n, node, out);
	return normal_rest_review_comment(n, node, out);
}

__attribute__((unused)) static void
case_each(void (*fn)(const char *path, struct normal_case *c, void *arg), void *arg)
{
	glob_t g;
	struct normal_case c;

	if (!ok(glob(CASES, 0, NULL, &g) == 0, "%s", CASES))
		return;
	for (size_t i = 0; i < g.gl_pathc; i++) {
		if (case_read(g.gl_pathv[i], &c))
			fn(g.gl_pathv[i], &c, arg);
		case_fini(&c);
	}
	globfree(&g);
}

#endif

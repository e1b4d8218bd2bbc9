/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docs/documents.md, pipelines/index-template.json and every document that
 * tests/tables make are held against each other: a field that is in one and not
 * in the other fails, and so does one of another type, or of another kind's.
 */
#include "contract.h"
#include "contributor_case.h"
#include "github/event.h"

#define TEMPLATE	"pipelines/index-template.json"

static const struct people_rules *rules;

static void
check_mapping(const char *path, const struct json *mapping)
{
	const char *type = json_str(mapping, "type");
	struct field *f = find(path);
	int64_t above = 0;

	if (!ok(f != NULL && type != NULL, "%s: %s is in %s", TEMPLATE, path, PAGE))
		return;
	f->mapped = true;
	ok(str_eq(type, f->type), "%s: %s is %s", path, type, f->type);
	ok(f->keyword == (json_get(mapping, "fields.keyword") != NULL),
	    "%s: .keyword is there if it should", path);
	ok(!str_eq(type, "keyword") || (json_int(mapping, "ignore_above", &above) &&
	    above >= 1024), "%s: all that is kept is indexed", path);
}

static void
walk_mapping(const struct json *properties, const char *prefix)
{
	struct json_iter it = { 0 };

	while (json_each(properties, &it)) {
		const struct json *inner = json_get(it.value, "properties");
		char *path = xasprintf("%s%s%s", prefix, prefix[0] ? "." : "", it.key);

		if (inner != NULL)
			walk_mapping(inner, path);
		else
			check_mapping(path, it.value);
		free(path);
	}
}

static void
check_template(void)
{
	struct buf text = case_file(TEMPLATE);
	struct err e;
	struct json *j = json_parse(buf_str(&text), text.len, &e);
	const struct json *mappings = json_get(j, "template.mappings");

	ok(j != NULL, "%s: is JSON", TEMPLATE);
	ok(json_is(json_get(mappings, "dynamic"), JSON_BOOL) &&
	    !json_true(mappings, "dynamic"), "%s: no other field is indexed", TEMPLATE);
	ok(json_get(j, "_meta.version") != NULL, "%s: has a version", TEMPLATE);
	walk_mapping(json_get(mappings, "properties"), "");
	for (size_t i = 0; i < field_count; i++)
		ok(fields[i].mapped, "%s: %s is in %s", PAGE, fields[i].path, TEMPLATE);
	json_free(j);
	buf_fini(&text);
}

static void
check_case(const char *path, struct normal_case *c, void *arg)
{
	struct normal n = case_normal(rules, c->keep_email);
	struct docs docs = { 0 };

	UNUSED(arg);
	(void)!case_run(c->kind, &n, c->node, &docs);
	contract_check(&docs, strstr(path, "-wild") == NULL);
	docs_fini(&docs);
}

/* A line of tests/tables/events: see test_event_tables.c. */
static void
check_event(char *line)
{
	char *rest = line + (line[0] == '+'), *how = strsep(&rest, " "), *name = NULL;
	enum event_use use = str_starts(how, "recorded") ? EVENT_RECORDED : EVENT_LIVE;
	struct normal n = case_normal(rules, false);
	struct docs docs = { 0 };
	struct hints hints = { 0 };
	struct json *j;
	struct err e;

	if (str_ends(how, "hook"))
		name = strsep(&rest, " ");
	j = json_parse(str_or(rest, ""), strlen(str_or(rest, "")), &e);
	if (j != NULL && name != NULL)
		(void)!webhook_read(&n, name, j, use, &docs, &hints, &e);
	else if (j != NULL)
		(void)!event_read(&n, j, use, &docs, &hints, &e);
	contract_check(&docs, false);
	docs_fini(&docs);
	hints_fini(&hints);
	json_free(j);
}

static void
check_events(void)
{
	glob_t g;

	if (!ok(glob("tests/tables/events/*.in", 0, NULL, &g) == 0, "tables of events"))
		return;
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct buf text = case_file(g.gl_pathv[i]);
		char *rest = text.data, *line;

		while ((line = strsep(&rest, "\n")) != NULL)
			if (line[0] != '#' && line[0] != '\0')
				check_event(line);
		buf_fini(&text);
	}
	globfree(&g);
}

/* What the filter contributor makes of documents. */
static void
check_who(const char *path, struct who_case *c, void *arg)
{
	struct doc *d = who_case_doc(c->part[PART_DOCUMENT]);

	UNUSED(path);
	UNUSED(arg);
	if (contributor_apply(&c->c, d))
		walk_body(d, d->body, "");
	doc_free(d);
}

int
main(void)
{
	struct people_rules *built_in = people_rules_new();

	rules = built_in;
	contract_read();
	ok(field_count > 60, "%s: has fields (%zu)", PAGE, field_count);
	check_template();
	case_each(check_case, NULL);
	check_events();
	who_case_each(check_who, NULL);
	for (size_t i = 0; i < field_count; i++)
		ok(fields[i].made, "%s: a table makes %s", PAGE, fields[i].path);
	people_rules_free(built_in);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * contract.h - the fields that docs/documents.md lists, and whether documents are
 * as it says, for the tests that hold documents against it.
 */
#ifndef UNIT_CONTRACT_H
#define UNIT_CONTRACT_H

#include "normal_case.h"

#define FIELDS_MAX	200
#define PAGE		"docs/documents.md"

struct field {
	char	 path[96], type[16];
	char	 kinds[128];		/* "`create`, `delete`"; "" for the envelope */
	bool	 array, keyword;	/* keyword: text with .keyword beside */
	bool	 always;		/* nothing stands in its "when" */
	bool	 mapped, made;
};

static struct field fields[FIELDS_MAX];
static size_t field_count;

static struct field *
find(const char *path)
{
	for (size_t i = 0; i < field_count; i++)
		if (str_eq(fields[i].path, path))
			return &fields[i];
	return NULL;
}

/* The text between two backticks; false: there is none. */
static bool
quoted(const char *cell, char *to, size_t size)
{
	const char *open = strchr(cell, '`');
	const char *close = open != NULL ? strchr(open + 1, '`') : NULL;

	if (close == NULL || (size_t)(close - open) > size)
		return false;
	memcpy(to, open + 1, (size_t)(close - open - 1));
	to[close - open - 1] = '\0';
	return true;
}

/* A row is "| a | b |": cuts it in place, gives how many cells there are. */
static size_t
cut_row(char *line, char *cell[8])
{
	size_t n = 0;
	char *bar;

	for (line++; n < 8 && (bar = strchr(line, '|')) != NULL; line = bar + 1) {
		*bar = '\0';
		cell[n++] = line + strspn(line, " ");
		for (char *end = bar; end > cell[n - 1] && end[-1] == ' '; )
			*--end = '\0';
	}
	return n;
}

static void
add_row(char *cell[8], size_t first, const char *kinds)
{
	struct field *f = &fields[field_count];
	const char *type = cell[first + 1];
	size_t n = strcspn(type, "[,");

	if (!ok(field_count < FIELDS_MAX && quoted(cell[first], f->path,
	    sizeof(f->path)) && n < sizeof(f->type) && find(f->path) == NULL,
	    "%s: row %s is a field, once", PAGE, cell[first]))
		return;
	memcpy(f->type, type, n);
	str_copy(f->kinds, sizeof(f->kinds), kinds);
	f->array = strstr(type, "[]") != NULL;
	f->keyword = strstr(type, "`.keyword`") != NULL;
	f->always = cell[first + 2][0] == '\0';
	field_count++;
}

/* The field tables: their header says in which column the field stands. */
static void
contract_read(void)
{
	struct buf page = case_file(PAGE);
	char *rest = page.data, *line, *cell[8], kinds[128] = "";
	int first = -1;
	size_t n;

	while ((line = strsep(&rest, "\n")) != NULL) {
		if (line[0] == '#') {
			str_copy(kinds, sizeof(kinds), strchr(line, '`') != NULL ?
			    strchr(line, '`') : "");
		} else if (line[0] != '|') {
			first = -1;
		} else if (str_starts(line, "| field | type |")) {
			first = 0;
		} else if (str_starts(line, "| `event.action` | field | type |")) {
			first = 1;
		} else if (first >= 0 && !str_starts(line, "|---")) {
			n = cut_row(line, cell);
			if (ok(n == (size_t)first + 4, "%s: row %s has its cells",
			    PAGE, cell[0]))
				add_row(cell, (size_t)first,
				    first == 1 ? cell[0] : kinds);
		}
	}
	buf_fini(&page);
}

static bool
fits(const struct field *f, const struct json *v)
{
	int64_t ms;

	if (str_eq(f->type, "date"))
		return json_text(v) != NULL && clock_parse_iso(json_text(v), &ms, NULL)
		    && str_ends(json_text(v), "Z");
	if (str_eq(f->type, "long"))
		return json_is(v, JSON_INT);
	if (str_eq(f->type, "double"))
		return json_is(v, JSON_DOUBLE) || json_is(v, JSON_INT);
	if (str_eq(f->type, "boolean"))
		return json_is(v, JSON_BOOL);
	if (str_eq(f->type, "object"))
		return json_len(v) > 0;
	return json_text(v) != NULL && json_text(v)[0] != '\0';
}

/* Whether the kind may have the field. */
static bool
belongs(const struct field *f, const struct doc *d)
{
	char *kind = xasprintf("`%s`", d->action);
	bool good = f->kinds[0] == '\0' || strstr(f->kinds, kind) != NULL ||
	    (strstr(f->kinds, "event:") != NULL && str_starts(d->id, "event:"));

	free(kind);
	return good;
}

static void
check_value(const struct doc *d, const char *path, const struct json *v)
{
	struct field *f = find(path);
	bool good = f != NULL && belongs(f, d);

	if (good && f->array) {
		good = json_len(v) > 0;
		for (size_t i = 0; i < json_len(v); i++)
			good = good && fits(f, json_at(v, i));
	} else {
		good = good && fits(f, v);
	}
	if (!good)
		ok(false, "%s: %s is as %s says", d->id, path, PAGE);
	else
		f->made = true;
}

/* One that is a field itself, whatever is in it. */
static bool
is_object(const char *path)
{
	const struct field *f = find(path);

	return f != NULL && str_eq(f->type, "object");
}

static void
walk_body(const struct doc *d, const struct json *object, const char *prefix)
{
	struct json_iter it = { 0 };

	while (json_each(object, &it)) {
		char *path = xasprintf("%s%s%s", prefix, prefix[0] ? "." : "", it.key);

		if (json_is(it.value, JSON_OBJECT) && !is_object(path))
			walk_body(d, it.value, path);
		else
			check_value(d, path, it.value);
		free(path);
	}
}

/* Says what is wrong. whole: what is always there must be. */
static void
contract_check(const struct docs *docs, bool whole)
{
	for (size_t i = 0; i < docs->count; i++) {
		const struct doc *d = docs->doc[i];

		walk_body(d, d->body, "");
		for (size_t k = 0; k < field_count; k++) {
			const struct field *f = &fields[k];

			if (f->always && belongs(f, d) && (f->kinds[0] == '\0' ||
			    (whole && !json_true(d->body, "hubstash.partial"))) &&
			    json_get(d->body, f->path) == NULL)
				ok(false, "%s: %s is there", d->id, f->path);
		}
	}
}

#endif

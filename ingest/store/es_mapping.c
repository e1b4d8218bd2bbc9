/* SPDX-License-Identifier: Apache-2.0 */
/* es_mapping.c - see es_mapping.h. */
#include "store/es_mapping.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_FIELD	512	/* "github.pull_request.hours_to_merge" */

struct fitting {
	enum es_fit	 fit;
	char		*why;
	size_t		 size;
};

static const char *
type_of(const struct json *field)
{
	return str_or(json_str(field, "type"), "object");
}

/* The field of that name, which may have dots; each is an object on the way. */
static const struct json *
field_of(const struct json *parent, const char *name)
{
	struct buf path = BUF(4 * MAX_FIELD);
	const struct json *field;

	for (const char *s = name; *s != '\0'; s++)
		if (*s == '.')
			buf_puts(&path, ".properties.");
		else
			buf_add(&path, s, 1);
	field = json_get(json_get(parent, "properties"), buf_str(&path));
	buf_fini(&path);
	return field;
}

static bool
says(const struct json *field, const char *parameter, const char *value)
{
	const struct json *j = json_get(field, parameter);
	const char *text = json_text(j);

	if (json_is(j, JSON_BOOL))
		text = json_true(field, parameter) ? "true" : "false";
	return str_eq(text, value);
}

/* The first reason of the worst kind stays. */
PRINTF(3, 4) static void
found(struct fitting *f, enum es_fit fit, const char *fmt, ...)
{
	va_list ap;

	if (fit <= f->fit)
		return;
	f->fit = fit;
	va_start(ap, fmt);
	vsnprintf(f->why, f->size, fmt, ap);
	va_end(ap);
}

static void
fit_field(struct fitting *f, const char *name, const struct json *ours,
    const struct json *theirs)
{
	static const char *const searchable[] = { "index", "doc_values", "enabled" };
	const char *want = type_of(ours), *is = type_of(theirs);

	if (theirs == NULL) {
		found(f, ES_LACKS, "field %s is not mapped", name);
		return;
	}
	if (!str_eq(want, is)) {
		found(f, ES_DIFFERS, "field %s is mapped as %.60s, not as %s", name, is,
		    want);
		return;
	}
	for (size_t i = 0; i < LEN(searchable); i++)
		if (says(theirs, searchable[i], "false") &&
		    !says(ours, searchable[i], "false"))
			found(f, ES_DIFFERS, "field %s is mapped with %s: false", name,
			    searchable[i]);
}

static void
fit_object(struct fitting *f, const char *prefix, const struct json *ours,
    const struct json *theirs, int depth)
{
	struct json_iter it = { 0 };
	char name[MAX_FIELD];

	while (depth < JSON_DEPTH && json_each(json_get(ours, "properties"), &it)) {
		const struct json *field = field_of(theirs, it.key);
		int n = snprintf(name, sizeof(name), "%s%s%s", prefix,
		    prefix[0] != '\0' ? "." : "", it.key);

		if (n < 0 || (size_t)n >= sizeof(name))
			continue;
		fit_field(f, name, it.value, field);
		if (field != NULL)
			fit_object(f, name, it.value, field, depth + 1);
	}
}

enum es_fit
es_mapping_fit(const struct json *ours, const struct json *theirs, char *why,
    size_t size)
{
	struct fitting f = { .why = why, .size = size };

	why[0] = '\0';
	fit_object(&f, "", ours, theirs, 0);
	if (json_get(ours, "dynamic") != NULL && says(ours, "dynamic", "false") &&
	    !says(theirs, "dynamic", "false"))
		found(&f, ES_LACKS, "new fields are mapped by themselves (dynamic)");
	return f.fit;
}

bool
es_mapping_foreign(const struct json *theirs)
{
	return json_len(json_get(theirs, "properties")) > 0 &&
	    field_of(theirs, "hubstash.version") == NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kibana_where.c - see kibana_in.h: filters, as Kibana's query language and as the
 * query Elasticsearch gets; and the small words of the compiler.
 */
#include "base/str.h"
#include "store/kibana_in.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_DEPTH	16

void
kibana_put(struct buf *b, const char *pattern, ...)
{
	va_list ap;

	va_start(ap, pattern);
	for (const char *s = pattern; *s != '\0'; s++) {
		if (*s == '\'') {
			buf_puts(b, "\"");
		} else if (*s != '%') {
			buf_add(b, s, 1);
		} else if (*++s == 'q') {
			buf_json(b, va_arg(ap, const char *));
		} else if (*s == 's') {
			buf_puts(b, va_arg(ap, const char *));
		} else if (*s == 'd') {
			buf_printf(b, "%d", va_arg(ap, int));
		} else {
			die("kibana: %%%c in a pattern", *s);
		}
	}
	va_end(ap);
}

void
kibana_wrong(struct kibana *k, const char *fmt, ...)
{
	va_list ap;

	if (k->wrong[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(k->wrong, sizeof(k->wrong), fmt, ap);
	va_end(ap);
}

const struct json *
kibana_member(const struct json *object, const char *name)
{
	struct json_iter it = { 0 };

	while (json_each(object, &it))
		if (str_eq(it.key, name))
			return it.value;
	return NULL;
}

const struct json *
kibana_part(struct kibana *k, const char *section, const char *name)
{
	const struct json *part = kibana_member(json_get(k->conf->description, section),
	    str_or(name, ""));

	if (part == NULL)
		kibana_wrong(k, "%s has no \"%.80s\"", section, str_or(name, ""));
	return part;
}

void
kibana_slug(const char *name, struct buf *out)
{
	for (const char *s = name; *s != '\0'; s++)
		buf_add(out, *s == ' ' ? "-" : s, 1);
}

void
kibana_id(const struct kibana *k, const char *name, struct buf *out)
{
	bool space = str_or(k->conf->space, NULL) != NULL;

	buf_printf(out, "%s.%s%s", k->conf->index, space ? k->conf->space : "",
	    space ? "." : "");
	kibana_slug(name, out);
}

/* "github.repo" is at properties.github.properties.repo of the mappings. */
static const struct json *
mapping_of(const struct json *at, const char *field)
{
	char name[128];

	while (at != NULL && *field != '\0') {
		size_t n = strcspn(field, ".");
		const struct json *inner = json_get(at, "properties");

		if (n >= sizeof(name))
			return NULL;
		memcpy(name, field, n);
		name[n] = '\0';
		at = kibana_member(inner != NULL ? inner : json_get(at, "fields"), name);
		field += n + (field[n] == '.');
	}
	return at;
}

const char *
kibana_type(struct kibana *k, const char *field)
{
	static const char *const names[][2] = { { "keyword", "string" },
	    { "text", "string" }, { "long", "number" }, { "double", "number" },
	    { "date", "date" }, { "boolean", "boolean" } };
	const struct json *at = mapping_of(json_get(k->conf->template,
	    "template.mappings"), str_or(field, ""));
	const char *type = json_str(at, "type");

	for (size_t i = 0; i < LEN(names); i++)
		if (str_eq(names[i][0], type))
			return names[i][1];
	kibana_wrong(k, "no field \"%.100s\" is mapped", str_or(field, ""));
	return "string";
}

/* A named filter; false where it is none, or one that names itself. */
static bool
enter(struct kibana *k, const struct json **where)
{
	if (json_text(*where) != NULL)
		*where = kibana_part(k, "filters", json_text(*where));
	if (k->depth >= MAX_DEPTH)
		kibana_wrong(k, "filters too deep in each other");
	if (k->wrong[0] == '\0' && (!json_is(*where, JSON_OBJECT) ||
	    json_len(*where) == 0))
		kibana_wrong(k, "a filter that is none");
	if (k->wrong[0] != '\0')
		return false;
	k->depth++;
	return true;
}

static void
put_scalar(const struct json *value, struct buf *out)
{
	json_print(value, out);
}

static void kql(struct kibana *k, const struct json *where, bool inner,
    struct buf *out);

static void
kql_list(struct kibana *k, const struct json *list, const char *word, struct buf *out)
{
	for (size_t i = 0; i < json_len(list); i++) {
		buf_puts(out, i > 0 ? word : "");
		kql(k, json_at(list, i), true, out);
	}
}

/* FIELD : value */
static void
kql_field(struct kibana *k, const char *field, const struct json *is, struct buf *out)
{
	const char *prefix = json_str(is, "prefix");

	kibana_type(k, field);
	if (json_str(is, "gte") != NULL) {
		kibana_put(out, "%s >= %q", field, json_str(is, "gte"));
	} else if (prefix != NULL) {
		buf_printf(out, "%s : ", field);
		for (; *prefix != '\0'; prefix++) {
			if (strchr(":\\()<>\"*{}", *prefix) != NULL)
				buf_puts(out, "\\");
			buf_add(out, prefix, 1);
		}
		buf_puts(out, "*");
	} else if (json_is(is, JSON_ARRAY)) {
		buf_printf(out, "%s : (", field);
		for (size_t i = 0; i < json_len(is); i++) {
			buf_puts(out, i > 0 ? " or " : "");
			put_scalar(json_at(is, i), out);
		}
		buf_puts(out, ")");
	} else {
		buf_printf(out, "%s : ", field);
		put_scalar(is, out);
	}
}

/* inner: stands among others, so that more than one thing goes in brackets. */
static void
kql(struct kibana *k, const struct json *where, bool inner, struct buf *out)
{
	struct json_iter it = { 0 };
	const char *word = "";
	bool many;

	if (!enter(k, &where))
		return;
	many = json_len(where) > 1 || json_len(json_get(where, "and")) > 1 ||
	    json_len(json_get(where, "or")) > 1;
	buf_puts(out, many && inner ? "(" : "");
	while (json_each(where, &it)) {
		bool any = str_eq(it.key, "or"), bracket = any && json_len(where) > 1;

		buf_puts(out, word);
		word = " and ";
		buf_puts(out, bracket ? "(" : "");
		if (str_eq(it.key, "not")) {
			buf_puts(out, "not ");
			kql(k, it.value, true, out);
		} else if (any || str_eq(it.key, "and")) {
			kql_list(k, it.value, any ? " or " : " and ", out);
		} else {
			kql_field(k, it.key, it.value, out);
		}
		buf_puts(out, bracket ? ")" : "");
	}
	buf_puts(out, many && inner ? ")" : "");
	k->depth--;
}

void
kibana_kql(struct kibana *k, const struct json *where, struct buf *out)
{
	if (where != NULL)
		kql(k, where, false, out);
}

static void
dsl_list(struct kibana *k, const struct json *list, struct buf *out)
{
	buf_puts(out, "[");
	for (size_t i = 0; i < json_len(list); i++) {
		buf_puts(out, i > 0 ? "," : "");
		kibana_dsl(k, json_at(list, i), out);
	}
	buf_puts(out, "]");
}

static void
dsl_field(const char *field, const struct json *is, struct buf *out)
{
	struct buf value = BUF(64 << 10);

	put_scalar(is, &value);
	if (json_str(is, "prefix") != NULL)
		kibana_put(out, "{'prefix':{%q:%q}}", field, json_str(is, "prefix"));
	else if (json_is(is, JSON_OBJECT))
		kibana_put(out, "{'range':{%q:%s}}", field, buf_str(&value));
	else
		kibana_put(out, "{'%s':{%q:%s}}", json_is(is, JSON_ARRAY) ? "terms" :
		    "term", field, buf_str(&value));
	buf_fini(&value);
}

void
kibana_dsl(struct kibana *k, const struct json *where, struct buf *out)
{
	struct json_iter it = { 0 };
	const char *comma = "";

	if (!enter(k, &where))
		return;
	kibana_put(out, "{'bool':{'filter':[");
	while (json_each(where, &it)) {
		buf_puts(out, comma);
		comma = ",";
		if (str_eq(it.key, "not")) {
			kibana_put(out, "{'bool':{'must_not':[");
			kibana_dsl(k, it.value, out);
			buf_puts(out, "]}}");
		} else if (str_eq(it.key, "or")) {
			kibana_put(out, "{'bool':{'minimum_should_match':1,'should':");
			dsl_list(k, it.value, out);
			buf_puts(out, "}}");
		} else if (str_eq(it.key, "and")) {
			kibana_put(out, "{'bool':{'filter':");
			dsl_list(k, it.value, out);
			buf_puts(out, "}}");
		} else {
			dsl_field(it.key, it.value, out);
		}
	}
	buf_puts(out, "]}}");
	k->depth--;
}

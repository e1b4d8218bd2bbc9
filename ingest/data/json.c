/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.c - see json.h. A JSON null is NULL to json-c, and NULL is "not there"
 * to us, so nulls are kept apart by asking json_object_object_get_ex, and a
 * null value is shown to the caller as the address of null_value.
 */
#include "data/json.h"
#include "base/str.h"
#include "data/json_in.h"

#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char null_value;		/* only its address is used */

static struct json *
from_c(struct json_object *o)
{
	return o != NULL ? (struct json *)(void *)o : (struct json *)(void *)&null_value;
}

struct json_object *
json_to_c(const struct json *j)
{
	if (j == NULL || (const char *)j == &null_value)
		return NULL;
	return (struct json_object *)(uintptr_t)j;
}

/* What json-c lets through and RFC 8259, or Elasticsearch, does not. */
static bool
acceptable(struct json_object *o, struct err *e)
{
	switch (json_object_get_type(o)) {
	case json_type_double:
		if (!isfinite(json_object_get_double(o)))
			return err_set(e, ERR_INPUT, 0, "a number is not finite");
		return true;
	case json_type_array:
		for (size_t i = 0; i < json_object_array_length(o); i++)
			if (!acceptable(json_object_array_get_idx(o, i), e))
				return false;
		return true;
	case json_type_object: {
		json_object_object_foreach(o, key, value) {
			UNUSED(key);
			if (!acceptable(value, e))
				return false;
		}
		return true;
	}
	case json_type_int:
		if (json_object_get_uint64(o) == UINT64_MAX)	/* json-c clamps */
			return err_set(e, ERR_INPUT, 0, "an integer is too large");
		return true;
	case json_type_null:
	case json_type_boolean:
	case json_type_string:
		break;
	}
	return true;
}

struct json *
json_parse(const char *p, size_t n, struct err *e)
{
	struct json_tokener *tok;
	struct json_object *o = NULL;
	enum json_tokener_error why;
	bool early;
	size_t at;

	if (n > INT32_MAX - 1) {
		err_set(e, ERR_LIMIT, 0, "JSON text of more than 2 GiB");
		return NULL;
	}
	tok = json_tokener_new_ex(JSON_DEPTH);
	if (tok == NULL)
		die("json_tokener_new");
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex(tok, p, (int)n);
	why = json_tokener_get_error(tok);
	early = why == json_tokener_continue;
	at = early ? n : json_tokener_get_parse_end(tok);
	if (early) {				/* a number ends with its NUL only */
		o = json_tokener_parse_ex(tok, "", 1);
		why = json_tokener_get_error(tok);
	}
	if (why != json_tokener_success) {
		err_set(e, ERR_INPUT, 0, "not JSON: %s at byte %zu", early ?
		    "it ends too early" : json_tokener_error_desc(why), at);
		json_object_put(o);
		json_tokener_free(tok);
		return NULL;
	}
	json_tokener_free(tok);
	if (!acceptable(o, e)) {
		json_object_put(o);
		return NULL;
	}
	return from_c(o);
}

struct json *
json_copy(const struct json *j)
{
	struct json_object *o = NULL;

	if (json_to_c(j) != NULL && json_object_deep_copy(json_to_c(j), &o, NULL) != 0)
		die("json_object_deep_copy");
	return from_c(o);
}

void
json_free(struct json *j)
{
	json_object_put(json_to_c(j));
}

/* Each maker of json-c may return NULL for want of memory only. */
static struct json *
made(struct json_object *o)
{
	if (o == NULL)
		die("out of memory for JSON");
	return from_c(o);
}

struct json *
json_new_object(void)
{
	return made(json_object_new_object());
}

struct json *
json_new_array(void)
{
	return made(json_object_new_array());
}

struct json *
json_new_string(const char *s)
{
	return s == NULL ? json_new_null() : made(json_object_new_string(s));
}

struct json *
json_new_int(int64_t v)
{
	return made(json_object_new_int64(v));
}

struct json *
json_new_double(double v)
{
	char text[64];

	snprintf(text, sizeof(text), "%.2f", v);
	return made(json_object_new_double_s(v, text));
}

struct json *
json_new_bool(bool v)
{
	return made(json_object_new_boolean(v));
}

struct json *
json_new_null(void)
{
	return from_c(NULL);
}

enum json_kind
json_kind(const struct json *j)
{
	switch (json_object_get_type(json_to_c(j))) {
	case json_type_null:
		return JSON_NULL;
	case json_type_boolean:
		return JSON_BOOL;
	case json_type_double:
		return JSON_DOUBLE;
	case json_type_int:
		return JSON_INT;
	case json_type_object:
		return JSON_OBJECT;
	case json_type_array:
		return JSON_ARRAY;
	case json_type_string:
		return JSON_STRING;
	}
	die("json_kind");
}

bool
json_is(const struct json *j, enum json_kind kind)
{
	return j != NULL && json_kind(j) == kind;
}

static struct json *
member(const struct json *j, const char *key)
{
	struct json_object *o;

	if (!json_is(j, JSON_OBJECT) ||
	    !json_object_object_get_ex(json_to_c(j), key, &o))
		return NULL;
	return from_c(o);
}

/* Takes the next member's name off a path; false when it is too long for one. */
static bool
next_name(const char **path, char *name, size_t size)
{
	size_t n = strcspn(*path, ".");

	if (n >= size)
		return false;
	memcpy(name, *path, n);
	name[n] = '\0';
	*path += n + ((*path)[n] == '.');
	return true;
}

struct json *
json_get(const struct json *j, const char *path)
{
	char name[128];
	struct json *v = NULL;

	while (*path != '\0') {
		if (!next_name(&path, name, sizeof(name)))
			return NULL;
		if ((v = member(j, name)) == NULL)
			return NULL;
		j = v;
	}
	return v;
}

const char *
json_text(const struct json *j)
{
	return json_is(j, JSON_STRING) ? json_object_get_string(json_to_c(j)) : NULL;
}

bool
json_value_int(const struct json *j, int64_t *v)
{
	if (!json_is(j, JSON_INT))
		return false;
	*v = json_object_get_int64(json_to_c(j));
	return true;
}

const char *
json_str(const struct json *j, const char *path)
{
	return json_text(json_get(j, path));
}

bool
json_int(const struct json *j, const char *path, int64_t *v)
{
	return json_value_int(json_get(j, path), v);
}

bool
json_double(const struct json *j, const char *path, double *v)
{
	const struct json *n = json_get(j, path);

	if (!json_is(n, JSON_INT) && !json_is(n, JSON_DOUBLE))
		return false;
	*v = json_object_get_double(json_to_c(n));
	return true;
}

bool
json_true(const struct json *j, const char *path)
{
	const struct json *b = json_get(j, path);

	return json_is(b, JSON_BOOL) && json_object_get_boolean(json_to_c(b));
}

size_t
json_len(const struct json *j)
{
	if (json_is(j, JSON_ARRAY))
		return json_object_array_length(json_to_c(j));
	if (json_is(j, JSON_OBJECT))
		return (size_t)json_object_object_length(json_to_c(j));
	return 0;
}

struct json *
json_at(const struct json *j, size_t i)
{
	if (!json_is(j, JSON_ARRAY) || i >= json_len(j))
		return NULL;
	return from_c(json_object_array_get_idx(json_to_c(j), i));
}

bool
json_each(const struct json *obj, struct json_iter *it)
{
	struct lh_entry *entry;

	if (!json_is(obj, JSON_OBJECT))
		return false;
	entry = it->begun ? it->next :
	    lh_table_head(json_object_get_object(json_to_c(obj)));
	it->begun = true;
	if (entry == NULL)
		return false;
	it->key = lh_entry_k(entry);
	it->value = from_c((struct json_object *)(uintptr_t)lh_entry_v(entry));
	it->next = lh_entry_next(entry);
	return true;
}

void
json_set(struct json *obj, const char *path, struct json *value)
{
	char name[128];
	struct json *next;

	while (json_is(obj, JSON_OBJECT) && next_name(&path, name, sizeof(name))) {
		if (*path == '\0') {
			json_object_object_add(json_to_c(obj), name, json_to_c(value));
			return;
		}
		next = member(obj, name);
		if (next == NULL) {
			next = json_new_object();
			json_object_object_add(json_to_c(obj), name, json_to_c(next));
		}
		obj = next;
	}
	json_free(value);
}

void
json_set_str(struct json *obj, const char *path, const char *s)
{
	if (s != NULL)
		json_set(obj, path, json_new_string(s));
}

void
json_set_int(struct json *obj, const char *path, int64_t v)
{
	json_set(obj, path, json_new_int(v));
}

void
json_set_bool(struct json *obj, const char *path, bool v)
{
	json_set(obj, path, json_new_bool(v));
}

void
json_del(struct json *obj, const char *path)
{
	char name[128];

	while (json_is(obj, JSON_OBJECT) && next_name(&path, name, sizeof(name))) {
		if (*path == '\0') {
			json_object_object_del(json_to_c(obj), name);
			return;
		}
		obj = member(obj, name);
	}
}

struct json *
json_take(struct json *obj, const char *key)
{
	struct json_object *v;

	if (!json_is(obj, JSON_OBJECT) ||
	    !json_object_object_get_ex(json_to_c(obj), key, &v))
		return NULL;
	if (v != NULL)
		json_object_get(v);
	json_object_object_del(json_to_c(obj), key);
	return v != NULL ? from_c(v) : json_new_null();
}

void
json_push(struct json *array, struct json *value)
{
	if (!json_is(array, JSON_ARRAY)) {
		json_free(value);
		return;
	}
	if (json_object_array_add(json_to_c(array), json_to_c(value)) != 0)
		die("json_object_array_add");
}

size_t
json_weight(const struct json *j)
{
	struct json_iter it = { 0 };
	size_t n = 8;

	switch (json_kind(j)) {
	case JSON_STRING:
		return 2 + (size_t)json_object_get_string_len(json_to_c(j));
	case JSON_ARRAY:
		for (size_t i = 0; i < json_len(j); i++)
			n += json_weight(json_at(j, i));
		return n;
	case JSON_OBJECT:
		while (json_each(j, &it))
			n += strlen(it.key) + 4 + json_weight(it.value);
		return n;
	case JSON_NULL:
	case JSON_BOOL:
	case JSON_INT:
	case JSON_DOUBLE:
		break;
	}
	return n;
}

bool
json_equal(const struct json *a, const struct json *b)
{
	return json_object_equal(json_to_c(a), json_to_c(b)) != 0;
}

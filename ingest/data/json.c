/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.c - see json.h, and json_in.h for how a tree stands in memory: making,
 * reading and freeing. Changing one is in json_set.c, text in json_print.c,
 * parsing in json_read.c.
 */
#include "data/json.h"
#include "data/json_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct json null_value = { .kind = JSON_NULL };
static struct json false_value = { .kind = JSON_BOOL };
static struct json true_value = { .kind = JSON_BOOL, .truth = true };

const char *
json_name(const struct json_member *m)
{
	return m->name.len < sizeof(m->name.in.text) ? m->name.in.text :
	    m->name.out.text;
}

void
json_free(struct json *j)
{
	if (j == NULL || j->kind == JSON_NULL || j->kind == JSON_BOOL)
		return;
	if (j->kind == JSON_OBJECT) {
		for (uint32_t i = 0; i < j->len; i++) {
			if (j->member[i].name.len >= sizeof(j->member[i].name.in.text))
				free(j->member[i].name.out.text);
			json_free(j->member[i].value);
		}
		free(j->member);
	} else if (j->kind == JSON_ARRAY) {
		for (uint32_t i = 0; i < j->len; i++)
			json_free(j->item[i]);
		free(j->item);
	}
	free(j);
}

/* A value of a kind, with room for a text of n bytes and its NUL. */
static struct json *
make(enum json_kind kind, size_t n)
{
	struct json *j;

	if (n >= UINT32_MAX)
		die("a JSON value of more than 4 GiB");
	j = xrealloc(NULL, sizeof(*j) + n + 1);
	*j = (struct json){ .kind = kind };
	return j;
}

struct json *
json_make_text(const char *p, size_t n)
{
	struct json *j = make(JSON_STRING, n);

	memcpy(j->text, p, n);
	j->text[n] = '\0';
	j->len = (uint32_t)n;
	return j;
}

struct json *
json_make_double(double v, const char *text)
{
	struct json *j = json_make_text(text, strlen(text));

	j->kind = JSON_DOUBLE;
	j->d = v;
	return j;
}

struct json *
json_make_unsigned(uint64_t v)
{
	struct json *j = make(JSON_INT, 0);

	j->u = v;
	j->truth = v > INT64_MAX;
	return j;
}

struct json *
json_make_array(size_t n)
{
	struct json *j = make(JSON_ARRAY, 0);

	if (n > 0)
		j->item = xrealloc(NULL, n * sizeof(*j->item));
	j->cap = (uint32_t)n;
	return j;
}

struct json *
json_make_object(size_t n)
{
	struct json *j = make(JSON_OBJECT, 0);

	if (n > 0)
		j->member = xrealloc(NULL, n * sizeof(*j->member));
	j->cap = (uint32_t)n;
	return j;
}

struct json *
json_new_object(void)
{
	return json_make_object(0);
}

struct json *
json_new_array(void)
{
	return json_make_array(0);
}

struct json *
json_new_string(const char *s)
{
	return s == NULL ? json_new_null() : json_make_text(s, strlen(s));
}

struct json *
json_new_int(int64_t v)
{
	struct json *j = make(JSON_INT, 0);

	j->i = v;
	return j;
}

struct json *
json_new_double(double v)
{
	char text[64];

	snprintf(text, sizeof(text), "%.2f", v);
	return json_make_double(v, text);
}

struct json *
json_new_bool(bool v)
{
	return v ? &true_value : &false_value;
}

struct json *
json_new_null(void)
{
	return &null_value;
}

struct json *
json_copy(const struct json *j)
{
	struct json *c;

	switch (json_kind(j)) {
	case JSON_NULL:
		return json_new_null();
	case JSON_BOOL:
		return json_new_bool(j->truth);
	case JSON_INT:
		c = json_new_int(j->i);
		c->truth = j->truth;
		return c;
	case JSON_DOUBLE:
		return json_make_double(j->d, j->text);
	case JSON_STRING:
		return json_make_text(j->text, j->len);
	case JSON_ARRAY:
		c = json_make_array(j->len);
		for (uint32_t i = 0; i < j->len; i++)
			c->item[c->len++] = json_copy(j->item[i]);
		return c;
	case JSON_OBJECT:
		c = json_make_object(j->len);
		for (uint32_t i = 0; i < j->len; i++)
			json_append(c, json_name(&j->member[i]), j->member[i].name.len,
			    json_copy(j->member[i].value));
		return c;
	}
	die("json_copy");
}

enum json_kind
json_kind(const struct json *j)
{
	return j != NULL ? j->kind : JSON_NULL;
}

bool
json_is(const struct json *j, enum json_kind kind)
{
	return j != NULL && j->kind == kind;
}

struct json_member *
json_find(const struct json *obj, const char *name, size_t n)
{
	for (uint32_t i = 0; i < obj->len; i++) {
		struct json_member *m = &obj->member[i];

		if (m->name.len == n && memcmp(json_name(m), name, n) == 0)
			return m;
	}
	return NULL;
}

struct json *
json_get(const struct json *j, const char *path)
{
	struct json *v = NULL;
	const struct json_member *m;

	while (*path != '\0') {
		size_t n = json_path_name(path);

		if (!json_is(j, JSON_OBJECT) || (m = json_find(j, path, n)) == NULL)
			return NULL;
		j = v = m->value;
		path += n + (path[n] == '.');
	}
	return v;
}

const char *
json_text(const struct json *j)
{
	return json_is(j, JSON_STRING) ? j->text : NULL;
}

bool
json_value_int(const struct json *j, int64_t *v)
{
	if (!json_is(j, JSON_INT))
		return false;
	*v = j->truth ? INT64_MAX : j->i;
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

static double
as_double(const struct json *j)
{
	if (j->kind == JSON_DOUBLE)
		return j->d;
	return j->truth ? (double)j->u : (double)j->i;
}

bool
json_double(const struct json *j, const char *path, double *v)
{
	const struct json *n = json_get(j, path);

	if (!json_is(n, JSON_INT) && !json_is(n, JSON_DOUBLE))
		return false;
	*v = as_double(n);
	return true;
}

bool
json_true(const struct json *j, const char *path)
{
	const struct json *b = json_get(j, path);

	return json_is(b, JSON_BOOL) && b->truth;
}

size_t
json_len(const struct json *j)
{
	return json_is(j, JSON_ARRAY) || json_is(j, JSON_OBJECT) ? j->len : 0;
}

struct json *
json_at(const struct json *j, size_t i)
{
	return json_is(j, JSON_ARRAY) && i < j->len ? j->item[i] : NULL;
}

bool
json_each(const struct json *obj, struct json_iter *it)
{
	if (!json_is(obj, JSON_OBJECT) || it->next >= obj->len)
		return false;
	it->key = json_name(&obj->member[it->next]);
	it->value = obj->member[it->next++].value;
	return true;
}

size_t
json_weight(const struct json *j)
{
	size_t n = 8;

	switch (json_kind(j)) {
	case JSON_STRING:
		return 2 + (size_t)j->len;
	case JSON_ARRAY:
		for (uint32_t i = 0; i < j->len; i++)
			n += json_weight(j->item[i]);
		return n;
	case JSON_OBJECT:
		for (uint32_t i = 0; i < j->len; i++)
			n += j->member[i].name.len + 4 + json_weight(j->member[i].value);
		return n;
	case JSON_NULL:
	case JSON_BOOL:
	case JSON_INT:
	case JSON_DOUBLE:
		break;
	}
	return n;
}

static bool
same_members(const struct json *a, const struct json *b)
{
	const struct json_member *m;

	for (uint32_t i = 0; i < a->len; i++) {
		m = json_find(b, json_name(&a->member[i]), a->member[i].name.len);
		if (m == NULL || !json_equal(a->member[i].value, m->value))
			return false;
	}
	return a->len == b->len;
}

bool
json_equal(const struct json *a, const struct json *b)
{
	if (json_kind(a) != json_kind(b))
		return false;
	switch (json_kind(a)) {
	case JSON_NULL:
		return true;
	case JSON_BOOL:
		return a->truth == b->truth;
	case JSON_INT:
		return a->truth == b->truth && a->i == b->i;
	case JSON_DOUBLE:
		return a->d <= b->d && a->d >= b->d;
	case JSON_STRING:
		return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
	case JSON_ARRAY:
		for (uint32_t i = 0; i < a->len && a->len == b->len; i++)
			if (!json_equal(a->item[i], b->item[i]))
				return false;
		return a->len == b->len;
	case JSON_OBJECT:
		return same_members(a, b);
	}
	die("json_equal");
}

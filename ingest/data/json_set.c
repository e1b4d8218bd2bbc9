/* SPDX-License-Identifier: Apache-2.0 */
/* json_set.c - see json.h: trees that change. */
#include "data/json_in.h"

#include <stdlib.h>
#include <string.h>

#define FEW	4		/* members or items, at first */

size_t
json_path_name(const char *path)
{
	return (size_t)(strchrnul(path, '.') - path);
}

/* Room for one more; what it had moves. */
static void *
grown(struct json *j, void *p, size_t size)
{
	if (j->len < j->cap)
		return p;
	if (j->cap > UINT32_MAX / 2)
		die("a JSON value of more than 4 GiB");
	j->cap = j->cap > 0 ? j->cap * 2 : FEW;
	return xrealloc(p, j->cap * size);
}

static struct json *
or_null(struct json *value)
{
	return value != NULL ? value : json_new_null();
}

void
json_append(struct json *obj, const char *name, size_t n, struct json *value)
{
	struct json_member *m;

	if (n > UINT32_MAX)
		die("a JSON name of more than 4 GiB");
	obj->member = grown(obj, obj->member, sizeof(*m));
	m = &obj->member[obj->len++];
	m->value = value;
	m->name.len = (uint32_t)n;
	if (n < sizeof(m->name.in.text)) {
		memcpy(m->name.in.text, name, n);
		m->name.in.text[n] = '\0';
	} else {
		m->name.out.text = xstrndup(name, n);
	}
}

/* Where path leads to: its last name, and the object that has it, made if need be. */
static struct json *
lead(struct json *obj, const char **path)
{
	while (json_is(obj, JSON_OBJECT)) {
		size_t n = json_path_name(*path);
		struct json_member *m;

		if ((*path)[n] == '\0' || (*path)[n + 1] == '\0')
			return obj;
		m = json_find(obj, *path, n);
		if (m == NULL)
			json_append(obj, *path, n, json_new_object());
		obj = m != NULL ? m->value : obj->member[obj->len - 1].value;
		*path += n + 1;
	}
	return NULL;
}

void
json_set(struct json *obj, const char *path, struct json *value)
{
	struct json_member *m;
	size_t n;

	obj = lead(obj, &path);
	if (obj == NULL) {
		json_free(value);
		return;
	}
	n = json_path_name(path);
	m = json_find(obj, path, n);
	if (m == NULL) {
		json_append(obj, path, n, or_null(value));
	} else {
		json_free(m->value);
		m->value = or_null(value);
	}
}

void
json_set_str(struct json *obj, const char *path, const char *s)
{
	if (s != NULL)
		json_set(obj, path, json_new_string(s));
}

void
json_set_text(struct json *obj, const char *path, const char *p, size_t n)
{
	json_set(obj, path, json_make_text(p, n));
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

/* Takes a member out; its value is the caller's. */
static struct json *
cut(struct json *obj, struct json_member *m)
{
	struct json *value = m->value;

	if (m->name.len >= sizeof(m->name.in.text))
		free(m->name.out.text);
	obj->len--;
	memmove(m, m + 1, (size_t)(obj->member + obj->len - m) * sizeof(*m));
	return value;
}

void
json_del(struct json *obj, const char *path)
{
	struct json_member *m = NULL;

	for (size_t n; json_is(obj, JSON_OBJECT); path += n + 1) {
		n = json_path_name(path);
		m = json_find(obj, path, n);
		if (m == NULL)
			return;
		if (path[n] == '\0' || path[n + 1] == '\0') {
			json_free(cut(obj, m));
			return;
		}
		obj = m->value;
	}
}

struct json *
json_take(struct json *obj, const char *key)
{
	struct json_member *m = json_is(obj, JSON_OBJECT) ?
	    json_find(obj, key, strlen(key)) : NULL;

	return m != NULL ? cut(obj, m) : NULL;
}

void
json_push(struct json *array, struct json *value)
{
	if (!json_is(array, JSON_ARRAY)) {
		json_free(value);
		return;
	}
	array->item = grown(array, array->item, sizeof(struct json *));
	array->item[array->len++] = or_null(value);
}

void
json_cut(struct json *array, size_t n)
{
	while (json_len(array) > n && json_is(array, JSON_ARRAY))
		json_free(array->item[--array->len]);
}

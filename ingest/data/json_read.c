/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_read.c - json_parse: json-c reads the text, and its tree is made ours. Only
 * this file knows json-c, because it lets through what RFC 8259, or Elasticsearch,
 * does not. UTF-8 is looked at here before: json-c would byte by byte, which takes
 * a quarter of its time.
 */
#include "data/json_in.h"

#include <json-c/json.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

/* How many bytes at s are one character, no longer than it need be; 0: none. */
static size_t
character(const unsigned char *s, size_t n)
{
	unsigned c = s[0], least = 0x80, most = 0xbf;
	size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 :
	    c < 0xf5 ? 4 : 0;

	if (len > n || len < 2)
		return len > n ? 0 : len;
	if (c == 0xe0)
		least = 0xa0;
	else if (c == 0xed)
		most = 0x9f;		/* half a surrogate pair */
	else if (c == 0xf0)
		least = 0x90;
	else if (c == 0xf4)
		most = 0x8f;
	if (s[1] < least || s[1] > most)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

/* Where the first byte is that is not UTF-8; n: nowhere. */
static size_t
not_utf8(const char *p, size_t n)
{
	const unsigned char *s = (const unsigned char *)p;
	uint64_t eight;

	for (size_t i = 0, len; i < n; i += len) {
		if (n - i >= sizeof(eight)) {
			memcpy(&eight, s + i, len = sizeof(eight));
			if ((eight & 0x8080808080808080) == 0)
				continue;
		}
		if ((len = character(s + i, n - i)) == 0)
			return i;
	}
	return n;
}

static struct json *ours(struct json_object *o, struct err *e);

static struct json *
our_array(struct json_object *o, struct err *e)
{
	size_t n = json_object_array_length(o);
	struct json *a = json_make_array(n), *v;

	for (size_t i = 0; i < n; i++) {
		v = ours(json_object_array_get_idx(o, i), e);
		if (v == NULL) {
			json_free(a);
			return NULL;
		}
		json_push(a, v);
	}
	return a;
}

static struct json *
our_object(struct json_object *o, struct err *e)
{
	struct json *obj = json_make_object((size_t)json_object_object_length(o)), *v;

	json_object_object_foreach(o, key, value) {
		v = ours(value, e);
		if (v == NULL) {
			json_free(obj);
			return NULL;
		}
		json_append(obj, key, strlen(key), v);
	}
	return obj;
}

static struct json *
our_number(struct json_object *o, struct err *e)
{
	double d;

	if (json_object_is_type(o, json_type_int)) {
		if (json_object_get_uint64(o) <= INT64_MAX)
			return json_new_int(json_object_get_int64(o));
		if (json_object_get_uint64(o) < UINT64_MAX)
			return json_make_unsigned(json_object_get_uint64(o));
		err_set(e, ERR_INPUT, 0, "an integer is too large");
		return NULL;
	}
	d = json_object_get_double(o);
	if (isfinite(d))
		return json_make_double(d, json_object_get_string(o));
	err_set(e, ERR_INPUT, 0, "a number is not finite");
	return NULL;
}

/* json-c's value as one of ours; NULL, and why, for what is not acceptable. */
static struct json *
ours(struct json_object *o, struct err *e)
{
	switch (json_object_get_type(o)) {
	case json_type_null:
		return json_new_null();
	case json_type_boolean:
		return json_new_bool(json_object_get_boolean(o) != 0);
	case json_type_int:
	case json_type_double:
		return our_number(o, e);
	case json_type_string:
		return json_make_text(json_object_get_string(o),
		    (size_t)json_object_get_string_len(o));
	case json_type_array:
		return our_array(o, e);
	case json_type_object:
		return our_object(o, e);
	}
	die("json_parse");
}

/*
 * json-c's reader has 3 KiB of its own: one is kept for the next text. Whoever finds
 * none, in another thread or not, makes one.
 */
static struct json_tokener *_Atomic kept;

static struct json_tokener *
reader_take(void)
{
	struct json_tokener *tok = atomic_exchange(&kept, NULL);

	if (tok == NULL && (tok = json_tokener_new_ex(JSON_DEPTH)) == NULL)
		die("json_tokener_new");
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	return tok;
}

static void
reader_give(struct json_tokener *tok)
{
	json_tokener_reset(tok);
	tok = atomic_exchange(&kept, tok);
	if (tok != NULL)
		json_tokener_free(tok);
}

/* json-c's tree of the text, which may be a null; false: it is no JSON. */
static bool
read_text(const char *p, size_t n, struct json_object **o, struct err *e)
{
	struct json_tokener *tok = reader_take();
	enum json_tokener_error why;
	bool early;
	size_t at;

	*o = json_tokener_parse_ex(tok, p, (int)n);
	why = json_tokener_get_error(tok);
	early = why == json_tokener_continue;
	at = early ? n : json_tokener_get_parse_end(tok);
	if (early) {				/* a number ends with its NUL only */
		*o = json_tokener_parse_ex(tok, "", 1);
		why = json_tokener_get_error(tok);
	}
	reader_give(tok);
	if (why == json_tokener_success)
		return true;
	json_object_put(*o);
	return err_set(e, ERR_INPUT, 0, "not JSON: %s at byte %zu", early ?
	    "it ends too early" : json_tokener_error_desc(why), at);
}

struct json *
json_parse(const char *p, size_t n, struct err *e)
{
	struct json_object *o = NULL;
	struct json *j;

	if (n > INT32_MAX - 1) {
		err_set(e, ERR_LIMIT, 0, "JSON text of more than 2 GiB");
		return NULL;
	}
	if (not_utf8(p, n) < n) {
		err_set(e, ERR_INPUT, 0, "not JSON: invalid utf-8 at byte %zu",
		    not_utf8(p, n));
		return NULL;
	}
	if (!read_text(p, n, &o, e))
		return NULL;
	j = ours(o, e);
	json_object_put(o);
	return j;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_print.c - JSON as text. Compact text, which every document becomes once for
 * each output, is written straight into the buffer: json-c would print it into a
 * buffer of each object's own, and keep that with the object.
 */
#include "base/buf.h"
#include "data/json_in.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <string.h>

/* As json-c escapes; what is between two escapes goes in one piece. */
static void
print_string(const char *s, size_t n, struct buf *out)
{
	static const char names[32] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',
	    ['\f'] = 'f', ['\r'] = 'r' };
	size_t from = 0;

	buf_add(out, "\"", 1);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(out, s + from, i - from);
		from = i + 1;
		if (c >= 0x20)
			buf_add(out, (char[]){ '\\', (char)c }, 2);
		else if (names[c] != 0)
			buf_add(out, (char[]){ '\\', names[c] }, 2);
		else
			buf_printf(out, "\\u%04x", c);
	}
	buf_add(out, s + from, n - from);
	buf_add(out, "\"", 1);
}

static void
print_int(int64_t v, struct buf *out)
{
	char text[24], *p = text + sizeof(text);
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) > 0);
	if (v < 0)
		*--p = '-';
	buf_add(out, p, (size_t)(text + sizeof(text) - p));
}

static void
print_c(struct json_object *o, int flags, struct buf *out)
{
	size_t n;
	const char *text = json_object_to_json_string_length(o, flags, &n);

	if (text == NULL)
		die("out of memory for JSON text");
	buf_add(out, text, n);
}

static void
print(struct json_object *o, struct buf *out)
{
	size_t n = 0;

	switch (json_object_get_type(o)) {
	case json_type_object: {
		buf_add(out, "{", 1);
		json_object_object_foreach(o, key, value) {
			if (n++ > 0)
				buf_add(out, ",", 1);
			print_string(key, strlen(key), out);
			buf_add(out, ":", 1);
			print(value, out);
		}
		buf_add(out, "}", 1);
		break;
	}
	case json_type_array:
		buf_add(out, "[", 1);
		for (; n < json_object_array_length(o); n++) {
			if (n > 0)
				buf_add(out, ",", 1);
			print(json_object_array_get_idx(o, n), out);
		}
		buf_add(out, "]", 1);
		break;
	case json_type_string:
		print_string(json_object_get_string(o),
		    (size_t)json_object_get_string_len(o), out);
		break;
	case json_type_boolean:
		buf_puts(out, json_object_get_boolean(o) ? "true" : "false");
		break;
	case json_type_null:
		buf_add(out, "null", 4);
		break;
	case json_type_int:
		if (json_object_get_int64(o) < INT64_MAX)
			print_int(json_object_get_int64(o), out);
		else		/* or larger */
			print_c(o, JSON_C_TO_STRING_PLAIN, out);
		break;
	case json_type_double:
		print_c(o, JSON_C_TO_STRING_PLAIN, out);
		break;
	}
}

void
json_print(const struct json *j, struct buf *out)
{
	print(json_to_c(j), out);
}

void
json_pretty(const struct json *j, struct buf *out)
{
	print_c(json_to_c(j), JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
	    JSON_C_TO_STRING_NOSLASHESCAPE, out);
}

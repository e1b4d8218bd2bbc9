/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_print.c - JSON as text, compact as every document becomes once for each
 * output, or to be looked at; letter for letter as json-c prints it.
 */
#include "base/buf.h"
#include "data/json_in.h"

#include <limits.h>
#include <string.h>

#define COMPACT	UINT_MAX

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
print_int(bool minus, uint64_t u, struct buf *out)
{
	char text[24], *p = text + sizeof(text);

	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) > 0);
	if (minus)
		*--p = '-';
	buf_add(out, p, (size_t)(text + sizeof(text) - p));
}

/* What stands between two values: a new line, where it is to be looked at. */
static void
print_rest(unsigned deep, struct buf *out)
{
	if (deep == COMPACT)
		return;
	buf_add(out, "\n", 1);
	for (unsigned i = 0; i < deep; i++)
		buf_add(out, "  ", 2);
}

static void print(const struct json *j, unsigned deep, struct buf *out);

static void
print_object(const struct json *j, unsigned deep, struct buf *out)
{
	unsigned inside = deep == COMPACT ? COMPACT : deep + 1;

	buf_add(out, "{", 1);
	for (uint32_t i = 0; i < j->len; i++) {
		const struct json_member *m = &j->member[i];

		if (i > 0)
			buf_add(out, ",", 1);
		print_rest(inside, out);
		print_string(json_name(m), m->name.len, out);
		buf_puts(out, deep == COMPACT ? ":" : ": ");
		print(m->value, inside, out);
	}
	print_rest(deep, out);
	buf_add(out, "}", 1);
}

static void
print_array(const struct json *j, unsigned deep, struct buf *out)
{
	unsigned inside = deep == COMPACT ? COMPACT : deep + 1;

	buf_add(out, "[", 1);
	for (uint32_t i = 0; i < j->len; i++) {
		if (i > 0)
			buf_add(out, ",", 1);
		print_rest(inside, out);
		print(j->item[i], inside, out);
	}
	print_rest(deep, out);
	buf_add(out, "]", 1);
}

/* deep: how far in a value begins, or COMPACT. */
static void
print(const struct json *j, unsigned deep, struct buf *out)
{
	switch (json_kind(j)) {
	case JSON_OBJECT:
		print_object(j, deep, out);
		break;
	case JSON_ARRAY:
		print_array(j, deep, out);
		break;
	case JSON_STRING:
		print_string(j->text, j->len, out);
		break;
	case JSON_BOOL:
		buf_puts(out, j->truth ? "true" : "false");
		break;
	case JSON_NULL:
		buf_add(out, "null", 4);
		break;
	case JSON_INT:
		if (j->truth || j->i >= 0)
			print_int(false, j->u, out);
		else
			print_int(true, 0 - j->u, out);
		break;
	case JSON_DOUBLE:
		buf_add(out, j->text, j->len);
		break;
	}
}

void
json_print(const struct json *j, struct buf *out)
{
	print(j, COMPACT, out);
}

void
json_pretty(const struct json *j, struct buf *out)
{
	print(j, 0, out);
}

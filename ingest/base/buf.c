/* SPDX-License-Identifier: Apache-2.0 */
/* buf.c - see buf.h. Capacity doubles, so n appends cost O(n). */
#include "base/buf.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
buf_grow(struct buf *b, size_t n)
{
	size_t cap = b->cap > 0 ? b->cap : 64;

	if (b->failed || n > b->max || b->len > b->max - n) {
		b->failed = true;
		return false;
	}
	while (cap <= b->len + n)
		cap *= 2;
	if (cap > b->cap) {
		b->data = xrealloc(b->data, cap);
		b->cap = cap;
	}
	return true;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	if ((b->failed || n >= b->cap - b->len || n > b->max - b->len) &&
	    !buf_grow(b, n))
		return;
	if (n > 0)
		memcpy(b->data + b->len, p, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n >= 0 && buf_grow(b, (size_t)n)) {
		vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void
buf_plain(struct buf *b, const char *s)
{
	for (size_t n; *s != '\0'; s += n > 0 ? n : 1) {
		n = str_control(s);
		buf_add(b, n > 0 ? "?" : s, 1);
	}
}

void
buf_json(struct buf *b, const char *s)
{
	const char *from = s;

	buf_add(b, "\"", 1);
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(b, from, (size_t)(s - from));
		from = s + 1;
		if (c < 0x20)
			buf_printf(b, "\\u%04x", c);
		else
			buf_printf(b, "\\%c", c);
	}
	buf_add(b, from, (size_t)(s - from));
	buf_add(b, "\"", 1);
}

void
buf_cut(struct buf *b, size_t n)
{
	if (n > b->len)
		n = b->len;
	if (n == 0)
		return;
	memmove(b->data, b->data + n, b->len - n + 1);
	b->len -= n;
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

void
buf_fini(struct buf *b)
{
	free(b->data);
	*b = BUF(b->max);
}

struct buf
buf_take(struct buf *b)
{
	struct buf out = *b;

	*b = BUF(b->max);
	return out;
}

const char *
buf_str(const struct buf *b)
{
	return b->data != NULL ? b->data : "";
}

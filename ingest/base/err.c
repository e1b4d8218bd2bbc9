/* SPDX-License-Identifier: Apache-2.0 */
/* err.c - see err.h. */
#include "base/err.h"
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool
err_set(struct err *e, enum err_kind kind, int code, const char *fmt, ...)
{
	char text[sizeof(e->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	e->kind = kind;
	e->code = code;
	memcpy(e->text, text, sizeof(text));	/* fmt's arguments may be e->text */
	return false;
}

bool
err_at(struct err *e, const char *fmt, ...)
{
	char where[sizeof(e->text)];
	struct buf b = BUF(2 * sizeof(e->text));
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(where, sizeof(where), fmt, ap);
	va_end(ap);
	buf_printf(&b, "%s: %s", where, e->text);
	snprintf(e->text, sizeof(e->text), "%.*s", (int)sizeof(e->text) - 1,
	    buf_str(&b));
	buf_fini(&b);
	return false;
}

int
err_exit(const struct err *e)
{
	switch (e->kind) {
	case ERR_CONFIG:
		return 2;
	case ERR_REMOTE:
		return 3;
	case ERR_SYSTEM:
		return 75;
	case ERR_NONE:
	case ERR_INPUT:
	case ERR_LIMIT:
		break;
	}
	return 1;
}

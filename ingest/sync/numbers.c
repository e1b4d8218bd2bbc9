/* SPDX-License-Identifier: Apache-2.0 */
/*
 * numbers.c - see numbers.h. The feed does not tell of them again, so they stand in
 * state.db until they are settled; those that a refresh has taken are apart, so
 * that news of them meanwhile counts anew.
 */
#include "sync/numbers.h"
#include "base/buf.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool
has(const int64_t *list, size_t n, int64_t number)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == number)
			return true;
	return false;
}

void
numbers_add(struct stream *s, int64_t number)
{
	if (has(s->number, s->numbers, number) || s->numbers >= STREAM_NUMBERS)
		return;
	s->number = xrealloc(s->number, (s->numbers + 1) * sizeof(int64_t));
	s->number[s->numbers++] = number;
}

size_t
numbers_take(struct stream *s, int64_t **number)
{
	numbers_give_back(s);
	s->taken = s->number;
	s->takens = s->numbers;
	s->number = NULL;
	s->numbers = 0;
	*number = xcalloc(s->takens + 1, sizeof(int64_t));
	for (size_t i = 0; i < s->takens; i++)
		(*number)[i] = s->taken[i];
	return s->takens;
}

void
numbers_done(struct stream *s)
{
	free(s->taken);
	s->taken = NULL;
	s->takens = 0;
}

void
numbers_give_back(struct stream *s)
{
	for (size_t i = 0; i < s->takens; i++)
		numbers_add(s, s->taken[i]);
	numbers_done(s);
}

char *
numbers_text(const struct stream *s)
{
	struct buf text = BUF(2 * STREAM_NUMBERS * 24);
	char *out;

	for (size_t i = 0; i < s->takens; i++)
		buf_printf(&text, "%" PRId64 " ", s->taken[i]);
	for (size_t i = 0; i < s->numbers; i++)
		buf_printf(&text, "%" PRId64 " ", s->number[i]);
	out = text.len > 0 ? xstrdup(buf_str(&text)) : NULL;
	buf_fini(&text);
	return out;
}

void
numbers_parse(struct stream *s, const char *text)
{
	const char *p = str_or(text, "");
	char *end;
	int64_t n;

	while (n = strtoll(p, &end, 10), end != p) {
		numbers_add(s, n);
		p = end;
	}
}

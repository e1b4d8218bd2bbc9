/* SPDX-License-Identifier: Apache-2.0 */
/*
 * panel_place.c - see panel_place.h. Inside, a place is a line of numbers and then
 * the texts; outside, base64 for URLs.
 *
 *	p SORT ASCENDING VALUE BYTES-OF-ID \n ID NAME	of STORE_PEOPLE
 *	d MS BYTES-OF-ID \n ID				of STORE_RECENT
 */
#include "store/panel_place.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PLACE	4096	/* bytes inside; a name has at most 1024 */
#define NUMBERS		4

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Takes what is in the buffer. */
static char *
wrap(struct buf *in)
{
	const unsigned char *s = (const unsigned char *)buf_str(in);
	char *out = in->failed ? NULL : xcalloc(in->len / 3 + 1, 5), *to = out;

	for (size_t i = 0; i < in->len && out != NULL; i += 3) {
		size_t left = in->len - i;
		unsigned v = (unsigned)s[i] << 16 |
		    (left > 1 ? (unsigned)s[i + 1] << 8 : 0) | (left > 2 ? s[i + 2] : 0);

		for (size_t k = 0; k < (left > 2 ? 4 : left + 1); k++)
			*to++ = digits[v >> (18 - 6 * k) & 63];
	}
	buf_fini(in);
	return out;
}

static bool
unwrap(const char *text, struct buf *out)
{
	unsigned v = 0;
	int bits = 0;

	for (const char *s = text; *s != '\0'; s++) {
		const char *digit = strchr(digits, *s);
		unsigned char byte;

		if (digit == NULL)
			return false;
		v = v << 6 | (unsigned)(digit - digits);
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		byte = (unsigned char)(v >> bits);
		v &= (1u << bits) - 1;
		if (byte == '\0')
			return false;
		buf_add(out, &byte, 1);
	}
	return !out->failed && out->len > 0;
}

/* The numbers of the first line, after its letter; false: not that many. */
static bool
numbers(const struct buf *in, char letter, size_t n, int64_t v[NUMBERS],
    const char **texts)
{
	const char *s = buf_str(in), *end = strchr(s, '\n');
	char word[32];

	if (s[0] != letter || end == NULL)
		return false;
	for (s++; n > 0; n--, v++) {
		size_t len = s[0] == ' ' ? strcspn(s + 1, " \n") : 0;

		if (len == 0 || len >= sizeof(word))
			return false;
		memcpy(word, s + 1, len);
		word[len] = '\0';
		if (!str_i64(word, v))
			return false;
		s += 1 + len;
	}
	*texts = end + 1;
	return s == end;
}

bool
place_read(const struct store_question *q, struct panel_place *at)
{
	struct buf in = BUF(MAX_PLACE);
	int64_t v[NUMBERS] = { 0 };
	const char *texts;
	bool good;

	good = unwrap(q->after, &in) && numbers(&in, 'p', 4, v, &texts) &&
	    v[0] == (int64_t)q->sort && v[1] == (q->ascending ? 1 : 0) && v[3] > 0 &&
	    (uint64_t)v[3] <= strlen(texts);
	if (good)
		*at = (struct panel_place){ .value = v[2],
			.id = xstrndup(texts, (size_t)v[3]),
			.name = xstrdup(texts + v[3]) };
	buf_fini(&in);
	return good;
}

void
place_fini(struct panel_place *at)
{
	free(at->name);
	free(at->id);
}

char *
place_of_person(const struct store_question *q, const struct panel_place *at)
{
	struct buf in = BUF(MAX_PLACE);

	buf_printf(&in, "p %d %d %" PRId64 " %zu\n%s%s", (int)q->sort,
	    q->ascending ? 1 : 0, at->value, strlen(at->id), at->id, at->name);
	return wrap(&in);
}

char *
place_of_document(int64_t ms, const char *id)
{
	struct buf in = BUF(MAX_PLACE);

	if (strlen(id) >= STORE_MAX_TEXT)
		return NULL;
	buf_printf(&in, "d %" PRId64 " %zu\n%s", ms, strlen(id), id);
	return wrap(&in);
}

bool
panel_place(const char *after, int64_t *ms, char id[STORE_MAX_TEXT])
{
	struct buf in = BUF(MAX_PLACE);
	int64_t v[NUMBERS] = { 0 };
	const char *texts;
	bool good;

	good = unwrap(after, &in) && numbers(&in, 'd', 2, v, &texts) && v[1] > 0 &&
	    v[0] > STORE_FIRST_MS && v[0] < STORE_LAST_MS &&
	    (uint64_t)v[1] == strlen(texts) && str_copy(id, STORE_MAX_TEXT, texts);
	*ms = v[0];
	buf_fini(&in);
	return good;
}

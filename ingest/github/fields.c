/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fields.c - see envelope.h: single fields, by the rules that docs/documents.md
 * has for texts, dates and counts.
 */
#include "base/clock.h"
#include "base/str.h"
#include "github/envelope.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_DIGITS	9

size_t
text_fit(const char *s, size_t max)
{
	size_t n = strnlen(s, max + 1);

	if (n <= max)
		return n;
	/* Back to the first byte of the character that does not fit. */
	for (n = max; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
		continue;
	return n;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Moves s over blanks; how many bytes of it are left without those at its end. */
static size_t
trim(const char **s, size_t max)
{
	size_t n;

	while (blank(**s))
		++*s;
	for (n = strlen(*s); n > 0 && blank((*s)[n - 1]); n--)
		continue;
	return n > max ? text_fit(*s, max) : n;
}

char *
text_trimmed(const char *s, size_t max)
{
	size_t n = trim(&s, max);

	return n > 0 ? xstrndup(s, n) : NULL;
}

void
put_text(struct doc *d, const char *path, const char *s, size_t max)
{
	if (s != NULL && s[0] != '\0')
		doc_text(d, path, s, text_fit(s, max));
}

void
put_name(struct doc *d, const char *path, const char *s)
{
	size_t n = s != NULL ? trim(&s, TEXT_OTHER) : 0;

	if (n > 0)
		doc_text(d, path, s, n);
}

void
put_lower(struct doc *d, const char *path, const char *s)
{
	char *low;

	if (s == NULL || s[0] == '\0')
		return;
	low = xstrndup(s, text_fit(s, TEXT_OTHER));
	for (char *c = low; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	doc_str(d, path, low);
	free(low);
}

void
put_id(struct doc *d, const char *path, int64_t id)
{
	char text[24], *p = text + sizeof(text);

	if (id <= 0)
		return;
	for (; id > 0; id /= 10)
		*--p = (char)('0' + id % 10);
	doc_text(d, path, p, (size_t)(text + sizeof(text) - p));
}

void
put_count(struct doc *d, const char *path, const struct json *j, const char *member)
{
	int64_t v;

	if (json_int(j, member, &v) && v >= 0)
		doc_int(d, path, v);
}

void
put_bool(struct doc *d, const char *path, const struct json *j, const char *member)
{
	if (json_is(json_get(j, member), JSON_BOOL))
		doc_bool(d, path, json_true(j, member));
}

bool
read_date(const struct json *j, const char *path, int64_t *ms)
{
	const char *s = json_str(j, path);

	return s != NULL && clock_parse_iso(s, ms, NULL);
}

void
put_date(struct doc *d, const char *path, const struct json *j, const char *member)
{
	int64_t ms;

	if (read_date(j, member, &ms))
		doc_time(d, path, ms);
}

int64_t
read_id(const struct json *j, const char *path)
{
	const char *text = json_str(j, path);
	int64_t v = 0;

	if (text != NULL ? !str_i64(text, &v) : !json_int(j, path, &v))
		return 0;
	return v > 0 ? v : 0;
}

/* A number, then after, then maybe more: the number, 0 if it is not so. */
static int64_t
number_before(const char *s, const char *after)
{
	size_t n = strspn(s, "0123456789");
	char text[NUMBER_DIGITS + 1];
	int64_t v = 0;

	if (n == 0 || n > NUMBER_DIGITS || !str_starts(s + n, after))
		return 0;
	memcpy(text, s, n);
	text[n] = '\0';
	return str_i64(text, &v) ? v : 0;
}

/* Which pull request brought a commit, if its headline says so; 0: it does not. */
static int64_t
pull_of(const char *headline)
{
	static const char merge[] = "Merge pull request #";
	const char *open = strrchr(headline, '(');
	int64_t v = 0;

	if (str_starts(headline, merge))
		v = number_before(headline + sizeof(merge) - 1, " from ");
	if (v == 0 && open != NULL && open[1] == '#' &&
	    str_eq(open + 2 + strspn(open + 2, "0123456789"), ")"))
		v = number_before(open + 2, ")");
	return v;
}

void
put_commit_message(struct doc *d, const char *message)
{
	char *line, *headline;

	if (message == NULL)
		return;
	put_text(d, "github.commit.message", message, TEXT_MESSAGE);
	line = xstrndup(message, strcspn(message, "\n"));
	put_name(d, "github.commit.headline", line);
	headline = text_trimmed(line, SIZE_MAX);
	if (headline != NULL && pull_of(headline) > 0)
		doc_int(d, "github.commit.pull_request", pull_of(headline));
	free(headline);
	free(line);
}

void
put_commit_authored(struct doc *d, const char *date)
{
	int64_t ms;
	int offset_min, hour, weekday;

	if (date == NULL || !clock_parse_iso(date, &ms, &offset_min))
		return;
	doc_time(d, "github.commit.authored_at", ms);
	clock_local(ms, offset_min, &hour, &weekday);
	doc_int(d, "github.commit.hour", hour);
	doc_int(d, "github.commit.weekday", weekday);
}

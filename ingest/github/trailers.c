/* SPDX-License-Identifier: Apache-2.0 */
/* trailers.c - see trailers.h. One pass over the message, line by line. */
#include "github/trailers.h"

#include <string.h>
#include <strings.h>

static const char key[] = "co-authored-by";

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *
skip(const char *p, const char *end)
{
	while (p < end && blank(*p))
		p++;
	return p;
}

/* line = key ":" name "<" address ">" anything, blanks between */
static bool
read_line(const char *p, const char *end, struct trailer *t)
{
	const char *open, *close, *last;

	while (p < end && (blank(*p) || *p == '\r'))
		p++;
	if ((size_t)(end - p) < sizeof(key) || strncasecmp(p, key, sizeof(key) - 1) != 0)
		return false;
	p = skip(p + sizeof(key) - 1, end);
	if (p == end || *p != ':')
		return false;
	p = skip(p + 1, end);
	open = memchr(p, '<', (size_t)(end - p));
	if (open == NULL || memchr(p, '>', (size_t)(open - p)) != NULL)
		return false;
	for (last = open; last > p && blank(last[-1]); last--)
		continue;
	t->name = p;
	t->name_len = (size_t)(last - p);
	p = skip(open + 1, end);
	close = memchr(p, '>', (size_t)(end - p));
	if (close == NULL)
		return false;
	for (last = close; last > p && blank(last[-1]); last--)
		continue;
	t->mail = p;
	t->mail_len = (size_t)(last - p);
	for (; p < last; p++)
		if (*p == '<' || blank(*p) || *p == '\r' || *p == '\f' || *p == '\v')
			return false;
	return memchr(t->mail, '@', t->mail_len) != NULL;
}

bool
trailer_next(const char **at, struct trailer *t)
{
	while (**at != '\0') {
		const char *line = *at, *end = line + strcspn(line, "\n");

		*at = *end == '\n' ? end + 1 : end;
		if (read_line(line, end, t))
			return true;
	}
	return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* str.c - see str.h. */
#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DURATION_MAX	((int64_t)1000 * 365 * 86400)	/* seconds */

bool
str_eq(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

bool
str_eqi(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcasecmp(a, b) == 0);
}

bool
str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n >= k && strcmp(s + n - k, suffix) == 0;
}

const char *
str_or(const char *s, const char *otherwise)
{
	return s != NULL && s[0] != '\0' ? s : otherwise;
}

bool
str_copy(char *to, size_t size, const char *from)
{
	size_t n = strlen(from);
	bool fits = n < size;

	if (!fits)
		n = size - 1;
	memcpy(to, from, n);
	to[n] = '\0';
	return fits;
}

void
str_set(char **field, const char *s)
{
	char *copy = s != NULL ? xstrdup(s) : NULL;

	free(*field);
	*field = copy;
}

bool
str_i64(const char *s, int64_t *v)
{
	char *end;
	long long n;

	if (s[0] == '\0' || strspn(s, "-0123456789") != strlen(s))
		return false;
	errno = 0;
	n = strtoll(s, &end, 10);
	if (errno != 0 || *end != '\0')
		return false;
	*v = n;
	return true;
}

bool
str_duration_s(const char *s, int64_t *seconds)
{
	static const struct {
		const char	*unit;
		int64_t		 seconds;
	} units[] = {
		{ "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 },
		{ "w", 7 * 86400 }, { "y", 365 * 86400 },
	};
	char digits[16];
	size_t n = strspn(s, "0123456789");
	int64_t v;

	if (n == 0 || n >= sizeof(digits))
		return false;
	snprintf(digits, sizeof(digits), "%.*s", (int)n, s);
	if (!str_i64(digits, &v))
		return false;
	for (size_t i = 0; i < LEN(units); i++)
		if (str_eq(s + n, units[i].unit) &&
		    v <= DURATION_MAX / units[i].seconds) {
			*seconds = v * units[i].seconds;
			return true;
		}
	return false;
}

char *
str_file_uri(const char *path, const char *query)
{
	char *escaped = xcalloc(strlen(path) + 1, 3), *to = escaped, *uri;

	for (; *path != '\0'; path++)
		if (strchr("?#%", *path) != NULL)
			to += snprintf(to, 4, "%%%02X", (unsigned char)*path);
		else
			*to++ = *path;
	uri = xasprintf("file:%s%s?%s", escaped[0] == '/' ? "//" : "", escaped, query);
	free(escaped);
	return uri;
}

size_t
str_control(const char *s)
{
	unsigned char c = (unsigned char)s[0];

	if (c == 0xc2 && (unsigned char)s[1] >= 0x80 && (unsigned char)s[1] < 0xa0)
		return 2;
	return c != '\0' && (c < 0x20 || c == 0x7f);
}

/*
 * How many letters of two short words are missing, too many, others, or swapped with
 * their neighbour; 99 when one is long.
 */
static size_t
distance(const char *a, const char *b)
{
	size_t rows[3][33], n = strlen(a), m = strlen(b);

	if (n >= LEN(rows[0]) || m >= LEN(rows[0]))
		return 99;
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *row = rows[i % 3], *up = rows[(i + 2) % 3];
		const size_t *up2 = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best = up[j - 1] + (a[i - 1] != b[j - 1]);

			if (up[j] + 1 < best)
				best = up[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && up2[j - 2] + 1 < best)
				best = up2[j - 2] + 1;
			row[j] = best;
		}
	}
	return rows[n % 3][m];
}

const char *
str_nearest(const char *s, const char *const *candidates, size_t n)
{
	size_t limit = strlen(s) < 5 ? 1 : strlen(s) < 9 ? 2 : 3;
	const char *best = NULL;

	for (size_t i = 0; i < n; i++) {
		size_t d = distance(s, candidates[i]);

		if (d <= limit) {
			best = candidates[i];
			limit = d > 0 ? d - 1 : 0;
		}
	}
	return best;
}

bool
str_utf8(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	while (*p != '\0') {
		unsigned more = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
		unsigned c = *p, least[] = { 0, 0x80, 0x800, 0x10000 };

		if ((c >= 0x80 && c < 0xc2) || c > 0xf4)
			return false;
		c &= more == 0 ? 0x7f : 0x3fu >> more;
		for (unsigned i = 1; i <= more; i++) {
			if ((p[i] & 0xc0) != 0x80)
				return false;
			c = c << 6 | (p[i] & 0x3f);
		}
		if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
			return false;
		p += more + 1;
	}
	return true;
}

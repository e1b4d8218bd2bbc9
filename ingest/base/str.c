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

/* Levenshtein's distance of two short words, or 99 when one is long. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[33], n = strlen(a), m = strlen(b), diagonal, up;

	if (n >= LEN(row) || m >= LEN(row))
		return 99;
	for (size_t j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 1; i <= n; i++) {
		diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			up = row[j];
			if (up + 1 < best)
				best = up + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = up;
			row[j] = best;
		}
	}
	return row[m];
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

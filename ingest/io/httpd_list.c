/* SPDX-License-Identifier: Apache-2.0 */
/* httpd_list.c - see httpd_parse.h: headers that are lists. Grammar: RFC 9110. */
#include "io/httpd_parse.h"

#include <string.h>
#include <strings.h>

/* What of s is one row of a list: up to a comma outside quotes. */
static size_t
row_length(const char *s)
{
	bool quoted = false;
	size_t n = 0;

	for (; s[n] != '\0' && (quoted || s[n] != ','); n++)
		if (s[n] == '"')
			quoted = !quoted;
		else if (quoted && s[n] == '\\' && s[n + 1] != '\0')
			n++;
	return n;
}

/* 1, 0.5, 0.123 as thousandths; what is none of these is 0. */
static unsigned
weight(const char *s, size_t n)
{
	unsigned v = 0, scale = 100;

	if (n == 0 || (s[0] != '0' && s[0] != '1') || n > 5 || (n > 1 && s[1] != '.'))
		return 0;
	for (size_t i = 2; i < n; i++, scale /= 10) {
		if (s[i] < '0' || s[i] > '9')
			return 0;
		v += (unsigned)(s[i] - '0') * scale;
	}
	return s[0] == '1' ? 1000 : v;
}

/* The q among ";level=1; q=0.5"; 1000 where there is none. */
static unsigned
quality(const char *s, size_t n)
{
	bool quoted = false;
	size_t i = 0, len;

	for (; i < n; i++) {
		if (s[i] == '"')
			quoted = !quoted;
		if (quoted || s[i] != ';')
			continue;
		while (i + 1 < n && (s[i + 1] == ' ' || s[i + 1] == '\t'))
			i++;
		if (i + 2 >= n || (s[i + 1] != 'q' && s[i + 1] != 'Q') || s[i + 2] != '=')
			continue;
		s += i + 3;
		n -= i + 3;
		for (len = 0; len < n && strchr(" \t;", s[len]) == NULL; len++)
			continue;
		return weight(s, len);
	}
	return 1000;
}

/* How much a row says about it: 3 its name, 2 text/any, 1 *; 0 nothing. */
static unsigned
says(const char *row, size_t n, const char *what)
{
	const char *slash = strchr(what, '/');
	size_t kind = slash != NULL ? (size_t)(slash - what) + 1 : 0;

	if (n == strlen(what) && strncasecmp(row, what, n) == 0)
		return 3;
	if (slash != NULL && n == kind + 1 && row[kind] == '*' &&
	    strncasecmp(row, what, kind) == 0)
		return 2;
	return (n == 1 && row[0] == '*') || (n == 3 && memcmp(row, "*/*", 3) == 0);
}

unsigned
httpd_welcome(const char *list, const char *what)
{
	unsigned best = 0, q = 0;
	size_t n, name;

	if (list == NULL)
		return 1000;
	for (; *list != '\0'; list += n + (list[n] == ',')) {
		list += strspn(list, " \t");
		n = row_length(list);
		name = strcspn(list, "; \t,");
		if (name > n)
			name = n;
		if (says(list, name, what) > best) {
			best = says(list, name, what);
			q = quality(list, n);
		}
	}
	return q;
}

bool
httpd_matches(const char *list, const char *etag)
{
	size_t n;

	for (; list != NULL && *list != '\0'; list += n + (list[n] == ',')) {
		list += strspn(list, " \t");
		if (strncmp(list, "W/", 2) == 0)	/* compared weakly: 13.1.2 */
			list += 2;
		n = row_length(list);
		if (list[0] == '*' || (strncmp(list, etag, strlen(etag)) == 0 &&
		    (list[strlen(etag)] == '\0' ||
		    strchr(", \t", list[strlen(etag)]) != NULL)))
			return true;
	}
	return false;
}

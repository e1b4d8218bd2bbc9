/* SPDX-License-Identifier: Apache-2.0 */
/* link.c - see link.h. */
#include "github/link.h"
#include "base/str.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool
link_is_below(const char *url, const char *base)
{
	size_t n = strlen(base);

	/* Scheme and host in either case would be equal too; GitHub repeats ours. */
	return n > 0 && strncasecmp(url, base, n) == 0 &&
	    (url[n] == '/' || url[n] == '?' || url[n] == '\0');
}

/* Printable ASCII, no blanks: what may stand in a request line. */
static bool
is_clean(const char *url)
{
	for (; *url != '\0'; url++)
		if (*url <= ' ' || *url > '~')
			return false;
	return true;
}

/* Does the parameter list `; a="b"; rel="next"` up to end say rel next? */
static bool
says_next(const char *p, const char *end)
{
	while (p < end) {
		while (p < end && (*p == ';' || isspace((unsigned char)*p)))
			p++;
		if (end - p > 4 && strncasecmp(p, "rel=", 4) == 0) {
			p += 4;
			p += *p == '"';
			return end - p >= 4 && strncasecmp(p, "next", 4) == 0 &&
			    (p + 4 == end || strchr("\" ;,", p[4]) != NULL);
		}
		while (p < end && *p != ';')
			p++;
	}
	return false;
}

enum link_found
link_next(const char *header, const char *base, char *url, size_t size)
{
	const char *open, *close, *end;

	url[0] = '\0';
	for (open = strchr(header, '<'); open != NULL; open = strchr(end, '<')) {
		close = strchr(open, '>');
		if (close == NULL)
			return LINK_NONE;
		end = close + 1 + strcspn(close + 1, "<");
		if (!says_next(close + 1, end))
			continue;
		if ((size_t)(close - open) > size || close == open + 1)
			return LINK_FOREIGN;
		memcpy(url, open + 1, (size_t)(close - open - 1));
		url[close - open - 1] = '\0';
		if (is_clean(url) && link_is_below(url, base))
			return LINK_FOUND;
		url[0] = '\0';
		return LINK_FOREIGN;
	}
	return LINK_NONE;
}

/* The length of "scheme://host:port" in base. */
static size_t
origin_len(const char *base)
{
	const char *host = strstr(base, "://");

	if (host == NULL)
		return 0;
	host += 3;
	return (size_t)(host - base) + strcspn(host, "/?#");
}

enum link_found
link_location(const char *header, const char *base, char *url, size_t size)
{
	char origin[LINK_SIZE];
	size_t n = origin_len(base);

	url[0] = '\0';
	if (header == NULL || *header == '\0')
		return LINK_NONE;
	if (n == 0 || n >= sizeof(origin) || !is_clean(header))
		return LINK_FOREIGN;
	memcpy(origin, base, n);
	origin[n] = '\0';
	if (header[0] == '/' && header[1] != '/') {
		if ((size_t)snprintf(url, size, "%s%s", origin, header) < size)
			return LINK_FOUND;
	} else if (link_is_below(header, origin) && str_copy(url, size, header)) {
		return LINK_FOUND;
	}
	url[0] = '\0';
	return LINK_FOREIGN;
}

static bool
is_loopback(const char *host, size_t n)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };

	for (size_t i = 0; i < LEN(names); i++)
		if (strlen(names[i]) == n && strncasecmp(names[i], host, n) == 0)
			return true;
	return false;
}

bool
link_base_is_safe(const char *base)
{
	const char *host = strstr(base, "://"), *colon;
	size_t n;

	if (host == NULL || !is_clean(base) || strpbrk(base, "?#\\") != NULL)
		return false;
	host += 3;
	n = strcspn(host, "/");
	if (memchr(host, '@', n) != NULL)
		return false;
	colon = memchr(host, ':', n);
	if (host[0] == '[')
		n = strcspn(host, "]") + 1;
	else if (colon != NULL)
		n = (size_t)(colon - host);
	if (n == 0)
		return false;
	if (str_starts(base, "https://"))
		return true;
	return str_starts(base, "http://") && is_loopback(host, n);
}

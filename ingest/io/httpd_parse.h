/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd_parse.h - the head of a request, as strictly as a server may be: what
 * two programs could understand in two ways is refused. Pure.
 *
 * Refused are: anything but HTTP/1.0 and 1.1, bodies (no route takes one), line
 * ends other than CRLF, folded lines, blanks before a colon, NULs and control
 * characters (also written as %00), two Host headers, two of Authorization.
 */
#ifndef IO_HTTPD_PARSE_H
#define IO_HTTPD_PARSE_H

#include "base/base.h"

#define HTTPD_HEAD	8192	/* bytes of a request line and its headers */
#define HTTPD_PARAMS	32

struct httpd_param {
	const char	*name, *value;
};

struct httpd_head {
	const char		*method;
	const char		*path;		/* decoded */
	struct httpd_param	 param[HTTPD_PARAMS];	/* decoded */
	size_t			 params;
	const char		*host;		/* the header's; NULL: HTTP/1.0 without */
	const char		*authority;	/* of an absolute target, else NULL */
	bool			 last;		/* no other request follows */
	/* Headers, or NULL; the first of several. */
	const char		*accept, *accept_encoding, *if_none_match;
	const char		*authorization, *last_event_id;
};

/*
 * Takes a head apart in place: n bytes that end with an empty line, and a NUL
 * after them. 0, or the status to answer with and why (a constant). What h
 * points to stands in text.
 */
int httpd_parse(char *text, size_t n, struct httpd_head *h, const char **why)
    MUST_CHECK;

/*
 * Whether a Host is ours. The names of loopback always are, with any port (a
 * tunnel has its own); so are addresses written as numbers when `numbers`, for
 * no DNS can turn a page of somebody else's into one of them; so are names.
 */
bool httpd_host(const char *host, bool numbers, const char *const *names) MUST_CHECK;

/*
 * How welcome something is, 0 to 1000, by a list as Accept and Accept-Encoding are:
 * "gzip, br;q=0.5". The row that says most about it counts. NULL: 1000.
 */
unsigned httpd_welcome(const char *list, const char *what) MUST_CHECK;

/* Whether If-None-Match has that tag. */
bool httpd_matches(const char *list, const char *etag) MUST_CHECK;

#endif

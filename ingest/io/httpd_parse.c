/* SPDX-License-Identifier: Apache-2.0 */
/* httpd_parse.c - see httpd_parse.h. Grammar: RFC 9110, RFC 9112. */
#include "io/httpd_parse.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define MAX_HEADERS	100

/* What headers said, while they are read. */
struct seen {
	unsigned	hosts, lengths, authorizations;
	bool		body;
};

static bool
is_token(const char *s)
{
	size_t n = strspn(s, "!#$%&'*+-.^_`|~0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

	return n > 0 && s[n] == '\0';
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* %XX, and + where plus is a blank; false for broken ones and control characters. */
static bool
decode(char *s, bool plus)
{
	char *to = s;

	for (; *s != '\0'; s++, to++) {
		*to = plus && *s == '+' ? ' ' : *s;
		if (*s != '%')
			continue;
		if (hex(s[1]) < 0 || hex(s[2]) < 0)
			return false;
		*to = (char)(hex(s[1]) * 16 + hex(s[2]));
		if ((unsigned char)*to < 0x20 || *to == 0x7f)
			return false;
		s += 2;
	}
	*to = '\0';
	return true;
}

/* The line at *p without its CRLF; NULL: it does not end with one. */
static char *
next_line(char **p)
{
	char *line = *p, *end = strchr(line, '\n');

	if (end == NULL || end == line || end[-1] != '\r')
		return NULL;
	end[-1] = '\0';
	*p = end + 1;
	return strchr(line, '\r') == NULL ? line : NULL;
}

static bool
parse_params(char *query, struct httpd_head *h)
{
	char *next, *value;

	for (; query != NULL; query = next) {
		next = strchr(query, '&');
		if (next != NULL)
			*next++ = '\0';
		if (query[0] == '\0')
			continue;
		value = strchr(query, '=');
		if (value != NULL)
			*value++ = '\0';
		else
			value = query + strlen(query);
		if (h->params == HTTPD_PARAMS || !decode(query, true) ||
		    !decode(value, true))
			return false;
		h->param[h->params++] = (struct httpd_param){ query, value };
	}
	return true;
}

/* origin-form: /path?query, or absolute-form: http://authority/path?query */
static bool
parse_target(char *target, struct httpd_head *h)
{
	char *path = target, *query;
	size_t n = 0;

	for (const char *c = target; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || *c == '#')
			return false;
	if (strncasecmp(target, "http://", 7) == 0) {
		n = strcspn(target + 7, "/?");
		memmove(target, target + 7, n);		/* room for its NUL */
		h->authority = target;
		path = target + 7 + n;
	}
	query = strchr(path, '?');
	if (query != NULL)
		*query++ = '\0';
	if (!parse_params(query, h))
		return false;
	h->path = path;
	if (h->authority != NULL) {
		target[n] = '\0';
		if (path[0] == '\0')
			h->path = "/";
	}
	return h->path[0] == '/' && decode(path, false);
}

static int
parse_request_line(char *line, struct httpd_head *h, const char **why)
{
	char *target = strchr(line, ' ');
	char *version = target != NULL ? strchr(target + 1, ' ') : NULL;

	*why = "This is no request line.";
	if (version == NULL)
		return 400;
	*target++ = '\0';
	*version++ = '\0';
	if (!is_token(line))
		return 400;
	h->method = line;
	h->last = str_eq(version, "HTTP/1.0");
	if (!h->last && !str_eq(version, "HTTP/1.1")) {
		if (!str_starts(version, "HTTP/"))
			return 400;
		*why = "HTTP/1.1 is spoken here.";
		return 505;
	}
	*why = "The address is malformed.";
	return parse_target(target, h) ? 0 : 400;
}

/* Whether a list of tokens has "close". */
static bool
has_close(const char *value)
{
	size_t n;

	for (; *value != '\0'; value += n) {
		value += strspn(value, ", \t");
		n = strcspn(value, ", \t");
		if (n == 5 && strncasecmp(value, "close", n) == 0)
			return true;
	}
	return false;
}

/* Those that are only remembered. */
static const char **
place_of(struct httpd_head *h, const char *name)
{
	if (str_eqi(name, "accept"))
		return &h->accept;
	if (str_eqi(name, "accept-encoding"))
		return &h->accept_encoding;
	if (str_eqi(name, "if-none-match"))
		return &h->if_none_match;
	if (str_eqi(name, "authorization"))
		return &h->authorization;
	return str_eqi(name, "last-event-id") ? &h->last_event_id : NULL;
}

static int
parse_header(char *line, struct httpd_head *h, struct seen *seen, const char **why)
{
	char *value = strchr(line, ':'), *end;
	const char **place;

	*why = "A header is malformed.";
	if (value == NULL)
		return 400;
	*value++ = '\0';
	if (!is_token(line))
		return 400;
	value += strspn(value, " \t");
	for (end = value + strlen(value); end > value &&
	    (end[-1] == ' ' || end[-1] == '\t'); end--)
		continue;
	*end = '\0';
	for (const char *c = value; *c != '\0'; c++)
		if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
			return 400;
	place = place_of(h, line);
	if (place != NULL && *place == NULL)
		*place = value;
	seen->authorizations += str_eqi(line, "authorization");
	if (str_eqi(line, "host")) {
		h->host = value;
		seen->hosts++;
	} else if (str_eqi(line, "connection")) {
		h->last |= has_close(value);
	} else if (str_eqi(line, "transfer-encoding")) {
		*why = "No Transfer-Encoding is taken.";
		return 501;
	} else if (str_eqi(line, "content-length")) {
		if (value[0] == '\0' || value[strspn(value, "0123456789")] != '\0')
			return 400;
		seen->lengths++;
		seen->body |= value[strspn(value, "0")] != '\0';
	}
	return 0;
}

int
httpd_parse(char *text, size_t n, struct httpd_head *h, const char **why)
{
	struct seen seen = { 0 };
	int status;
	char *line;

	*h = (struct httpd_head){ 0 };
	*why = "The request has characters it must not have.";
	if (memchr(text, '\0', n) != NULL || (line = next_line(&text)) == NULL)
		return 400;
	status = parse_request_line(line, h, why);
	for (unsigned i = 0; status == 0; i++) {
		*why = "A header is malformed.";
		line = next_line(&text);
		if (line == NULL)
			return 400;
		if (line[0] == '\0')
			break;
		*why = "There are too many headers.";
		status = i < MAX_HEADERS ? parse_header(line, h, &seen, why) : 431;
	}
	if (status != 0)
		return status;
	*why = "A request has one Host and at most one Content-Length and Authorization.";
	if (seen.hosts > 1 || seen.lengths > 1 || seen.authorizations > 1 ||
	    (seen.hosts == 0 && !h->last))
		return 400;
	*why = "No body is taken.";
	return seen.body ? 413 : 0;
}

/* An address in digits, not a name; and whether it is this machine's own. */
static bool
is_number(const char *host, bool *loopback)
{
	struct in6_addr v6;
	struct in_addr v4;
	char text[INET6_ADDRSTRLEN];
	size_t n = strlen(host);

	*loopback = false;
	if (host[0] != '[') {
		if (inet_pton(AF_INET, host, &v4) != 1)
			return false;
		*loopback = ntohl(v4.s_addr) >> 24 == 127;
		return true;
	}
	if (n < 2 || host[n - 1] != ']' || n - 2 >= sizeof(text))
		return false;
	memcpy(text, host + 1, n - 2);
	text[n - 2] = '\0';
	if (inet_pton(AF_INET6, text, &v6) != 1)
		return false;
	*loopback = IN6_IS_ADDR_LOOPBACK(&v6);
	return true;
}

bool
httpd_host(const char *host, bool numbers, const char *const *names)
{
	bool loopback;
	const char *port = host[0] == '[' ? strchr(host, ']') : host;
	char name[256];

	port = port != NULL ? strchr(port, ':') : NULL;
	if (!str_copy(name, sizeof(name), host))
		return false;
	if (port != NULL) {
		name[port - host] = '\0';
		if (port[1] == '\0' || port[1 + strspn(port + 1, "0123456789")] != '\0')
			return false;
	}
	if (str_eqi(name, "localhost"))
		return true;
	for (; names != NULL && *names != NULL; names++)
		if (str_eqi(name, *names))
			return true;
	return is_number(name, &loopback) && (numbers || loopback);
}

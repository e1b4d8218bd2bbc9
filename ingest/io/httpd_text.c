/* SPDX-License-Identifier: Apache-2.0 */
/* httpd_text.c - see httpd_text.h. */
#include "io/httpd_text.h"
#include "base/clock.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define RETRY_S	5

static const char *
reason_of(int status)
{
	static const struct {
		int		 status;
		const char	*reason;
	} reasons[] = {
		{ 200, "OK" }, { 304, "Not Modified" }, { 400, "Bad Request" },
		{ 401, "Unauthorized" }, { 404, "Not Found" }, { 406, "Not Acceptable" },
		{ 405, "Method Not Allowed" }, { 408, "Request Timeout" },
		{ 413, "Content Too Large" }, { 421, "Misdirected Request" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" }, { 501, "Not Implemented" },
		{ 503, "Service Unavailable" }, { 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < LEN(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Answer";
}

/* Who may keep it, and how it is asked for again. */
static void
put_keeping(struct buf *out, const struct httpd_text *t)
{
	static const char *const words[] = { "no-store", "private, no-cache",
	    "public, max-age=31536000, immutable" };

	buf_printf(out, "Cache-Control: %s\r\n",
	    words[t->status == 200 || t->status == 304 ? t->a->keep : KEEP_NOT]);
	if (t->etag[0] != '\0')
		buf_printf(out, "ETag: %s\r\n", t->etag);
	if (t->varies)
		buf_puts(out, "Vary: Accept, Accept-Encoding\r\n");
}

/* What a status must say. */
static void
put_status(struct buf *out, const struct httpd_text *t)
{
	if (t->status == 401)
		buf_puts(out, "WWW-Authenticate: Basic realm=\"hubstash\", "
		    "charset=\"UTF-8\"\r\n");
	if (t->status == 405)
		buf_puts(out, "Allow: GET, HEAD\r\n");
	if (t->status == 503)
		buf_printf(out, "Retry-After: %u\r\n",
		    t->a->retry_s > 0 ? t->a->retry_s : RETRY_S);
}

void
httpd_head_text(struct buf *out, const struct httpd_text *t, bool last)
{
	time_t now = (time_t)(clock_wall_ms() / 1000);
	char date[64];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	buf_printf(out, "HTTP/1.1 %d %s\r\nDate: %s\r\n", t->status,
	    reason_of(t->status), date);
	if (t->status != 304)
		buf_printf(out, "Content-Type: %s\r\n", t->a->type);
	if (t->status != 304 && !t->endless)
		buf_printf(out, "Content-Length: %zu\r\n", t->length);
	if (t->endless)		/* nginx would hold it back */
		buf_puts(out, "X-Accel-Buffering: no\r\n");
	if (t->packed && t->status != 304)
		buf_puts(out, "Content-Encoding: gzip\r\n");
	if (t->a->file != NULL)
		buf_printf(out, "Content-Disposition: attachment; filename=\"%s\"\r\n",
		    t->a->file);
	put_keeping(out, t);
	put_status(out, t);
	buf_puts(out, "X-Content-Type-Options: nosniff\r\n"
	    "Content-Security-Policy: default-src 'none'; script-src 'self'; "
	    "style-src 'self'; img-src 'self' data:; font-src 'self'; "
	    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
	    "form-action 'self'; frame-ancestors 'none'\r\n"
	    "Referrer-Policy: no-referrer\r\n"
	    "Cross-Origin-Resource-Policy: same-origin\r\n");
	if (last)
		buf_puts(out, "Connection: close\r\n");
	buf_puts(out, "\r\n");
}

void
httpd_status_text(struct buf *out, int status, const char *why)
{
	buf_printf(out, "%d %s\n%s\n", status, reason_of(status), why);
}

static bool
parse_ports(const char *s, unsigned *from, unsigned *to)
{
	const char *dash = strchr(s, '-');
	int64_t a, b;
	char first[16];

	if (!str_copy(first, sizeof(first), s))
		return false;
	if (dash != NULL)
		first[dash - s] = '\0';
	if (!str_i64(first, &a) || !str_i64(dash != NULL ? dash + 1 : first, &b) ||
	    a < 0 || b < a || b > 65535)
		return false;
	*from = (unsigned)a;
	*to = (unsigned)b;
	return true;
}

bool
httpd_listen_parse(const char *text, struct sockaddr_storage *ss, socklen_t *len,
    unsigned *from, unsigned *to, struct err *e)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ss;
	const char *colon = strrchr(text, ':'), *host;
	char name[80];
	size_t n;

	memset(ss, 0, sizeof(*ss));
	if (colon == NULL || !parse_ports(colon + 1, from, to) ||
	    (size_t)(colon - text) >= sizeof(name))
		goto bad;
	n = (size_t)(colon - text);
	memcpy(name, text, n);
	name[n] = '\0';
	if (n > 2 && name[0] == '[' && name[n - 1] == ']') {
		name[n - 1] = '\0';
		v6->sin6_family = AF_INET6;
		*len = sizeof(*v6);
		if (inet_pton(AF_INET6, name + 1, &v6->sin6_addr) == 1)
			return true;
		goto bad;
	}
	host = str_eqi(name, "localhost") ? "127.0.0.1" : name;
	v4->sin_family = AF_INET;
	*len = sizeof(*v4);
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1)
		return true;
bad:
	return err_set(e, ERR_CONFIG, 0, "\"%s\" is no address to listen on, such as "
	    "127.0.0.1:9600, [::1]:9600 or 127.0.0.1:9600-9700", text);
}

void
httpd_listen_text(const struct sockaddr_storage *ss, char *text, size_t size,
    bool *others)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)ss;
	char name[INET6_ADDRSTRLEN];

	if (ss->ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &v6->sin6_addr, name, sizeof(name));
		snprintf(text, size, "[%s]:%u", name, ntohs(v6->sin6_port));
		*others = !IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
	} else {
		inet_ntop(AF_INET, &v4->sin_addr, name, sizeof(name));
		snprintf(text, size, "%s:%u", name, ntohs(v4->sin_port));
		*others = ntohl(v4->sin_addr.s_addr) >> 24 != 127;
	}
}

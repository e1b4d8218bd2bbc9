/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http.h - requests to other servers. The only file pair that knows curl.
 *
 * A caller may rely on this:
 *   - done is called from the loop, exactly once, unless the call is cancelled;
 *     never from inside http_start or http_cancel;
 *   - in done anything is allowed: start, cancel, even http_free;
 *   - the timeout counts from the wire, not from our queue;
 *   - redirects are not followed, only http and https are spoken, and a reply
 *     larger than max_reply (after decompression) is cut off as a failure;
 *   - a reply that ends too early is a failure, but for gzip data that ends before
 *     its length does: what it holds must know its own end, as JSON does;
 *   - proxies are those of the environment (https_proxy, no_proxy, …), but what
 *     is asked of this very machine goes through none.
 */
#ifndef IO_HTTP_H
#define IO_HTTP_H

#include "base/buf.h"
#include "base/err.h"

struct loop;
struct http;
struct http_call;

struct http_conf {
	unsigned	 max_inflight;	/* more wait in a queue of ours */
	const char	*ca_file;	/* PEM; NULL: the system's */
	bool		 http1;		/* no HTTP/2 */
	bool		 insecure;	/* do not verify certificates */
};

struct http_spec {
	const char		*url;
	const char		*method;	/* NULL: GET, or POST with a body */
	const char *const	*headers;	/* "Name: value", NULL-ended; copied */
	const char		*body;		/* borrowed until done or cancel */
	size_t			 body_len;
	size_t			 max_reply;	/* bytes */
	unsigned		 timeout_ms;
};

enum http_failure {
	HTTP_OK,		/* a whole reply came: see status */
	HTTP_UNREACHABLE,	/* not resolved, refused, no TLS */
	HTTP_TIMEOUT,
	HTTP_CUT,		/* the connection broke in the middle */
	HTTP_TOO_LARGE,
};

struct http_reply {
	enum http_failure failure;
	int		  status;	/* 0 unless a status line came */
	struct buf	  headers;	/* lines "name: value\n" of the last response */
	struct buf	  body;
	int64_t		  sent_ms;	/* clock_wall_ms when it went on the wire */
	int64_t		  took_ms;	/* on the wire */
	char		  why[256];	/* curl's words; empty when HTTP_OK */
};

typedef void http_done_fn(void *arg, struct http_reply *reply);

struct http *http_new(struct loop *l, const struct http_conf *conf, struct err *e)
    MUST_CHECK;
void http_free(struct http *h);		/* cancels what is left; NULL is fine */

struct http_call *http_start(struct http *h, const struct http_spec *spec,
    http_done_fn *done, void *arg);
void http_cancel(struct http_call *c);	/* NULL is fine */

/*
 * The value of a header, any case of name; false when there is none or it does
 * not fit. The first one counts.
 */
bool http_header(const struct http_reply *r, const char *name, char *value,
    size_t size);
bool http_header_int(const struct http_reply *r, const char *name, int64_t *v);

/* Compresses into out; level 1 to 9. For bodies we send. */
void http_gzip(const char *p, size_t n, int level, struct buf *out);

#endif

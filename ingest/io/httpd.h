/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd.h - requests from other programs: a server for GET and HEAD on libevent's
 * sockets. (Not libevent's evhttp, which has no limit on time or connections,
 * takes /x%00y for /x, sends bodies on HEAD, reads without end while it answers
 * and does not notice clients that leave.)
 *
 * A caller may rely on this:
 *   - a handler is called from the loop; it answers there or any time later,
 *     exactly once, also when the client has gone meanwhile;
 *   - what reaches it came to a name that is ours (against DNS rebinding), from
 *     somebody who may (auth_file), by a method and path of the table, within
 *     read_ms and 8 KiB, without a body;
 *   - who does not read an answer within write_ms, or gets none within think_ms
 *     (503), is let go; more than max_connections wait in the kernel's queue;
 *   - every answer has type and length, headers that keep browsers from guessing,
 *     framing and running what is not ours, an ETag if it may be kept, and is
 *     packed where that is worth it and accepted.
 */
#ifndef IO_HTTPD_H
#define IO_HTTPD_H

#include "base/buf.h"
#include "base/err.h"

struct loop;
struct httpd;
struct httpd_request;

typedef void httpd_fn(void *arg, struct httpd_request *r);

struct httpd_route {
	/* The whole, decoded; with an asterisk at its end all that begin with it. */
	const char	*path;		/* NULL ends the table */
	httpd_fn	*fn;
};

struct httpd_conf {
	/*
	 * "127.0.0.1:9600", "[::1]:0", or "127.0.0.1:9600-9700": the first free port.
	 * Addresses are numbers, or localhost.
	 */
	const char			*listen;
	const char *const		*names;		/* further Hosts; or NULL */
	const struct httpd_route	*routes;	/* borrowed, as names */
	void				*arg;		/* of handlers, and tick */
	const char			*json_below;	/* where errors are JSON */
	/* Who may read (httpd_auth.h); NULL: all, on loopback or if insecure. */
	const char			*auth_file;
	bool				 insecure;
	/* Four times a second by the clock on the wall, while there are streams. */
	void				(*tick)(void *arg);
	/* 0: 128 connections, 10 s, 30 s, 30 s; 200 streams beside those */
	unsigned			 max_connections, read_ms, think_ms, write_ms;
	unsigned			 max_streams;
};

struct httpd *httpd_new(struct loop *l, const struct httpd_conf *conf, struct err *e)
    MUST_CHECK;
const char *httpd_address(const struct httpd *d);	/* "127.0.0.1:9601" */
/* Requests that were not answered yet must still be. NULL is fine. */
void httpd_free(struct httpd *d);

const char *httpd_path(const struct httpd_request *r);
/* The nth parameter of the query, decoded; false after the last. */
bool httpd_param(const struct httpd_request *r, size_t n, const char **name,
    const char **value);
/* How welcome a type is, 0 to 1000, as Accept has it. */
unsigned httpd_accepts(const struct httpd_request *r, const char *type);
const char *httpd_last_event(const struct httpd_request *r);	/* its id, or NULL */
bool httpd_gone(const struct httpd_request *r);	/* nobody waits for the answer */
/* Nor sends the client any more: it has most likely gone, though it may still read. */
bool httpd_hung_up(const struct httpd_request *r);

enum httpd_keep {
	KEEP_NOT,		/* not stored by anybody */
	KEEP_ASK,		/* asked for again each time, by its ETag */
	KEEP_EVER,		/* another one would have another path */
};

/* Takes the body's bytes, and r. type is a constant. */
struct httpd_answer {
	int		 status;
	const char	*type;
	struct buf	*body;
	enum httpd_keep	 keep;
	const char	*etag;		/* of the body, quoted; NULL: it is made */
	bool		 packed;	/* the body is gzip already */
	unsigned	 retry_s;	/* 503: when to ask again; 0: 5 */
	const char	*file;		/* what to save it as; or NULL */
};
void httpd_answer(struct httpd_request *r, const struct httpd_answer *a);

/* A page of plain text that says status and a constant sentence. */
void httpd_answer_text(struct httpd_request *r, int status, const char *text);

/*
 * An answer that goes on: first, then whatever is sent to all streams. Takes both.
 * A client that does not read it is let go; more than max_streams are refused,
 * with a sentence.
 */
void httpd_stream(struct httpd_request *r, const char *type, struct buf *first);
void httpd_streams_send(struct httpd *d, const char *p, size_t n);
unsigned httpd_streams(const struct httpd *d);
unsigned httpd_streams_most(const struct httpd *d);

#endif

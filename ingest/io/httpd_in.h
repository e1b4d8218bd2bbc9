/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd_in.h - the inside of the server, for httpd*.c alone. A connection is
 * changed and ended in httpd.c, answered in httpd_answer.c and, when the answer
 * goes on, httpd_stream.c.
 */
#ifndef IO_HTTPD_IN_H
#define IO_HTTPD_IN_H

#include "io/httpd.h"
#include "io/httpd_auth.h"
#include "io/httpd_parse.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <sys/queue.h>

enum conn_state { CONN_READ, CONN_THINK, CONN_WRITE, CONN_LINGER, CONN_STREAM };

struct conn {
	TAILQ_ENTRY(conn)	 link;
	struct httpd		*httpd;
	struct bufferevent	*bev;
	struct event		*deadline;
	enum conn_state		 state;
	struct httpd_request	*request;	/* in CONN_THINK */
	bool			 last, head;	/* no other request; HEAD */
	bool			 eof;		/* nothing more comes */
	size_t			 drained;
};
TAILQ_HEAD(conns, conn);

struct httpd_request {
	struct conn		*conn;		/* NULL: the client is gone */
	struct httpd_head	 head;
	char			 text[HTTPD_HEAD + 1];
};

struct evconnlistener;
struct httpd {
	struct loop		*loop;
	struct httpd_conf	 conf;
	struct evconnlistener	*listener;
	struct event		*rested;
	struct httpd_auth	*auth;		/* NULL: everybody may read */
	bool			 numbers;	/* bound to more than loopback */
	char			 address[96];
	struct conns		 conns, streams;
	unsigned		 count, stream_count;
	struct event		*tick;
};

/* httpd.c */
void conn_new(struct httpd *d, evutil_socket_t fd);
void conn_streams(struct conn *c);		/* its answer goes on from here */
void conn_enter(struct conn *c, enum conn_state state);
void conn_free(struct conn *c);
void httpd_timer(struct event *timer, unsigned ms);	/* by the clock on the wall */
bool httpd_bind(struct httpd *d, struct err *e) MUST_CHECK;	/* httpd_bind.c */

/* httpd_answer.c. The body is taken; r: of whose request, NULL for a broken one. */
void conn_write(struct conn *c, const struct httpd_head *h,
    const struct httpd_answer *a);
/* An answer of our own, behind which the connection ends; why is a constant. */
void conn_refuse(struct conn *c, const struct httpd_head *h, int status,
    const char *why);

#endif

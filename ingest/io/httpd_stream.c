/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd_stream.c - see httpd.h: answers that go on. A stream has no length, so it
 * ends with its connection. What waits to be read by its client is bounded, here
 * and in the kernel; who lets it grow, or reads nothing for write_ms, is let go.
 * Connections that became streams no longer count among the others.
 */
#include "io/httpd_in.h"
#include "io/httpd_text.h"
#include "io/loop.h"

#include <stdlib.h>
#include <sys/socket.h>

#define WAITING_MAX	((size_t)64 << 10)
#define KERNEL_BYTES	(64 << 10)
#define TICK_US		250000

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct httpd *d = arg;

	UNUSED(fd);
	UNUSED(what);
	if (TAILQ_EMPTY(&d->streams))
		evtimer_del(d->tick);
	else if (d->conf.tick != NULL)
		d->conf.tick(d->conf.arg);
}

static void
start_ticking(struct httpd *d)
{
	if (d->tick == NULL)
		d->tick = event_new(loop_base(d->loop), -1, EV_PERSIST, on_tick, d);
	if (d->tick == NULL)
		die("no memory for a server");
	if (!evtimer_pending(d->tick, NULL))
		event_add(d->tick, &(struct timeval){ .tv_usec = TICK_US });
}

/* False: the client is gone. */
static bool
send_bytes(struct conn *c, const char *p, size_t n)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);

	if (evbuffer_get_length(out) + n > WAITING_MAX) {
		conn_free(c);
		return false;
	}
	evbuffer_add(out, p, n);
	if (!evtimer_pending(c->deadline, NULL))	/* until all of it is read */
		httpd_timer(c->deadline, c->httpd->conf.write_ms);
	return true;
}

static void
begin(struct conn *c, const char *type, const struct buf *first)
{
	struct buf head = BUF(4096);
	int bytes = KERNEL_BYTES;

	c->last = true;
	httpd_head_text(&head, &(struct httpd_text){ .status = 200, .endless = true,
	    .a = &(struct httpd_answer){ .type = type } }, true);
	if (c->head) {
		evbuffer_add(bufferevent_get_output(c->bev), head.data, head.len);
		conn_enter(c, CONN_WRITE);
	} else {
		setsockopt(bufferevent_getfd(c->bev), SOL_SOCKET, SO_SNDBUF, &bytes,
		    sizeof(bytes));
		conn_streams(c);
		start_ticking(c->httpd);
		if (send_bytes(c, head.data, head.len))
			send_bytes(c, buf_str(first), first->len);
	}
	buf_fini(&head);
}

void
httpd_stream(struct httpd_request *r, const char *type, struct buf *first)
{
	struct conn *c = r->conn;

	if (c == NULL || c->eof) {		/* nobody reads on */
		if (c != NULL)
			conn_free(c);
	} else if (c->httpd->stream_count >= c->httpd->conf.max_streams) {
		c->request = NULL;
		conn_refuse(c, &r->head, 503, "As many clients as there may be watch "
		    "already: one must leave first.");
	} else {
		c->request = NULL;
		begin(c, type, first);
	}
	buf_fini(first);
	free(r);
}

void
httpd_streams_send(struct httpd *d, const char *p, size_t n)
{
	struct conn *c, *next;

	for (c = TAILQ_FIRST(&d->streams); c != NULL; c = next) {
		next = TAILQ_NEXT(c, link);
		send_bytes(c, p, n);
	}
}

unsigned
httpd_streams(const struct httpd *d)
{
	return d->stream_count;
}

unsigned
httpd_streams_most(const struct httpd *d)
{
	return d->conf.max_streams;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd.c - see httpd.h. A connection's state is where its bytes go:
 *
 *	READ ──► THINK ──► WRITE ──┬──► READ (kept alive)
 *	  └─ refused ──────► WRITE └──► LINGER ──► closed
 *
 * Each state has one deadline, set when it begins and moved by nothing. LINGER
 * lets a client read the last answer before what it still sends resets it.
 */
#include "io/httpd.h"
#include "base/log.h"
#include "base/str.h"
#include "io/httpd_parse.h"
#include "io/httpd_text.h"
#include "io/loop.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

#define INPUT_MAX	(2 * HTTPD_HEAD)
#define LINGER_MS	2000
#define LINGER_BYTES	(256 * 1024)
#define TIRED_MS	200	/* no descriptors left: not before */

enum conn_state { CONN_READ, CONN_THINK, CONN_WRITE, CONN_LINGER };

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

struct httpd_request {
	struct conn		*conn;		/* NULL: the client is gone */
	struct httpd_head	 head;
	char			 text[HTTPD_HEAD + 1];
};

struct httpd {
	struct loop		*loop;
	struct httpd_conf	 conf;
	struct evconnlistener	*listener;
	struct event		*rested;
	bool			 numbers;	/* bound to more than loopback */
	char			 address[96];
	TAILQ_HEAD(, conn)	 conns;
	unsigned		 count;
};

/* By the clock on the wall: clients live in it even when ours is virtual. */
static void
set_timer(struct event *timer, unsigned ms)
{
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	evtimer_del(timer);
	evtimer_add(timer, &tv);
}

static void
conn_enter(struct conn *c, enum conn_state state)
{
	const struct httpd_conf *conf = &c->httpd->conf;
	unsigned ms = state == CONN_READ ? conf->read_ms :
	    state == CONN_THINK ? conf->think_ms :
	    state == CONN_WRITE ? conf->write_ms : LINGER_MS;

	c->state = state;
	set_timer(c->deadline, ms);
	if ((state == CONN_READ || state == CONN_LINGER) && !c->eof)
		bufferevent_enable(c->bev, EV_READ);
}

static void
conn_free(struct conn *c)
{
	struct httpd *d = c->httpd;

	if (c->request != NULL)
		c->request->conn = NULL;
	TAILQ_REMOVE(&d->conns, c, link);
	event_free(c->deadline);
	bufferevent_free(c->bev);
	free(c);
	if (d->count-- == d->conf.max_connections && !evtimer_pending(d->rested, NULL))
		evconnlistener_enable(d->listener);
}

/* The answer's way out; the body is taken. */
static void
conn_write(struct conn *c, const struct httpd_answer *a)
{
	struct buf head = BUF(4096);
	struct evbuffer *out = bufferevent_get_output(c->bev);

	httpd_head_text(&head, a, c->last);
	evbuffer_add(out, head.data, head.len);
	if (!c->head && a->body->len > 0)
		evbuffer_add(out, a->body->data, a->body->len);
	buf_fini(&head);
	buf_fini(a->body);
	conn_enter(c, CONN_WRITE);
}

/* An answer of our own; why is a constant, so nothing is reflected. */
static void
conn_refuse(struct conn *c, int status, const char *why)
{
	struct buf body = BUF(1024);

	c->last = true;
	httpd_status_text(&body, status, why);
	conn_write(c, &(struct httpd_answer){ .status = status,
	    .type = "text/plain; charset=utf-8", .body = &body });
}

static const struct httpd_route *
find_route(const struct httpd *d, const char *path)
{
	for (const struct httpd_route *r = d->conf.routes; r->path != NULL; r++)
		if (str_eq(r->path, path))
			return r;
	return NULL;
}

static bool
is_ours(const struct httpd *d, const char *host)
{
	return host == NULL || httpd_host(host, d->numbers, d->conf.names);
}

/* A whole head came: n bytes of the input. */
static void
conn_request(struct conn *c, size_t n)
{
	struct httpd *d = c->httpd;
	struct httpd_request *r = xcalloc(1, sizeof(*r));
	const struct httpd_route *route;
	const char *why;
	int status;

	evbuffer_remove(bufferevent_get_input(c->bev), r->text, n);
	status = httpd_parse(r->text, n, &r->head, &why);
	c->head = str_eq(r->head.method, "HEAD");
	c->last = r->head.last || status != 0;
	if (status == 0 && (!is_ours(d, r->head.host) ||
	    !is_ours(d, r->head.authority))) {
		status = 421;
		why = "This name is not served here.";
	}
	route = status == 0 ? find_route(d, r->head.path) : NULL;
	if (status == 0 && route == NULL) {
		status = 404;
		why = "There is no such page.";
	}
	if (status == 0 && !c->head && !str_eq(r->head.method, "GET")) {
		status = 405;
		why = "This page is read, with GET or HEAD.";
	}
	if (status != 0) {
		free(r);
		conn_refuse(c, status, why);
		return;
	}
	r->conn = c;
	c->request = r;
	conn_enter(c, CONN_THINK);
	route->fn(d->conf.arg, r);	/* may answer at once */
}

static void
conn_read(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	struct evbuffer_ptr end = evbuffer_search(in, "\r\n\r\n", 4, NULL);

	if (end.pos >= 0 && end.pos + 4 <= HTTPD_HEAD)
		conn_request(c, (size_t)end.pos + 4);
	else if (end.pos >= 0 || evbuffer_get_length(in) >= HTTPD_HEAD)
		conn_refuse(c, 431, "The head of a request has at most 8 KiB.");
	else if (evbuffer_search(in, "\n\n", 2, NULL).pos >= 0)
		conn_refuse(c, 400, "Lines end with CR LF.");
}

static void
on_read(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	struct evbuffer *in = bufferevent_get_input(bev);

	if (c->state == CONN_READ) {
		conn_read(c);
	} else if (c->state != CONN_LINGER) {
		/* libevent calls again and again while the input is full */
		if (evbuffer_get_length(in) >= INPUT_MAX)
			bufferevent_disable(bev, EV_READ);
	} else {
		c->drained += evbuffer_get_length(in);
		evbuffer_drain(in, evbuffer_get_length(in));
		if (c->drained > LINGER_BYTES)
			conn_free(c);
	}
}

/* All that was to be written is. */
static void
on_written(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;

	if (c->state != CONN_WRITE)
		return;
	if (!c->last) {
		conn_enter(c, CONN_READ);
		conn_read(c);		/* the next request may be here already */
	} else if (c->eof) {
		conn_free(c);
	} else {
		shutdown(bufferevent_getfd(bev), SHUT_WR);
		conn_enter(c, CONN_LINGER);
		on_read(bev, c);
	}
}

/* Who will send no more may still read an answer. */
static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct conn *c = arg;

	if ((what & BEV_EVENT_EOF) != 0 &&
	    (c->state == CONN_THINK || c->state == CONN_WRITE)) {
		c->last = c->eof = true;
		bufferevent_disable(bev, EV_READ);
		return;
	}
	conn_free(c);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;

	UNUSED(fd);
	UNUSED(what);
	if (c->state == CONN_READ &&
	    evbuffer_get_length(bufferevent_get_input(c->bev)) > 0) {
		conn_refuse(c, 408, "The request took too long to arrive.");
	} else if (c->state == CONN_THINK) {
		c->request->conn = NULL;
		c->request = NULL;
		conn_refuse(c, 503, "The answer took too long to find.");
	} else {
		conn_free(c);
	}
}

static void
on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *sa,
    int len, void *arg)
{
	struct httpd *d = arg;
	struct conn *c = xcalloc(1, sizeof(*c));

	UNUSED(sa);
	UNUSED(len);
	*c = (struct conn){ .httpd = d };
	c->bev = bufferevent_socket_new(loop_base(d->loop), fd, BEV_OPT_CLOSE_ON_FREE);
	c->deadline = evtimer_new(loop_base(d->loop), on_deadline, c);
	if (c->bev == NULL || c->deadline == NULL)
		die("no memory for a connection");
	TAILQ_INSERT_TAIL(&d->conns, c, link);
	if (++d->count == d->conf.max_connections)
		evconnlistener_disable(listener);
	bufferevent_setcb(c->bev, on_read, on_written, on_event, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, INPUT_MAX);
	conn_enter(c, CONN_READ);
}

/* No descriptors, no memory: libevent would try again at once, for ever. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
	struct httpd *d = arg;

	log_warn("web: takes no connections for a moment: %s; if this goes on, raise the "
	    "limit (LimitNOFILE= of its unit, or ulimit -n)", strerror(errno));
	evconnlistener_disable(listener);
	set_timer(d->rested, TIRED_MS);
}

static void
on_rested(evutil_socket_t fd, short what, void *arg)
{
	struct httpd *d = arg;

	UNUSED(fd);
	UNUSED(what);
	if (d->count < d->conf.max_connections)
		evconnlistener_enable(d->listener);
}

/* Tries one port; false when it is taken. */
static bool
bind_port(struct httpd *d, struct sockaddr *sa, int len, unsigned port)
{
	if (sa->sa_family == AF_INET6)
		((struct sockaddr_in6 *)(void *)sa)->sin6_port = htons((uint16_t)port);
	else
		((struct sockaddr_in *)(void *)sa)->sin_port = htons((uint16_t)port);
	d->listener = evconnlistener_new_bind(loop_base(d->loop), on_accept, d,
	    LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1, sa,
	    len);
	return d->listener != NULL;
}

static bool
bind_any(struct httpd *d, struct err *e)
{
	struct sockaddr_storage ss;
	struct sockaddr *sa = (struct sockaddr *)&ss;
	unsigned from, to;
	socklen_t len;
	int code = 0;

	if (!httpd_listen_parse(d->conf.listen, &ss, &len, &from, &to, e))
		return false;
	for (unsigned port = from; port <= to && d->listener == NULL; port++)
		if (!bind_port(d, sa, (int)len, port)) {
			code = errno;
			if (code != EADDRINUSE)
				break;
		}
	if (d->listener == NULL)
		return err_set(e, ERR_SYSTEM, code, "cannot listen on %s: %s",
		    d->conf.listen, strerror(code));
	len = sizeof(ss);
	if (getsockname(evconnlistener_get_fd(d->listener), sa, &len) != 0)
		die("getsockname: %s", strerror(errno));
	httpd_listen_text(&ss, d->address, sizeof(d->address), &d->numbers);
	evconnlistener_set_error_cb(d->listener, on_accept_error);
	return true;
}

struct httpd *
httpd_new(struct loop *l, const struct httpd_conf *conf, struct err *e)
{
	struct httpd *d = xcalloc(1, sizeof(*d));

	*d = (struct httpd){ .loop = l, .conf = *conf };
	TAILQ_INIT(&d->conns);
	if (d->conf.max_connections == 0)
		d->conf.max_connections = 128;
	if (d->conf.read_ms == 0)
		d->conf.read_ms = 10000;
	if (d->conf.think_ms == 0)
		d->conf.think_ms = 30000;
	if (d->conf.write_ms == 0)
		d->conf.write_ms = 30000;
	if (!bind_any(d, e)) {
		free(d);
		return NULL;
	}
	d->rested = evtimer_new(loop_base(l), on_rested, d);
	if (d->rested == NULL)
		die("no memory for a server");
	return d;
}

const char *
httpd_address(const struct httpd *d)
{
	return d->address;
}

void
httpd_free(struct httpd *d)
{
	struct conn *c;

	if (d == NULL)
		return;
	while ((c = TAILQ_FIRST(&d->conns)) != NULL)
		conn_free(c);
	event_free(d->rested);
	evconnlistener_free(d->listener);
	free(d);
}

bool
httpd_param(const struct httpd_request *r, size_t n, const char **name,
    const char **value)
{
	if (n >= r->head.params)
		return false;
	*name = r->head.param[n].name;
	*value = r->head.param[n].value;
	return true;
}

bool
httpd_gone(const struct httpd_request *r)
{
	return r->conn == NULL;
}

void
httpd_answer(struct httpd_request *r, const struct httpd_answer *a)
{
	struct conn *c = r->conn;

	free(r);
	if (c == NULL) {
		buf_fini(a->body);
		return;
	}
	c->request = NULL;
	conn_write(c, a);
}

void
httpd_answer_text(struct httpd_request *r, int status, const char *text)
{
	struct buf body = BUF(1024);

	httpd_status_text(&body, status, text);
	httpd_answer(r, &(struct httpd_answer){ .status = status,
	    .type = "text/plain; charset=utf-8", .body = &body });
}

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
#include "io/httpd_in.h"
#include "base/str.h"
#include "io/httpd_text.h"
#include "io/loop.h"

#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define INPUT_MAX	(2 * HTTPD_HEAD)
#define LINGER_MS	2000
#define LINGER_BYTES	(256 * 1024)

/* By the clock on the wall: clients live in it even when ours is virtual. */
void
httpd_timer(struct event *timer, unsigned ms)
{
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	evtimer_del(timer);
	evtimer_add(timer, &tv);
}

void
conn_enter(struct conn *c, enum conn_state state)
{
	const struct httpd_conf *conf = &c->httpd->conf;
	unsigned ms = state == CONN_READ ? conf->read_ms :
	    state == CONN_THINK ? conf->think_ms :
	    state == CONN_WRITE ? conf->write_ms : LINGER_MS;

	c->state = state;
	httpd_timer(c->deadline, ms);
	if ((state == CONN_READ || state == CONN_LINGER) && !c->eof)
		bufferevent_enable(c->bev, EV_READ);
}

/* One connection less of those that are counted: there is room for another. */
static void
uncount(struct httpd *d)
{
	if (d->count-- == d->conf.max_connections && !evtimer_pending(d->rested, NULL))
		evconnlistener_enable(d->listener);
}

void
conn_free(struct conn *c)
{
	struct httpd *d = c->httpd;

	if (c->request != NULL)
		c->request->conn = NULL;
	if (c->state == CONN_STREAM) {
		TAILQ_REMOVE(&d->streams, c, link);
		d->stream_count--;
	} else {
		TAILQ_REMOVE(&d->conns, c, link);
		uncount(d);
	}
	event_free(c->deadline);
	bufferevent_free(c->bev);
	free(c);
}

void
conn_streams(struct conn *c)
{
	struct httpd *d = c->httpd;

	TAILQ_REMOVE(&d->conns, c, link);
	uncount(d);
	TAILQ_INSERT_TAIL(&d->streams, c, link);
	d->stream_count++;
	c->state = CONN_STREAM;
	evtimer_del(c->deadline);
	bufferevent_enable(c->bev, EV_READ);
}

static bool
fits(const char *pattern, const char *path)
{
	size_t n = strlen(pattern) - 1;

	return pattern[n] == '*' ? strncmp(path, pattern, n) == 0 :
	    str_eq(path, pattern);
}

static const struct httpd_route *
find_route(const struct httpd *d, const char *path)
{
	for (const struct httpd_route *r = d->conf.routes; r->path != NULL; r++)
		if (fits(r->path, path))
			return r;
	return NULL;
}

static bool
is_ours(const struct httpd *d, const char *host)
{
	return host == NULL || httpd_host(host, d->numbers, d->conf.names);
}

/* Refused without a handler; r goes. */
static void
refuse(struct httpd_request *r, int status, const char *why)
{
	struct conn *c = r->conn;

	c->request = NULL;
	conn_refuse(c, &r->head, status, why);
	free(r);
}

/* Somebody who may read: what is wanted? */
static void
serve(struct httpd_request *r)
{
	struct httpd *d = r->conn->httpd;
	const struct httpd_route *route = find_route(d, r->head.path);

	if (route == NULL)
		refuse(r, 404, "There is no such page.");
	else if (!r->conn->head && !str_eq(r->head.method, "GET"))
		refuse(r, 405, "This page is read, with GET or HEAD.");
	else
		route->fn(d->conf.arg, r);	/* may answer at once */
}

static void
on_verdict(void *arg, enum httpd_verdict v)
{
	struct httpd_request *r = arg;

	if (r->conn == NULL)
		free(r);
	else if (v == VERDICT_YES)
		serve(r);
	else if (v == VERDICT_AWAY)
		refuse(r, 503, "Who may read cannot be told now; the log says why.");
	else
		refuse(r, 401, "Say who you are.");
}

/* A whole head came: n bytes of the input. */
static void
conn_request(struct conn *c, size_t n)
{
	struct httpd *d = c->httpd;
	struct httpd_request *r = xcalloc(1, sizeof(*r));
	enum httpd_verdict v = VERDICT_YES;
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
	if (status != 0) {
		conn_refuse(c, status == 421 ? &r->head : NULL, status, why);
		free(r);
		return;
	}
	r->conn = c;
	c->request = r;
	conn_enter(c, CONN_THINK);
	if (d->auth != NULL)
		v = httpd_auth_ask(d->auth, r->head.authorization, on_verdict, r);
	if (v != VERDICT_LATER)
		on_verdict(r, v);
}

static void
conn_read(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	struct evbuffer_ptr end = evbuffer_search(in, "\r\n\r\n", 4, NULL);

	if (end.pos >= 0 && end.pos + 4 <= HTTPD_HEAD)
		conn_request(c, (size_t)end.pos + 4);
	else if (end.pos >= 0 || evbuffer_get_length(in) >= HTTPD_HEAD)
		conn_refuse(c, NULL, 431, "The head of a request has at most 8 KiB.");
	else if (evbuffer_search(in, "\n\n", 2, NULL).pos >= 0)
		conn_refuse(c, NULL, 400, "Lines end with CR LF.");
}

static void
on_read(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	struct evbuffer *in = bufferevent_get_input(bev);

	if (c->state == CONN_READ) {
		conn_read(c);
	} else if (c->state == CONN_THINK || c->state == CONN_WRITE) {
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

	if (c->state == CONN_STREAM)
		evtimer_del(c->deadline);	/* it keeps up */
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
	struct httpd_request *r = c->request;

	UNUSED(fd);
	UNUSED(what);
	if (c->state == CONN_READ &&
	    evbuffer_get_length(bufferevent_get_input(c->bev)) > 0) {
		conn_refuse(c, NULL, 408, "The request took too long to arrive.");
	} else if (c->state == CONN_THINK) {
		r->conn = NULL;
		c->request = NULL;
		conn_refuse(c, &r->head, 503, "The answer took too long to find.");
	} else {
		conn_free(c);
	}
}

void
conn_new(struct httpd *d, evutil_socket_t fd)
{
	struct conn *c = xcalloc(1, sizeof(*c));

	*c = (struct conn){ .httpd = d };
	c->bev = bufferevent_socket_new(loop_base(d->loop), fd, BEV_OPT_CLOSE_ON_FREE);
	c->deadline = evtimer_new(loop_base(d->loop), on_deadline, c);
	if (c->bev == NULL || c->deadline == NULL)
		die("no memory for a connection");
	TAILQ_INSERT_TAIL(&d->conns, c, link);
	if (++d->count == d->conf.max_connections)
		evconnlistener_disable(d->listener);
	bufferevent_setcb(c->bev, on_read, on_written, on_event, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, INPUT_MAX);
	conn_enter(c, CONN_READ);
}

struct httpd *
httpd_new(struct loop *l, const struct httpd_conf *conf, struct err *e)
{
	struct httpd *d = xcalloc(1, sizeof(*d));

	*d = (struct httpd){ .loop = l, .conf = *conf };
	TAILQ_INIT(&d->conns);
	TAILQ_INIT(&d->streams);
	if (d->conf.max_connections == 0)
		d->conf.max_connections = 128;
	if (d->conf.max_streams == 0)
		d->conf.max_streams = 200;
	if (d->conf.read_ms == 0)
		d->conf.read_ms = 10000;
	if (d->conf.think_ms == 0)
		d->conf.think_ms = 30000;
	if (d->conf.write_ms == 0)
		d->conf.write_ms = 30000;
	if (conf->auth_file != NULL)
		d->auth = httpd_auth_new(l, conf->auth_file, e);
	if ((conf->auth_file != NULL && d->auth == NULL) || !httpd_bind(d, e)) {
		httpd_auth_free(d->auth);
		free(d);
		return NULL;
	}
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
	while ((c = TAILQ_FIRST(&d->streams)) != NULL)
		conn_free(c);
	while ((c = TAILQ_FIRST(&d->conns)) != NULL)
		conn_free(c);
	httpd_auth_free(d->auth);	/* those who wait for it are gone */
	if (d->tick != NULL)
		event_free(d->tick);
	event_free(d->rested);
	evconnlistener_free(d->listener);
	free(d);
}

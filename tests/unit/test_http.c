/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests to servers that misbehave: each says the bytes of its row and leaves.
 * What the caller is told is read as "failure status body".
 */
#include "base/str.h"
#include "io/http.h"
#include "io/loop.h"
#include "tap.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

static const char *const failures[] = { "ok", "unreachable", "timeout", "cut",
    "too large" };

static struct loop *loop;
static struct evconnlistener *listener;
static struct http *http;
static char base[64], told[512];
static struct buf says;		/* what the server answers with */
static bool silent;		/* it does not leave after that */
static unsigned asked, delivered;

static void
on_gone(struct bufferevent *bev, short what, void *arg)
{
	UNUSED(what);
	UNUSED(arg);
	bufferevent_free(bev);
}

static void
on_written(struct bufferevent *bev, void *arg)
{
	UNUSED(arg);
	if (!silent)
		bufferevent_free(bev);
}

static void
on_head(struct bufferevent *bev, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(bev);

	UNUSED(arg);
	if (evbuffer_search(in, "\r\n\r\n", 4, NULL).pos < 0)
		return;
	evbuffer_drain(in, evbuffer_get_length(in));
	asked++;
	if (says.len > 0)
		bufferevent_write(bev, says.data, says.len);
	else if (!silent)
		bufferevent_free(bev);
}

static void
on_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *sa, int len,
    void *arg)
{
	struct bufferevent *bev = bufferevent_socket_new(loop_base(loop), fd,
	    BEV_OPT_CLOSE_ON_FREE);

	UNUSED(l);
	UNUSED(sa);
	UNUSED(len);
	UNUSED(arg);
	bufferevent_setcb(bev, on_head, on_written, on_gone, NULL);
	bufferevent_enable(bev, EV_READ);
}

static void
on_done(void *arg, struct http_reply *r)
{
	UNUSED(arg);
	delivered++;
	snprintf(told, sizeof(told), "%s %d %.200s", failures[r->failure], r->status,
	    buf_str(&r->body));
	if ((r->failure == HTTP_OK) != (r->why[0] == '\0'))
		str_copy(told, sizeof(told), "a reason where there is none, or none");
	loop_stop(loop);
}

static const char *
ask(const char *url)
{
	told[0] = '\0';
	http_start(http, &(struct http_spec){ .url = url, .max_reply = 1 << 20,
	    .timeout_ms = silent ? 300 : 8000,
	    .headers = (const char *const[]){ "Authorization: Bearer x", NULL } },
	    on_done, NULL);
	loop_run(loop);
	return told;
}

static const char *
ask_when_said(const char *text)
{
	buf_clear(&says);
	buf_puts(&says, text);
	return ask(base);
}

static void
broken(void)
{
	is_str(ask_when_said("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), "ok 200 hi",
	    "a whole reply");
	is_str(ask_when_said("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"),
	    "cut 200 hi", "a body that ends too early");
	is_str(ask_when_said("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "2\r\nhi\r\n"), "cut 200 hi", "chunks without an end");
	is_str(ask_when_said("HTTP/1.1 200 OK\r\nContent-Le"), "cut 200 ",
	    "a head that ends too early");
	is_str(ask_when_said(""), "cut 0 ", "no answer");
	is_str(ask_when_said("I am no server of HTTP\r\n\r\n"), "cut 0 ", "not HTTP");
	is_str(ask_when_said("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
	    "Content-Length: 0\r\n\r\n"), "ok 302 ", "a redirect is not followed");
	is_str(ask_when_said("HTTP/1.1 100 Continue\r\nX: a\r\n\r\nHTTP/1.1 204 No\r\n"
	    "X: b\r\n\r\n"), "ok 204 ", "100 Continue is no answer");
	is_str(ask("file:///etc/hostname"), "cut 0 ", "another protocol");
	is_str(ask("http://127.0.0.1:1/"), "unreachable 0 ", "nobody there");
	silent = true;
	is_str(ask_when_said("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"),
	    "timeout 200 hi", "a reply that stops coming");
	silent = false;
}

static void
say_gzip(const struct buf *packed, size_t n)
{
	buf_clear(&says);
	buf_printf(&says, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
	    "Content-Length: %zu\r\n\r\n", n);
	buf_add(&says, packed->data, n);
}

static void
large(void)
{
	static char zeros[1 << 20];
	struct buf plain = BUF((size_t)64 << 20), packed = BUF(1 << 20);

	http_gzip("{\"a\":1}", 7, 6, &packed);
	say_gzip(&packed, packed.len);
	is_str(ask(base), "ok 200 {\"a\":1}", "gzip");
	say_gzip(&packed, packed.len - 10);
	ok(strchr(ask(base), '}') == NULL, "gzip that ends too early: %s", told);
	buf_fini(&packed);
	for (int i = 0; i < 50; i++)
		buf_add(&plain, zeros, sizeof(zeros));
	http_gzip(plain.data, plain.len, 9, &packed);
	say_gzip(&packed, packed.len);
	ok(packed.len < 100000 && str_starts(ask(base), "too large 200 "),
	    "50 MB in %zu bytes of gzip", packed.len);
	buf_fini(&packed);
	buf_fini(&plain);
	buf_clear(&says);
	buf_puts(&says, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 80; i++)
		buf_printf(&says, "X-%d: %01000d\r\n", i, 1);
	buf_puts(&says, "Content-Length: 0\r\n\r\n");
	is_str(ask(base), "too large 200 ", "80 KB of headers");
}

/* The token of a request to this machine is nobody's on the way. */
static void
proxies(void)
{
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	is_str(ask_when_said("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), "ok 200 hi",
	    "loopback is not asked of a proxy");
	asked = 0;
	setenv("http_proxy", base, 1);
	is_str(ask("http://sim.example/"), "ok 200 hi", "others are");
	is_int(asked, 1, "by way of it");
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
}

static void
on_free(void *arg, struct http_reply *r)
{
	UNUSED(arg);
	UNUSED(r);
	delivered++;
	http_free(http);
	http = NULL;
	loop_stop(loop);
}

static void
lives(void)
{
	struct http_spec spec = { .url = base, .max_reply = 100, .timeout_ms = 8000 };
	struct http_call *waiting;

	delivered = 0;
	http_start(http, &spec, on_done, NULL);
	waiting = http_start(http, &spec, on_done, NULL);
	http_cancel(waiting);
	loop_run(loop);
	is_int(delivered, 1, "who is cancelled hears nothing");
	delivered = 0;
	for (int i = 0; i < 5; i++)
		http_start(http, &spec, i == 0 ? on_free : on_done, NULL);
	loop_run(loop);
	is_int(delivered, 1, "nor do others, when all is freed inside done");
}

int
main(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	socklen_t len = sizeof(sa);
	struct err e;

	says = BUF(1 << 20);
	loop = loop_new(&e);
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = evconnlistener_new_bind(loop_base(loop), on_accept, NULL,
	    LEV_OPT_CLOSE_ON_FREE, -1, (struct sockaddr *)&sa, sizeof(sa));
	getsockname(evconnlistener_get_fd(listener), (struct sockaddr *)&sa, &len);
	snprintf(base, sizeof(base), "http://127.0.0.1:%d/", ntohs(sa.sin_port));
	http = http_new(loop, &(struct http_conf){ .max_inflight = 2 }, &e);
	broken();
	large();
	proxies();
	lives();
	http_free(http);
	evconnlistener_free(listener);
	buf_fini(&says);
	loop_free(loop);
	return done();
}

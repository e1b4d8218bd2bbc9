/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_httpd_stream.c - answers that go on: to whom, how many, how much waits for
 * who does not read, and how they end.
 */
#include "tap.h"

#include "base/str.h"
#include "io/httpd.h"
#include "talk.h"

#include <sys/resource.h>

#define MANY	200

static struct loop *loop;
static struct httpd *httpd;
static unsigned ticks, stop_at;

static void
on_stream(void *arg, struct httpd_request *r)
{
	struct buf first = BUF(100);

	UNUSED(arg);
	buf_puts(&first, "first\n");
	httpd_stream(r, "text/event-stream", &first);
	loop_stop(loop);
}

static void
on_hello(void *arg, struct httpd_request *r)
{
	UNUSED(arg);
	httpd_answer_text(r, 200, "hello");
}

static void
on_tick(void *arg)
{
	UNUSED(arg);
	if (++ticks == stop_at)
		loop_stop(loop);
}

static const struct httpd_route routes[] = {
	{ "/api/stream", on_stream }, { "/hello", on_hello }, { .path = NULL }
};

static void
serve(unsigned connections, unsigned write_ms)
{
	struct err e = { 0 };

	httpd = httpd_new(loop, &(struct httpd_conf){ .listen = "127.0.0.1:0",
	    .routes = routes, .tick = on_tick, .max_connections = connections,
	    .write_ms = write_ms, .json_below = "/api/" }, &e);
	if (httpd == NULL)
		printf("# %s\n", e.text);
}

static void
open_stream(struct talk *t, const char *method)
{
	char *request = xasprintf("%s /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n",
	    method);

	talk_open(t, loop, httpd_address(httpd));
	talk_say(t, request);
	loop_run(loop);
	free(request);
}

/* What has come so far, at most until want ends it. */
static bool
hears(struct talk *t, const char *want)
{
	unsigned n = 0;

	for (; n < 1000 && !t->closed && !t->late && !str_ends(buf_str(&t->got), want); n++) {
		event_add(t->readable, NULL);
		event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
		event_del(t->readable);
	}
	return str_ends(buf_str(&t->got), want);
}

static void
test_stream(void)
{
	struct talk t, other;

	serve(1, 0);
	open_stream(&t, "GET");
	ok(hears(&t, "\r\n\r\nfirst\n"), "begins at once");
	ok(strstr(buf_str(&t.got), "\r\nContent-Type: text/event-stream\r\n") != NULL &&
	    strstr(buf_str(&t.got), "\r\nConnection: close\r\n") != NULL &&
	    strstr(buf_str(&t.got), "Content-Length") == NULL &&
	    strstr(buf_str(&t.got), "no-store") != NULL, "without a length");
	httpd_streams_send(httpd, "second\n", 7);
	ok(hears(&t, "first\nsecond\n"), "and goes on");
	talk_open(&other, loop, httpd_address(httpd));
	talk_say(&other, "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
	ok(str_starts(talk_hear(&other, 1), "HTTP/1.1 200 "),
	    "it is not one of the connections that are counted");
	talk_close(&other);
	stop_at = ticks + 2;
	loop_run(loop);
	ok(ticks >= 2, "the server ticks");
	is_int(httpd_streams(httpd), 1, "one stream");
	shutdown(t.fd, SHUT_WR);
	for (int i = 0; i < 1000 && httpd_streams(httpd) > 0; i++)
		event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
	is_int(httpd_streams(httpd), 0, "its client leaves");
	talk_close(&t);
	open_stream(&t, "HEAD");
	t.head = true;
	talk_hear(&t, 0);
	ok(t.closed && str_ends(buf_str(&t.got), "\r\n\r\n"), "HEAD is the head alone");
	talk_close(&t);
	open_stream(&t, "GET");
	httpd_free(httpd);
	hears(&t, "first\n");
	talk_hear(&t, 0);
	ok(t.closed && !t.late, "a server that ends ends them");
	talk_close(&t);
}

static void
test_many(void)
{
	static struct talk t[MANY];
	struct rlimit files;
	struct talk more;
	unsigned whole = 0;

	getrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_cur < 2 * MANY + 50) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	serve(4, 0);
	for (size_t i = 0; i < MANY; i++)
		open_stream(&t[i], "GET");
	is_int(httpd_streams(httpd), MANY, "two hundred");
	open_stream(&more, "GET");
	ok(str_starts(talk_hear(&more, 0), "HTTP/1.1 503 ") &&
	    strstr(buf_str(&more.got), "{\"error\":{\"reason\":\"As many clients") != NULL,
	    "and one more is told why not");
	talk_close(&more);
	httpd_streams_send(httpd, "all\n", 4);
	for (size_t i = 0; i < MANY; i++)
		whole += hears(&t[i], "first\nall\n");
	is_int(whole, MANY, "all of them hear it");
	talk_close(&t[0]);
	for (int i = 0; i < 1000 && httpd_streams(httpd) == MANY; i++)
		event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
	open_stream(&t[0], "GET");
	ok(hears(&t[0], "first\n"), "when one left there is room");
	for (size_t i = 0; i < MANY; i++)
		talk_close(&t[i]);
	httpd_free(httpd);
}

static void
test_slow(void)
{
	static char block[8192];
	int small = 4096, sent = 0;
	struct talk slow, quick;

	memset(block, 'x', sizeof(block));
	block[sizeof(block) - 1] = '\n';
	serve(4, 60000);
	open_stream(&slow, "GET");
	setsockopt(slow.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	open_stream(&quick, "GET");
	for (; sent < 1000 && httpd_streams(httpd) == 2; sent++) {
		httpd_streams_send(httpd, block, sizeof(block));
		hears(&quick, "x\n");
		buf_clear(&quick.got);
	}
	ok(sent > 8 && sent < 200, "who does not read is let go, after %d KiB", sent * 8);
	is_int(httpd_streams(httpd), 1, "alone");
	httpd_streams_send(httpd, "still\n", 6);
	ok(hears(&quick, "still\n"), "who reads goes on");
	talk_close(&slow);
	talk_close(&quick);
	httpd_free(httpd);
}

int
main(void)
{
	struct err e = { 0 };

	loop = loop_new(&e);
	test_stream();
	test_many();
	test_slow();
	loop_free(loop);
	return done();
}

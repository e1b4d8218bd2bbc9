/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_httpd_clients.c - clients that are slow, that go away, that send or want too
 * much, that are too many.
 */
#include "tap.h"

#include "base/clock.h"
#include "served.h"

#include <sys/resource.h>

struct drip {
	struct talk	*talk;
	struct timer	*timer;
	unsigned	 bytes;
};

static void
on_drip(void *arg)
{
	struct drip *d = arg;

	if (talk_send(d->talk, "a", 1))
		d->bytes++;
	timer_set(d->timer, 5);
}

static void
test_slow(void)
{
	struct drip d = { 0 };
	struct talk t;

	serve(&(struct httpd_conf){ .read_ms = 100 });
	talk_open(&t, loop, httpd_address(httpd));
	talk_say(&t, "GET /hel");
	ok(str_starts(talk_hear(&t, 0), "HTTP/1.1 408 ") && t.closed, "half a request");
	talk_close(&t);
	talk_open(&t, loop, httpd_address(httpd));
	ok(talk_hear(&t, 0)[0] == '\0' && t.closed, "none at all: closed, nothing said");
	talk_close(&t);
	talk_open(&t, loop, httpd_address(httpd));
	d = (struct drip){ .talk = &t, .timer = timer_new(loop, on_drip, &d) };
	timer_set(d.timer, 0);
	ok(str_starts(talk_hear(&t, 1), "HTTP/1.1 408 ") && d.bytes > 3,
	    "a byte now and then does not move the deadline");
	timer_free(d.timer);
	talk_close(&t);
	unserve();
}

static void
test_held(void)
{
	struct buf body = BUF(100);
	struct talk t;

	talk_open(&t, loop, httpd_address(httpd));
	talk_say(&t, GET("/held"));
	loop_run(loop);
	ok(held != NULL && !httpd_gone(held), "a handler thinks");
	buf_puts(&body, "later");
	httpd_answer(held, &(struct httpd_answer){ .status = 503, .type = "text/plain",
	    .body = &body });
	ok(str_ends(talk_hear(&t, 1), "later") && !t.closed, "and answers later");
	talk_say(&t, GET("/held"));
	shutdown(t.fd, SHUT_WR);
	loop_run(loop);
	buf_clear(&t.got);
	httpd_answer_text(held, 400, "parameter");
	ok(str_ends(talk_hear(&t, 1), "400 Bad Request\nparameter\n"),
	    "also whom will send no more");
	talk_close(&t);
	talk_open(&t, loop, httpd_address(httpd));
	talk_say(&t, GET("/held"));
	loop_run(loop);
	setsockopt(t.fd, SOL_SOCKET, SO_LINGER, &(struct linger){ .l_onoff = 1 },
	    sizeof(struct linger));
	talk_close(&t);				/* resets the connection */
	is_int(status_of(GET("/hello")), 200, "another is served meanwhile");
	ok(httpd_gone(held), "it is noticed that the client left");
	httpd_answer_text(held, 200, "for nobody");
}

static void
test_think(void)
{
	struct talk t;

	serve(&(struct httpd_conf){ .think_ms = 50 });
	talk_open(&t, loop, httpd_address(httpd));
	talk_say(&t, GET("/held"));
	loop_run(loop);
	ok(str_starts(talk_hear(&t, 0), "HTTP/1.1 503 ") && t.closed,
	    "who thinks too long is answered for");
	ok(httpd_gone(held), "and told");
	httpd_answer_text(held, 200, "too late");
	talk_close(&t);
	talk_open(&t, loop, httpd_address(httpd));
	talk_say(&t, GET("/held"));
	loop_run(loop);
	unserve();
	httpd_answer_text(held, 200, "the server is gone");
	ok(talk_hear(&t, 0)[0] == '\0' && t.closed, "a server that ends hangs up");
	talk_close(&t);
}

/* A client that sends without end while its request is thought about. */
static void
test_flood(void)
{
	static char block[65536];
	int small = 65536;
	size_t sent = 0;
	ssize_t n = 1;
	struct talk t;

	serve(&(struct httpd_conf){ 0 });
	talk_open(&t, loop, httpd_address(httpd));
	setsockopt(t.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	talk_say(&t, GET("/held"));
	loop_run(loop);
	for (int i = 0; i < 4000 && n > 0; i++) {
		n = send(t.fd, block, sizeof(block), MSG_NOSIGNAL | MSG_DONTWAIT);
		sent += n > 0 ? (size_t)n : 0;
		event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
	}
	ok(n < 0 && errno == EAGAIN && sent < (size_t)100 << 20,
	    "is not read from without end");
	httpd_answer_text(held, 200, "x");
	ok(str_starts(talk_hear(&t, 1), "HTTP/1.1 200 "), "and is answered still");
	talk_close(&t);
	unserve();
}

static void
test_unread(void)
{
	static const char junk[100000];
	int small = 16384;
	struct talk t, next;

	serve(&(struct httpd_conf){ .max_connections = 1, .write_ms = 50 });
	talk_open(&t, loop, httpd_address(httpd));
	talk_say(&t, GET("/large"));
	talk_open(&next, loop, httpd_address(httpd));
	talk_say(&next, GET("/hello"));
	ok(str_ends(talk_hear(&next, 1), "hello"), "who does not read is let go");
	talk_close(&t);
	talk_close(&next);
	unserve();
	serve(&(struct httpd_conf){ .write_ms = 5000 });
	talk_open(&t, loop, httpd_address(httpd));
	talk_say(&t, "GET /large HTTP/1.0\r\n\r\n");
	talk_hear(&t, 0);
	ok(!t.late && t.got.len > 16 << 20, "who reads gets 16 MiB");
	talk_close(&t);
	talk_open(&t, loop, httpd_address(httpd));
	setsockopt(t.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	talk_say(&t, "GET /large HTTP/1.0\r\n\r\n");
	talk_send(&t, junk, sizeof(junk));
	talk_hear(&t, 0);
	ok(!t.late && !t.reset && t.got.len > 16 << 20,
	    "and a good end, also with bytes sent that nobody reads");
	talk_close(&t);
	unserve();
}

static void
test_many(void)
{
	struct talk t[4];

	serve(&(struct httpd_conf){ .max_connections = 2, .read_ms = 5000 });
	for (size_t i = 0; i < LEN(t); i++)
		talk_open(&t[i], loop, httpd_address(httpd));
	for (size_t i = 0; i < LEN(t); i++)
		talk_say(&t[i], GET("/hello"));
	ok(str_ends(talk_hear(&t[0], 1), "hello") && str_ends(talk_hear(&t[1], 1), "hello"),
	    "two at most are served");
	is_int(recv(t[2].fd, &(char){ 0 }, 1, MSG_DONTWAIT), -1, "a third waits");
	talk_close(&t[0]);
	ok(str_ends(talk_hear(&t[2], 1), "hello"), "until one has gone");
	talk_close(&t[1]);
	ok(str_ends(talk_hear(&t[3], 1), "hello"), "and a fourth");
	talk_close(&t[2]);
	talk_close(&t[3]);
	unserve();
}

static void
test_descriptors(void)
{
	struct rlimit was, low;
	struct talk t;

	serve(&(struct httpd_conf){ 0 });
	talk_open(&t, loop, httpd_address(httpd));
	talk_say(&t, GET("/hello"));
	getrlimit(RLIMIT_NOFILE, &was);
	low = was;
	low.rlim_cur = 3;
	setrlimit(RLIMIT_NOFILE, &low);
	for (int i = 0; i < 3; i++)
		event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
	setrlimit(RLIMIT_NOFILE, &was);
	ok(str_ends(talk_hear(&t, 1), "hello"), "no descriptors left: served later");
	talk_close(&t);
	unserve();
}

int
main(void)
{
	struct err e = { 0 };

	loop = loop_new(&e);
	serve(&(struct httpd_conf){ 0 });
	test_held();
	unserve();
	test_slow();
	test_think();
	test_flood();
	test_unread();
	test_many();
	test_descriptors();
	loop_free(loop);
	return done();
}

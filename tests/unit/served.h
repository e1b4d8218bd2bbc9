/* SPDX-License-Identifier: Apache-2.0 */
/* served.h - a server with a few routes, for the tests of io/httpd.h. */
#ifndef UNIT_SERVED_H
#define UNIT_SERVED_H

#include "base/str.h"
#include "io/httpd.h"
#include "talk.h"

#define GET(path)	"GET " path " HTTP/1.1\r\nHost: localhost\r\n\r\n"

static struct loop *loop;
static struct httpd *httpd;
static struct httpd_request *held;
static unsigned calls;

static void
on_hello(void *arg, struct httpd_request *r)
{
	struct buf body = BUF(1000);
	const char *name, *value;

	UNUSED(arg);
	calls++;
	buf_puts(&body, "hello");
	for (size_t i = 0; httpd_param(r, i, &name, &value); i++)
		buf_printf(&body, " [%s=%s]", name, value);
	httpd_answer(r, &(struct httpd_answer){ .status = 200, .type = "text/plain",
	    .body = &body });
}

static void
on_held(void *arg, struct httpd_request *r)
{
	UNUSED(arg);
	held = r;
	loop_stop(loop);
}

static void
on_large(void *arg, struct httpd_request *r)
{
	struct buf body = BUF(32 << 20);
	static char block[1 << 20];

	UNUSED(arg);
	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 16; i++)
		buf_add(&body, block, sizeof(block));
	httpd_answer(r, &(struct httpd_answer){ .status = 200, .type = "text/plain",
	    .body = &body });
}

static const struct httpd_route routes[] = {
	{ "/", on_hello }, { "/hello", on_hello }, { "/held", on_held },
	{ "/large", on_large }, { .path = NULL }
};
static const char *const names[] = { "stats.example.org", NULL };

static void
serve(const struct httpd_conf *conf)
{
	struct err e = { 0 };
	struct httpd_conf c = *conf;

	c.listen = str_or(c.listen, "127.0.0.1:0");
	c.routes = routes;
	c.names = names;
	httpd = httpd_new(loop, &c, &e);
	if (httpd == NULL)
		printf("# %s\n", e.text);
}

static void
unserve(void)
{
	httpd_free(httpd);
	httpd = NULL;
}

/* Says something on a connection of its own; what comes until answers are whole. */
__attribute__((unused)) static const char *
exchange(const char *bytes, size_t n, unsigned answers, bool *closed)
{
	static char text[8192];
	struct talk t;

	talk_open(&t, loop, httpd_address(httpd));
	talk_send(&t, bytes, n);
	talk_hear(&t, answers);
	*closed = t.closed;
	str_copy(text, sizeof(text), t.late ? "(late)" : buf_str(&t.got));
	talk_close(&t);
	return text;
}

__attribute__((unused)) static int
status_of(const char *text)
{
	bool closed;
	const char *got = exchange(text, strlen(text), 1, &closed);

	return str_starts(got, "HTTP/1.1 ") ?
	    (int)strtol(got + strlen("HTTP/1.1 "), NULL, 10) : -1;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* test_httpd.c - the server, by raw bytes: what it answers, what it refuses. */
#include "tap.h"

#include "served.h"

/* The status of the answer to text, after which the server closes. */
static int
refused(const char *text)
{
	bool closed;
	const char *got = exchange(text, strlen(text), 0, &closed);

	if (!closed || !str_starts(got, "HTTP/1.1 ") ||
	    strstr(got, "\r\nConnection: close\r\n") == NULL) {
		printf("# got %s\n", got);
		return -1;
	}
	return (int)strtol(got + strlen("HTTP/1.1 "), NULL, 10);
}

static void
test_answer(void)
{
	bool closed;
	const char *got = exchange(GET("/hello?a=1&b=%26+x"), strlen(
	    GET("/hello?a=1&b=%26+x")), 1, &closed);

	ok(str_starts(got, "HTTP/1.1 200 OK\r\nDate: "), "answered");
	ok(!closed && strstr(got, "Connection: close") == NULL, "and kept alive");
	ok(str_ends(got, "\r\n\r\nhello [a=1] [b=& x]"), "with parameters decoded");
	ok(strstr(got, "\r\nContent-Type: text/plain\r\n") != NULL &&
	    strstr(got, "\r\nContent-Length: 19\r\n") != NULL, "type and length");
	ok(strstr(got, "\r\nX-Content-Type-Options: nosniff\r\n") != NULL &&
	    strstr(got, "\r\nContent-Security-Policy: default-src 'none'; ") != NULL &&
	    strstr(got, "\r\nCache-Control: no-store\r\n") != NULL, "headers that guard");
}

static void
test_head(void)
{
	static const char head[] = "HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct talk t;
	const char *got;

	talk_open(&t, loop, httpd_address(httpd));
	t.head = true;
	talk_say(&t, head);
	got = talk_hear(&t, 1);
	ok(strstr(got, "\r\nContent-Length: 5\r\n") != NULL &&
	    str_ends(got, "\r\n\r\n"), "HEAD has the length and no body");
	talk_say(&t, head);
	talk_say(&t, GET("/hello"));
	t.head = false;
	buf_clear(&t.got);
	while (!t.late && !t.closed && !str_ends(buf_str(&t.got), "hello"))
		talk_hear(&t, talk_answers(&t) + 1);
	ok(str_starts(buf_str(&t.got), "HTTP/1.1 200 OK") &&
	    str_ends(buf_str(&t.got), "\r\n\r\nhello"), "and the next is read right");
	talk_close(&t);
	is_int(refused("HEAD /none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
	    "\r\n"), 404, "errors too");
}

static void
test_pipelined(void)
{
	static const char two[] = GET("/hello?n=1") GET("/hello?n=2");
	bool closed;
	const char *got = exchange(two, strlen(two), 2, &closed);
	const char *first = strstr(got, "hello [n=1]");

	ok(first != NULL && strstr(first, "hello [n=2]") != NULL, "two at once, in order");
	is_int(refused("GET / HTTP/1.0\r\n\r\n"), 200, "HTTP/1.0 needs no Host");
	is_int(refused("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: x, Close\r\n\r\n"),
	    200, "closed when asked to");
}

/* A head of n bytes. */
static char *
long_head(size_t n)
{
	static const char start[] = "GET / HTTP/1.1\r\nHost: localhost\r\nX: ";
	char *text = xcalloc(n + 1, 1);

	memset(text, 'a', n);
	memcpy(text, start, strlen(start));
	memcpy(text + n - 4, "\r\n\r\n", 4);
	return text;
}

static void
test_head_size(void)
{
	char *text = long_head(8192);
	struct talk t;

	is_int(status_of(text), 200, "8 KiB of head");
	free(text);
	text = long_head(8193);
	is_int(refused(text), 431, "and a byte more");
	free(text);
	text = long_head(100000);
	talk_open(&t, loop, httpd_address(httpd));
	for (int i = 0; i < 20; i++)		/* what does not fit is let fall */
		talk_send(&t, text + 40, 99000);
	ok(str_starts(talk_hear(&t, 0), "HTTP/1.1 431 "), "or without end");
	ok(t.closed && !t.late, "is the end");
	talk_close(&t);
	free(text);
	text = xcalloc(8192, 1);
	str_copy(text, 8192, "GET / HTTP/1.1\r\nHost: localhost\r\n");
	for (int i = 0; i < 120; i++)
		memcpy(text + strlen(text), "a: b\r\n", 6);
	memcpy(text + strlen(text), "\r\n", 2);
	is_int(refused(text), 431, "many headers");
	free(text);
}

static void
test_refused(void)
{
	static const struct {
		int		 status;
		const char	*text, *what;
	} rows[] = {
		{ 413, "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
		    "a body" },
		{ 400, "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
		    "Content-Length: 25\r\n\r\n", "two lengths" },
		{ 400, "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +0\r\n\r\n",
		    "a length that is none" },
		{ 501, "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
		    "Transfer-Encoding: gzip, chunked\r\n\r\n", "Transfer-Encoding" },
		{ 400, GET("/hello%00zz"), "%00" },
		{ 400, GET("/hello%0d%0a"), "%0d%0a" },
		{ 400, GET("/hello%4"), "a broken escape" },
		{ 400, GET("/hello?a=%00"), "%00 in a parameter" },
		{ 400, GET("/hello#x"), "a fragment" },
		{ 400, GET("hello"), "no slash" },
		{ 400, GET("*"), "an asterisk" },
		{ 400, GET("/\x80"), "a byte above 0x7f" },
		{ 400, "GET / HTTP/1.1\r\n\r\n", "no Host" },
		{ 400, "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
		    "two Hosts" },
		{ 421, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "another's name" },
		{ 421, "GET / HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n",
		    "a name that looks like ours" },
		{ 421, "GET / HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n",
		    "a number that is not loopback" },
		{ 421, "GET / HTTP/1.1\r\nHost: localhost:x\r\n\r\n", "a port that is none" },
		{ 421, "GET / HTTP/1.1\r\nHost: \r\n\r\n", "an empty Host" },
		{ 421, "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
		    "another's name in the address" },
		{ 421, "GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
		    "ours there, another's in Host" },
		{ 400, "GET / HTTP/1.1\nHost: localhost\n\n", "bare line feeds" },
		{ 400, "GET / HTTP/1.1\nHost: localhost\r\n\r\n", "one bare line feed" },
		{ 400, "GET / HTTP/1.1\r\nHost: local\rhost\r\n\r\n",
		    "a bare carriage return" },
		{ 400, "GET / HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n",
		    "a folded line" },
		{ 400, "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
		    "a blank before the colon" },
		{ 400, "GET / HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n", "no colon" },
		{ 400, "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n", "two blanks" },
		{ 505, "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", "HTTP/2" },
		{ 400, "\x16\x03\x01 / x\r\n\r\n", "TLS" },
		{ 404, GET("/hello/"), "another path" },
		{ 404, GET("/../../etc/passwd"), "a path that climbs" },
		{ 404, GET("/HELLO"), "another case" },
		{ 405, "POST /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", "POST" },
		{ 405, "get /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", "get" },
	};
	static const char nul[] = "GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n";
	unsigned before = calls;
	bool closed;
	const char *got;

	for (size_t i = 0; i < LEN(rows); i++)
		is_int(refused(rows[i].text), rows[i].status, rows[i].what);
	is_int(calls, before, "no handler saw any of it");
	got = exchange(nul, sizeof(nul) - 1, 0, &closed);
	ok(str_starts(got, "HTTP/1.1 400 ") && closed, "a NUL");
	got = exchange(rows[LEN(rows) - 2].text, strlen(rows[LEN(rows) - 2].text), 0,
	    &closed);
	ok(strstr(got, "\r\nAllow: GET, HEAD\r\n") != NULL, "405 says what is allowed");
	got = exchange(GET("/%3Cscript%3Ex"), strlen(GET("/%3Cscript%3Ex")), 0, &closed);
	ok(strstr(got, "script>") == NULL && strstr(got, "404") != NULL &&
	    strstr(got, "Content-Type: text/plain") != NULL, "nothing is reflected");
}

static void
test_accepted(void)
{
	is_int(status_of("GET / HTTP/1.1\r\nHost: 127.0.0.1:9600\r\n\r\n"), 200, "127.0.0.1");
	is_int(status_of("GET / HTTP/1.1\r\nHost: 127.3.2.1:9600\r\n\r\n"), 200,
	    "another number of this machine's own");
	is_int(status_of("GET / HTTP/1.1\r\nHost: LocalHost:1\r\n\r\n"), 200,
	    "localhost, a tunnel's port");
	is_int(status_of("GET / HTTP/1.1\r\nHost: [::1]:9600\r\n\r\n"), 200, "[::1]");
	is_int(status_of("GET / HTTP/1.1\r\nhost: \tStats.Example.org \r\n\r\n"), 200,
	    "a name of ours");
	is_int(status_of("GET http://localhost:9600/hello?x HTTP/1.1\r\nHost: localhost\r\n"
	    "\r\n"), 200, "ours in the address");
	is_int(status_of("GET http://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n"), 200,
	    "that alone");
	is_int(status_of("GET http://localhost?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"), 200,
	    "or with a query");
	is_int(status_of(GET("/%68ello")), 200, "an escaped letter");
}

static void
test_listen(void)
{
	static const char *const bad[] = { "", "9600", "127.0.0.1", "127.0.0.1:x",
		"127.0.0.1:70000", "127.0.0.1:2-1", "example.org:80", "[::1:80", ":80" };
	struct httpd *first = NULL, *second = NULL;
	struct err e = { 0 };
	char address[64];

	for (size_t i = 0; i < LEN(bad); i++)
		ok(httpd_new(loop, &(struct httpd_conf){ .listen = bad[i],
		    .routes = routes }, &e) == NULL && e.kind == ERR_CONFIG, "%s", e.text);
	first = httpd_new(loop, &(struct httpd_conf){ .listen = "127.0.0.1:0",
	    .routes = routes }, &e);
	str_copy(address, sizeof(address), httpd_address(first));
	ok(httpd_new(loop, &(struct httpd_conf){ .listen = address, .routes = routes },
	    &e) == NULL && e.kind == ERR_SYSTEM && e.code == EADDRINUSE, "%s", e.text);
	httpd_free(first);
	first = httpd_new(loop, &(struct httpd_conf){ .listen = "localhost:19600-19700",
	    .routes = routes }, &e);
	second = httpd_new(loop, &(struct httpd_conf){ .listen = "127.0.0.1:19600-19700",
	    .routes = routes }, &e);
	ok(first != NULL && second != NULL &&
	    !str_eq(httpd_address(first), httpd_address(second)),
	    "the first free port of a range");
	httpd_free(first);
	httpd_free(second);
}

int
main(void)
{
	struct err e = { 0 };

	loop = loop_new(&e);
	serve(&(struct httpd_conf){ 0 });
	test_answer();
	test_head();
	test_pipelined();
	test_head_size();
	test_refused();
	test_accepted();
	unserve();
	test_listen();
	loop_free(loop);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_httpd_answer.c - how answers go out: lists of what is welcome, tags, what is
 * packed, what may be kept, errors as JSON.
 */
#include "tap.h"

#include "base/str.h"
#include "io/httpd.h"
#include "io/httpd_parse.h"
#include "talk.h"

#include <zlib.h>

#define LONG	20000

static struct loop *loop;
static struct httpd *httpd;
static struct buf got;
static const char *body;
static char text[LONG + 1];

static void
answer(struct httpd_request *r, enum httpd_keep keep, bool packed, const char *etag)
{
	struct buf b = BUF(1 << 20);
	z_stream z = { 0 };
	char block[4096];

	if (packed) {
		deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
		z.next_in = (Bytef *)text;
		z.avail_in = LONG;
		z.next_out = (Bytef *)block;
		z.avail_out = sizeof(block);
		deflate(&z, Z_FINISH);
		buf_add(&b, block, sizeof(block) - z.avail_out);
		deflateEnd(&z);
	} else {
		buf_puts(&b, text);
	}
	httpd_answer(r, &(struct httpd_answer){ .status = 200, .body = &b, .keep = keep,
	    .type = "text/plain", .etag = etag, .packed = packed });
}

static void
on_kept(void *arg, struct httpd_request *r)
{
	UNUSED(arg);
	answer(r, KEEP_ASK, false, NULL);
}

static void
on_not_kept(void *arg, struct httpd_request *r)
{
	UNUSED(arg);
	answer(r, KEEP_NOT, false, NULL);
}

static void
on_packed(void *arg, struct httpd_request *r)
{
	UNUSED(arg);
	answer(r, KEEP_EVER, true, "\"mine\"");
}

static void
on_short(void *arg, struct httpd_request *r)
{
	struct buf b = BUF(100);

	UNUSED(arg);
	buf_puts(&b, httpd_path(r));
	httpd_answer(r, &(struct httpd_answer){ .status = 200, .body = &b,
	    .type = "application/json", .keep = KEEP_ASK, .file = "x.json" });
}

static void
on_away(void *arg, struct httpd_request *r)
{
	UNUSED(arg);
	httpd_answer_text(r, 503, "Not now.");
}

static const struct httpd_route routes[] = {
	{ "/kept", on_kept }, { "/not", on_not_kept }, { "/packed", on_packed },
	{ "/api/short/*", on_short }, { "/away", on_away }, { .path = NULL }
};

/* The status of the answer to a method and path, with more headers. */
static int
ask(const char *what, const char *headers)
{
	struct talk t;
	char *request = xasprintf("%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", what, headers);
	const char *end;

	talk_open(&t, loop, httpd_address(httpd));
	t.head = str_starts(what, "HEAD");
	talk_say(&t, request);
	talk_hear(&t, 1);
	buf_fini(&got);
	got = buf_take(&t.got);
	talk_close(&t);
	free(request);
	end = strstr(buf_str(&got), "\r\n\r\n");
	body = end != NULL ? end + 4 : "";
	return str_starts(buf_str(&got), "HTTP/1.1 ") ?
	    (int)strtol(buf_str(&got) + 9, NULL, 10) : -1;
}

static bool
has(const char *s)
{
	return strstr(buf_str(&got), s) != NULL;
}

/* What is behind ETag: in the last answer. */
static void
tag(char *to, size_t size)
{
	const char *p = strstr(buf_str(&got), "\r\nETag: ");

	str_copy(to, size, p != NULL ? p + 8 : "");
	to[strcspn(to, "\r")] = '\0';
}

static bool
unpacked(void)
{
	static char out[LONG + 100];
	z_stream z = { 0 };
	bool same;

	inflateInit2(&z, 31);
	z.next_in = (Bytef *)(uintptr_t)body;
	z.avail_in = (uInt)(got.len - (size_t)(body - buf_str(&got)));
	z.next_out = (Bytef *)out;
	z.avail_out = sizeof(out);
	same = inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == LONG &&
	    memcmp(out, text, LONG) == 0;
	inflateEnd(&z);
	return same;
}

static void
test_lists(void)
{
	static const struct {
		const char	*list, *what;
		unsigned	 welcome;
	} rows[] = {
		{ NULL, "gzip", 1000 }, { "", "gzip", 0 }, { "gzip", "gzip", 1000 },
		{ "br, gzip;q=0.5", "gzip", 500 }, { "br", "gzip", 0 },
		{ "*", "gzip", 1000 }, { "*;q=0.1, gzip;q=0", "gzip", 0 },
		{ "GZip ; Q=0.25", "gzip", 250 }, { "gzip;q=1.000", "gzip", 1000 },
		{ "gzip;q=2", "gzip", 0 }, { "gzip;q=", "gzip", 0 },
		{ "gzip;q=0.1234", "gzip", 0 }, { "gzip;q=x", "gzip", 0 },
		{ "x-gzip", "gzip", 0 }, { ",,gzip", "gzip", 1000 },
		{ "text/csv", "text/csv", 1000 }, { "text/*;q=0.3", "text/csv", 300 },
		{ "*/*;q=0.1, text/*;q=0.3, text/csv;q=0.7", "text/csv", 700 },
		{ "text/html, */*;q=0.8", "application/json", 800 },
		{ "text/csv;header=\"a,b;q=0\";q=0.4", "text/csv", 400 },
		{ "application/json", "text/csv", 0 }, { "text", "text/csv", 0 },
		{ "text/csv;q", "text/csv", 1000 }, { ";", "text/csv", 0 },
	};
	static const struct {
		const char	*list;
		bool		 matches;
	} tags[] = {
		{ NULL, false }, { "", false }, { "\"a\"", true }, { "W/\"a\"", true },
		{ "*", true }, { "\"b\", \"a\"", true }, { "\"b\"", false },
		{ "\"a\"x", false }, { "\"ab\"", false }, { "a", false },
		{ "\"b,\\\"a\\\"\"", false }, { "\"b\"\t,\t\"a\"", true },
	};

	for (size_t i = 0; i < LEN(rows); i++)
		is_int(httpd_welcome(rows[i].list, rows[i].what), rows[i].welcome,
		    rows[i].list == NULL ? "none" : rows[i].list);
	for (size_t i = 0; i < LEN(tags); i++)
		ok(httpd_matches(tags[i].list, "\"a\"") == tags[i].matches, "%s a tag: %s",
		    tags[i].matches ? "has" : "lacks",
		    tags[i].list == NULL ? "none" : tags[i].list);
}

static void
test_kept(void)
{
	char plain[80], packed[80], header[200];

	is_int(ask("GET /kept", ""), 200, "what may be kept");
	ok(has("\r\nCache-Control: private, no-cache\r\n") &&
	    has("\r\nVary: Accept, Accept-Encoding\r\n"), "is asked for again");
	tag(plain, sizeof(plain));
	ok(plain[0] == '"' && strlen(plain) == 26 && str_eq(body, text), "by its tag");
	snprintf(header, sizeof(header), "If-None-Match: %s\r\n", plain);
	is_int(ask("GET /kept", header), 304, "nothing new");
	ok(body[0] == '\0' && has(plain) && !has("Content-Length") &&
	    !has("\r\nContent-Type"), "is no body");
	is_int(ask("GET /kept", "Accept-Encoding: gzip\r\n"), 200, "packed");
	ok(has("\r\nContent-Encoding: gzip\r\n") && unpacked(), "are the same bytes");
	tag(packed, sizeof(packed));
	ok(!str_eq(plain, packed), "with a tag of their own");
	snprintf(header, sizeof(header), "If-None-Match: %s\r\n", packed);
	is_int(ask("GET /kept", header), 200, "which is not that of others");
	snprintf(header, sizeof(header), "Accept-Encoding: gzip\r\nIf-None-Match: %s\r\n",
	    packed);
	is_int(ask("GET /kept", header), 304, "but theirs");
	is_int(ask("HEAD /kept", "Accept-Encoding: gzip\r\n"), 200, "HEAD");
	ok(has(packed) && has("Content-Encoding: gzip") && body[0] == '\0',
	    "says what GET says");
	ask("GET /kept", "Accept-Encoding: gzip;q=0, identity\r\n");
	ok(!has("Content-Encoding"), "who takes no gzip gets none");
	text[0] = 'y';
	ask("GET /kept", "");
	tag(packed, sizeof(packed));
	ok(!str_eq(plain, packed), "other bytes have another tag");
	text[0] = 'x';
}

static void
test_others(void)
{
	ask("GET /not", "Accept-Encoding: gzip\r\n");
	ok(has("Cache-Control: no-store") && !has("ETag") && unpacked(),
	    "what may not be kept has no tag");
	ask("GET /packed", "Accept-Encoding: gzip\r\n");
	ok(has("\r\nETag: \"mine-gz\"\r\n") && unpacked() &&
	    has("Cache-Control: public, max-age=31536000, immutable"), "packed before");
	ask("GET /packed", "");
	ok(has("\r\nETag: \"mine\"\r\n") && str_eq(body, text) && !has("Encoding: gzip"),
	    "is unpacked for who needs it");
	is_int(ask("GET /packed", "If-None-Match: \"mine\"\r\n"), 304, "and known by its tag");
	ask("GET /api/short/a%2Fb", "Accept-Encoding: gzip\r\n");
	ok(str_eq(body, "/api/short/a/b") && !has("Encoding: gzip"), "a few bytes are not "
	    "packed; a path below another");
	ok(has("\r\nContent-Disposition: attachment; filename=\"x.json\"\r\n"), "a file");
	is_int(ask("GET /api/shor", ""), 404, "no path");
	ok(has("\r\nContent-Type: application/json\r\n") &&
	    str_eq(body, "{\"error\":{\"reason\":\"There is no such page.\"}}\n"), "as JSON");
	is_int(ask("POST /api/short/", ""), 405, "no method");
	ok(has("application/json") && has("\r\nAllow: GET, HEAD\r\n"), "likewise");
	is_int(ask("GET /away", ""), 503, "later");
	ok(has("\r\nRetry-After: 5\r\n") && !has("application/json"), "but when");
	is_int(ask("GET /kept", "Authorization: a\r\nAuthorization: b\r\n"), 400,
	    "two of who it is");
}

int
main(void)
{
	struct err e = { 0 };

	memset(text, 'x', LONG);
	got = BUF(1 << 20);
	test_lists();
	loop = loop_new(&e);
	httpd = httpd_new(loop, &(struct httpd_conf){ .listen = "127.0.0.1:0",
	    .routes = routes, .json_below = "/api/" }, &e);
	test_kept();
	test_others();
	httpd_free(httpd);
	buf_fini(&got);
	loop_free(loop);
	return done();
}

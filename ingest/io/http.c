/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http.c - see http.h. curl's multi interface on the loop.
 *
 * A call is on one list, and which one is its state:
 *
 *	QUEUED ──http_turn──► ON_WIRE ──collect──► FINISHED ──http_turn──► done
 *
 * curl's callbacks never call back into curl (but for curl_multi_assign), and
 * nothing is delivered or started from inside one: a turn of our own does that.
 */
#include "io/http.h"
#include "base/clock.h"
#include "base/str.h"
#include "io/loop.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <zlib.h>

#define MAX_HEADERS	(64 << 10)
#define CONNECT_MS	10000L
#define STALL_S		30L		/* less than a byte a second that long */
#define VIRTUAL_TIMES	3L		/* time-outs are of real time all the same */

enum call_state { CALL_QUEUED, CALL_ON_WIRE, CALL_FINISHED, CALL_STATES };

struct http_call {
	struct http		*http;
	enum call_state		 state;
	CURL			*easy;
	struct curl_slist	*headers;
	struct http_reply	 reply;
	bool			 whole_head;	/* up to its empty line */
	int64_t			 began_ms;
	http_done_fn		*done;
	void			*arg;
	char			 errbuf[CURL_ERROR_SIZE];
	TAILQ_ENTRY(http_call)	 link;
};
TAILQ_HEAD(calls, http_call);

struct http {
	struct loop		*loop;
	CURLM			*multi;
	struct event		*curl_timer;
	struct timer		*turn;
	struct calls		 list[CALL_STATES];
	unsigned		 inflight;
	struct http_conf	 conf;
	char			*ca_file;
	bool			*freed;		/* set while delivering */
};

static void
call_move(struct http_call *c, enum call_state to)
{
	struct http *h = c->http;

	TAILQ_REMOVE(&h->list[c->state], c, link);
	c->state = to;
	TAILQ_INSERT_TAIL(&h->list[to], c, link);
}

static void
call_free(struct http_call *c)
{
	TAILQ_REMOVE(&c->http->list[c->state], c, link);
	loop_busy(c->http->loop, -1);
	curl_easy_cleanup(c->easy);
	curl_slist_free_all(c->headers);
	buf_fini(&c->reply.body);
	buf_fini(&c->reply.headers);
	free(c);
}

/* What curl calls. */

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct http_call *c = arg;

	buf_add(&c->reply.body, p, size * n);
	return c->reply.body.failed ? 0 : size * n;
}

static size_t
on_header(char *p, size_t size, size_t n, void *arg)
{
	struct http_call *c = arg;
	size_t len = size * n, keep = len;

	if (len >= 5 && memcmp(p, "HTTP/", 5) == 0) {
		buf_clear(&c->reply.headers);	/* 100 Continue came before */
		c->whole_head = false;
		return len;
	}
	while (keep > 0 && (p[keep - 1] == '\n' || p[keep - 1] == '\r'))
		keep--;
	if (keep > 0) {
		buf_add(&c->reply.headers, p, keep);
		buf_puts(&c->reply.headers, "\n");
	} else {
		c->whole_head = true;
	}
	return c->reply.headers.failed ? 0 : len;
}

static void on_ready(evutil_socket_t fd, short what, void *arg);

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *sock)
{
	struct http *h = arg;
	struct event *watch = sock;
	short want = EV_PERSIST;

	UNUSED(easy);			/* may be one of curl's own */
	if (watch != NULL)
		event_free(watch);
	curl_multi_assign(h->multi, fd, NULL);
	if (what == CURL_POLL_REMOVE)
		return 0;
	if (what & CURL_POLL_IN)
		want |= EV_READ;
	if (what & CURL_POLL_OUT)
		want |= EV_WRITE;
	watch = event_new(loop_base(h->loop), fd, want, on_ready, h);
	if (watch == NULL || event_add(watch, NULL) != 0)
		die("cannot watch socket %d", (int)fd);
	curl_multi_assign(h->multi, fd, watch);
	return 0;
}

static int
on_timer(CURLM *multi, long ms, void *arg)
{
	struct http *h = arg;

	UNUSED(multi);
	if (ms < 0)
		evtimer_del(h->curl_timer);
	else
		event_add(h->curl_timer, &(struct timeval){ .tv_sec = ms / 1000,
		    .tv_usec = ms % 1000 * 1000 });
	return 0;
}

/* What the loop calls: curl's stack is empty, anything is allowed. */

static enum http_failure
failure_of(CURLcode code, const struct http_call *c)
{
	if (c->reply.body.failed || c->reply.headers.failed)
		return HTTP_TOO_LARGE;
	if (code == CURLE_OK)		/* also of a head that was cut off */
		return c->whole_head ? HTTP_OK : HTTP_CUT;
	if (code == CURLE_OPERATION_TIMEDOUT)
		return HTTP_TIMEOUT;
	if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
	    code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_SSL_CONNECT_ERROR ||
	    code == CURLE_PEER_FAILED_VERIFICATION ||
	    code == CURLE_SSL_CACERT_BADFILE || code == CURLE_URL_MALFORMAT)
		return HTTP_UNREACHABLE;
	return HTTP_CUT;
}

static void
http_collect(struct http *h)
{
	struct http_call *c;
	CURLMsg *m;
	CURLcode code;
	long status = 0;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		code = m->data.result;		/* m dies with remove_handle */
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&c);
		curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
		curl_multi_remove_handle(h->multi, c->easy);
		c->reply.status = (int)status;
		c->reply.took_ms = clock_mono_ms() - c->began_ms;
		c->reply.failure = failure_of(code, c);
		if (c->reply.failure == HTTP_TOO_LARGE)
			snprintf(c->reply.why, sizeof(c->reply.why),
			    "the reply is larger than %zu bytes", c->reply.body.max);
		else if (code == CURLE_OK && c->reply.failure == HTTP_CUT)
			str_copy(c->reply.why, sizeof(c->reply.why),
			    "the reply ended within its headers");
		else if (code != CURLE_OK)
			str_copy(c->reply.why, sizeof(c->reply.why),
			    str_or(c->errbuf, curl_easy_strerror(code)));
		h->inflight--;
		call_move(c, CALL_FINISHED);
		timer_set(h->turn, 0);
	}
}

static void
http_drive(struct http *h, curl_socket_t fd, int bits)
{
	int running;
	CURLMcode r = curl_multi_socket_action(h->multi, fd, bits, &running);

	if (r != CURLM_OK)
		die("curl_multi_socket_action: %s", curl_multi_strerror(r));
	http_collect(h);
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	http_drive(arg, fd, (what & EV_READ ? CURL_CSELECT_IN : 0) |
	    (what & EV_WRITE ? CURL_CSELECT_OUT : 0));
}

static void
on_curl_timer(evutil_socket_t fd, short what, void *arg)
{
	UNUSED(fd);
	UNUSED(what);
	http_drive(arg, CURL_SOCKET_TIMEOUT, 0);
}

/* Deliver what is finished, then put on the wire what waits. */
static void
http_turn(void *arg)
{
	struct http *h = arg;
	struct http_call *c;
	bool freed = false;

	h->freed = &freed;
	while ((c = TAILQ_FIRST(&h->list[CALL_FINISHED])) != NULL) {
		struct http_reply reply = c->reply;
		http_done_fn *fn = c->done;
		void *fn_arg = c->arg;

		reply.body = buf_take(&c->reply.body);
		reply.headers = buf_take(&c->reply.headers);
		call_free(c);
		fn(fn_arg, &reply);
		buf_fini(&reply.body);
		buf_fini(&reply.headers);
		if (freed)
			return;
	}
	h->freed = NULL;
	while (h->inflight < h->conf.max_inflight &&
	    (c = TAILQ_FIRST(&h->list[CALL_QUEUED])) != NULL) {
		call_move(c, CALL_ON_WIRE);
		h->inflight++;
		c->began_ms = clock_mono_ms();
		c->reply.sent_ms = clock_wall_ms();
		if (curl_multi_add_handle(h->multi, c->easy) != CURLM_OK)
			die("curl_multi_add_handle");
	}
}

static void
call_headers(struct http_call *c, const struct http_spec *spec)
{
	char now[64];

	for (const char *const *p = spec->headers; p != NULL && *p != NULL; p++)
		c->headers = curl_slist_append(c->headers, *p);
	c->headers = curl_slist_append(c->headers, "Expect:");
	if (clock_is_virtual()) {
		snprintf(now, sizeof(now), "X-Sim-Now: %lld",
		    (long long)clock_wall_ms());
		c->headers = curl_slist_append(c->headers, now);
	}
	curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers);
}

/* This very machine, by a name or number of its own. */
static bool
is_loopback(const char *url)
{
	CURLU *u = curl_url();
	char *host = NULL;
	struct in_addr v4;
	bool is = u != NULL && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    (str_eqi(host, "localhost") || str_eq(host, "[::1]") ||
	    (inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127));

	curl_free(host);
	curl_url_cleanup(u);
	return is;
}

static void
call_options(struct http_call *c, const struct http_spec *spec)
{
	const struct http *h = c->http;
	/* Who plays a week in seconds must not fail when the machine stands still. */
	long times = clock_is_virtual() ? VIRTUAL_TIMES : 1;
	CURL *e = c->easy;

	curl_easy_setopt(e, CURLOPT_URL, spec->url);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	if (is_loopback(spec->url))	/* http_proxy would send its secrets abroad */
		curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_USERAGENT, "hubstash/" HUBSTASH_VERSION);
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, times * (long)spec->timeout_ms);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, times * CONNECT_MS);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, times * STALL_S);
	curl_easy_setopt(e, CURLOPT_MAXLIFETIME_CONN, 300L);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, c->errbuf);
	curl_easy_setopt(e, CURLOPT_PRIVATE, (char *)c);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, c);
	if (h->ca_file != NULL)
		curl_easy_setopt(e, CURLOPT_CAINFO, h->ca_file);
	if (h->conf.insecure) {
		curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (h->conf.http1)
		curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	else
		curl_easy_setopt(e, CURLOPT_PIPEWAIT, 1L);
	if (spec->body != NULL) {
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)spec->body_len);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, spec->body);
	}
	if (str_eq(spec->method, "HEAD"))
		curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
	else if (spec->method != NULL)
		curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, spec->method);
}

struct http_call *
http_start(struct http *h, const struct http_spec *spec, http_done_fn *fn,
    void *arg)
{
	struct http_call *c = xcalloc(1, sizeof(*c));

	c->http = h;
	c->easy = curl_easy_init();
	if (c->easy == NULL)
		die("curl_easy_init");
	c->done = fn;
	c->arg = arg;
	c->reply.body = BUF(spec->max_reply);
	c->reply.headers = BUF(MAX_HEADERS);
	call_headers(c, spec);
	call_options(c, spec);
	c->state = CALL_QUEUED;
	TAILQ_INSERT_TAIL(&h->list[CALL_QUEUED], c, link);
	loop_busy(h->loop, 1);
	timer_set(h->turn, 0);
	return c;
}

void
http_cancel(struct http_call *c)
{
	if (c == NULL)
		return;
	if (c->state == CALL_ON_WIRE) {
		curl_multi_remove_handle(c->http->multi, c->easy);
		c->http->inflight--;
		timer_set(c->http->turn, 0);
	}
	call_free(c);
}

struct http *
http_new(struct loop *l, const struct http_conf *conf, struct err *e)
{
	struct http *h;
	const curl_version_info_data *v;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	v = curl_version_info(CURLVERSION_NOW);
	if (!(v->features & CURL_VERSION_ASYNCHDNS)) {
		err_set(e, ERR_CONFIG, 0, "libcurl %s resolves names synchronously, "
		    "which would stop everything else: use one with AsynchDNS",
		    v->version);
		return NULL;
	}
	h = xcalloc(1, sizeof(*h));
	h->loop = l;
	h->conf = *conf;
	str_set(&h->ca_file, conf->ca_file);
	for (size_t i = 0; i < LEN(h->list); i++)
		TAILQ_INIT(&h->list[i]);
	h->turn = timer_new(l, http_turn, h);
	h->curl_timer = evtimer_new(loop_base(l), on_curl_timer, h);
	h->multi = curl_multi_init();
	if (h->multi == NULL || h->curl_timer == NULL)
		die("curl_multi_init");
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS,
	    (long)conf->max_inflight * 2);
	return h;
}

void
http_free(struct http *h)
{
	struct http_call *c;

	if (h == NULL)
		return;
	for (size_t i = 0; i < LEN(h->list); i++)
		while ((c = TAILQ_FIRST(&h->list[i])) != NULL)
			http_cancel(c);
	curl_multi_cleanup(h->multi);	/* may still call on_socket and on_timer */
	event_free(h->curl_timer);
	timer_free(h->turn);
	free(h->ca_file);
	if (h->freed != NULL)
		*h->freed = true;
	free(h);
}

bool
http_header(const struct http_reply *r, const char *name, char *value, size_t size)
{
	size_t n = strlen(name), len;
	const char *line = buf_str(&r->headers), *end;

	for (; *line != '\0'; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		if ((size_t)(end - line) <= n || line[n] != ':' ||
		    strncasecmp(line, name, n) != 0)
			continue;
		line += n + 1;
		line += strspn(line, " \t");
		len = (size_t)(end - line);
		if (line > end || len >= size)
			return false;
		memcpy(value, line, len);
		value[len] = '\0';
		return true;
	}
	return false;
}

bool
http_header_int(const struct http_reply *r, const char *name, int64_t *v)
{
	char text[32];

	return http_header(r, name, text, sizeof(text)) && str_i64(text, v);
}

void
http_gzip(const char *p, size_t n, int level, struct buf *out)
{
	z_stream z = { 0 };
	char chunk[64 << 10];
	int r;

	if (deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		die("deflateInit2");
	z.next_in = (Bytef *)(uintptr_t)p;
	z.avail_in = (uInt)n;
	do {
		z.next_out = (Bytef *)chunk;
		z.avail_out = sizeof(chunk);
		r = deflate(&z, Z_FINISH);
		buf_add(out, chunk, sizeof(chunk) - z.avail_out);
	} while (r == Z_OK);
	deflateEnd(&z);
}

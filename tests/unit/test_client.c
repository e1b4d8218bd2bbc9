/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests to GitHub and shared queries, against a server in this same process
 * and on a clock that jumps: what is repeated, what waits, what comes back.
 */
#include "base/clock.h"
#include "base/str.h"
#include "io/loop.h"
#include "sync/pack.h"
#include "tap.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

/* What is answered: the first row that fits and has some left. */
struct act {
	const char	*path;		/* how the address begins */
	const char	*within;	/* what the body holds; NULL: anything */
	int		 times;		/* 0: for ever */
	int		 status;	/* 0: hang up */
	const char	*header, *value, *body;	/* body NULL: the aliases asked for */
};

struct stage {
	struct loop	*loop;
	struct evhttp	*web;
	struct client	*client;
	struct pack	*pack;
	struct act	 act[8];
	struct buf	 log;		/* who was asked, and when */
	char		 url[64];
	char		 health[64];
	int64_t		 began_ms;
};

static struct stage st;

/* What came back: "ok 200 [1] next=…", one line each. */
static struct buf told;
static int waiting;

/* {"data":{"a0":{"is":"a0"},…}} for the aliases in a query. */
static void
answer_aliases(struct evbuffer *out, const char *query)
{
	const char *comma = "";
	char alias[16];

	evbuffer_add_printf(out, "{\"data\":{");
	for (int i = 0; i < 60; i++) {
		snprintf(alias, sizeof(alias), "a%d:", i);
		if (strstr(query, alias) == NULL)
			break;
		evbuffer_add_printf(out, "%s\"a%d\":{\"is\":\"a%d\"}", comma, i, i);
		comma = ",";
	}
	evbuffer_add_printf(out, "%s\"rateLimit\":{\"cost\":1}}}", comma);
}

static struct act *
find(const char *uri, const char *body)
{
	for (size_t i = 0; i < LEN(st.act); i++) {
		struct act *a = &st.act[i];

		if (a->path == NULL || a->times < 0 || !str_starts(uri, a->path) ||
		    (a->within != NULL && strstr(body, a->within) == NULL))
			continue;
		if (a->times > 0 && --a->times == 0)
			a->times = -1;
		return a;
	}
	return NULL;
}

static void
play(struct evhttp_request *req, void *arg)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	struct evbuffer *out = evbuffer_new();
	struct evkeyvalq *to = evhttp_request_get_output_headers(req);
	const char *uri = evhttp_request_get_uri(req);
	char body[65536] = "";
	struct act *a;

	UNUSED(arg);
	evbuffer_copyout(in, body, sizeof(body) - 1);
	a = find(uri, body);
	buf_printf(&st.log, "%s %lld\n", uri,
	    (long long)(clock_mono_ms() - st.began_ms) / 1000);
	if (a == NULL || a->status == 0) {
		evhttp_connection_free(evhttp_request_get_connection(req));
		evbuffer_free(out);
		return;
	}
	if (a->header != NULL)
		evhttp_add_header(to, a->header, a->value);
	if (a->body != NULL)
		evbuffer_add(out, a->body, strlen(a->body));
	else
		answer_aliases(out, body);
	evhttp_send_reply(req, a->status, "x", out);
	evbuffer_free(out);
}

static void
on_health(void *arg, enum client_health h, const char *why)
{
	static const char *const words[] = { "well", "bad token", "down" };

	UNUSED(arg);
	UNUSED(why);
	str_copy(st.health, sizeof(st.health), words[h]);
}

static void
begin(const struct act *acts, size_t n)
{
	struct evhttp_bound_socket *b;
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	struct err e;

	memset(&st, 0, sizeof(st));
	memcpy(st.act, acts, n * sizeof(*acts));
	st.log = BUF(1 << 16);
	st.loop = loop_new(&e);
	st.web = evhttp_new(loop_base(st.loop));
	evhttp_set_gencb(st.web, play, NULL);
	b = evhttp_bind_socket_with_handle(st.web, "127.0.0.1", 0);
	getsockname(evhttp_bound_socket_get_fd(b), (struct sockaddr *)&sin, &len);
	snprintf(st.url, sizeof(st.url), "http://127.0.0.1:%d/api/v3",
	    ntohs(sin.sin_port));
	st.client = client_new(&(struct client_conf){ .loop = st.loop,
	    .api_url = st.url, .token = "secret", .quota = 0.8,
	    .health = on_health }, &e);
	st.pack = pack_new(st.loop, st.client);
	st.began_ms = clock_mono_ms();
}

static void
end(void)
{
	pack_free(st.pack);
	client_free(st.client);
	evhttp_free(st.web);
	loop_free(st.loop);
	buf_fini(&st.log);
	buf_fini(&told);
}

static void
on_late(void *arg)
{
	loop_stop(arg);
}

/* Runs until someone stops the loop, or for so long by its own clock. */
static void
run(int64_t ms)
{
	struct timer *late = timer_new(st.loop, on_late, st.loop);

	timer_set(late, ms);
	loop_run(st.loop);
	timer_free(late);
}

static void
on_answer(void *arg, struct answer *a)
{
	struct buf body = BUF(4096);

	if (a->body != NULL)
		json_print(a->body, &body);
	UNUSED(arg);
	buf_printf(&told, "%s %d %s%s%s\n", verdict_name(a->verdict), a->status,
	    buf_str(&body),
	    a->next[0] != '\0' ? " next=" : "", a->next[0] != '\0' ?
	    strstr(a->next, "/api/v3") : "");
	buf_fini(&body);
	if (--waiting == 0)
		loop_stop(st.loop);
}

static void
rest(const char *path)
{
	waiting++;
	client_rest(st.client, LANE_LIVE, path, NULL, on_answer, NULL);
}

static const char *
one(const struct act *acts, size_t n, const char *path)
{
	told = BUF(4096);
	waiting = 0;
	begin(acts, n);
	rest(path);
	run(4 * 3600 * 1000);
	return buf_str(&told);
}

static void
test_repeats(void)
{
	static const struct act flaky[] = {
		{ "/api/v3/x", NULL, 1, 500, NULL, NULL, "oops" },
		{ "/api/v3/x", NULL, 1, 0, NULL, NULL, NULL },
		{ "/api/v3/x", NULL, 1, 200, NULL, NULL, "{\"half\":" },
		{ "/api/v3/x", NULL, 0, 200, NULL, NULL, "[1]" },
	};
	static const struct act down[] = {
		{ "/api/v3/x", NULL, 40, 503, NULL, NULL, "{}" },
		{ "/api/graphql", NULL, 30, 503, NULL, NULL, "{}" },
		{ "/api/v3/x", NULL, 0, 200, NULL, NULL, "[2]" },
	};
	static const struct act alone[] = {
		{ "/api/v3/x", NULL, 0, 500, NULL, NULL, "{}" },
		{ "/api/graphql", NULL, 0, 200, NULL, NULL, "{\"data\":{}}" },
	};

	is_str(one(flaky, LEN(flaky), "/x"), "ok 200 [1]\n",
	    "500, a hang-up, half a reply: asked again until it is whole");
	end();
	is_str(one(down, LEN(down), "/x"), "ok 200 [2]\n",
	    "a host that is down never reaches who asked");
	is_str(st.health, "well", "... and is well again when it answers");
	end();
	is_str(one(alone, LEN(alone), "/x"), "trouble 0 \n",
	    "what fails while the host answers others is a verdict");
	end();
}

static void
test_limits(void)
{
	static const struct act secondary[] = {
		{ "/api/v3/x", NULL, 1, 429, "Retry-After", "90", "{}" },
		{ "/api/v3/x", NULL, 0, 200, NULL, NULL, "[]" },
	};
	static const struct act token[] = {
		{ "/api/v3/x", NULL, 2, 401, NULL, NULL, "{\"message\":\"Bad\"}" },
		{ "/api/v3/x", NULL, 0, 200, NULL, NULL, "[]" },
	};

	is_str(one(secondary, LEN(secondary), "/x"), "ok 200 []\n",
	    "a secondary limit never reaches who asked");
	is_str(buf_str(&st.log), "/api/v3/x 0\n/api/v3/x 91\n",
	    "... and is waited for, a second more than told");
	end();
	is_str(one(token, LEN(token), "/x"), "ok 200 []\n",
	    "a refused token never reaches who asked");
	is_str(buf_str(&st.log), "/api/v3/x 0\n/api/v3/x 600\n/api/v3/x 1200\n",
	    "... and is tried every ten minutes");
	end();
}

static void
test_addresses(void)
{
	static struct act moved[] = {
		{ "/api/v3/x", NULL, 0, 301, "Location", "/api/v3/y?a=1", "{}" },
		{ "/api/v3/y?a=1", NULL, 0, 200, NULL, NULL, "[3]" },
	};
	static const struct act foreign[] = {
		{ "/api/v3/x", NULL, 0, 302, "Location", "http://127.0.0.2/y", "{}" },
	};
	static const struct act circle[] = {
		{ "/api/v3/x", NULL, 0, 302, "Location", "/api/v3/x", "{}" },
	};
	static const struct act link[] = {
		{ "/api/v3/x", NULL, 0, 200, "Link",
		    "<https://evil.example/p2>; rel=\"next\"", "[]" },
	};

	is_str(one(moved, LEN(moved), "/x"), "ok 200 [3]\n", "a redirect is followed");
	end();
	is_str(one(foreign, LEN(foreign), "/x"), "garbage 302 {}\n",
	    "not to another host");
	end();
	is_str(one(circle, LEN(circle), "/x"), "garbage 302 {}\n", "not for ever");
	is_str(buf_str(&st.log), "/api/v3/x 0\n/api/v3/x 0\n/api/v3/x 0\n/api/v3/x 0\n",
	    "... but three times");
	end();
	is_str(one(link, LEN(link), "/x"), "garbage 200 []\n",
	    "a next page elsewhere is no answer");
	end();
}

/* Parts. */

static void
on_part(void *arg, struct part_answer *a)
{
	buf_printf(&told, "%s:%s ", (const char *)arg, verdict_name(a->verdict));
	if (--waiting == 0)
		loop_stop(st.loop);
}

static void
part(const char *field, char *name)
{
	struct buf b = BUF(256);

	waiting++;
	buf_puts(&b, field);
	pack_ask(st.pack, LANE_LIVE, &b, 10, on_part, name);
	buf_fini(&b);
}

static char names[3][2] = { "1", "2", "3" };

static const char *
three(const struct act *acts, size_t n)
{
	told = BUF(4096);
	waiting = 0;
	begin(acts, n);
	part("light1", names[0]);
	part("heavy2", names[1]);
	part("light3", names[2]);
	run(4 * 3600 * 1000);
	return buf_str(&told);
}

static void
test_parts(void)
{
	static const struct act good[] = {
		{ "/api/graphql", NULL, 0, 200, NULL, NULL, NULL },
	};
	static const struct act heavy[] = {
		{ "/api/graphql", "heavy2", 0, 502, NULL, NULL, "" },
		{ "/api/graphql", NULL, 0, 200, NULL, NULL, NULL },
	};
	static const struct act errors[] = {
		{ "/api/graphql", NULL, 1, 200, NULL, NULL, "{\"data\":{\"a0\":null,"
		    "\"a1\":{\"x\":null},\"a2\":null},\"errors\":[{\"type\":\"NOT_FOUND\","
		    "\"path\":[\"a0\"]},{\"type\":\"SERVICE\",\"path\":[\"a1\",\"x\"]}]}" },
	};
	static const struct act wrong[] = {
		{ "/api/graphql", "heavy2", 0, 200, NULL, NULL,
		    "{\"errors\":[{\"message\":\"Field 'heavy2' doesn't exist\"}]}" },
		{ "/api/graphql", NULL, 0, 200, NULL, NULL, NULL },
	};

	is_str(three(good, LEN(good)), "3:ok 2:ok 1:ok ", "parts share one query");
	is_str(buf_str(&st.log), "/api/graphql 0\n", "... one");
	end();
	three(heavy, LEN(heavy));
	ok(strstr(buf_str(&told), "1:ok") != NULL && strstr(buf_str(&told), "3:ok") !=
	    NULL && strstr(buf_str(&told), "2:too heavy") != NULL,
	    "the heavy one alone is too heavy: %s", buf_str(&told));
	end();
	is_str(three(errors, LEN(errors)), "3:gone 2:partial 1:gone ",
	    "errors belong to their part");
	end();
	three(wrong, LEN(wrong));
	ok(strstr(buf_str(&told), "1:ok") != NULL && strstr(buf_str(&told), "3:ok") !=
	    NULL && strstr(buf_str(&told), "2:garbage") != NULL,
	    "a part that spoils the query is found: %s", buf_str(&told));
	end();
}

static void
test_conf(void)
{
	struct loop *l;
	struct err e;

	l = loop_new(&e);
	ok(client_new(&(struct client_conf){ .loop = l, .token = "x", .quota = 1,
	    .api_url = "http://api.github.com", .health = on_health }, &e) == NULL &&
	    e.kind == ERR_CONFIG, "no token goes without TLS: %s", e.text);
	ok(client_new(&(struct client_conf){ .loop = l, .token = "x\n", .quota = 1,
	    .api_url = "https://api.github.com", .health = on_health }, &e) == NULL &&
	    e.kind == ERR_CONFIG, "a token with a line end is told: %s", e.text);
	loop_free(l);
}

int
main(void)
{
	setenv("HUBSTASH_CLOCK", "virtual:2026-01-01T00:00:00Z", 1);
	test_repeats();
	test_limits();
	test_addresses();
	test_parts();
	test_conf();
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_api.c - the API over a store that answers when the test says so: who is asked
 * once for several, who is told what when it cannot, who has gone.
 */
#include "tap.h"

#include "base/str.h"
#include "data/json.h"
#include "state/state.h"
#include "store/store.h"
#include "talk.h"
#include "web/web.h"

#define GET(path)	"GET " path " HTTP/1.1\r\nHost: localhost\r\n\r\n"

static struct loop *loop;
static struct state *state;
static struct web *web;

/* What was asked and is not answered yet. */
static struct {
	store_answer_fn	*fn;
	void		*arg;
	enum store_panel panel;
	size_t		 edges;
	int64_t		 from_ms;
} asked[16];
static size_t asks;

static void
on_ask(struct store *s, const struct store_question *q, store_answer_fn *fn, void *arg)
{
	UNUSED(s);
	asked[asks].fn = fn;
	asked[asks].arg = arg;
	asked[asks].panel = q->panel;
	asked[asks].from_ms = q->from_ms;
	asked[asks++].edges = q->edge_count;
}

static void
on_free(struct store *s)
{
	UNUSED(s);
	asks = 0;		/* those are not answered any more */
}

static struct store store = { .ask = on_ask, .free = on_free };

/* Until so many questions stand. */
static void
until_asked(size_t n)
{
	while (asks < n)
		event_base_loop(loop_base(loop), EVLOOP_ONCE);
}

/* The clients' requests are all read: whoever asks now asks after them. */
static void
settle(void)
{
	struct talk t;

	talk_open(&t, loop, web_address(web));
	talk_say(&t, GET("/api/v1/status"));
	talk_hear(&t, 1);
	talk_close(&t);
}

static void
answer(size_t i, const char *text)
{
	struct err e = { 0 };
	struct json *j = text != NULL ? json_parse(text, strlen(text), &e) : NULL;

	if (text == NULL)
		err_set(&e, ERR_REMOTE, 0, "the disk is <full>");
	asked[i].fn(asked[i].arg, j, j == NULL ? &e : NULL);
	json_free(j);
	if (i + 1 == asks)
		asks--;
}

static void
say(struct talk *t, const char *request)
{
	talk_open(t, loop, web_address(web));
	talk_say(t, request);
}

static bool
told(struct talk *t, const char *start, const char *end)
{
	bool good;

	talk_hear(t, 1);
	good = str_starts(buf_str(&t->got), start) && str_ends(buf_str(&t->got), end);
	if (!good)
		printf("# got %s\n", buf_str(&t->got));
	talk_close(t);
	return good;
}

static void
test_together(void)
{
	struct talk t[5];

	say(&t[0], GET("/api/v1/contents"));
	until_asked(1);
	say(&t[1], GET("/api/v1/contents"));
	say(&t[2], GET("/api/v1/contents.csv"));
	say(&t[3], GET("/api/v1/contents?table=organizations"));
	settle();
	is_int(asks, 1, "four ask the same: the store is asked once");
	say(&t[4], GET("/api/v1/flow?from=2026-01-01&to=2026-01-04"));
	until_asked(2);
	ok(asked[1].panel == STORE_FLOW && asked[1].edges == 4, "others for themselves");
	answer(1, "{\"buckets\":[]}");
	ok(told(&t[4], "HTTP/1.1 200 OK\r\n", "\r\n\r\n{\"panel\":\"flow\",\"from\":"
	    "\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-04T00:00:00Z\",\"zone\":\"UTC\","
	    "\"interval\":\"day\",\"filters\":{\"who\":\"humans\"},\"data\":{\"buckets\":[]}}\n"),
	    "and may be answered first");
	answer(0, "{\"documents\":0,\"organizations\":[{\"name\":\"sim\",\"documents\":7}]}");
	for (size_t i = 0; i < 4; i++)
		if (i != 2)
			ok(told(&t[i], "HTTP/1.1 200 OK\r\n", "{\"panel\":\"contents\",\"data\":{"
			    "\"documents\":0,\"organizations\":[{\"name\":\"sim\","
			    "\"documents\":7}]}}\n"), "all are answered");
	ok(told(&t[2], "HTTP/1.1 200 OK\r\n", "\r\n\r\nname,documents\r\nsim,7\r\n"),
	    "each in its form");
}

/* Six at a time; what nobody waits for any more is never asked. */
static void
test_turns(void)
{
	struct talk t[9];
	char request[128];

	for (size_t i = 0; i < LEN(t); i++) {
		snprintf(request, sizeof(request), GET("/api/v1/totals?days=%zu"), i + 1);
		say(&t[i], request);
		settle();
	}
	is_int(asks, 6, "six questions are with the store, three wait for their turn");
	talk_close(&t[6]);
	talk_close(&t[7]);
	settle();
	answer(0, "{\"now\":1}");
	is_int(asks, 7, "one is answered, another asked");
	ok(asked[6].from_ms == asked[0].from_ms - (int64_t)8 * 86400 * 1000,
	    "the one that is waited for");
	ok(told(&t[0], "HTTP/1.1 200 OK\r\n", "\"data\":{\"now\":1}}\n"), "the first");
	for (size_t i = 1; i < 7; i++)
		answer(i, "{\"now\":2}");
	for (size_t i = 1; i < LEN(t); i++)
		if (i != 6 && i != 7)
			ok(told(&t[i], "HTTP/1.1 200 OK\r\n", "\"data\":{\"now\":2}}\n"),
			    "the others");
	is_int(asks, 6, "nobody else was asked for");
	asks = 0;
}

static void
test_away(void)
{
	struct talk t, gone;

	say(&gone, GET("/api/v1/totals"));
	until_asked(1);
	say(&t, GET("/api/v1/totals"));
	settle();
	talk_close(&gone);
	settle();
	answer(0, NULL);
	ok(strstr(talk_hear(&t, 1), "\r\nRetry-After: 5\r\n") != NULL, "later, maybe");
	ok(told(&t, "HTTP/1.1 503 Service Unavailable\r\n",
	    "\r\n\r\n{\"error\":{\"reason\":\"the disk is <full>\"}}\n"), "the store's own words");
	say(&t, GET("/api/v1/person"));
	ok(told(&t, "HTTP/1.1 400 ", "{\"error\":{\"parameter\":\"person\",\"reason\":"
	    "\"person must be given, once\"}}\n"), "what is wrong is not asked");
	say(&t, GET("/api/v1/people?after=AAAA"));
	ok(told(&t, "HTTP/1.1 400 ", "{\"error\":{\"parameter\":\"after\",\"reason\":"
	    "\"that is no place in this order: ask from the top\"}}\n"), "nor a place that is "
	    "none");
	is_int(asks, 0, "indeed");
}

static void
test_page(void)
{
	struct talk t, more;

	say(&t, GET("/"));
	until_asked(1);
	ok(told(&t, "HTTP/1.1 200 OK\r\n", "</html>\n"), "a store that takes its time");
	say(&t, GET("/data"));
	say(&more, GET("/person/1"));
	ok(strstr(talk_hear(&more, 1), "has not answered yet") != NULL &&
	    strstr(buf_str(&more.got), "<script type=\"module\"") != NULL,
	    "does not keep the dashboard waiting");
	ok(told(&t, "HTTP/1.1 200 OK\r\n", "</html>\n"), "whoever asks");
	talk_close(&more);
	is_int(asks, 1, "and is asked once");
	say(&t, GET("/"));
	settle();
	answer(0, "{\"people\":[],\"total\":0,\"documents\":3}");
	ok(strstr(talk_hear(&t, 1), "3 documents") != NULL, "who asks in time has the answer");
	talk_close(&t);
}

int
main(void)
{
	struct err e = { 0 };
	struct talk t, page;

	loop = loop_new(&e);
	state = state_open(NULL, STATE_MEMORY, &e);
	web = web_start(loop, &(struct web_conf){ .listen = "127.0.0.1:0", .state = state,
	    .store = &store }, &e);
	test_together();
	test_turns();
	test_away();
	test_page();
	say(&t, GET("/api/v1/totals"));
	say(&page, GET("/?days=7"));
	until_asked(2);
	web_stop(web);
	talk_hear(&t, 0);
	ok(t.closed && !t.late, "the end, with questions on their way");
	talk_close(&t);
	talk_close(&page);
	web = web_start(loop, &(struct web_conf){ .listen = "127.0.0.1:0", .state = state },
	    &e);
	say(&t, GET("/api/v1/totals"));
	ok(told(&t, "HTTP/1.1 503 ", "{\"error\":{\"reason\":\"no output of this pipeline can be "
	    "asked. Those named elasticsearch and sqlite can.\"}}\n"), "no store at all");
	web_stop(web);
	state_close(state);
	loop_free(loop);
	return done();
}

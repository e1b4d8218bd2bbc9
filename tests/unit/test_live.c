/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_live.c - what is stored is told to who watches, folded; who comes back learns
 * whether something was missed.
 */
#include "tap.h"

#include "fake.h"
#include "io/httpd.h"
#include "talk.h"
#include "web/live.h"

#define GET_LIVE(more)	"GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n" more "\r\n"

static struct fake_run run;
static struct httpd *httpd;
static struct live *live;
static unsigned settled;

static void
on_settled(struct origin *o)
{
	UNUSED(o);
	settled++;
	loop_stop(run.loop);
}
static struct origin origin = { .settled = on_settled };

static void
on_live(void *arg, struct httpd_request *r)
{
	UNUSED(arg);
	live_open(live, httpd, r);
}

static const struct httpd_route routes[] = {
	{ "/api/v1/live", on_live }, { .path = NULL }
};

static void
serve(void)
{
	struct err e = { 0 };

	live = live_new(run.pipeline);
	httpd = httpd_new(run.loop, &(struct httpd_conf){ .listen = "127.0.0.1:0",
	    .routes = routes }, &e);
	pipeline_start(run.pipeline);
}

/* Documents of so many kinds and people, until they are settled. */
static void
emit(const char *prefix, size_t n, unsigned kinds, unsigned people)
{
	struct docs docs = { 0 };
	unsigned was = settled;

	for (size_t i = 0; i < n; i++) {
		char *id = xasprintf("%s%zu", prefix, i);
		char *kind = xasprintf("kind_%zu", i % kinds);
		char *person = xasprintf("%s-person-%zu", prefix, i % people);
		struct doc *d = doc_new(id, kind, 0);

		doc_set_version(d, true, 1);
		doc_str(d, "github.repo_id", "77");
		json_set(d->body, "hubstash.credit_id", json_new_array());
		json_push(json_get(d->body, "hubstash.credit_id"), json_new_string(person));
		docs_add(&docs, d);
		free(id);
		free(kind);
		free(person);
	}
	host_emit(fake_in->host, &docs, &origin);
	while (settled == was)
		loop_run(run.loop);
}

/* The events that came until one of that name; text after it is for the next call. */
static bool
hears(struct talk *t, const char *event)
{
	/* The server ticks: a turn is no longer than that. */
	for (int n = 0; n < 40 && strstr(buf_str(&t->got), event) == NULL && !t->closed;
	    n++) {
		event_add(t->readable, NULL);
		event_base_loop(loop_base(run.loop), EVLOOP_ONCE);
		event_del(t->readable);
	}
	return strstr(buf_str(&t->got), event) != NULL &&
	    str_ends(buf_str(&t->got), "\n\n");
}

/* "id: …" of the first event. */
static void
event_id(const struct talk *t, char *id, size_t size)
{
	const char *p = strstr(buf_str(&t->got), "\nid: ");

	str_copy(id, size, p != NULL ? p + 5 : "");
	id[strcspn(id, "\n")] = '\0';
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *p = text; (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

static void
test_folded(char *id, size_t size)
{
	struct talk t;
	const char *data;

	talk_open(&t, run.loop, httpd_address(httpd));
	talk_say(&t, GET_LIVE(""));
	ok(hears(&t, "event: hello\n"), "hello");
	ok(strstr(buf_str(&t.got), "\r\n\r\nretry: 3000\nevent: hello\nid: ") != NULL,
	    "with a time to come back after");
	buf_clear(&t.got);
	for (int i = 0; i < 5; i++)
		emit("a", 10, 2, 3);
	emit("b", 150, 1, 150);
	live_tick(live, httpd);
	ok(hears(&t, "event: change\n"), "a change");
	data = strstr(buf_str(&t.got), "data: ");
	ok(data != NULL && count(data, "event: ") == 0, "folded into one");
	ok(data != NULL && strstr(data, "{\"documents\":200,\"kinds\":{\"kind_0\":175,"
	    "\"kind_1\":25},\"people\":[\"a-person-0\",\"a-person-1\",\"a-person-2\",") != NULL,
	    "of all that came");
	ok(data != NULL && count(data, "-person-") == 100 &&
	    strstr(data, "\"repositories\":[\"77\"],\"more\":true}\n\n") != NULL,
	    "but for the people beyond a hundred");
	event_id(&t, id, size);
	buf_clear(&t.got);
	emit("c", 1, 1, 1);
	live_tick(live, httpd);
	ok(hears(&t, "event: change\n") && strstr(buf_str(&t.got), "{\"documents\":1,\"kinds\":"
	    "{\"kind_0\":1},\"people\":[\"c-person-0\"],\"repositories\":[\"77\"]}\n") != NULL,
	    "and the next begins anew");
	event_id(&t, id, size);
	buf_clear(&t.got);
	for (int i = 0; i < 59; i++)
		live_tick(live, httpd);
	event_base_loop(loop_base(run.loop), EVLOOP_NONBLOCK);
	is_int(t.got.len, 0, "nothing, when nothing comes");
	live_tick(live, httpd);
	ok(hears(&t, ": still here\n\n"), "but a word every 60 ticks");
	talk_close(&t);
	while (httpd_streams(httpd) > 0)
		event_base_loop(loop_base(run.loop), EVLOOP_ONCE);
}

static void
come_back(const char *id, bool missed, const char *what)
{
	struct talk t;
	char *request = xasprintf(GET_LIVE("Last-Event-ID: %s\r\n"), id);

	talk_open(&t, run.loop, httpd_address(httpd));
	talk_say(&t, request);
	hears(&t, missed ? "event: reload\n" : "event: hello\n");
	ok((strstr(buf_str(&t.got), "event: reload\n") != NULL) == missed, "%s", what);
	talk_close(&t);
	free(request);
}

/* What was refused is not in the store. */
static void
test_refused(void)
{
	struct talk t;
	char id[64];

	talk_open(&t, run.loop, httpd_address(httpd));
	talk_say(&t, GET_LIVE(""));
	hears(&t, "event: hello\n");
	buf_clear(&t.got);
	emit("refused", 1, 1, 1);
	emit("stored", 1, 1, 1);
	live_tick(live, httpd);
	ok(hears(&t, "event: change\n") && strstr(buf_str(&t.got), "refused") == NULL,
	    "only what was stored is told");
	event_id(&t, id, sizeof(id));
	talk_close(&t);
	emit("d", 5, 1, 1);		/* maybe to a connection that is closing */
	while (httpd_streams(httpd) > 0)
		event_base_loop(loop_base(run.loop), EVLOOP_ONCE);
	emit("d", 5, 1, 1);
	come_back(id, true, "who missed something reloads");
}

int
main(void)
{
	char id[64];

	if (!fake_open(&run, NULL, RUN_FOLLOW, "input { gen { } } output { keep { "
	    "script => \"s\" } }"))
		return 1;
	serve();
	test_folded(id, sizeof(id));
	come_back(id, false, "who missed nothing goes on");
	come_back("17-1", true, "who saw another run reloads");
	come_back("", true, "so does who says nonsense");
	httpd_free(httpd);
	live_free(live);
	fake_fini(&run);
	if (!fake_open(&run, NULL, RUN_FOLLOW, "input { gen { } } output { keep { "
	    "script => \"rs\" } }"))
		return 1;
	serve();
	test_refused();
	httpd_free(httpd);
	live_free(live);
	emit("e", 1, 1, 1);
	ok(true, "nobody is told when the door is gone");
	fake_fini(&run);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/* test_web_trouble.c - what the web door tells of a pipeline in trouble. */
#include "tap.h"

#include "fake.h"
#include "talk.h"
#include "web/web.h"

static struct fake_run run;
static struct web *web;
static struct buf got;

static int
get(const char *request)
{
	struct talk t;

	talk_open(&t, run.loop, web_address(web));
	talk_say(&t, request);
	talk_hear(&t, 1);
	buf_fini(&got);
	got = buf_take(&t.got);
	talk_close(&t);
	return got.len > 12 ? (int)strtol(buf_str(&got) + 9, NULL, 10) : -1;
}

static bool
has(const char *text)
{
	return strstr(buf_str(&got), text) != NULL;
}

#define GET(path)	"GET " path " HTTP/1.1\r\nHost: localhost\r\n\r\n"

int
main(void)
{
	struct err e = { 0 };

	got = BUF(1 << 20);
	if (!fake_open(&run, NULL, RUN_FOLLOW, "input { gen { } } output { keep { } }"))
		return 1;
	web = web_start(run.loop, &(struct web_conf){ .listen = "127.0.0.1:0",
	    .state = run.state, .pipeline = run.pipeline }, &e);
	is_int(get(GET("/healthz")), 200, "all is well");
	get(GET("/metrics"));
	ok(has("\nhubstash_instance_trouble{block=\"out.keep#0\"} 0\n") &&
	    has("\nhubstash_instance_trouble{block=\"in.gen#0\"} 0\n"), "no trouble");
	host_trouble(fake_out[0]->host, "the index is <red>, \"really\"");
	is_int(get(GET("/healthz")), 503, "an output is in trouble");
	ok(has("\"out.keep#0\"") && has("the index is <red>, \\\"really\\\"") &&
	    has("\"since\": \"20"), "which, why and since when");
	ok(has("\r\nContent-Type: application/json\r\n"), "as JSON");
	get(GET("/metrics"));
	ok(has("\nhubstash_instance_trouble{block=\"out.keep#0\"} 1\n"), "as a number");
	get(GET("/"));
	ok(has("<b>out.keep#0</b> the index is &lt;red&gt;, &quot;really&quot;"),
	    "on the page");
	host_well(fake_out[0]->host);
	is_int(get(GET("/healthz")), 200, "well again");
	web_stop(web);
	buf_fini(&got);
	fake_fini(&run);
	return done();
}

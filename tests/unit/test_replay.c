/* SPDX-License-Identifier: Apache-2.0 */
/* Dead letters that are sent again: to their output alone, and what becomes of them. */
#include "tap.h"

#include "dir.h"
#include "fake.h"

static struct fake_run run;
static struct buf seen;

static void
add(const char *output, const char *id, const char *json, bool again)
{
	state_dead_add(run.state, &(struct dead_row){ .output = output, .doc_id = id,
	    .action = "commit", .reason = "old", .json = json, .version = 7, .at_ms = 1,
	    .times = 1, .again = again });
}

/* As it was printed when it was refused. */
static void
add_doc(const char *output, const char *id, bool again)
{
	char *json = xasprintf("{\"@timestamp\":\"2026-01-01T00:00:00Z\",\"event\":"
	    "{\"id\":\"%s\",\"action\":\"commit\"}}", id);

	add(output, id, json, again);
	free(json);
}

static void
see(void *arg, const struct dead_row *d)
{
	UNUSED(arg);
	buf_printf(&seen, "%s %s %lld%s\n", d->doc_id, d->reason, (long long)d->times,
	    d->again ? " again" : "");
}

static const char *
letters(void)
{
	buf_clear(&seen);
	state_dead(run.state, see, NULL);
	return buf_str(&seen);
}

static void
begin(enum run_mode mode, const char *text)
{
	if (!fake_open(&run, NULL, mode, text))
		die("%s%s", buf_str(&run.said), run.err.text);
}

static void
play(int status, const char *what)
{
	pipeline_start(run.pipeline);
	loop_run(run.loop);
	is_int(run.status, status, what);
}

#define TWO(a, b) "input { gen { } } filter { sieve { } } " \
	"output { keep { script => \"" a "\" } keep { script => \"" b "\" } }"

static void
test_alone(void)
{
	begin(RUN_REPLAY, TWO("s", "s"));
	add_doc("out.keep#0", "drop1", true);
	add_doc("out.keep#1", "b", true);
	add_doc("out.keep#1", "c", false);
	play(0, "all that was marked is stored");
	is_str(buf_str(&fake_out[0]->got), "drop1\n", "past the filters");
	is_str(buf_str(&fake_out[1]->got), "b\n", "each to the output that refused it");
	ok(fake_in == NULL, "no input is opened");
	is_str(letters(), "c old 1\n", "what is stored is a dead letter no more");
	fake_fini(&run);

	begin(RUN_REPLAY, TWO("s", "s"));
	play(0, "nothing is marked: the end");
	fake_fini(&run);
}

static void
test_refused(void)
{
	begin(RUN_REPLAY, TWO("aar", "s"));
	add_doc("out.keep#0", "a", true);
	add_doc("out.keep#1", "b", true);
	play(1, "one is refused again");
	is_str(letters(), "a bad field 2\n", "it stays, with the new reason, unmarked");
	is_int(fake_out[0]->writes, 3, "trouble of the output was waited for");
	fake_fini(&run);
}

static void
emit_newer(struct fake *in)
{
	struct docs docs = fake_docs("n", 2);

	host_emit(in->host, &docs, NULL);
	host_finished(in->host);
}

static void
test_overtaken(void)
{
	begin(RUN_ONCE, "input { gen { } } output { keep { } }");
	fake_step = emit_newer;
	add_doc("out.keep#0", "n0", false);
	add_doc("out.keep#1", "n1", false);
	play(0, "newer ones are stored");
	is_str(letters(), "n1 old 1\n", "a dead letter that was overtaken is none");
	fake_fini(&run);
}

static void
test_strange(void)
{
	begin(RUN_REPLAY, TWO("s", "s"));
	add_doc("out.other#0", "a", true);
	add("out.keep#0", "b", "null", true);
	add("out.keep#0", "c", "{\"no\":\"document\"}", true);
	add_doc("out.keep#0", "d", true);
	play(0, "what cannot be sent is passed over");
	is_str(letters(), "a old 1\nb old 1\nc old 1\n", "and stays, unmarked");
	fake_fini(&run);
}

static void
test_many(void)
{
	begin(RUN_REPLAY, TWO("s", "s"));
	for (int i = 0; i < 1000; i++) {
		char id[32];

		snprintf(id, sizeof(id), "n%d", i);
		add_doc("out.keep#0", id, i % 2 == 0);
	}
	play(0, "portion after portion");
	is_int(state_dead_count(run.state), 500, "all that were marked");
	ok(fake_out[0]->writes >= 3, "not all at once: %u batches", fake_out[0]->writes);
	fake_fini(&run);
}

static void
stop(void *arg)
{
	UNUSED(arg);
	pipeline_stop(run.pipeline);
}

static void
test_stopped(void)
{
	struct timer *t;

	begin(RUN_REPLAY, TWO("a", "s"));
	add_doc("out.keep#0", "a", true);
	t = timer_new(run.loop, stop, NULL);
	timer_set(t, 1000);
	play(75, "stopped before it was stored");
	is_str(letters(), "a old 1 again\n", "it is still to be sent");
	timer_free(t);
	fake_fini(&run);
}

/* Another process marks one while the pipeline follows for ever. */
static char *dir;
static void
mark(void *arg)
{
	struct err e;
	struct state *s = state_open(dir, STATE_WISH, &e);

	UNUSED(arg);
	if (s == NULL)
		die("%s", e.text);
	state_dead_mark(s, 1, true);
	if (!state_commit(s, &e))
		die("%s", e.text);
	state_close(s);
}

static void
test_beside(void)
{
	struct timer *marks, *stops;
	struct err e;

	dir = dir_new();
	if (!fake_open(&run, dir, RUN_FOLLOW, TWO("s", "s")))
		die("%s%s", buf_str(&run.said), run.err.text);
	add_doc("out.keep#0", "a", false);
	ok(state_commit(run.state, &e), "a dead letter from before");
	marks = timer_new(run.loop, mark, NULL);
	stops = timer_new(run.loop, stop, NULL);
	timer_set(marks, 3000);
	timer_set(stops, 10000);
	play(0, "marked by another process");
	is_str(letters(), "", "it was sent again within seconds");
	timer_free(marks);
	timer_free(stops);
	fake_fini(&run);
	dir_remove(dir);
}

int
main(void)
{
	setenv("HUBSTASH_CLOCK", "virtual:2026-01-01T00:00:00Z", 1);
	seen = BUF(1u << 16);
	test_alone();
	test_refused();
	test_overtaken();
	test_strange();
	test_many();
	test_stopped();
	test_beside();
	buf_fini(&seen);
	return done();
}

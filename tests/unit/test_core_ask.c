/* SPDX-License-Identifier: Apache-2.0 */
/* Which commits are flagged, asked of all outputs that know. */
#include "base/clock.h"
#include "tap.h"

#include "fake.h"
#include "state/keep.h"

static struct fake_run run;
static struct buf got;
static unsigned answers;
static int64_t began_ms;
static bool inside;

static void
on_found(void *arg, struct docs *docs)
{
	UNUSED(arg);
	ok(!inside, "answered on a later turn");
	answers++;
	for (size_t i = 0; i < docs->count; i++)
		buf_printf(&got, "%s:%lld:%s;", docs->doc[i]->id,
		    (long long)docs->doc[i]->version,
		    json_str(docs->doc[i]->body, "from"));
	docs_fini(docs);
	host_finished(fake_in->host);
}

static size_t max = 10;
static void
step_ask(struct fake *in)
{
	inside = true;
	host_flagged(in->host, 1, 2, max, on_found, in);
	inside = false;
}

/* Dead letters of the first output: one that is asked for, and others. */
static void
add_letters(void)
{
	static const struct {
		const char	*id, *flag;
		int64_t		 version;
	} rows[] = {
		{ "commit:1:a", "true", 1 }, { "commit:1:b", "false", 1 },
		{ "commit:1:c", "true", 2 }, { "commit:10:d", "true", 1 },
		{ "commit:1:e", "true", ((int64_t)1 << 48) + 1 }, { "pr:1:1", "true", 1 },
		{ "commit:1:f", NULL, 1 },
	};

	for (size_t i = 0; i < LEN(rows); i++) {
		char *json = rows[i].flag == NULL ? xstrdup("null") : xasprintf(
		    "{\"event\":{\"id\":\"%s\"},\"@timestamp\":\"2026-01-01\","
		    "\"from\":\"dead\",\"github\":{\"commit\":{\"default_branch\":%s}}}",
		    rows[i].id, rows[i].flag);

		state_dead_add(run.state, &(struct dead_row){ .output = "out.keep#0",
		    .doc_id = rows[i].id, .json = json, .version = rows[i].version });
		free(json);
	}
}

static void (*before)(void);
static struct timer *cancel;

static void
on_cancel(void *arg)
{
	UNUSED(arg);
	host_flagged_cancel(fake_in->host, fake_in);
}

static void
step_cancel(struct fake *in)
{
	if (fake_out[0]->asked > 0) {		/* its second try would be over */
		is_int(fake_out[0]->asked, 1, "nobody is asked again");
		host_finished(in->host);
		return;
	}
	timer_set(in->timer, 5000);
	step_ask(in);
	timer_set(cancel, 1);
}

static void
step_stop(struct fake *in)
{
	step_ask(in);
	pipeline_stop(run.pipeline);
}

static void
play(const char *outs, void (*step)(struct fake *in), const char *want,
    const char *what)
{
	char *text = xasprintf("input { gen { } } output { %s }", outs);

	fake_step = step;
	answers = 0;
	buf_clear(&got);
	if (!fake_open(&run, NULL, RUN_FOLLOW, text))
		die("%s%s", buf_str(&run.said), run.err.text);
	began_ms = clock_mono_ms();
	cancel = timer_new(run.loop, on_cancel, NULL);
	if (before != NULL)
		before();
	pipeline_start(run.pipeline);
	loop_run(run.loop);
	is_int(run.status, 0, what);
	is_str(buf_str(&got), want, what);
	timer_free(cancel);
	fake_fini(&run);
	free(text);
}

int
main(void)
{
	setenv("HUBSTASH_CLOCK", "virtual:2026-01-01T00:00:00Z", 1);
	got = BUF(1u << 16);
	play("keep { }", step_ask, "", "an output that knows none");
	is_int(answers, 1, "is an answer");
	play("keep { flagged => \"a:5\" } keep { flagged => \"b:6\" }", step_ask,
	    "a:5:out.keep#0;b:6:out.keep#1;", "two outputs are merged");
	play("keep { flagged => \"a:5\" } keep { flagged => \"a:6\" }", step_ask,
	    "a:6:out.keep#1;", "of two copies the newer one");
	play("keep { flagged => \"a:7\" } keep { flagged => \"a:6\" }", step_ask,
	    "a:7:out.keep#0;", "in either order");
	max = 1;
	play("keep { flagged => \"a:5\" } keep { flagged => \"b:6\" }", step_ask,
	    "a:5:out.keep#0;", "no more than were asked for");
	max = 10;
	play("keep { flagged => \"!a:5\" } keep { flagged => \"b:6\" }", step_ask,
	    "b:6:out.keep#1;a:5:out.keep#0;", "one that fails is asked again");
	ok(clock_mono_ms() - began_ms >= 500, "after a while");
	play("keep { flagged => \"!a:5\" }", step_cancel, "", "cancelled");
	is_int(answers, 0, "nobody is told");
	play("keep { flagged => \"!a:5\" }", step_stop, "", "stopped");
	is_int(answers, 0, "nobody is told either");
	before = add_letters;
	play("keep { flagged => \"z:9\" } keep { flagged => \"b:6\" }", step_ask,
	    "z:9:out.keep#0;commit:1:a:1:dead;commit:1:e:281474976710657:dead;b:6:out.keep#1;",
	    "those among its dead letters too");
	buf_fini(&got);
	return done();
}

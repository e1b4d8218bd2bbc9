/* SPDX-License-Identifier: Apache-2.0 */
/* How a pipeline ends, for which reason, and with which exit status. */
#include "base/clock.h"
#include "tap.h"

#include <signal.h>
#include <sys/resource.h>

#include "dir.h"
#include "fake.h"

#define IN	"input { gen { } } "
#define ONE(s)	IN "output { keep { script => \"" s "\" } }"

static struct fake_run run;
static unsigned told;

static void
on_settled(struct origin *o)
{
	UNUSED(o);
	told++;
}
static struct origin origin = { .settled = on_settled };

static void
emit(struct fake *in, size_t n)
{
	struct docs docs = fake_docs("d", n);

	host_emit(in->host, &docs, &origin);
}

/* How long it took in ms. */
static int64_t
play(const char *dir, enum run_mode mode, const char *text,
    void (*step)(struct fake *in), int status, const char *what)
{
	int64_t start;

	told = 0;
	fake_step = step;
	origin.page = NULL;
	if (!fake_open(&run, dir, mode, text))
		die("%s: %s%s", what, buf_str(&run.said), run.err.text);
	start = clock_mono_ms();
	pipeline_start(run.pipeline);
	loop_run(run.loop);
	is_int(run.status, status, what);
	return clock_mono_ms() - start;
}

static void
step_stop(struct fake *in)
{
	emit(in, 1);
	pipeline_stop(run.pipeline);
}

static int turns;
static void
step_stop_twice(struct fake *in)
{
	if (turns++ == 0)
		step_stop(in);
	else
		pipeline_stop(run.pipeline);
	timer_set(in->timer, 500);
}

static void
test_stop(void)
{
	int64_t ms = play(NULL, RUN_FOLLOW, ONE("s"), step_stop, 0, "asked to stop");

	ok(ms < 100, "an idle pipeline ends at once");
	is_str(buf_str(&fake_out[0]->got), "d0\n", "what was on its way is stored");
	is_int(fake_in->stops, 1, "the input was stopped");
	is_int(fake_out[0]->stops, 1, "and the output");
	fake_fini(&run);
	play(NULL, RUN_FOLLOW, ONE("as"), step_stop, 0, "asked to stop, with one to do again");
	is_str(buf_str(&fake_out[0]->got), "d0\nd0\n", "that is stored too");
	is_int(told, 0, "but a stopped input hears nothing more");
	fake_fini(&run);

	ms = play(NULL, RUN_FOLLOW, ONE("a"), step_stop, 0, "an output that cannot store");
	ok(ms >= 5000 && ms < 10000, "holds the end up for some seconds");
	fake_fini(&run);
	ms = play(NULL, RUN_FOLLOW, ONE("-"), step_stop, 0, "one that does not answer");
	ok(ms >= 5000 && ms < 10000, "the same");
	fake_fini(&run);
	turns = 0;
	ms = play(NULL, RUN_FOLLOW, ONE("-"), step_stop_twice, 0, "asked twice");
	ok(ms < 1000, "ends without waiting");
	fake_fini(&run);
	play(NULL, RUN_BACKFILL, ONE("s"), step_stop, 75, "a backfill that is stopped has "
	    "not done its work");
	fake_fini(&run);
}

static void
step_fail(struct fake *in)
{
	struct err e;

	emit(in, 1);
	err_set(&e, ERR_REMOTE, 401, "GITHUB_TOKEN is not valid");
	host_fail(in->host, &e);
	err_set(&e, ERR_CONFIG, 0, "and another reason");
	host_fail(in->host, &e);
}

static void
step_problem(struct fake *in)
{
	host_problem(in->host, "f.json:%d: not JSON", 7);
	emit(in, 1);
	host_finished(in->host);
}

static void
step_unread(struct fake *in)
{
	emit(in, 1);
	host_finished(fake_out[0]->host);
	timer_set(in->timer, 100000);
}

static void
test_reasons(void)
{
	struct err e;

	UNUSED(e);
	play(NULL, RUN_FOLLOW, ONE("s"), step_fail, 3, "an input fails: its first reason");
	is_str(buf_str(&fake_out[0]->got), "d0\n", "what was on its way is stored");
	fake_fini(&run);
	play(NULL, RUN_ONCE, ONE("s"), step_problem, 1, "an input passed something over");
	is_int(told, 1, "and went on");
	fake_fini(&run);
	ok(play(NULL, RUN_ONCE, ONE("-"), step_unread, 0, "nobody reads an output") < 2000,
	    "ends at once, and well");
	fake_fini(&run);
	ok(!fake_open(&run, NULL, RUN_ONCE, IN "output {\n  keep { script => \"closed\" } }"),
	    "an output that does not open");
	is_int(err_exit(&run.err), 3, "says why");
	is_str(run.err.text, "t.conf:2: out.keep#0: it would not open", "and where");
	fake_fini(&run);
	ok(!fake_open(&run, NULL, RUN_ONCE, ""), "an empty pipeline");
	is_int(err_exit(&run.err), 2, "is a mistake");
	fake_fini(&run);
}

/* The disk is full when the settled page should be written down. */
static struct rlimit room;
static void
on_settled_full(struct origin *o)
{
	char *large = xcalloc(1, 200001);
	struct rlimit tight;

	UNUSED(o);
	told++;
	memset(large, 'x', 200000);
	getrlimit(RLIMIT_FSIZE, &room);
	tight = room;
	tight.rlim_cur = 65536;
	setrlimit(RLIMIT_FSIZE, &tight);
	state_set_meta(run.state, "large", large);
	free(large);
}

/* A refusal that cannot be written down settles nothing. */
static void
step_full_dead(struct fake *in)
{
	struct docs docs = fake_docs("d", 1);
	char *large = xcalloc(1, 200001);
	struct rlimit tight;

	memset(large, 'x', 200000);
	doc_str(docs.doc[0], "text", large);
	free(large);
	getrlimit(RLIMIT_FSIZE, &room);
	tight = room;
	tight.rlim_cur = 65536;
	setrlimit(RLIMIT_FSIZE, &tight);
	host_emit(in->host, &docs, &origin);
}

static void
step_full(struct fake *in)
{
	static struct origin full = { .settled = on_settled_full };
	struct docs docs;

	if (turns++ == 0) {
		docs = fake_docs("d", 1);
		host_emit(in->host, &docs, &full);
		timer_set(in->timer, 15);
	} else
		emit(in, 1);		/* settled after the failure: not told */
}

static void
test_full(void)
{
	char *dir = dir_new();

	signal(SIGXFSZ, SIG_IGN);
	turns = 0;
	ok(play(dir, RUN_FOLLOW, ONE("s"), step_full, 75, "state.db cannot be written") <
	    2000, "ends at once");
	setrlimit(RLIMIT_FSIZE, &room);
	fake_fini(&run);
	play(dir, RUN_FOLLOW, ONE("r"), step_full_dead, 75, "nor a dead letter");
	setrlimit(RLIMIT_FSIZE, &room);
	is_int(told, 0, "which settles nothing then");
	fake_fini(&run);
	dir_remove(dir);
}

static void
see_trouble(void *arg, const char *name, const char *text, int64_t since_ms)
{
	UNUSED(since_ms);
	buf_printf(arg, "%s=%s;", name, text != NULL ? text : "well");
}

static void
see_note(void *arg, const char *key, const char *value)
{
	buf_printf(arg, "%s=%s;", key, strchr(value, ' ') + 1);
}

static void
step_trouble(struct fake *in)
{
	struct buf b = BUF(4096);
	struct instance *out = fake_out[0]->host;

	host_trouble(out, "cannot reach %s", "it");
	host_trouble(out, "cannot reach %s", "it");
	pipeline_troubles(run.pipeline, see_trouble, &b);
	is_str(buf_str(&b), "in.gen#0=well;out.keep#0=cannot reach it;", "troubles");
	buf_clear(&b);
	state_notes(run.state, see_note, &b);
	is_str(buf_str(&b), "trouble:out.keep#0=cannot reach it;", "and as a note");
	buf_clear(&b);
	host_well(out);
	host_well(out);
	pipeline_troubles(run.pipeline, see_trouble, &b);
	state_notes(run.state, see_note, &b);
	is_str(buf_str(&b), "in.gen#0=well;out.keep#0=well;", "until it is well again");
	buf_fini(&b);
	host_finished(in->host);
}

/* A store that is new, the same, or another: only then all is sent again. */
static void
step_finish(struct fake *in)
{
	if (turns++ == 0)
		timer_set(in->timer, 10);
	else
		host_finished(in->host);
}

static void
identified(const char *dir, enum run_mode mode, const char *id, unsigned refills,
    const char *what)
{
	static const struct stream_row covered = { .repo_id = 1, .cursor = "x" };
	char *text = xasprintf(IN "output { keep { identity => \"%s\" } }", id);

	turns = 0;
	fake_step = step_finish;
	if (!fake_open(&run, dir, mode, text))
		die("%s", run.err.text);
	if (mode == RUN_ONCE)
		state_save_stream(run.state, &covered);
	pipeline_start(run.pipeline);
	loop_run(run.loop);
	is_int(fake_in->refills, refills, what);
	state_save_stream(run.state, &covered);
	fake_fini(&run);
	free(text);
}

static void
test_identity(void)
{
	char *dir = dir_new();

	identified(dir, RUN_FOLLOW, "a", 0, "a new store, and nothing is covered");
	identified(dir, RUN_FOLLOW, "a", 0, "the same store");
	identified(dir, RUN_FOLLOW, "b", 1, "another store: refill");
	identified(dir, RUN_FOLLOW, "b", 0, "the same one from then on");
	identified(dir, RUN_BACKFILL, "a", 1, "the first one again: refill");
	identified(NULL, RUN_ONCE, "c", 0, "a dry run cares for none");
	dir_remove(dir);
}

static void
step_late(struct fake *in)
{
	fake_out[0]->known = true;
	host_identified(fake_out[0]->host);
	host_finished(in->host);
}

static void
remembered(const char *dir, const char *text, void (*step)(struct fake *in),
    const char *want, unsigned refills, const char *what)
{
	static const struct stream_row covered = { .repo_id = 1, .cursor = "x" };
	char *is;

	turns = 0;
	fake_step = step;
	if (!fake_open(&run, dir, RUN_FOLLOW, text))
		die("%s", run.err.text);
	state_save_stream(run.state, &covered);
	pipeline_start(run.pipeline);
	loop_run(run.loop);
	is_int(fake_in->refills, refills, what);
	is = state_identity(run.state, "out.keep#0");
	is_str(str_or(is, "nobody"), want, "… and who is remembered");
	free(is);
	fake_fini(&run);
}

/* What a store missed it is sent later, whenever that can be. */
static void
test_missed(void)
{
	char *dir = dir_new();

	remembered(dir, IN "output { keep { identity => \"?\" } }", step_late, "nobody",
	    0, "a store that is known when all has ended stays new");
	remembered(dir, IN "output { keep { identity => \"a\" } }", step_finish, "a", 1,
	    "so that it is filled the next time");
	remembered(dir, IN "output { keep { id => b identity => \"b\" } }", step_finish,
	    "nobody", 1, "a run without it");
	remembered(dir, IN "output { keep { identity => \"a\" } }", step_finish, "a", 1,
	    "it lacks what came meanwhile: refill");
	dir_remove(dir);
}

/* A store answers at last, when something is covered already. */
static void
step_found(struct fake *in)
{
	static const struct stream_row covered = { .repo_id = 1, .cursor = "x" };

	if (turns++ > 0) {
		host_finished(in->host);
		return;
	}
	state_save_stream(run.state, &covered);
	fake_out[0]->known = true;
	host_identified(fake_out[0]->host);
	timer_set(in->timer, 10);
}

/* What was read since the start waits for it; what was covered then it lacks. */
static void
test_found(void)
{
	char *dir = dir_new();

	for (unsigned refills = 0; refills < 2; refills++) {
		turns = 0;
		fake_step = step_found;
		if (!fake_open(&run, dir, RUN_FOLLOW,
		    IN "output { keep { identity => \"?\" } }"))
			die("%s", run.err.text);
		pipeline_start(run.pipeline);
		loop_run(run.loop);
		is_int(fake_in->refills, refills, refills > 0 ? "a store found late, "
		    "and something was covered before" : "a store found late, and "
		    "nothing was: what was read waits for it");
		state_set_identity(run.state, "out.keep#0", NULL);
		fake_fini(&run);
	}
	dir_remove(dir);
}

static int64_t began_ms;

static void
step_note_begin(struct fake *in)
{
	began_ms = clock_mono_ms();
	host_finished(in->host);
}

/* What is read before a store is known would be read again for it. */
static void
test_begin(void)
{
	static const struct {
		const char	*identity, *what;
		int64_t		 least_ms, most_ms;
	} rows[] = {
		{ "a", "a known store: inputs begin at once", 0, 10 },
		{ "?a", "a store that is known later: inputs wait", 1000, 1010 },
		{ "?", "a store nobody hears of: inputs begin after a while", 5000, 5010 },
	};

	for (size_t i = 0; i < LEN(rows); i++) {
		char *text = xasprintf(IN "output { keep { identity => \"%s\" } }",
		    rows[i].identity);
		int64_t start;

		fake_step = step_note_begin;
		if (!fake_open(&run, NULL, RUN_FOLLOW, text))
			die("%s", run.err.text);
		start = clock_mono_ms();
		pipeline_start(run.pipeline);
		loop_run(run.loop);
		ok(began_ms - start >= rows[i].least_ms &&
		    began_ms - start <= rows[i].most_ms, "%s", rows[i].what);
		fake_fini(&run);
		free(text);
	}
}

int
main(void)
{
	setenv("HUBSTASH_CLOCK", "virtual:2026-01-01T00:00:00Z", 1);
	test_stop();
	test_reasons();
	test_full();
	play(NULL, RUN_ONCE, ONE("s"), step_trouble, 0, "trouble");
	fake_fini(&run);
	test_identity();
	test_missed();
	test_found();
	test_begin();
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents from an input through filters to outputs, until they are settled, in
 * virtual time. What ends a pipeline is in test_pipeline_end.c.
 */
#include "base/clock.h"
#include "core/metrics.h"
#include "tap.h"

#include <signal.h>
#include <sys/wait.h>

#include "dir.h"
#include "fake.h"

#define IN	"input { gen { } } "
#define ONE(s)	IN "output { keep { script => \"" s "\" } }"
#define TWO(s, t) IN "output { keep { script => \"" s "\" } " \
		"keep { script => \"" t "\" } }"

static struct fake_run run;
static unsigned told;
static bool inside;			/* host_emit */
static int64_t began_ms, told_ms;

static void
on_settled(struct origin *o)
{
	ok(!inside && o->page == NULL, "told on a later turn, and free again");
	told++;
	told_ms = clock_mono_ms();
}
static struct origin origin = { .settled = on_settled };

static void
emit(struct fake *in, const char *prefix, size_t n)
{
	struct docs docs = fake_docs(prefix, n);

	inside = true;
	host_emit(in->host, &docs, &origin);
	inside = false;
	ok(docs.count == 0 && docs.doc == NULL, "the documents were taken");
}

/* Runs text to its end with a step of the input; the outputs stay to be asked. */
static void
play(const char *text, void (*step)(struct fake *in), int status, const char *what)
{
	told = 0;
	fake_step = step;
	if (!fake_open(&run, NULL, RUN_ONCE, text))
		die("%s: %s%s", what, buf_str(&run.said), run.err.text);
	began_ms = clock_mono_ms();
	pipeline_start(run.pipeline);
	loop_run(run.loop);
	is_int(run.status, status, what);
}

static void
step_two(struct fake *in)
{
	emit(in, "d", 2);
	host_finished(in->host);
}

static void
step_none(struct fake *in)
{
	emit(in, "d", 0);
	host_finished(in->host);
}

static void
step_drop(struct fake *in)
{
	struct docs docs = fake_docs("drop", 2), more = fake_docs("d", 1);

	docs_add(&docs, more.doc[0]);
	free(more.doc);
	host_emit(in->host, &docs, &origin);
	host_finished(in->host);
}

static void
test_settled(void)
{
	play(ONE("s"), step_two, 0, "one output");
	is_str(buf_str(&fake_out[0]->got), "d0 d1\n", "both in a batch");
	is_int(told, 1, "the origin is told once");
	fake_fini(&run);

	play(ONE("s"), step_none, 0, "no documents");
	is_int(told, 1, "are settled too");
	is_int(fake_out[0]->writes, 0, "without a batch");
	fake_fini(&run);

	play(IN "filter { sieve { } } output { keep { } }", step_drop, 0, "a filter");
	is_str(buf_str(&fake_out[0]->got), "d0\n", "drops two of three");
	is_int(told, 1, "what is dropped is settled");
	fake_fini(&run);

	play(TWO("s", "r"), step_two, 0, "two outputs");
	is_str(buf_str(&fake_out[1]->got), "d0 d1\n", "both get all");
	is_int(told, 1, "told when both have settled");
	is_int(state_dead_count(run.state), 2, "what one refuses are dead letters");
	fake_fini(&run);
}

static void
test_again(void)
{
	play(ONE("aaas"), step_two, 0, "again, three times");
	is_str(buf_str(&fake_out[0]->got), "d0 d1\nd0 d1\nd0 d1\nd0 d1\n",
	    "offered until stored");
	is_int(told, 1, "told once");
	/* 500, 1000, 2000 ms, each between half and all of it */
	ok(told_ms - began_ms >= 1750 && told_ms - began_ms <= 3600, "after longer waits "
	    "each time");
	fake_fini(&run);

	play(TWO("s", "as"), step_two, 0, "one of two again");
	is_int(fake_out[0]->writes, 1, "is offered to that one alone");
	fake_fini(&run);
}

/* The output keeps its batch; the next step gives it back. */
static int turns;
static void
step_kept(struct fake *in)
{
	struct batch *b = fake_out[0]->kept;

	switch (turns++) {
	case 0:
		emit(in, "d", 9999);
		ok(!in->paused && !host_full(in->host), "9,999 documents go on");
		break;
	case 1:
		host_forget(&origin);
		emit(in, "e", 1);
		ok(in->paused && host_full(in->host), "10,000 pause the input");
		break;
	case 2:
		is_int(batch_count(b), 5000, "a batch has 5,000");
		is_int(fake_out[0]->writes, 1, "and one is out at a time");
		for (size_t i = 0; i < batch_count(b); i++)
			batch_outcome(b, i, OUTCOME_STORED, NULL);
		batch_done(b);
		ok(!in->paused, "half of them settled: on again");
		break;
	case 3:
		is_int(batch_count(b), 5000, "the next batch");
		for (size_t i = 0; i < batch_count(b); i++)
			batch_outcome(b, i, OUTCOME_STORED, NULL);
		batch_done(b);
		host_finished(in->host);
		return;
	}
	timer_set(in->timer, 100);
}

static void
test_pause(void)
{
	turns = 0;
	play(ONE("-"), step_kept, 0, "many documents");
	is_int(told, 1, "the page that was forgotten is not told");
	fake_fini(&run);
}

static void
step_large(struct fake *in)
{
	struct docs docs = fake_docs("d", 2);
	char *text = xcalloc(1, (33 << 20) + 1);

	memset(text, 'x', 33 << 20);
	for (size_t i = 0; i < 2; i++)
		doc_str(docs.doc[i], "text", text);
	free(text);
	host_emit(in->host, &docs, &origin);
	ok(in->paused, "64 MiB pause the input too");
	host_finished(in->host);
}

static void
test_bytes(void)
{
	play(ONE("s"), step_large, 0, "large documents");
	is_str(buf_str(&fake_out[0]->got), "d0\nd1\n", "one a batch");
	ok(!fake_in->paused || told == 1, "settled");
	fake_fini(&run);
}

/* Dead letters are in the file before anybody hears that they are settled. */
static char *dir;
static void
on_settled_dead(struct origin *o)
{
	struct err e;
	struct state *s = state_open(dir, STATE_READ, &e);

	UNUSED(o);
	told++;
	ok(s != NULL && state_dead_count(s) == 1, "a dead letter is durable before "
	    "it is settled");
	state_close(s);
}

static void
step_dead(struct fake *in)
{
	static struct origin o = { .settled = on_settled_dead };
	struct docs docs = fake_docs("d", 1);

	host_emit(in->host, &docs, &o);
	host_finished(in->host);
}

static void
see_dead(void *arg, const struct dead_row *d)
{
	UNUSED(arg);
	is_str(d->output, "out.keep#0", "it names the output");
	is_str(d->reason, "bad field", "and the reason");
	ok(strstr(d->json, "\"event\":{\"action\":\"commit\"") != NULL, "and is whole");
}

static void
test_dead(void)
{
	told = 0;
	dir = dir_new();
	fake_step = step_dead;
	ok(fake_open(&run, dir, RUN_FOLLOW, ONE("r")), "a refusing output");
	pipeline_start(run.pipeline);
	loop_run(run.loop);
	is_int(run.status, 0, "is no failure of the program");
	is_int(told, 1, "and settles");
	state_dead(run.state, see_dead, NULL);
	fake_fini(&run);
	dir_remove(dir);
}

/* A settled page moves a cursor; whoever is killed before that reads it again. */
static void
on_settled_cursor(struct origin *o)
{
	UNUSED(o);
	state_save_stream(run.state, &(struct stream_row){ .repo_id = 1,
	    .cursor = "moved" });
}

static void
step_cursor(struct fake *in)
{
	static struct origin o = { .settled = on_settled_cursor };
	struct docs docs = fake_docs("d", 1);

	switch (turns++) {
	case 0:
		host_emit(in->host, &docs, &o);
		break;
	case 1:		/* the batch is out; or settled and committed */
		raise(SIGKILL);
	}
	timer_set(in->timer, 100);
}

/* A page that something must be remembered for: which head is being read. */
static void
step_target(struct fake *in)
{
	static struct origin o = { .settled = on_settled_cursor };
	struct docs docs = fake_docs("d", 1);

	on_settled_cursor(&o);
	host_emit(in->host, &docs, &o);
}

static bool
moved_after_kill(void (*step)(struct fake *in), const char *text)
{
	struct err e;
	struct state *s;
	bool moved;
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		turns = 0;
		fake_step = step;
		if (fake_open(&run, dir, RUN_FOLLOW, text)) {
			pipeline_start(run.pipeline);
			loop_run(run.loop);
		}
		_exit(1);
	}
	waitpid(pid, &status, 0);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "killed");
	s = state_open(dir, STATE_ENGINE, &e);
	if (s == NULL)
		die("%s", e.text);
	moved = state_covers(s);
	state_close(s);
	return moved;
}

static void
test_killed(void)
{
	dir = dir_new();
	ok(!moved_after_kill(step_cursor, ONE("-")), "between batch and settling: the "
	    "cursor stays");
	ok(!moved_after_kill(step_cursor, TWO("s", "-")), "one of two outputs had it: the same");
	ok(!moved_after_kill(step_cursor, ONE("a")), "to be tried again: the same");
	ok(moved_after_kill(step_cursor, ONE("s")), "settled: within 20 ms it is on disk");
	dir_remove(dir);
	dir = dir_new();
	ok(moved_after_kill(step_target, ONE("k")), "what a page is of is on disk before "
	    "its documents are written");
	dir_remove(dir);
}

int
main(void)
{
	setenv("HUBSTASH_CLOCK", "virtual:2026-01-01T00:00:00Z", 1);
	test_settled();
	test_again();
	test_pause();
	test_bytes();
	test_dead();
	test_killed();
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Documents from an input through filters to outputs, until they are settled. */
#include "base/clock.h"
#include "tap.h"

#include "fake.h"

#define ONE	"input { gen { } } filter { sieve { } } output { keep { script => \"%s\" } }"
#define TWO	"input { gen { } } output { keep { script => \"%s\" }" \
		" keep { script => \"%s\" } }"

static unsigned told;
static bool told_inside, emitting;

static void
on_settled(struct origin *o)
{
	UNUSED(o);
	told++;
	told_inside = told_inside || emitting;
}
static struct origin origin = { .settled = on_settled };

/* Emits once, then waits for the word, then finishes. */
static size_t emit_n;
static const char *emit_prefix = "d";
static void
step_emit(struct fake *in)
{
	struct docs docs = fake_docs(emit_prefix, emit_n);

	emitting = true;
	host_emit(in->host, &docs, &origin);
	emitting = false;
	ok(docs.count == 0 && docs.doc == NULL, "the documents were taken");
	host_finished(in->host);
}

static void
run(const char *name, enum run_mode mode, const char *text, size_t n)
{
	struct fake_run r;

	told = 0;
	told_inside = false;
	emit_n = n;
	fake_step = step_emit;
	if (!ok(fake_open(&r, NULL, mode, text), "%s: opens", name)) {
		printf("# %s %s\n", buf_str(&r.said), r.err.text);
		fake_fini(&r);
		return;
	}
	pipeline_start(r.pipeline);
	loop_run(r.loop);
	is_int(r.status, 0, name);
	is_int(told, 1, "the origin was told once");
	ok(!told_inside, "and not from inside host_emit");
	fake_fini(&r);
}

int
main(void)
{
	char text[512];

	snprintf(text, sizeof(text), ONE, "s");
	run("one output", RUN_ONCE, text, 3);
	run("nothing emitted", RUN_ONCE, text, 0);
	emit_prefix = "drop";
	run("all dropped by a filter", RUN_ONCE, text, 2);
	emit_prefix = "d";
	snprintf(text, sizeof(text), TWO, "s", "r");
	run("two outputs", RUN_ONCE, text, 2);
	return done();
}

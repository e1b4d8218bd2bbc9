/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue.c - documents waiting for one output, and the batches made of them.
 *
 *	queue ──► batch ──► write … batch_done ─┬─ stored, refused ──► settled
 *	  ▲                                     └─ again ──► list by due time ─┐
 *	  └────────────────────────────────────────────────────────────────────┘
 *
 * While the output has nothing in hand a batch goes out on the next turn, so a
 * single page is not kept waiting; while it is busy, documents gather until a
 * batch is full or a batch comes back.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "core/instance.h"
#include "core/metrics.h"
#include "core/reidentify.h"
#include "core/replay.h"
#include "io/flow.h"
#include "state/state.h"

#include <stdlib.h>

#define BATCH_DOCS	5000
#define BATCH_BYTES	((size_t)5 << 20)
#define AGAIN_BASE_MS	500
#define AGAIN_MAX_MS	60000
#define DEAD_MAX	100000
#define DEAD_BYTES	((size_t)64 << 20)

size_t
batch_count(const struct batch *b)
{
	return b->count;
}

const struct doc *
batch_doc(const struct batch *b, size_t i)
{
	return b->ticket[i]->parcel->doc;
}

void
batch_outcome(struct batch *b, size_t i, enum outcome o, const char *reason)
{
	b->outcome[i] = o;
	str_set(&b->reason[i], reason);
}

static void
batch_free(struct batch *b)
{
	TAILQ_REMOVE(&b->out->out, b, link);
	for (size_t i = 0; i < b->count; i++)
		free(b->reason[i]);
	free(b->ticket);
	free(b->outcome);
	free(b->reason);
	free(b);
}

/* Makes a refused document a dead letter; false when there is no more room. */
static bool
bury(struct instance *out, const struct batch *b, size_t i)
{
	struct state *s = out->pipeline->conf.state;
	const char *reason = str_or(b->reason[i], "refused");
	const struct doc *d = batch_doc(b, i);
	struct buf json = BUF(DEAD_BYTES);

	if (!b->ticket[i]->parcel->again && state_dead_count(s) >= DEAD_MAX) {
		host_trouble(out, "%d refused documents wait as dead letters, and no "
		    "more are taken; see `hubstash dlq list`, then replay", DEAD_MAX);
		return false;
	}
	json_print(d->body, &json);
	state_dead_add(s, &(struct dead_row){ .output = out->name, .doc_id = d->id,
	    .action = d->action, .reason = reason,
	    .json = json.failed ? "null" : buf_str(&json), .version = d->version,
	    .target = out->output->target != NULL ? out->output->target(out->self) :
	    NULL, .at_ms = clock_wall_ms(), .times = 1 });
	buf_fini(&json);
	log_warn("%s: refused, kept as a dead letter; see `hubstash dlq list` id=%s "
	    "reason=%.200s", out->name, d->id, reason);
	return true;
}

static void
try_again(struct instance *out, struct ticket *t)
{
	struct ticket *after;

	metric_add(METRIC_OUTPUT_AGAIN, 1);
	t->tries++;
	t->due_ms = clock_mono_ms() +
	    flow_backoff(t->tries, AGAIN_BASE_MS, AGAIN_MAX_MS);
	TAILQ_FOREACH_REVERSE(after, &out->again, tickets, link)
		if (after->due_ms <= t->due_ms)
			break;
	if (after != NULL)
		TAILQ_INSERT_AFTER(&out->again, after, t, link);
	else
		TAILQ_INSERT_HEAD(&out->again, t, link);
}

void
batch_done(struct batch *b)
{
	struct instance *out = b->out;
	struct pipeline *p = out->pipeline;
	struct err e;
	bool buried = false;

	for (size_t i = 0; i < b->count; i++)
		if (b->outcome[i] == OUTCOME_REFUSED) {
			if (bury(out, b, i))
				buried = true;
			else
				b->outcome[i] = OUTCOME_AGAIN;
		}
	if (buried && !state_commit(p->conf.state, &e)) {
		pipeline_broken(p, &e);		/* durable before it is settled */
		return;
	}
	for (size_t i = 0; i < b->count; i++) {
		struct ticket *t = b->ticket[i];

		if (b->outcome[i] == OUTCOME_AGAIN) {
			try_again(out, t);
			continue;
		}
		metric_add(b->outcome[i] == OUTCOME_STORED ? METRIC_OUTPUT_STORED :
		    METRIC_OUTPUT_REFUSED, 1);
		if (b->outcome[i] == OUTCOME_STORED)
			state_dead_stored(p->conf.state, out->name,
			    t->parcel->doc->id, t->parcel->doc->version);
		t->parcel->stored |= b->outcome[i] == OUTCOME_STORED;
		if (t->parcel->again && p->reidentify != NULL)
			reidentify_settled(p, b->outcome[i] == OUTCOME_STORED);
		else if (t->parcel->again)
			replay_settled(p, b->outcome[i] == OUTCOME_STORED);
		parcel_settled(p, t->parcel);
		free(t);
	}
	out->batches--;
	batch_free(b);
	queue_kick(out);
	pipeline_turn(p);
}

void
queue_add(struct instance *out, struct parcel *p)
{
	struct ticket *t = xcalloc(1, sizeof(*t));

	t->parcel = p;
	TAILQ_INSERT_TAIL(&out->queue, t, link);
	out->queued++;
	out->queued_bytes += p->bytes;
}

static void
queue_ready(struct instance *out)
{
	struct ticket *t;
	int64_t now = clock_mono_ms();

	while ((t = TAILQ_FIRST(&out->again)) != NULL && t->due_ms <= now) {
		TAILQ_REMOVE(&out->again, t, link);
		TAILQ_INSERT_TAIL(&out->queue, t, link);
		out->queued++;
		out->queued_bytes += t->parcel->bytes;
	}
}

static struct batch *
batch_new(struct instance *out, size_t max_docs, size_t max_bytes)
{
	struct batch *b = xcalloc(1, sizeof(*b));
	size_t n = out->queued < max_docs ? out->queued : max_docs;
	struct ticket *t;

	b->out = out;
	TAILQ_INSERT_TAIL(&out->out, b, link);
	b->ticket = xcalloc(n, sizeof(*b->ticket));
	b->outcome = xcalloc(n, sizeof(*b->outcome));
	b->reason = xcalloc(n, sizeof(*b->reason));
	while (b->count < n && (t = TAILQ_FIRST(&out->queue)) != NULL) {
		if (b->count > 0 && b->bytes + t->parcel->bytes > max_bytes)
			break;
		TAILQ_REMOVE(&out->queue, t, link);
		out->queued--;
		out->queued_bytes -= t->parcel->bytes;
		b->bytes += t->parcel->bytes;
		b->outcome[b->count] = OUTCOME_AGAIN;
		b->ticket[b->count++] = t;
	}
	return b;
}

/*
 * Whether a batch goes out now. One that came back inside write set the timer:
 * the next one waits a turn, so that others have theirs.
 */
static bool
may_write(const struct instance *out, size_t docs, size_t bytes)
{
	unsigned most = out->output->max_batches ? out->output->max_batches : 1;

	return out->queued > 0 && out->batches < most && !out->stopping &&
	    !out->finished && !timer_waits(out->turn) && (out->batches == 0 ||
	    out->queued >= docs || out->queued_bytes >= bytes);
}

/*
 * What led to these documents is durable before they are stored: who is killed in
 * between knows which head they are of, also when that head is gone by then.
 */
static bool
remembered(struct pipeline *p)
{
	struct err e;

	if (!state_dirty(p->conf.state) || state_commit(p->conf.state, &e))
		return true;
	pipeline_broken(p, &e);
	return false;
}

static void
on_turn(void *arg)
{
	struct instance *out = arg;
	const struct output *plugin = out->output;
	size_t docs = plugin->batch_docs ? plugin->batch_docs : BATCH_DOCS;
	size_t bytes = plugin->batch_bytes ? plugin->batch_bytes : BATCH_BYTES;
	struct ticket *t;

	queue_ready(out);
	while (may_write(out, docs, bytes) && remembered(out->pipeline)) {
		out->batches++;
		metric_add(METRIC_OUTPUT_BATCHES, 1);
		plugin->write(out->self, batch_new(out, docs, bytes));
	}
	t = TAILQ_FIRST(&out->again);
	if (t != NULL && !timer_waits(out->turn))
		timer_set(out->turn, t->due_ms - clock_mono_ms());
}

void
queue_kick(struct instance *out)
{
	if (out->turn == NULL)
		out->turn = timer_new(out->pipeline->conf.loop, on_turn, out);
	timer_set(out->turn, 0);
}

bool
queue_empty(const struct instance *out)
{
	return out->queued == 0 && out->batches == 0 && TAILQ_EMPTY(&out->again);
}

/* The output is closed: whatever it held goes with it. */
void
queue_fini(struct instance *out)
{
	struct tickets *lists[] = { &out->queue, &out->again };
	struct ticket *t;
	struct batch *b;

	while ((b = TAILQ_FIRST(&out->out)) != NULL) {
		for (size_t i = 0; i < b->count; i++)
			TAILQ_INSERT_TAIL(&out->again, b->ticket[i], link);
		batch_free(b);
	}
	for (size_t i = 0; i < LEN(lists); i++)
		while ((t = TAILQ_FIRST(lists[i])) != NULL) {
			TAILQ_REMOVE(lists[i], t, link);
			parcel_drop(t->parcel);
			free(t);
		}
	timer_free(out->turn);
}

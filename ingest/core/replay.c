/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c - dead letters that are to be sent again: `hubstash dlq replay` marks
 * them in state.db, perhaps from another process. Each goes to the output that
 * refused it, past the filters, a portion at a time. One that is stored, or of
 * which something newer is, is a dead letter no more; one that is refused again
 * stays, unmarked, with the new reason.
 */
#include "core/replay.h"
#include "base/log.h"
#include "base/str.h"
#include "core/instance.h"
#include "state/state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PORTION		200		/* on their way at a time */
#define LOOK_MS		2000

struct replay {
	struct pipeline	*pipeline;
	struct timer	*timer;
	int64_t		 changes;	/* state_changes at the last look */
	int64_t		 after;		/* the last row that was sent */
	int		 sent;		/* on their way */
	bool		 done;		/* nothing is marked behind after */
	int64_t		 stored, refused;	/* since the last word about it */
};

static struct instance *
output_named(struct pipeline *p, const char *name)
{
	struct instance *i;

	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind == INSTANCE_OUTPUT && str_eq(i->name, name))
			return i;
	return NULL;
}

static void
on_dead(void *arg, const struct dead_row *d)
{
	struct replay *r = arg;
	struct pipeline *p = r->pipeline;
	struct instance *out = output_named(p, d->output);
	struct json *body;
	struct doc *doc;
	struct err e;

	r->after = d->id;
	if (out == NULL) {
		log_warn("dead letter %" PRId64 " stays: the pipeline has no output %s; "
		    "run one that has, and replay it there", d->id, d->output);
		state_dead_mark(p->conf.state, d->id, false);
		return;
	}
	body = json_parse(d->json, strlen(d->json), &e);
	doc = doc_stored(body, d->version);
	if (doc == NULL) {
		log_warn("dead letter %" PRId64 " stays: what was kept of it is no "
		    "document; `hubstash backfill` reads it again", d->id);
		state_dead_mark(p->conf.state, d->id, false);
		return;
	}
	r->sent++;
	send_again(out, doc);
	queue_kick(out);
}

static void
tell(struct replay *r)
{
	if (r->stored + r->refused > 0)
		log_info("dead letters sent again stored=%" PRId64 " refused=%" PRId64,
		    r->stored, r->refused);
	if (r->refused > 0 && r->pipeline->conf.mode == RUN_REPLAY)
		r->pipeline->status = 1;
	r->stored = r->refused = 0;
}

/* The next portion, once the one before is settled. */
static void
more(struct replay *r)
{
	struct pipeline *p = r->pipeline;

	while (!p->asked && !p->broken && r->sent == 0 && !r->done) {
		int64_t after = r->after;

		state_dead_again(p->conf.state, after, PORTION, on_dead, r);
		r->done = r->after == after;
	}
	if (!r->done)
		return;
	tell(r);
	pipeline_turn(p);
}

static void
on_look(void *arg)
{
	struct replay *r = arg;
	int64_t changes = state_changes(r->pipeline->conf.state);

	if (r->done && changes != r->changes) {
		r->changes = changes;
		r->after = 0;
		r->done = false;
		more(r);
	}
	timer_set(r->timer, LOOK_MS);
}

void
replay_start(struct pipeline *p)
{
	struct replay *r;

	if (p->conf.mode == RUN_ONCE || p->conf.mode == RUN_READ ||
	    p->conf.mode == RUN_REIDENTIFY)
		return;
	r = p->replay = xcalloc(1, sizeof(*r));
	r->pipeline = p;
	r->changes = state_changes(p->conf.state);
	r->timer = timer_new(p->conf.loop, on_look, r);
	timer_set(r->timer, LOOK_MS);
	more(r);
}

void
replay_settled(struct pipeline *p, bool stored)
{
	struct replay *r = p->replay;

	stored ? r->stored++ : r->refused++;
	if (--r->sent == 0)
		more(r);
}

bool
replay_is_done(const struct pipeline *p)
{
	return p->replay == NULL || p->replay->done;
}

void
replay_free(struct replay *r)
{
	if (r != NULL)
		timer_free(r->timer);
	free(r);
}

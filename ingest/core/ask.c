/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask.c - host_flagged: one question, asked of every output whose documents
 * have keys, until each has answered.
 *
 *	host_flagged ──► ask ──┬─► part ──► output->flagged ─┬─ found ──► merged
 *	                       │    ▲                        └─ failed ─┐
 *	                       │    └────────── after a while ──────────┘
 *	                       └─► part …          all parts answered ──► told
 */
#include "core/ask.h"
#include "base/map.h"
#include "io/flow.h"
#include "state/keep.h"

#include <stdlib.h>
#include <string.h>

#define CLOCK		(((int64_t)1 << 48) - 1)	/* of a version */
#define AGAIN_BASE_MS	1000
#define AGAIN_MAX_MS	60000

struct part {
	struct ask	*ask;
	struct instance	*out;
	struct timer	*again;
	unsigned	 tries;
};

struct ask {
	TAILQ_ENTRY(ask) link;
	struct pipeline	*p;
	struct instance	*in;
	int64_t		 repo_id, below;
	size_t		 max;
	void		(*found)(void *arg, struct docs *docs);	/* NULL: cancelled */
	void		*arg;
	struct part	*part;
	size_t		 parts, left;
	struct docs	 docs;
	struct map	*by_id;		/* into docs, by place + 1 */
};

static void
ask_free(struct ask *a)
{
	TAILQ_REMOVE(&a->p->asks, a, link);
	for (size_t i = 0; i < a->parts; i++)
		timer_free(a->part[i].again);
	free(a->part);
	docs_fini(&a->docs);
	map_free(a->by_id);
	free(a);
}

/* Takes d: of two copies the newer one stays. */
static void
merge(struct ask *a, struct doc *d)
{
	uintptr_t at = (uintptr_t)map_get(a->by_id, d->id);

	if (at == 0) {
		docs_add(&a->docs, d);
		map_set(a->by_id, d->id, (void *)(uintptr_t)a->docs.count);
		return;
	}
	if (d->version > a->docs.doc[at - 1]->version) {
		doc_free(a->docs.doc[at - 1]);
		a->docs.doc[at - 1] = d;
	} else
		doc_free(d);
}

static void
on_dead(void *arg, const struct dead_row *row)
{
	struct ask *a = arg;
	struct doc *d = NULL;
	struct err e;

	if (a->docs.count < a->max && (row->version & CLOCK) < (a->below & CLOCK))
		d = doc_stored(json_parse(row->json, strlen(row->json), &e),
		    row->version);
	if (d != NULL && json_true(d->body, "github.commit.default_branch"))
		merge(a, d);
	else
		doc_free(d);
}

static void
on_found(void *arg, struct docs *docs, bool failed)
{
	struct part *part = arg;
	struct ask *a = part->ask;

	if (failed && a->found != NULL) {
		timer_set(part->again, flow_backoff(++part->tries, AGAIN_BASE_MS,
		    AGAIN_MAX_MS));
		return;
	}
	for (size_t i = 0; i < docs->count; i++)
		merge(a, docs->doc[i]);
	docs->count = 0;
	docs_fini(docs);
	if (a->found != NULL)
		state_dead_commits(a->p->conf.state, part->out->name, a->repo_id, on_dead,
		    a);
	a->left--;
	pipeline_turn(a->p);
}

static void
on_ask(void *arg)
{
	struct part *part = arg;
	struct ask *a = part->ask;
	struct docs none = { 0 };

	if (a->found == NULL) {
		on_found(part, &none, false);
		return;
	}
	part->out->output->flagged(part->out->self, a->repo_id, a->below, a->max,
	    on_found, part);
}

void
host_flagged(struct instance *in, int64_t repo_id, int64_t below, size_t max,
    void (*found)(void *arg, struct docs *docs), void *arg)
{
	struct pipeline *p = in->pipeline;
	struct ask *a = xcalloc(1, sizeof(*a));
	struct instance *i;

	*a = (struct ask){ .p = p, .in = in, .repo_id = repo_id, .below = below,
	    .max = max, .found = found, .arg = arg, .by_id = map_new(),
	    .part = xcalloc(p->outputs, sizeof(struct part)) };
	TAILQ_FOREACH(i, &p->instances, link) {
		struct part *part = &a->part[a->parts];

		if (i->kind != INSTANCE_OUTPUT || i->output->flagged == NULL)
			continue;
		*part = (struct part){ .ask = a, .out = i,
		    .again = timer_new(p->conf.loop, on_ask, part) };
		timer_set(part->again, 0);
		a->parts++;
	}
	a->left = a->parts;
	TAILQ_INSERT_TAIL(&p->asks, a, link);
	pipeline_turn(p);
}

/* Tells whose question is answered. */
void
ask_answer(struct pipeline *p)
{
	void (*found)(void *arg, struct docs *docs);
	struct docs docs;
	struct ask *a;
	void *arg;

	TAILQ_FOREACH(a, &p->asks, link)
		if (a->left == 0)
			break;
	if (a == NULL)
		return;
	found = a->found;
	arg = a->arg;
	docs = a->docs;
	a->docs = (struct docs){ 0 };
	for (; docs.count > a->max; docs.count--)
		doc_free(docs.doc[docs.count - 1]);
	ask_free(a);
	pipeline_turn(p);		/* one a turn: found may change the list */
	if (found != NULL)
		found(arg, &docs);	/* takes them */
	else
		docs_fini(&docs);
}

/* arg NULL: all questions of that instance. */
void
ask_forget(struct pipeline *p, const struct instance *in, const void *arg)
{
	struct ask *a;

	TAILQ_FOREACH(a, &p->asks, link) {
		if (a->in != in || (arg != NULL && a->arg != arg))
			continue;
		a->found = NULL;
		for (size_t i = 0; i < a->parts; i++)	/* waiting ones end now */
			if (timer_waits(a->part[i].again))
				timer_set(a->part[i].again, 0);
	}
}

void
host_flagged_cancel(struct instance *i, void *arg)
{
	ask_forget(i->pipeline, i, arg);
}

void
ask_fini(struct pipeline *p)
{
	struct ask *a;

	while ((a = TAILQ_FIRST(&p->asks)) != NULL)
		ask_free(a);
}

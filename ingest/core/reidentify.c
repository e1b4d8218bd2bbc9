/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reidentify.c - what is stored goes through the filters again that conclude who
 * people are: new rules for old documents, without a request to GitHub.
 *
 *	every store, page by page ──► filter->learn		(what it is to know)
 *	every store, page by page ──► filter->apply ──► those that differ, written
 *
 * Nothing is remembered of how far it is. Filters begin from what a document said
 * first, so what was written before is found as it should be and passed over: who is
 * killed begins again, harmlessly. Documents keep their versions.
 */
#include "core/reidentify.h"
#include "base/log.h"
#include "base/str.h"
#include "core/instance.h"
#include "io/flow.h"

#include <stdlib.h>

#define PAGE		500		/* documents that are read at a time */
#define AGAIN_BASE_MS	500
#define AGAIN_MAX_MS	30000

struct reidentify {
	struct pipeline		*pipeline;
	struct timer		*turn;
	struct instance		*out;		/* being read; NULL: all are */
	bool			 learning;	/* the first time round */
	bool			 asking;	/* a page is on its way here */
	bool			 done;
	char			*after;		/* the last id that was read */
	unsigned		 tries;
	size_t			 sent;		/* on their way to the store */
	struct reidentify_count	 count;
};

static bool
takes_part(const struct instance *i)
{
	return i->kind == INSTANCE_OUTPUT && i->output->page != NULL;
}

/* The store after this one; NULL: the first. */
static struct instance *
next_store(struct pipeline *p, struct instance *after)
{
	struct instance *i = after != NULL ? TAILQ_NEXT(after, link) :
	    TAILQ_FIRST(&p->instances);

	while (i != NULL && !takes_part(i))
		i = TAILQ_NEXT(i, link);
	return i;
}

static void
finish_store(struct reidentify *r)
{
	struct pipeline *p = r->pipeline;

	str_set(&r->after, "");
	r->out = next_store(p, r->out);
	if (r->out == NULL && r->learning) {
		r->learning = false;
		r->out = next_store(p, NULL);
	}
	r->done = r->out == NULL;
	if (r->done)
		pipeline_turn(p);
	else
		timer_set(r->turn, 0);
}

static void
learn(struct pipeline *p, struct doc *d)
{
	struct instance *i;

	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind == INSTANCE_FILTER && i->filter->learn != NULL)
			i->filter->learn(i->self, d);
}

static enum filter_verdict
apply(struct pipeline *p, struct doc *d)
{
	struct instance *i;

	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind == INSTANCE_FILTER && i->filter->learn != NULL &&
		    i->filter->apply(i->self, d) == FILTER_DROP)
			return FILTER_DROP;
	return FILTER_KEEP;
}

static void
send(struct reidentify *r, struct doc *d)
{
	r->sent++;
	send_again(r->out, d);
}

/* Takes d, as it is stored. */
static void
identify(struct reidentify *r, struct doc *d)
{
	struct doc *now = doc_copy(d);
	bool dropped = apply(r->pipeline, now) == FILTER_DROP;
	bool moved = !dropped && !str_eq(now->id, d->id);

	r->count.read++;
	if (!dropped && !moved && json_equal(now->body, d->body)) {
		doc_free(now);
		doc_free(d);
		return;
	}
	if (dropped)
		r->count.dropped++;
	else
		r->count.changed++;
	if (dropped)
		doc_free(now);
	else
		send(r, now);
	if (dropped || moved)
		send(r, doc_gone(d));
	doc_free(d);
}

static void
on_page(void *arg, struct docs *docs, bool failed)
{
	struct reidentify *r = arg;
	size_t n = docs->count;

	r->asking = false;
	if (failed) {
		docs_fini(docs);
		timer_set(r->turn, flow_backoff(++r->tries, AGAIN_BASE_MS,
		    AGAIN_MAX_MS));
		return;
	}
	r->tries = 0;
	if (n > 0)
		str_set(&r->after, docs->doc[n - 1]->id);
	for (size_t i = 0; i < n; i++) {
		if (!r->learning) {
			identify(r, docs->doc[i]);
			continue;
		}
		r->count.learned++;
		learn(r->pipeline, docs->doc[i]);
		doc_free(docs->doc[i]);
	}
	docs->count = 0;
	docs_fini(docs);
	if (n == 0)
		finish_store(r);
	else if (r->sent > 0)
		queue_kick(r->out);		/* on with it once they are settled */
	else
		timer_set(r->turn, 0);
}

/* A page a turn of the loop. */
static void
on_turn(void *arg)
{
	struct reidentify *r = arg;
	struct pipeline *p = r->pipeline;

	if (p->asked || p->broken || r->asking || r->sent > 0 || r->done)
		return;
	r->asking = true;
	r->out->output->page(r->out->self, r->after, PAGE, on_page, r);
}

void
reidentify_start(struct pipeline *p)
{
	struct reidentify *r;

	if (p->conf.mode != RUN_REIDENTIFY)
		return;
	r = p->reidentify = xcalloc(1, sizeof(*r));
	*r = (struct reidentify){ .pipeline = p, .learning = true,
	    .after = xstrdup(""), .out = next_store(p, NULL) };
	r->turn = timer_new(p->conf.loop, on_turn, r);
	r->done = r->out == NULL;
	timer_set(r->turn, 0);
}

void
reidentify_settled(struct pipeline *p, bool stored)
{
	struct reidentify *r = p->reidentify;

	if (!stored) {
		r->count.refused++;
		p->status = 1;
	}
	if (--r->sent == 0)
		timer_set(r->turn, 0);
}

bool
reidentify_is_done(const struct pipeline *p)
{
	return p->reidentify == NULL || p->reidentify->done;
}

struct reidentify_count
pipeline_reidentified(const struct pipeline *p)
{
	return p->reidentify != NULL ? p->reidentify->count :
	    (struct reidentify_count){ 0 };
}

void
reidentify_free(struct reidentify *r)
{
	if (r == NULL)
		return;
	timer_free(r->turn);
	free(r->after);
	free(r);
}

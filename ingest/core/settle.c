/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settle.c - from host_emit to the word that all of it is settled.
 *
 *	host_emit ──► page ──┬─► parcel ──┬─► ticket in the queue of each output
 *	                     ├─► parcel   └─► …
 *	                     └─► …
 *
 * A parcel is settled by its last output, a page by its last parcel; then its
 * origin is told on the next turn.
 */
#include "core/instance.h"
#include "core/metrics.h"

#include <stdlib.h>

#define UNSETTLED_MAX		10000
#define UNSETTLED_BYTES		((size_t)64 << 20)

static void
pause_inputs(struct pipeline *p, bool on)
{
	struct instance *i;

	if (p->paused == on)
		return;
	p->paused = on;
	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind == INSTANCE_INPUT && i->input->pause != NULL &&
		    !i->finished && !i->stopping && !i->stopped)
			i->input->pause(i->self, on);
}

/* Paused at the ceiling, on again at half of it: no flutter. */
static void
weigh(struct pipeline *p)
{
	metric_set(METRIC_DOCUMENTS_UNSETTLED, (int64_t)p->unsettled);
	if (p->unsettled >= UNSETTLED_MAX || p->unsettled_bytes >= UNSETTLED_BYTES)
		pause_inputs(p, true);
	else if (p->unsettled <= UNSETTLED_MAX / 2 &&
	    p->unsettled_bytes <= UNSETTLED_BYTES / 2)
		pause_inputs(p, false);
}

/* One of the page's documents less; the last one's settling is told. */
static void
page_less(struct pipeline *p, struct page *g)
{
	if (--g->left > 0)
		return;
	TAILQ_INSERT_TAIL(&p->told, g, link);
	pipeline_turn(p);
}

static void
page_free(struct page *g)
{
	if (g->origin != NULL)
		g->origin->page = NULL;
	free(g);
}

void
parcel_settled(struct pipeline *p, struct parcel *parcel)
{
	if (--parcel->left > 0)
		return;
	metric_add(METRIC_DOCUMENTS_SETTLED, 1);
	if (parcel->stored && p->conf.stored != NULL)
		p->conf.stored(p->conf.watcher, parcel->doc);
	p->unsettled--;
	p->unsettled_bytes -= parcel->bytes;
	page_less(p, parcel->page);
	doc_free(parcel->doc);
	free(parcel);
	weigh(p);
}

void
parcel_drop(struct parcel *parcel)
{
	if (--parcel->left > 0)
		return;
	if (--parcel->page->left == 0) {
		parcel->page->origin = NULL;	/* its input is closed */
		page_free(parcel->page);
	}
	doc_free(parcel->doc);
	free(parcel);
}

/* Whose documents are settled hears of it, unless it is gone. */
void
settle_tell(struct pipeline *p)
{
	struct pages now = TAILQ_HEAD_INITIALIZER(now);
	struct page *g;

	TAILQ_CONCAT(&now, &p->told, link);
	while ((g = TAILQ_FIRST(&now)) != NULL) {
		struct origin *o = g->in->stopped || p->broken ? NULL : g->origin;

		TAILQ_REMOVE(&now, g, link);
		if (g->in->stopped)
			g->origin = NULL;
		page_free(g);
		if (o != NULL)
			o->settled(o);
	}
}

/* False: a filter dropped it. */
static bool
filtered(struct pipeline *p, struct doc *d)
{
	struct instance *i;

	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind == INSTANCE_FILTER &&
		    i->filter->apply(i->self, d) == FILTER_DROP)
			return false;
	return true;
}

static void
send_off(struct pipeline *p, struct page *g, struct doc *d)
{
	struct parcel *parcel;
	struct instance *i;

	if (!filtered(p, d)) {
		metric_add(METRIC_DOCUMENTS_DROPPED, 1);
		doc_free(d);
		return;
	}
	parcel = xcalloc(1, sizeof(*parcel));
	*parcel = (struct parcel){ .doc = d, .page = g, .left = p->outputs,
	    .bytes = json_weight(d->body) };
	g->left++;
	p->unsettled++;
	p->unsettled_bytes += parcel->bytes;
	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind == INSTANCE_OUTPUT)
			queue_add(i, parcel);
}

void
send_again(struct instance *out, struct doc *d)
{
	struct pipeline *p = out->pipeline;
	struct parcel *parcel = xcalloc(1, sizeof(*parcel));
	struct page *g = xcalloc(1, sizeof(*g));

	*g = (struct page){ .in = out, .left = 1 };
	*parcel = (struct parcel){ .doc = d, .page = g, .left = 1,
	    .bytes = json_weight(d->body), .again = true };
	p->unsettled++;
	p->unsettled_bytes += parcel->bytes;
	queue_add(out, parcel);
	weigh(p);
}

void
host_emit(struct instance *in, struct docs *docs, struct origin *o)
{
	struct pipeline *p = in->pipeline;
	struct page *g = xcalloc(1, sizeof(*g));
	struct instance *i;

	if (o != NULL && o->page != NULL)
		die("%s: an origin is used before it was told", in->name);
	*g = (struct page){ .in = in, .origin = o, .left = 1 };
	if (o != NULL)
		o->page = g;
	metric_add(METRIC_DOCUMENTS_IN, (int64_t)docs->count);
	for (size_t n = 0; n < docs->count; n++)
		send_off(p, g, docs->doc[n]);
	docs->count = 0;
	docs_fini(docs);
	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind == INSTANCE_OUTPUT)
			queue_kick(i);
	page_less(p, g);		/* all are on their way */
	weigh(p);
}

void
host_forget(struct origin *o)
{
	if (o->page != NULL)
		o->page->origin = NULL;
	o->page = NULL;
}

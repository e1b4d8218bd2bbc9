/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbox.c - documents that only a feed tells. They stand in state.db from the
 * transaction that remembers the feed's read until they are settled, since
 * GitHub would not tell them again.
 */
#include "sync/inside.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "io/loop.h"

#include <stdlib.h>
#include <string.h>

#define BATCH		200
#define AGAIN_MS	1000
#define FULL		1000000

struct outbox {
	struct engine	*engine;
	struct timer	*turn;
	struct origin	 origin;
	struct docs	 docs;		/* being gathered */
	int64_t		 row[BATCH];
	size_t		 rows;
	bool		 held;		/* a batch is on its way */
};

static void
on_row(void *arg, int64_t row, const char *id, int64_t version, const char *json)
{
	struct outbox *b = arg;
	struct err e;
	struct json *body = json_parse(json, strlen(json), &e);
	const char *ts = json_str(body, "@timestamp");
	const char *action = json_str(body, "event.action");
	struct doc *d;
	int64_t ms;

	b->row[b->rows++] = row;
	if (ts == NULL || action == NULL || !clock_parse_iso(ts, &ms, NULL)) {
		log_warn("github: a document of the feed was kept damaged and is lost "
		    "id=%s", id);
		json_free(body);
		return;
	}
	d = doc_new(id, action, ms);
	json_free(d->body);
	d->body = body;
	d->version = version;
	docs_add(&b->docs, d);
}

static void
forget(struct outbox *b)
{
	for (size_t i = 0; i < b->rows; i++)
		state_outbox_del(b->engine->state, b->row[i]);
	b->rows = 0;
	b->held = false;
	timer_set(b->turn, 0);
}

static void
on_settled(struct origin *o)
{
	struct outbox *b = container_of(o, struct outbox, origin);

	forget(b);
	engine_kick(b->engine);
}

static void
on_turn(void *arg)
{
	struct outbox *b = arg;

	if (b->held || b->engine->stopping)
		return;
	if (host_full(b->engine->host)) {
		timer_set(b->turn, AGAIN_MS);
		return;
	}
	b->docs = (struct docs){ 0 };
	state_outbox(b->engine->state, 0, BATCH, on_row, b);
	if (b->rows == 0)
		return;
	b->held = true;
	b->origin.settled = on_settled;
	if (b->docs.count == 0)
		forget(b);
	else
		host_emit(b->engine->host, &b->docs, &b->origin);
}

void
outbox_kick(struct engine *e)
{
	if (e->outbox == NULL) {
		e->outbox = xcalloc(1, sizeof(*e->outbox));
		e->outbox->engine = e;
		e->outbox->turn = timer_new(e->loop, on_turn, e->outbox);
	}
	if (!e->outbox->held)
		timer_set(e->outbox->turn, 0);
}

bool
outbox_is_empty(struct engine *e)
{
	return state_outbox_count(e->state) == 0;
}

bool
outbox_is_full(struct engine *e)
{
	return state_outbox_count(e->state) >= FULL;
}

void
outbox_free(struct engine *e)
{
	if (e->outbox == NULL)
		return;
	timer_free(e->outbox->turn);
	free(e->outbox);
	e->outbox = NULL;
}

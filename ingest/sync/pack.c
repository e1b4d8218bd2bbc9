/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack.c - see pack.h.
 *
 *	waiting, by lane ──► a query's parts ──► answered
 *	       ▲                   │
 *	       └── with fewer mates ┘ too heavy, or nobody can say whose fault
 */
#include "sync/pack.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "github/query.h"
#include "io/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>

#define MAX_MATES	50		/* parts of a query */
#define MAX_TEXT	(256u << 10)
#define MAX_WEIGHT	500
#define MIN_WEIGHT	50
#define QUICK_MS	5000		/* a reply that took less may grow */
#define GATHER_MS	20		/* others may come */

struct query;

struct part {
	TAILQ_ENTRY(part)	 link;
	struct pack		*pack;
	struct query		*query;		/* NULL: waiting */
	enum lane		 lane;
	struct buf		 field;
	unsigned		 weight, mates;	/* how many may share its query */
	int64_t			 since_ms;
	part_fn			*fn;		/* NULL: cancelled on its way */
	void			*arg;
};
TAILQ_HEAD(parts, part);

struct query {
	TAILQ_ENTRY(query)	 link;
	struct pack		*pack;
	struct request		*request;
	struct part		*part[MAX_MATES];
	unsigned		 count;
};

struct pack {
	struct client		*client;
	struct parts		 waiting[LANES];
	TAILQ_HEAD(, query)	 queries;
	unsigned		 weight;	/* what a query may hold */
	struct timer		*gather;
};

static void
part_free(struct part *t)
{
	buf_fini(&t->field);
	free(t);
}

static void
part_wait(struct part *t, bool first)
{
	struct parts *list = &t->pack->waiting[t->lane];

	t->query = NULL;
	if (first)
		TAILQ_INSERT_HEAD(list, t, link);
	else
		TAILQ_INSERT_TAIL(list, t, link);
	client_kick(t->pack->client);
}

struct part *
pack_ask(struct pack *p, enum lane lane, const struct buf *field, unsigned weight,
    part_fn *fn, void *arg)
{
	struct part *t = xcalloc(1, sizeof(*t));

	*t = (struct part){ .pack = p, .lane = lane, .weight = weight > 0 ? weight : 1,
	    .mates = MAX_MATES, .since_ms = clock_mono_ms(), .fn = fn, .arg = arg,
	    .field = BUF(MAX_TEXT) };
	buf_add(&t->field, field->data, field->len);
	if (t->field.failed || field->failed || field->len == 0)
		die("a part of a query that is empty or too long");
	part_wait(t, false);
	return t;
}

void
part_cancel(struct part *t)
{
	if (t == NULL)
		return;
	if (t->query != NULL) {
		t->fn = NULL;		/* the query goes on without it */
		return;
	}
	TAILQ_REMOVE(&t->pack->waiting[t->lane], t, link);
	part_free(t);
}

/* Answers a part, which ends with it. */
static void
part_answer(struct part *t, struct part_answer *a)
{
	part_fn *fn = t->fn;
	void *arg = t->arg;

	part_free(t);
	if (fn != NULL)
		fn(arg, a);
	json_free(a->value);
	json_free(a->errors);
	a->value = a->errors = NULL;
}

/* Asks a part again in a smaller company; false when it was alone already. */
static bool
part_again(struct part *t, unsigned mates)
{
	if (t->query->count == 1)
		return false;
	if (t->fn == NULL) {
		part_free(t);
		return true;
	}
	t->mates = mates > 0 ? mates : 1;
	part_wait(t, true);
	return true;
}

/* Answers. */

/* The errors that belong to part number i, or to nobody (i is count). */
static struct json *
errors_of(const struct query *q, const struct json *errors, unsigned i)
{
	struct json *out = NULL;
	char alias[16];
	const char *at;

	snprintf(alias, sizeof(alias), "a%u", i);
	for (size_t n = 0; n < json_len(errors); n++) {
		at = json_text(json_at(json_get(json_at(errors, n), "path"), 0));
		if (i < q->count ? !str_eq(at, alias) : at != NULL && at[0] == 'a')
			continue;
		if (out == NULL)
			out = json_new_array();
		json_push(out, json_copy(json_at(errors, n)));
	}
	return out;
}

/* The verdict of errors: the heaviest word counts, then the first. */
static enum verdict
verdict_of(const struct json *errors, char *why, size_t size)
{
	enum verdict v = limits_error(json_at(errors, 0));
	const struct json *e = json_at(errors, 0);

	for (size_t i = 1; i < json_len(errors) && v != VERDICT_TOO_HEAVY; i++)
		if (limits_error(json_at(errors, i)) == VERDICT_TOO_HEAVY) {
			e = json_at(errors, i);
			v = VERDICT_TOO_HEAVY;
		}
	str_copy(why, size, str_or(json_str(e, "message"), "an error without words"));
	return v;
}

/* What the reply says of one part; nothing said of it at all is the query's. */
static void
distribute_one(struct query *q, unsigned i, struct answer *a, const struct json *all,
    const struct json *others)
{
	struct part *t = q->part[i];
	struct part_answer pa = { .date_ms = a->date_ms, .took_ms = a->took_ms };
	char alias[16];

	snprintf(alias, sizeof(alias), "a%u", i);
	json_int(a->body, "data.rateLimit.cost", &pa.cost);
	pa.value = json_take(json_get(a->body, "data"), alias);
	pa.errors = errors_of(q, all, i);
	if (json_is(pa.value, JSON_NULL)) {
		json_free(pa.value);
		pa.value = NULL;
	}
	if (pa.errors != NULL) {
		pa.verdict = verdict_of(pa.errors, pa.why, sizeof(pa.why));
		if (pa.value != NULL && pa.verdict != VERDICT_TOO_HEAVY)
			pa.verdict = VERDICT_PARTIAL;
	} else if (pa.value != NULL) {
		pa.verdict = VERDICT_OK;
	} else if (others != NULL) {
		pa.verdict = verdict_of(others, pa.why, sizeof(pa.why));
	} else {
		pa.verdict = VERDICT_GONE;
		str_copy(pa.why, sizeof(pa.why), "there is none");
	}
	if ((pa.verdict == VERDICT_TOO_HEAVY || pa.verdict == VERDICT_GARBAGE) &&
	    part_again(t, pa.errors != NULL ? 1 : q->count / 2)) {
		json_free(pa.value);
		json_free(pa.errors);
		return;
	}
	part_answer(t, &pa);
}

static void
distribute(struct query *q, struct answer *a)
{
	const struct json *errors = json_get(a->body, "errors");
	struct json *others = errors_of(q, errors, q->count);

	for (unsigned i = q->count; i-- > 0;)	/* those asked again keep order */
		distribute_one(q, i, a, errors, others);
	json_free(others);
}

static void
heavier(struct pack *p, const struct query *q)
{
	if (q->count > 1 && p->weight > MIN_WEIGHT)
		p->weight /= 2;
}

static void
on_answer(void *arg, struct answer *a)
{
	struct query *q = arg;
	struct pack *p = q->pack;

	TAILQ_REMOVE(&p->queries, q, link);
	if (a->verdict == VERDICT_OK) {
		if (a->took_ms < QUICK_MS && p->weight < MAX_WEIGHT)
			p->weight += MIN_WEIGHT;
		distribute(q, a);
	} else {
		heavier(p, q);
		for (unsigned i = q->count; i-- > 0;) {
			struct part_answer pa = { .verdict = a->verdict,
			    .date_ms = a->date_ms, .took_ms = a->took_ms };

			if (part_again(q->part[i], q->count / 2))
				continue;
			str_copy(pa.why, sizeof(pa.why), a->why);
			part_answer(q->part[i], &pa);
		}
	}
	free(q);
}

/* Questions. */

static bool
fits(const struct query *q, const struct part *t, unsigned weight, unsigned max,
    size_t text)
{
	unsigned mates = t->mates;

	for (unsigned i = 0; i < q->count; i++)
		if (q->part[i]->mates < mates)
			mates = q->part[i]->mates;
	return q->count == 0 || (q->count < mates && weight + t->weight <= max &&
	    text + t->field.len < MAX_TEXT);
}

/* A query of what waits in this lane, filled up from those after it. */
static struct query *
gather(struct pack *p, const enum lane order[LANES], size_t from)
{
	struct query *q = xcalloc(1, sizeof(*q));
	struct part *t, *next;
	unsigned weight = 0;
	size_t text = 0;

	q->pack = p;
	for (size_t n = from; n < (order[from] == LANE_FEED ? from + 1 : LANES); n++)
		for (t = TAILQ_FIRST(&p->waiting[order[n]]); t != NULL; t = next) {
			next = TAILQ_NEXT(t, link);
			if (!fits(q, t, weight, p->weight, text))
				continue;
			TAILQ_REMOVE(&p->waiting[order[n]], t, link);
			t->query = q;
			q->part[q->count++] = t;
			weight += t->weight;
			text += t->field.len;
		}
	return q;
}

static void
send(struct pack *p, struct query *q, enum lane lane)
{
	struct buf parts = BUF(2 * MAX_TEXT), text = BUF(3 * MAX_TEXT);

	for (unsigned i = 0; i < q->count; i++) {
		buf_printf(&parts, "a%u:", i);
		buf_add(&parts, q->part[i]->field.data, q->part[i]->field.len);
		buf_puts(&parts, "\n");
	}
	query_finish(&parts, &text);
	TAILQ_INSERT_TAIL(&p->queries, q, link);
	log_debug("github: a query of %u parts bytes=%zu", q->count, text.len);
	q->request = client_graphql(p->client, lane, &text, q->count > 1, on_answer, q);
	buf_fini(&parts);
	buf_fini(&text);
}

/* Is it worth to wait a moment for company? */
static bool
gathers(struct pack *p, const struct parts *list)
{
	const struct part *t;
	unsigned weight = 0;
	int64_t now = clock_mono_ms(), oldest = now;

	TAILQ_FOREACH(t, list, link) {
		weight += t->weight;
		if (t->since_ms < oldest)
			oldest = t->since_ms;
	}
	if (weight >= p->weight || now - oldest >= GATHER_MS)
		return false;
	timer_set(p->gather, GATHER_MS - (now - oldest));
	return true;
}

static void
pack_room(void *arg)
{
	struct pack *p = arg;
	enum lane order[LANES] = { LANE_FEED, LANE_CENSUS, LANE_LIVE, LANE_GAP };

	if (client_gaps_first(p->client)) {
		order[2] = LANE_GAP;
		order[3] = LANE_LIVE;
	}
	for (size_t n = 0; n < LANES; n++) {
		if (TAILQ_EMPTY(&p->waiting[order[n]]) ||
		    gathers(p, &p->waiting[order[n]]))
			continue;
		if (client_room(p->client, order[n]) != 0)
			continue;
		send(p, gather(p, order, n), order[n]);
		return;			/* it kicks, and we are called again */
	}
}

static void
on_gathered(void *arg)
{
	struct pack *p = arg;

	client_kick(p->client);
}

struct pack *
pack_new(struct loop *l, struct client *c)
{
	struct pack *p = xcalloc(1, sizeof(*p));

	p->client = c;
	p->weight = MAX_WEIGHT;
	p->gather = timer_new(l, on_gathered, p);
	TAILQ_INIT(&p->queries);
	for (size_t i = 0; i < LANES; i++)
		TAILQ_INIT(&p->waiting[i]);
	client_on_room(c, pack_room, p);
	return p;
}

void
pack_free(struct pack *p)
{
	struct query *q;
	struct part *t;

	if (p == NULL)
		return;
	client_on_room(p->client, NULL, NULL);
	while ((q = TAILQ_FIRST(&p->queries)) != NULL) {
		TAILQ_REMOVE(&p->queries, q, link);
		request_cancel(q->request);
		for (unsigned i = 0; i < q->count; i++)
			part_free(q->part[i]);
		free(q);
	}
	for (size_t i = 0; i < LANES; i++)
		while ((t = TAILQ_FIRST(&p->waiting[i])) != NULL) {
			TAILQ_REMOVE(&p->waiting[i], t, link);
			part_free(t);
		}
	timer_free(p->gather);
	free(p);
}

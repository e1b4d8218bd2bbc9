/* SPDX-License-Identifier: Apache-2.0 */
/* budget.c - see budget.h. */
#include "sync/budget.h"

#include <string.h>

#define MAX_INFLIGHT	8
#define MAX_GRAPHQL	2
#define REST_A_MINUTE	880		/* GitHub says 900; a second may straddle */
#define GRAPHQL_MS	45000		/* of answering in a minute */
#define GRAPHQL_GUESS	5000		/* what one on its way will take of it */
#define UNTOLD_MS	60000		/* a limit that names no time; doubles */
#define UNTOLD_MAX	(3600 * 1000)
#define FEED_SHARE	0.05		/* of an hour, that even feeds leave */
#define SPENT_MEMORY	500

void
budget_init(struct budget *b, double quota)
{
	memset(b, 0, sizeof(*b));
	b->quota = quota;
	for (size_t k = 0; k < BUCKETS; k++)
		b->bucket[k].cost = 1;
}

static unsigned
inflight(const struct budget *b)
{
	return b->bucket[BUCKET_REST].inflight + b->bucket[BUCKET_GRAPHQL].inflight;
}

/* When the minute's window has room: 0 now. */
static int64_t
window_wait(const struct budget *b, enum bucket_kind k, int64_t now_ms)
{
	int64_t now_s = now_ms / 1000, points = 0, ms = 0, oldest = now_s;
	bool full;

	for (size_t i = 0; i < BUDGET_WINDOW; i++) {
		if (b->window[i].second <= now_s - BUDGET_WINDOW ||
		    b->window[i].second > now_s)
			continue;
		points += b->window[i].points[k];
		ms += b->window[i].graphql_ms;
		if ((b->window[i].points[k] > 0 || b->window[i].graphql_ms > 0) &&
		    b->window[i].second < oldest)
			oldest = b->window[i].second;
	}
	if (k == BUCKET_GRAPHQL)
		full = ms + GRAPHQL_GUESS * (int64_t)b->bucket[k].inflight >= GRAPHQL_MS;
	else
		full = points >= REST_A_MINUTE;
	return full ? (oldest + BUDGET_WINDOW) * 1000 - now_ms : 0;
}

/* When the hour has something left for this lane: 0 now. */
static int64_t
hour_wait(const struct budget *b, enum bucket_kind k, enum lane lane, int64_t now_ms)
{
	const struct bucket *u = &b->bucket[k];
	double share = lane == LANE_FEED ? FEED_SHARE : 1.0 - b->quota;
	int64_t left = u->remaining - (int64_t)u->inflight * u->cost;

	if (u->stop_ms > now_ms)
		return u->stop_ms - now_ms;
	if (u->limit == 0 || u->reset_ms <= now_ms)
		return 0;		/* not metered, or a new hour has begun */
	if (left > (int64_t)(share * (double)u->limit + 0.5))
		return 0;
	return u->reset_ms - now_ms + 1000;
}

int64_t
budget_wait(const struct budget *b, enum bucket_kind k, enum lane lane,
    int64_t now_ms)
{
	const struct bucket *u = &b->bucket[k];
	int64_t hour, window;

	if (b->pause_ms > now_ms)
		return b->pause_ms - now_ms;
	if (inflight(b) >= MAX_INFLIGHT || (!u->heard && u->inflight > 0) ||
	    (k == BUCKET_GRAPHQL && u->inflight >= MAX_GRAPHQL))
		return BUDGET_FULL;
	/* The first of a new hour, or after a stop, goes alone: it tells. */
	if (u->inflight > 0 && ((u->limit > 0 && u->reset_ms <= now_ms) ||
	    u->stops > 0 || b->pauses > 0))
		return BUDGET_FULL;
	hour = hour_wait(b, k, lane, now_ms);
	window = window_wait(b, k, now_ms);
	return hour > window ? hour : window;
}

bool
budget_gaps_first(const struct budget *b)
{
	return b->gaps * 4 < b->live;
}

static size_t
slot(struct budget *b, int64_t now_ms)
{
	int64_t second = now_ms / 1000;
	size_t i = (size_t)(second % BUDGET_WINDOW);

	if (b->window[i].second != second) {
		memset(&b->window[i], 0, sizeof(b->window[i]));
		b->window[i].second = second;
	}
	return i;
}

void
budget_begin(struct budget *b, enum bucket_kind k, enum lane lane, int64_t now_ms)
{
	struct bucket *u = &b->bucket[k];

	u->inflight++;
	b->window[slot(b, now_ms)].points[k]++;
	if (lane == LANE_LIVE)
		b->live += u->cost;
	else if (lane == LANE_GAP)
		b->gaps += u->cost;
	if (b->live + b->gaps > SPENT_MEMORY) {
		b->live /= 2;
		b->gaps /= 2;
	}
}

void
budget_end(struct budget *b, enum bucket_kind k, int64_t took_ms, int64_t now_ms)
{
	b->bucket[k].inflight--;
	b->bucket[k].heard = true;
	if (k == BUCKET_GRAPHQL)
		b->window[slot(b, now_ms)].graphql_ms += took_ms;
}

void
budget_told(struct budget *b, enum bucket_kind k, int64_t limit, int64_t remaining,
    int64_t reset_ms)
{
	struct bucket *u = &b->bucket[k];

	if (limit <= 0 || remaining < 0 || reset_ms < 0)
		return;
	u->limit = limit;
	u->remaining = remaining;
	u->reset_ms = reset_ms;
}

void
budget_cost(struct budget *b, enum bucket_kind k, int64_t cost)
{
	if (cost > 0)
		b->bucket[k].cost = cost;
}

static int64_t
untold(unsigned n)
{
	int64_t ms = UNTOLD_MS;

	for (; n > 0 && ms < UNTOLD_MAX; n--)
		ms *= 2;
	return ms < UNTOLD_MAX ? ms : UNTOLD_MAX;
}

void
budget_spent(struct budget *b, enum bucket_kind k, int64_t wait_ms, int64_t now_ms)
{
	struct bucket *u = &b->bucket[k];
	int64_t until;

	if (wait_ms <= 0)
		until = now_ms + untold(u->stops++);
	else
		until = now_ms + wait_ms + 1000;
	if (until > u->stop_ms)
		u->stop_ms = until;
}

void
budget_secondary(struct budget *b, int64_t wait_ms, int64_t now_ms)
{
	int64_t until;

	if (b->pause_ms > now_ms && wait_ms <= 0)
		return;			/* another reply to the same rush */
	until = now_ms + (wait_ms > 0 ? wait_ms + 1000 : untold(b->pauses));
	b->pauses++;
	if (until > b->pause_ms)
		b->pause_ms = until;
}

void
budget_well(struct budget *b, enum bucket_kind k)
{
	b->pauses = 0;
	b->bucket[k].stops = 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schedule.c - which look begins now. Streams that are due go first, in the
 * order they became so, then gaps, newest period first; the budget sees to it
 * that history gets its fifth of the spending. One look at a stream at a time,
 * gaps of it included, and one refresh of it a minute, or as often as the feed
 * may be polled.
 */
#include "sync/inside.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "core/metrics.h"

#define MAX_LIVE	100		/* looks at work at a time */
#define MAX_GAPS	30
#define REFRESH_MS	60000		/* between the beginnings of two */

static struct look *(*const makers[STREAM_KINDS])(struct engine *, struct stream *,
    struct gap *) = {
	[STREAM_COMMITS] = look_commits,
	[STREAM_PULLS] = look_updated,
	[STREAM_ISSUES] = look_updated,
	[STREAM_RELEASES] = look_releases,
	[STREAM_COMMENTS] = look_comments,
};

/* When something that cannot begin now might. */
struct later {
	int64_t	 ms;			/* -1: nothing */
};

static void
later(struct later *l, int64_t ms)
{
	if (l->ms < 0 || ms < l->ms)
		l->ms = ms;
}

static bool
may_begin(const struct engine *e)
{
	return e->started && !e->paused && !e->stopping && e->doubted == NULL &&
	    !host_full(e->host);
}

/*
 * In a backfill only what its wishes name is read: all of it until now, so also what
 * has come since an engine was here last.
 */
static bool
is_wanted(const struct engine *e, const struct stream *s)
{
	return e->mode != RUN_BACKFILL || s->backfill;
}

static bool
refresh_may_begin(struct engine *e, struct stream *s, struct later *l)
{
	int64_t pace = e->poll_ms > 0 && e->poll_ms < REFRESH_MS ? e->poll_ms :
	    REFRESH_MS;
	int64_t rest = s->began_ms + pace - clock_mono_ms();
	int64_t wait = s->next_ms - clock_wall_ms();

	if (s->look != NULL || s->repo->doubt != NULL || !is_wanted(e, s))
		return false;
	if (s->repo->state != REPO_FOLLOWED &&
	    !(s->backfill && s->repo->state == REPO_LEFT))
		return false;
	if (rest > wait)
		wait = rest;
	if (wait > 0) {
		later(l, wait);
		return false;
	}
	return true;
}

static void
begin_refreshes(struct engine *e, struct later *l)
{
	struct stream *s, *next;

	for (s = TAILQ_FIRST(&e->due); s != NULL && e->live_looks < MAX_LIVE; s = next) {
		next = TAILQ_NEXT(s, due);
		if (!refresh_may_begin(e, s, l))
			continue;
		s->began_ms = clock_mono_ms();
		makers[s->kind](e, s, NULL);
	}
}

static bool
gap_may_begin(struct engine *e, const struct gap *g, struct later *l)
{
	const struct stream *s;

	if (g->repo == NULL || g->kind >= STREAM_KINDS || str_eq(g->cause, "parked") ||
	    (g->parked != NULL && e->mode != RUN_FOLLOW))
		return false;		/* one that is parked is tried daily */
	s = &g->repo->stream[g->kind];
	if (s->look != NULL || g->repo->doubt != NULL || !is_wanted(e, s))
		return false;
	if (g->repo->state != REPO_FOLLOWED && g->repo->state != REPO_LEFT)
		return false;
	if (g->next_ms > clock_wall_ms()) {
		later(l, g->next_ms - clock_wall_ms());
		return false;
	}
	return s->cursor != NULL || s->parked != NULL || e->mode == RUN_ONCE;
}

static void
begin_gaps(struct engine *e, struct later *l)
{
	struct gap *g, *next;

	for (g = TAILQ_FIRST(&e->gaps); g != NULL && e->gap_looks < MAX_GAPS; g = next) {
		next = TAILQ_NEXT(g, link);
		if (gap_may_begin(e, g, l))
			makers[g->kind](e, &g->repo->stream[g->kind], g);
	}
}

void
schedule(void *arg)
{
	struct engine *e = arg;
	struct later l = { .ms = -1 };

	if (!may_begin(e)) {
		if (e->stopping)
			engine_stop(e);
		return;
	}
	begin_refreshes(e, &l);
	begin_gaps(e, &l);
	if (l.ms >= 0 && !timer_waits(e->turn))
		timer_set(e->turn, l.ms);
	engine_check_end(e);
}

void
engine_kick(struct engine *e)
{
	timer_set(e->turn, 0);
}

void
schedule_count(struct engine *e, int64_t *due, int64_t *gaps, int64_t *parked)
{
	struct stream *s;
	struct gap *g;

	*due = *gaps = *parked = 0;
	TAILQ_FOREACH(s, &e->due, due)
		s->parked != NULL ? ++*parked : ++*due;
	TAILQ_FOREACH(g, &e->gaps, link)
		g->parked != NULL ? ++*parked : ++*gaps;
}

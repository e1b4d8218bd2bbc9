/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notes.c - what status and the numbers of the process show of the engine. Notes
 * stand in state.db, each written when it differs:
 *
 *	org.LOGIN.census	when its last census was whole, ISO 8601
 *	org.LOGIN.feed		when its feed was last read
 *	repos			how many are followed
 *	history			"12 of 87 repositories"; "" when all is read
 *	due, gaps, parked	how many streams and gaps
 *	budget			"REST 4210 of 5000, GraphQL 4950 of 5000"
 *	error			the last one, and error.at
 */
#include "sync/inside.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "core/metrics.h"
#include "io/loop.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void
note(struct engine *e, const char *key, const char *fmt, ...) PRINTF(3, 4);

static void
note(struct engine *e, const char *key, const char *fmt, ...)
{
	char text[512], *was;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	was = map_get(e->noted, key);
	if (str_eq(was, text))
		return;
	free(was);
	map_set(e->noted, key, xstrdup(text));
	state_note(e->state, key, text);
}

static void
note_time(struct engine *e, const char *key, int64_t ms)
{
	char text[CLOCK_TEXT];

	if (ms > 0)
		note(e, key, "%s", clock_iso(ms / 1000 * 1000, text));
}

/* How long ago its feed was read, in seconds; 0: never yet. */
static int64_t
note_owner(struct engine *e, const struct owner *o)
{
	int64_t read = feeds_read_ms(o);
	char key[160];

	if (o->login == NULL)
		return 0;
	snprintf(key, sizeof(key), "org.%.100s.census", o->asked_as);
	note_time(e, key, o->census_ms);
	if (read == 0)
		return 0;
	snprintf(key, sizeof(key), "org.%.100s.feed", o->asked_as);
	note_time(e, key, read);
	return (client_now_ms(e->client) - read) / 1000;
}

static void
note_budget(struct engine *e)
{
	static const char *const names[] = { "REST", "GraphQL" };
	struct buf b = BUF(256);

	for (int k = 0; k < BUCKETS; k++) {
		const struct bucket *u = &client_budget(e->client)->bucket[k];

		if (u->limit > 0)
			buf_printf(&b, "%s%s %" PRId64 " of %" PRId64, b.len > 0 ? ", " :
			    "", names[k], u->remaining, u->limit);
	}
	note(e, "budget", "%s", buf_str(&b));
	buf_fini(&b);
}

/* How many repositories are followed, and of how many all history is read. */
static void
note_history(struct engine *e)
{
	int64_t repos = 0, behind = 0;
	struct repo *r;
	struct gap *g;

	TAILQ_FOREACH(r, &e->repos, link) {
		repos += r->state == REPO_FOLLOWED;
		r->behind = false;
	}
	TAILQ_FOREACH(g, &e->gaps, link)
		if (g->repo != NULL && g->parked == NULL && !g->repo->behind &&
		    g->repo->state == REPO_FOLLOWED) {
			g->repo->behind = true;
			behind++;
		}
	note(e, "repos", "%" PRId64, repos);
	metric_set(METRIC_REPOSITORIES, repos);
	if (behind > 0)
		note(e, "history", "%" PRId64 " of %" PRId64 " repositories",
		    repos - behind, repos);
	else
		note(e, "history", "%s", "");
}

void
notes_write(struct engine *e)
{
	int64_t due, gaps, parked, lag = 0, listed = 0;
	struct owner *o;

	if (e->noted == NULL)
		e->noted = map_new();
	schedule_count(e, &due, &gaps, &parked);
	metric_set(METRIC_STREAMS_DUE, due);
	metric_set(METRIC_GAPS_OPEN, gaps);
	metric_set(METRIC_STREAMS_PARKED, parked);
	TAILQ_FOREACH(o, &e->owners, link) {
		int64_t s = note_owner(e, o);

		if (s > lag)
			lag = s;
		s = o->census_ms > 0 ? (client_now_ms(e->client) - o->census_ms) / 1000 :
		    0;
		if (s > listed)
			listed = s;
	}
	metric_set(METRIC_FEED_LAG_SECONDS, lag);
	metric_set(METRIC_CENSUS_LAG_SECONDS, listed);
	note_history(e);
	note(e, "due", "%" PRId64, due);
	note(e, "gaps", "%" PRId64, gaps);
	note(e, "parked", "%" PRId64, parked);
	note_budget(e);
	if (e->error != NULL) {
		note(e, "error", "%s", e->error);
		note_time(e, "error.at", e->error_ms);
	}
}

void
notes_free(struct engine *e)
{
	const char *key;
	void *value;

	if (e->noted == NULL)
		return;
	for (size_t i = 0; map_each(e->noted, &i, &key, &value);)
		free(value);
	map_free(e->noted);
	e->noted = NULL;
}

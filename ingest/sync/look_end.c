/* SPDX-License-Identifier: Apache-2.0 */
/* look_end.c - how looks end: see look.h. */
#include "sync/inside.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#include <stdlib.h>

#define BEHIND_MAX	5		/* refreshes that show less than the census saw */

/* Trouble that is over leaves no trace. */
static void
went_well(int64_t *fails, int64_t *next_ms, char **parked)
{
	*fails = 0;
	*next_ms = 0;
	free(*parked);
	*parked = NULL;
}

/* What a parked stream may have missed is read by its next refresh. */
static void
close_parked(struct engine *e, struct stream *s)
{
	struct gap *g, *next;

	for (g = engine_gap_of(e, s->repo, s->kind, NULL); g != NULL; g = next) {
		next = engine_gap_of(e, s->repo, s->kind, g);
		if (str_eq(g->cause, "parked"))
			engine_close_gap(e, g);
	}
}

enum flow_next
look_done(struct look *l)
{
	struct stream *s = l->stream;

	if (l->gap != NULL) {
		went_well(&l->gap->fails, &l->gap->next_ms, &l->gap->parked);
		engine_save_gap(l->engine, l->gap);
		return flow_end(&l->flow);
	}
	if (s->parked != NULL)
		close_parked(l->engine, s);
	went_well(&s->fails, &s->next_ms, &s->parked);
	s->done = l->wanted;
	s->behind = 0;
	str_set(&s->settled, l->seen);
	s->settled_ms = client_now_ms(l->engine->client);
	s->read_ms = l->in->began_ms;
	engine_save_stream(l->engine, s);
	stream_check_due(l->engine, s);
	return flow_end(&l->flow);
}

enum flow_next
look_lagged(struct look *l)
{
	struct engine *e = l->engine;
	struct stream *s = l->stream;
	unsigned behind = s->behind;
	enum flow_next next = look_done(l);

	if (e->mode == RUN_FOLLOW && behind < BEHIND_MAX) {
		s->behind = behind + 1;
		engine_want(e, s);
	}
	return next;
}

enum flow_next
look_closed(struct look *l)
{
	struct gap *g = l->gap;

	l->gap = NULL;
	g->look = NULL;
	engine_close_gap(l->engine, g);
	return flow_end(&l->flow);
}

enum flow_next
look_failed(struct look *l, const char *why)
{
	char *text = xstrdup(str_or(why, "no reason was given"));

	log_info("github: %s: %s: %s", l->repo->name, stream_kind_name(l->stream->kind),
	    text);
	if (l->verdict == LOOK_GONE || l->verdict == LOOK_FORBIDDEN)
		doubt_repo(l->engine, l->stream, l->gap, text);
	else
		failure_count(l->engine, l->stream, l->gap, text);
	free(text);
	return flow_end(&l->flow);
}

enum flow_next
look_again(struct look *l, int64_t ms)
{
	int64_t at = clock_wall_ms() + ms;

	if (l->gap != NULL) {
		l->gap->next_ms = at;
		engine_save_gap(l->engine, l->gap);
	} else {
		l->stream->next_ms = at;
		engine_save_stream(l->engine, l->stream);
	}
	return flow_end(&l->flow);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger.c - repositories, streams and gaps in memory, written through to
 * state.db. Gaps stand in one list, newest period first: the order they are
 * closed in. Streams that are due stand in another, in the order they became so.
 */
#include "sync/inside.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "sync/numbers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Repositories. */

static const char *
key_of(int64_t id, char key[32])
{
	snprintf(key, 32, "%" PRId64, id);
	return key;
}

struct repo *
repo_find(struct engine *e, int64_t id)
{
	char key[32];

	return map_get(e->by_id, key_of(id, key));
}

struct repo *
repo_new(struct engine *e, int64_t id)
{
	struct repo *r = xcalloc(1, sizeof(*r));
	char key[32];

	r->id = id;
	for (int k = 0; k < STREAM_KINDS; k++) {
		r->stream[k].repo = r;
		r->stream[k].kind = (enum stream_kind)k;
		r->stream[k].began_ms = INT64_MIN / 2;
	}
	map_set(e->by_id, key_of(id, key), r);
	TAILQ_INSERT_TAIL(&e->repos, r, link);
	return r;
}

/* Flows may still point to the old name, so it lives as long as the engine. */
void
repo_set_name(struct engine *e, char **field, const char *name)
{
	if (str_eq(*field, name))
		return;
	if (*field != NULL) {
		e->old_names.s = xrealloc(e->old_names.s,
		    (e->old_names.n + 1) * sizeof(char *));
		e->old_names.s[e->old_names.n++] = *field;
	}
	*field = name != NULL ? xstrdup(name) : NULL;
}

void
engine_save_repo(struct engine *e, struct repo *r)
{
	state_save_repo(e->state, &(struct repo_row){ .id = r->id,
	    .node_id = r->node_id, .org = r->org, .name = r->name,
	    .default_branch = r->default_branch, .reason = r->reason,
	    .archived = r->archived, .fork = r->fork, .mirror = r->mirror,
	    .is_private = r->is_private, .state = r->state, .look_s = r->look_s,
	    .page_size = r->page_size, .org_id = r->org_id });
}

/* Streams. */

void
engine_save_stream(struct engine *e, struct stream *s)
{
	char *numbers = numbers_text(s);

	state_save_stream(e->state, &(struct stream_row){ .repo_id = s->repo->id,
	    .kind = s->kind, .cursor = s->cursor, .seen = s->seen,
	    .settled = s->settled, .since_ms = s->since_ms, .wanted = s->wanted,
	    .done = s->done, .fails = s->fails, .next_ms = s->next_ms,
	    .parked = s->parked, .settled_ms = s->settled_ms,
	    .numbers = numbers });
	free(numbers);
}

bool
stream_is_due(const struct stream *s)
{
	return s->wanted > s->done;
}

/* On the list of those that are due, or not. */
void
stream_check_due(struct engine *e, struct stream *s)
{
	bool due = stream_is_due(s);

	if (due == s->is_due)
		return;
	s->is_due = due;
	if (due)
		TAILQ_INSERT_TAIL(&e->due, s, due);
	else
		TAILQ_REMOVE(&e->due, s, due);
}

void
engine_want(struct engine *e, struct stream *s)
{
	s->wanted++;
	engine_save_stream(e, s);
	stream_check_due(e, s);
	engine_kick(e);
}

/* Gaps. */

void
engine_save_gap(struct engine *e, struct gap *g)
{
	struct gap *at, *next = TAILQ_NEXT(g, link);

	g->id = state_save_gap(e->state, &(struct gap_row){ .id = g->id,
	    .repo_id = g->repo != NULL ? g->repo->id : 0, .kind = g->kind,
	    .org = g->org, .cause = g->cause, .wish = g->wish, .from_ms = g->from_ms,
	    .to_ms = g->to_ms, .page = g->page, .keys = g->keys,
	    .opened_ms = g->opened_ms, .total = g->total, .read = g->read,
	    .fails = g->fails, .next_ms = g->next_ms, .parked = g->parked });
	if (next == NULL || next->to_ms <= g->to_ms)
		return;
	TAILQ_REMOVE(&e->gaps, g, link);	/* its period has become older */
	for (at = next; at != NULL && at->to_ms > g->to_ms; at = TAILQ_NEXT(at, link))
		continue;
	if (at != NULL)
		TAILQ_INSERT_BEFORE(at, g, link);
	else
		TAILQ_INSERT_TAIL(&e->gaps, g, link);
}

static void
gap_insert(struct engine *e, struct gap *g)
{
	struct gap *at;

	TAILQ_FOREACH(at, &e->gaps, link)
		if (at->to_ms < g->to_ms)
			break;
	if (at != NULL)
		TAILQ_INSERT_BEFORE(at, g, link);
	else
		TAILQ_INSERT_TAIL(&e->gaps, g, link);
}

struct gap *
gap_open(struct engine *e, const struct gap *like)
{
	struct gap *g = xcalloc(1, sizeof(*g));

	*g = (struct gap){ .repo = like->repo, .kind = like->kind,
	    .from_ms = like->from_ms, .to_ms = like->to_ms, .wish = like->wish,
	    .total = -1, .opened_ms = clock_wall_ms() };
	str_set(&g->org, like->org != NULL || like->repo == NULL ? like->org :
	    like->repo->org);
	str_set(&g->cause, like->cause);
	str_set(&g->page, like->page);
	str_set(&g->keys, like->keys);
	str_set(&g->parked, like->parked);
	gap_insert(e, g);
	engine_save_gap(e, g);
	engine_kick(e);
	return g;
}

struct gap *
engine_open_gap(struct engine *e, struct repo *r, enum stream_kind kind,
    const char *cause, int64_t from_ms, int64_t to_ms, const char *page)
{
	char *copy = page != NULL ? xstrdup(page) : NULL;
	struct gap *g = gap_open(e, &(struct gap){ .repo = r, .kind = kind,
	    .from_ms = from_ms, .to_ms = to_ms });

	str_set(&g->cause, cause);
	free(g->page);
	g->page = copy;
	engine_save_gap(e, g);
	return g;
}

static void
gap_free(struct engine *e, struct gap *g)
{
	TAILQ_REMOVE(&e->gaps, g, link);
	free(g->org);
	free(g->cause);
	free(g->page);
	free(g->keys);
	free(g->parked);
	free(g);
}

void
engine_close_gap(struct engine *e, struct gap *g)
{
	if (g->look != NULL)
		look_orphan(g->look);
	doubt_forget_gap(e, g);
	state_close_gap(e->state, g->id);
	gap_free(e, g);
	engine_kick(e);
}

struct gap *
engine_gap_of(struct engine *e, const struct repo *r, enum stream_kind kind,
    const struct gap *after)
{
	struct gap *g = after == NULL ? TAILQ_FIRST(&e->gaps) : TAILQ_NEXT(after, link);

	while (g != NULL && (g->repo != r || g->kind != kind))
		g = TAILQ_NEXT(g, link);
	return g;
}

/* All gaps of a repository: given up (why), or to be read again (NULL). */
void
gaps_park(struct engine *e, const struct repo *r, const char *why)
{
	struct gap *g;

	TAILQ_FOREACH(g, &e->gaps, link) {
		if (g->repo != r || str_eq(g->cause, "parked"))
			continue;
		str_set(&g->parked, why);
		g->fails = 0;
		g->next_ms = 0;
		engine_save_gap(e, g);	/* its period stays, and so does its place */
	}
}

/* A repository is followed from here on: what was before is history. */
void
repo_first_contact(struct engine *e, struct repo *r)
{
	int64_t now = client_now_ms(e->client), since = now - e->conf.since_s * 1000;

	if (e->mode == RUN_ONCE)
		return;			/* hints alone say what is looked at */
	if (since < 0)
		since = 0;
	for (int k = 0; k < STREAM_KINDS; k++) {
		struct stream *s = &r->stream[k];

		if (s->cursor != NULL || stream_is_due(s))
			continue;
		s->since_ms = k == STREAM_COMMENTS ? now : since;
		if (k != STREAM_COMMENTS)
			engine_open_gap(e, r, s->kind, "first contact", since, now, NULL);
		engine_want(e, s);
	}
}

/* From state.db. */

static void
on_repo(void *arg, const struct repo_row *row)
{
	struct engine *e = arg;
	struct repo *r = repo_new(e, row->id);

	str_set(&r->node_id, row->node_id);
	str_set(&r->org, row->org);
	str_set(&r->name, row->name);
	str_set(&r->default_branch, row->default_branch);
	str_set(&r->reason, row->reason);
	r->archived = row->archived;
	r->fork = row->fork;
	r->mirror = row->mirror;
	r->is_private = row->is_private;
	r->state = row->state;
	r->look_s = row->look_s;
	r->page_size = row->page_size;
	r->org_id = row->org_id;
}

static void
on_stream(void *arg, const struct stream_row *row)
{
	struct engine *e = arg;
	struct repo *r = repo_find(e, row->repo_id);
	struct stream *s;

	if (r == NULL || (int)row->kind < 0 || row->kind >= STREAM_KINDS)
		return;
	s = &r->stream[row->kind];
	str_set(&s->cursor, row->cursor);
	str_set(&s->seen, row->seen);
	str_set(&s->settled, row->settled);
	str_set(&s->parked, row->parked);
	s->since_ms = row->since_ms;
	s->wanted = row->wanted;
	s->done = row->done;
	s->fails = row->fails;
	s->next_ms = row->next_ms;
	s->settled_ms = s->read_ms = row->settled_ms;
	numbers_parse(s, row->numbers);
	stream_check_due(e, s);
}

static void
on_gap(void *arg, const struct gap_row *row)
{
	struct engine *e = arg;
	struct gap *g = xcalloc(1, sizeof(*g));

	*g = (struct gap){ .repo = row->repo_id != 0 ? repo_find(e, row->repo_id) : NULL,
	    .kind = row->kind, .id = row->id, .wish = row->wish,
	    .from_ms = row->from_ms, .to_ms = row->to_ms, .opened_ms = row->opened_ms,
	    .total = row->total, .read = row->read, .fails = row->fails,
	    .next_ms = row->next_ms };
	str_set(&g->org, row->org);
	str_set(&g->cause, row->cause);
	str_set(&g->page, row->page);
	str_set(&g->keys, row->keys);
	str_set(&g->parked, row->parked);
	gap_insert(e, g);
}

void
ledger_load(struct engine *e)
{
	state_repos(e->state, on_repo, e);
	state_streams(e->state, on_stream, e);
	state_gaps(e->state, on_gap, e);
}

static void
repo_free(struct repo *r)
{
	for (int k = 0; k < STREAM_KINDS; k++) {
		free(r->stream[k].cursor);
		free(r->stream[k].seen);
		free(r->stream[k].settled);
		free(r->stream[k].parked);
		free(r->stream[k].number);
		free(r->stream[k].taken);
	}
	free(r->node_id);
	free(r->org);
	free(r->name);
	free(r->default_branch);
	free(r->reason);
	free(r->asked_as);
	free(r);
}

void
ledger_free(struct engine *e)
{
	struct repo *r;
	struct gap *g;

	while ((g = TAILQ_FIRST(&e->gaps)) != NULL)
		gap_free(e, g);
	while ((r = TAILQ_FIRST(&e->repos)) != NULL) {
		TAILQ_REMOVE(&e->repos, r, link);
		repo_free(r);
	}
	map_free(e->by_id);
	for (size_t i = 0; i < e->old_names.n; i++)
		free(e->old_names.s[i]);
	free(e->old_names.s);
}

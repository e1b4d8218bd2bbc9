/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wish.c - history that is wanted: a backfill's wishes, and stores that are new.
 * A wish waits until the census of its owner came, then becomes gaps of what is
 * not covered yet, and is deleted in the same transaction.
 */
#include "sync/inside.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
kind_wanted(const char *kinds, enum stream_kind kind)
{
	const char *name = stream_kind_name(kind), *p = kinds;
	size_t n = strlen(name);

	if (kinds == NULL || *kinds == '\0')
		return true;
	while ((p = strstr(p, name)) != NULL) {
		if ((p == kinds || p[-1] == ',' || p[-1] == ' ') &&
		    (p[n] == '\0' || p[n] == ',' || p[n] == ' '))
			return true;
		p += n;
	}
	return false;
}

/* The repositories a wish means. */
static bool
means(struct engine *e, const struct wish_row *w, const struct repo *r)
{
	const struct owner *o = owner_asked_as(e, w->org);

	if (r->state != REPO_FOLLOWED && r->state != REPO_LEFT)
		return false;
	if (w->repo != NULL)
		return str_eqi(r->name, w->repo) ||
		    (r->asked_as != NULL && str_eqi(r->asked_as, w->repo));
	return str_eqi(r->org, o != NULL ? o->login : w->org) &&
	    (r->state == REPO_FOLLOWED || (!r->fork && !r->mirror));
}

/* An open gap that ends where the stream begins: it can reach further back. */
static struct gap *
extensible(struct engine *e, const struct stream *s)
{
	struct gap *g;

	for (g = engine_gap_of(e, s->repo, s->kind, NULL); g != NULL;
	    g = engine_gap_of(e, s->repo, s->kind, g))
		if (g->from_ms == s->since_ms && g->keys == NULL && g->look == NULL &&
		    g->parked == NULL)
			return g;
	return NULL;
}

/* All of it is covered already, but for gaps that are open: those are the work. */
static void
adopt(struct engine *e, const struct wish_row *w, const struct stream *s)
{
	struct gap *g;

	for (g = engine_gap_of(e, s->repo, s->kind, NULL); g != NULL;
	    g = engine_gap_of(e, s->repo, s->kind, g))
		if (g->wish == 0 && g->parked == NULL && g->to_ms >= w->since_ms) {
			g->wish = w->id;
			engine_save_gap(e, g);	/* its place stays */
		}
	engine_kick(e);
}

static void
wish_stream(struct engine *e, const struct wish_row *w, struct stream *s)
{
	int64_t now = client_now_ms(e->client);
	struct gap *g;
	bool covered = s->since_ms > 0 && (s->cursor != NULL || stream_is_due(s));

	s->backfill = true;
	/* An engine that follows has the census say so. */
	if (e->mode == RUN_BACKFILL && s->cursor != NULL && !stream_is_due(s) &&
	    !str_eq(s->seen, s->settled))
		engine_want(e, s);
	if (covered && s->since_ms <= w->since_ms) {
		adopt(e, w, s);
		return;
	}
	g = covered ? extensible(e, s) : NULL;
	if (g != NULL) {
		g->from_ms = w->since_ms;
		g->wish = w->id;
		str_set(&g->cause, "backfill");
		engine_save_gap(e, g);
	} else {
		gap_open(e, &(struct gap){ .repo = s->repo, .kind = s->kind, .cause =
		    (char[]){ "backfill" }, .wish = w->id, .from_ms = w->since_ms,
		    .to_ms = covered ? s->since_ms : now });
	}
	s->since_ms = w->since_ms > 0 ? w->since_ms : 1;
	if (s->cursor == NULL && !stream_is_due(s))
		engine_want(e, s);
	else
		engine_save_stream(e, s);
}

/*
 * What a first contact reads stays wanted; of the rest, what is not read is not
 * covered. A gap that is being read ends with the page in hand.
 */
static void
gap_give_up(struct engine *e, struct gap *g)
{
	struct stream *s = &g->repo->stream[g->kind];
	int64_t keep = client_now_ms(e->client) - e->conf.since_s * 1000;
	bool ours = str_eq(g->cause, "backfill");

	if (!ours || g->to_ms > keep) {
		if (ours && g->from_ms < keep) {
			g->from_ms = s->since_ms = keep;
			str_set(&g->cause, "first contact");
		}
		g->wish = 0;
	} else {
		s->since_ms = g->to_ms;
		g->from_ms = g->to_ms;
	}
	engine_save_stream(e, s);
	engine_save_gap(e, g);
	if (g->from_ms == g->to_ms && g->look == NULL && ours)
		engine_close_gap(e, g);
}

static void
wish_cancel(struct engine *e, const struct wish_row *w)
{
	struct gap *g, *next;
	size_t n = 0;

	for (g = TAILQ_FIRST(&e->gaps); g != NULL; g = next) {
		next = TAILQ_NEXT(g, link);
		if (g->wish == 0 || g->repo == NULL || !means(e, w, g->repo))
			continue;
		gap_give_up(e, g);
		n++;
	}
	log_info("github: %zu stretches of history are not wanted any more of=%s", n,
	    str_or(w->repo, w->org));
}

/* Whether the census that the wish needs has come; starts it if nobody did. */
static bool
ready(struct engine *e, const struct wish_row *w)
{
	struct owner *o = owner_asked_as(e, w->org);

	if (w->repo != NULL) {
		struct repo *r;

		TAILQ_FOREACH(r, &e->repos, link)
			if (means(e, w, r) && r->round > 0)
				return true;
		if (o != NULL && !o->known)
			return false;
		return owner_name(e, w->repo, true);
	}
	if (o == NULL) {
		o = owner_new(e, w->org, false);
		if (e->started)
			census_start(o);
	}
	return o->known;
}

static void
on_wish(void *arg, const struct wish_row *w)
{
	struct engine *e = arg;
	struct repo *r;
	size_t n = 0;

	if (w->cancel) {
		wish_cancel(e, w);
	} else if (!ready(e, w)) {
		e->wished = true;
		return;
	} else {
		TAILQ_FOREACH(r, &e->repos, link) {
			if (!means(e, w, r))
				continue;
			n++;
			for (int k = 0; k < STREAM_COMMENTS; k++)
				if (kind_wanted(w->kinds, (enum stream_kind)k))
					wish_stream(e, w, &r->stream[k]);
		}
		if (n == 0)
			host_problem(e->host, "a backfill of %s: no such repository is "
			    "followed", str_or(w->repo, w->org));
		log_info("github: history of %zu repositories is wanted of=%s", n,
		    str_or(w->repo, w->org));
	}
	e->wish_done = xrealloc(e->wish_done, (e->wishes_done + 1) * sizeof(int64_t));
	e->wish_done[e->wishes_done++] = w->id;
}

void
wishes_apply(struct engine *e)
{
	e->wished = false;
	e->wishes_done = 0;
	state_wishes(e->state, on_wish, e);
	for (size_t i = 0; i < e->wishes_done; i++)
		state_wish_del(e->state, e->wish_done[i]);
}

/* Did another process write something? */
void
wishes_read(struct engine *e)
{
	int64_t changes = state_changes(e->state);

	if (changes == e->changes)
		return;
	e->changes = changes;
	wishes_apply(e);
}

/* A store is new: all that is covered is read again. */

static void
refill_stream(struct engine *e, struct stream *s, int64_t now)
{
	struct gap *g;

	if (s->cursor == NULL || s->kind == STREAM_COMMENTS)
		return;
	for (g = engine_gap_of(e, s->repo, s->kind, NULL); g != NULL;
	    g = engine_gap_of(e, s->repo, s->kind, g))
		if (str_eq(g->cause, "store") && g->look == NULL &&
		    g->from_ms <= s->since_ms) {
			engine_close_gap(e, g);	/* the new one begins anew */
			break;
		}
	gap_open(e, &(struct gap){ .repo = s->repo, .kind = s->kind, .cause =
	    (char[]){ "store" }, .from_ms = s->since_ms, .to_ms = now });
}

static void
refill_events(struct engine *e, const struct owner *o, int64_t now)
{
	int64_t from = feeds_since_ms(o);

	if (o->login == NULL || from == 0)
		return;
	gap_open(e, &(struct gap){ .kind = STREAM_EVENTS, .org = o->login, .cause =
	    (char[]){ "store" }, .from_ms = from, .to_ms = now });
}

void
engine_refill(struct engine *e)
{
	int64_t now = client_now_ms(e->client);
	struct owner *o;
	struct repo *r;

	TAILQ_FOREACH(r, &e->repos, link)
		if (r->state == REPO_FOLLOWED || r->state == REPO_PARKED ||
		    r->state == REPO_LEFT)
			for (int k = 0; k < STREAM_KINDS; k++)
				refill_stream(e, &r->stream[k], now);
	TAILQ_FOREACH(o, &e->owners, link)
		refill_events(e, o, now);
	log_info("github: a store is new to us: all that is covered is read again");
	engine_kick(e);
}

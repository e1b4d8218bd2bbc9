/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doubt.c - failures, and whose they are. A verdict about a stream is counted;
 * after 12 it is parked, as a gap, and tried daily. When GitHub refuses what a
 * stream asks for, it is asked for the repository itself and for its owner: a
 * repository that is refused while its owner is not is parked, and when the
 * owner is refused too it is the token: everything pauses.
 */
#include "sync/inside.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "github/query.h"

#include <stdio.h>
#include <stdlib.h>

#define FAILS_MAX	12
#define FAIL_MS		(180 * 1000)
#define FAIL_MAX_MS	(6 * 3600 * 1000)
#define DAY_MS		(24 * 3600 * 1000)
#define AGAIN_MS	(300 * 1000)	/* between two looks at a refused owner */

struct doubt {
	struct engine	*engine;
	struct repo	*repo;
	struct stream	*stream;
	struct gap	*gap;		/* NULL: the stream itself */
	struct part	*part[2];	/* the repository, its owner */
	enum verdict	 verdict[2];
	char		 said[2][256];
	char		*why;
};

/* Streams and gaps. */

static void
stream_park(struct engine *e, struct stream *s, const char *why)
{
	struct gap *g;

	log_warn("github: %s: %s given up until tomorrow: %s", s->repo->name,
	    stream_kind_name(s->kind), why);
	if (s->parked == NULL) {
		g = engine_open_gap(e, s->repo, s->kind, "parked", s->settled_ms > 0 ?
		    s->settled_ms : s->since_ms, client_now_ms(e->client), NULL);
		str_set(&g->parked, why);
		engine_save_gap(e, g);
	}
	str_set(&s->parked, why);
	s->next_ms = clock_wall_ms() + DAY_MS;
}

void
failure_count(struct engine *e, struct stream *s, struct gap *g, const char *why)
{
	int64_t *fails = g != NULL ? &g->fails : &s->fails;
	int64_t *next_ms = g != NULL ? &g->next_ms : &s->next_ms;

	++*fails;
	*next_ms = clock_wall_ms() + flow_backoff((unsigned)*fails, FAIL_MS, FAIL_MAX_MS);
	engine_error(e, why);
	if (g != NULL) {
		if (g->fails >= FAILS_MAX) {
			log_warn("github: %s: %s of an older period given up until "
			    "tomorrow: %s", s->repo->name, stream_kind_name(s->kind),
			    why);
			str_set(&g->parked, why);
			g->next_ms = clock_wall_ms() + DAY_MS;
		}
		engine_save_gap(e, g);
		return;
	}
	if (s->fails >= FAILS_MAX)
		stream_park(e, s, why);
	engine_save_stream(e, s);
}

/* Repositories. */

static void
repo_park(struct engine *e, struct repo *r, const char *why)
{
	log_warn("github: %s is refused, not followed until tomorrow: %s", r->name, why);
	engine_error(e, why);
	r->state = REPO_PARKED;
	r->retry_ms = clock_mono_ms() + DAY_MS;
	str_set(&r->reason, why);
	engine_save_repo(e, r);
	gaps_park(e, r, why);
}

void
repo_unpark(struct engine *e, struct repo *r)
{
	log_info("github: %s is followed again", r->name);
	r->state = REPO_FOLLOWED;
	str_set(&r->reason, NULL);
	engine_save_repo(e, r);
	gaps_park(e, r, NULL);
	for (int k = 0; k < STREAM_KINDS; k++) {
		r->stream[k].next_ms = 0;
		engine_want(e, &r->stream[k]);
	}
}

static void
doubt_free(struct doubt *d)
{
	part_cancel(d->part[0]);
	part_cancel(d->part[1]);
	d->repo->doubt = NULL;
	free(d->why);
	free(d);
}

static bool
is_refusal(enum verdict v)
{
	return v == VERDICT_GONE || v == VERDICT_FORBIDDEN;
}

/* Said GitHub anything of it, but that it is in trouble? */
static bool
is_known(enum verdict v)
{
	return is_refusal(v) || v == VERDICT_OK || v == VERDICT_PARTIAL;
}

/* An owner whom only repositories that are named have, and whose account is gone. */
static bool
is_strangers(const struct doubt *d)
{
	const struct owner *o = owner_find(d->engine, d->repo->org);

	return d->verdict[1] == VERDICT_GONE && (o == NULL || !o->followed);
}

static void
decide(struct doubt *d)
{
	struct engine *e = d->engine;
	enum repo_state state = d->repo->state;
	char text[600];

	if (state == REPO_GONE) {
		log_debug("github: %s: it is known to be gone", d->repo->name);
	} else if (!is_refusal(d->verdict[0]) || !is_known(d->verdict[1]) ||
	    (state != REPO_FOLLOWED && state != REPO_PARKED)) {
		failure_count(e, d->stream, d->gap, d->why);
	} else if (!is_refusal(d->verdict[1]) || is_strangers(d)) {
		repo_park(e, d->repo, d->said[0]);
	} else {
		snprintf(text, sizeof(text), "GitHub refuses %s and all that is "
		    "in it to this token: %s", d->repo->org, d->said[1]);
		doubt_token(e, d->repo->org, text);
	}
	doubt_free(d);
	engine_kick(e);
}

static void
on_answer(struct doubt *d, size_t i, struct part_answer *a)
{
	d->part[i] = NULL;
	d->verdict[i] = a->verdict;
	str_copy(d->said[i], sizeof(d->said[i]), a->why);
	if (d->part[0] == NULL && d->part[1] == NULL)
		decide(d);
}

static void
on_repo(void *arg, struct part_answer *a)
{
	on_answer(arg, 0, a);
}

static void
on_owner(void *arg, struct part_answer *a)
{
	on_answer(arg, 1, a);
}

static struct part *
ask_owner(struct engine *e, const char *login, part_fn *fn, void *arg)
{
	const struct owner *o = owner_find(e, login);
	struct buf b = BUF(1024);
	struct part *p;

	owner_ask(o != NULL ? o : &(struct owner){ .login = (char *)(uintptr_t)login },
	    &b);
	buf_puts(&b, "repositories(first:1){totalCount}}}");
	p = pack_ask(e->pack, LANE_FEED, &b, 2, fn, arg);
	buf_fini(&b);
	return p;
}

void
doubt_repo(struct engine *e, struct stream *s, struct gap *g, const char *why)
{
	struct repo *r = s->repo;
	struct doubt *d;
	struct buf b = BUF(1024);

	if (r->doubt != NULL)
		return;
	d = xcalloc(1, sizeof(*d));
	*d = (struct doubt){ .engine = e, .repo = r, .stream = s, .gap = g };
	d->why = xstrdup(why);
	r->doubt = d;
	buf_puts(&b, "node(id:");
	query_string(&b, r->node_id);
	buf_puts(&b, "){id ...on Repository{nameWithOwner}}");
	d->part[0] = pack_ask(e->pack, LANE_FEED, &b, 2, on_repo, d);
	buf_fini(&b);
	d->part[1] = ask_owner(e, r->org, on_owner, d);
}

void
doubt_forget_gap(struct engine *e, const struct gap *g)
{
	UNUSED(e);
	if (g->repo != NULL && g->repo->doubt != NULL && g->repo->doubt->gap == g)
		doubt_free(g->repo->doubt);
}

/* The token. */

static void
on_owner_again(void *arg, struct part_answer *a)
{
	struct engine *e = arg;

	e->doubt_part = NULL;
	if (a->verdict == VERDICT_GONE || a->verdict == VERDICT_FORBIDDEN) {
		timer_set(e->doubt_timer, AGAIN_MS);
		return;
	}
	engine_trouble(e, NULL);
}

void
doubt_again(void *arg)
{
	struct engine *e = arg;

	if (!e->stopping && e->doubt_part == NULL)
		e->doubt_part = ask_owner(e, e->doubt_login, on_owner_again, e);
}

void
doubt_token(struct engine *e, const char *login, const char *why)
{
	char text[600];

	if (e->doubted != NULL)
		return;
	str_set(&e->doubt_login, login);
	engine_error(e, why);
	snprintf(text, sizeof(text), "%.500s; everything waits", why);
	engine_trouble(e, text);
	timer_set(e->doubt_timer, AGAIN_MS);
}

void
doubts_free(struct engine *e)
{
	struct repo *r;

	part_cancel(e->doubt_part);
	e->doubt_part = NULL;
	TAILQ_FOREACH(r, &e->repos, link)
		if (r->doubt != NULL)
			doubt_free(r->doubt);
}

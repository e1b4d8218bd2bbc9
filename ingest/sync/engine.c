/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c - see follow.h: the life of the engine, its health, and its end. */
#include "sync/inside.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "io/loop.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define TICK_MS		5000
#define DAY_MS		(24 * 3600 * 1000)
#define TRIES		3	/* of a run that ends; more would keep it for hours */

struct state *
engine_state(struct engine *e)
{
	return e->state;
}

const struct people_rules *
engine_rules(const struct engine *e)
{
	return e->conf.rules;
}

/* Health. */

/* One trouble at a time is shown: the worst. */
static void
show_trouble(struct engine *e)
{
	if (e->doubted != NULL)
		host_trouble(e->host, "%s", e->doubted);
	else if (e->health_why != NULL)
		host_trouble(e->host, "%s", e->health_why);
	else if (e->lacks != NULL)
		host_trouble(e->host, "%s", e->lacks);
	else
		host_well(e->host);
}

void
engine_trouble(struct engine *e, const char *why)
{
	str_set(&e->doubted, why);
	show_trouble(e);
	engine_kick(e);
}

/* what NULL: nothing. Of several owners one is shown; false: not this one. */
bool
engine_lacks(struct engine *e, const struct owner *o, const char *what)
{
	if (e->lacks != NULL && e->lacks_of != o)
		return false;
	e->lacks_of = o;
	str_set(&e->lacks, what);
	show_trouble(e);
	return true;
}

void
engine_error(struct engine *e, const char *text)
{
	str_set(&e->error, text);
	e->error_ms = clock_wall_ms();
}

void
engine_fail(struct engine *e, enum err_kind kind, int code, const char *fmt, ...)
{
	struct err err;
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	engine_error(e, text);
	err_set(&err, kind, code, "%s", text);
	host_fail(e->host, &err);
}

static void
on_health(void *arg, enum client_health h, const char *why)
{
	struct engine *e = arg;
	struct owner *o;
	char text[512];

	switch (h) {
	case CLIENT_WELL:
		str_set(&e->health_why, NULL);
		TAILQ_FOREACH(o, &e->owners, link)
			census_now(o);	/* who knows what no event tells */
		break;
	case CLIENT_BAD_TOKEN:
		snprintf(text, sizeof(text), "GitHub does not accept the token (in "
		    "GITHUB_TOKEN, or the option token): %.200s", why);
		if (!client_was_well(e->client)) {
			engine_fail(e, ERR_REMOTE, 401, "%s", text);
			return;
		}
		free(e->health_why);
		e->health_why = xasprintf("%s; it is tried again every 10 minutes", text);
		break;
	case CLIENT_DOWN:
		snprintf(text, sizeof(text), "GitHub does not answer at %.150s: %.200s",
		    client_base(e->client), why);
		if (e->mode == RUN_ONCE && !client_was_well(e->client)) {
			engine_fail(e, ERR_SYSTEM, 0, "%s", text);
			return;
		}
		free(e->health_why);
		e->health_why = xasprintf("%s; it is asked again, and all waits", text);
		break;
	}
	if (e->health_why != NULL)
		engine_error(e, e->health_why);
	show_trouble(e);
}

/* What has its own time. */

/* The net under a repository's talk: daily, where anything was read since. */
static void
want_daily(struct engine *e, struct repo *r)
{
	struct stream *s = &r->stream[STREAM_COMMENTS];
	int64_t now = client_now_ms(e->client), newest = 0;

	if (r->state != REPO_FOLLOWED || stream_is_due(s) || s->look != NULL ||
	    now - s->settled_ms < DAY_MS)
		return;
	for (int k = 0; k < STREAM_COMMENTS; k++)
		if (r->stream[k].settled_ms > newest)
			newest = r->stream[k].settled_ms;
	if (newest > s->settled_ms)
		engine_want(e, s);
}

static void
on_tick(void *arg)
{
	struct engine *e = arg;
	struct repo *r;

	if (e->stopping)
		return;
	if (e->mode == RUN_FOLLOW)
		TAILQ_FOREACH(r, &e->repos, link)
			want_daily(e, r);
	wishes_read(e);
	notes_write(e);
	engine_check_end(e);
	timer_set(e->tick, TICK_MS);
}

/* The census of an owner is whole: what waited for it can go on. */
void
engine_census_done(struct owner *o)
{
	struct engine *e = o->engine;

	if (e->doubted != NULL && str_eqi(e->doubt_login, o->login))
		engine_trouble(e, NULL);	/* it answered after all */
	wishes_apply(e);
	if (e->mode != RUN_BACKFILL)
		feeds_start(o);
	engine_kick(e);
}

/* The end of a run that ends. */

static bool
given_up(const struct engine *e, int64_t fails)
{
	return e->mode != RUN_FOLLOW && fails >= TRIES;
}

/* Is anything left that this run should still do? */
static bool
work_is_left(struct engine *e, int64_t *failed)
{
	struct stream *s;
	struct gap *g;

	if (!TAILQ_EMPTY(&e->looks))
		return true;
	TAILQ_FOREACH(s, &e->due, due) {
		if (e->mode == RUN_BACKFILL && !s->backfill)
			continue;
		if (s->repo->state != REPO_FOLLOWED && s->repo->state != REPO_LEFT)
			continue;
		if (s->repo->doubt != NULL || !given_up(e, s->fails))
			return true;
		++*failed;
	}
	TAILQ_FOREACH(g, &e->gaps, link) {
		if (g->repo == NULL || g->kind >= STREAM_KINDS || (e->mode ==
		    RUN_BACKFILL && !g->repo->stream[g->kind].backfill))
			continue;
		if (g->parked == NULL && !given_up(e, g->fails))
			return true;
		++*failed;
	}
	return false;
}

void
engine_check_end(struct engine *e)
{
	struct owner *o;
	int64_t failed = 0;

	if (e->mode == RUN_FOLLOW || e->finished || e->stopping || !e->started)
		return;
	TAILQ_FOREACH(o, &e->owners, link)
		if (!o->known || (e->mode == RUN_ONCE && !feeds_are_read(o)))
			return;
	if (e->wished || !outbox_is_empty(e) || work_is_left(e, &failed))
		return;
	if (failed > 0)
		host_problem(e->host, "%lld streams or periods could not be read: %s",
		    (long long)failed, str_or(e->error, "see the log"));
	e->finished = true;
	notes_write(e);
	host_finished(e->host);
}

/* Life. */

static bool
check_host(struct engine *e, const char *base, struct err *err)
{
	char *was;
	bool same;

	if (e->mode == RUN_ONCE)
		return true;
	was = state_meta(e->state, "api_host");
	same = was == NULL || str_eq(was, base);
	if (!same)
		err_set(err, ERR_CONFIG, 0, "this data directory belongs to %s, not to "
		    "%s: use another one (--data)", was, base);
	else if (was == NULL)
		state_set_meta(e->state, "api_host", base);
	free(was);
	return same;
}

static void
add_owners(struct engine *e, const struct engine_conf *conf)
{
	for (size_t i = 0; conf->orgs != NULL && i < conf->orgs->n; i++)
		if (owner_asked_as(e, conf->orgs->s[i]) == NULL)
			owner_new(e, conf->orgs->s[i], true);
	for (size_t i = 0; conf->repos != NULL && i < conf->repos->n; i++)
		owner_name(e, conf->repos->s[i], false);
}

struct engine *
engine_new(const struct engine_conf *conf, struct err *err)
{
	struct engine *e = xcalloc(1, sizeof(*e));

	e->host = conf->host;
	e->loop = host_loop(conf->host);
	e->state = host_state(conf->host);
	e->mode = host_mode(conf->host);
	e->conf = *conf;
	e->conf.orgs = e->conf.repos = NULL;
	e->conf.token = e->conf.api_url = NULL;
	TAILQ_INIT(&e->owners);
	TAILQ_INIT(&e->repos);
	TAILQ_INIT(&e->due);
	TAILQ_INIT(&e->gaps);
	TAILQ_INIT(&e->looks);
	e->by_id = map_new();
	e->changes = -1;
	e->turn = timer_new(e->loop, schedule, e);
	e->tick = timer_new(e->loop, on_tick, e);
	e->doubt_timer = timer_new(e->loop, doubt_again, e);
	e->client = client_new(&(struct client_conf){ .loop = e->loop,
	    .api_url = conf->api_url, .token = conf->token, .quota = conf->quota,
	    .health = on_health, .arg = e }, err);
	if (e->client == NULL || !check_host(e, client_base(e->client), err)) {
		engine_free(e);
		return NULL;
	}
	e->pack = pack_new(e->loop, e->client);
	ledger_load(e);
	add_owners(e, conf);
	return e;
}

void
engine_start(struct engine *e)
{
	struct owner *o;

	e->started = true;
	TAILQ_FOREACH(o, &e->owners, link)
		census_start(o);
	outbox_kick(e);			/* what is left from before */
	timer_set(e->tick, 0);
	engine_kick(e);
}

void
engine_pause(struct engine *e, bool on)
{
	e->paused = on;
	if (!on)
		engine_kick(e);
}

/* Those that wait for outputs may still move their cursors. */
void
engine_stop(struct engine *e)
{
	struct owner *o;

	if (!e->stopping) {
		e->stopping = true;
		client_stop(e->client);
		TAILQ_FOREACH(o, &e->owners, link) {
			census_stop(o);
			feeds_stop(o);
		}
		doubts_free(e);
		timer_cancel(e->tick);
		timer_cancel(e->doubt_timer);
	}
	looks_stop(e);
	if (!TAILQ_EMPTY(&e->looks) || e->stopped)
		return;
	e->stopped = true;
	notes_write(e);
	host_stopped(e->host);
}

void
engine_free(struct engine *e)
{
	struct owner *o;

	if (e == NULL)
		return;
	looks_free(e);
	doubts_free(e);
	while ((o = TAILQ_FIRST(&e->owners)) != NULL) {
		TAILQ_REMOVE(&e->owners, o, link);
		owner_free(o);
	}
	outbox_free(e);
	pack_free(e->pack);
	client_free(e->client);
	ledger_free(e);
	for (size_t i = 0; i < e->named.n; i++)
		free(e->named.s[i]);
	free(e->named.s);
	free(e->named_wish);
	free(e->wish_done);
	notes_free(e);
	timer_free(e->turn);
	timer_free(e->tick);
	timer_free(e->doubt_timer);
	free(e->doubted);
	free(e->doubt_login);
	free(e->health_why);
	free(e->lacks);
	free(e->error);
	free(e);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * census_apply.c - what a census saw, applied: repositories that are new,
 * renamed, come back, left or gone, and streams where something differs from
 * what was seen when they were last settled. It differs, not "is newer":
 * replicas lag.
 */
#include "sync/census.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

static bool
owner_is_followed(const struct engine *e, const char *login)
{
	const struct owner *o = owner_find((struct engine *)(uintptr_t)e, login);

	return o != NULL && o->followed;
}

/* Streams that show something else than when they were settled are due. */
static void
compare(struct engine *e, struct repo *r, const struct json *node)
{
	for (int k = 0; k < STREAM_KINDS; k++) {
		struct stream *s = &r->stream[k];
		char *seen = census_seen(node, s->kind);

		if (seen == NULL)
			continue;
		if (!str_eq(seen, s->seen)) {
			free(s->seen);
			s->seen = seen;
			seen = NULL;
			engine_save_stream(e, s);
		}
		free(seen);
		/* What a look at work began with may be what is seen now. */
		if (e->mode != RUN_FOLLOW || str_eq(s->seen, s->settled) ||
		    stream_is_due(s) || (s->look != NULL && s->look->gap == NULL &&
		    str_eq(s->look->seen, s->seen)))
			continue;
		engine_want(e, s);
	}
}

static bool
set_flag(bool *field, bool to)
{
	bool differs = *field != to;

	*field = to;
	return differs;
}

/* What follows the owner: if only the owner has another login, that was said. */
static const char *
short_name(const char *name)
{
	const char *slash = strchr(name, '/');

	return slash != NULL ? slash : name;
}

/* What the repository is called and is; true when something changed. */
static bool
describe(struct engine *e, struct repo *r, const struct census_repo *c)
{
	bool changed = !str_eq(r->name, c->name) || !str_eq(r->org, c->org) ||
	    !str_eq(r->node_id, c->node_id) ||
	    !str_eq(r->default_branch, c->default_branch);

	if (r->name != NULL && !str_eq(r->name, c->name) &&
	    !(str_eq(r->org, c->org) && str_eq(short_name(r->name), short_name(c->name))))
		log_info("github: %s is called %s now", r->name, c->name);
	if (r->archived != c->archived && r->org != NULL)
		log_info("github: %s is %s", c->name, c->archived ? "archived" :
		    "not archived any more");
	repo_set_name(e, &r->name, c->name);
	repo_set_name(e, &r->org, c->org);
	str_set(&r->node_id, c->node_id);
	str_set(&r->default_branch, c->default_branch);
	changed |= r->org_id != c->org_id;
	r->org_id = c->org_id;
	changed |= set_flag(&r->archived, c->archived);
	changed |= set_flag(&r->fork, c->fork);
	changed |= set_flag(&r->mirror, c->mirror);
	changed |= set_flag(&r->is_private, c->is_private);
	return changed;
}

static enum repo_state
state_wanted(const struct engine *e, const struct repo *r)
{
	if (r->named)
		return REPO_FOLLOWED;
	if (!owner_is_followed(e, r->org))
		return REPO_LEFT;
	return (r->fork || r->mirror) && !e->conf.forks ? REPO_SKIPPED : REPO_FOLLOWED;
}

static void
follow_again(struct engine *e, struct repo *r)
{
	log_info("github: %s is followed", r->name);
	gaps_park(e, r, NULL);
	repo_first_contact(e, r);	/* streams without contact */
	for (int k = 0; k < STREAM_KINDS && e->mode == RUN_FOLLOW; k++)
		engine_want(e, &r->stream[k]);
}

/* Its state, by what it is now. Parked ones: see below. */
static void
settle_state(struct engine *e, struct repo *r, bool is_new)
{
	enum repo_state to = state_wanted(e, r), was = r->state;

	if (is_new) {
		r->state = to;
		if (to == REPO_FOLLOWED)
			repo_first_contact(e, r);
		return;
	}
	if (was == REPO_PARKED && to == REPO_FOLLOWED) {
		/* Listed anew: at once. Listed all the time yet refused: daily. */
		if (r->absent || clock_mono_ms() >= r->retry_ms)
			repo_unpark(e, r);
		return;
	}
	if (was == to)
		return;
	r->state = to;
	engine_save_repo(e, r);
	if (to == REPO_FOLLOWED)
		follow_again(e, r);
	else if (to == REPO_LEFT)
		log_info("github: %s belongs to %s now, who is not followed", r->name,
		    r->org);
}

bool
census_apply(struct census *c, const struct json *node, bool named)
{
	struct engine *e = c->owner->engine;
	struct census_repo seen;
	struct repo *r;
	bool is_new, changed;

	if (!census_repo(node, &seen))
		return false;
	if (c->owner->login != NULL && !named && seen.org_id > 0)
		c->owner->id = seen.org_id;
	if (c->owner->login != NULL && !named)
		c->owner->is_user = seen.is_user;
	r = repo_find(e, seen.id);
	is_new = r == NULL;
	if (is_new)
		r = repo_new(e, seen.id);
	r->named = r->named || named;
	r->round = c->round;
	changed = describe(e, r, &seen);
	settle_state(e, r, is_new);
	r->absent = false;
	if (is_new || changed)
		engine_save_repo(e, r);
	if (r->state == REPO_FOLLOWED)
		compare(e, r, node);
	return true;
}

struct repo *
census_absent(struct census *c)
{
	struct repo *r;

	if (c->owner->login == NULL)
		return NULL;
	TAILQ_FOREACH(r, &c->owner->engine->repos, link)
		if (str_eqi(r->org, c->owner->login) && !r->named &&
		    r->round < c->round && r->state != REPO_GONE &&
		    r->state != REPO_LEFT)
			return r;
	return NULL;
}

void
census_absent_told(struct census *c, struct repo *r, const struct json *node)
{
	struct engine *e = c->owner->engine;
	struct census_repo seen;

	r->absent = true;
	r->round = c->round;
	if (node == NULL) {
		log_info("github: %s is gone", r->name);
		r->state = REPO_GONE;
		str_set(&r->reason, NULL);
		gaps_park(e, r, "the repository is gone");
	} else if (census_repo(node, &seen) && seen.id == r->id) {
		describe(e, r, &seen);
		settle_state(e, r, false);
	}
	engine_save_repo(e, r);
}

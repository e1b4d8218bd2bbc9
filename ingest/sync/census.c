/* SPDX-License-Identifier: Apache-2.0 */
/*
 * census.c - what an owner has: every minute, or as seldom as keeps it under a
 * tenth of the hour's points, all repositories by pages of 50. It finds what no
 * event told: it is how private organisations are followed, and Apps' tokens.
 * Repositories that were named (--repo) are asked for one by one.
 */
#include "sync/census.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "github/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE		50
#define WEIGHT		500		/* a page goes alone: its cost must be known */
#define EVERY_MS	60000
#define SHARE		0.1		/* of an hour's points */
#define NAMES		25		/* repositories named, in one query */
#define TRIES		3		/* of a page of one, before it is stepped over */
#define STEP_OVER_MS	3600000		/* so long */

static flow_step_fn census_begin, census_ask, census_page, census_lost, census_found,
    census_rest, census_refused, name_refused;

static void
on_answer(void *arg, struct part_answer *a)
{
	struct census *c = arg;

	c->part = NULL;
	json_free(c->answer.value);
	json_free(c->answer.errors);
	c->answer = *a;
	a->value = a->errors = NULL;
	c->cost += a->cost;
	flow_wake(&c->flow);
}

static enum flow_next
ask(struct census *c, struct buf *b, unsigned weight, flow_step_fn *step,
    const char *name)
{
	if (b->failed) {		/* GitHub gave a cursor without end */
		c->answer.verdict = VERDICT_GARBAGE;
		str_copy(c->answer.why, sizeof(c->answer.why),
		    "the question is too long");
		buf_fini(b);
		str_set(&c->after, NULL);
		return flow_sleep(&c->flow, EVERY_MS, STEP(census_begin));
	}
	c->part = pack_ask(c->owner->engine->pack, LANE_CENSUS, b, weight, on_answer, c);
	buf_fini(b);
	return flow_park(&c->flow, step, name);
}

static enum flow_next
census_begin(struct flow *f)
{
	struct census *c = (struct census *)f;

	c->working = true;
	c->again = c->whole = c->some = false;
	c->began_ms = clock_mono_ms();
	c->round = ++c->owner->engine->round;
	c->cost = 0;
	c->next_name = 0;
	census_lack_begin(c);
	str_set(&c->after, NULL);
	return flow_then(f, STEP(census_ask));
}

static struct repo *
asked_as(struct engine *e, const char *name)
{
	struct repo *r;

	TAILQ_FOREACH(r, &e->repos, link)
		if (r->asked_as != NULL && str_eqi(r->asked_as, name))
			return r;
	return NULL;
}

/* One of those named: by id once it is known. */
static void
ask_name(struct census *c, const char *name, struct buf *b)
{
	const char *slash = strchr(name, '/');
	struct repo *r = asked_as(c->owner->engine, name);
	char *owner;

	if (r != NULL && r->node_id != NULL) {
		buf_puts(b, "node(id:");
		query_string(b, r->node_id);
		buf_puts(b, ")");
		census_fields(c, b);
		return;
	}
	owner = xstrndup(name, (size_t)(slash - name));
	buf_puts(b, "repository(owner:");
	query_string(b, owner);
	buf_puts(b, ",name:");
	query_string(b, slash + 1);
	buf_puts(b, ")");
	census_fields(c, b);
	free(owner);
}

/* The page of the one repository that is too much to ask for, now? */
static bool
is_heavy(const struct census *c)
{
	return c->heavy != NULL && c->first == 1 && clock_mono_ms() < c->heavy_ms &&
	    str_eq(str_or(c->after, ""), c->heavy);
}

static enum flow_next
census_ask(struct flow *f)
{
	struct census *c = (struct census *)f;
	const struct engine *e = c->owner->engine;
	struct buf b = BUF(4096);

	if (c->owner->login == NULL) {
		if (c->next_name >= e->named.n) {
			c->whole = true;
			return flow_then(f, STEP(census_rest));
		}
		ask_name(c, e->named.s[c->next_name], &b);
		return ask(c, &b, WEIGHT / NAMES, STEP(census_page));
	}
	owner_ask(c->owner, &b);
	buf_printf(&b, "repositories(first:%u,ownerAffiliations:[OWNER],orderBy:"
	    "{field:CREATED_AT,direction:ASC}", c->first);
	if (c->after != NULL) {
		buf_puts(&b, ",after:");
		query_string(&b, c->after);
	}
	buf_puts(&b, "){totalCount pageInfo{hasNextPage endCursor} nodes");
	if (is_heavy(c))
		buf_puts(&b, "{id}");
	else
		census_fields(c, &b);
	buf_puts(&b, "}}}");
	return ask(c, &b, WEIGHT, STEP(census_page));
}

static void
refusal(const struct census *c, const char *name, char *text, size_t size)
{
	if (c->answer.verdict == VERDICT_GONE)
		snprintf(text, size, "there is no %.100s that this token may see: %.250s",
		    name, c->answer.why);
	else
		snprintf(text, size, "GitHub refuses %.100s to this token: %.250s", name,
		    c->answer.why);
}

/* The owner is refused: at the start that is the end, later it is the token's. */
static enum flow_next
census_refused(struct flow *f)
{
	struct census *c = (struct census *)f;
	struct owner *o = c->owner;
	char text[512];

	refusal(c, o->login, text, sizeof(text));
	if (!o->followed) {
		host_problem(o->engine->host, "%s", text);
		o->known = true;	/* as empty: a wish finds nothing */
		engine_census_done(o);
	} else if (o->known) {
		doubt_token(o->engine, o->login, text);
	} else {
		engine_fail(o->engine, ERR_REMOTE, 0, "%s", text);
	}
	return flow_then(f, STEP(census_rest));
}

/* One of those named is refused: the others are not. */
static enum flow_next
name_refused(struct flow *f)
{
	struct census *c = (struct census *)f;
	struct engine *e = c->owner->engine;
	const char *name = e->named.s[c->next_name];
	struct repo *r = asked_as(e, name);
	char text[512];

	refusal(c, name, text, sizeof(text));
	if (r != NULL && c->answer.verdict == VERDICT_GONE) {
		if (r->state != REPO_GONE)
			census_absent_told(c, r, NULL);
	} else if (r != NULL) {
		r->absent = true;
		if (r->state == REPO_FOLLOWED && e->doubted == NULL)
			doubt_repo(e, &r->stream[STREAM_COMMITS], NULL, text);
	} else if (!c->owner->known) {
		if (e->named.n == 1)
			engine_fail(e, ERR_REMOTE, 0, "%s", text);
		else
			host_problem(e->host, "%s", text);
	}
	engine_error(e, text);
	c->next_name++;
	return flow_then(f, STEP(census_ask));
}

static enum flow_next
named_page(struct census *c)
{
	struct engine *e = c->owner->engine;
	const char *name = e->named.s[c->next_name];
	struct repo *r;
	int64_t id;

	census_apply(c, c->answer.value, !e->named_wish[c->next_name]);
	if (json_int(c->answer.value, "databaseId", &id) &&
	    (r = repo_find(e, id)) != NULL && !str_eqi(r->asked_as, name)) {
		str_set(&r->asked_as, name);
		owner_remember_name(e, name, id);
	}
	c->next_name++;
	return flow_then(&c->flow, STEP(census_ask));
}

/*
 * A page of one fails: GitHub is in trouble, or that repository is too much for it,
 * which would keep all behind it from being seen.
 */
static enum flow_next
census_page_fails(struct census *c)
{
	const char *login = c->owner->login;

	if (login != NULL && ++c->tries >= TRIES && !is_heavy(c)) {
		log_warn("github: a repository of %s cannot be listed; all others "
		    "are, and it is asked for again in an hour: %s", login,
		    c->answer.why);
		str_set(&c->heavy, str_or(c->after, ""));
		c->heavy_ms = clock_mono_ms() + STEP_OVER_MS;
	}
	return flow_sleep(&c->flow, EVERY_MS, STEP(census_ask));
}

static enum flow_next
census_page(struct flow *f)
{
	struct census *c = (struct census *)f;
	const struct json *list = json_get(c->answer.value, "repositories"), *nodes;

	if (census_lack_page(c))
		return flow_then(f, STEP(census_ask));
	switch (c->answer.verdict) {
	case VERDICT_OK:
	case VERDICT_PARTIAL:
		break;
	case VERDICT_GONE:
	case VERDICT_FORBIDDEN:
		return c->owner->login != NULL ? flow_then(f, STEP(census_refused)) :
		    flow_then(f, STEP(name_refused));
	case VERDICT_TOO_HEAVY:
	case VERDICT_TROUBLE:
	case VERDICT_SAME:
	case VERDICT_MOVED:
	case VERDICT_BAD_TOKEN:
	case VERDICT_LIMIT:
	case VERDICT_SECONDARY:
	case VERDICT_EMPTY:
	case VERDICT_END:
	case VERDICT_GARBAGE:
		log_info("github: a census: %s: %s", verdict_name(c->answer.verdict),
		    c->answer.why);
		engine_error(c->owner->engine, c->answer.why);
		log_info("github: %s: asked for again: %s", str_or(c->owner->login,
		    "the repositories named"), c->answer.why);
		if (c->first <= 1 || c->owner->login == NULL)
			return census_page_fails(c);
		c->first /= 2;
		return flow_sleep(f, 1000, STEP(census_ask));
	}
	if (c->owner->login == NULL)
		return named_page(c);
	c->tries = 0;
	if (is_heavy(c))
		c->first = PAGE / 2;
	nodes = json_get(list, "nodes");
	owner_answered(c->owner, c->answer.value);
	c->owner->is_user = str_eq(json_str(c->answer.value, "__typename"), "User");
	for (size_t i = 0; i < json_len(nodes); i++)
		if (!census_apply(c, json_at(nodes, i), false))
			c->some = true;
	str_set(&c->after, json_true(list, "pageInfo.hasNextPage") ?
	    json_str(list, "pageInfo.endCursor") : NULL);
	if (c->after != NULL)
		return flow_then(f, STEP(census_ask));
	c->whole = json_is(list, JSON_OBJECT);
	if (c->some || !c->whole)
		return flow_then(f, STEP(census_rest));	/* who is absent is unknown */
	return flow_then(f, STEP(census_lost));
}

/* Those not listed are asked for by id: gone, or somebody else's now? */
static enum flow_next
census_lost(struct flow *f)
{
	struct census *c = (struct census *)f;
	struct buf b = BUF(1024);

	c->absent = census_absent(c);
	if (c->absent == NULL)
		return flow_then(f, STEP(census_rest));
	buf_puts(&b, "node(id:");
	query_string(&b, c->absent->node_id);
	buf_puts(&b, ")");
	census_fields(c, &b);
	return ask(c, &b, 20, STEP(census_found));
}

static enum flow_next
census_found(struct flow *f)
{
	struct census *c = (struct census *)f;

	if (c->answer.verdict == VERDICT_OK)
		census_absent_told(c, c->absent, c->answer.value);
	else if (c->answer.verdict == VERDICT_GONE)
		census_absent_told(c, c->absent, NULL);
	else
		c->absent->round = c->round;	/* refused: its looks find that out */
	return flow_then(f, STEP(census_lost));
}

/* How long until the next one. */
static int64_t
interval_ms(const struct census *c)
{
	const struct engine *e = c->owner->engine;
	const struct bucket *u = &client_budget(e->client)->bucket[BUCKET_GRAPHQL];
	int64_t owners = 0, ms = EVERY_MS, limit = u->limit > 0 ? u->limit : 5000;
	const struct owner *o;

	if (e->conf.census_s > 0)
		return e->conf.census_s * 1000;
	TAILQ_FOREACH(o, &e->owners, link)
		owners++;
	if (c->cost > 0)
		ms = (int64_t)((double)(c->cost * owners) * 3600000 /
		    (SHARE * (double)limit));
	return ms > EVERY_MS ? ms : EVERY_MS;
}

static enum flow_next
census_rest(struct flow *f)
{
	struct census *c = (struct census *)f;
	struct owner *o = c->owner;
	int64_t left = c->began_ms + interval_ms(c) - clock_mono_ms();

	c->working = false;
	census_lack_end(c);
	if (c->whole) {
		o->known = true;
		o->named_read = c->next_name;
		o->census_ms = client_now_ms(o->engine->client);
		engine_census_done(o);
	}
	if (c->first < PAGE)
		c->first++;
	if (c->again)
		left = 1000;
	return flow_sleep(f, left > 0 ? left : 0, STEP(census_begin));
}

static void
on_ended(struct flow *f)
{
	UNUSED(f);			/* it never ends by itself */
}

void
census_start(struct owner *o)
{
	struct census *c = o->census;

	if (c == NULL) {
		c = o->census = xcalloc(1, sizeof(*c));
		c->owner = o;
		c->first = PAGE;
		flow_init(&c->flow, o->engine->loop, o->login != NULL ? o->login :
		    "repositories named", on_ended);
	}
	flow_start(&c->flow, STEP(census_begin));
}

void
census_now(struct owner *o)
{
	if (o->census == NULL)
		return;
	if (o->census->working)
		o->census->again = true;
	else
		flow_wake(&o->census->flow);
}

bool
census_runs(const struct owner *o)
{
	return o->census != NULL && o->census->working;
}

void
census_stop(struct owner *o)
{
	if (o->census == NULL)
		return;
	part_cancel(o->census->part);
	o->census->part = NULL;
	flow_cancel(&o->census->flow);
}

void
census_free(struct owner *o)
{
	struct census *c = o->census;

	if (c == NULL)
		return;
	census_stop(o);
	flow_fini(&c->flow);
	json_free(c->answer.value);
	json_free(c->answer.errors);
	free(c->after);
	free(c->heavy);
	free(c);
	o->census = NULL;
}

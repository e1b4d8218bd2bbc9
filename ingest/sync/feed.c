/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed.c - feeds of events, read as GitHub wants them read: the first page on
 * condition (ETag), no sooner than X-Poll-Interval says, all pages whenever it
 * answers 200, without condition every 10 minutes, since ETags get stuck.
 *
 * An organisation has its own feed, and with a personal token the one of that
 * person's view of it, the only one that shows private repositories. For
 * repositories that are named their owners' feeds are read.
 */
#include "sync/feed_in.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INTERVAL_MS	60000
#define FULL_MS		(600 * 1000)
#define REFUSED_MS	(3600 * 1000)
#define TROUBLE_MS	(300 * 1000)
#define MAX_PAGES	10
#define MAX_INTERVAL_S	3600
#define MAX_NAMED	20		/* owners of repositories that are named */
#define CENSUS_MS	2000		/* between looks whether it came */
#define CENSUS_MAX_MS	60000

static flow_step_fn feed_poll, feed_page, feed_rest, feed_read, feed_who, feed_login;

static void
on_answer(void *arg, struct answer *a)
{
	struct feed *f = arg;
	char text[64];
	int64_t s = 0;

	f->request = NULL;
	f->verdict = a->verdict;
	json_free(f->page);
	f->page = a->body;
	a->body = NULL;
	str_copy(f->next, sizeof(f->next), a->next);
	str_copy(f->why, sizeof(f->why), a->why);
	if (a->reply != NULL && f->pages == 0) {
		if (!http_header(a->reply, "etag", f->new_etag, sizeof(f->new_etag)))
			f->new_etag[0] = '\0';
		if (!http_header_int(a->reply, "x-poll-interval", &s) &&
		    f->interval_ms == 0 &&
		    http_header(a->reply, "cache-control", text, sizeof(text)) &&
		    strstr(text, "max-age=") != NULL)
			s = strtol(strstr(text, "max-age=") + 8, NULL, 10);
		if (s > 0)
			f->interval_ms = (s < MAX_INTERVAL_S ? s : MAX_INTERVAL_S) * 1000;
		f->owner->engine->poll_ms = f->interval_ms;
	}
	flow_wake(&f->flow);
}

static enum flow_next
ask(struct feed *f, const char *path, const char *etag, flow_step_fn *step,
    const char *name)
{
	f->request = client_rest(f->owner->engine->client, LANE_FEED, path, etag,
	    on_answer, f);
	return flow_park(&f->flow, step, name);
}

/* The newest page, unless it is the one we have. */
static enum flow_next
feed_poll(struct flow *flow)
{
	struct feed *f = (struct feed *)flow;
	struct engine *e = f->owner->engine;
	int64_t now = client_now_ms(e->client);
	const char *etag = f->etag;

	if (e->doubted != NULL || outbox_is_full(e))
		return flow_then(flow, STEP(feed_rest));
	if (now - f->full_ms >= FULL_MS)
		etag = NULL;
	f->pages = 0;
	f->beyond = f->asked_census = false;
	json_free(f->events);
	f->events = json_new_array();
	f->asked_ms = now;
	return ask(f, f->path, etag, STEP(feed_page));
}

/* GitHub is in trouble with this list alone, which is no refusal. */
static bool
in_trouble(const struct feed *f)
{
	return f->verdict == VERDICT_TROUBLE || f->verdict == VERDICT_TOO_HEAVY;
}

static enum flow_next
feed_refused(struct feed *f)
{
	if (!f->failing)
		log_warn("github: %s: %s; asked again %s, until then the census alone "
		    "tells what is new", f->path, f->why,
		    in_trouble(f) ? "every 5 minutes" : "hourly");
	f->failing = f->read = true;
	if (f->kind != FEED_VIEWER)
		engine_error(f->owner->engine, f->why);
	if (f->verdict == VERDICT_GONE && f->read_ms > 0)
		census_now(f->owner);	/* is it called something else now? */
	engine_kick(f->owner->engine);
	return flow_sleep(&f->flow, in_trouble(f) ? TROUBLE_MS : REFUSED_MS,
	    STEP(feed_poll));
}

static enum flow_next
feed_page(struct flow *flow)
{
	struct feed *f = (struct feed *)flow;
	struct json *event;

	if (f->verdict == VERDICT_SAME && f->pages == 0) {
		f->read_ms = f->asked_ms;
		f->read = true;
		feed_save(f);
		return flow_then(flow, STEP(feed_rest));
	}
	if (f->verdict == VERDICT_END && f->pages > 0) {
		f->max_pages = f->pages;
		f->beyond = true;
		return flow_then(flow, STEP(feed_read));
	}
	if (f->verdict != VERDICT_OK || !json_is(f->page, JSON_ARRAY))
		return feed_refused(f);
	f->failing = false;
	f->pages++;
	for (size_t i = 0; i < json_len(f->page); i++) {
		event = json_at(f->page, i);
		if (json_is(event, JSON_OBJECT))
			json_push(f->events, json_copy(event));
	}
	if (f->next[0] == '\0' || json_len(f->page) == 0 || f->pages >= MAX_PAGES)
		return flow_then(flow, STEP(feed_read));
	if (f->max_pages != 0 && f->pages >= f->max_pages) {
		f->beyond = true;
		return flow_then(flow, STEP(feed_read));
	}
	return ask(f, f->next, NULL, STEP(feed_page));
}

/* All of it is here. Who is in it should be known first: a census tells. */
static enum flow_next
feed_read(struct flow *flow)
{
	struct feed *f = (struct feed *)flow;
	struct owner *o = f->owner;

	if (feed_is_puzzled(f)) {
		if (!f->asked_census) {
			f->asked_census = true;
			f->asked_census_ms = clock_mono_ms();
			census_now(o);
			return flow_sleep(flow, CENSUS_MS, STEP(feed_read));
		}
		if (census_runs(o) &&
		    clock_mono_ms() - f->asked_census_ms < CENSUS_MAX_MS)
			return flow_sleep(flow, CENSUS_MS, STEP(feed_read));
	}
	str_set(&f->etag, f->new_etag[0] != '\0' ? f->new_etag : NULL);
	feed_apply(f);
	json_free(f->events);
	f->events = NULL;
	f->read = true;
	engine_kick(o->engine);
	return flow_then(flow, STEP(feed_rest));
}

static enum flow_next
feed_rest(struct flow *flow)
{
	struct feed *f = (struct feed *)flow;

	return flow_sleep(flow, f->interval_ms > 0 ? f->interval_ms : INTERVAL_MS,
	    STEP(feed_poll));
}

/* Whose token is it? An App has no view of its own. */
static enum flow_next
feed_who(struct flow *flow)
{
	struct feed *f = (struct feed *)flow;

	return ask(f, "/user", NULL, STEP(feed_login));
}

static enum flow_next
feed_login(struct flow *flow)
{
	struct feed *f = (struct feed *)flow;
	const char *login = json_str(f->page, "login");

	if (f->verdict != VERDICT_OK || login == NULL || strpbrk(login, "/?#%") != NULL) {
		log_debug("github: no personal feed: %s", f->why);
		f->read = true;
		engine_kick(f->owner->engine);
		if (in_trouble(f))
			return flow_sleep(flow, TROUBLE_MS, STEP(feed_who));
		return flow_end(flow);
	}
	f->path = xasprintf("/users/%s/events/orgs/%s?per_page=100", login,
	    f->login);
	feed_load(f);
	return flow_then(flow, STEP(feed_poll));
}

static void
on_ended(struct flow *flow)
{
	UNUSED(flow);			/* feeds_free frees it */
}

static enum flow_next
feed_delayed(struct flow *flow)
{
	struct feed *f = (struct feed *)flow;

	return f->path != NULL ? flow_sleep(flow, f->delay_ms, STEP(feed_poll)) :
	    flow_sleep(flow, f->delay_ms, STEP(feed_who));
}

static void
feed_start(struct owner *o, enum feed_kind kind, const char *login, char *path,
    int64_t delay_ms)
{
	struct feed *f = xcalloc(1, sizeof(*f));

	f->owner = o;
	f->kind = kind;
	f->login = xstrdup(login);
	f->path = path;
	f->keys = map_new();
	f->delay_ms = delay_ms;
	TAILQ_INSERT_TAIL(&o->feeds, f, link);
	flow_init(&f->flow, o->engine->loop, f->login, on_ended);
	if (path != NULL)
		feed_load(f);
	flow_start(&f->flow, STEP(feed_delayed));
}

char *
feed_path(const char *login, bool is_user)
{
	return xasprintf("/%s/%s/events?per_page=100", is_user ? "users" : "orgs", login);
}

static void
start_pair(struct owner *o, const char *login, bool is_user, int64_t delay_ms)
{
	feed_start(o, FEED_OWN, login, feed_path(login, is_user), delay_ms);
	if (!is_user)
		feed_start(o, FEED_VIEWER, login, NULL, delay_ms);
}

/* Polls of several owners are spread over the interval. */
static void
start_owners(struct owner *o)
{
	int64_t nth = 0, count = 0;
	const struct owner *other;

	TAILQ_FOREACH(other, &o->engine->owners, link) {
		nth += other == o ? count : 0;
		count++;
	}
	start_pair(o, o->login, o->is_user, INTERVAL_MS * nth / count);
}

static void
start_named(struct owner *o)
{
	struct repo *r;
	struct feed *f;
	int64_t n = 0;

	TAILQ_FOREACH(r, &o->engine->repos, link) {
		if (!r->named || r->org == NULL || r->state == REPO_GONE ||
		    owner_find(o->engine, r->org) != NULL)
			continue;
		TAILQ_FOREACH(f, &o->feeds, link)
			if (str_eqi(f->login, r->org))
				break;
		if (f == NULL && ++n <= MAX_NAMED)
			start_pair(o, r->org, r->org_id == 0, n * 1000);
	}
}

void
feeds_start(struct owner *o)
{
	if (!o->followed || o->engine->stopping)
		return;
	if (o->login == NULL)
		start_named(o);
	else if (TAILQ_EMPTY(&o->feeds))
		start_owners(o);
}

/* "/users/VIEWER/events/orgs/LOGIN?…" */
static char *
viewer_path(const struct feed *f)
{
	static const char before[] = "/events/orgs/";
	const char *end = strstr(f->path, before);

	return xasprintf("%.*s%s%s?per_page=100", (int)(end - f->path), f->path, before,
	    f->login);
}

/* What is known of a feed stays known; it is polled at once. */
void
feeds_renamed(struct owner *o)
{
	struct feed *f;
	char *path;

	TAILQ_FOREACH(f, &o->feeds, link) {
		str_set(&f->login, o->login);
		if (f->path == NULL)
			continue;
		path = f->kind == FEED_OWN ? feed_path(f->login, o->is_user) :
		    viewer_path(f);
		free(f->path);
		f->path = path;
		str_set(&f->etag, NULL);
		feed_rename(f);
		request_cancel(f->request);
		f->request = NULL;
		flow_cancel(&f->flow);
		f->delay_ms = 0;
		flow_start(&f->flow, STEP(feed_delayed));
	}
}

void
feeds_stop(struct owner *o)
{
	struct feed *f;

	TAILQ_FOREACH(f, &o->feeds, link) {
		request_cancel(f->request);
		f->request = NULL;
		flow_cancel(&f->flow);
	}
}

void
feeds_free(struct owner *o)
{
	struct feed *f;

	feeds_stop(o);
	while ((f = TAILQ_FIRST(&o->feeds)) != NULL) {
		TAILQ_REMOVE(&o->feeds, f, link);
		flow_fini(&f->flow);
		json_free(f->page);
		json_free(f->events);
		map_free(f->keys);
		free(f->login);
		free(f->path);
		free(f->key);
		free(f->etag);
		free(f);
	}
}

bool
feeds_are_read(const struct owner *o)
{
	const struct feed *f;

	if (o->followed && o->login != NULL && TAILQ_EMPTY(&o->feeds))
		return false;
	TAILQ_FOREACH(f, &o->feeds, link)
		if (!f->read)
			return false;
	return true;
}

int64_t
feeds_read_ms(const struct owner *o)
{
	const struct feed *f;
	int64_t ms = 0;

	TAILQ_FOREACH(f, &o->feeds, link)
		if (f->read_ms > ms)
			ms = f->read_ms;
	return ms;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed_apply.c - what a complete read of a feed says. An event is new when no
 * feed's previous read had it: neither ids nor order can be trusted, and 300
 * events are all there is. What is new becomes hints and documents for the
 * outbox, and what was read is remembered, all in one transaction.
 */
#include "sync/feed_in.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "core/metrics.h"
#include "github/event.h"
#include "sync/numbers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_SIZE	256
#define FULL		290		/* events; 300 is what GitHub gives */
#define REACH_MS	((int64_t)30 * 24 * 3600 * 1000)
#define LATE_MS		(300 * 1000)
#define DAY_MS		((int64_t)24 * 3600 * 1000)
#define MAX_KEYS	(256u << 10)

bool
engine_knows_event(const struct engine *e, const char *key)
{
	const struct owner *o;
	const struct feed *f;

	TAILQ_FOREACH(o, &e->owners, link)
		TAILQ_FOREACH(f, &o->feeds, link)
			if (map_get(f->keys, key) != NULL)
				return true;
	return false;
}

static struct repo *
repo_of(const struct feed *f, const struct json *event, bool *said)
{
	int64_t id = 0;

	*said = json_int(event, "repo.id", &id) && id > 0;
	return *said ? repo_find(f->owner->engine, id) : NULL;
}

bool
feed_is_puzzled(const struct feed *f)
{
	char key[KEY_SIZE];
	bool said;

	if (f->owner->login == NULL || f->owner->is_user)
		return false;		/* others' repositories are in it */
	for (size_t i = 0; i < json_len(f->events); i++) {
		const struct json *event = json_at(f->events, i);

		if (repo_of(f, event, &said) == NULL && said &&
		    event_key(event, key, sizeof(key)) &&
		    !engine_knows_event(f->owner->engine, key))
			return true;
	}
	return false;
}

/* Hints. */

/* A push counts when it is to the default branch and brought what we lack. */
static bool
push_counts(struct engine *e, const struct repo *r, const struct hint *h)
{
	const char *branch = h->ref + strlen("refs/heads/");

	if (h->ref[0] != '\0' && r->default_branch != NULL &&
	    (!str_starts(h->ref, "refs/heads/") || !str_eq(branch, r->default_branch)))
		return false;
	return h->head[0] == '\0' || !state_flagged(e->state, r->id, h->head);
}

/* A dry run looks from the oldest event on; nothing else makes a stream due. */
static void
begin_at(struct engine *e, struct stream *s, const struct hint *h)
{
	int64_t from = h->at_ms - LATE_MS;

	if (s->since_ms != 0 && s->since_ms <= from)
		return;
	s->since_ms = from;
	free(s->cursor);
	s->cursor = NULL;
	if (s->kind == STREAM_COMMITS && strspn(h->before, "0") != strlen(h->before)) {
		s->cursor = commits_cursor(s->repo->default_branch, h->before);
		state_flag(e->state, s->repo->id, h->before, from);
	} else if (s->kind == STREAM_PULLS || s->kind == STREAM_ISSUES) {
		s->cursor = updated_cursor(h->at_ms, 0);
	}
}

/*
 * Up to when a stream was read: by the dates of what it holds, where they order
 * it, else by when that was.
 */
static int64_t
known_ms(const struct stream *s)
{
	int64_t ms;

	if ((s->kind == STREAM_PULLS || s->kind == STREAM_ISSUES) &&
	    updated_cursor_ms(s->cursor, &ms))
		return ms;
	return s->read_ms;
}

/* Releases have no time of their own to begin at: a gap, a day wide. */
static void
releases_at(struct engine *e, struct stream *s, const struct hint *h)
{
	struct gap *g = engine_gap_of(e, s->repo, s->kind, NULL);
	int64_t from = h->at_ms - DAY_MS;

	if (g == NULL)
		gap_open(e, &(struct gap){ .repo = s->repo, .kind = s->kind, .cause =
		    (char[]){ "dry run" }, .from_ms = from,
		    .to_ms = client_now_ms(e->client) });
	else if (g->from_ms > from)
		g->from_ms = from;
}

static void
hint_apply(struct engine *e, struct repo *r, const struct hint *h)
{
	struct stream *s;
	int64_t number = h->number != 0 ? h->number : h->release_id;

	if ((int)h->kind < 0 || h->kind >= STREAM_KINDS)
		return;
	s = &r->stream[h->kind];
	if (s->kind == STREAM_COMMITS) {
		if (!push_counts(e, r, h))
			return;
	} else if (e->mode != RUN_ONCE && h->at_ms < known_ms(s) - LATE_MS) {
		return;
	}
	if (e->mode == RUN_ONCE && s->kind == STREAM_RELEASES) {
		releases_at(e, s, h);
		return;
	}
	if (e->mode == RUN_ONCE)
		begin_at(e, s, h);
	if (number > 0 && s->cursor != NULL)
		numbers_add(s, number);
	if (!stream_is_due(s) || s->look != NULL)
		engine_want(e, s);
}

/* Events. */

static void
keep_documents(struct engine *e, struct docs *docs)
{
	struct buf text = BUF(4u << 20);

	for (size_t i = 0; i < docs->count; i++) {
		struct doc *d = docs->doc[i];

		buf_clear(&text);
		json_print(d->body, &text);
		if (!text.failed)
			state_outbox_add(e->state, d->id, d->version, buf_str(&text));
	}
	buf_fini(&text);
	outbox_kick(e);
}

static void
event_apply(struct feed *f, const struct json *event)
{
	struct engine *e = f->owner->engine;
	struct normal n = { .rules = e->conf.rules, .keep_email = e->conf.keep_email,
	    .now_ms = client_now_ms(e->client) };
	struct docs docs = { 0 };
	struct hints hints = { 0 };
	struct err err;
	bool said;
	struct repo *r = repo_of(f, event, &said);

	if (r == NULL && (f->owner->login == NULL || f->owner->is_user))
		return;
	if (r != NULL && (r->state == REPO_SKIPPED || r->state == REPO_LEFT ||
	    (f->owner->login == NULL && !r->named)))
		return;
	metric_add(METRIC_FEED_EVENTS, 1);
	if (!event_read(&n, event, EVENT_LIVE, &docs, &hints, &err)) {
		log_debug("github: %s: an event was passed over: %s", f->path, err.text);
	} else {
		keep_documents(e, &docs);
		for (size_t i = 0; r != NULL && i < hints.count; i++)
			if (hints.hint[i].repo_id == r->id)
				hint_apply(e, r, &hints.hint[i]);
	}
	docs_fini(&docs);
	hints_fini(&hints);
}

/* What the feed alone tells of this time is lost. */
static void
skipped(struct feed *f, int64_t from_ms, int64_t to_ms)
{
	struct engine *e = f->owner->engine;
	struct gap *g;

	if (to_ms <= from_ms)
		return;
	log_warn("github: %s skipped events: a census finds at once what they were "
	    "about; stars, forks, members and pushes of that time stay unknown, as a gap",
	    f->path);
	census_now(f->owner);
	TAILQ_FOREACH(g, &e->gaps, link) {
		if (g->kind != STREAM_EVENTS || !str_eqi(g->org, f->login) ||
		    !str_eq(g->cause, "feed skipped") || g->from_ms > to_ms ||
		    g->to_ms < from_ms)
			continue;
		if (g->from_ms > from_ms)
			g->from_ms = from_ms;
		if (g->to_ms < to_ms)
			g->to_ms = to_ms;
		engine_save_gap(e, g);
		return;
	}
	gap_open(e, &(struct gap){ .kind = STREAM_EVENTS, .org = f->login,
	    .cause = (char[]){ "feed skipped" }, .from_ms = from_ms, .to_ms = to_ms });
}

static struct map *
keys_of(const struct feed *f, bool *shares, int64_t *oldest_ms)
{
	struct map *keys = map_new();
	char key[KEY_SIZE];
	int64_t ms;

	*shares = false;
	*oldest_ms = 0;
	for (size_t i = 0; i < json_len(f->events); i++) {
		const struct json *event = json_at(f->events, i);

		if (!event_key(event, key, sizeof(key)))
			continue;
		if (map_get(f->keys, key) != NULL)
			*shares = true;
		map_set(keys, key, keys);
		if (event_time(event, &ms) && (*oldest_ms == 0 || ms < *oldest_ms))
			*oldest_ms = ms;
	}
	return keys;
}

void
feed_apply(struct feed *f)
{
	struct engine *e = f->owner->engine;
	bool shares, full = f->beyond || json_len(f->events) >= FULL;
	int64_t oldest, reach = f->asked_ms - REACH_MS;
	struct map *keys = keys_of(f, &shares, &oldest);
	char key[KEY_SIZE];

	/*
	 * A full read skips what is older than all in it. If it shares nothing with
	 * the read before, or does not reach behind that one by what events are
	 * late, some may never have been shown.
	 */
	if (f->read_ms > 0 && full && (!shares || oldest > f->read_ms - LATE_MS))
		skipped(f, f->read_ms - LATE_MS, oldest);
	else if (f->read_ms > 0 && f->read_ms < reach)
		skipped(f, f->read_ms, reach);
	for (size_t i = json_len(f->events); i-- > 0;) {	/* oldest first */
		const struct json *event = json_at(f->events, i);

		if (!event_key(event, key, sizeof(key)) ||
		    (!engine_knows_event(e, key) && map_get(keys, key) != NULL)) {
			event_apply(f, event);
			map_set(f->keys, key, f);	/* the same again on a page */
		}
	}
	map_free(f->keys);
	f->keys = keys;
	if (f->since_ms == 0)
		f->since_ms = oldest > 0 ? oldest : f->asked_ms;
	f->read_ms = f->full_ms = f->asked_ms;
	feed_save(f);
}

/* In state.db. */

void
feed_save(const struct feed *f)
{
	struct buf keys = BUF(MAX_KEYS);
	const char *key;
	void *value;

	for (size_t i = 0; map_each(f->keys, &i, &key, &value);)
		buf_printf(&keys, "%s\n", key);
	state_save_feed(f->owner->engine->state, &(struct feed_row){ .url = f->key,
	    .etag = keys.failed ? NULL : f->etag, .keys = buf_str(&keys),
	    .read_ms = f->read_ms, .full_ms = f->full_ms, .oldest_ms = f->since_ms });
	buf_fini(&keys);
}

static void
on_row(void *arg, const struct feed_row *row)
{
	struct feed *f = arg;
	const char *p = str_or(row->keys, ""), *end;
	char key[KEY_SIZE];

	for (; *p != '\0'; p = *end != '\0' ? end + 1 : end) {
		end = p + strcspn(p, "\n");
		if ((size_t)(end - p) >= sizeof(key))
			continue;
		memcpy(key, p, (size_t)(end - p));
		key[end - p] = '\0';
		map_set(f->keys, key, f);
	}
	str_set(&f->etag, row->etag);
	f->read_ms = row->read_ms;
	f->full_ms = row->full_ms;
	f->since_ms = row->oldest_ms;
}

static char *
key_of(const struct engine *e, const char *path)
{
	return xasprintf("%s%s %s", client_base(e->client), path,
	    client_token_id(e->client));
}

void
feed_load(struct feed *f)
{
	const struct engine *e = f->owner->engine;

	free(f->key);
	f->key = key_of(e, f->path);
	state_feed(e->state, f->key, on_row, f);
}

void
feed_rename(struct feed *f)
{
	free(f->key);
	f->key = key_of(f->owner->engine, f->path);
	if (f->read_ms > 0)
		feed_save(f);
}

static void
on_since(void *arg, const struct feed_row *row)
{
	int64_t *ms = arg;

	if (row->oldest_ms > 0 && (*ms == 0 || row->oldest_ms < *ms))
		*ms = row->oldest_ms;
}

/* Of a feed that is not polled yet: a store can be new before the first census. */
static void
ask_since(const struct owner *o, bool is_user, int64_t *ms)
{
	char *path = feed_path(o->login, is_user), *key = key_of(o->engine, path);

	state_feed(o->engine->state, key, on_since, ms);
	free(path);
	free(key);
}

int64_t
feeds_since_ms(const struct owner *o)
{
	const struct feed *f;
	int64_t ms = 0;

	TAILQ_FOREACH(f, &o->feeds, link)
		if (f->since_ms > 0 && (ms == 0 || f->since_ms < ms))
			ms = f->since_ms;
	if (TAILQ_EMPTY(&o->feeds) && o->login != NULL) {
		ask_since(o, false, &ms);
		ask_since(o, true, &ms);
	}
	return ms;
}

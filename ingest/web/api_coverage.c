/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_coverage.c - see api.h: what is held of a period, as state.db has it. A
 * repository has a row for each stream; a stream is as good as the worst that is
 * known of it.
 */
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "data/json.h"
#include "state/state.h"
#include "web/api.h"
#include "web/params.h"
#include "web/web.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ROWS	1000	/* where max is not said */

enum mark { MARK_UNKNOWN, MARK_COMPLETE, MARK_PARTIAL, MARK_READING, MARK_PARKED };
static const char *const marks[] = { "unknown", "complete", "partial", "reading",
    "parked" };

struct repo {
	int64_t		 id;
	char		*name, *org, *reason;
	struct {
		enum mark	 mark;
		bool		 there;
		int64_t		 since_ms, settled_ms, gaps;
		char		*reason;
	} stream[STREAM_KINDS];
};

struct looking {
	const struct params	*p;
	struct map		*repos;		/* by id */
	struct json		*gaps;
	int64_t			 max, gap_count, since_ms;
	int64_t			 reading, parked, lacking;
};

static bool
listed(const struct store_list *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eqi(l->s[i], s))
			return true;
	return l->n == 0;
}

static struct repo *
repo_of(const struct looking *k, int64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, id);
	return map_get(k->repos, text);
}

static void
on_repo(void *arg, const struct repo_row *r)
{
	struct looking *k = arg;
	struct repo *x;
	char id[24];

	snprintf(id, sizeof(id), "%" PRId64, r->id);
	if ((r->state != REPO_FOLLOWED && r->state != REPO_PARKED) ||
	    !listed(&k->p->q.orgs, r->org) || !listed(&k->p->q.repos, id))
		return;
	x = xcalloc(1, sizeof(*x));
	*x = (struct repo){ .id = r->id, .name = xstrdup(r->name),
		.org = xstrdup(r->org) };
	if (r->state == REPO_PARKED)
		x->reason = xstrdup(str_or(r->reason, "the API refuses it"));
	map_set(k->repos, id, x);
}

static void
on_stream(void *arg, const struct stream_row *r)
{
	struct looking *k = arg;
	struct repo *x = repo_of(k, r->repo_id);

	if (x == NULL)
		return;
	x->stream[r->kind].there = true;
	x->stream[r->kind].since_ms = r->cursor != NULL ? r->since_ms : 0;
	x->stream[r->kind].settled_ms = r->settled_ms;
	if (r->cursor != NULL)
		x->stream[r->kind].mark = r->since_ms > k->p->q.from_ms ? MARK_PARTIAL :
		    MARK_COMPLETE;
	if (r->parked != NULL) {
		x->stream[r->kind].mark = MARK_PARKED;
		str_set(&x->stream[r->kind].reason, r->parked);
	}
}

static void
set_time(struct json *o, const char *name, int64_t ms)
{
	char text[CLOCK_TEXT];

	if (ms > 0)
		json_set_str(o, name, clock_iso(ms, text));
}

static void
set_id(struct json *o, const char *name, int64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, id);
	json_set_str(o, name, text);
}

/* Words of a list of single things. */
static int64_t
count_keys(const char *s)
{
	int64_t n = 0;

	for (s += strspn(s, " ,\n"); *s != '\0'; s += strspn(s, " ,\n")) {
		n++;
		s += strcspn(s, " ,\n");
	}
	return n;
}

static void
push_gap(struct looking *k, const struct gap_row *g, const struct repo *x)
{
	struct json *o = json_new_object();

	if (x != NULL) {
		set_id(o, "repository_id", x->id);
		json_set_str(o, "repository", x->name);
	}
	json_set_str(o, "organization", str_or(g->org, ""));
	json_set_str(o, "kind", stream_kind_name(g->kind));
	json_set_str(o, "cause", str_or(g->cause, ""));
	set_time(o, "from", g->from_ms);
	set_time(o, "to", g->to_ms);
	set_time(o, "opened", g->opened_ms);
	json_set_int(o, "read", g->read);
	if (g->total >= 0)
		json_set_int(o, "total", g->total);
	if (g->keys != NULL)
		json_set_int(o, "keys", count_keys(g->keys));
	json_set_str(o, "parked", g->parked);
	json_push(k->gaps, o);
}

/* A gap of single keys may be of any time. */
static void
on_gap(void *arg, const struct gap_row *g)
{
	struct looking *k = arg;
	struct repo *x = repo_of(k, g->repo_id);

	if (g->keys == NULL &&
	    (g->to_ms <= k->p->q.from_ms || g->from_ms >= k->p->q.to_ms))
		return;
	if (x == NULL && (g->repo_id != 0 || k->p->q.repos.n > 0 ||
	    !listed(&k->p->q.orgs, str_or(g->org, ""))))
		return;
	if (k->gap_count++ < k->max)
		push_gap(k, g, x);
	if (x == NULL || g->kind >= STREAM_KINDS)
		return;
	x->stream[g->kind].there = true;
	x->stream[g->kind].gaps++;
	if (g->parked != NULL && x->stream[g->kind].mark != MARK_PARKED) {
		x->stream[g->kind].mark = MARK_PARKED;
		str_set(&x->stream[g->kind].reason, g->parked);
	} else if (x->stream[g->kind].mark < MARK_READING) {
		x->stream[g->kind].mark = MARK_READING;
	}
}

static struct json *
new_stream(const struct repo *x, int kind)
{
	enum mark mark = x->reason != NULL ? MARK_PARKED : x->stream[kind].mark;
	struct json *o = json_new_object();

	set_id(o, "repository_id", x->id);
	json_set_str(o, "repository", x->name);
	json_set_str(o, "organization", x->org);
	json_set_str(o, "kind", stream_kind_name((enum stream_kind)kind));
	json_set_str(o, "state", marks[mark]);
	set_time(o, "since", x->stream[kind].since_ms);
	set_time(o, "settled", x->stream[kind].settled_ms);
	json_set_int(o, "gaps", x->stream[kind].gaps);
	json_set_str(o, "reason", str_or(x->reason, x->stream[kind].reason));
	return o;
}

/* What activity counts: commits, and pull requests with their reviews. */
static void
judge(struct looking *k, const struct repo *x)
{
	enum mark a = x->stream[STREAM_COMMITS].mark, b = x->stream[STREAM_PULLS].mark;
	bool parked = x->reason != NULL || a == MARK_PARKED || b == MARK_PARKED;

	k->parked += parked;
	k->reading += !parked && (a == MARK_READING || b == MARK_READING ||
	    a == MARK_UNKNOWN || b == MARK_UNKNOWN);
	k->lacking += a != MARK_COMPLETE || b != MARK_COMPLETE || x->reason != NULL;
	for (int kind = STREAM_COMMITS; kind <= STREAM_PULLS; kind++)
		if (x->stream[kind].since_ms > k->p->q.from_ms &&
		    x->stream[kind].since_ms > k->since_ms)
			k->since_ms = x->stream[kind].since_ms;
}

static void
repo_free(struct repo *x)
{
	for (int kind = 0; kind < STREAM_KINDS; kind++)
		free(x->stream[kind].reason);
	free(x->name);
	free(x->org);
	free(x->reason);
	free(x);
}

/* All rows, of repositories in the order state.db has them. */
static int64_t
push_streams(struct looking *k, struct json *streams)
{
	int64_t n = 0;
	const char *id;
	void *value;

	for (size_t i = 0; map_each(k->repos, &i, &id, &value);) {
		struct repo *x = value;

		for (int kind = 0; kind < STREAM_KINDS; kind++)
			if ((x->stream[kind].there || kind != STREAM_COMMENTS) &&
			    n++ < k->max)
				json_push(streams, new_stream(x, kind));
		judge(k, x);
		repo_free(x);
	}
	return n;
}

struct json *
api_coverage(const struct web_conf *conf, const struct params *p)
{
	struct looking k = { .p = p, .repos = map_new(), .gaps = json_new_array(),
		.max = p->q.max > 0 ? p->q.max : MAX_ROWS };
	struct json *o = json_new_object(), *streams = json_new_array();
	int64_t rows, repos;

	state_repos(conf->state, on_repo, &k);
	state_streams(conf->state, on_stream, &k);
	state_gaps(conf->state, on_gap, &k);
	repos = (int64_t)map_count(k.repos);
	rows = push_streams(&k, streams);
	map_free(k.repos);
	json_set_bool(o, "known", repos > 0);
	json_set_bool(o, "complete", repos > 0 && k.lacking == 0);
	set_time(o, "since", k.since_ms);
	json_set_int(o, "repositories", repos);
	json_set_int(o, "reading", k.reading);
	json_set_int(o, "parked", k.parked);
	json_set_int(o, "open_gaps", k.gap_count);
	json_set(o, "streams", streams);
	json_set_int(o, "streams_total", rows);
	json_set(o, "gaps", k.gaps);
	json_set_int(o, "gaps_total", k.gap_count);
	return o;
}

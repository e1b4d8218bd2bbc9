/* SPDX-License-Identifier: Apache-2.0 */
/* api_status.c - see api.h: how the program is, from its numbers, notes and rows. */
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "core/metrics.h"
#include "core/pipeline.h"
#include "data/json.h"
#include "io/httpd.h"
#include "state/state.h"
#include "web/api.h"
#include "web/web.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TROUBLES	100
#define MAX_OWNERS	1000
#define NEWEST		20

static void
set_time(struct json *o, const char *name, int64_t ms)
{
	char text[CLOCK_TEXT];

	if (ms > 0)
		json_set_str(o, name, clock_iso(ms, text));
}

/* https://api.github.com is https://github.com; HOST/api/v3 is HOST. */
static char *
web_base(struct state *s)
{
	char *base = state_meta(s, "api_host"), *web, *host;
	size_t n;

	if (base == NULL)
		return xstrdup("https://github.com");
	n = strlen(base);
	if (str_ends(base, "/api/v3"))
		base[n - strlen("/api/v3")] = '\0';
	host = strstr(base, "://");
	if (host != NULL && str_starts(host, "://api.") &&
	    (str_eq(host + 7, "github.com") || str_ends(host, ".ghe.com"))) {
		*host = '\0';
		web = xasprintf("%s://%s", base, host + strlen("://api."));
		free(base);
		return web;
	}
	return base;
}

static void
push_trouble(struct json *list, const char *who, const char *text, int64_t since_ms)
{
	struct json *o;

	if (json_len(list) == MAX_TROUBLES)
		return;
	o = json_new_object();
	json_set_str(o, "instance", who);
	json_set_str(o, "text", text);
	set_time(o, "since", since_ms);
	json_push(list, o);
}

static void
on_trouble(void *arg, const char *instance, const char *text, int64_t since_ms)
{
	if (text != NULL)
		push_trouble(json_get(arg, "troubles"), instance, text, since_ms);
}

/* org.LOGIN.feed, org.LOGIN.census */
static void
note_owner(struct json *o, const char *key, const char *value)
{
	struct json *list = json_get(o, "organizations"), *row = NULL;
	const char *login = key + strlen("org."), *dot = strrchr(login, '.');
	char *name;

	if (dot == NULL || (!str_eq(dot, ".feed") && !str_eq(dot, ".census")))
		return;
	name = xstrndup(login, (size_t)(dot - login));
	for (size_t i = 0; i < json_len(list); i++)
		if (str_eq(json_str(json_at(list, i), "name"), name))
			row = json_at(list, i);
	if (row == NULL && json_len(list) < MAX_OWNERS) {
		row = json_new_object();
		json_set_str(row, "name", name);
		json_push(list, row);
	}
	if (row != NULL)
		json_set_str(row, dot + 1, value);
	free(name);
}

static void
on_note(void *arg, const char *key, const char *value)
{
	struct json *o = arg;
	int64_t done, total;

	if (value[0] == '\0')
		return;
	if (str_starts(key, "org."))
		note_owner(o, key, value);
	else if (str_eq(key, "trouble"))
		push_trouble(json_get(o, "troubles"), "github", value, 0);
	else if (str_eq(key, "error"))
		json_set_str(o, "error.text", value);
	else if (str_eq(key, "error.at"))
		json_set_str(o, "error.at", value);
	else if (str_eq(key, "history") &&
	    sscanf(value, "%" SCNd64 " of %" SCNd64, &done, &total) == 2) {
		json_set_int(o, "history.done", done);
		json_set_int(o, "history.total", total);
	}
}

static void
count(struct json *o, const char *name)
{
	int64_t n = 0;

	json_int(o, name, &n);
	json_set_int(o, name, n + 1);
}

static const char *const states[] = { "followed", "skipped", "parked", "left", "gone" };

static void
on_repo(void *arg, const struct repo_row *r)
{
	count(json_get(arg, "repositories"), states[r->state]);
}

static void
on_stream(void *arg, const struct stream_row *s)
{
	struct json *o = json_get(arg, "streams");

	count(o, "all");
	if (s->parked != NULL)
		count(o, "parked");
	else if (s->wanted > s->done)
		count(o, "due");
}

static void
on_gap(void *arg, const struct gap_row *g)
{
	UNUSED(g);
	count(arg, "gaps");
}

static void
set_bucket(struct json *o, const char *name, enum metric limit, enum metric remaining,
    enum metric reset)
{
	struct json *b;

	if (metric_value(limit) <= 0)
		return;
	b = json_new_object();
	json_set_int(b, "remaining", metric_value(remaining) > 0 ?
	    metric_value(remaining) : 0);
	json_set_int(b, "limit", metric_value(limit));
	set_time(b, "reset", metric_value(reset) * 1000);
	json_set(o, name, b);
}

static void
on_dead(void *arg, const struct dead_row *d)
{
	struct json *list = arg, *o = json_new_object();

	json_set_int(o, "id", d->id);
	json_set_str(o, "output", d->output);
	json_set_str(o, "target", d->target);
	json_set_str(o, "document", d->doc_id);
	json_set_str(o, "kind", d->action);
	json_set_str(o, "reason", d->reason);
	set_time(o, "at", d->at_ms);
	json_set_int(o, "times", d->times);
	json_set_bool(o, "again", d->again);
	json_push(list, o);
}

static void
set_zeros(struct json *o, const char *path, const char *const *names, size_t n)
{
	struct json *z = json_new_object();

	for (size_t i = 0; i < n; i++)
		json_set_int(z, names[i], 0);
	json_set(o, path, z);
}

/* What the process counts. */
static void
set_numbers(struct json *o)
{
	static const struct {
		const char	*path;
		enum metric	 metric;
	} rows[] = {
		{ "lag.feed_seconds", METRIC_FEED_LAG_SECONDS },
		{ "lag.census_seconds", METRIC_CENSUS_LAG_SECONDS },
		{ "documents.in", METRIC_DOCUMENTS_IN },
		{ "documents.dropped", METRIC_DOCUMENTS_DROPPED },
		{ "documents.settled", METRIC_DOCUMENTS_SETTLED },
		{ "documents.unsettled", METRIC_DOCUMENTS_UNSETTLED },
	};

	for (size_t i = 0; i < LEN(rows); i++)
		json_set_int(o, rows[i].path, metric_value(rows[i].metric) > 0 ?
		    metric_value(rows[i].metric) : 0);
	json_set(o, "budget", json_new_object());
	set_bucket(json_get(o, "budget"), "rest", METRIC_GITHUB_REST_LIMIT,
	    METRIC_GITHUB_REST_REMAINING, METRIC_GITHUB_REST_RESET);
	set_bucket(json_get(o, "budget"), "graphql", METRIC_GITHUB_GRAPHQL_LIMIT,
	    METRIC_GITHUB_GRAPHQL_REMAINING, METRIC_GITHUB_GRAPHQL_RESET);
}

/* What state.db has. */
static void
set_rows(struct json *o, struct state *s)
{
	static const char *const streams[] = { "all", "due", "parked" };
	struct json *newest = json_new_array();

	set_zeros(o, "repositories", states, LEN(states));
	set_zeros(o, "streams", streams, LEN(streams));
	json_set_int(o, "gaps", 0);
	state_repos(s, on_repo, o);
	state_streams(s, on_stream, o);
	state_gaps(s, on_gap, o);
	state_notes(s, on_note, o);
	json_set_int(o, "outbox", state_outbox_count(s));
	json_set_int(o, "dead_letters.count", state_dead_count(s));
	state_dead_newest(s, NEWEST, on_dead, newest);
	json_set(o, "dead_letters.newest", newest);
}

struct json *
api_status(const struct web_conf *conf, const struct httpd *d)
{
	struct json *o = json_new_object();
	char *web = web_base(conf->state);

	json_set_str(o, "version", HUBSTASH_VERSION);
	set_time(o, "now", clock_wall_ms());
	json_set_str(o, "title", conf->title);
	json_set_str(o, "notice", conf->notice);
	json_set_bool(o, "follows", conf->follows);
	json_set_str(o, "web", web);
	json_set(o, "organizations", json_new_array());
	json_set(o, "troubles", json_new_array());
	if (conf->pipeline != NULL)
		pipeline_troubles(conf->pipeline, on_trouble, o);
	set_rows(o, conf->state);
	set_numbers(o);
	json_set_bool(o, "store", conf->store != NULL);
	json_set_int(o, "live.clients", httpd_streams(d));
	json_set_int(o, "live.most", httpd_streams_most(d));
	free(web);
	return o;
}

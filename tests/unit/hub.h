/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hub.h - for tests of the engine: a GitHub of a few repositories in the same
 * process, looks that end as the test says, and a host that writes down what it
 * is told. Time is virtual.
 */
#ifndef UNIT_HUB_H
#define UNIT_HUB_H

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "github/people.h"
#include "io/loop.h"
#include "sync/inside.h"
#include "tap.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum hub_end { HUB_DONE, HUB_FAIL, HUB_GONE, HUB_HOLD, HUB_EMIT };

struct hub_repo {
	const char	*name;		/* NULL: not there */
	int		 head, pulls;	/* change them, and the census differs */
	bool		 fork, refused;
	const char	*owner;		/* NULL: "o" */
};

static struct hub {
	struct loop	*loop;
	struct evhttp	*web;
	struct state	*state;
	struct engine	*engine;
	struct people_rules *rules;
	struct hub_repo	 repo[4];
	bool		 owner_refused;
	bool		 others_refused;	/* ... and whoever is not "o" */
	const char	*events;	/* the feed's page; NULL: [] */
	bool		 feed_down;	/* 503, for that and for whose token it is */
	enum hub_end	 end[STREAM_KINDS];
	enum run_mode	 mode;
	struct buf	 began;		/* "commits 1 gap\n": looks, as they begin */
	struct buf	 said;		/* by the engine to its host */
	struct buf	 emitted;
	struct origin	*origin[8];
	size_t		 origins;
	bool		 full;
	int64_t		 newest_ms;	/* a look moves the cursor there; 0: to now */
	char		 url[64];
} hub;

/* The host. */

struct loop *host_loop(struct instance *i) { UNUSED(i); return hub.loop; }
struct state *host_state(struct instance *i) { UNUSED(i); return hub.state; }
enum run_mode host_mode(const struct instance *i) { UNUSED(i); return hub.mode; }
bool host_full(const struct instance *i) { UNUSED(i); return hub.full; }

void
host_emit(struct instance *i, struct docs *docs, struct origin *o)
{
	UNUSED(i);
	for (size_t n = 0; n < docs->count; n++)
		buf_printf(&hub.emitted, "%s\n", docs->doc[n]->id);
	docs_fini(docs);
	hub.origin[hub.origins++ % LEN(hub.origin)] = o;
}

void
host_flagged(struct instance *i, int64_t repo_id, int64_t below, size_t max,
    void (*found)(void *arg, struct docs *docs), void *arg)
{
	UNUSED(i);
	UNUSED(repo_id);
	UNUSED(below);
	UNUSED(max);
	UNUSED(found);
	UNUSED(arg);
}

void host_stopped(struct instance *i) { UNUSED(i); buf_puts(&hub.said, "stopped\n"); }
void host_finished(struct instance *i) { UNUSED(i); buf_puts(&hub.said, "finished\n"); }
void host_well(struct instance *i) { UNUSED(i); buf_puts(&hub.said, "well\n"); }

static void
hub_say(const char *what, const char *fmt, va_list ap)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, ap);
	buf_printf(&hub.said, "%s: %s\n", what, text);
}

void
host_problem(struct instance *i, const char *fmt, ...)
{
	va_list ap;

	UNUSED(i);
	va_start(ap, fmt);
	hub_say("problem", fmt, ap);
	va_end(ap);
}

void
host_trouble(struct instance *i, const char *fmt, ...)
{
	va_list ap;

	UNUSED(i);
	va_start(ap, fmt);
	hub_say("trouble", fmt, ap);
	va_end(ap);
}

void
host_fail(struct instance *i, const struct err *e)
{
	UNUSED(i);
	buf_printf(&hub.said, "fail %d: %s\n", err_exit(e), e->text);
}

/* Looks. */

static enum flow_next
hub_look(struct flow *f)
{
	struct look *l = (struct look *)f;
	struct docs docs = { 0 };

	switch (hub.end[l->stream->kind]) {
	case HUB_HOLD:
		return flow_sleep(f, 1000, STEP(hub_look));
	case HUB_FAIL:
		l->verdict = LOOK_GARBAGE;
		return look_failed(l, "it cannot be read");
	case HUB_GONE:
		l->verdict = LOOK_GONE;
		return look_failed(l, "not there");
	case HUB_EMIT:
		docs_add(&docs, doc_new("a", "issue", 0));
		return look_emit(l, &docs, STEP(hub_look));
	case HUB_DONE:
		break;
	}
	if (l->gap != NULL)
		return look_closed(l);
	free(l->stream->cursor);
	l->stream->cursor = updated_cursor(hub.newest_ms != 0 ?
	    hub.newest_ms : clock_wall_ms(), 1);
	return look_done(l);
}

static struct look *
hub_maker(struct engine *e, struct stream *s, struct gap *g)
{
	struct look *l = look_new(e, s, g, sizeof(*l), NULL);

	buf_printf(&hub.began, "%s %lld%s\n", stream_kind_name(s->kind),
	    (long long)s->repo->id, g != NULL ? " gap" : "");
	look_start(l, STEP(hub_look));
	return l;
}

struct look *
look_commits(struct engine *e, struct stream *s, struct gap *g)
{
	return hub_maker(e, s, g);
}

struct look *
look_updated(struct engine *e, struct stream *s, struct gap *g)
{
	return hub_maker(e, s, g);
}

struct look *
look_releases(struct engine *e, struct stream *s, struct gap *g)
{
	return hub_maker(e, s, g);
}

struct look *
look_comments(struct engine *e, struct stream *s, struct gap *g)
{
	return hub_maker(e, s, g);
}

char *
commits_cursor(const char *branch, const char *head)
{
	return xasprintf("%s %s", branch, head);
}

char *
updated_cursor(int64_t updated_ms, int64_t number)
{
	return xasprintf("%lld %lld", (long long)updated_ms, (long long)number);
}

bool
updated_cursor_ms(const char *cursor, int64_t *updated_ms)
{
	long long ms;

	if (cursor == NULL || sscanf(cursor, "%lld", &ms) != 1)
		return false;
	*updated_ms = ms;
	return true;
}

/* GitHub. */

static void
hub_node(struct evbuffer *out, size_t i)
{
	const struct hub_repo *r = &hub.repo[i];
	const char *owner = r->owner != NULL ? r->owner : "o";

	evbuffer_add_printf(out, "{\"id\":\"R_%zu\",\"databaseId\":%zu,\"nameWithOwner\":"
	    "\"%s/%s\",\"owner\":{\"__typename\":\"Organization\",\"login\":\"%s\","
	    "\"databaseId\":9},\"isFork\":%s,\"defaultBranchRef\":{\"name\":\"main\","
	    "\"target\":{\"oid\":\"%040d\"}},\"pullRequests\":{\"totalCount\":%d,"
	    "\"nodes\":[]},\"issues\":{\"totalCount\":0,\"nodes\":[]},\"releases\":{"
	    "\"totalCount\":0,\"nodes\":[]}}", i + 1, i + 1, owner, r->name, owner,
	    r->fork ? "true" : "false", r->head, r->pulls);
}

static void
hub_part(struct evbuffer *out, const char *part)
{
	const char *comma = "", *id = strstr(part, "R_");
	char name[64];
	size_t i;

	if (str_starts(part, "node(") && id != NULL) {
		i = (size_t)strtoul(id + 2, NULL, 10) - 1;
		if (i >= LEN(hub.repo) || hub.repo[i].name == NULL || hub.repo[i].refused)
			evbuffer_add_printf(out, "null");
		else
			hub_node(out, i);
		return;
	}
	if (str_starts(part, "repository(")) {
		for (i = 0; i < LEN(hub.repo); i++) {
			snprintf(name, sizeof(name), "name:\\\"%s\\\"",
			    str_or(hub.repo[i].name, "-"));
			if (strstr(part, name) != NULL && strstr(part, name) <
			    strchr(part, '}')) {
				hub_node(out, i);
				return;
			}
		}
		evbuffer_add_printf(out, "null");
		return;
	}
	if (strstr(part, "others") != NULL ? hub.others_refused : hub.owner_refused) {
		evbuffer_add_printf(out, "null");
		return;
	}
	evbuffer_add_printf(out, "{\"__typename\":\"Organization\",\"login\":\"o\","
	    "\"repositories\":{\"pageInfo\":{\"hasNextPage\":false},\"nodes\":[");
	for (i = 0; i < LEN(hub.repo); i++) {
		if (hub.repo[i].name == NULL || hub.repo[i].owner != NULL)
			continue;
		evbuffer_add_printf(out, "%s", comma);
		hub_node(out, i);
		comma = ",";
	}
	evbuffer_add_printf(out, "]}}");
}

static void
hub_graphql(struct evbuffer *out, const char *query)
{
	char alias[16];
	const char *at;

	evbuffer_add_printf(out, "{\"data\":{\"rateLimit\":{\"cost\":1}");
	for (int i = 0; i < 50; i++) {
		snprintf(alias, sizeof(alias), "a%d:", i);
		at = strstr(query, alias);
		if (at == NULL)
			break;
		evbuffer_add_printf(out, ",\"a%d\":", i);
		hub_part(out, at + strlen(alias));
	}
	evbuffer_add_printf(out, "}}");
}

static void
hub_play(struct evhttp_request *req, void *arg)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	struct evbuffer *out = evbuffer_new();
	const char *uri = evhttp_request_get_uri(req);
	char body[65536] = "";
	char date[64];
	time_t now = (time_t)(clock_wall_ms() / 1000);
	int status = 200;

	UNUSED(arg);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime(&now));
	evhttp_add_header(evhttp_request_get_output_headers(req), "Date", date);
	evbuffer_copyout(in, body, sizeof(body) - 1);
	if (str_eq(uri, "/graphql"))
		hub_graphql(out, body);
	else if (hub.feed_down)
		status = 503;
	else if (str_eq(uri, "/user"))
		evbuffer_add_printf(out, "{\"login\":\"sim-ann\"}");
	else if (str_starts(uri, "/users/sim-ann/events/orgs/o"))
		evbuffer_add_printf(out, "[]");
	else if (str_starts(uri, "/orgs/o/events"))
		evbuffer_add_printf(out, "%s", hub.events != NULL ? hub.events : "[]");
	else
		status = 404;
	evhttp_send_reply(req, status, "x", out);
	evbuffer_free(out);
}

/* Life. */

/* Follows o, or a repository that is named. */
static void
hub_open_named(enum run_mode mode, int64_t since_s, char *repo)
{
	static char login[] = "o";
	static char *logins[] = { login };
	struct strings orgs = { logins, repo == NULL }, repos = { &repo, repo != NULL };
	struct err e;

	hub.mode = mode;
	hub.engine = engine_new(&(struct engine_conf){ .orgs = &orgs,
	    .repos = &repos, .token = "t",
	    .api_url = hub.url, .since_s = since_s, .quota = 0.8,
	    .rules = hub.rules }, &e);
	if (hub.engine == NULL)
		die("engine_new: %s", e.text);
}

static void
hub_open(enum run_mode mode, int64_t since_s)
{
	hub_open_named(mode, since_s, NULL);
}

static void
hub_begin(void)
{
	struct evhttp_bound_socket *b;
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	struct err e;

	memset(&hub, 0, sizeof(hub));
	hub.began = hub.said = hub.emitted = BUF(1 << 20);
	hub.rules = people_rules_new();
	hub.loop = loop_new(&e);
	hub.state = state_open(NULL, STATE_MEMORY, &e);
	if (hub.state == NULL)
		die("state_open: %s", e.text);
	hub.web = evhttp_new(loop_base(hub.loop));
	evhttp_set_gencb(hub.web, hub_play, NULL);
	b = evhttp_bind_socket_with_handle(hub.web, "127.0.0.1", 0);
	getsockname(evhttp_bound_socket_get_fd(b), (struct sockaddr *)&sin, &len);
	snprintf(hub.url, sizeof(hub.url), "http://127.0.0.1:%d", ntohs(sin.sin_port));
	hub.repo[0] = (struct hub_repo){ .name = "one", .head = 1 };
}

static void
hub_finish(void)
{
	engine_free(hub.engine);
	state_close(hub.state);
	people_rules_free(hub.rules);
	evhttp_free(hub.web);
	loop_free(hub.loop);
	buf_fini(&hub.began);
	buf_fini(&hub.said);
	buf_fini(&hub.emitted);
}

static void
hub_on_late(void *arg)
{
	loop_stop(arg);
}

static void
hub_run(int64_t seconds)
{
	struct timer *late = timer_new(hub.loop, hub_on_late, hub.loop);

	timer_set(late, seconds * 1000);
	loop_run(hub.loop);
	timer_free(late);
}

/* How often this line is in it. */
static int
hub_lines(const struct buf *b, const char *line)
{
	const char *p = buf_str(b), *end;
	int n = 0;

	for (; *p != '\0'; p = *end != '\0' ? end + 1 : end) {
		end = p + strcspn(p, "\n");
		n += (size_t)(end - p) == strlen(line) && strncmp(p, line,
		    strlen(line)) == 0;
	}
	return n;
}

static struct stream *
hub_stream(int64_t repo, enum stream_kind kind)
{
	return &repo_find(hub.engine, repo)->stream[kind];
}

static int
hub_gaps(const char *cause)
{
	struct gap *g;
	int n = 0;

	TAILQ_FOREACH(g, &hub.engine->gaps, link)
		n += str_eq(g->cause, cause);
	return n;
}

#endif

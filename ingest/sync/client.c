/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client.c - see client.h.
 *
 *	WAITING ──pump──► ON_WIRE ──answer──► gone
 *	   ▲                 │
 *	   └──── RESTING ◄───┘ trouble of the host, or perhaps of this request
 *
 * Whose fault trouble is, is known by whether the host answered anything else
 * between two tries; when nothing else is asked, a probe asks for the rate limit.
 */
#include "sync/client.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "core/metrics.h"
#include "io/flow.h"
#include "sync/client_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REST_MS		40000
#define GRAPHQL_MS	20000		/* GitHub itself gives up after 10 s */
#define MAX_REST	(48u << 20)
#define MAX_GRAPHQL	(24u << 20)
#define RETRY_MS	1000
#define RETRY_MAX_MS	60000
#define STRIKES		6		/* of a REST request, while the host is well */
#define DEAD_MS		(600 * 1000)
#define SICK		2		/* failures in a row: one at a time */
#define DOWN		4		/* ... and worth a word */

static void client_pump(void *arg);

void
request_move(struct request *r, enum request_state to)
{
	struct client *c = r->client;

	if (r->state != REQUEST_NEW)
		TAILQ_REMOVE(&c->list[r->state], r, link);
	r->state = to;
	if (to == REQUEST_WAITING && r->tries > 0)
		TAILQ_INSERT_HEAD(&c->list[to], r, link);
	else
		TAILQ_INSERT_TAIL(&c->list[to], r, link);
}

void
request_free(struct request *r)
{
	TAILQ_REMOVE(&r->client->list[r->state], r, link);
	free(r->url);
	free(r->etag);
	buf_fini(&r->body);
	free(r);
}

void
request_cancel(struct request *r)
{
	struct client *c;

	if (r == NULL)
		return;
	c = r->client;
	if (r->state == REQUEST_ON_WIRE) {
		http_cancel(r->call);
		budget_end(&c->budget, r->kind, 0, client_now_ms(c));
	}
	request_free(r);
	client_kick(c);
}

static struct request *
request_new(struct client *c, enum bucket_kind kind, enum lane lane, answer_fn *fn,
    void *arg)
{
	struct request *r = xcalloc(1, sizeof(*r));

	*r = (struct request){ .client = c, .state = REQUEST_NEW, .kind = kind,
	    .lane = lane, .fn = fn, .arg = arg, .body = BUF(1 << 20),
	    .strikes_max = STRIKES };
	request_move(r, REQUEST_WAITING);
	client_kick(c);
	return r;
}

struct request *
client_rest(struct client *c, enum lane lane, const char *path, const char *etag,
    answer_fn *fn, void *arg)
{
	struct request *r = request_new(c, BUCKET_REST, lane, fn, arg);

	r->url = path[0] == '/' ? xasprintf("%s%s", c->base, path) : xstrdup(path);
	if (!link_is_below(r->url, c->base))
		die("a request to %s, which is not below %s", r->url, c->base);
	str_set(&r->etag, etag);
	return r;
}

struct request *
client_graphql(struct client *c, enum lane lane, const struct buf *query, bool many,
    answer_fn *fn, void *arg)
{
	struct request *r = request_new(c, BUCKET_GRAPHQL, lane, fn, arg);

	r->url = xstrdup(c->graphql_url);
	r->strikes_max = many ? 1 : 2;
	buf_puts(&r->body, "{\"query\":");
	buf_json(&r->body, buf_str(query));
	buf_puts(&r->body, "}");
	if (r->body.failed)
		die("a query of more than a megabyte");
	return r;
}

/* On the wire. */

static void
request_start(struct request *r)
{
	struct client *c = r->client;
	const char *headers[8];
	size_t n = 0;
	char *etag = r->etag != NULL ? xasprintf("If-None-Match: %s", r->etag) : NULL;

	headers[n++] = c->authorization;
	headers[n++] = "Accept: application/vnd.github+json";
	headers[n++] = "X-GitHub-Api-Version: 2022-11-28";
	if (etag != NULL)
		headers[n++] = etag;
	if (r->kind == BUCKET_GRAPHQL)
		headers[n++] = "Content-Type: application/json";
	headers[n] = NULL;
	request_move(r, REQUEST_ON_WIRE);
	budget_begin(&c->budget, r->kind, r->lane, client_now_ms(c));
	metric_add(METRIC_GITHUB_REQUESTS, 1);
	r->call = http_start(c->http, &(struct http_spec){
		.url = r->url, .headers = headers,
		.body = r->kind == BUCKET_GRAPHQL ? r->body.data : NULL,
		.body_len = r->body.len,
		.max_reply = r->kind == BUCKET_GRAPHQL ? MAX_GRAPHQL : MAX_REST,
		.timeout_ms = r->kind == BUCKET_GRAPHQL ? GRAPHQL_MS : REST_MS,
	}, request_replied, r);
	free(etag);
}

/* What is to be said of the host and of the token. */

void
client_is(struct client *c, enum client_health h, const char *why)
{
	if (h == CLIENT_WELL && c->health == CLIENT_WELL)
		return;
	if (h == CLIENT_DOWN && c->health != CLIENT_WELL)
		return;
	if (h == CLIENT_BAD_TOKEN && c->health == CLIENT_BAD_TOKEN)
		return;
	c->health = h;
	c->conf.health(c->conf.arg, h, why);
}

void
request_answer(struct request *r, struct answer *a)
{
	answer_fn *fn = r->fn;
	void *arg = r->arg;
	struct client *c = r->client;

	request_free(r);
	client_kick(c);
	fn(arg, a);
}

/* The host answered: whatever fails now is at fault itself. */
void
client_well(struct client *c, enum bucket_kind k)
{
	c->answers++;
	c->sick = 0;
	c->well_once = true;
	budget_well(&c->budget, k);
	client_is(c, CLIENT_WELL, NULL);
}

/* The host is well and this failed: true when that is enough for a verdict. */
static bool
strike(struct request *r)
{
	struct answer a = { .verdict = r->failed_as,
	    .date_ms = client_now_ms(r->client) };

	r->answers_then = r->client->answers;
	if (++r->strikes < r->strikes_max)
		return false;
	str_copy(a.why, sizeof(a.why), r->why);
	request_answer(r, &a);
	return true;
}

/* Trouble: it rests. Did the host answer others since it failed last? */
void
request_rest(struct request *r, enum verdict v, const char *why)
{
	struct client *c = r->client;
	bool fault = r->tries++ > 0 && c->answers != r->answers_then;

	metric_add(METRIC_GITHUB_FAILURES, 1);
	log_debug("github: %s: %s", r->url, why);
	r->failed_as = v;
	str_copy(r->why, sizeof(r->why), why);
	r->answers_then = c->answers;
	r->due_ms = clock_mono_ms() + flow_backoff(r->tries, RETRY_MS, RETRY_MAX_MS);
	c->sick++;
	c->sick_ms = c->sick < SICK ? 0 : clock_mono_ms() +
	    flow_backoff(c->sick - 1, RETRY_MS, RETRY_MAX_MS);
	if (c->sick >= DOWN)
		client_is(c, CLIENT_DOWN, why);
	if (r == c->probe) {
		c->probe = NULL;
		request_free(r);
		return;
	}
	if (!fault || !strike(r))
		request_move(r, REQUEST_RESTING);
}

void
client_token_refused(struct client *c, struct request *r, const char *why)
{
	r->tries++;
	request_move(r, REQUEST_WAITING);
	c->dead_ms = clock_mono_ms() + DEAD_MS;
	client_is(c, CLIENT_BAD_TOKEN, why);
}

/* Scheduling. */

static void
sooner(struct client *c, int64_t ms)
{
	if (ms != BUDGET_FULL && (c->next_ms < 0 || ms < c->next_ms))
		c->next_ms = ms;
}

/* What holds for all requests, whatever their bucket. */
static int64_t
gate(struct client *c)
{
	int64_t now = clock_mono_ms();
	bool busy = !TAILQ_EMPTY(&c->list[REQUEST_ON_WIRE]);

	if (c->stopped)
		return BUDGET_FULL;
	if (c->health == CLIENT_BAD_TOKEN)
		return busy ? BUDGET_FULL : c->dead_ms > now ? c->dead_ms - now : 0;
	if (c->sick >= SICK)
		return busy ? BUDGET_FULL : c->sick_ms > now ? c->sick_ms - now : 0;
	return 0;
}

static int64_t
may_go(struct client *c, enum bucket_kind k, enum lane lane)
{
	int64_t ms = gate(c);

	if (ms == 0)
		ms = budget_wait(&c->budget, k, lane, client_now_ms(c));
	sooner(c, ms);
	return ms;
}

static void
on_probe(void *arg, struct answer *a)
{
	struct client *c = arg;

	UNUSED(a);
	c->probe = NULL;
}

static void
probe(struct client *c)
{
	struct buf q = BUF(256);

	if (c->probe != NULL)
		return;
	buf_puts(&q, "{rateLimit{limit cost remaining resetAt}}");
	c->probe = client_graphql(c, LANE_FEED, &q, false, on_probe, c);
	buf_fini(&q);
}

/* Its rest is over. What was too heavy is not asked again in vain. */
static void
rested(struct request *r)
{
	struct client *c = r->client;
	bool heavy = r->kind == BUCKET_GRAPHQL && r->failed_as == VERDICT_TOO_HEAVY;

	if (heavy && c->answers == r->answers_then) {
		probe(c);
		r->due_ms = clock_mono_ms() + RETRY_MS;
		return;
	}
	if (heavy && strike(r))
		return;
	if (c->answers == r->answers_then && r->tries % STRIKES == 0)
		probe(c);
	request_move(r, REQUEST_WAITING);
}

static void
wake_resting(struct client *c)
{
	struct request *r, *next;
	int64_t now = clock_mono_ms();

	for (r = TAILQ_FIRST(&c->list[REQUEST_RESTING]); r != NULL; r = next) {
		next = TAILQ_NEXT(r, link);
		if (r->due_ms <= now)
			rested(r);	/* frees r alone; answers start nothing here */
	}
	TAILQ_FOREACH(r, &c->list[REQUEST_RESTING], link)
		sooner(c, r->due_ms > now ? r->due_ms - now : 0);
}

/* Starts the first request of a lane that may go; fresh: that never failed. */
static bool
start_one(struct client *c, enum lane lane, bool fresh)
{
	struct request *r;
	bool tried[BUCKETS] = { false };

	TAILQ_FOREACH(r, &c->list[REQUEST_WAITING], link) {
		if (r->lane != lane || tried[r->kind] || (fresh && r->tries > 0))
			continue;
		tried[r->kind] = true;
		if (may_go(c, r->kind, lane) == 0) {
			request_start(r);
			return true;
		}
	}
	return false;
}

/* The host seems sick, one goes at a time: what alone fails must not go first. */
static void
start_fresh(struct client *c)
{
	if (c->room != NULL)
		c->room(c->room_arg);
	for (int lane = 0; lane < LANES; lane++)
		if (start_one(c, (enum lane)lane, true))
			break;
}

static void
client_pump(void *arg)
{
	struct client *c = arg;
	bool gaps;

	c->next_ms = -1;
	wake_resting(c);
	if (c->sick >= SICK)
		start_fresh(c);
	do
		gaps = budget_gaps_first(&c->budget);
	while (start_one(c, LANE_FEED, false) || start_one(c, LANE_CENSUS, false) ||
	    start_one(c, gaps ? LANE_GAP : LANE_LIVE, false) ||
	    start_one(c, gaps ? LANE_LIVE : LANE_GAP, false));
	if (c->room != NULL)
		c->room(c->room_arg);
	if (c->next_ms >= 0 && !timer_waits(c->turn))
		timer_set(c->turn, c->next_ms);
}

void
client_kick(struct client *c)
{
	timer_set(c->turn, 0);
}

void
client_on_room(struct client *c, void (*room)(void *arg), void *arg)
{
	c->room = room;
	c->room_arg = arg;
}

int64_t
client_room(struct client *c, enum lane lane)
{
	struct request *r;

	TAILQ_FOREACH(r, &c->list[REQUEST_WAITING], link)
		if (r->kind == BUCKET_GRAPHQL && r->lane <= lane)
			return BUDGET_FULL;	/* that one first; it kicks */
	return may_go(c, BUCKET_GRAPHQL, lane);
}

void
client_stop(struct client *c)
{
	c->stopped = true;
}

/* Life. */

static char *
graphql_url(const char *base)
{
	size_t n = strlen(base), tail = strlen("/v3");

	if (str_ends(base, "/api/v3"))
		return xasprintf("%.*s/graphql", (int)(n - tail), base);
	return xasprintf("%s/graphql", base);
}

/* FNV-1a: tells tokens apart in state.db, and gives none away. */
static void
name_token(struct client *c, const char *token)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (const char *p = token; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
	snprintf(c->token_id, sizeof(c->token_id), "%08x",
	    (unsigned)(h ^ (h >> 32)));
}

bool
client_check(const char *api_url, const char *token, struct err *e)
{
	const char *at = strrchr(api_url, '@');		/* behind a password, perhaps */

	if (!link_base_is_safe(api_url))
		return err_set(e, ERR_CONFIG, 0, "the API address %s must begin with "
		    "https:// (a token goes there; http is for this machine alone) and "
		    "hold no user", at != NULL ? at + 1 : api_url);
	for (; *token != '\0'; token++)
		if (*token <= ' ' || *token > '~')
			return err_set(e, ERR_CONFIG, 0, "the token holds a character "
			    "that no token has (a blank or a line end?)");
	return true;
}

struct client *
client_new(const struct client_conf *conf, struct err *e)
{
	struct client *c;
	struct http *http;
	size_t n = strlen(conf->api_url);

	while (n > 0 && conf->api_url[n - 1] == '/')
		n--;
	if (!client_check(conf->api_url, conf->token, e))
		return NULL;
	http = http_new(conf->loop, &(struct http_conf){ .max_inflight = 8 }, e);
	if (http == NULL)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->conf = *conf;
	c->http = http;
	c->base = xstrndup(conf->api_url, n);
	c->graphql_url = graphql_url(c->base);
	c->authorization = xasprintf("Authorization: Bearer %s", conf->token);
	c->conf.api_url = c->base;
	c->conf.token = NULL;
	name_token(c, conf->token);
	budget_init(&c->budget, conf->quota);
	for (size_t i = 0; i < LEN(c->list); i++)
		TAILQ_INIT(&c->list[i]);
	c->turn = timer_new(conf->loop, client_pump, c);
	return c;
}

void
client_free(struct client *c)
{
	struct request *r;

	if (c == NULL)
		return;
	for (size_t i = 0; i < LEN(c->list); i++)
		while ((r = TAILQ_FIRST(&c->list[i])) != NULL)
			request_cancel(r);
	timer_free(c->turn);
	http_free(c->http);
	free(c->base);
	free(c->graphql_url);
	free(c->authorization);
	free(c);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client_reply.c - what a reply means for the request, the budget, the host and
 * the token: see client.h.
 */
#include "sync/client_in.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "core/metrics.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_HOPS	3
#define POINTS_MAX	10000		/* of one question; GitHub refuses long before */
#define SKEW_MS		2000		/* Date has whole seconds */

/* The headers that count, as text. */
struct headers {
	char	retry_after[64], limit[32], remaining[32], reset[32];
	char	sso[256], accepts[256], date[64];
};

static const char *
header(const struct http_reply *reply, const char *name, char *text, size_t size)
{
	return http_header(reply, name, text, size) ? text : NULL;
}

static void
learn_clock(struct client *c, const struct http_reply *reply)
{
	char date[64];
	int64_t ms, skew;

	if (!http_header(reply, "date", date, sizeof(date)) ||
	    !clock_parse_http(date, &ms))
		return;
	skew = ms - clock_wall_ms();
	c->skew_ms = skew > -SKEW_MS && skew < SKEW_MS ? 0 : skew;
}

/* The reply's limits, for the budget and in the numbers of the process. */
static void
learn_limits(struct client *c, const struct request *r,
    const struct limits_meant *m, const struct json *body)
{
	const struct bucket *u = &c->budget.bucket[r->kind];
	int64_t cost;

	budget_told(&c->budget, r->kind, m->limit, m->remaining, m->reset_ms);
	if (r->kind == BUCKET_GRAPHQL && json_int(body, "data.rateLimit.cost", &cost)) {
		cost = cost < 0 ? 0 : cost > POINTS_MAX ? POINTS_MAX : cost;
		budget_cost(&c->budget, r->kind, cost);
		metric_add(METRIC_GITHUB_POINTS, cost);
	}
	if (u->limit <= 0)
		return;
	metric_set(r->kind == BUCKET_REST ? METRIC_GITHUB_REST_REMAINING :
	    METRIC_GITHUB_GRAPHQL_REMAINING, u->remaining);
	metric_set(r->kind == BUCKET_REST ? METRIC_GITHUB_REST_LIMIT :
	    METRIC_GITHUB_GRAPHQL_LIMIT, u->limit);
	metric_set(r->kind == BUCKET_REST ? METRIC_GITHUB_REST_RESET :
	    METRIC_GITHUB_GRAPHQL_RESET, u->reset_ms / 1000);
}

static void
read_limits(const struct request *r, const struct http_reply *reply,
    const struct json *body, struct limits_meant *m)
{
	struct headers h;
	struct limits_said said = {
		.status = reply->status,
		.graphql = r->kind == BUCKET_GRAPHQL,
		.body = body,
		.now_ms = client_now_ms(r->client),
	};

	said.retry_after = header(reply, "retry-after", h.retry_after,
	    sizeof(h.retry_after));
	said.limit = header(reply, "x-ratelimit-limit", h.limit, sizeof(h.limit));
	said.remaining = header(reply, "x-ratelimit-remaining", h.remaining,
	    sizeof(h.remaining));
	said.reset = header(reply, "x-ratelimit-reset", h.reset, sizeof(h.reset));
	said.sso = header(reply, "x-github-sso", h.sso, sizeof(h.sso));
	said.accepts = header(reply, "x-accepted-github-permissions", h.accepts,
	    sizeof(h.accepts));
	limits_read(&said, m);
}

/* The same question elsewhere on the same host. */
static bool
follow(struct request *r, const struct http_reply *reply, struct answer *a)
{
	char to[LINK_SIZE], url[LINK_SIZE];
	const char *where = header(reply, "location", to, sizeof(to));

	switch (link_location(where, r->client->base, url, sizeof(url))) {
	case LINK_NONE:
		str_copy(a->why, sizeof(a->why), "a redirect to nowhere");
		return false;
	case LINK_FOREIGN:
		snprintf(a->why, sizeof(a->why), "a redirect to another host: %.150s",
		    str_or(where, ""));
		return false;
	case LINK_FOUND:
		break;
	}
	if (++r->hops > MAX_HOPS) {
		str_copy(a->why, sizeof(a->why), "redirects without end");
		return false;
	}
	str_set(&r->url, url);
	request_move(r, REQUEST_WAITING);
	client_kick(r->client);
	return true;
}

/* A limit: the request waits again, with everything that shares it. */
static void
limited(struct request *r, const struct limits_meant *m)
{
	struct client *c = r->client;
	bool all = m->verdict == VERDICT_SECONDARY;
	int64_t now = client_now_ms(c);

	metric_add(METRIC_GITHUB_FAILURES, 1);
	if (all)
		budget_secondary(&c->budget, m->wait_ms, now);
	else
		budget_spent(&c->budget, r->kind, m->wait_ms, now);
	log_warn("github: %s: %s: what shares it waits wait_s=%lld",
	    verdict_name(m->verdict), m->why, (long long)((all ? c->budget.pause_ms :
	    c->budget.bucket[r->kind].stop_ms) - now) / 1000);
	r->tries++;
	request_move(r, REQUEST_WAITING);
	client_kick(c);
}

static void
read_link(const struct request *r, const struct http_reply *reply, struct answer *a)
{
	char link[2048];

	if (!http_header(reply, "link", link, sizeof(link)) ||
	    link_next(link, r->client->base, a->next, sizeof(a->next)) != LINK_FOREIGN)
		return;
	a->verdict = VERDICT_GARBAGE;
	snprintf(a->why, sizeof(a->why), "the next page lies outside of %.150s",
	    r->client->base);
}

/* Lists come without what the token is not authorised for: silently, but here. */
static void
read_sso(struct client *c, const struct http_reply *reply)
{
	char text[256];

	if (c->told_sso || !http_header(reply, "x-github-sso", text, sizeof(text)) ||
	    !str_starts(text, "partial-results"))
		return;
	c->told_sso = true;
	log_warn("github: answers leave out what the token is not authorised for by "
	    "SAML single sign-on; authorise it at https://github.com/settings/tokens: %s",
	    text);
}

static void
judged(struct request *r, const struct http_reply *reply,
    const struct limits_meant *m, struct answer *a)
{
	struct client *c = r->client;

	switch (m->verdict) {
	case VERDICT_SECONDARY:
	case VERDICT_LIMIT:
		limited(r, m);
		return;
	case VERDICT_BAD_TOKEN:
		client_token_refused(c, r, m->why);
		return;
	case VERDICT_TROUBLE:
	case VERDICT_TOO_HEAVY:
		request_rest(r, m->verdict, m->why);
		return;
	case VERDICT_MOVED:
		client_well(c, r->kind);
		a->verdict = VERDICT_GARBAGE;
		if (follow(r, reply, a))
			return;
		break;
	case VERDICT_OK:
	case VERDICT_PARTIAL:
	case VERDICT_SAME:
	case VERDICT_FORBIDDEN:
	case VERDICT_GONE:
	case VERDICT_EMPTY:
	case VERDICT_END:
	case VERDICT_GARBAGE:
		client_well(c, r->kind);
		a->verdict = m->verdict;
		str_copy(a->why, sizeof(a->why), m->why);
		read_sso(c, reply);
		if (m->verdict == VERDICT_OK && r->kind == BUCKET_REST)
			read_link(r, reply, a);
		break;
	}
	request_answer(r, a);
}

void
request_replied(void *arg, struct http_reply *reply)
{
	struct request *r = arg;
	struct client *c = r->client;
	struct limits_meant m;
	struct answer a = { .status = reply->status, .reply = reply,
	    .took_ms = reply->took_ms };
	struct err e;

	r->call = NULL;
	learn_clock(c, reply);
	a.date_ms = client_now_ms(c);
	budget_end(&c->budget, r->kind, reply->took_ms, a.date_ms);
	client_kick(c);
	if (reply->failure == HTTP_TOO_LARGE) {
		client_well(c, r->kind);
		a.verdict = VERDICT_TOO_HEAVY;
		str_copy(a.why, sizeof(a.why), reply->why);
		request_answer(r, &a);
		return;
	}
	if (reply->failure != HTTP_OK) {
		request_rest(r, reply->failure == HTTP_TIMEOUT ? VERDICT_TOO_HEAVY :
		    VERDICT_TROUBLE, reply->why);
		return;
	}
	if (reply->body.len > 0)
		a.body = json_parse(reply->body.data, reply->body.len, &e);
	read_limits(r, reply, a.body, &m);
	learn_limits(c, r, &m, a.body);
	judged(r, reply, &m, &a);
	json_free(a.body);
}

int64_t
client_now_ms(const struct client *c)
{
	return clock_wall_ms() + c->skew_ms;
}

const struct budget *
client_budget(const struct client *c)
{
	return &c->budget;
}

bool
client_gaps_first(const struct client *c)
{
	return budget_gaps_first(&c->budget);
}

const char *
client_base(const struct client *c)
{
	return c->base;
}

const char *
client_token_id(const struct client *c)
{
	return c->token_id;
}

bool
client_was_well(const struct client *c)
{
	return c->well_once;
}

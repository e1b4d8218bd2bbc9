/* SPDX-License-Identifier: Apache-2.0 */
/* limits.c - see limits.h. */
#include "github/limits.h"
#include "base/clock.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {
	[VERDICT_OK] = "ok",
	[VERDICT_PARTIAL] = "partial",
	[VERDICT_SAME] = "same",
	[VERDICT_MOVED] = "moved",
	[VERDICT_BAD_TOKEN] = "bad token",
	[VERDICT_LIMIT] = "limit",
	[VERDICT_SECONDARY] = "secondary limit",
	[VERDICT_FORBIDDEN] = "forbidden",
	[VERDICT_GONE] = "gone",
	[VERDICT_EMPTY] = "empty",
	[VERDICT_END] = "end",
	[VERDICT_TOO_HEAVY] = "too heavy",
	[VERDICT_TROUBLE] = "trouble",
	[VERDICT_GARBAGE] = "garbage",
};

const char *
verdict_name(enum verdict v)
{
	return names[v];
}

static int64_t
number(const char *text)
{
	int64_t v;

	return text != NULL && str_i64(text, &v) && v >= 0 && v < INT64_C(1) << 40 ?
	    v : -1;
}

static bool
mentions(const char *text, const char *what)
{
	return text != NULL && strcasestr(text, what) != NULL;
}

/* Retry-After: seconds, or a date. 0 when it says nothing of the future. */
static int64_t
retry_after_ms(const struct limits_said *said)
{
	int64_t s = number(said->retry_after), ms;

	if (s >= 0)
		return s * 1000;
	if (said->retry_after != NULL && clock_parse_http(said->retry_after, &ms) &&
	    ms > said->now_ms)
		return ms - said->now_ms;
	return 0;
}

static int64_t
until_reset_ms(const struct limits_said *said, const struct limits_meant *m)
{
	return m->reset_ms > said->now_ms ? m->reset_ms - said->now_ms : 0;
}

static const char *
message(const struct limits_said *said)
{
	return str_or(json_str(said->body, "message"), NULL);
}

static void
explain(const struct limits_said *said, struct limits_meant *m)
{
	const char *text = message(said);

	if (m->why[0] != '\0')
		return;
	if (said->sso != NULL && *said->sso != '\0' && m->verdict == VERDICT_FORBIDDEN)
		snprintf(m->why, sizeof(m->why), "%.100s (authorise the token for the "
		    "organisation: %.100s)", str_or(text, "forbidden"), said->sso);
	else if (said->accepts != NULL && *said->accepts != '\0' &&
	    m->verdict == VERDICT_FORBIDDEN)
		snprintf(m->why, sizeof(m->why), "%.120s (the token needs: %.80s)",
		    str_or(text, "forbidden"), said->accepts);
	else if (text != NULL)
		snprintf(m->why, sizeof(m->why), "%.200s (status %d)", text,
		    said->status);
	else
		snprintf(m->why, sizeof(m->why), "status %d", said->status);
}

/* 403 and 429, by the order that counts. */
static enum verdict
refusal(const struct limits_said *said, struct limits_meant *m)
{
	const char *text = message(said);

	if (said->retry_after != NULL) {
		m->wait_ms = retry_after_ms(said);
		return VERDICT_SECONDARY;
	}
	if (m->remaining == 0) {
		m->wait_ms = until_reset_ms(said, m);
		if (m->wait_ms > 0 || said->status == 403)
			return VERDICT_LIMIT;
	}
	if (said->status == 429 || mentions(text, "secondary rate limit") ||
	    mentions(text, "abuse detection"))
		return VERDICT_SECONDARY;
	if (mentions(text, "login attempts exceeded"))
		return VERDICT_BAD_TOKEN;
	return VERDICT_FORBIDDEN;
}

/* A 200 of GraphQL: limits are errors inside it. */
static enum verdict
graphql(const struct limits_said *said, struct limits_meant *m)
{
	const struct json *errors = json_get(said->body, "errors"), *error;
	const char *text;

	if (!json_is(json_get(said->body, "data"), JSON_OBJECT) &&
	    !json_is(errors, JSON_ARRAY))
		return mentions(message(said), "secondary rate limit") ?
		    VERDICT_SECONDARY : VERDICT_TROUBLE;
	for (size_t i = 0; i < json_len(errors); i++) {
		error = json_at(errors, i);
		text = json_str(error, "message");
		if (mentions(text, "secondary rate limit")) {
			snprintf(m->why, sizeof(m->why), "%.200s", text);
			m->wait_ms = retry_after_ms(said);
			return VERDICT_SECONDARY;
		}
		if (str_eq(json_str(error, "type"), "RATE_LIMITED") ||
		    str_eq(json_str(error, "type"), "RATE_LIMIT")) {
			snprintf(m->why, sizeof(m->why), "%.200s", str_or(text, ""));
			m->wait_ms = until_reset_ms(said, m);
			return VERDICT_LIMIT;
		}
	}
	return VERDICT_OK;
}

static enum verdict
judge(const struct limits_said *said, struct limits_meant *m)
{
	if (said->status >= 500 && said->retry_after != NULL) {
		m->wait_ms = retry_after_ms(said);
		return VERDICT_SECONDARY;	/* it says when to come again */
	}
	switch (said->status) {
	case 304:
		return VERDICT_SAME;
	case 301:
	case 302:
	case 307:
	case 308:
		return VERDICT_MOVED;
	case 401:
		return VERDICT_BAD_TOKEN;
	case 403:
	case 429:
		return refusal(said, m);
	case 451:
		return VERDICT_FORBIDDEN;
	case 404:
	case 410:
		return VERDICT_GONE;
	case 409:
		return VERDICT_EMPTY;
	case 422:
		return VERDICT_END;
	case 408:
		return VERDICT_TROUBLE;
	case 502:
	case 504:
		return VERDICT_TOO_HEAVY;
	default:
		break;
	}
	if (said->status >= 500)
		return VERDICT_TROUBLE;
	if (said->status < 200 || said->status >= 300)
		return VERDICT_GARBAGE;
	if (said->graphql)
		return graphql(said, m);
	return said->body != NULL || said->status == 204 ? VERDICT_OK : VERDICT_TROUBLE;
}

void
limits_read(const struct limits_said *said, struct limits_meant *m)
{
	int64_t reset_s = number(said->reset);

	*m = (struct limits_meant){
		.limit = number(said->limit),
		.remaining = number(said->remaining),
		.reset_ms = reset_s >= 0 ? reset_s * 1000 : -1,
	};
	m->verdict = judge(said, m);
	if (m->verdict == VERDICT_TROUBLE && said->status >= 200 && said->status < 300)
		snprintf(m->why, sizeof(m->why), "status %d without the JSON it "
		    "should hold", said->status);
	if (m->verdict != VERDICT_OK && m->verdict != VERDICT_SAME &&
	    m->verdict != VERDICT_MOVED)
		explain(said, m);
}

enum verdict
limits_error(const struct json *error)
{
	static const struct {
		const char *type;
		enum verdict verdict;
	} types[] = {
		{ "NOT_FOUND", VERDICT_GONE },
		{ "FORBIDDEN", VERDICT_FORBIDDEN },
		{ "INSUFFICIENT_SCOPES", VERDICT_FORBIDDEN },
		{ "UNAUTHORIZED", VERDICT_FORBIDDEN },
		{ "SAML", VERDICT_FORBIDDEN },
		{ "RESOURCE_LIMITS_EXCEEDED", VERDICT_TOO_HEAVY },
		{ "MAX_NODE_LIMIT_EXCEEDED", VERDICT_TOO_HEAVY },
		{ "TIMEOUT", VERDICT_TOO_HEAVY },
	};
	const char *type = json_str(error, "type"), *text = json_str(error, "message");

	if (type == NULL)
		type = json_str(error, "extensions.code");
	for (size_t i = 0; i < LEN(types); i++)
		if (str_eq(type, types[i].type))
			return types[i].verdict;
	if (json_true(error, "extensions.saml_failure"))
		return VERDICT_FORBIDDEN;
	if (mentions(text, "something went wrong") || mentions(text, "timeout") ||
	    mentions(text, "timed out") || mentions(text, "resource limits"))
		return VERDICT_TOO_HEAVY;
	return VERDICT_GARBAGE;
}

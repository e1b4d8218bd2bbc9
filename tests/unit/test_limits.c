/* SPDX-License-Identifier: Apache-2.0 */
/* What a reply of GitHub means, in the order that counts. */
#include "github/limits.h"
#include "base/str.h"
#include "tap.h"

#define NOW	INT64_C(1767225600000)		/* 2026-01-01T00:00:00Z */

struct row {
	const char	*what;
	int		 status;
	const char	*retry_after, *remaining, *reset, *body;
	enum verdict	 verdict;
	int64_t		 wait_s;
};

static const struct row rest[] = {
	{ "a list", 200, NULL, "10", "1767229200", "[]", VERDICT_OK, 0 },
	{ "a 200 without JSON", 200, NULL, NULL, NULL, NULL, VERDICT_TROUBLE, 0 },
	{ "nothing new", 304, NULL, NULL, NULL, NULL, VERDICT_SAME, 0 },
	{ "moved", 301, NULL, NULL, NULL, "{}", VERDICT_MOVED, 0 },
	{ "moved for now", 307, NULL, NULL, NULL, NULL, VERDICT_MOVED, 0 },
	{ "a bad token", 401, NULL, NULL, NULL, "{\"message\":\"Bad credentials\"}",
	    VERDICT_BAD_TOKEN, 0 },
	{ "too many bad tokens", 403, NULL, "4000", "1767229200",
	    "{\"message\":\"Maximum number of login attempts exceeded.\"}",
	    VERDICT_BAD_TOKEN, 0 },
	{ "403, retry-after first, whatever remains", 403, "30", "0", "1767229200",
	    "{\"message\":\"You have exceeded a secondary rate limit\"}",
	    VERDICT_SECONDARY, 30 },
	{ "429 with retry-after", 429, "7", NULL, NULL, NULL, VERDICT_SECONDARY, 7 },
	{ "retry-after as a date", 429, "Thu, 01 Jan 2026 00:02:00 GMT", NULL, NULL,
	    NULL, VERDICT_SECONDARY, 120 },
	{ "retry-after in the past", 429, "Wed, 31 Dec 2025 00:02:00 GMT", NULL, NULL,
	    NULL, VERDICT_SECONDARY, 0 },
	{ "403 with nothing remaining", 403, NULL, "0", "1767225700",
	    "{\"message\":\"API rate limit exceeded\"}", VERDICT_LIMIT, 100 },
	{ "429 with nothing remaining", 429, NULL, "0", "1767225700", NULL,
	    VERDICT_LIMIT, 100 },
	{ "nothing remaining, reset in the past", 403, NULL, "0", "1767225000", NULL,
	    VERDICT_LIMIT, 0 },
	{ "429, nothing remaining, reset in the past", 429, NULL, "0", "1767225000", NULL,
	    VERDICT_SECONDARY, 0 },
	{ "nothing remaining, no reset", 403, NULL, "0", NULL, NULL, VERDICT_LIMIT, 0 },
	{ "429 alone", 429, NULL, "100", "1767229200", NULL, VERDICT_SECONDARY, 0 },
	{ "403 that speaks of a secondary limit", 403, NULL, "100", "1767229200",
	    "{\"message\":\"You have exceeded a secondary rate limit.\"}",
	    VERDICT_SECONDARY, 0 },
	{ "403 about permission", 403, NULL, "100", "1767229200",
	    "{\"message\":\"Resource not accessible\"}", VERDICT_FORBIDDEN, 0 },
	{ "403 of an Enterprise without limits", 403, NULL, NULL, NULL,
	    "{\"message\":\"no\"}", VERDICT_FORBIDDEN, 0 },
	{ "not there", 404, NULL, NULL, NULL, "{}", VERDICT_GONE, 0 },
	{ "gone", 410, NULL, NULL, NULL, "{}", VERDICT_GONE, 0 },
	{ "empty", 409, NULL, NULL, NULL, "{}", VERDICT_EMPTY, 0 },
	{ "the end of a list", 422, NULL, NULL, NULL, "{}", VERDICT_END, 0 },
	{ "blocked", 451, NULL, NULL, NULL, "{}", VERDICT_FORBIDDEN, 0 },
	{ "500", 500, NULL, NULL, NULL, NULL, VERDICT_TROUBLE, 0 },
	{ "503", 503, NULL, NULL, NULL, NULL, VERDICT_TROUBLE, 0 },
	{ "503 with retry-after", 503, "20", NULL, NULL, NULL, VERDICT_SECONDARY, 20 },
	{ "502", 502, NULL, NULL, NULL, NULL, VERDICT_TOO_HEAVY, 0 },
	{ "504", 504, NULL, NULL, NULL, NULL, VERDICT_TOO_HEAVY, 0 },
	{ "400", 400, NULL, NULL, NULL, "{}", VERDICT_GARBAGE, 0 },
};

static const struct row graphql[] = {
	{ "data", 200, NULL, "9", "1767229200", "{\"data\":{}}", VERDICT_OK, 0 },
	{ "data and errors", 200, NULL, "9", "1767229200",
	    "{\"data\":{\"a0\":null},\"errors\":[{\"type\":\"NOT_FOUND\"}]}",
	    VERDICT_OK, 0 },
	{ "errors alone", 200, NULL, "9", "1767229200",
	    "{\"errors\":[{\"message\":\"Field 'x' doesn't exist\"}]}", VERDICT_OK, 0 },
	{ "points spent", 200, NULL, "0", "1767225660",
	    "{\"errors\":[{\"type\":\"RATE_LIMITED\",\"message\":\"exceeded\"}]}",
	    VERDICT_LIMIT, 60 },
	{ "a secondary limit in a 200", 200, "5", "100", "1767229200", "{\"data\":null,"
	    "\"errors\":[{\"message\":\"You have exceeded a secondary rate limit\"}]}",
	    VERDICT_SECONDARY, 5 },
	{ "the last points brought data", 200, NULL, "0", "1767225660",
	    "{\"data\":{\"a0\":{}}}", VERDICT_OK, 0 },
	{ "neither data nor errors", 200, NULL, NULL, NULL, "{}", VERDICT_TROUBLE, 0 },
	{ "a list", 200, NULL, NULL, NULL, "[1]", VERDICT_TROUBLE, 0 },
};

static void
check(const struct row *r, bool is_graphql)
{
	struct limits_said said = { .status = r->status, .graphql = is_graphql,
	    .retry_after = r->retry_after, .limit = "5000", .remaining = r->remaining,
	    .reset = r->reset, .now_ms = NOW };
	struct limits_meant m;
	struct json *body = NULL;
	struct err e;

	if (r->body != NULL)
		body = json_parse(r->body, strlen(r->body), &e);
	said.body = body;
	limits_read(&said, &m);
	ok(m.verdict == r->verdict && m.wait_ms == r->wait_s * 1000,
	    "%s: %s, wait %lld", r->what, verdict_name(m.verdict),
	    (long long)m.wait_ms);
	json_free(body);
}

static void
test_words(void)
{
	struct json *body = json_new_object();
	struct limits_said said = { .status = 403, .remaining = "9",
	    .sso = "required; url=https://github.com/orgs/o/sso", .body = body };
	struct limits_meant m;

	json_set_str(body, "message", "Resource protected by organization SAML");
	limits_read(&said, &m);
	ok(strstr(m.why, "SAML") != NULL && strstr(m.why, "orgs/o/sso") != NULL,
	    "a token that is not authorised for SSO: what to do");
	said.sso = NULL;
	said.accepts = "contents=read";
	limits_read(&said, &m);
	ok(strstr(m.why, "contents=read") != NULL, "a permission is missing: which");
	ok(m.limit == -1 && m.reset_ms == -1 && m.remaining == 9,
	    "headers that are not there are -1");
	said.remaining = "-3";
	said.reset = "99999999999999999999";
	limits_read(&said, &m);
	ok(m.remaining == -1 && m.reset_ms == -1, "nonsense in a header is not there");
	json_free(body);
}

static void
test_errors(void)
{
	static const struct {
		const char *text;
		enum verdict verdict;
	} rows[] = {
		{ "{\"type\":\"NOT_FOUND\"}", VERDICT_GONE },
		{ "{\"type\":\"FORBIDDEN\"}", VERDICT_FORBIDDEN },
		{ "{\"type\":\"RESOURCE_LIMITS_EXCEEDED\"}", VERDICT_TOO_HEAVY },
		{ "{\"type\":\"MAX_NODE_LIMIT_EXCEEDED\"}", VERDICT_TOO_HEAVY },
		{ "{\"extensions\":{\"saml_failure\":true}}", VERDICT_FORBIDDEN },
		{ "{\"message\":\"Something went wrong while executing your query."
		    " This may be the result of a timeout\"}", VERDICT_TOO_HEAVY },
		{ "{\"message\":\"Field 'x' doesn't exist on type 'Y'\"}",
		    VERDICT_GARBAGE },
		{ "7", VERDICT_GARBAGE },
	};
	struct err e;

	for (size_t i = 0; i < LEN(rows); i++) {
		struct json *j = json_parse(rows[i].text, strlen(rows[i].text), &e);

		ok(limits_error(j) == rows[i].verdict, "%s", rows[i].text);
		json_free(j);
	}
}

int
main(void)
{
	for (size_t i = 0; i < LEN(rest); i++)
		check(&rest[i], false);
	for (size_t i = 0; i < LEN(graphql); i++)
		check(&graphql[i], true);
	test_words();
	test_errors();
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits.h - what a reply of GitHub means: an answer, a verdict on the thing
 * asked for, a limit, or trouble of the host. Pure.
 *
 * For a 403 or 429 the order counts: Retry-After, then nothing remaining, then
 * 429 alone, and only then is a 403 about permission. Limits of GraphQL come
 * inside a 200.
 */
#ifndef GITHUB_LIMITS_H
#define GITHUB_LIMITS_H

#include "data/json.h"

enum verdict {
	VERDICT_OK,
	VERDICT_PARTIAL,	/* of a part of a query: a value, and errors in it */
	VERDICT_SAME,		/* 304 */
	VERDICT_MOVED,		/* 301, 302, 307, 308: follow Location */
	VERDICT_BAD_TOKEN,	/* 401, or too many of them */
	VERDICT_LIMIT,		/* this hour's requests or points are spent */
	VERDICT_SECONDARY,	/* everything must stop for a while */
	VERDICT_FORBIDDEN,	/* 403 or 451 for this thing */
	VERDICT_GONE,		/* 404, 410 */
	VERDICT_EMPTY,		/* 409 */
	VERDICT_END,		/* 422 */
	VERDICT_TOO_HEAVY,	/* 502, 504, or an error that says so */
	VERDICT_TROUBLE,	/* the host's own: 5xx, no JSON in a 200 */
	VERDICT_GARBAGE,	/* anything else: 400 and the like */
};

/* A reply. Headers are text, or NULL where there is none. */
struct limits_said {
	int		 status;
	bool		 graphql;
	const char	*retry_after, *limit, *remaining, *reset;
	const char	*sso;		/* X-GitHub-SSO */
	const char	*accepts;	/* X-Accepted-GitHub-Permissions */
	const struct json *body;	/* NULL: none, or no JSON */
	int64_t		 now_ms;	/* GitHub's clock */
};

struct limits_meant {
	enum verdict	 verdict;
	int64_t		 wait_ms;	/* of a limit; 0: not said, or over */
	int64_t		 limit, remaining, reset_ms;	/* -1: not said */
	char		 why[256];	/* a sentence, unless OK, SAME, MOVED */
};

void limits_read(const struct limits_said *said, struct limits_meant *meant);

/* What an error of GraphQL says of the part it belongs to. */
enum verdict limits_error(const struct json *error);

const char *verdict_name(enum verdict v);

#endif

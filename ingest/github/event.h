/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event.h - events of GitHub's feeds and archives, and webhook deliveries. Each
 * generation is read: hollow (since 2025-10-07), whole (2015 to then, and
 * Enterprise today), webhook. Unknown types and actions are kept as documents,
 * and nothing in an event can be a crash.
 *
 * An event becomes a hint (which stream to look at), or a document where GitHub
 * shows the thing nowhere else (star, fork, member, wiki, push, …), or both. With
 * EVENT_RECORDED, when there is no API to look with, what the payload itself
 * carries of commits, pull requests, reviews, issues, comments and releases
 * becomes documents too, hubstash.partial where the contract has more.
 */
#ifndef GITHUB_EVENT_H
#define GITHUB_EVENT_H

#include "base/stream.h"
#include "github/normal.h"

enum event_use { EVENT_LIVE, EVENT_RECORDED };

struct hint {
	int64_t		 repo_id, org_id;	/* org_id 0: not said */
	char		 repo[256];		/* owner/name when it happened */
	char		 org[64];		/* login, "" if not said */
	enum stream_kind kind;
	int64_t		 at_ms;			/* created_at */
	int64_t		 number;		/* pull request or issue; 0: none */
	int64_t		 release_id;		/* of STREAM_RELEASES; 0: none */
	char		 ref[256];		/* "refs/heads/main"; "": may be any */
	char		 before[65], head[65];	/* of a push, else ""; zeros: none */
};

struct hints {
	struct hint	*hint;
	size_t		 count, cap;
};

void hints_add(struct hints *l, const struct hint *h);
void hints_fini(struct hints *l);

/*
 * n's repo and org are taken from the event itself; rules, keep_email and now_ms
 * are used. False with a reason when it is no event at all (not an object, no
 * type, no created_at): nothing was added.
 */
bool event_read(const struct normal *n, const struct json *event, enum event_use use,
    struct docs *docs, struct hints *hints, struct err *e) MUST_CHECK;

/* name: the X-GitHub-Event header. */
bool webhook_read(const struct normal *n, const char *name,
    const struct json *payload, enum event_use use, struct docs *docs,
    struct hints *hints, struct err *e) MUST_CHECK;

/* What makes an event itself, whichever feed shows it: "TYPE:REPO:ID:CREATED". */
bool event_key(const struct json *event, char *key, size_t size) MUST_CHECK;
bool event_time(const struct json *event, int64_t *ms) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * webhook.c - deliveries of webhooks, see event.h. What stands in a delivery has
 * the names it has in an event's payload; what an event says around it is found
 * here: who (sender), where (repository, organization) and when. A delivery has
 * no time of its own, so it is that of the thing it tells of, or now.
 */
#include "github/event_parts.h"
#include "base/clock.h"
#include "base/str.h"
#include "github/digest.h"

#include <stdio.h>

#define PAYLOAD_MAX	((size_t)64 << 20)
#define SECONDS_MAX	253402300799	/* the end of the year 9999 */

static const struct {
	const char	*name;		/* X-GitHub-Event */
	const char	*type;		/* the same in a feed */
	const char	*time[3];	/* where its time may stand */
} names[] = {
	{ "push", "PushEvent", { "repository.pushed_at" } },
	{ "pull_request", "PullRequestEvent", { "pull_request.updated_at" } },
	{ "pull_request_review", "PullRequestReviewEvent",
	    { "pull_request.updated_at", "review.updated_at", "review.submitted_at" } },
	{ "pull_request_review_comment", "PullRequestReviewCommentEvent",
	    { "comment.updated_at", "pull_request.updated_at" } },
	{ "pull_request_review_thread", "PullRequestReviewThreadEvent",
	    { "pull_request.updated_at" } },
	{ "issues", "IssuesEvent", { "issue.updated_at" } },
	{ "issue_comment", "IssueCommentEvent", { "comment.updated_at" } },
	{ "release", "ReleaseEvent", { "release.updated_at", "release.published_at" } },
	{ "create", "CreateEvent", { "repository.pushed_at" } },
	{ "delete", "DeleteEvent", { "repository.pushed_at" } },
	{ "fork", "ForkEvent", { "forkee.created_at" } },
	{ "watch", "WatchEvent", { NULL } },
	{ "member", "MemberEvent", { NULL } },
	{ "gollum", "GollumEvent", { NULL } },
	{ "commit_comment", "CommitCommentEvent", { "comment.updated_at" } },
	{ "public", "PublicEvent", { NULL } },
	{ "discussion", "DiscussionEvent", { "discussion.updated_at" } },
};

/* Times of a repository are seconds in a push, and text elsewhere. */
static bool
webhook_time(const struct json *payload, const char *path, int64_t *ms)
{
	int64_t s;

	if (!json_int(payload, path, &s))
		return read_date(payload, path, ms);
	if (s <= 0 || s > SECONDS_MAX)
		return false;
	*ms = s * 1000;
	return true;
}

/* A delivery has no number: sent again it is known by what it says. */
static void
webhook_key(struct seen *s, const struct json *payload)
{
	struct buf text = BUF(PAYLOAD_MAX);
	char type[65], hash[41];

	event_word(s->type, type);
	json_print(payload, &text);
	digest_sha1(buf_str(&text), text.len, hash);
	buf_fini(&text);
	snprintf(s->key, sizeof(s->key), "%s:%lld:hook-%s", type,
	    (long long)s->n.repo_id, hash);
}

/* Stars have a name and an action of their own, and the time. */
static void
webhook_star(struct seen *s)
{
	if (!str_eq(s->action, "created"))
		return;
	s->type = "WatchEvent";
	s->action = "started";
	if (!webhook_time(s->payload, "starred_at", &s->at_ms))
		s->at_ms = s->n.now_ms;
}

static void
webhook_name(struct seen *s, const char *name)
{
	for (size_t i = 0; i < LEN(names); i++) {
		if (!str_eq(names[i].name, name))
			continue;
		s->type = names[i].type;
		for (size_t k = 0; k < LEN(names[i].time); k++)
			if (names[i].time[k] != NULL &&
			    webhook_time(s->payload, names[i].time[k], &s->at_ms))
				return;
		return;
	}
	if (str_eq(name, "star"))
		webhook_star(s);
}

bool
webhook_read(const struct normal *n, const char *name, const struct json *payload,
    enum event_use use, struct docs *docs, struct hints *hints, struct err *e)
{
	struct seen s = { .n = *n, .type = name, .source = ENVELOPE_WEBHOOK,
	    .payload = payload, .at_ms = n->now_ms, .use = use, .docs = docs,
	    .hints = hints };

	if (!json_is(payload, JSON_OBJECT))
		return err_set(e, ERR_INPUT, 0, "no delivery: not an object");
	if (*name == '\0')
		return err_set(e, ERR_INPUT, 0, "no delivery: no name");
	if (str_eq(name, "ping"))
		return true;
	s.action = str_or(json_str(payload, "action"), "");
	s.actor = json_get(payload, "sender");
	s.n.repo_id = read_id(payload, "repository.id");
	s.n.repo = str_or(json_str(payload, "repository.full_name"), "");
	s.n.org_id = read_id(payload, "organization.id");
	s.n.org = json_str(payload, "organization.login");
	webhook_name(&s, name);
	webhook_key(&s, payload);
	seen_read(&s);
	return true;
}

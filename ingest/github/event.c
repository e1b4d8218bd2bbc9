/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event.c - see event.h. Who, where and when of an event of a feed or archive,
 * and what each type means: which hint, which documents. A type is a row here;
 * how its documents are made stands in event_doc.c and event_entity.c.
 */
#include "github/event_parts.h"
#include "base/clock.h"
#include "base/str.h"
#include "github/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
hints_add(struct hints *l, const struct hint *h)
{
	if (l->count == l->cap) {
		l->cap = l->cap > 0 ? l->cap * 2 : 1;	/* they are large, and few */
		l->hint = xrealloc(l->hint, l->cap * sizeof(struct hint));
	}
	l->hint[l->count++] = *h;
}

void
hints_fini(struct hints *l)
{
	free(l->hint);
	*l = (struct hints){ 0 };
}

const char *
event_sha(const struct json *j, const char *path)
{
	const char *s = json_str(j, path);
	size_t n = s != NULL ? strspn(s, "0123456789abcdef") : 0;

	return s != NULL && s[n] == '\0' && (n == 40 || n == 64) ? s : NULL;
}

const char *
event_push_head(const struct json *payload)
{
	const char *head = event_sha(payload, "head");

	return head != NULL ? head : event_sha(payload, "after");
}

void
event_word(const char *s, char word[65])
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_-";
	size_t n = strspn(s, plain);

	if (s[n] == '\0' && n > 0 && n <= 64)
		str_copy(word, 65, s);
	else
		digest_sha1(s, strlen(s), word);
}

/* The event's own id; of one that has none, a hash of all it says. */
static void
key_id(const struct json *event, char word[65])
{
	struct buf text = BUF((size_t)64 << 20);
	int64_t id;

	if (json_str(event, "id") != NULL) {
		event_word(json_str(event, "id"), word);
	} else if (json_int(event, "id", &id)) {
		snprintf(word, 65, "%lld", (long long)id);
	} else {
		json_print(event, &text);
		digest_sha1(buf_str(&text), text.len, word);
		buf_fini(&text);
	}
}

bool
event_time(const struct json *event, int64_t *ms)
{
	return read_date(event, "created_at", ms);
}

bool
event_key(const struct json *event, char *key, size_t size)
{
	const char *created = json_str(event, "created_at");
	char type[65], id[65], iso[CLOCK_TEXT];
	int64_t ms;
	int n;

	if (json_str(event, "type") == NULL || !event_time(event, &ms))
		return false;
	event_word(json_str(event, "type"), type);
	key_id(event, id);
	if (strlen(created) >= CLOCK_TEXT)
		created = clock_iso(ms, iso);
	n = snprintf(key, size, "%s:%lld:%s:%s", type,
	    (long long)read_id(event, "repo.id"), id, created);
	return n > 0 && (size_t)n < size;
}

/* A hint at a stream of the event's repository; NULL when nobody knows which. */
static struct hint *
hint_new(struct seen *s, enum stream_kind kind)
{
	struct hint h = { .repo_id = s->n.repo_id, .org_id = s->n.org_id,
	    .kind = kind, .at_ms = s->at_ms };

	if (h.repo_id == 0)
		return NULL;
	str_copy(h.repo, sizeof(h.repo), str_or(s->n.repo, ""));
	str_copy(h.org, sizeof(h.org), str_or(s->n.org, ""));
	hints_add(s->hints, &h);
	return &s->hints->hint[s->hints->count - 1];
}

static void
hint_number(struct seen *s, enum stream_kind kind, int64_t number)
{
	struct hint *h = hint_new(s, kind);

	if (h != NULL)
		h->number = number;
}

/* A ref that does not fit is left out: then it may be any. */
static void
hint_commits(struct seen *s, const char *ref, const char *before, const char *head)
{
	struct hint *h = hint_new(s, STREAM_COMMITS);

	if (h == NULL)
		return;
	if (!str_copy(h->ref, sizeof(h->ref), str_or(ref, "")))
		h->ref[0] = '\0';
	str_copy(h->before, sizeof(h->before), str_or(before, ""));
	str_copy(h->head, sizeof(h->head), str_or(head, ""));
}

static bool
recorded(const struct seen *s)
{
	return s->use == EVENT_RECORDED;
}

static void
read_push(struct seen *s)
{
	hint_commits(s, json_str(s->payload, "ref"), event_sha(s->payload, "before"),
	    event_push_head(s->payload));
	event_doc_push(s);
	if (recorded(s))
		event_doc_commits(s);
}

/* A branch that comes or goes: its creation shows as no push. A tag is no hint. */
static void
read_ref(struct seen *s)
{
	const char *type = json_str(s->payload, "ref_type");
	const char *ref = json_str(s->payload, "ref");
	const char *full = json_str(s->payload, "full_ref");
	char text[sizeof("refs/heads/") + 256] = "";

	if (full != NULL && str_starts(full, "refs/heads/"))
		str_copy(text, sizeof(text), full);
	else if (ref != NULL && str_starts(ref, "refs/heads/"))
		str_copy(text, sizeof(text), ref);
	else if (ref != NULL && strlen(ref) < 256)
		snprintf(text, sizeof(text), "refs/heads/%s", ref);
	if (str_eq(type, "branch") || str_eq(type, "repository"))
		hint_commits(s, text, NULL, NULL);
	event_doc_other(s);
}

int64_t
event_pull_number(const struct seen *s)
{
	int64_t number = read_id(s->payload, "pull_request.number");

	return number > 0 ? number : read_id(s->payload, "number");
}

static void
read_pull(struct seen *s)
{
	hint_number(s, STREAM_PULLS, event_pull_number(s));
	if (recorded(s))
		event_doc_pull(s);
}

static void
read_review(struct seen *s)
{
	hint_number(s, STREAM_PULLS, event_pull_number(s));
	if (recorded(s))
		event_doc_review(s);
}

static void
read_review_comment(struct seen *s)
{
	hint_number(s, STREAM_PULLS, event_pull_number(s));
	if (recorded(s))
		event_doc_review_comment(s);
}

/* A conversation that was resolved, or opened again. */
static void
read_thread(struct seen *s)
{
	hint_number(s, STREAM_PULLS, event_pull_number(s));
}

static void
read_issue(struct seen *s)
{
	hint_number(s, event_on_pull(s) ? STREAM_PULLS : STREAM_ISSUES,
	    read_id(s->payload, "issue.number"));
	if (recorded(s))
		event_doc_issue(s);
}

bool
event_on_pull(const struct seen *s)
{
	return json_is(json_get(s->payload, "issue.pull_request"), JSON_OBJECT);
}

static void
read_issue_comment(struct seen *s)
{
	hint_number(s, event_on_pull(s) ? STREAM_PULLS : STREAM_ISSUES,
	    read_id(s->payload, "issue.number"));
	if (recorded(s))
		event_doc_issue_comment(s);
}

static void
read_release(struct seen *s)
{
	struct hint *h = hint_new(s, STREAM_RELEASES);

	if (h != NULL)
		h->release_id = read_id(s->payload, "release.id");
	if (recorded(s))
		event_doc_release(s);
}

/*
 * Where GitHub shows the thing elsewhere, the actions we know of feeds and
 * webhooks: one that is not among them is kept as it is, beside the hint.
 */
#define PULL_ACTIONS							\
	" opened closed merged reopened assigned unassigned labeled unlabeled edited" \
	" synchronize ready_for_review converted_to_draft review_requested" \
	" review_request_removed milestoned demilestoned locked unlocked enqueued" \
	" dequeued auto_merge_enabled auto_merge_disabled "
#define ISSUE_ACTIONS							\
	" opened closed reopened assigned unassigned labeled unlabeled edited deleted" \
	" transferred pinned unpinned locked unlocked milestoned demilestoned typed" \
	" untyped "

static const struct {
	const char	*type;
	const char	*actions;	/* NULL: read decides */
	void		(*read)(struct seen *s);
} types[] = {
	{ "PushEvent", NULL, read_push },
	{ "PullRequestEvent", PULL_ACTIONS, read_pull },
	{ "PullRequestReviewEvent",
	    " created submitted edited updated dismissed ",
	    read_review },
	{ "PullRequestReviewCommentEvent",
	    " created edited deleted ",
	    read_review_comment },
	{ "PullRequestReviewThreadEvent", " ", read_thread },
	{ "IssuesEvent", ISSUE_ACTIONS, read_issue },
	{ "IssueCommentEvent",
	    " created edited deleted ",
	    read_issue_comment },
	{ "ReleaseEvent",
	    " published created edited deleted prereleased released unpublished ",
	    read_release },
	{ "CreateEvent", NULL, read_ref },
	{ "DeleteEvent", NULL, read_ref },
	{ "ForkEvent", NULL, event_doc_fork },
	{ "WatchEvent", NULL, event_doc_star },
	{ "MemberEvent", NULL, event_doc_member },
	{ "CommitCommentEvent", NULL, event_doc_commit_comment },
};

/* Is the action among those of a row? */
static bool
knows(const char *actions, const char *action)
{
	char word[64];
	int n = snprintf(word, sizeof(word), " %s ", action);

	return n > 2 && (size_t)n < sizeof(word) && strchr(action, ' ') == NULL &&
	    strstr(actions, word) != NULL;
}

void
seen_read(struct seen *s)
{
	size_t docs = s->docs->count, hints = s->hints->count;
	bool known = true;

	for (size_t i = 0; i < LEN(types); i++) {
		if (!str_eq(types[i].type, s->type))
			continue;
		types[i].read(s);
		if (types[i].actions != NULL)
			known = knows(types[i].actions, s->action);
	}
	if (!known || (s->docs->count == docs &&
	    (recorded(s) || s->hints->count == hints)))
		event_doc_other(s);
}

bool
event_read(const struct normal *n, const struct json *event, enum event_use use,
    struct docs *docs, struct hints *hints, struct err *e)
{
	struct seen s = { .n = *n, .use = use, .docs = docs,
	    .hints = hints };

	if (!json_is(event, JSON_OBJECT))
		return err_set(e, ERR_INPUT, 0, "no event: not an object");
	if ((s.type = json_str(event, "type")) == NULL)
		return err_set(e, ERR_INPUT, 0, "no event: no type");
	if (!event_time(event, &s.at_ms))
		return err_set(e, ERR_INPUT, 0, "no event: no created_at");
	if (!event_key(event, s.key, sizeof(s.key)))
		die("event_key");
	s.source = use == EVENT_LIVE ? ENVELOPE_FEED : ENVELOPE_FILE;
	s.payload = json_get(event, "payload");
	s.event_id = json_get(event, "id");
	s.action = str_or(json_str(s.payload, "action"), "");
	s.actor = json_get(event, "actor");
	s.n.repo_id = read_id(event, "repo.id");
	s.n.repo = str_or(json_str(event, "repo.name"), "");
	s.n.org_id = read_id(event, "org.id");
	s.n.org = json_str(event, "org.login");
	seen_read(&s);
	return true;
}

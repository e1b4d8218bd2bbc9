/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event_entity.c - documents of what events carry of things that an API would
 * tell better: for recorded events, where nothing can be asked. They hold what the
 * payload has, are hubstash.partial, and lose against every copy that was asked
 * for. Fields as in docs/documents.md; "Partial" there says what they lack.
 *
 * A thing that has its own clock (updated_at) is versioned by it, else by the time
 * of the event, so that of several observations the last one stays in a store.
 */
#include "github/event_parts.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COMMITS_MAX	2048	/* GitHub's own ceiling in a webhook's push */

static struct doc *
entity_new(struct seen *s, const char *kind, int64_t ts_ms, const char *fmt, ...)
    PRINTF(4, 5);

static struct doc *
entity_new(struct seen *s, const char *kind, int64_t ts_ms, const char *fmt, ...)
{
	char id[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(id, sizeof(id), fmt, ap);
	va_end(ap);
	return envelope_new(&s->n, id, kind, ts_ms, s->source);
}

/* clock: what has an updated_at of its own, or NULL. */
static void
entity_end(struct seen *s, struct doc *d, const struct json *clock)
{
	int64_t ms;

	if (!read_date(clock, "updated_at", &ms))
		ms = s->at_ms;
	envelope_finish(d, &s->n, false, ms / 1000);
	docs_add(s->docs, d);
}

/* Of a webhook: is the push one of the default branch? Feeds do not tell. */
static bool
tells_default(const struct seen *s, bool *is_default)
{
	const char *ref = json_str(s->payload, "ref");
	const char *branch = json_str(s->payload, "repository.default_branch");

	if (branch == NULL || ref == NULL)
		return false;
	*is_default = str_starts(ref, "refs/heads/") &&
	    str_eq(ref + strlen("refs/heads/"), branch);
	return true;
}

static void
commit_people(struct seen *s, struct doc *d, const struct json *c)
{
	struct signature author = { .name = json_str(c, "author.name"),
	    .mail = json_str(c, "author.email"),
	    .login = json_str(c, "author.username") };
	struct people l = { 0 };

	people_of_commit(s->n.rules, &author, NULL, json_str(c, "message"),
	    s->n.keep_email, &l);
	envelope_people(d, &s->n, &l);
	people_fini(&l);
}

static void
commit_doc(struct seen *s, const struct json *c)
{
	const char *sha = event_sha(c, "sha");
	const char *committed = "committer.date";
	bool told, is_default = false;
	int64_t ts = s->at_ms;
	struct doc *d;

	if (sha == NULL)
		sha = event_sha(c, "id");
	told = tells_default(s, &is_default);
	/* What another branch has had before was told of then. */
	if (sha == NULL || (told && !is_default &&
	    json_is(json_get(c, "distinct"), JSON_BOOL) && !json_true(c, "distinct")))
		return;
	if (!read_date(c, committed, &ts)) {
		committed = "timestamp";
		if (!read_date(c, committed, &ts))
			ts = s->at_ms;
	}
	d = entity_new(s, "commit", ts, "commit:%lld:%s", (long long)s->n.repo_id, sha);
	commit_people(s, d, c);
	doc_str(d, "github.commit.sha", sha);
	put_commit_message(d, json_str(c, "message"));
	put_commit_authored(d, json_str(c, "author.date"));
	put_date(d, "github.commit.committed_at", c, committed);
	if (told)
		doc_bool(d, "github.commit.default_branch", is_default);
	entity_end(s, d, NULL);
}

void
event_doc_commits(struct seen *s)
{
	const struct json *commits = json_get(s->payload, "commits");

	if (s->n.repo_id == 0)
		return;
	for (size_t i = 0; i < json_len(commits) && i < COMMITS_MAX; i++)
		commit_doc(s, json_at(commits, i));
}

/* merged is an action of feeds since 2025; before, and in webhooks, a member. */
static const char *
pull_state(const struct seen *s, const struct json *pr)
{
	int64_t ms;

	if (str_eq(s->action, "merged") || json_true(pr, "merged") ||
	    read_date(pr, "merged_at", &ms))
		return "merged";
	if (json_str(pr, "state") != NULL)
		return json_str(pr, "state");
	if (str_eq(s->action, "closed"))
		return "closed";
	if (str_eq(s->action, "opened") || str_eq(s->action, "reopened"))
		return "open";
	return NULL;
}

/* Who opened, who merged. Of a stub the event's actor may tell. */
static void
pull_people(struct seen *s, struct doc *d, const struct json *pr)
{
	const struct json *by = json_get(pr, "merged_by");

	if (json_get(pr, "user") != NULL)
		envelope_account(d, &s->n, json_get(pr, "user"));
	else if (str_eq(s->action, "opened"))
		event_user(s, d, s->actor);
	if (by == NULL && str_eq(s->action, "merged"))
		by = s->actor;
	event_other_user(s, d, by, "github.pull_request.merged_by",
	    "github.pull_request.merged_by_id");
}

void
event_doc_pull(struct seen *s)
{
	const struct json *pr = json_get(s->payload, "pull_request");
	int64_t number = event_pull_number(s), created, ms;
	struct doc *d;

	if (number == 0 || s->n.repo_id == 0)
		return;
	if (!read_date(pr, "created_at", &created))
		created = s->at_ms;
	d = entity_new(s, "pull_request", created, "pr:%lld:%lld",
	    (long long)s->n.repo_id, (long long)number);
	pull_people(s, d, pr);
	doc_int(d, "github.pull_request.number", number);
	put_name(d, "github.pull_request.title", json_str(pr, "title"));
	put_lower(d, "github.pull_request.state", pull_state(s, pr));
	put_bool(d, "github.pull_request.draft", pr, "draft");
	put_date(d, "github.pull_request.created_at", pr, "created_at");
	put_date(d, "github.pull_request.updated_at", pr, "updated_at");
	put_date(d, "github.pull_request.merged_at", pr, "merged_at");
	put_date(d, "github.pull_request.closed_at", pr, "closed_at");
	put_count(d, "github.pull_request.additions", pr, "additions");
	put_count(d, "github.pull_request.deletions", pr, "deletions");
	put_count(d, "github.pull_request.changed_files", pr, "changed_files");
	put_count(d, "github.pull_request.commits", pr, "commits");
	put_count(d, "github.pull_request.comments", pr, "comments");
	put_labels(d, "github.pull_request.labels", json_get(pr, "labels"));
	if (read_date(pr, "created_at", &created) && read_date(pr, "merged_at", &ms)) {
		put_hours(d, "github.pull_request.hours_to_merge", created, ms);
		put_hours_bucket(d, "github.pull_request.merge_bucket", created, ms);
	}
	if (read_date(pr, "created_at", &created) && read_date(pr, "closed_at", &ms))
		put_hours(d, "github.pull_request.hours_to_close", created, ms);
	put_text(d, "github.pull_request.url", json_str(pr, "html_url"), TEXT_URL);
	entity_end(s, d, pr);
}

/* The author of the pull request that is reviewed, where it tells. */
static void
review_pull_author(struct seen *s, struct doc *d, const struct json *reviewer)
{
	const struct json *author = json_get(s->payload, "pull_request.user");
	struct person a = { 0 }, r = { 0 };

	if (author == NULL)
		return;
	if (!person_account(s->n.rules, author, &a))
		person_ghost(&a);
	if (!person_account(s->n.rules, reviewer, &r))
		person_ghost(&r);
	put_text(d, "github.review.pull_author", a.name, TEXT_OTHER);
	put_text(d, "github.review.pull_author_id", a.key, TEXT_OTHER);
	envelope_related(d, a.name);
	doc_bool(d, "github.review.pull_author_bot", a.class != PERSON_HUMAN);
	doc_bool(d, "github.review.self", str_eq(a.key, r.key));
	person_fini(&a);
	person_fini(&r);
}

void
event_doc_review(struct seen *s)
{
	const struct json *r = json_get(s->payload, "review");
	int64_t id = read_id(r, "id"), number = event_pull_number(s), submitted;
	struct doc *d;

	if (id == 0 || number == 0 || !read_date(r, "submitted_at", &submitted) ||
	    str_eqi(str_or(json_str(r, "state"), ""), "pending"))
		return;
	d = entity_new(s, "review", submitted, "review:%lld", (long long)id);
	event_user(s, d, json_get(r, "user"));
	put_id(d, "github.review.id", id);
	put_lower(d, "github.review.state", json_str(r, "state"));
	doc_int(d, "github.review.number", number);
	review_pull_author(s, d, json_get(r, "user"));
	put_text(d, "github.review.url", json_str(r, "html_url"), TEXT_URL);
	entity_end(s, d, json_get(s->payload, "pull_request"));
}

/* A comment in the conversation, or on a line of a pull request. */
static void
comment_doc(struct seen *s, const char *kind, int64_t number, bool on_pull)
{
	const struct json *c = json_get(s->payload, "comment");
	int64_t id = read_id(c, "id"), created;
	struct doc *d;

	if (id == 0 || number == 0 || !read_date(c, "created_at", &created))
		return;
	d = entity_new(s, kind, created, "%s:%lld", kind, (long long)id);
	event_user(s, d, json_get(c, "user"));
	put_id(d, "github.comment.id", id);
	doc_int(d, "github.comment.number", number);
	doc_bool(d, "github.comment.pull", on_pull);
	if (str_eq(kind, "review_comment"))
		doc_bool(d, "github.comment.reply", read_id(c, "in_reply_to_id") > 0);
	put_text(d, "github.comment.url", json_str(c, "html_url"), TEXT_URL);
	entity_end(s, d, c);
}

void
event_doc_review_comment(struct seen *s)
{
	comment_doc(s, "review_comment", event_pull_number(s), true);
}

/* The issue comes whole with its comment; a pull request's does not. */
void
event_doc_issue_comment(struct seen *s)
{
	comment_doc(s, "issue_comment", read_id(s->payload, "issue.number"),
	    event_on_pull(s));
	event_doc_issue(s);
}

void
event_doc_issue(struct seen *s)
{
	const struct json *i = json_get(s->payload, "issue");
	int64_t number = read_id(i, "number"), created, closed;
	struct doc *d;

	if (number == 0 || s->n.repo_id == 0 || event_on_pull(s) ||
	    !read_date(i, "created_at", &created))
		return;
	d = entity_new(s, "issue", created, "issue:%lld:%lld", (long long)s->n.repo_id,
	    (long long)number);
	event_user(s, d, json_get(i, "user"));
	doc_int(d, "github.issue.number", number);
	put_name(d, "github.issue.title", json_str(i, "title"));
	put_lower(d, "github.issue.state", json_str(i, "state"));
	put_lower(d, "github.issue.state_reason", json_str(i, "state_reason"));
	put_date(d, "github.issue.created_at", i, "created_at");
	put_date(d, "github.issue.updated_at", i, "updated_at");
	put_date(d, "github.issue.closed_at", i, "closed_at");
	put_count(d, "github.issue.comments", i, "comments");
	put_labels(d, "github.issue.labels", json_get(i, "labels"));
	if (read_date(i, "closed_at", &closed))
		put_hours(d, "github.issue.hours_to_close", created, closed);
	put_text(d, "github.issue.url", json_str(i, "html_url"), TEXT_URL);
	entity_end(s, d, i);
}

void
event_doc_release(struct seen *s)
{
	const struct json *r = json_get(s->payload, "release");
	int64_t id = read_id(r, "id"), published;
	struct doc *d;

	if (id == 0 || json_true(r, "draft") || !read_date(r, "published_at", &published))
		return;
	d = entity_new(s, "release", published, "release:%lld", (long long)id);
	if (json_is(json_get(r, "author"), JSON_OBJECT))
		envelope_account(d, &s->n, json_get(r, "author"));
	put_id(d, "github.release.id", id);
	put_text(d, "github.release.tag", json_str(r, "tag_name"), TEXT_OTHER);
	put_name(d, "github.release.name", json_str(r, "name"));
	put_bool(d, "github.release.prerelease", r, "prerelease");
	put_date(d, "github.release.created_at", r, "created_at");
	put_date(d, "github.release.published_at", r, "published_at");
	put_text(d, "github.release.url", json_str(r, "html_url"), TEXT_URL);
	entity_end(s, d, r);
}

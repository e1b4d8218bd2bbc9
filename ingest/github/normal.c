/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal.c - see normal.h: issues and releases. Pull requests are in
 * normal_pull.c, commits in normal_commit.c, comments in normal_talk.c.
 */
#include "github/normal.h"
#include "github/envelope.h"
#include "github/normal_talk.h"

#include <inttypes.h>
#include <stdlib.h>

bool
normal_issue(const struct normal *n, const struct json *node, struct docs *out)
{
	int64_t number = read_id(node, "number"), created, updated, closed;
	struct doc *d;
	char *id;

	if (number == 0 || !read_date(node, "createdAt", &created))
		return false;
	if (!read_date(node, "updatedAt", &updated))
		updated = created;
	id = xasprintf("issue:%" PRId64 ":%" PRId64, n->repo_id, number);
	d = envelope_new(n, id, "issue", created, ENVELOPE_API);
	free(id);
	envelope_account(d, n, json_get(node, "author"));
	doc_int(d, "github.issue.number", number);
	put_name(d, "github.issue.title", json_str(node, "title"));
	put_lower(d, "github.issue.state", json_str(node, "state"));
	put_lower(d, "github.issue.state_reason", json_str(node, "stateReason"));
	doc_time(d, "github.issue.created_at", created);
	put_date(d, "github.issue.updated_at", node, "updatedAt");
	if (read_date(node, "closedAt", &closed)) {
		doc_time(d, "github.issue.closed_at", closed);
		put_hours(d, "github.issue.hours_to_close", created, closed);
	}
	put_count(d, "github.issue.comments", node, "comments.totalCount");
	put_labels(d, "github.issue.labels", json_get(node, "labels.nodes"));
	put_text(d, "github.issue.url", json_str(node, "url"), TEXT_URL);
	envelope_finish(d, n, true, updated / 1000);
	docs_add(out, d);
	talk_nodes(n, json_get(node, "comments"), number, false, out);
	return true;
}

/* The author is nobody rather than ghost: GraphQL shows users only. */
static void
put_publisher(struct doc *d, const struct normal *n, const struct json *author)
{
	struct person p;

	person_account(n->rules, author, &p);
	envelope_person(d, n, &p);
	person_fini(&p);
}

bool
normal_release(const struct normal *n, const struct json *node, struct docs *out)
{
	int64_t number = read_id(node, "databaseId"), published, updated;
	struct doc *d;
	char *id;

	if (number == 0)
		return false;
	if (json_true(node, "isDraft") ||
	    json_is(json_get(node, "publishedAt"), JSON_NULL))
		return true;		/* not one yet */
	if (!read_date(node, "publishedAt", &published))
		return false;
	if (!read_date(node, "updatedAt", &updated))
		updated = published;
	id = xasprintf("release:%" PRId64, number);
	d = envelope_new(n, id, "release", published, ENVELOPE_API);
	free(id);
	put_publisher(d, n, json_get(node, "author"));
	put_id(d, "github.release.id", number);
	put_text(d, "github.release.tag", json_str(node, "tagName"), TEXT_OTHER);
	put_name(d, "github.release.name", json_str(node, "name"));
	put_bool(d, "github.release.prerelease", node, "isPrerelease");
	put_date(d, "github.release.created_at", node, "createdAt");
	doc_time(d, "github.release.published_at", published);
	put_text(d, "github.release.url", json_str(node, "url"), TEXT_URL);
	envelope_finish(d, n, true, updated / 1000);
	docs_add(out, d);
	return true;
}

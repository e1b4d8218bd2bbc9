/* SPDX-License-Identifier: Apache-2.0 */
/* nested.c - see nested.h. */
#include "sync/nested.h"
#include "base/clock.h"
#include "github/query.h"

static bool
has_more(const struct json *list, bool backwards)
{
	return json_true(list, backwards ? "pageInfo.hasPreviousPage" :
	    "pageInfo.hasNextPage") && json_str(list, backwards ?
	    "pageInfo.startCursor" : "pageInfo.endCursor") != NULL &&
	    json_len(json_get(list, "nodes")) < NESTED_MAX;
}

/* Whether the oldest comment that was read is still younger than the floor. */
static bool
above_floor(const struct json *list, int64_t floor_ms)
{
	const struct json *nodes = json_get(list, "nodes");
	const char *created;
	int64_t ms;

	for (size_t i = 0; i < json_len(nodes); i++) {
		created = json_str(json_at(nodes, i), "createdAt");
		if (created != NULL && clock_parse_iso(created, &ms, NULL) &&
		    ms < floor_ms)
			return false;
	}
	return true;
}

static bool
found(struct nested *n, struct json *list, const struct json *owner,
    const char *type, const char *field, const char *fragment, bool backwards)
{
	*n = (struct nested){ .list = list, .owner = json_str(owner, "id"),
	    .type = type, .field = field, .fragment = fragment,
	    .backwards = backwards, .cursor = json_str(list, backwards ?
	    "pageInfo.startCursor" : "pageInfo.endCursor") };
	return n->owner != NULL;
}

static bool
next_of_pull(struct json *node, struct nested *n)
{
	struct json *reviews = json_get(node, "reviews");
	struct json *nodes = json_get(reviews, "nodes");

	if (has_more(reviews, false))
		return found(n, reviews, node, "PullRequest", "reviews", "review",
		    false);
	for (size_t i = 0; i < json_len(nodes); i++) {
		struct json *review = json_at(nodes, i);
		struct json *comments = json_get(review, "comments");

		if (has_more(comments, false) && found(n, comments, review,
		    "PullRequestReview", "comments", "reviewComment", false))
			return true;
	}
	return false;
}

bool
nested_next(struct json *nodes, bool pulls, int64_t floor_ms, struct nested *n)
{
	for (size_t i = 0; i < json_len(nodes); i++) {
		struct json *node = json_at(nodes, i);
		struct json *comments = json_get(node, "comments");

		if (pulls && next_of_pull(node, n))
			return true;
		if (has_more(comments, true) && above_floor(comments, floor_ms) &&
		    found(n, comments, node, pulls ? "PullRequest" : "Issue",
		    "comments", "issueComment", true))
			return true;
	}
	return false;
}

void
nested_part(const struct nested *n, unsigned first, struct buf *part)
{
	buf_puts(part, "node(id:");
	query_string(part, n->owner);
	buf_printf(part, "){...on %s{%s(%s:%u,%s:", n->type, n->field,
	    n->backwards ? "last" : "first", first, n->backwards ? "before" : "after");
	query_string(part, n->cursor);
	buf_printf(part, "){pageInfo{%s}nodes{...%s}}}}", n->backwards ?
	    "hasPreviousPage startCursor" : "hasNextPage endCursor", n->fragment);
}

void
nested_put(const struct nested *n, const struct json *answer)
{
	const struct json *page = json_get(answer, n->field);
	const struct json *info = json_get(page, "pageInfo");
	const struct json *more = json_get(page, "nodes");
	struct json *nodes = json_get(n->list, "nodes");

	for (size_t i = 0; i < json_len(more); i++)
		json_push(nodes, json_copy(json_at(more, i)));
	if (json_is(info, JSON_OBJECT) && json_len(more) > 0)
		json_set(n->list, "pageInfo", json_copy(info));
	else
		json_del(n->list, "pageInfo");
}

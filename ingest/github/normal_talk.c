/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal_talk.c - see normal_talk.h and normal.h: comments, whether GraphQL or
 * the daily net told of them. Both make the same document.
 */
#include "github/normal_talk.h"
#include "base/str.h"
#include "github/envelope.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool
talk_add(const struct normal *n, const struct talk *t, struct docs *out)
{
	struct doc *d;
	char *id;

	if (t->id <= 0)
		return false;
	id = xasprintf("%s:%" PRId64, t->action, t->id);
	d = envelope_new(n, id, t->action, t->created_ms, ENVELOPE_API);
	free(id);
	envelope_account(d, n, t->author);
	put_id(d, "github.comment.id", t->id);
	if (t->number > 0) {
		doc_int(d, "github.comment.number", t->number);
		doc_bool(d, "github.comment.pull", t->pull);
	}
	if (str_eq(t->action, "review_comment"))
		doc_bool(d, "github.comment.reply", t->reply);
	put_text(d, "github.comment.url", t->url, TEXT_URL);
	envelope_finish(d, n, true, t->updated_ms / 1000);
	docs_add(out, d);
	return true;
}

bool
talk_node(const struct normal *n, const char *action, const struct json *node,
    int64_t number, bool pull, struct docs *out)
{
	struct talk t = { .action = action, .id = read_id(node, "fullDatabaseId"),
	    .number = number, .pull = pull, .url = json_str(node, "url"),
	    .reply = json_is(json_get(node, "replyTo"), JSON_OBJECT),
	    .author = json_get(node, "author") };

	if (!read_date(node, "createdAt", &t.created_ms))
		return false;
	if (!read_date(node, "updatedAt", &t.updated_ms))
		t.updated_ms = t.created_ms;
	return talk_add(n, &t, out);
}

void
talk_nodes(const struct normal *n, const struct json *comments, int64_t number,
    bool pull, struct docs *out)
{
	const struct json *nodes = json_get(comments, "nodes");

	for (size_t i = 0; i < json_len(nodes); i++)
		(void)!talk_node(n, "issue_comment", json_at(nodes, i), number, pull,
		    out);
}

/* The number at the end of an address such as …/issues/12; 0: none. */
static int64_t
number_at_end(const char *url)
{
	const char *slash = url != NULL ? strrchr(url, '/') : NULL;
	int64_t v = 0;

	return slash != NULL && str_i64(slash + 1, &v) && v > 0 ? v : 0;
}

static bool
rest_item(const struct normal *n, const struct json *item, struct talk *t,
    struct docs *out)
{
	t->id = read_id(item, "id");
	t->url = json_str(item, "html_url");
	t->author = json_get(item, "user");
	if (!read_date(item, "created_at", &t->created_ms))
		return false;
	if (!read_date(item, "updated_at", &t->updated_ms))
		t->updated_ms = t->created_ms;
	return talk_add(n, t, out);
}

bool
normal_rest_issue_comment(const struct normal *n, const struct json *item,
    struct docs *out)
{
	struct talk t = { .action = "issue_comment",
	    .number = number_at_end(json_str(item, "issue_url")) };
	const char *html = json_str(item, "html_url");
	char *in_pull = xasprintf("/pull/%" PRId64 "#", t.number);

	t.pull = html != NULL && strstr(html, in_pull) != NULL;
	free(in_pull);
	return rest_item(n, item, &t, out);
}

bool
normal_rest_review_comment(const struct normal *n, const struct json *item,
    struct docs *out)
{
	struct talk t = { .action = "review_comment", .pull = true,
	    .number = number_at_end(json_str(item, "pull_request_url")),
	    .reply = read_id(item, "in_reply_to_id") > 0 };

	return rest_item(n, item, &t, out);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* panel_document.c - see panel.h: a stored document as a row of a list. */
#include "base/base.h"
#include "store/panel.h"

/* A member of the row, and where its value may stand: the first that is there. */
static const struct {
	const char	*member;
	const char	*from[7];
} members[] = {
	{ "id", { "event.id" } },
	{ "kind", { "event.action" } },
	{ "time", { "@timestamp" } },
	{ "person", { "hubstash.person" } },
	{ "person_id", { "hubstash.person_id" } },
	{ "repository", { "github.repo" } },
	{ "repository_id", { "github.repo_id" } },
	{ "number", { "github.pull_request.number", "github.review.number",
	    "github.issue.number", "github.comment.number" } },
	{ "title", { "github.commit.headline", "github.pull_request.title",
	    "github.issue.title", "github.release.tag", "github.push.ref",
	    "github.ref.name" } },
	{ "state", { "github.pull_request.state", "github.review.state",
	    "github.issue.state" } },
	{ "url", { "github.pull_request.url", "github.review.url", "github.issue.url",
	    "github.comment.url", "github.release.url" } },
	{ "sha", { "github.commit.sha", "github.comment.sha", "github.push.head" } },
	{ "draft", { "github.pull_request.draft" } },
	{ "reviews", { "github.pull_request.reviews" } },
	{ "created", { "github.pull_request.created_at", "github.issue.created_at",
	    "github.release.created_at" } },
	{ "updated", { "github.pull_request.updated_at", "github.issue.updated_at" } },
};

struct json *
panel_document(const struct json *body)
{
	struct json *j = json_new_object();
	const struct json *value;

	for (size_t i = 0; i < LEN(members); i++) {
		value = NULL;
		for (size_t k = 0; k < LEN(members[i].from) && value == NULL; k++)
			if (members[i].from[k] != NULL)
				value = json_get(body, members[i].from[k]);
		if (value != NULL)
			json_set(j, members[i].member, json_copy(value));
	}
	return j;
}

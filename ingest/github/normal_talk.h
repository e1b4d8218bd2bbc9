/* SPDX-License-Identifier: Apache-2.0 */
/* normal_talk.h - comments, for the normalisers of what is commented on. */
#ifndef GITHUB_NORMAL_TALK_H
#define GITHUB_NORMAL_TALK_H

#include "github/normal.h"

/* A comment, in the names of GraphQL or of REST, brought to one shape. */
struct talk {
	const char		*action;	/* "issue_comment", "review_comment" */
	int64_t			 id, number;
	int64_t			 created_ms, updated_ms;
	bool			 pull, reply;	/* reply: of review_comment */
	const char		*url;
	const struct json	*author;
};

/* False, and nothing added, without an id. */
bool talk_add(const struct normal *n, const struct talk *t, struct docs *out);

/* From a node of GraphQL on the issue or pull request of that number. */
bool talk_node(const struct normal *n, const char *action, const struct json *node,
    int64_t number, bool pull, struct docs *out);

/* All comments of a node of that number. */
void talk_nodes(const struct normal *n, const struct json *comments, int64_t number,
    bool pull, struct docs *out);

#endif

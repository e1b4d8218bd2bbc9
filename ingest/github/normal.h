/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal.h - GitHub's answers into documents. Pure: an answer in, documents
 * out; nothing is asked, nothing is kept. What a document holds is the contract
 * in docs/documents.md.
 *
 * Every function returns false, and adds nothing, when the node lacks what a
 * document's identity needs (its id, number, SHA or date). Whatever else is
 * missing or of a wrong kind is left out of the document, never invented.
 */
#ifndef GITHUB_NORMAL_H
#define GITHUB_NORMAL_H

#include "data/doc.h"

struct people_rules;		/* github/people.h */

/* What is known beside the answer. Borrowed for the call. */
struct normal {
	const struct people_rules *rules;
	int64_t		 repo_id, org_id;
	const char	*repo;		/* "owner/name", as it is called now */
	const char	*org;		/* login; NULL: none */
	bool		 keep_email;	/* else addresses are hashed */
	int64_t		 look_s;	/* version of commits: GitHub's clock, seconds */
	int64_t		 now_ms;	/* event.ingested */
};

/*
 * Nodes of GraphQL with the fields of the fragments in github/query.h. A pull
 * request or issue must be whole: its nested lists (reviews, the comments of
 * each review, comments) carry all that was to be read, further pages appended
 * to their nodes. One call gives the documents of all of it.
 */
bool normal_commit(const struct normal *n, const struct json *node,
    bool default_branch, struct docs *out) MUST_CHECK;
bool normal_pull(const struct normal *n, const struct json *node,
    struct docs *out) MUST_CHECK;
bool normal_issue(const struct normal *n, const struct json *node,
    struct docs *out) MUST_CHECK;
bool normal_release(const struct normal *n, const struct json *node,
    struct docs *out) MUST_CHECK;

/* Items of REST's /issues/comments and /pulls/comments: the daily net. */
bool normal_rest_issue_comment(const struct normal *n, const struct json *item,
    struct docs *out) MUST_CHECK;
bool normal_rest_review_comment(const struct normal *n, const struct json *item,
    struct docs *out) MUST_CHECK;

/* A stored commit that lost the default branch. Its version stays. */
void normal_unflag(struct doc *commit);

/* The version a document of this kind has: see docs/documents.md, "Versions". */
int64_t normal_version(bool complete, int64_t seconds);

#endif

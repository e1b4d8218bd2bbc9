/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query.h - what is asked of GraphQL: the fields of each kind, once, as
 * fragments. A part of a query spreads them by name; query_finish adds the
 * definitions of those that were spread, also from within fragments.
 *
 *	census		on Repository: what the census compares. Its list
 *			releases{totalCount nodes[{databaseId updatedAt}]} has the
 *			newest one; latestRelease{databaseId updatedAt}
 *	censusPulls, censusIssues	pullRequests, issues alike, with number
 *	link		on Commit: oid committedDate
 *			links:parents(…){totalCount nodes{oid}}
 *	commit		on Commit: link and every field normal_commit reads
 *	pull		on PullRequest, with id, and pageInfo in each nested list:
 *			reviews(first:10){…review} comments(last:10){…issueComment}
 *	review		on PullRequestReview: comments(first:5){…reviewComment}
 *	reviewComment, issueComment
 *	issue		on Issue, comments(last:10){…issueComment}
 *	release		on Release
 *	actor		on Actor: who somebody is
 *
 * Each has id, but link and actor.
 */
#ifndef GITHUB_QUERY_H
#define GITHUB_QUERY_H

#include "base/buf.h"

/* parts: "a0:node(id:\"…\"){…} a1:…"; out: the whole query, with rateLimit. */
void query_finish(const struct buf *parts, struct buf *out);

/* A string in a query, quoted and escaped. */
void query_string(struct buf *out, const char *s);

#endif

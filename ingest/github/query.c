/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query.c - see query.h: the fragments, and a query out of parts. What is asked
 * here is what the normalisers read, and no more: each connection costs points.
 */
#include "github/query.h"

#include <string.h>

#define NEWEST	"first:1,orderBy:{field:UPDATED_AT,direction:DESC}"

static const struct fragment {
	const char	*name, *type, *fields;
} fragments[] = {
	{ "actor", "Actor",
	    "__typename login ...on User{databaseId} ...on Bot{databaseId} "
	    "...on Mannequin{databaseId} ...on Organization{databaseId} "
	    "...on EnterpriseUserAccount{user{databaseId}}" },
	{ "census", "Repository",
	    "id databaseId nameWithOwner isFork isMirror isArchived isPrivate "
	    "owner{__typename login ...on Organization{databaseId}} "
	    "defaultBranchRef{name target{oid}} "
	    "releases(first:1,orderBy:{field:CREATED_AT,direction:DESC}){totalCount "
	    "nodes{databaseId updatedAt}} latestRelease{databaseId updatedAt}" },
	{ "censusPulls", "Repository",
	    "pullRequests(" NEWEST "){totalCount nodes{number updatedAt}}" },
	{ "censusIssues", "Repository",
	    "issues(" NEWEST "){totalCount nodes{number updatedAt}}" },
	/* 100: a merge whose last parents are not seen would never close a walk. */
	{ "link", "Commit",
	    "oid committedDate links:parents(first:100){totalCount nodes{oid}}" },
	{ "commit", "Commit",
	    "id ...link message authoredDate additions deletions "
	    "changedFilesIfAvailable author{name email date user{login databaseId}} "
	    "authors(first:10){nodes{name email user{login databaseId}}}" },
	{ "pull", "PullRequest",
	    "id number title state isDraft createdAt updatedAt mergedAt closedAt url "
	    "additions deletions changedFiles author{...actor} mergedBy{...actor} "
	    "labels(first:30){nodes{name}} commits{totalCount} "
	    "comments(last:10){totalCount pageInfo{hasPreviousPage startCursor} "
	    "nodes{...issueComment}} "
	    "reviews(first:10){totalCount pageInfo{hasNextPage endCursor} "
	    "nodes{...review}}" },
	{ "review", "PullRequestReview",
	    "id fullDatabaseId state body submittedAt url author{...actor} "
	    "comments(first:5){pageInfo{hasNextPage endCursor} "
	    "nodes{...reviewComment}}" },
	{ "reviewComment", "PullRequestReviewComment",
	    "id fullDatabaseId createdAt updatedAt url replyTo{id} "
	    "author{...actor}" },
	{ "issueComment", "IssueComment",
	    "id fullDatabaseId createdAt updatedAt url author{...actor}" },
	{ "issue", "Issue",
	    "id number title state stateReason(enableDuplicate:true) createdAt "
	    "updatedAt closedAt url author{...actor} labels(first:30){nodes{name}} "
	    "comments(last:10){totalCount pageInfo{hasPreviousPage startCursor} "
	    "nodes{...issueComment}}" },
	{ "release", "Release",
	    "id databaseId tagName name isDraft isPrerelease createdAt updatedAt "
	    "publishedAt url author{...actor}" },
};

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (c >= '0' && c <= '9');
}

/* The end of the string that begins at the quote p. */
static const char *
over_string(const char *p)
{
	for (p++; *p != '\0' && *p != '"'; p++)
		if (*p == '\\' && p[1] != '\0')
			p++;
	return *p == '"' ? p + 1 : p;
}

/* Marks the fragments that text spreads, and those that they spread. */
static void
mark(const char *text, bool used[LEN(fragments)])
{
	const char *p = text;
	size_t n;

	while (*p != '\0') {
		if (*p == '"') {
			p = over_string(p);
			continue;
		}
		if (strncmp(p, "...", 3) != 0) {
			p++;
			continue;
		}
		p += 3;
		for (n = 0; is_name(p[n]); n++)
			continue;
		for (size_t i = 0; i < LEN(fragments); i++)
			if (!used[i] && strlen(fragments[i].name) == n &&
			    strncmp(fragments[i].name, p, n) == 0) {
				used[i] = true;
				mark(fragments[i].fields, used);
			}
	}
}

void
query_finish(const struct buf *parts, struct buf *out)
{
	bool used[LEN(fragments)] = { false };

	mark(buf_str(parts), used);
	buf_printf(out, "query{%s rateLimit{limit cost remaining used resetAt}}",
	    buf_str(parts));
	for (size_t i = 0; i < LEN(fragments); i++)
		if (used[i])
			buf_printf(out, " fragment %s on %s{%s}", fragments[i].name,
			    fragments[i].type, fragments[i].fields);
}

void
query_string(struct buf *out, const char *s)
{
	buf_json(out, s);
}

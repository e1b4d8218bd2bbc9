/* SPDX-License-Identifier: Apache-2.0 */
/* census_read.c - see census_read.h. */
#include "sync/census_read.h"
#include "base/str.h"
#include "github/limits.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_LEN	255

/* Names and ids go into questions: what is longer is none of GitHub's. */
static bool
is_short(const char *s)
{
	return s != NULL && strlen(s) <= NAME_MAX_LEN;
}

bool
census_repo(const struct json *node, struct census_repo *r)
{
	*r = (struct census_repo){
		.node_id = json_str(node, "id"),
		.name = json_str(node, "nameWithOwner"),
		.org = json_str(node, "owner.login"),
		.default_branch = json_str(node, "defaultBranchRef.name"),
		.head = json_str(node, "defaultBranchRef.target.oid"),
		.fork = json_true(node, "isFork"),
		.mirror = json_true(node, "isMirror"),
		.archived = json_true(node, "isArchived"),
		.is_private = json_true(node, "isPrivate"),
		.is_user = str_eq(json_str(node, "owner.__typename"), "User"),
	};
	json_int(node, "owner.databaseId", &r->org_id);
	return json_int(node, "databaseId", &r->id) && r->id > 0 &&
	    is_short(r->node_id) && is_short(r->name) && is_short(r->org);
}

/* "UPDATED NUMBER TOTAL" of a list with its newest. */
static char *
newest(const struct json *node, const char *list, const char *number)
{
	const struct json *l = json_get(node, list);
	const struct json *first = json_at(json_get(l, "nodes"), 0);
	int64_t n = 0, total = 0;

	if (l == NULL)
		return NULL;
	json_int(first, number, &n);
	json_int(l, "totalCount", &total);
	return xasprintf("%s %" PRId64 " %" PRId64, str_or(json_str(first, "updatedAt"),
	    "-"), n, total);
}

static char *
releases(const struct json *node)
{
	char *list = newest(node, "releases", "databaseId"), *text;
	int64_t n = 0;

	json_int(node, "latestRelease.databaseId", &n);
	text = xasprintf("%s %" PRId64 " %s", str_or(list, "-"), n,
	    str_or(json_str(node, "latestRelease.updatedAt"), "-"));
	free(list);
	return text;
}

char *
census_seen(const struct json *node, enum stream_kind kind)
{
	switch (kind) {
	case STREAM_COMMITS:
		return xasprintf("%s %s",
		    str_or(json_str(node, "defaultBranchRef.target.oid"), "-"),
		    str_or(json_str(node, "defaultBranchRef.name"), "-"));
	case STREAM_PULLS:
		return newest(node, "pullRequests", "number");
	case STREAM_ISSUES:
		return newest(node, "issues", "number");
	case STREAM_RELEASES:
		return releases(node);
	case STREAM_COMMENTS:
	case STREAM_KINDS:
		break;
	}
	return NULL;
}

static const struct {
	const char *field, *permission;
} parts[CENSUS_PARTS] = {
	[CENSUS_PULLS] = { "pullRequests", "pull_requests" },
	[CENSUS_ISSUES] = { "issues", "issues" },
	[CENSUS_BRANCH] = { "defaultBranchRef", "contents" },
	[CENSUS_RELEASES] = { "releases", "contents" },
	[CENSUS_LATEST] = { "latestRelease", "contents" },
};

const char *
census_permission(enum census_part part)
{
	return parts[part].permission;
}

/* Is this error about that part of a repository? */
static bool
is_about(const struct json *error, const char *field)
{
	const struct json *path = json_get(error, "path");

	for (size_t i = 0; i < json_len(path); i++)
		if (str_eq(json_text(json_at(path, i)), field))
			return true;
	return false;
}

bool
census_lacks(const struct json *errors, enum census_part part, const char **message)
{
	for (size_t i = 0; i < json_len(errors); i++) {
		const struct json *e = json_at(errors, i);

		if (limits_error(e) != VERDICT_FORBIDDEN ||
		    !is_about(e, parts[part].field))
			continue;
		*message = str_or(json_str(e, "message"), "forbidden");
		return true;
	}
	return false;
}

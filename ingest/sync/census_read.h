/* SPDX-License-Identifier: Apache-2.0 */
/*
 * census_read.h - what the census' answer says of a repository. Pure.
 */
#ifndef SYNC_CENSUS_READ_H
#define SYNC_CENSUS_READ_H

#include "base/stream.h"
#include "data/json.h"

/* Strings lie in the node. */
struct census_repo {
	int64_t		 id, org_id;
	const char	*node_id, *name, *org;
	const char	*default_branch, *head;	/* NULL: empty */
	bool		 fork, mirror, archived, is_private, is_user;
};

/* False when the node is no repository with all that names one. */
bool census_repo(const struct json *node, struct census_repo *r) MUST_CHECK;

/*
 * What is seen of a stream, as text that differs when something happened; NULL:
 * the census says nothing of it.
 */
char *census_seen(const struct json *node, enum stream_kind kind) MUST_CHECK;

/* What of a repository a token may not be allowed to read. */
enum census_part {
	CENSUS_PULLS,
	CENSUS_ISSUES,
	CENSUS_BRANCH,
	CENSUS_RELEASES,
	CENSUS_LATEST,
	CENSUS_PARTS
};

/* Whether the errors of an answer say that a part is refused, and how. */
bool census_lacks(const struct json *errors, enum census_part part,
    const char **message);
const char *census_permission(enum census_part part);	/* that it needs */

#endif

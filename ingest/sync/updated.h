/* SPDX-License-Identifier: Apache-2.0 */
/*
 * updated.h - the inside of looks at pull requests and issues, for
 * look_updated.c (the refresh, and reading a page) and look_updated_gap.c.
 *
 * A page goes through the same steps whoever asked for it:
 *
 *	updated_take ──► updated_nested ──► updated_emit ──► u->settled
 *	(nodes kept)     (lists inside)     (documents)
 */
#ifndef SYNC_UPDATED_H
#define SYNC_UPDATED_H

#include "sync/look.h"

struct updated {
	struct look	 l;		/* first */
	bool		 pulls;		/* else issues */
	int64_t		 floor_ms;	/* items updated before are not wanted */
	int64_t		 newest_ms, newest_number, oldest_ms;
	struct json	*nodes;		/* an array: the page, as far as it is wanted */
	bool		 reached;	/* the page went below the floor */
	char		*after;		/* where the page after it begins; NULL: the end */
	unsigned	 nested_first;
	int64_t		*number;	/* what hints named and no page showed */
	size_t		 numbers;
	bool		 restarted;	/* a page cursor was not taken any more */
	flow_step_fn	*settled;
	const char	*settled_name;
};

const char *updated_list(const struct updated *u);	/* "pullRequests" */
const char *updated_one(const struct updated *u);	/* "pullRequest" */
const char *updated_fragment(const struct updated *u);	/* "pull" */

/* Asks for a page of the list behind after (NULL: the newest). */
enum flow_next updated_ask(struct updated *u, const char *after, flow_step_fn *step,
    const char *name);
/* Asks again for less after LOOK_TOO_HEAVY, or ends the look as failed. */
enum flow_next updated_less(struct updated *u, flow_step_fn *again, const char *name);

/*
 * Keeps the nodes of a page that are not below the floor, forgets numbers that
 * it shows, and notes where it ends. False when the answer has no such list.
 */
bool updated_take(struct updated *u, const struct json *list) MUST_CHECK;
flow_step_fn updated_nested;

flow_step_fn updated_begin, updated_gap_begin;

#endif

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
	size_t		 emitted;	/* of them, when they became documents */
	bool		 reached;	/* the page went below the floor */
	char		*after;		/* where the next page begins; or NULL */
	unsigned	 nested_first;
	int64_t		*number;	/* what hints named and no page showed */
	size_t		 numbers;
	bool		 restarted;	/* a page cursor was not taken any more */
	int64_t		 count;		/* how many the list has; -1: it does not say */
	int64_t		 fresh;		/* of those kept, with numbers above known_top */
	int64_t		 top, known_top; /* the highest number, here and before */
	flow_step_fn	*settled;
	const char	*settled_name;
};

/* Of the newest item read, and the count and highest number when it was; -1: unknown. */
struct updated_cursor {
	int64_t	ms, number, count, top;
};

char *updated_cursor_text(const struct updated_cursor *c) MUST_CHECK;
bool updated_cursor_parse(const char *cursor, struct updated_cursor *c) MUST_CHECK;

/* Notes the count in c; what it says beyond what was read becomes a gap. */
void updated_account(struct updated *u, struct updated_cursor *c);
/* Whether the census saw more than this list shows. */
bool updated_is_behind(const struct updated *u);

const char *updated_list(const struct updated *u);	/* "pullRequests" */
const char *updated_one(const struct updated *u);	/* "pullRequest" */
const char *updated_fragment(const struct updated *u);	/* "pull" */

/* Asks for a page of the list behind after (NULL: the newest). */
enum flow_next updated_ask(struct updated *u, const char *after, flow_step_fn *step,
    const char *name);
/* Asks again for less after LOOK_TOO_HEAVY, or ends the look as failed. */
enum flow_next updated_less(struct updated *u, flow_step_fn *again, const char *name);

/*
 * Takes the nodes of a page out of the answer, as far as they are not below the
 * floor, forgets numbers that it shows, and notes where it ends. False when the
 * answer has no such list.
 */
bool updated_take(struct updated *u, struct json *list) MUST_CHECK;
/*
 * A page of one item, and GitHub answers for parts of it alone: the item becomes a
 * gap of its own, the page goes on without it. False: it is no such page.
 */
bool updated_apart(struct updated *u, struct json *list) MUST_CHECK;
flow_step_fn updated_nested;

flow_step_fn updated_begin, updated_gap_begin;

#endif

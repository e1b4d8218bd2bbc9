/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nested.h - the lists inside pull requests and issues, read to their end. Pure:
 * says which list of a page of nodes still has pages, how to ask for the next
 * one, and puts the answer where the normaliser looks for it.
 *
 *	reviews					forwards, to the end
 *	reviews.nodes[].comments		forwards, to the end
 *	comments				backwards, until older than a floor
 */
#ifndef SYNC_NESTED_H
#define SYNC_NESTED_H

#include "data/json.h"

#define NESTED_MAX	10000	/* items in one list; more are not read */

struct nested {
	struct json	*list;		/* the connection, inside the page */
	const char	*owner;		/* node id */
	const char	*type;		/* "PullRequest", "Issue", … of the owner */
	const char	*field;		/* "reviews" or "comments" */
	const char	*fragment;	/* of an item */
	const char	*cursor;
	bool		 backwards;
};

/*
 * The first list of the nodes (pulls: of pull requests, else of issues) that has
 * more to read; false when there is none. Valid until nodes is changed.
 */
bool nested_next(struct json *nodes, bool pulls, int64_t floor_ms,
    struct nested *n) MUST_CHECK;

/* The part of a query that asks for the next page of it. */
void nested_part(const struct nested *n, unsigned first, struct buf *part);

/*
 * Appends what came (value of the part). NULL, or what is no such page, ends the
 * list: its owner is gone.
 */
void nested_put(const struct nested *n, const struct json *answer);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk.h - which commits are new: the closed walk. Pure.
 *
 * From a target back through all parents, stopping at commits that are known.
 * Nodes come in pages that GitHub orders by date, so a page also lists commits
 * that lie behind known ones; those do not count. The walk is closed when every
 * parent of a commit it reached was reached too or is known; never with a commit
 * whose parents were not all listed.
 */
#ifndef SYNC_WALK_H
#define SYNC_WALK_H

#include "data/json.h"

#define SHA_SIZE	65	/* SHA-256 in hex and NUL; SHA-1 fits */

struct walk;

typedef bool walk_known_fn(void *arg, const char *sha);

struct walk *walk_new(const char *target);
void walk_free(struct walk *w);			/* NULL is fine */

/*
 * Adds a commit: {oid, links{totalCount nodes[{oid}]}}. With full, the node
 * carries a commit's fields and is kept (copied).
 */
void walk_add(struct walk *w, const struct json *node, bool full);

/* Walks anew with all that was added; true when it is closed. */
bool walk_close(struct walk *w, walk_known_fn *known, void *arg);

/* After walk_close: what was reached, newest first as far as pages tell. */
size_t walk_count(const struct walk *w);
const char *walk_sha(const struct walk *w, size_t i);
const struct json *walk_node(const struct walk *w, size_t i);	/* NULL: no fields yet */
/* Whether the walk ran into this known commit. */
bool walk_met(const struct walk *w, const char *sha);

#endif

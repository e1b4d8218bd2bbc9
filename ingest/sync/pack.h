/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack.h - parts of GraphQL queries, asked together: many streams share one
 * query by aliases. A query is made only when it can go, so what came meanwhile
 * goes with it. A query too heavy is asked again in halves, down to single parts.
 */
#ifndef SYNC_PACK_H
#define SYNC_PACK_H

#include "sync/client.h"

struct pack;
struct part;

struct part_answer {
	enum verdict	 verdict;	/* OK, PARTIAL, … GARBAGE */
	struct json	*value;		/* what there is; NULL it to keep it */
	struct json	*errors;	/* an array; the same */
	char		 why[256];
	int64_t		 date_ms, took_ms;
	int64_t		 cost;		/* points of the whole query */
};
typedef void part_fn(void *arg, struct part_answer *a);

struct pack *pack_new(struct loop *l, struct client *c);
void pack_free(struct pack *p);		/* nobody is answered; NULL is fine */

/* field: without alias, copied. weight: about how many nodes it may bring. */
struct part *pack_ask(struct pack *p, enum lane lane, const struct buf *field,
    unsigned weight, part_fn *fn, void *arg);
void part_cancel(struct part *t);	/* NULL is fine */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * budget.h - whether a request to GitHub may go now, and whose turn it is. Pure:
 * time is told, nothing is sent.
 *
 * A token has two buckets, REST (requests) and GraphQL (points), that the
 * headers of replies fill. Feeds may spend all but 5 % of an hour, all else
 * stops at the share left to the token's other users. Beside that: 8 requests
 * on their way, 2 of them GraphQL; one at a time until headers came; 900
 * requests a minute; GraphQL answers for 45 s of each minute at most.
 */
#ifndef SYNC_BUDGET_H
#define SYNC_BUDGET_H

#include "base/base.h"

enum lane {
	LANE_FEED,		/* feeds, and what must be known at once */
	LANE_CENSUS,
	LANE_LIVE,		/* refreshes */
	LANE_GAP,		/* history: a fifth of what these two spend */
	LANES,
};

enum bucket_kind { BUCKET_REST, BUCKET_GRAPHQL, BUCKETS };

struct bucket {
	int64_t		 limit, remaining, reset_ms;	/* limit 0: not known */
	bool		 heard;			/* a reply came, whatever its headers */
	unsigned	 inflight;
	int64_t		 cost;			/* of a request, by the last ones */
	int64_t		 stop_ms;		/* spent: nothing before */
	unsigned	 stops;			/* in a row that named no time */
};

#define BUDGET_WINDOW	60			/* seconds */

struct budget {
	double		 quota;			/* what we may use of an hour */
	struct bucket	 bucket[BUCKETS];
	int64_t		 pause_ms;		/* a secondary limit: nothing before */
	unsigned	 pauses;
	int64_t		 live, gaps;		/* spent lately, by lane */
	struct {
		int64_t	 second;
		int64_t	 points[BUCKETS];
		int64_t	 graphql_ms;
	} window[BUDGET_WINDOW];
};

/* It cannot go before something on its way comes back. */
#define BUDGET_FULL	INT64_C(-1)

void budget_init(struct budget *b, double quota);

/* Milliseconds until a request may go: 0 now, or BUDGET_FULL. */
int64_t budget_wait(const struct budget *b, enum bucket_kind k, enum lane lane,
    int64_t now_ms);

/* Is it the gaps' turn, if both they and live work wait? */
bool budget_gaps_first(const struct budget *b);

void budget_begin(struct budget *b, enum bucket_kind k, enum lane lane,
    int64_t now_ms);
void budget_end(struct budget *b, enum bucket_kind k, int64_t took_ms,
    int64_t now_ms);

/* What a reply said; limit -1: it has no such headers. */
void budget_told(struct budget *b, enum bucket_kind k, int64_t limit,
    int64_t remaining, int64_t reset_ms);
void budget_cost(struct budget *b, enum bucket_kind k, int64_t cost);

/* A bucket is spent, or all must stop; wait_ms 0: not said, 60 s and doubling. */
void budget_spent(struct budget *b, enum bucket_kind k, int64_t wait_ms,
    int64_t now_ms);
void budget_secondary(struct budget *b, int64_t wait_ms, int64_t now_ms);
void budget_well(struct budget *b, enum bucket_kind k);	/* an answer came */

#endif

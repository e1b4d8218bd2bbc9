/* SPDX-License-Identifier: Apache-2.0 */
/* When a request may go. Time is told, nothing is sent. */
#include "sync/budget.h"
#include "tap.h"

#define T0	INT64_C(1767225600000)
#define HOUR	(3600 * 1000)

static struct budget b;

static int64_t
wait_at(enum bucket_kind k, enum lane lane, int64_t now)
{
	return budget_wait(&b, k, lane, now);
}

/* A request that goes and comes back at once. */
static void
spend(enum bucket_kind k, enum lane lane, int64_t took, int64_t now)
{
	budget_begin(&b, k, lane, now);
	budget_end(&b, k, took, now);
}

static void
test_first(void)
{
	budget_init(&b, 0.8);
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0), 0, "the first goes at once");
	budget_begin(&b, BUCKET_REST, LANE_LIVE, T0);
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0), BUDGET_FULL,
	    "one at a time until headers came");
	is_int(wait_at(BUCKET_GRAPHQL, LANE_LIVE, T0), 0, "the other bucket apart");
	budget_end(&b, BUCKET_REST, 10, T0);
	budget_told(&b, BUCKET_REST, 5000, 4999, T0 + HOUR);
	for (int i = 0; i < 8; i++) {
		is_int(wait_at(BUCKET_REST, LANE_LIVE, T0), 0, "up to 8 on their way");
		budget_begin(&b, BUCKET_REST, LANE_LIVE, T0);
	}
	is_int(wait_at(BUCKET_REST, LANE_FEED, T0), BUDGET_FULL, "no ninth");
}

static void
test_graphql(void)
{
	budget_init(&b, 0.8);
	spend(BUCKET_GRAPHQL, LANE_CENSUS, 100, T0);
	budget_told(&b, BUCKET_GRAPHQL, 5000, 4999, T0 + HOUR);
	budget_begin(&b, BUCKET_GRAPHQL, LANE_LIVE, T0);
	budget_begin(&b, BUCKET_GRAPHQL, LANE_LIVE, T0);
	is_int(wait_at(BUCKET_GRAPHQL, LANE_LIVE, T0), BUDGET_FULL, "2 of GraphQL");
	budget_end(&b, BUCKET_GRAPHQL, 30000, T0 + 1000);
	budget_end(&b, BUCKET_GRAPHQL, 16000, T0 + 1000);
	is_int(wait_at(BUCKET_GRAPHQL, LANE_LIVE, T0 + 2000), 58000,
	    "46 s of answering: not before they are a minute old");
	is_int(wait_at(BUCKET_GRAPHQL, LANE_LIVE, T0 + 61000), 0, "a minute later");
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0 + 2000), 0, "REST does not care");
}

static void
test_shares(void)
{
	budget_init(&b, 0.8);
	spend(BUCKET_REST, LANE_LIVE, 1, T0);
	budget_told(&b, BUCKET_REST, 5000, 1001, T0 + HOUR);
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0), 0, "above a fifth: go");
	budget_told(&b, BUCKET_REST, 5000, 1000, T0 + HOUR);
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0), HOUR + 1000,
	    "a fifth is left to others: until the reset");
	is_int(wait_at(BUCKET_REST, LANE_GAP, T0), HOUR + 1000, "gaps alike");
	is_int(wait_at(BUCKET_REST, LANE_FEED, T0), 0, "feeds go on ...");
	budget_told(&b, BUCKET_REST, 5000, 250, T0 + HOUR);
	is_int(wait_at(BUCKET_REST, LANE_FEED, T0), HOUR + 1000, "... down to 5 %");
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0 + HOUR), 0, "a new hour");
	budget_begin(&b, BUCKET_REST, LANE_LIVE, T0 + HOUR);
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0 + HOUR), BUDGET_FULL,
	    "its first request goes alone");
}

static void
test_inflight_counts(void)
{
	budget_init(&b, 0.8);
	spend(BUCKET_GRAPHQL, LANE_LIVE, 1, T0);
	budget_cost(&b, BUCKET_GRAPHQL, 50);
	budget_told(&b, BUCKET_GRAPHQL, 5000, 1040, T0 + HOUR);
	is_int(wait_at(BUCKET_GRAPHQL, LANE_LIVE, T0), 0, "40 above the share: go");
	budget_begin(&b, BUCKET_GRAPHQL, LANE_LIVE, T0);
	is_int(wait_at(BUCKET_GRAPHQL, LANE_LIVE, T0), HOUR + 1000,
	    "what is on its way is spent already");
}

static void
test_enterprise(void)
{
	int n = 0;

	budget_init(&b, 0.8);
	while (n < 2000 && wait_at(BUCKET_REST, LANE_LIVE, T0 + n * 10) == 0) {
		spend(BUCKET_REST, LANE_LIVE, 5, T0 + n * 10);
		n++;
	}
	ok(n > 800 && n <= 900, "without headers: %d in a minute", n);
	ok(wait_at(BUCKET_REST, LANE_LIVE, T0 + n * 10) > 40000, "then it waits");
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0 + 70000), 0, "and goes on");
}

static void
test_stops(void)
{
	budget_init(&b, 0.8);
	spend(BUCKET_REST, LANE_LIVE, 1, T0);
	budget_secondary(&b, 30000, T0);
	is_int(wait_at(BUCKET_GRAPHQL, LANE_FEED, T0), 31000,
	    "a secondary limit stops everything, a second more than told");
	budget_init(&b, 0.8);
	spend(BUCKET_REST, LANE_LIVE, 1, T0);
	budget_secondary(&b, 0, T0);
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0), 60000, "no time told: 60 s");
	budget_secondary(&b, 0, T0 + 10);
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0), 60000,
	    "a second reply to the same rush adds nothing");
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0 + 60000), 0, "then one ...");
	budget_begin(&b, BUCKET_REST, LANE_LIVE, T0 + 60000);
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0 + 60000), BUDGET_FULL, "... alone");
	budget_end(&b, BUCKET_REST, 1, T0 + 60000);
	budget_secondary(&b, 0, T0 + 60000);
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0 + 60000), 120000, "doubling");
	budget_well(&b, BUCKET_REST);
	budget_secondary(&b, 0, T0 + 300000);
	is_int(wait_at(BUCKET_REST, LANE_LIVE, T0 + 300000), 60000,
	    "after an answer from the beginning");
}

static void
test_spent(void)
{
	budget_init(&b, 0.8);
	spend(BUCKET_REST, LANE_LIVE, 1, T0);
	budget_spent(&b, BUCKET_REST, 100000, T0);
	is_int(wait_at(BUCKET_REST, LANE_FEED, T0), 101000, "spent: until the reset");
	is_int(wait_at(BUCKET_GRAPHQL, LANE_FEED, T0), 0, "the other is not");
	budget_init(&b, 0.8);
	spend(BUCKET_REST, LANE_LIVE, 1, T0);
	budget_spent(&b, BUCKET_REST, 0, T0);
	budget_spent(&b, BUCKET_REST, 0, T0 + 60000);
	is_int(wait_at(BUCKET_REST, LANE_FEED, T0 + 60000), 120000,
	    "a reset in the past: 60 s, doubling");
}

static void
test_fifth(void)
{
	int64_t gaps = 0, n = 1000;

	budget_init(&b, 0.8);
	for (int64_t i = 0; i < n; i++) {
		enum lane lane = budget_gaps_first(&b) ? LANE_GAP : LANE_LIVE;

		gaps += lane == LANE_GAP;
		spend(BUCKET_REST, lane, 1, T0 + i * 1000);
	}
	ok(gaps > n / 5 - 20 && gaps < n / 5 + 20, "a fifth is the gaps': %lld of %lld",
	    (long long)gaps, (long long)n);
}

int
main(void)
{
	test_first();
	test_graphql();
	test_shares();
	test_inflight_counts();
	test_enterprise();
	test_stops();
	test_spent();
	test_fifth();
	return done();
}

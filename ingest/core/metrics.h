/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metrics.h - what the process counts. One table says each number's name, type,
 * unit and help; /metrics, /_node/stats and the docs are made from it.
 */
#ifndef CORE_METRICS_H
#define CORE_METRICS_H

#include "base/base.h"

enum metric {
	METRIC_DOCUMENTS_IN,
	METRIC_DOCUMENTS_DROPPED,
	METRIC_DOCUMENTS_SETTLED,
	METRIC_DOCUMENTS_UNSETTLED,
	METRIC_OUTPUT_STORED,
	METRIC_OUTPUT_AGAIN,
	METRIC_OUTPUT_REFUSED,
	METRIC_OUTPUT_BATCHES,
	METRIC_INPUT_PROBLEMS,
	METRIC_GITHUB_REQUESTS,
	METRIC_GITHUB_POINTS,
	METRIC_GITHUB_FAILURES,
	METRIC_GITHUB_REST_REMAINING,
	METRIC_GITHUB_REST_LIMIT,
	METRIC_GITHUB_GRAPHQL_REMAINING,
	METRIC_GITHUB_GRAPHQL_LIMIT,
	METRIC_GITHUB_REST_RESET,
	METRIC_GITHUB_GRAPHQL_RESET,
	METRIC_FEED_EVENTS,
	METRIC_FEED_LAG_SECONDS,
	METRIC_CENSUS_LAG_SECONDS,
	METRIC_REPOSITORIES,
	METRIC_STREAMS_DUE,
	METRIC_GAPS_OPEN,
	METRIC_STREAMS_PARKED,
	METRIC_OUTBOX,
	METRIC_DEAD_LETTERS,
	METRICS
};

struct metric_row {
	const char	*name;		/* without the prefix hubstash_ */
	bool		 gauge;		/* else a counter, whose name ends in _total */
	const char	*help;
};

const struct metric_row *metric_row(enum metric m);
void metric_add(enum metric m, int64_t n);
void metric_set(enum metric m, int64_t v);
int64_t metric_value(enum metric m);

#endif

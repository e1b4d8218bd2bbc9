/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.c - see metrics.h. A process has one set of numbers. */
#include "core/metrics.h"

static const struct metric_row rows[METRICS] = {
	[METRIC_DOCUMENTS_IN] = { "documents_in_total", false,
	    "Documents made by inputs." },
	[METRIC_DOCUMENTS_DROPPED] = { "documents_dropped_total", false,
	    "Documents dropped by filters." },
	[METRIC_DOCUMENTS_SETTLED] = { "documents_settled_total", false,
	    "Documents stored by every output, or durably a dead letter." },
	[METRIC_DOCUMENTS_UNSETTLED] = { "documents_unsettled", true,
	    "Documents on their way to an output." },
	[METRIC_OUTPUT_STORED] = { "output_stored_total", false,
	    "Documents an output stored, or found to hold newer already." },
	[METRIC_OUTPUT_AGAIN] = { "output_again_total", false,
	    "Documents an output could not store now; they are offered again." },
	[METRIC_OUTPUT_REFUSED] = { "output_refused_total", false,
	    "Documents an output refused for good: dead letters." },
	[METRIC_OUTPUT_BATCHES] = { "output_batches_total", false,
	    "Batches handed to outputs." },
	[METRIC_INPUT_PROBLEMS] = { "input_problems_total", false,
	    "Pieces of input that could not be read and were passed over." },
	[METRIC_GITHUB_REQUESTS] = { "github_requests_total", false,
	    "Requests sent to GitHub." },
	[METRIC_GITHUB_POINTS] = { "github_graphql_points_total", false,
	    "GraphQL points GitHub charged." },
	[METRIC_GITHUB_FAILURES] = { "github_failures_total", false,
	    "Requests that GitHub did not answer with what was asked for." },
	[METRIC_GITHUB_REST_REMAINING] = { "github_rest_remaining", true,
	    "REST requests left in this hour, as GitHub last said." },
	[METRIC_GITHUB_REST_LIMIT] = { "github_rest_limit", true,
	    "REST requests an hour, as GitHub last said." },
	[METRIC_GITHUB_GRAPHQL_REMAINING] = { "github_graphql_remaining", true,
	    "GraphQL points left in this hour, as GitHub last said." },
	[METRIC_GITHUB_GRAPHQL_LIMIT] = { "github_graphql_limit", true,
	    "GraphQL points an hour, as GitHub last said." },
	[METRIC_GITHUB_REST_RESET] = { "github_rest_reset_timestamp_seconds", true,
	    "When that hour of REST requests ends, in seconds since 1970." },
	[METRIC_GITHUB_GRAPHQL_RESET] = { "github_graphql_reset_timestamp_seconds", true,
	    "When that hour of GraphQL points ends, in seconds since 1970." },
	[METRIC_FEED_EVENTS] = { "feed_events_total", false,
	    "Events that a feed showed for the first time." },
	[METRIC_FEED_LAG_SECONDS] = { "feed_lag_seconds", true,
	    "Seconds since a feed was last read: of several, the one that waits "
	    "longest." },
	[METRIC_CENSUS_LAG_SECONDS] = { "census_lag_seconds", true,
	    "Seconds since all repositories were last listed, likewise." },
	[METRIC_REPOSITORIES] = { "repositories", true,
	    "Repositories that are followed." },
	[METRIC_STREAMS_DUE] = { "streams_due", true,
	    "Streams that wait to be read." },
	[METRIC_GAPS_OPEN] = { "gaps_open", true,
	    "Periods or keys known not to be held." },
	[METRIC_STREAMS_PARKED] = { "streams_parked", true,
	    "Streams and gaps given up until something changes." },
	[METRIC_OUTBOX] = { "outbox_documents", true,
	    "Documents of the feed alone, kept until they are settled." },
	[METRIC_DEAD_LETTERS] = { "dead_letters", true,
	    "Dead letters that wait to be looked at: `hubstash dlq list`." },
};

static int64_t values[METRICS];

const struct metric_row *
metric_row(enum metric m)
{
	return &rows[m];
}

void
metric_add(enum metric m, int64_t n)
{
	values[m] += n;
}

void
metric_set(enum metric m, int64_t v)
{
	values[m] = v;
}

int64_t
metric_value(enum metric m)
{
	return values[m];
}

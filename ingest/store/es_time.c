/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_time.c - see es_question.h: totals, and what is counted by time. A search a
 * kind, each with the ranges alone, is cheaper than one with kinds in each range;
 * the searches of a round run side by side.
 */
#include "base/str.h"
#include "store/es_query.h"

#define DISTINCT	60000	/* buckets; an answer may have 65,536 */
#define LATENCIES	100	/* time buckets in one search, of up to 500 each */
#define PRECISE		"\"precision_threshold\":40000"
#define TALK		"{\"terms\":{\"event.action\":[\"issue\",\"issue_comment\","	\
	"\"review_comment\",\"commit_comment\",\"release\"]}}"
#define COMMENTS	"{\"terms\":{\"event.action\":[\"issue_comment\","		\
	"\"review_comment\",\"commit_comment\"]}}"

/* The searches of totals, twice. */
enum { T_COUNTED, T_REPOS, T_TALK, T_MERGED, TOTALS };

/* How many there are, without telling them: exact as long as they fit. */
static void
add_distinct(struct es_question *q, const char *field)
{
	if (q->round == 0)
		buf_printf(&q->body, "\"hidden\":{\"terms\":{\"field\":\"%s\","
		    "\"size\":%d}},\"distinct\":{\"stats_bucket\":"
		    "{\"buckets_path\":\"hidden>_count\"}}", field, DISTINCT);
	else
		buf_printf(&q->body, "\"distinct\":{\"cardinality\":"
		    "{\"field\":\"%s\"," PRECISE "}}", field);
}

static void
ask_totals(struct es_question *q, int64_t from_ms, int64_t to_ms)
{
	struct es_docs docs = { .clause = ES_COUNTED, .from_ms = from_ms,
		.to_ms = to_ms };

	es_docs(q, &docs);
	es_aggs(q);
	buf_puts(&q->body, ES_KINDS ","
	    "\"additions\":{\"sum\":{\"field\":\"github.commit.additions\"}},"
	    "\"deletions\":{\"sum\":{\"field\":\"github.commit.deletions\"}},");
	add_distinct(q, "hubstash.credit_id");
	es_end(q);
	es_docs(q, &docs);
	es_aggs(q);
	add_distinct(q, "github.repo_id");
	es_end(q);
	docs.clause = TALK;
	es_docs(q, &docs);
	es_aggs(q);
	buf_puts(&q->body, ES_KINDS);
	es_end(q);
	docs.clause = ES_PULLS;
	docs.time = "github.pull_request.merged_at";
	docs.count = true;
	es_docs(q, &docs);
	es_aggs(q);
	es_end(q);
}

static void
totals_ask(struct es_question *q)
{
	int64_t from_ms = q->of->from_ms, to_ms = q->of->to_ms;

	ask_totals(q, from_ms, to_ms);
	ask_totals(q, from_ms - (to_ms - from_ms), from_ms);
}

static int64_t
distinct_of(const struct json *answer)
{
	return json_get(answer, "distinct.count") != NULL ?
	    es_number(answer, "distinct.count") : es_number(answer, "distinct.value");
}

static int64_t
comments_of(const struct json *answer)
{
	return es_kind(answer, "issue_comment") + es_kind(answer, "review_comment") +
	    es_kind(answer, "commit_comment");
}

static void
take_totals(struct es_question *q, size_t first)
{
	const struct json *counted = es_answer(q, first + T_COUNTED);
	const struct json *talk = es_answer(q, first + T_TALK);
	struct panel_row *r = panel_add(&q->p.rows, NULL, NULL);

	r->n[COL_PEOPLE] = distinct_of(counted);
	r->n[COL_REPOS] = distinct_of(es_answer(q, first + T_REPOS));
	r->n[COL_COMMITS] = es_kind(counted, "commit");
	r->n[COL_PULLS] = es_kind(counted, "pull_request");
	r->n[COL_REVIEWS] = es_kind(counted, "review");
	r->n[COL_ACTIVITY] = r->n[COL_COMMITS] + r->n[COL_PULLS] + r->n[COL_REVIEWS];
	r->n[COL_ADDITIONS] = es_number(counted, "additions.value");
	r->n[COL_DELETIONS] = es_number(counted, "deletions.value");
	r->n[COL_MERGED] = es_number(es_hits(q, first + T_MERGED), "total.value");
	r->n[COL_ISSUES] = es_kind(talk, "issue");
	r->n[COL_COMMENTS] = comments_of(talk);
	r->n[COL_RELEASES] = es_kind(talk, "release");
}

static enum es_took
totals_take(struct es_question *q)
{
	for (size_t i = 0; i < q->searches; i++)
		if (es_number(es_answer(q, i), "hidden.sum_other_doc_count") > 0)
			return ES_TOOK_ROUND;
	take_totals(q, 0);
	take_totals(q, TOTALS);
	return ES_TOOK_ALL;
}

const struct es_panel es_totals = { totals_ask, totals_take };

/* What a time bucket shows, and how it is counted. */
struct line {
	const char		*clause;
	enum panel_column	 column;
	const char		*time;		/* NULL: @timestamp */
	bool			 anybodys;
	const char		*sub;		/* counted in each bucket ... */
	const char		*path;		/* ... and where it stands */
};

static void
ask_lines(struct es_question *q, const struct line *line, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		es_docs(q, &(struct es_docs){ .clause = line[i].clause,
		    .time = line[i].time, .anybodys = line[i].anybodys });
		es_aggs(q);
		es_add_time(q, str_or(line[i].time, "@timestamp"), 0,
		    q->of->edge_count - 1);
		es_under(q, line[i].sub);
		es_end(q);
	}
}

static enum es_took
take_lines(struct es_question *q, const struct line *line, size_t n)
{
	size_t count = q->of->edge_count - 1;

	for (size_t k = 0; k < count; k++)
		panel_add(&q->p.rows, NULL, NULL);
	for (size_t i = 0; i < n; i++) {
		const struct json *time = es_buckets(es_answer(q, i), "time");

		if (json_len(time) != count)
			return ES_TOOK_BAD;
		for (size_t k = 0; k < count; k++)
			q->p.rows.row[k].n[line[i].column] = es_number(json_at(time, k),
			    str_or(line[i].path, "doc_count"));
	}
	return ES_TOOK_ALL;
}

static const struct line activity[] = {
	{ .clause = ES_COMMITS, .column = COL_COMMITS },
	{ .clause = ES_PULLS, .column = COL_PULLS },
	{ .clause = ES_REVIEWS, .column = COL_REVIEWS },
	{ .clause = "{\"term\":{\"event.action\":\"issue\"}}", .column = COL_ISSUES },
	{ .clause = COMMENTS, .column = COL_COMMENTS },
	{ .clause = "{\"term\":{\"event.action\":\"release\"}}",
	    .column = COL_RELEASES },
	{ .clause = ES_COUNTED, .column = COL_PEOPLE,
	    .sub = "\"people\":{\"cardinality\":{\"field\":\"hubstash.credit_id\","
	    PRECISE "}}", .path = "people.value" },
};

static void
activity_ask(struct es_question *q)
{
	ask_lines(q, activity, LEN(activity));
}

static enum es_took
activity_take(struct es_question *q)
{
	return take_lines(q, activity, LEN(activity));
}

const struct es_panel es_activity = { activity_ask, activity_take };

static const struct line flow[] = {
	{ .clause = ES_PULLS, .column = COL_PULLS },
	{ .clause = ES_PULLS, .column = COL_MERGED,
	    .time = "github.pull_request.merged_at" },
	{ .clause = ES_PULLS ",{\"term\":{\"github.pull_request.state\":\"closed\"}}",
	    .column = COL_CLOSED, .time = "github.pull_request.closed_at" },
};

static void
flow_ask(struct es_question *q)
{
	ask_lines(q, flow, LEN(flow));
}

static enum es_took
flow_take(struct es_question *q)
{
	return take_lines(q, flow, LEN(flow));
}

const struct es_panel es_flow = { flow_ask, flow_take };

static const struct line bots[] = {
	{ .clause = "{\"term\":{\"hubstash.bot\":false}}", .column = COL_HUMAN,
	    .anybodys = true },
	{ .clause = "{\"term\":{\"hubstash.bot\":true}}", .column = COL_BOT,
	    .anybodys = true },
};

static void
bots_ask(struct es_question *q)
{
	ask_lines(q, bots, LEN(bots));
	es_docs(q, &(struct es_docs){ .anybodys = true });
	es_aggs(q);
	buf_puts(&q->body, "\"agents\":{\"terms\":{\"field\":\"hubstash.agents\","
	    "\"size\":10000}}");
	es_end(q);
}

static enum es_took
bots_take(struct es_question *q)
{
	const struct json *agents = es_buckets(es_answer(q, LEN(bots)), "agents");

	for (size_t i = 0; i < json_len(agents); i++) {
		const struct json *b = json_at(agents, i);
		const char *name = json_str(b, "key");

		if (name != NULL)
			panel_add(&q->p.more, name, name)->n[COL_DOCUMENTS] =
			    es_number(b, "doc_count");
	}
	return take_lines(q, bots, LEN(bots));
}

const struct es_panel es_bots = { bots_ask, bots_take };

/* Hours to first review by when it was opened, to merge by when it was merged. */
static const struct {
	const char	*time, *buckets;
} latencies[2] = {
	{ "@timestamp", "github.pull_request.first_review_bucket" },
	{ "github.pull_request.merged_at", "github.pull_request.merge_bucket" },
};

static void
latency_ask(struct es_question *q)
{
	size_t count = q->of->edge_count - 1, last;

	for (size_t i = 0; i < count; i = last) {
		last = i + LATENCIES < count ? i + LATENCIES : count;
		for (size_t k = 0; k < LEN(latencies); k++) {
			es_docs(q, &(struct es_docs){ .clause = ES_PULLS,
			    .time = latencies[k].time, .from_ms = q->of->edges[i],
			    .to_ms = q->of->edges[last] });
			es_clause(q, "{\"exists\":{\"field\":\"%s\"}}",
			    latencies[k].buckets);
			es_aggs(q);
			es_add_time(q, latencies[k].time, i, last);
			buf_printf(&q->body, ",\"aggs\":{\"hours\":{\"terms\":"
			    "{\"field\":\"%s\",\"size\":%d}}}}", latencies[k].buckets,
			    PANEL_HOURS);
			es_end(q);
		}
	}
}

void
es_hours(const struct json *bucket, struct panel_hours *h)
{
	const struct json *hours = es_buckets(bucket, "hours");
	int64_t b;

	for (size_t i = 0; i < json_len(hours); i++)
		if (json_int(json_at(hours, i), "key", &b)) {
			b -= PANEL_HOURS_LOW;
			b = b < 0 ? 0 : b;
			b = b < PANEL_HOURS ? b : PANEL_HOURS - 1;
			h->n[b] += es_number(json_at(hours, i), "doc_count");
		}
}

static enum es_took
latency_take(struct es_question *q)
{
	size_t count = q->of->edge_count - 1;

	q->p.hours_count = 2 * count;
	q->p.hours = xcalloc(q->p.hours_count, sizeof(*q->p.hours));
	for (size_t s = 0; s < q->searches; s++) {
		const struct json *time = es_buckets(es_answer(q, s), "time");
		size_t first = s / 2 * LATENCIES;

		if (json_len(time) != (first + LATENCIES < count ? LATENCIES :
		    count - first))
			return ES_TOOK_BAD;
		for (size_t i = 0; i < json_len(time); i++)
			es_hours(json_at(time, i), &q->p.hours[2 * (first + i) + s % 2]);
	}
	return ES_TOOK_ALL;
}

const struct es_panel es_latency = { latency_ask, latency_take };

static void
punch_card_ask(struct es_question *q)
{
	es_docs(q, &(struct es_docs){ .clause = ES_COMMITS });
	es_aggs(q);
	buf_puts(&q->body, "\"days\":{\"terms\":{\"field\":\"github.commit.weekday\","
	    "\"size\":10},\"aggs\":{\"hours\":{\"terms\":{\"field\":"
	    "\"github.commit.hour\",\"size\":30}}}}");
	es_end(q);
}

static enum es_took
punch_card_take(struct es_question *q)
{
	const struct json *days = es_buckets(es_answer(q, 0), "days"), *hours;

	q->p.cell_count = 7 * 24;
	q->p.cells = xcalloc(q->p.cell_count, sizeof(*q->p.cells));
	for (size_t i = 0; i < json_len(days); i++) {
		int64_t day = es_number(json_at(days, i), "key");

		hours = es_buckets(json_at(days, i), "hours");
		for (size_t k = 0; k < json_len(hours); k++) {
			int64_t hour = es_number(json_at(hours, k), "key");

			if (day >= 1 && day <= 7 && hour >= 0 && hour < 24)
				q->p.cells[(day - 1) * 24 + hour] =
				    es_number(json_at(hours, k), "doc_count");
		}
	}
	return ES_TOOK_ALL;
}

const struct es_panel es_punch_card = { punch_card_ask, punch_card_take };

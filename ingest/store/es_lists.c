/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_lists.c - see es_question.h: lists of people, each with one order of its own:
 * who reviews, who is new, who has gone, whose address is nobody's.
 */
#include "base/map.h"
#include "base/str.h"
#include "store/es_query.h"

#define CREDIT		"hubstash.credit_id"
#define YEAR_MS		(365 * 86400000LL)

/* Those who may be shown; the next round is about them. */
static enum es_took
rank(struct es_question *q, enum panel_column by, enum es_took next)
{
	q->shown = es_ranked(q, &q->p.rows, by);
	for (size_t i = 0; i < q->shown; i++)
		es_want(q, &q->p.rows.row[i].name, q->p.rows.row[i].id, ES_PERSON);
	return q->shown > 0 ? next : ES_TOOK_ALL;
}

static void
add_reviewer(struct es_question *q, size_t list, const char *id,
    const struct json *bucket)
{
	UNUSED(list);
	panel_add(&q->p.rows, id, NULL)->n[COL_REVIEWS] = es_number(bucket, "doc_count");
}

static void
reviewers_ask(struct es_question *q)
{
	es_docs(q, &(struct es_docs){ .clause = ES_REVIEWS });
	if (q->round == 0) {
		es_aggs(q);
		es_add_all(q, CREDIT, NULL);
	} else {
		panel_sort(&q->p.rows, COL_REVIEWS, false);
		q->shown = panel_max(q->of) < q->shown ? panel_max(q->of) : q->shown;
		es_only(q, CREDIT, q->p.rows.row, q->shown);
		es_aggs(q);
		es_add_rows(q, "rows", CREDIT, q->p.rows.row, q->shown);
		es_under(q, "\"states\":{\"terms\":{\"field\":\"github.review.state\","
		    "\"size\":10}},\"authors\":{\"cardinality\":{\"field\":"
		    "\"github.review.pull_author\",\"precision_threshold\":40000}}");
	}
	es_end(q);
}

static void
take_states(struct panel_row *r, const struct json *states)
{
	static const struct {
		const char		*state;
		enum panel_column	 column;
	} columns[] = {
		{ "approved", COL_APPROVED }, { "changes_requested", COL_CHANGES },
		{ "commented", COL_COMMENTED }, { "dismissed", COL_DISMISSED },
	};

	for (size_t i = 0; i < json_len(states); i++)
		for (size_t k = 0; k < LEN(columns); k++)
			if (str_eq(json_str(json_at(states, i), "key"), columns[k].state))
				r->n[columns[k].column] = es_number(json_at(states, i),
				    "doc_count");
}

static enum es_took
reviewers_take(struct es_question *q)
{
	const struct json *buckets;
	enum es_took took;

	if (q->round == 0) {
		took = es_take_all(q, 1, add_reviewer);
		return took != ES_TOOK_ROUND ? took :
		    rank(q, COL_REVIEWS, ES_TOOK_ROUND);
	}
	buckets = es_buckets(es_answer(q, 0), "rows");
	es_index_rows(q, &q->p.rows, 0, q->shown);
	for (size_t i = 0; i < json_len(buckets); i++) {
		const struct json *b = json_at(buckets, i);
		struct panel_row *r = es_row(q, &q->p.rows, json_str(b, "key"));

		if (r == NULL)
			return ES_TOOK_BAD;
		take_states(r, es_buckets(b, "states"));
		r->n[COL_AUTHORS] = es_number(b, "authors.value");
	}
	return ES_TOOK_ALL;
}

const struct es_panel es_reviewers = { reviewers_ask, reviewers_take };

/* The first list tells who is not meant: they are kept in q->seen. */
static void
add_unless_seen(struct es_question *q, size_t list, const char *id,
    const struct json *bucket)
{
	struct panel_row *r;

	if (list == 0) {
		map_set(q->seen, id, q);
		return;
	}
	if (map_get(q->seen, id) != NULL)
		return;
	r = panel_add(&q->p.rows, id, NULL);
	r->n[COL_ACTIVITY] = es_number(bucket, "doc_count");
	r->n[COL_FIRST] = es_number(bucket, "first.value");
}

static void
ask_counted(struct es_question *q, int64_t from_ms, int64_t to_ms, const char *sub)
{
	es_docs(q, &(struct es_docs){ .clause = ES_COUNTED, .from_ms = from_ms,
	    .to_ms = to_ms });
	es_aggs(q);
	es_add_all(q, CREDIT, sub);
	es_end(q);
}

/* Who did something before the period, and who did in it. */
static void
newcomers_ask(struct es_question *q)
{
	ask_counted(q, 0, q->of->from_ms > 0 ? q->of->from_ms : 1, NULL);
	ask_counted(q, q->of->from_ms, q->of->to_ms,
	    "\"first\":{\"min\":{\"field\":\"@timestamp\"}}");
}

static enum es_took
newcomers_take(struct es_question *q)
{
	enum es_took took = es_take_all(q, 2, add_unless_seen);

	return took != ES_TOOK_ROUND ? took : rank(q, COL_FIRST, ES_TOOK_ALL);
}

const struct es_panel es_newcomers = { newcomers_ask, newcomers_take };

/* When those who are shown were last seen is asked for them alone. */
static void
ask_last(struct es_question *q, const char *clause, int64_t from_ms, int64_t to_ms)
{
	es_docs(q, &(struct es_docs){ .clause = clause, .from_ms = from_ms,
	    .to_ms = to_ms });
	es_only(q, CREDIT, q->p.rows.row, q->shown);
	es_aggs(q);
	es_add_rows(q, "rows", CREDIT, q->p.rows.row, q->shown);
	es_under(q, "\"first\":{\"min\":{\"field\":\"@timestamp\"}},"
	    "\"last\":{\"max\":{\"field\":\"@timestamp\"}}");
	es_end(q);
}

static enum es_took
take_last(struct es_question *q)
{
	const struct json *buckets = es_buckets(es_answer(q, 0), "rows");

	es_index_rows(q, &q->p.rows, 0, q->shown);
	for (size_t i = 0; i < json_len(buckets); i++) {
		const struct json *b = json_at(buckets, i);
		struct panel_row *r = es_row(q, &q->p.rows, json_str(b, "key"));

		if (r == NULL)
			return ES_TOOK_BAD;
		r->n[COL_FIRST] = es_number(b, "first.value");
		r->n[COL_LAST] = es_number(b, "last.value");
	}
	return ES_TOOK_ALL;
}

/* Who did something in the period, and who did in the year before it. */
static void
quiet_ask(struct es_question *q)
{
	int64_t from_ms = q->of->from_ms;

	if (q->round > 0) {
		ask_last(q, ES_COUNTED, from_ms - YEAR_MS, from_ms);
		return;
	}
	ask_counted(q, from_ms, q->of->to_ms, NULL);
	ask_counted(q, from_ms - YEAR_MS, from_ms, NULL);
}

static enum es_took
quiet_take(struct es_question *q)
{
	enum es_took took;

	if (q->round > 0)
		return take_last(q);
	took = es_take_all(q, 2, add_unless_seen);
	return took != ES_TOOK_ROUND ? took : rank(q, COL_ACTIVITY, ES_TOOK_ROUND);
}

const struct es_panel es_quiet = { quiet_ask, quiet_take };

static void
add_unlinked(struct es_question *q, size_t list, const char *id,
    const struct json *bucket)
{
	UNUSED(list);
	if (!str_starts(id, "mail:") && !str_starts(id, "name:"))
		return;
	panel_add(&q->p.rows, id, NULL)->n[COL_COMMITS] = es_number(bucket, "doc_count");
}

static void
unlinked_ask(struct es_question *q)
{
	if (q->round > 0) {
		ask_last(q, ES_COMMITS, 0, 0);
		return;
	}
	es_docs(q, &(struct es_docs){ .clause = ES_COMMITS });
	es_aggs(q);
	es_add_all(q, CREDIT, NULL);
	es_end(q);
}

static enum es_took
unlinked_take(struct es_question *q)
{
	enum es_took took;

	if (q->round > 0)
		return take_last(q);
	took = es_take_all(q, 1, add_unlinked);
	return took != ES_TOOK_ROUND ? took : rank(q, COL_COMMITS, ES_TOOK_ROUND);
}

const struct es_panel es_unlinked = { unlinked_ask, unlinked_take };

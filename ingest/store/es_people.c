/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_people.c - see es_question.h: people in order of a column, and what stands
 * beside them. First everybody is counted by that column alone; the other columns,
 * and the course of time, are asked for those who are shown.
 */
#include "store/es_query.h"
#include "store/panel_rank.h"

#include "base/base.h"

#define CREDIT		"hubstash.credit_id"
#define CELLS		20000	/* time buckets of people in one search */
#define REPOS		"{\"cardinality\":{\"field\":\"github.repo_id\","		\
	"\"precision_threshold\":40000}}"

/* How the column is counted that people are sorted by, and where it then stands. */
struct sorted {
	enum panel_column	 column;
	const char		*sub, *path;
};

static const struct sorted sorts[STORE_SORTS] = {
	[STORE_BY_ACTIVITY] = { COL_ACTIVITY, NULL, "doc_count" },
	[STORE_BY_COMMITS] = { COL_COMMITS, "\"v\":{\"filter\":" ES_COMMITS "}",
	    "v.doc_count" },
	[STORE_BY_PULLS] = { COL_PULLS, "\"v\":{\"filter\":" ES_PULLS "}",
	    "v.doc_count" },
	[STORE_BY_MERGED] = { COL_MERGED, "\"v\":{\"filter\":{\"term\":"
	    "{\"github.pull_request.state\":\"merged\"}}}", "v.doc_count" },
	[STORE_BY_REVIEWS] = { COL_REVIEWS, "\"v\":{\"filter\":" ES_REVIEWS "}",
	    "v.doc_count" },
	[STORE_BY_ADDITIONS] = { COL_ADDITIONS,
	    "\"v\":{\"sum\":{\"field\":\"github.commit.additions\"}}", "v.value" },
	[STORE_BY_DELETIONS] = { COL_DELETIONS,
	    "\"v\":{\"sum\":{\"field\":\"github.commit.deletions\"}}", "v.value" },
	[STORE_BY_REPOSITORIES] = { COL_REPOS, "\"v\":" REPOS, "v.value" },
	[STORE_BY_LAST] = { COL_LAST, "\"v\":{\"max\":{\"field\":\"@timestamp\"}}",
	    "v.value" },
	[STORE_BY_NAME] = { COL_ACTIVITY, NULL, "doc_count" },
};

static void
ask_everybody(struct es_question *q)
{
	es_docs(q, &(struct es_docs){ .clause = ES_COUNTED });
	es_aggs(q);
	es_add_all(q, CREDIT, sorts[q->of->sort].sub);
	es_end(q);
	es_docs(q, &(struct es_docs){ .all = true, .count = true });
	es_aggs(q);
	es_end(q);
}

static void
add_everybody(struct es_question *q, size_t list, const char *id,
    const struct json *bucket)
{
	const struct sorted *s = &sorts[q->of->sort];

	UNUSED(list);
	panel_add(&q->p.rows, id, NULL)->n[s->column] = es_number(bucket, s->path);
}

static enum es_took
take_everybody(struct es_question *q)
{
	enum es_took took = es_take_all(q, 1, add_everybody);
	size_t n;

	if (took != ES_TOOK_ROUND)
		return took;
	q->p.document_count = es_number(es_hits(q, 1), "total.value");
	n = panel_rank(q->of, &q->p.rows);
	for (size_t i = 0; i < n; i++)
		es_want(q, &q->p.rows.row[i].name, q->p.rows.row[i].id, ES_PERSON);
	return q->p.rows.n > 0 ? ES_TOOK_ROUND : ES_TOOK_ALL;
}

/* All columns of those who are shown, whose names are known now. */
static void
ask_shown(struct es_question *q)
{
	struct panel_rows *rows = &q->p.rows;

	q->from = rank_people(q->of, rows);
	q->shown = q->from + panel_max(q->of);
	q->shown = q->shown < rows->n ? q->shown : rows->n;
	es_docs(q, &(struct es_docs){ .clause = ES_COUNTED });
	es_only(q, CREDIT, rows->row + q->from, q->shown - q->from);
	es_aggs(q);
	es_add_rows(q, "rows", CREDIT, rows->row + q->from, q->shown - q->from);
	es_under(q, ES_KINDS ","
	    "\"merged\":{\"filter\":{\"term\":"
	    "{\"github.pull_request.state\":\"merged\"}}},"
	    "\"additions\":{\"sum\":{\"field\":\"github.commit.additions\"}},"
	    "\"deletions\":{\"sum\":{\"field\":\"github.commit.deletions\"}},"
	    "\"last\":{\"max\":{\"field\":\"@timestamp\"}},\"repositories\":" REPOS);
	es_end(q);
}

static void
take_shown(struct es_question *q)
{
	const struct json *buckets = es_buckets(es_answer(q, 0), "rows");

	es_index_rows(q, &q->p.rows, q->from, q->shown);
	for (size_t i = 0; i < json_len(buckets); i++) {
		const struct json *b = json_at(buckets, i);
		struct panel_row *r = es_row(q, &q->p.rows, json_str(b, "key"));

		if (r == NULL)
			continue;
		r->n[COL_ACTIVITY] = es_number(b, "doc_count");
		r->n[COL_COMMITS] = es_kind(b, "commit");
		r->n[COL_PULLS] = es_kind(b, "pull_request");
		r->n[COL_REVIEWS] = es_kind(b, "review");
		r->n[COL_MERGED] = es_number(b, "merged.doc_count");
		r->n[COL_ADDITIONS] = es_number(b, "additions.value");
		r->n[COL_DELETIONS] = es_number(b, "deletions.value");
		r->n[COL_LAST] = es_number(b, "last.value");
		r->n[COL_REPOS] = es_number(b, "repositories.value");
	}
}

static void
people_ask(struct es_question *q)
{
	if (q->round == 0)
		ask_everybody(q);
	else
		ask_shown(q);
}

static enum es_took
people_take(struct es_question *q)
{
	if (q->round == 0)
		return take_everybody(q);
	take_shown(q);
	return ES_TOOK_ALL;
}

const struct es_panel es_people = { people_ask, people_take };

/* The rows of one search of those over time. */
static size_t
rows_together(const struct es_question *q)
{
	size_t n = CELLS / (q->of->edge_count - 1);

	return n > 0 ? n : 1;
}

/* Each kind of activity of those shown, by time: a search a kind and some rows. */
static void
series_ask(struct es_question *q)
{
	static const char *const kinds[] = { ES_COMMITS, ES_PULLS, ES_REVIEWS };
	const struct panel_row *row;
	size_t n;

	people_ask(q);
	for (size_t i = 0; q->round > 0 && i < q->shown; i += n) {
		n = q->shown - i < rows_together(q) ? q->shown - i : rows_together(q);
		row = q->p.rows.row + i;
		for (size_t k = 0; k < LEN(kinds); k++) {
			es_docs(q, &(struct es_docs){ .clause = kinds[k] });
			es_only(q, CREDIT, row, n);
			es_aggs(q);
			es_add_rows(q, "rows", CREDIT, row, n);
			buf_puts(&q->body, ",\"aggs\":{");
			es_add_time(q, "@timestamp", 0, q->of->edge_count - 1);
			es_under(q, NULL);
			buf_puts(&q->body, "}}");
			es_end(q);
		}
	}
}

static bool
take_series(struct es_question *q, size_t search, size_t kind)
{
	const struct json *rows = es_buckets(es_answer(q, search), "rows");
	size_t count = q->of->edge_count - 1;

	for (size_t i = 0; i < json_len(rows); i++) {
		const struct json *b = json_at(rows, i), *time = es_buckets(b, "time");
		struct panel_row *r = es_row(q, &q->p.rows, json_str(b, "key"));
		size_t row = r != NULL ? (size_t)(r - q->p.rows.row) : 0;

		if (r == NULL || json_len(time) != count)
			return false;
		for (size_t k = 0; k < count; k++)
			q->p.cells[(row * count + k) * 3 + kind] =
			    es_number(json_at(time, k), "doc_count");
	}
	return true;
}

static enum es_took
series_take(struct es_question *q)
{
	if (q->round == 0)
		return take_everybody(q);
	take_shown(q);
	q->p.cell_count = q->shown * (q->of->edge_count - 1) * 3;
	q->p.cells = xcalloc(q->p.cell_count, sizeof(*q->p.cells));
	for (size_t i = 1; i < q->searches; i++)
		if (!take_series(q, i, (i - 1) % 3))
			return ES_TOOK_BAD;
	return ES_TOOK_ALL;
}

const struct es_panel es_series = { series_ask, series_take };

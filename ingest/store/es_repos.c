/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_repos.c - see es_question.h: repositories, who keeps them going, and who
 * reviews whom. First all are counted, then the rest is asked for those shown.
 */
#include "base/map.h"
#include "base/str.h"
#include "store/es_query.h"

#include <stdlib.h>
#include <string.h>

#define REPO		"github.repo_id"
#define CREDIT		"hubstash.credit_id"
#define AUTHOR		"github.review.pull_author"
#define ROWS		100	/* repositories in one search, of up to 500 hours each */
#define PEOPLE		60000	/* of a repository, in one answer */
#define TOP		10	/* people of a repository that are shown */

/* The searches of some repositories. */
enum { R_COUNTED, R_MERGED, R_ISSUES, R_OPEN, REPOS };

static void
add_repo(struct es_question *q, size_t list, const char *id, const struct json *bucket)
{
	UNUSED(list);
	panel_add(&q->p.rows, id, NULL)->n[COL_ACTIVITY] = es_number(bucket, "doc_count");
}

static size_t
cut(struct es_question *q, struct panel_rows *rows, enum panel_column by)
{
	size_t n = panel_max(q->of) < rows->n ? panel_max(q->of) : rows->n;

	panel_sort(rows, by, false);
	return n;
}

/* Those that may be shown: their names, before the next round. */
static enum es_took
rank(struct es_question *q, enum panel_column by)
{
	q->shown = es_ranked(q, &q->p.rows, by);
	for (size_t i = 0; i < q->shown; i++)
		es_want(q, &q->p.rows.row[i].name, q->p.rows.row[i].id, ES_REPO);
	return q->shown > 0 ? ES_TOOK_ROUND : ES_TOOK_ALL;
}

static void
ask_repos(struct es_question *q, const struct es_docs *docs,
    const struct panel_row *row, size_t n, const char *sub)
{
	es_docs(q, docs);
	es_only(q, REPO, row, n);
	es_aggs(q);
	es_add_rows(q, "rows", REPO, row, n);
	es_under(q, sub);
	es_end(q);
}

static void
ask_some(struct es_question *q, const struct panel_row *row, size_t n)
{
	ask_repos(q, &(struct es_docs){ .clause = ES_COUNTED }, row, n, ES_KINDS ","
	    "\"additions\":{\"sum\":{\"field\":\"github.commit.additions\"}},"
	    "\"deletions\":{\"sum\":{\"field\":\"github.commit.deletions\"}},"
	    "\"last\":{\"max\":{\"field\":\"@timestamp\"}},\"people\":{\"cardinality\":"
	    "{\"field\":\"" CREDIT "\",\"precision_threshold\":40000}}");
	ask_repos(q, &(struct es_docs){ .clause = ES_PULLS ",{\"term\":"
	    "{\"github.pull_request.state\":\"merged\"}}" }, row, n,
	    "\"hours\":{\"terms\":{\"field\":\"github.pull_request.merge_bucket\","
	    "\"size\":500}}");
	ask_repos(q, &(struct es_docs){ .clause = "{\"term\":"
	    "{\"event.action\":\"issue\"}}" }, row, n, NULL);
	ask_repos(q, &(struct es_docs){ .any_time = true, .clause = ES_PULLS ","
	    "{\"term\":{\"github.pull_request.state\":\"open\"}}" }, row, n, NULL);
}

static void
repositories_ask(struct es_question *q)
{
	size_t n;

	if (q->round == 0) {
		es_docs(q, &(struct es_docs){ .clause = ES_COUNTED });
		es_aggs(q);
		es_add_all(q, REPO, NULL);
		es_end(q);
		return;
	}
	q->shown = cut(q, &q->p.rows, COL_ACTIVITY);
	for (size_t i = 0; i < q->shown; i += n) {
		n = q->shown - i < ROWS ? q->shown - i : ROWS;
		ask_some(q, q->p.rows.row + i, n);
	}
}

static void
take_repo(struct panel_row *r, size_t search, const struct json *b)
{
	switch (search) {
	case R_COUNTED:
		r->n[COL_COMMITS] = es_kind(b, "commit");
		r->n[COL_PULLS] = es_kind(b, "pull_request");
		r->n[COL_REVIEWS] = es_kind(b, "review");
		r->n[COL_ADDITIONS] = es_number(b, "additions.value");
		r->n[COL_DELETIONS] = es_number(b, "deletions.value");
		r->n[COL_LAST] = es_number(b, "last.value");
		r->n[COL_PEOPLE] = es_number(b, "people.value");
		break;
	case R_MERGED:
		r->n[COL_MERGED] = es_number(b, "doc_count");
		if (r->hours == NULL)
			r->hours = xcalloc(1, sizeof(*r->hours));
		es_hours(b, r->hours);
		break;
	case R_ISSUES:
		r->n[COL_ISSUES] = es_number(b, "doc_count");
		break;
	default:
		r->n[COL_OPEN] = es_number(b, "doc_count");
		break;
	}
}

static enum es_took
repositories_take(struct es_question *q)
{
	const struct json *buckets;
	struct panel_row *r;
	enum es_took took;

	if (q->round == 0) {
		took = es_take_all(q, 1, add_repo);
		return took != ES_TOOK_ROUND ? took : rank(q, COL_ACTIVITY);
	}
	es_index_rows(q, &q->p.rows, 0, q->shown);
	for (size_t s = 0; s < q->searches; s++) {
		buckets = es_buckets(es_answer(q, s), "rows");
		for (size_t i = 0; i < json_len(buckets); i++) {
			r = es_row(q, &q->p.rows, json_str(json_at(buckets, i), "key"));
			if (r == NULL)
				return ES_TOOK_BAD;
			take_repo(r, s % REPOS, json_at(buckets, i));
		}
	}
	return ES_TOOK_ALL;
}

const struct es_panel es_repositories = { repositories_ask, repositories_take };

/* A commit with two authors is two: so many as ids stand in them. */
static void
add_credited(struct es_question *q, size_t list, const char *id,
    const struct json *bucket)
{
	int64_t n = es_number(bucket, "credits.value");

	UNUSED(list);
	if (n > 0)
		panel_add(&q->p.rows, id, NULL)->n[COL_COMMITS] = n;
}

/* How many people it may have: no more than credits, or than there are at all. */
static int64_t
people_of(const struct es_question *q, size_t repo)
{
	int64_t n = q->p.rows.row[repo].n[COL_COMMITS];

	return n < q->p.document_count ? n : q->p.document_count;
}

/* The first repository that is not of the search that begins with this one. */
static size_t
people_end(const struct es_question *q, size_t first)
{
	int64_t people = people_of(q, first);
	size_t i = first + 1;

	while (i < q->shown && people + people_of(q, i) <= PEOPLE)
		people += people_of(q, i++);
	return i;
}

/* Then the people of each that is shown, of many repositories in one search. */
static void
bus_factor_ask(struct es_question *q)
{
	es_docs(q, &(struct es_docs){ .clause = ES_COMMITS });
	if (q->round == 0) {
		es_aggs(q);
		es_add_all(q, REPO, "\"credits\":{\"value_count\":{\"field\":\"" CREDIT
		    "\"}}");
		buf_puts(&q->body, ",\"people\":{\"cardinality\":{\"field\":\"" CREDIT
		    "\"}}");
		es_end(q);
		return;
	}
	q->shown = cut(q, &q->p.rows, COL_COMMITS);
	for (size_t i = 0, end; i < q->shown; i = end) {
		if (i > 0)
			es_docs(q, &(struct es_docs){ .clause = ES_COMMITS });
		end = people_end(q, i);
		es_only(q, REPO, q->p.rows.row + i, end - i);
		es_aggs(q);
		es_add_rows(q, "rows", REPO, q->p.rows.row + i, end - i);
		buf_printf(&q->body, ",\"aggs\":{\"people\":{\"terms\":{\"field\":\""
		    CREDIT "\",\"size\":%d}}}}", PEOPLE);
		es_end(q);
	}
}

/* "REPO_ID CREDIT_ID", as docs/dashboard.md has it. */
static bool
add_pairs(struct es_question *q, const struct json *repo)
{
	const struct json *people = json_get(repo, "people"), *b;
	const struct json *buckets = json_get(people, "buckets");
	char *id;

	for (size_t i = 0; i < json_len(buckets); i++) {
		b = json_at(buckets, i);
		id = xasprintf("%s %s", str_or(json_str(repo, "key"), ""),
		    str_or(json_str(b, "key"), ""));
		panel_add(&q->p.more, id, NULL)->n[COL_COMMITS] =
		    es_number(b, "doc_count");
		free(id);
	}
	return es_number(people, "sum_other_doc_count") == 0;
}

/* Of a repository's people, most commits first: whose names can be shown? */
static void
want_top(struct es_question *q, size_t first, const struct panel_row *repo)
{
	struct panel_row *row = q->p.more.row + first;
	size_t n = 0, k = 0, len = strlen(repo->id);
	int64_t sum = 0;

	while (first + n < q->p.more.n && strncmp(row[n].id, repo->id, len) == 0 &&
	    row[n].id[len] == ' ')
		n++;
	while (k < n && k < TOP && 2 * sum < repo->n[COL_COMMITS])
		sum += row[k++].n[COL_COMMITS];
	while (k > 0 && k < n && row[k].n[COL_COMMITS] == row[k - 1].n[COL_COMMITS])
		k++;
	for (size_t i = 0; i < k; i++)
		es_want(q, &row[i].name, row[i].id + len + 1, ES_PERSON);
}

/* The pairs of all, and where those of each row begin. */
static bool
take_pairs(struct es_question *q, size_t *first)
{
	const struct json *buckets;
	bool whole = true;

	es_index_rows(q, &q->p.rows, 0, q->shown);
	for (size_t s = 0; s < q->searches; s++) {
		buckets = es_buckets(es_answer(q, s), "rows");
		for (size_t i = 0; i < json_len(buckets); i++) {
			const struct json *b = json_at(buckets, i);
			struct panel_row *r = es_row(q, &q->p.rows, json_str(b, "key"));

			if (r == NULL)
				return false;
			first[r - q->p.rows.row] = q->p.more.n;
			whole = add_pairs(q, b) && whole;
		}
	}
	return whole;
}

static enum es_took
bus_factor_take(struct es_question *q)
{
	enum es_took took;
	size_t *first;

	if (q->round == 0) {
		took = es_take_all(q, 1, add_credited);
		/* an estimate, and some more */
		q->p.document_count =
		    es_number(es_answer(q, 0), "people.value") * 5 / 4 + 9;
		return took != ES_TOOK_ROUND ? took : rank(q, COL_COMMITS);
	}
	first = xcalloc(q->shown + 1, sizeof(*first));
	took = take_pairs(q, first) ? ES_TOOK_ALL : ES_TOOK_BAD;
	for (size_t i = 0; i < q->shown; i++)
		want_top(q, first[i], &q->p.rows.row[i]);
	free(first);
	return took;
}

const struct es_panel es_bus_factor = { bus_factor_ask, bus_factor_take };

/* Reviews of people's pull requests: by reviewer, and by author. */
static void
matrix_docs(struct es_question *q)
{
	es_docs(q, &(struct es_docs){ .clause = ES_REVIEWS });
	es_clause(q, "{\"exists\":{\"field\":\"" AUTHOR "\"}}");
	es_clause(q, "{\"term\":{\"github.review.pull_author_bot\":false}}");
}

static void
add_side(struct es_question *q, size_t list, const char *id, const struct json *bucket)
{
	panel_add(list == 0 ? &q->p.rows : &q->p.more, id, list == 0 ? NULL : id)
	    ->n[COL_REVIEWS] = es_number(bucket, "doc_count");
}

/* Drops what is not among the first. */
static void
drop(struct es_question *q, struct panel_rows *rows)
{
	size_t n = cut(q, rows, COL_REVIEWS);

	while (rows->n > n) {
		rows->n--;
		free(rows->row[rows->n].id);
		free(rows->row[rows->n].name);
	}
}

static void
matrix_cut(struct es_question *q)
{
	drop(q, &q->p.rows);
	drop(q, &q->p.more);
	q->p.cell_count = q->p.rows.n * q->p.more.n;
	q->p.cells = xcalloc(q->p.cell_count + 1, sizeof(*q->p.cells));
}

static void
matrix_ask(struct es_question *q)
{
	static const char *const sides[] = { CREDIT, AUTHOR };

	for (size_t i = 0; q->round == 0 && i < LEN(sides); i++) {
		matrix_docs(q);
		es_aggs(q);
		es_add_all(q, sides[i], NULL);
		es_end(q);
	}
	if (q->round == 0)
		return;
	matrix_cut(q);
	matrix_docs(q);
	es_aggs(q);
	if (q->p.cell_count == 0) {
		es_end(q);
		return;
	}
	es_add_rows(q, "authors", AUTHOR, q->p.more.row, q->p.more.n);
	buf_puts(&q->body, ",\"aggs\":{");
	es_add_rows(q, "rows", CREDIT, q->p.rows.row, q->p.rows.n);
	es_under(q, NULL);
	buf_puts(&q->body, "}}");
	es_end(q);
}

static enum es_took
matrix_count(struct es_question *q)
{
	enum es_took took = es_take_all(q, 2, add_side);
	size_t n;

	if (took != ES_TOOK_ROUND)
		return took;
	n = es_ranked(q, &q->p.rows, COL_REVIEWS);
	for (size_t i = 0; i < n; i++)
		es_want(q, &q->p.rows.row[i].name, q->p.rows.row[i].id, ES_PERSON);
	return ES_TOOK_ROUND;
}

static enum es_took
matrix_take(struct es_question *q)
{
	const struct json *authors = es_buckets(es_answer(q, 0), "authors"), *rows;
	size_t line, n = q->p.rows.n;
	struct panel_row *r;

	if (q->round == 0)
		return matrix_count(q);
	for (size_t i = 0; i < json_len(authors); i++) {
		const char *author = json_str(json_at(authors, i), "key");

		for (line = 0; line < q->p.more.n; line++)
			if (str_eq(q->p.more.row[line].id, author))
				break;
		rows = es_buckets(json_at(authors, i), "rows");
		es_index_rows(q, &q->p.rows, 0, n);
		for (size_t k = 0; k < json_len(rows) && line < q->p.more.n; k++) {
			r = es_row(q, &q->p.rows, json_str(json_at(rows, k), "key"));
			if (r != NULL)
				q->p.cells[line * n + (size_t)(r - q->p.rows.row)] =
				    es_number(json_at(rows, k), "doc_count");
		}
	}
	return ES_TOOK_ALL;
}

const struct es_panel es_matrix = { matrix_ask, matrix_take };

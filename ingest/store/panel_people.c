/* SPDX-License-Identifier: Apache-2.0 */
/* panel_people.c - see panel.h: the answers that are lists of people. */
#include "store/panel_json.h"
#include "store/panel_rank.h"

#include <stdlib.h>
#include <string.h>

static const struct panel_member person_members[] = {
	{ "activity", COL_ACTIVITY }, { "commits", COL_COMMITS },
	{ "pull_requests", COL_PULLS }, { "merged", COL_MERGED },
	{ "reviews", COL_REVIEWS }, { "additions", COL_ADDITIONS },
	{ "deletions", COL_DELETIONS }, { "repositories", COL_REPOS },
	{ "last", COL_LAST }, { NULL, 0 },
};

static const struct panel_member reviews_member[] = {
	{ "reviews", COL_REVIEWS }, { NULL, 0 },
};

static struct json *
ranked(const struct panel_row *r, size_t rank)
{
	struct json *j = json_new_object();

	json_set_int(j, "rank", (int64_t)rank);
	panel_id_name(j, r);
	panel_members(j, r, person_members);
	return j;
}

struct json *
answer_people(const struct store_question *q, struct panel *p)
{
	struct json *j = json_new_object(), *list = json_new_array();
	size_t first = rank_people(q, &p->rows), end = first + panel_max(q);
	char *next;

	end = end < p->rows.n ? end : p->rows.n;
	for (size_t i = first; i < end; i++)
		json_push(list, ranked(&p->rows.row[i], i + 1));
	json_set(j, "people", list);
	json_set_int(j, "total", (int64_t)p->rows.n);
	json_set_int(j, "documents", p->document_count);
	if (first < end && end < p->rows.n) {
		next = rank_place(q, &p->rows.row[end - 1]);
		json_set_str(j, "next", next);
		free(next);
	}
	return j;
}

/* One of the three, bucket by bucket. */
static struct json *
line_of(const struct panel *p, size_t row, size_t buckets, size_t which)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < buckets; i++)
		json_push(list, json_new_int(p->cells[(row * buckets + i) * 3 + which]));
	return list;
}

struct json *
answer_series(const struct store_question *q, struct panel *p)
{
	static const char *const names[] = { "commits", "pull_requests", "reviews" };
	size_t count = q->edge_count - 1, n = p->cell_count / (3 * count);
	struct json *j = json_new_object(), *list = json_new_array();
	struct json *edges = json_new_array(), *person, *series;

	n = n < panel_max(q) ? n : panel_max(q);
	for (size_t i = 0; i < p->rows.n && i < n; i++) {
		person = ranked(&p->rows.row[i], i + 1);
		series = json_new_object();
		for (size_t k = 0; k < LEN(names); k++)
			json_set(series, names[k], line_of(p, i, count, k));
		json_set(person, "series", series);
		json_push(list, person);
	}
	series = json_new_object();	/* the moments, by the one way to write them */
	for (size_t i = 0; i < count; i++) {
		panel_time(series, "from", q->edges[i]);
		json_push(edges, json_take(series, "from"));
	}
	json_free(series);
	json_set(j, "buckets", edges);
	json_set(j, "people", list);
	return j;
}

struct json *
answer_reviewers(const struct store_question *q, struct panel *p)
{
	static const struct panel_member members[] = {
		{ "reviews", COL_REVIEWS }, { "approved", COL_APPROVED },
		{ "changes_requested", COL_CHANGES }, { "commented", COL_COMMENTED },
		{ "dismissed", COL_DISMISSED }, { "authors", COL_AUTHORS }, { NULL, 0 },
	};
	struct json *j = json_new_object();

	panel_sort(&p->rows, COL_REVIEWS, false);
	json_set(j, "reviewers", panel_list(&p->rows, panel_max(q), members));
	json_set_int(j, "total", (int64_t)p->rows.n);
	return j;
}

struct json *
answer_matrix(const struct store_question *q, struct panel *p)
{
	static const struct panel_member none[] = { { NULL, 0 } };
	struct json *j = json_new_object(), *authors = json_new_array();

	UNUSED(q);
	for (size_t i = 0; i < p->more.n; i++)
		json_push(authors, json_new_string(panel_name(&p->more.row[i])));
	json_set(j, "authors", authors);
	json_set(j, "reviewers", panel_list(&p->rows, p->rows.n, none));
	json_set(j, "cells", panel_cells(p, p->more.n, p->rows.n));
	return j;
}

/* {"people": the first of them by a column, "total"}. */
static struct json *
people_by(const struct store_question *q, struct panel *p, enum panel_column by,
    const struct panel_member *members)
{
	struct json *j = json_new_object();

	panel_sort(&p->rows, by, false);
	json_set(j, "people", panel_list(&p->rows, panel_max(q), members));
	json_set_int(j, "total", (int64_t)p->rows.n);
	return j;
}

struct json *
answer_newcomers(const struct store_question *q, struct panel *p)
{
	static const struct panel_member members[] = {
		{ "since", COL_FIRST }, { "activity", COL_ACTIVITY }, { NULL, 0 },
	};

	return people_by(q, p, COL_FIRST, members);
}

struct json *
answer_quiet(const struct store_question *q, struct panel *p)
{
	static const struct panel_member members[] = {
		{ "last", COL_LAST }, { "activity", COL_ACTIVITY }, { NULL, 0 },
	};

	return people_by(q, p, COL_ACTIVITY, members);
}

struct json *
answer_unlinked(const struct store_question *q, struct panel *p)
{
	static const struct panel_member members[] = {
		{ "commits", COL_COMMITS }, { "first", COL_FIRST }, { "last", COL_LAST },
		{ NULL, 0 },
	};

	return people_by(q, p, COL_COMMITS, members);
}

static int
by_name(const void *x, const void *y)
{
	const struct panel_row *const *a = x, *const *b = y;

	return strcmp(panel_name(*a), panel_name(*b));
}

/* All the names that ever stood beside the id, sorted, each once. */
static struct json *
names_of(const struct panel_rows *rows)
{
	const struct panel_row **row = xcalloc(rows->n, sizeof(*row));
	struct json *list = json_new_array();
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (rows->row[i].name != NULL || (i > 0 && rows->row[i].id != NULL))
			row[n++] = &rows->row[i];
	qsort(row, n, sizeof(*row), by_name);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || by_name(&row[i - 1], &row[i]) != 0)
			json_push(list, json_new_string(panel_name(row[i])));
	free(row);
	return list;
}

/* {name, reviews}, unsorted, as rows. */
static void
rows_of(const struct json *list, struct panel_rows *rows)
{
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *j = json_at(list, i);
		const char *name = json_str(j, "name");
		int64_t n = 0;

		if (name != NULL && json_int(j, "reviews", &n))
			panel_add(rows, name, NULL)->n[COL_REVIEWS] = n;
	}
}

struct json *
answer_person(const struct store_question *q, struct panel *p)
{
	static const struct panel_member members[] = {
		{ "first", COL_FIRST }, { "last", COL_LAST },
		{ "activity", COL_ACTIVITY }, { NULL, 0 },
	};
	struct json *j = json_new_object();
	struct panel_rows to = { 0 };

	if (p->rows.n == 0)
		return j;
	rows_of(p->documents, &to);
	panel_sort(&to, COL_REVIEWS, false);
	panel_sort(&p->more, COL_REVIEWS, false);
	panel_id_name(j, &p->rows.row[0]);
	json_set(j, "names", names_of(&p->rows));
	panel_members(j, &p->rows.row[0], members);
	json_set(j, "reviews_to", panel_names(&to, panel_max(q), reviews_member));
	json_set(j, "reviews_from", panel_list(&p->more, panel_max(q), reviews_member));
	panel_rows_fini(&to);
	return j;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * panel.c - see panel.h: rows, and the answer of each panel that lists things or
 * counts over time. People, repositories and documents: panel_people.c and
 * panel_lists.c.
 */
#include "store/panel.h"
#include "store/panel_json.h"

#include <stdlib.h>

struct panel_row *
panel_add(struct panel_rows *rows, const char *id, const char *name)
{
	struct panel_row *r;

	if (rows->n == rows->cap) {
		rows->cap = rows->cap > 0 ? rows->cap * 2 : 64;
		rows->row = xrealloc(rows->row, rows->cap * sizeof(*rows->row));
	}
	r = &rows->row[rows->n++];
	*r = (struct panel_row){ .id = id != NULL ? xstrdup(id) : NULL,
		.name = name != NULL ? xstrdup(name) : NULL };
	return r;
}

void
panel_rows_fini(struct panel_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		free(rows->row[i].id);
		free(rows->row[i].name);
		free(rows->row[i].hours);
	}
	free(rows->row);
	*rows = (struct panel_rows){ 0 };
}

void
panel_fini(struct panel *p)
{
	panel_rows_fini(&p->rows);
	panel_rows_fini(&p->more);
	free(p->cells);
	free(p->hours);
	json_free(p->documents);
	*p = (struct panel){ 0 };
}

static struct json *
answer_totals(const struct store_question *q, struct panel *p)
{
	static const char *const which[] = { "now", "before" };
	static const struct panel_member members[] = {
		{ "people", COL_PEOPLE }, { "repositories", COL_REPOS },
		{ "commits", COL_COMMITS }, { "pull_requests", COL_PULLS },
		{ "merged", COL_MERGED }, { "reviews", COL_REVIEWS },
		{ "issues", COL_ISSUES }, { "comments", COL_COMMENTS },
		{ "releases", COL_RELEASES }, { "additions", COL_ADDITIONS },
		{ "deletions", COL_DELETIONS }, { "activity", COL_ACTIVITY },
		{ NULL, 0 },
	};
	struct json *j = json_new_object(), *t;

	UNUSED(q);
	for (size_t i = 0; i < p->rows.n && i < LEN(which); i++) {
		t = json_new_object();
		panel_members(t, &p->rows.row[i], members);
		json_set(j, which[i], t);
	}
	return j;
}

/* Buckets: when each begins, and the members of its row. */
static struct json *
buckets(const struct store_question *q, const struct panel *p,
    const struct panel_member *members)
{
	struct json *list = json_new_array(), *b;

	for (size_t i = 0; i < p->rows.n && i + 1 < q->edge_count; i++) {
		b = json_new_object();
		panel_time(b, "from", q->edges[i]);
		panel_members(b, &p->rows.row[i], members);
		json_push(list, b);
	}
	return list;
}

static struct json *
answer_activity(const struct store_question *q, struct panel *p)
{
	static const struct panel_member members[] = {
		{ "commits", COL_COMMITS }, { "pull_requests", COL_PULLS },
		{ "reviews", COL_REVIEWS }, { "issues", COL_ISSUES },
		{ "comments", COL_COMMENTS }, { "releases", COL_RELEASES },
		{ "people", COL_PEOPLE }, { NULL, 0 },
	};
	struct json *j = json_new_object();

	json_set(j, "buckets", buckets(q, p, members));
	return j;
}

static struct json *
answer_flow(const struct store_question *q, struct panel *p)
{
	static const struct panel_member members[] = {
		{ "opened", COL_PULLS }, { "merged", COL_MERGED },
		{ "closed", COL_CLOSED }, { NULL, 0 },
	};
	struct json *j = json_new_object();

	json_set(j, "buckets", buckets(q, p, members));
	return j;
}

static struct json *
answer_bots(const struct store_question *q, struct panel *p)
{
	static const struct panel_member counts[] = {
		{ "human", COL_HUMAN }, { "bot", COL_BOT }, { NULL, 0 },
	};
	static const struct panel_member documents[] = {
		{ "documents", COL_DOCUMENTS }, { NULL, 0 },
	};
	struct json *j = json_new_object();

	panel_sort(&p->more, COL_DOCUMENTS, false);
	json_set(j, "buckets", buckets(q, p, counts));
	json_set(j, "agents", panel_names(&p->more, panel_max(q), documents));
	return j;
}

static struct json *
latency_of(const struct panel_hours *h)
{
	struct json *j = json_new_object();
	int64_t n = 0;

	for (size_t i = 0; i < PANEL_HOURS; i++)
		n += h->n[i];
	json_set_int(j, "count", n);
	if (n > 0) {
		json_set(j, "median", json_new_double(panel_percentile(h, 0.5)));
		json_set(j, "p85", json_new_double(panel_percentile(h, 0.85)));
	}
	return j;
}

static void
set_latency(struct json *j, const struct panel_hours h[2])
{
	json_set(j, "first_review", latency_of(&h[0]));
	json_set(j, "merge", latency_of(&h[1]));
}

static struct json *
answer_latency(const struct store_question *q, struct panel *p)
{
	struct panel_hours *all = xcalloc(2, sizeof(*all));
	struct json *j = json_new_object(), *list = json_new_array(), *b;

	for (size_t i = 0; 2 * i + 1 < p->hours_count && i + 1 < q->edge_count; i++) {
		b = json_new_object();
		panel_time(b, "from", q->edges[i]);
		set_latency(b, &p->hours[2 * i]);
		json_push(list, b);
		for (size_t k = 0; k < PANEL_HOURS; k++) {
			all[0].n[k] += p->hours[2 * i].n[k];
			all[1].n[k] += p->hours[2 * i + 1].n[k];
		}
	}
	b = json_new_object();
	set_latency(b, all);
	json_set(j, "all", b);
	json_set(j, "buckets", list);
	free(all);
	return j;
}

static struct json *
answer_punch_card(const struct store_question *q, struct panel *p)
{
	struct json *j = json_new_object();

	UNUSED(q);
	json_set(j, "cells", panel_cells(p, 7, 24));
	return j;
}

static struct json *
answer_contents(const struct store_question *q, struct panel *p)
{
	static const struct panel_member documents[] = {
		{ "documents", COL_DOCUMENTS }, { NULL, 0 },
	};
	struct json *j = json_new_object();

	panel_sort(&p->rows, COL_DOCUMENTS, false);
	json_set_int(j, "documents", p->document_count);
	if (p->cell_count == 2) {
		panel_time(j, "first", p->cells[0]);
		panel_time(j, "last", p->cells[1]);
	}
	json_set(j, "organizations", panel_names(&p->rows, panel_max(q), documents));
	return j;
}

typedef struct json *panel_answer_fn(const struct store_question *q, struct panel *p);

struct json *
panel_answer(const struct store_question *q, struct panel *p)
{
	static panel_answer_fn *const answers[STORE_PANELS] = {
		[STORE_TOTALS] = answer_totals, [STORE_PEOPLE] = answer_people,
		[STORE_ACTIVITY] = answer_activity, [STORE_SERIES] = answer_series,
		[STORE_REVIEWERS] = answer_reviewers, [STORE_MATRIX] = answer_matrix,
		[STORE_FLOW] = answer_flow, [STORE_LATENCY] = answer_latency,
		[STORE_OPEN] = answer_open, [STORE_NEWCOMERS] = answer_newcomers,
		[STORE_QUIET] = answer_quiet, [STORE_PUNCH_CARD] = answer_punch_card,
		[STORE_REPOSITORIES] = answer_repositories,
		[STORE_BUS_FACTOR] = answer_bus_factor, [STORE_BOTS] = answer_bots,
		[STORE_RECENT] = answer_recent, [STORE_PERSON] = answer_person,
		[STORE_SEARCH] = answer_search, [STORE_UNLINKED] = answer_unlinked,
		[STORE_CONTENTS] = answer_contents,
	};

	return answers[q->panel](q, p);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * panel_rank.c - see panel.h: rows in order, and hours as histograms. Ties go by
 * name, then by id, both byte by byte, whichever way the order itself goes.
 */
#include "store/panel_rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *
name_of(const struct panel_row *r)
{
	return r->name != NULL ? r->name : r->id;
}

struct order {
	int	 column;	/* PANEL_COLUMNS: by name */
	bool	 ascending;
	bool	 named;		/* names are known */
};

static int
compare(const void *x, const void *y, void *arg)
{
	const struct panel_row *a = x, *b = y;
	const struct order *o = arg;
	int by_name = o->named ? strcmp(name_of(a), name_of(b)) : 0;

	if (o->column == PANEL_COLUMNS && by_name != 0)
		return o->ascending ? by_name : -by_name;
	if (o->column != PANEL_COLUMNS && a->n[o->column] != b->n[o->column])
		return (a->n[o->column] < b->n[o->column]) == o->ascending ? -1 : 1;
	return by_name != 0 ? by_name : strcmp(a->id, b->id);
}

static void
sort(struct panel_rows *rows, struct order o)
{
	if (rows->n > 0)
		qsort_r(rows->row, rows->n, sizeof(*rows->row), compare, &o);
}

void
panel_sort(struct panel_rows *rows, enum panel_column by, bool ascending)
{
	sort(rows, (struct order){ (int)by, ascending, true });
}

void
panel_sort_names(struct panel_rows *rows)
{
	sort(rows, (struct order){ PANEL_COLUMNS, true, true });
}

static int
column_of(enum store_sort by)
{
	static const int columns[STORE_SORTS] = {
		[STORE_BY_ACTIVITY] = COL_ACTIVITY, [STORE_BY_COMMITS] = COL_COMMITS,
		[STORE_BY_PULLS] = COL_PULLS, [STORE_BY_MERGED] = COL_MERGED,
		[STORE_BY_REVIEWS] = COL_REVIEWS, [STORE_BY_ADDITIONS] = COL_ADDITIONS,
		[STORE_BY_DELETIONS] = COL_DELETIONS,
		[STORE_BY_REPOSITORIES] = COL_REPOS, [STORE_BY_LAST] = COL_LAST,
		[STORE_BY_NAME] = PANEL_COLUMNS,
	};

	return columns[by];
}

/* As a row, to be compared with others; borrows the place's texts. */
static struct panel_row
row_at(const struct panel_place *at, int column)
{
	struct panel_row r = { .id = at->id, .name = at->name };

	if (column != PANEL_COLUMNS)
		r.n[column] = at->value;
	return r;
}

/* How many rows of those sorted do not come after the place. */
static size_t
rows_before(const struct panel_rows *rows, const struct panel_row *at, struct order o)
{
	size_t low = 0, high = rows->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare(&rows->row[mid], at, &o) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void
panel_order(const struct store_question *q, struct panel_rows *rows)
{
	sort(rows, (struct order){ column_of(q->sort), q->ascending, true });
}

size_t
rank_people(const struct store_question *q, struct panel_rows *rows)
{
	struct order o = { column_of(q->sort), q->ascending, true };
	struct panel_place at;
	struct panel_row row;
	size_t n;

	sort(rows, o);
	if (q->after == NULL || !place_read(q, &at))
		return 0;
	row = row_at(&at, o.column);
	n = rows_before(rows, &row, o);
	place_fini(&at);
	return n;
}

char *
rank_place(const struct store_question *q, const struct panel_row *r)
{
	int column = column_of(q->sort);
	struct panel_place at = { .id = r->id, .name = r->name };

	if (at.name == NULL)
		at.name = at.id;
	at.value = column != PANEL_COLUMNS ? r->n[column] : 0;
	return place_of_person(q, &at);
}

size_t
panel_rank(const struct store_question *q, struct panel_rows *rows)
{
	int column = column_of(q->sort);
	struct order o = { column, q->ascending, false };
	size_t n = panel_max(q);
	struct panel_place at;

	if (column == PANEL_COLUMNS)
		return rows->n;
	sort(rows, o);
	if (q->after != NULL && q->panel == STORE_PEOPLE && place_read(q, &at)) {
		for (size_t i = 0; i < rows->n; i++)	/* all with the place's value */
			n += rows->row[i].n[column] == at.value ||
			    (rows->row[i].n[column] < at.value) == q->ascending;
		place_fini(&at);
	}
	n = n < rows->n ? n : rows->n;
	while (n > 0 && n < rows->n &&
	    rows->row[n].n[column] == rows->row[n - 1].n[column])
		n++;
	return n;
}

double
panel_percentile(const struct panel_hours *h, double share)
{
	int64_t all = 0, seen = 0, parts = (int64_t)(share * 1000 + 0.5);

	for (size_t i = 0; i < PANEL_HOURS; i++)
		all += h->n[i];
	for (size_t i = 0; i < PANEL_HOURS; i++) {
		seen += h->n[i];
		if (seen > 0 && seen >= (all * parts + 999) / 1000)
			return pow(10, ((double)i + PANEL_HOURS_LOW + 0.5) / 50);
	}
	return -1;
}

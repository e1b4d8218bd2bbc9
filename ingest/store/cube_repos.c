/* SPDX-License-Identifier: Apache-2.0 */
/* cube_repos.c - see cube_panels.h: repositories, and who reviews whom. */
#include "store/cube_panels.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is counted of a repository, by place. */
struct tally {
	int64_t			 n[PANEL_COLUMNS];
	struct panel_hours	*hours;
};

static void
tally_counted(struct tally *t, const struct fact *f)
{
	t->n[COL_ACTIVITY]++;
	t->n[COL_COMMITS] += f->kind == CUBE_COMMIT;
	t->n[COL_PULLS] += f->kind == CUBE_PULL;
	t->n[COL_REVIEWS] += f->kind == CUBE_REVIEW;
	t->n[COL_MERGED] += f->state == FACT_MERGED;
	if (f->kind == CUBE_COMMIT) {
		t->n[COL_ADDITIONS] += f->commit.additions;
		t->n[COL_DELETIONS] += f->commit.deletions;
	}
	if (t->n[COL_LAST] == 0 || f->ts_ms > t->n[COL_LAST])
		t->n[COL_LAST] = f->ts_ms;
	if (f->state != FACT_MERGED || f->pull.merge < 0)
		return;
	if (t->hours == NULL)
		t->hours = xcalloc(1, sizeof(*t->hours));
	t->hours->n[f->pull.merge]++;
}

void
cube_repositories(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, INT64_MIN, INT64_MAX, false);
	struct tally *t = xcalloc(a->cube->repos + 1, sizeof(*t));
	struct pairs seen;

	pairs_init(&seen, a->cube->repos, a->cube->people);
	while (cube_next(&w)) {
		uint32_t repo = cube_repo(a->cube, w.doc);

		if (repo == CUBE_NONE)
			continue;
		t[repo].n[COL_OPEN] += w.doc->state == FACT_OPEN;
		if (w.doc->ts_ms < a->q->from_ms || w.doc->ts_ms >= a->q->to_ms)
			continue;
		t[repo].n[COL_ISSUES] += w.doc->kind == CUBE_ISSUE;
		if ((w.doc->flags & FACT_COUNTED) == 0)
			continue;
		tally_counted(&t[repo], w.doc);
		for (size_t i = 0; i < w.rows; i++) {
			uint32_t person = cube_person(a->cube, &w.doc[i]);

			if (person != CUBE_NONE && pairs_first(&seen, repo, person))
				t[repo].n[COL_PEOPLE]++;
		}
	}
	for (size_t i = 0; i < a->cube->repos; i++) {
		struct panel_row *r;

		if (t[i].n[COL_ACTIVITY] == 0)
			continue;
		r = cube_row(a->cube, &a->cube->repo[i], &p->rows);
		memcpy(r->n, t[i].n, sizeof(r->n));
		r->hours = t[i].hours;
	}
	pairs_fini(&seen);
	free(t);
}

static void
pair_row(const struct cube *c, uint32_t repo, uint32_t person, int64_t n,
    struct panel *p)
{
	char *id = xasprintf("%s %s", c->repo[repo].id, c->person[person].id);

	panel_add(&p->more, id, cube_name_of(c, &c->person[person]))->n[COL_COMMITS] = n;
	free(id);
}

void
cube_bus_factor(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, a->q->from_ms, a->q->to_ms, true);
	int64_t *commits = xcalloc(a->cube->repos + 1, sizeof(*commits)), n;
	struct pairs count;
	uint32_t repo, person;
	size_t at = 0;

	pairs_init(&count, a->cube->repos, a->cube->people);
	while (cube_next(&w)) {
		repo = cube_repo(a->cube, w.doc);
		if (w.doc->kind != CUBE_COMMIT || repo == CUBE_NONE)
			continue;
		for (size_t i = 0; i < w.rows; i++) {
			person = cube_person(a->cube, &w.doc[i]);
			if (person == CUBE_NONE)
				continue;
			++*pairs_at(&count, repo, person);
			commits[repo]++;
		}
	}
	while (pairs_each(&count, &at, &repo, &person, &n))
		pair_row(a->cube, repo, person, n, p);
	for (size_t i = 0; i < a->cube->repos; i++)
		if (commits[i] > 0)
			cube_row(a->cube, &a->cube->repo[i], &p->rows)->n[COL_COMMITS] =
			    commits[i];
	pairs_fini(&count);
	free(commits);
}

void
cube_reviewers(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, a->q->from_ms, a->q->to_ms, true);
	struct tally *t = xcalloc(a->cube->people + 1, sizeof(*t));
	struct pairs seen;

	pairs_init(&seen, a->cube->people, a->cube->names);
	while (cube_next(&w))
		for (size_t i = 0; i < w.rows && w.doc->kind == CUBE_REVIEW; i++) {
			uint32_t person = cube_person(a->cube, &w.doc[i]);
			uint32_t author = w.doc->review.author;
			int64_t *n = person != CUBE_NONE ? t[person].n : NULL;

			if (n == NULL)
				continue;
			n[COL_REVIEWS]++;
			n[COL_APPROVED] += w.doc->state == FACT_APPROVED;
			n[COL_CHANGES] += w.doc->state == FACT_CHANGES;
			n[COL_COMMENTED] += w.doc->state == FACT_COMMENTED;
			n[COL_DISMISSED] += w.doc->state == FACT_DISMISSED;
			if (author != 0 && pairs_first(&seen, person, author))
				n[COL_AUTHORS]++;
		}
	for (size_t i = 0; i < a->cube->people; i++)
		if (t[i].n[COL_REVIEWS] > 0)
			memcpy(cube_row(a->cube, &a->cube->person[i], &p->rows)->n,
			    t[i].n, sizeof(t[i].n));
	pairs_fini(&seen);
	free(t);
}

/* Sorted, and cut to those shown. */
static void
most_reviews(const struct cube_ask *a, struct panel_rows *rows)
{
	panel_sort(rows, COL_REVIEWS, false);
	for (size_t i = panel_max(a->q); i < rows->n; i++) {
		free(rows->row[i].id);
		free(rows->row[i].name);
	}
	rows->n = rows->n < panel_max(a->q) ? rows->n : panel_max(a->q);
}

static size_t
row_with(const struct panel_rows *rows, const char *id)
{
	size_t i = 0;

	while (i < rows->n && strcmp(rows->row[i].id, id) != 0)
		i++;
	return i;
}

static void
matrix_cells(const struct cube_ask *a, const struct pairs *count, struct panel *p)
{
	uint32_t author, person;
	size_t at = 0, line, column;
	int64_t n;

	p->cell_count = p->more.n * p->rows.n;
	p->cells = xcalloc(p->cell_count + 1, sizeof(*p->cells));
	while (pairs_each(count, &at, &author, &person, &n)) {
		line = row_with(&p->more, a->cube->name[author].name);
		column = row_with(&p->rows, a->cube->person[person].id);
		if (line < p->more.n && column < p->rows.n)
			p->cells[line * p->rows.n + column] = n;
	}
}

void
cube_matrix(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, a->q->from_ms, a->q->to_ms, true);
	int64_t *authors = xcalloc(a->cube->names + 1, sizeof(*authors));
	int64_t *people = xcalloc(a->cube->people + 1, sizeof(*people));
	struct pairs count;

	pairs_init(&count, a->cube->names, a->cube->people);
	while (cube_next(&w)) {
		const struct fact *f = w.doc;

		if (f->kind != CUBE_REVIEW || f->review.author == 0 ||
		    (f->flags & FACT_PEER) == 0)
			continue;
		authors[f->review.author]++;
		for (size_t i = 0; i < w.rows; i++) {
			uint32_t person = cube_person(a->cube, &w.doc[i]);

			if (person == CUBE_NONE)
				continue;
			people[person]++;
			++*pairs_at(&count, f->review.author, person);
		}
	}
	for (size_t i = 1; i < a->cube->names; i++)
		if (authors[i] > 0)
			panel_add(&p->more, a->cube->name[i].name, NULL)->n[COL_REVIEWS] =
			    authors[i];
	for (size_t i = 0; i < a->cube->people; i++)
		if (people[i] > 0)
			cube_row(a->cube, &a->cube->person[i], &p->rows)->n[COL_REVIEWS] =
			    people[i];
	most_reviews(a, &p->rows);
	most_reviews(a, &p->more);
	matrix_cells(a, &count, p);
	pairs_fini(&count);
	free(authors);
	free(people);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* cube_people.c - see cube_panels.h: lists of people. */
#include "store/cube_panels.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define YEAR_MS	(INT64_C(365) * 86400 * 1000)

/* What is counted of a person, by place. */
struct tally {
	int64_t	 n[PANEL_COLUMNS];
};

static void
tally_add(struct tally *t, const struct fact *f)
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
	if (t->n[COL_FIRST] == 0 || f->ts_ms < t->n[COL_FIRST])
		t->n[COL_FIRST] = f->ts_ms;
}

static struct tally *
tallies(const struct cube_ask *a)
{
	return xcalloc(a->cube->people + 1, sizeof(struct tally));
}

static void
row_of(const struct cube_ask *a, size_t person, const struct tally *t, struct panel *p)
{
	struct panel_row *r = cube_row(a->cube, &a->cube->person[person], &p->rows);

	memcpy(r->n, t->n, sizeof(r->n));
}

/* Those who did anything; frees the tallies. */
static void
rows_of(const struct cube_ask *a, struct tally *t, struct panel *p)
{
	for (size_t i = 0; i < a->cube->people; i++)
		if (t[i].n[COL_ACTIVITY] > 0)
			row_of(a, i, &t[i], p);
	free(t);
}

void
cube_people(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, a->q->from_ms, a->q->to_ms, true);
	struct tally *t = tallies(a);
	struct pairs seen;

	pairs_init(&seen, a->cube->people, a->cube->repos);
	while (cube_next(&w))
		for (size_t i = 0; i < w.rows; i++) {
			uint32_t person = cube_person(a->cube, &w.doc[i]);
			uint32_t repo = cube_repo(a->cube, w.doc);

			if (person == CUBE_NONE)
				continue;
			tally_add(&t[person], w.doc);
			if (repo != CUBE_NONE && pairs_first(&seen, person, repo))
				t[person].n[COL_REPOS]++;
		}
	pairs_fini(&seen);
	rows_of(a, t, p);
}

/* Where each of those shown stands; CUBE_NONE: not shown. */
static uint32_t *
places_of(const struct cube_ask *a, const struct panel *p, size_t shown)
{
	uint32_t *at = xcalloc(a->cube->people + 1, sizeof(*at));

	for (size_t i = 0; i < a->cube->people; i++)
		at[i] = CUBE_NONE;
	for (size_t i = 0; i < shown; i++) {
		size_t place = (size_t)(uintptr_t)map_get(a->cube->person_at,
		    p->rows.row[i].id);

		at[place - 1] = (uint32_t)i;
	}
	return at;
}

void
cube_series(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, a->q->from_ms, a->q->to_ms, true);
	size_t buckets = a->q->edge_count - 1, shown = panel_max(a->q);
	uint32_t *places;

	cube_people(a, p);
	panel_order(a->q, &p->rows);
	shown = shown < p->rows.n ? shown : p->rows.n;
	places = places_of(a, p, shown);
	p->cell_count = shown * buckets * 3;
	p->cells = xcalloc(p->cell_count + 1, sizeof(*p->cells));
	while (cube_next(&w))
		for (size_t i = 0; i < w.rows; i++) {
			uint32_t person = cube_person(a->cube, &w.doc[i]);
			size_t at;

			if (person == CUBE_NONE || places[person] == CUBE_NONE)
				continue;
			at = places[person] * buckets + cube_bucket(a->q, w.doc->ts_ms);
			p->cells[3 * at + (w.doc->kind == CUBE_COMMIT ? 0 :
			    w.doc->kind == CUBE_PULL ? 1 : 2)]++;
		}
	free(places);
}

void
cube_newcomers(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, INT64_MIN, INT64_MAX, true);
	struct tally *t = tallies(a);

	while (cube_next(&w))
		for (size_t i = 0; i < w.rows; i++) {
			uint32_t person = cube_person(a->cube, &w.doc[i]);
			int64_t ts = w.doc->ts_ms;

			if (person == CUBE_NONE)
				continue;
			if (t[person].n[COL_FIRST] == 0 || ts < t[person].n[COL_FIRST])
				t[person].n[COL_FIRST] = ts;
			t[person].n[COL_ACTIVITY] += ts >= a->q->from_ms &&
			    ts < a->q->to_ms;
		}
	for (size_t i = 0; i < a->cube->people; i++)
		if (t[i].n[COL_FIRST] < a->q->from_ms)
			t[i].n[COL_ACTIVITY] = 0;
	rows_of(a, t, p);
}

void
cube_quiet(const struct cube_ask *a, struct panel *p)
{
	int64_t from = a->q->from_ms - YEAR_MS;
	struct cube_walk w = cube_walk_from(a, from, a->q->to_ms, true);
	struct tally *t = tallies(a);
	bool *active = xcalloc(a->cube->people + 1, sizeof(*active));

	while (cube_next(&w))
		for (size_t i = 0; i < w.rows; i++) {
			uint32_t person = cube_person(a->cube, &w.doc[i]);

			if (person == CUBE_NONE)
				continue;
			if (w.doc->ts_ms >= a->q->from_ms)
				active[person] = true;
			else
				tally_add(&t[person], w.doc);
		}
	for (size_t i = 0; i < a->cube->people; i++)
		if (active[i])
			t[i].n[COL_ACTIVITY] = 0;
	free(active);
	rows_of(a, t, p);
}

void
cube_unlinked(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, a->q->from_ms, a->q->to_ms, true);
	struct tally *t = tallies(a);

	while (cube_next(&w))
		for (size_t i = 0; i < w.rows && w.doc->kind == CUBE_COMMIT; i++) {
			uint32_t person = cube_person(a->cube, &w.doc[i]);

			if (person != CUBE_NONE)
				tally_add(&t[person], w.doc);
		}
	for (size_t i = 0; i < a->cube->people; i++)
		if (!str_starts(a->cube->person[i].id, "mail:") &&
		    !str_starts(a->cube->person[i].id, "name:"))
			t[i].n[COL_ACTIVITY] = 0;
	rows_of(a, t, p);
}

/* Which names stand in a document now, by number. */
static bool *
names_in_use(const struct cube *c)
{
	static const struct cube_filter none = { 0 };
	struct cube_walk w = { .cube = c, .filter = &none, .from_ms = INT64_MIN,
		.to_ms = INT64_MAX };
	bool *used = xcalloc(c->names + 1, sizeof(*used));

	while (cube_next(&w)) {
		used[w.doc->repo] = true;
		for (size_t i = 0; i < w.rows; i++)
			if (cube_person(c, &w.doc[i]) != CUBE_NONE)
				used[w.doc[i].who] = true;
	}
	return used;
}

static bool
begins(const char *name, const char *text)
{
	return strncasecmp(name, text, strlen(text)) == 0;
}

/* Each of those found once, under its name of today. */
static void
add_found(const struct cube *c, const struct cube_thing *things, size_t n,
    const bool *found, struct panel_rows *rows)
{
	for (size_t i = 0; i < n; i++)
		if (found[i])
			cube_row(c, &things[i], rows);
}

void
cube_search(const struct cube_ask *a, struct panel *p)
{
	const struct cube *c = a->cube;
	bool *used = names_in_use(c), *people = xcalloc(c->people + 1, sizeof(*people));
	bool *repos = xcalloc(c->repos + 1, sizeof(*repos));

	for (size_t i = 1; i < c->names; i++) {
		const struct cube_name *m = &c->name[i];
		const char *slash = used[i] ? strchr(m->name, '/') : NULL;

		if (!used[i] || m->of == CUBE_NONE)
			continue;
		if (m->kind == NAME_PERSON && begins(m->name, a->q->text))
			people[m->of] = true;
		if (m->kind == NAME_REPO && (begins(m->name, a->q->text) ||
		    (slash != NULL && begins(slash + 1, a->q->text))))
			repos[m->of] = true;
	}
	add_found(c, c->person, c->people, people, &p->rows);
	add_found(c, c->repo, c->repos, repos, &p->more);
	free(used);
	free(people);
	free(repos);
}

/* Reviews in the period: those by the person, by author; those of it, by reviewer. */
struct exchange {
	int64_t	*to;		/* by number of the author's name */
	int64_t	*from;		/* by person */
	bool	*called;	/* names of the person, as authors; by number */
};

static void
exchange_count(const struct cube_ask *a, uint32_t person, struct exchange *x)
{
	struct cube_filter others = a->filter;
	struct cube_walk w = cube_walk_from(a, a->q->from_ms, a->q->to_ms, true);

	others.person = NULL;
	w.filter = &others;
	while (cube_next(&w)) {
		uint32_t author = w.doc->kind == CUBE_REVIEW ? w.doc->review.author : 0;

		for (size_t i = 0; i < w.rows && author != 0; i++) {
			uint32_t by = cube_person(a->cube, &w.doc[i]);

			if (by == person)
				x->to[author]++;
			if (by != CUBE_NONE && x->called[author])
				x->from[by]++;
		}
	}
}

/* An author is told by name alone: which plain names are also the person's. */
static void
mark_called(const struct cube *c, const struct panel_rows *names, bool *called)
{
	for (size_t i = 1; i < c->names; i++)
		for (size_t k = 1; k < names->n && c->name[i].kind == NAME_PLAIN; k++)
			if (str_eq(c->name[i].name, names->row[k].name))
				called[i] = true;
}

static void
exchange_rows(const struct cube *c, const struct exchange *x, struct panel *p)
{
	p->documents = json_new_array();
	for (size_t i = 1; i < c->names; i++) {
		struct json *j = x->to[i] > 0 ? json_new_object() : NULL;

		if (j == NULL)
			continue;
		json_set_str(j, "name", c->name[i].name);
		json_set_int(j, "reviews", x->to[i]);
		json_push(p->documents, j);
	}
	for (size_t i = 0; i < c->people; i++)
		if (x->from[i] > 0)
			cube_row(c, &c->person[i], &p->more)->n[COL_REVIEWS] = x->from[i];
}

/* The person's own row, and one for each name. False: no document has the id. */
static bool
person_rows(const struct cube_ask *a, uint32_t person, struct panel *p)
{
	const struct cube *c = a->cube;
	bool *used = names_in_use(c);

	cube_row(c, &c->person[person], &p->rows);
	for (size_t i = 1; i < c->names; i++)
		if (used[i] && c->name[i].kind == NAME_PERSON && c->name[i].of == person)
			panel_add(&p->rows, NULL, c->name[i].name);
	free(used);
	return p->rows.n > 1;
}

void
cube_one_person(const struct cube_ask *a, struct panel *p)
{
	const struct cube *c = a->cube;
	size_t place = (size_t)(uintptr_t)map_get(c->person_at, a->q->people.s[0]);
	struct cube_walk w = cube_walk_from(a, INT64_MIN, INT64_MAX, true);
	struct exchange x;
	struct tally t = { 0 };

	if (place == 0 || !person_rows(a, (uint32_t)place - 1, p)) {
		panel_rows_fini(&p->rows);
		return;
	}
	while (cube_next(&w)) {
		int64_t before = t.n[COL_ACTIVITY];

		tally_add(&t, w.doc);
		if (w.doc->ts_ms < a->q->from_ms || w.doc->ts_ms >= a->q->to_ms)
			t.n[COL_ACTIVITY] = before;
	}
	memcpy(p->rows.row[0].n, t.n, sizeof(t.n));
	x = (struct exchange){ .to = xcalloc(c->names + 1, sizeof(*x.to)),
		.from = xcalloc(c->people + 1, sizeof(*x.from)),
		.called = xcalloc(c->names + 1, sizeof(*x.called)) };
	mark_called(c, &p->rows, x.called);
	exchange_count(a, (uint32_t)place - 1, &x);
	exchange_rows(c, &x, p);
	free(x.to);
	free(x.from);
	free(x.called);
}

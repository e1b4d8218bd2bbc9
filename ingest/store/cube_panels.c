/* SPDX-License-Identifier: Apache-2.0 */
/* cube_panels.c - see cube_panels.h: what is counted over time. */
#include "store/cube_panels.h"

#include <stdlib.h>

struct cube_walk
cube_walk_from(const struct cube_ask *a, int64_t from_ms, int64_t to_ms, bool counted)
{
	return (struct cube_walk){ .cube = a->cube, .filter = &a->filter,
		.from_ms = from_ms, .to_ms = to_ms, .counted = counted };
}

static void
count_kind(struct panel_row *r, const struct fact *f)
{
	bool counted = (f->flags & FACT_COUNTED) != 0;

	r->n[COL_ACTIVITY] += counted;
	switch (f->kind) {
	case CUBE_COMMIT:
		r->n[COL_COMMITS] += counted;
		r->n[COL_ADDITIONS] += counted ? f->commit.additions : 0;
		r->n[COL_DELETIONS] += counted ? f->commit.deletions : 0;
		break;
	case CUBE_PULL:
		r->n[COL_PULLS]++;
		break;
	case CUBE_REVIEW:
		r->n[COL_REVIEWS] += counted;
		break;
	case CUBE_ISSUE:
		r->n[COL_ISSUES]++;
		break;
	case CUBE_COMMENT:
		r->n[COL_COMMENTS]++;
		break;
	case CUBE_RELEASE:
		r->n[COL_RELEASES]++;
		break;
	default:
		break;
	}
}

/* Each once in a period: marks of two periods, side by side. */
static void
count_once(bool *seen, uint32_t at, size_t which, int64_t *n)
{
	if (at == CUBE_NONE || seen[2 * at + which])
		return;
	seen[2 * at + which] = true;
	++*n;
}

void
cube_totals(const struct cube_ask *a, struct panel *p)
{
	int64_t from = a->q->from_ms, to = a->q->to_ms, before = from - (to - from);
	struct cube_walk w = cube_walk_from(a, INT64_MIN, INT64_MAX, false);
	bool *people = xcalloc(a->cube->people + 1, 2);
	bool *repos = xcalloc(a->cube->repos + 1, 2);

	panel_add(&p->rows, NULL, NULL);
	panel_add(&p->rows, NULL, NULL);
	while (cube_next(&w)) {
		int64_t ts = w.doc->ts_ms, merged = 0;
		size_t which = ts >= from ? 0 : 1;
		struct panel_row *r = &p->rows.row[which];

		if (w.doc->kind == CUBE_PULL)
			merged = (int64_t)w.doc->pull.merged_s * 1000;
		if (merged != 0 && merged >= before && merged < to)
			p->rows.row[merged >= from ? 0 : 1].n[COL_MERGED]++;
		if (ts < before || ts >= to)
			continue;
		count_kind(r, w.doc);
		if ((w.doc->flags & FACT_COUNTED) == 0)
			continue;
		count_once(repos, cube_repo(a->cube, w.doc), which, &r->n[COL_REPOS]);
		for (size_t i = 0; i < w.rows; i++)
			count_once(people, cube_person(a->cube, &w.doc[i]), which,
			    &r->n[COL_PEOPLE]);
	}
	free(people);
	free(repos);
}

static void
add_buckets(const struct cube_ask *a, struct panel *p)
{
	for (size_t i = 0; i + 1 < a->q->edge_count; i++)
		panel_add(&p->rows, NULL, NULL);
}

void
cube_activity(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, a->q->from_ms, a->q->to_ms, false);
	struct pairs seen;

	pairs_init(&seen, a->q->edge_count, a->cube->people);
	add_buckets(a, p);
	while (cube_next(&w)) {
		uint32_t bucket = cube_bucket(a->q, w.doc->ts_ms);
		struct panel_row *r = &p->rows.row[bucket];

		count_kind(r, w.doc);
		if ((w.doc->flags & FACT_COUNTED) == 0)
			continue;
		for (size_t i = 0; i < w.rows; i++) {
			uint32_t person = cube_person(a->cube, &w.doc[i]);

			if (person != CUBE_NONE && pairs_first(&seen, bucket, person))
				r->n[COL_PEOPLE]++;
		}
	}
	pairs_fini(&seen);
}

static void
count_at(const struct cube_ask *a, struct panel *p, int64_t ms, enum panel_column column)
{
	uint32_t bucket = cube_bucket(a->q, ms);

	if (bucket != CUBE_NONE)
		p->rows.row[bucket].n[column]++;
}

void
cube_flow(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, INT64_MIN, INT64_MAX, false);

	add_buckets(a, p);
	while (cube_next(&w)) {
		const struct fact *f = w.doc;

		if (f->kind != CUBE_PULL)
			continue;
		count_at(a, p, f->ts_ms, COL_PULLS);
		if (f->pull.merged_s != 0)
			count_at(a, p, (int64_t)f->pull.merged_s * 1000, COL_MERGED);
		if (f->pull.closed_s != 0 && f->state == FACT_CLOSED)
			count_at(a, p, (int64_t)f->pull.closed_s * 1000, COL_CLOSED);
	}
}

void
cube_latency(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, INT64_MIN, INT64_MAX, false);
	uint32_t bucket;

	p->hours_count = 2 * (a->q->edge_count - 1);
	p->hours = xcalloc(p->hours_count, sizeof(*p->hours));
	while (cube_next(&w)) {
		const struct fact *f = w.doc;

		if (f->kind != CUBE_PULL)
			continue;
		bucket = cube_bucket(a->q, f->ts_ms);
		if (bucket != CUBE_NONE && f->pull.first_review >= 0)
			p->hours[2 * bucket].n[f->pull.first_review]++;
		if (f->pull.merged_s == 0 || f->pull.merge < 0)
			continue;
		bucket = cube_bucket(a->q, (int64_t)f->pull.merged_s * 1000);
		if (bucket != CUBE_NONE)
			p->hours[2 * bucket + 1].n[f->pull.merge]++;
	}
}

void
cube_punch_card(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, a->q->from_ms, a->q->to_ms, true);

	p->cell_count = 7 * 24;
	p->cells = xcalloc(p->cell_count, sizeof(*p->cells));
	while (cube_next(&w))
		if (w.doc->kind == CUBE_COMMIT && w.doc->commit.punch >= 0)
			p->cells[w.doc->commit.punch]++;
}

/* Of names that are plain: how often each came, by number. */
static void
add_counted(const struct cube *c, const int64_t *count, struct panel_rows *rows,
    enum panel_column column)
{
	for (size_t i = 1; i < c->names; i++)
		if (count[i] > 0)
			panel_add(rows, c->name[i].name, NULL)->n[column] = count[i];
}

void
cube_bots(const struct cube_ask *a, struct panel *p)
{
	struct cube_walk w = cube_walk_from(a, a->q->from_ms, a->q->to_ms, false);
	int64_t *agents = xcalloc(a->cube->names + 1, sizeof(*agents));

	add_buckets(a, p);
	while (cube_next(&w)) {
		struct panel_row *r = &p->rows.row[cube_bucket(a->q, w.doc->ts_ms)];

		r->n[COL_HUMAN] += (w.doc->flags & FACT_HUMAN) != 0;
		r->n[COL_BOT] += (w.doc->flags & FACT_BOT) != 0;
		for (size_t i = 0; i < w.rows; i++)
			if ((w.doc[i].mark & CUBE_AGENT) != 0)
				agents[w.doc[i].who]++;
	}
	add_counted(a->cube, agents, &p->more, COL_DOCUMENTS);
	free(agents);
}

void
cube_contents(const struct cube_ask *a, struct panel *p)
{
	const struct cube *c = a->cube;
	struct cube_walk w = cube_walk_from(a, INT64_MIN, INT64_MAX, false);
	int64_t *orgs = xcalloc(c->org.n + 1, sizeof(*orgs));
	int64_t first = INT64_MAX, last = INT64_MIN;

	while (cube_next(&w)) {
		uint32_t org = c->name[w.doc->repo].org_of;

		if (org != CUBE_NONE)
			orgs[org]++;
		first = w.doc->ts_ms < first ? w.doc->ts_ms : first;
		last = w.doc->ts_ms > last ? w.doc->ts_ms : last;
	}
	for (size_t i = 0; i < c->org.n; i++)
		if (orgs[i] > 0)
			panel_add(&p->rows, c->org.s[i], NULL)->n[COL_DOCUMENTS] =
			    orgs[i];
	if (first <= last) {
		p->cell_count = 2;
		p->cells = xcalloc(2, sizeof(*p->cells));
		p->cells[0] = first;
		p->cells[1] = last;
	}
	free(orgs);
}

static bool
answer_documents(const struct cube_ask *a, struct panel *p, struct err *e)
{
	return a->q->panel == STORE_OPEN ? cube_open(a, p, e) : cube_recent(a, p, e);
}

typedef void cube_panel_fn(const struct cube_ask *a, struct panel *p);

bool
cube_answer(const struct cube *c, struct store_file *file, const struct store_question *q,
    struct panel *p, struct err *e)
{
	static cube_panel_fn *const panels[STORE_PANELS] = {
		[STORE_TOTALS] = cube_totals, [STORE_PEOPLE] = cube_people,
		[STORE_ACTIVITY] = cube_activity, [STORE_SERIES] = cube_series,
		[STORE_REVIEWERS] = cube_reviewers, [STORE_MATRIX] = cube_matrix,
		[STORE_FLOW] = cube_flow, [STORE_LATENCY] = cube_latency,
		[STORE_NEWCOMERS] = cube_newcomers, [STORE_QUIET] = cube_quiet,
		[STORE_PUNCH_CARD] = cube_punch_card,
		[STORE_REPOSITORIES] = cube_repositories,
		[STORE_BUS_FACTOR] = cube_bus_factor, [STORE_BOTS] = cube_bots,
		[STORE_PERSON] = cube_one_person, [STORE_SEARCH] = cube_search,
		[STORE_UNLINKED] = cube_unlinked, [STORE_CONTENTS] = cube_contents,
	};
	struct cube_ask a = { .cube = c, .q = q, .file = file };
	bool all = q->panel == STORE_CONTENTS || q->panel == STORE_SEARCH, good = true;

	if (!all)
		cube_filter_init(&a.filter, c, q);
	if (q->panel == STORE_BOTS)
		a.filter.flags = 0;
	p->document_count = c->documents;
	if (panels[q->panel] != NULL)
		panels[q->panel](&a, p);
	else
		good = answer_documents(&a, p, e);
	cube_filter_fini(&a.filter);
	return good;
}

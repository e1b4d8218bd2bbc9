/* SPDX-License-Identifier: Apache-2.0 */
/* cube_walk.c - see cube_walk.h. */
#include "store/cube_walk.h"
#include "base/str.h"

#include <stdlib.h>

#define PLAIN	((size_t)1 << 20)	/* pairs in a plain table, at most */

static bool
listed(const struct store_list *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->s[i], s))
			return true;
	return l->n == 0;
}

void
cube_filter_init(struct cube_filter *f, const struct cube *c,
    const struct store_question *q)
{
	*f = (struct cube_filter){ .flags = q->who == STORE_HUMANS ? FACT_HUMAN :
		q->who == STORE_BOTS_ONLY ? FACT_BOT : 0 };
	if (q->kinds.n > 0) {
		f->action = xcalloc(c->action.n + 1, sizeof(*f->action));
		for (size_t i = 0; i < c->action.n; i++)
			f->action[i] = listed(&q->kinds, c->action.s[i]);
	}
	if (q->repos.n + q->orgs.n > 0) {
		f->repo = xcalloc(c->names + 1, sizeof(*f->repo));
		for (size_t i = 1; i < c->names; i++)
			f->repo[i] = c->name[i].kind == NAME_REPO &&
			    listed(&q->repos, c->name[i].id) &&
			    listed(&q->orgs, c->name[i].org);
	}
	if (q->people.n > 0) {
		f->person = xcalloc(c->people + 1, sizeof(*f->person));
		for (size_t i = 0; i < c->people; i++)
			f->person[i] = listed(&q->people, c->person[i].id);
	}
}

void
cube_filter_fini(struct cube_filter *f)
{
	free(f->action);
	free(f->repo);
	free(f->person);
}

uint32_t
cube_person(const struct cube *c, const struct fact *r)
{
	if (r->who == 0 || (r->mark & CUBE_AGENT) != 0)
		return CUBE_NONE;
	return c->name[r->who].of;
}

uint32_t
cube_repo(const struct cube *c, const struct fact *r)
{
	return c->name[r->repo].of;
}

static bool
credits_one(const struct cube_walk *w)
{
	for (size_t i = 0; i < w->rows; i++) {
		uint32_t person = cube_person(w->cube, &w->doc[i]);

		if (person != CUBE_NONE && w->filter->person[person])
			return true;
	}
	return false;
}

static bool
lets_through(const struct cube_walk *w)
{
	const struct cube_filter *f = w->filter;
	const struct fact *r = w->doc;

	if (r->kind == CUBE_GONE || r->ts_ms < w->from_ms || r->ts_ms >= w->to_ms ||
	    (w->counted && (r->flags & FACT_COUNTED) == 0) ||
	    (f->flags != 0 && (r->flags & f->flags) == 0))
		return false;
	return (f->repo == NULL || f->repo[r->repo]) &&
	    (f->action == NULL || f->action[r->action]) &&
	    (f->person == NULL || credits_one(w));
}

bool
cube_next(struct cube_walk *w)
{
	const struct fact *end = w->cube->row + w->cube->n;

	while (w->at < w->cube->n) {
		const struct fact *r = w->cube->row + w->at, *next = r + 1;

		while (next < end && (next->mark & CUBE_FIRST) == 0)
			next++;
		w->doc = r;
		w->rows = (size_t)(next - r);
		w->at += w->rows;
		if (lets_through(w))
			return true;
	}
	return false;
}

/* A first guess, as if all were of one length; then step by step. */
uint32_t
cube_bucket(const struct store_question *q, int64_t ms)
{
	size_t last = q->edge_count - 2, i;

	if (ms < q->from_ms || ms >= q->to_ms)
		return CUBE_NONE;
	i = (size_t)((double)(ms - q->from_ms) / (double)(q->to_ms - q->from_ms) *
	    (double)(last + 1));
	i = i < last ? i : last;
	while (q->edges[i] > ms)
		i--;
	while (q->edges[i + 1] <= ms)
		i++;
	return (uint32_t)i;
}

struct panel_row *
cube_row(const struct cube *c, const struct cube_thing *t, struct panel_rows *rows)
{
	return panel_add(rows, t->id, cube_name_of(c, t));
}

void
pairs_init(struct pairs *p, size_t as, size_t bs)
{
	*p = (struct pairs){ .width = bs, .cap = as * bs };
	if (as == 0 || bs <= PLAIN / as)
		p->count = xcalloc(p->cap + 1, sizeof(*p->count));
	else
		p->cap = 0;
}

void
pairs_fini(struct pairs *p)
{
	free(p->key);
	free(p->count);
	*p = (struct pairs){ 0 };
}

static size_t
slot_of(const struct pairs *p, uint64_t key)
{
	size_t at = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (p->cap - 1);

	while (p->key[at] != 0 && p->key[at] != key)
		at = (at + 1) & (p->cap - 1);
	return at;
}

static void
grow(struct pairs *p)
{
	struct pairs old = *p;

	p->cap = old.cap > 0 ? old.cap * 2 : 1024;
	p->key = xcalloc(p->cap, sizeof(*p->key));
	p->count = xcalloc(p->cap, sizeof(*p->count));
	for (size_t i = 0; i < old.cap; i++)
		if (old.key[i] != 0) {
			size_t at = slot_of(p, old.key[i]);

			p->key[at] = old.key[i];
			p->count[at] = old.count[i];
		}
	free(old.key);
	free(old.count);
}

uint32_t *
pairs_at(struct pairs *p, uint32_t a, uint32_t b)
{
	uint64_t key = ((uint64_t)a << 32 | b) + 1;
	size_t at;

	if (p->key == NULL && p->count != NULL)
		return &p->count[a * p->width + b];
	if (2 * (p->n + 1) > p->cap)
		grow(p);
	at = slot_of(p, key);
	if (p->key[at] == 0) {
		p->key[at] = key;
		p->n++;
	}
	return &p->count[at];
}

bool
pairs_first(struct pairs *p, uint32_t a, uint32_t b)
{
	return (*pairs_at(p, a, b))++ == 0;
}

bool
pairs_each(const struct pairs *p, size_t *at, uint32_t *a, uint32_t *b, int64_t *n)
{
	while (*at < p->cap && p->count[*at] == 0)
		++*at;
	if (*at >= p->cap)
		return false;
	*a = (uint32_t)(p->key != NULL ? (p->key[*at] - 1) >> 32 : *at / p->width);
	*b = (uint32_t)(p->key != NULL ? p->key[*at] - 1 : *at % p->width);
	*n = p->count[(*at)++];
	return true;
}

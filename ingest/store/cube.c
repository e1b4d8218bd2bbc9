/* SPDX-License-Identifier: Apache-2.0 */
/* cube.c - see cube.h: rows and names in memory. */
#include "store/cube.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

#define MAX_NUMBER	(CUBE_MAX_BYTES / sizeof(struct cube_name))

struct cube *
cube_new(void)
{
	struct cube *c = xcalloc(1, sizeof(*c));

	c->max_bytes = CUBE_MAX_BYTES;
	c->person_at = map_new();
	c->repo_at = map_new();
	c->org_at = map_new();
	c->action_at = map_new();
	return c;
}

void
cube_free(struct cube *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->names; i++) {
		free(c->name[i].id);
		free(c->name[i].name);
		free(c->name[i].org);
	}
	map_free(c->person_at);
	map_free(c->repo_at);
	map_free(c->org_at);
	map_free(c->action_at);
	free(c->org.s);
	free(c->action.s);
	free(c->row);
	free(c->place);
	free(c->name);
	free(c->person);
	free(c->repo);
	free(c);
}

size_t
cube_bytes(const struct cube *c)
{
	return c->cap * sizeof(*c->row) + c->places * sizeof(*c->place) +
	    c->name_cap * sizeof(*c->name) + c->text_bytes +
	    (c->person_cap + c->repo_cap) * sizeof(*c->person);
}

static uint32_t
place_in(struct map *at, const char *id)
{
	size_t place = (size_t)(uintptr_t)map_get(at, id);

	return place > 0 ? (uint32_t)(place - 1) : CUBE_NONE;
}

static uint32_t
list_place(struct cube_list *l, struct map *at, const char *text)
{
	uint32_t place = place_in(at, text);

	if (place != CUBE_NONE)
		return place;
	if (l->n == l->cap) {
		l->cap = l->cap > 0 ? l->cap * 2 : 32;
		l->s = xrealloc(l->s, l->cap * sizeof(*l->s));
	}
	l->s[l->n++] = text;
	map_set(at, text, (void *)(uintptr_t)l->n);
	return (uint32_t)l->n - 1;
}

static uint32_t
thing_place(struct cube_thing **things, size_t *n, size_t *cap, struct map *at,
    const char *id)
{
	uint32_t place = place_in(at, id);

	if (place != CUBE_NONE)
		return place;
	if (*n == *cap) {
		*cap = *cap > 0 ? *cap * 2 : 64;
		*things = xrealloc(*things, *cap * sizeof(**things));
	}
	(*things)[(*n)++] = (struct cube_thing){ .id = id };
	map_set(at, id, (void *)(uintptr_t)*n);
	return (uint32_t)*n - 1;
}

static void
name_stands_for(struct cube *c, struct cube_name *m, int kind)
{
	m->kind = kind;
	switch (kind) {
	case NAME_ACTION:
		m->of = list_place(&c->action, c->action_at, m->id);
		break;
	case NAME_REPO:
		if (m->org[0] != '\0')
			m->org_of = list_place(&c->org, c->org_at, m->org);
		if (m->id[0] != '\0')
			m->of = thing_place(&c->repo, &c->repos, &c->repo_cap,
			    c->repo_at, m->id);
		break;
	case NAME_PERSON:
		m->of = thing_place(&c->person, &c->people, &c->person_cap,
		    c->person_at, m->id);
		break;
	default:
		break;
	}
}

bool
cube_add_name(struct cube *c, int64_t number, int kind, const char *id,
    const char *name, const char *org)
{
	struct cube_name *m;

	if (number <= 0 || (uint64_t)number >= MAX_NUMBER ||
	    (size_t)number < c->names)
		return false;
	if ((size_t)number >= c->name_cap) {
		c->name_cap = (size_t)number + (size_t)number / 2 + 256;
		c->name = xrealloc(c->name, c->name_cap * sizeof(*c->name));
	}
	while (c->names <= (size_t)number)	/* a number may be left out */
		c->name[c->names++] = (struct cube_name){ .kind = -1, .of = CUBE_NONE,
			.org_of = CUBE_NONE };
	m = &c->name[number];
	m->id = xstrdup(id);
	m->name = xstrdup(name);
	m->org = xstrdup(org);
	c->text_bytes += strlen(id) + strlen(name) + strlen(org) + 3;
	name_stands_for(c, m, kind);
	return true;
}

struct fact *
cube_add(struct cube *c)
{
	struct fact *r;

	if (c->n == c->cap) {
		c->cap += c->cap / 4 + 4096;
		c->row = xrealloc(c->row, c->cap * sizeof(*c->row));
	}
	r = &c->row[c->n];
	*r = c->n > 0 ? r[-1] : (struct fact){ 0 };
	c->n++;
	return r;
}

/* The row as the newest that names a thing, if it is. */
static void
thing_take(struct cube_thing *t, const struct fact *r, uint32_t name)
{
	if (t->name != 0 && r->ts_ms < t->ts_ms)
		return;
	if (t->name != 0 && r->ts_ms == t->ts_ms) {
		t->tied = t->tied || t->name != name;
		return;
	}
	t->ts_ms = r->ts_ms;
	t->doc = r->doc;
	t->name = name;
	t->tied = false;
}

/* The two things a row can name; NULL. */
static struct cube_thing *
person_of(const struct cube *c, const struct fact *r)
{
	return r->who != 0 && (r->mark & CUBE_AGENT) == 0 ?
	    &c->person[c->name[r->who].of] : NULL;
}

static struct cube_thing *
repo_of(const struct cube *c, const struct fact *r)
{
	return (r->mark & CUBE_FIRST) != 0 && c->name[r->repo].of != CUBE_NONE ?
	    &c->repo[c->name[r->repo].of] : NULL;
}

static void
take(struct cube *c, const struct fact *r)
{
	struct cube_thing *person = person_of(c, r), *repo = repo_of(c, r);

	if (person != NULL)
		thing_take(person, r, r->who);
	if (repo != NULL)
		thing_take(repo, r, r->repo);
}

void
cube_added(struct cube *c, uint32_t doc)
{
	size_t first = c->n;

	while (first > 0 && c->row[first - 1].doc == doc &&
	    c->row[first - 1].kind != CUBE_GONE)
		first--;
	if (doc >= c->places) {
		size_t n = doc + doc / 4 + 4096;

		c->place = xrealloc(c->place, n * sizeof(*c->place));
		memset(c->place + c->places, 0, (n - c->places) * sizeof(*c->place));
		c->places = n;
	}
	c->place[doc] = (uint32_t)first + 1;
	for (size_t i = first; i < c->n && !c->unsettled; i++)
		take(c, &c->row[i]);
}

void
cube_remove(struct cube *c, uint32_t doc)
{
	const struct cube_thing *person, *repo;
	size_t i;

	if (doc >= c->places || c->place[doc] == 0)
		return;
	i = c->place[doc] - 1;
	c->place[doc] = 0;
	do {
		person = person_of(c, &c->row[i]);
		repo = repo_of(c, &c->row[i]);
		if ((person != NULL && person->doc == doc) ||
		    (repo != NULL && repo->doc == doc))
			c->unsettled = true;
		c->row[i].kind = CUBE_GONE;
		c->gone++;
	} while (++i < c->n && (c->row[i].mark & CUBE_FIRST) == 0);
}

/* Rows that are gone make room, once they are many. */
static void
compact(struct cube *c)
{
	size_t n = 0;

	if (c->gone < 4096 || c->gone < c->n / 4)
		return;
	for (size_t i = 0; i < c->n; i++) {
		if (c->row[i].kind == CUBE_GONE)
			continue;
		if ((c->row[i].mark & CUBE_FIRST) != 0)
			c->place[c->row[i].doc] = (uint32_t)n + 1;
		c->row[n++] = c->row[i];
	}
	c->n = n;
	c->gone = 0;
}

/* Of several documents of a thing's newest moment, the id that comes first names it. */
static bool
settle_tie(struct cube_thing *t, const struct fact *r, uint32_t name, sqlite3_stmt *q,
    char **first)
{
	const char *id;
	bool good;

	if (!t->tied || t->ts_ms != r->ts_ms)
		return true;
	sqlite3_bind_int64(q, 1, r->doc);
	good = sqlite3_step(q) == SQLITE_ROW;
	id = good ? str_or((const char *)sqlite3_column_text(q, 0), "") : "";
	if (good && (*first == NULL || strcmp(id, *first) < 0)) {
		str_set(first, id);
		t->doc = r->doc;
		t->name = name;
	}
	sqlite3_reset(q);
	return good;
}

static bool
settle_ties(struct cube *c, struct store_file *file)
{
	char **person = xcalloc(c->people + 1, sizeof(*person));
	char **repo = xcalloc(c->repos + 1, sizeof(*repo));
	sqlite3_stmt *q = NULL;
	bool good = sqlite3_prepare_v2(file->db, "SELECT id FROM facts WHERE doc = ?1",
	    -1, &q, NULL) == SQLITE_OK;

	for (size_t i = 0; i < c->n && good; i++) {
		const struct fact *r = &c->row[i];
		struct cube_thing *p, *o;

		if (r->kind == CUBE_GONE)
			continue;
		p = person_of(c, r);
		o = repo_of(c, r);
		good = (p == NULL ||
		    settle_tie(p, r, r->who, q, &person[p - c->person])) &&
		    (o == NULL || settle_tie(o, r, r->repo, q, &repo[o - c->repo]));
	}
	for (size_t i = 0; i < c->people; i++) {
		c->person[i].tied = c->person[i].tied && !good;
		free(person[i]);
	}
	for (size_t i = 0; i < c->repos; i++) {
		c->repo[i].tied = c->repo[i].tied && !good;
		free(repo[i]);
	}
	free(person);
	free(repo);
	return sqlite3_finalize(q) == SQLITE_OK && good;
}

static bool
any_tied(const struct cube_thing *t, size_t n)
{
	while (n > 0 && !t[n - 1].tied)
		n--;
	return n > 0;
}

static void
forget_newest(struct cube_thing *t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		t[i] = (struct cube_thing){ .id = t[i].id };
}

bool
cube_settle(struct cube *c, struct store_file *file)
{
	compact(c);
	if (c->unsettled) {
		forget_newest(c->person, c->people);
		forget_newest(c->repo, c->repos);
		for (size_t i = 0; i < c->n; i++)
			if (c->row[i].kind != CUBE_GONE)
				take(c, &c->row[i]);
		c->unsettled = false;
	}
	if (!any_tied(c->person, c->people) && !any_tied(c->repo, c->repos))
		return true;
	return settle_ties(c, file);
}

const char *
cube_name_of(const struct cube *c, const struct cube_thing *t)
{
	return t->name != 0 ? str_or(c->name[t->name].name, t->id) : t->id;
}

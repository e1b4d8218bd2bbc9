/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cube_documents.c - see cube_panels.h: lists of documents. The cube tells which
 * they are; of those shown alone the bodies are read. Of one moment the id that
 * comes first decides, and ids are in the file, so they are read where it matters.
 */
#include "store/cube_panels.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

#define PARTS	4096	/* of the time in which the newest are looked for */
#define CROWD	4096	/* documents that are sorted without more ado */

struct found {
	int64_t		 ts_ms;
	uint32_t	 doc;
	char		*id;	/* owned; NULL: not read */
};

struct finds {
	struct found	*found;
	size_t		 n, cap;
	bool		 newest_first;
};

static void
finds_add(struct finds *l, const struct fact *f)
{
	if (l->n == l->cap) {
		l->cap = l->cap > 0 ? l->cap * 2 : 256;
		l->found = xrealloc(l->found, l->cap * sizeof(*l->found));
	}
	l->found[l->n++] = (struct found){ .ts_ms = f->ts_ms, .doc = f->doc };
}

static void
finds_fini(struct finds *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->found[i].id);
	free(l->found);
}

static int
in_order(const void *x, const void *y, void *arg)
{
	const struct found *a = x, *b = y;
	const struct finds *l = arg;

	if (a->ts_ms != b->ts_ms)
		return (a->ts_ms > b->ts_ms) == l->newest_first ? -1 : 1;
	return a->id != NULL && b->id != NULL ? strcmp(a->id, b->id) : 0;
}

static void
sort(struct finds *l)
{
	if (l->n > 0)
		qsort_r(l->found, l->n, sizeof(*l->found), in_order, l);
}

/* Keeps the first n, and all of the same moment as the last of them. */
static void
keep_first(struct finds *l, size_t n)
{
	sort(l);
	while (n > 0 && n < l->n && l->found[n].ts_ms == l->found[n - 1].ts_ms)
		n++;
	while (l->n > n)
		free(l->found[--l->n].id);
}

static bool
read_ids(const struct cube_ask *a, struct finds *l, struct err *e)
{
	sqlite3_stmt *q = NULL;
	bool good = sqlite3_prepare_v2(a->file->db, "SELECT id FROM facts WHERE doc = ?1",
	    -1, &q, NULL) == SQLITE_OK;

	for (size_t i = 0; i < l->n && good; i++) {
		sqlite3_bind_int64(q, 1, l->found[i].doc);
		good = sqlite3_step(q) == SQLITE_ROW;
		if (good)
			l->found[i].id = xstrdup(str_or((const char *)
			    sqlite3_column_text(q, 0), ""));
		sqlite3_reset(q);
	}
	if (!good)
		store_file_err(a->file, e);
	sqlite3_finalize(q);
	return good;
}

static bool
read_bodies(const struct cube_ask *a, const struct finds *l, size_t from, size_t max,
    struct panel *p, struct err *e)
{
	sqlite3_stmt *q = NULL;
	struct json *body;
	bool good = sqlite3_prepare_v2(a->file->db, "SELECT body FROM documents "
	    "WHERE id = ?1", -1, &q, NULL) == SQLITE_OK;

	p->documents = json_new_array();
	for (size_t i = from; i < l->n && i - from < max && good; i++) {
		sqlite3_bind_text(q, 1, l->found[i].id, -1, SQLITE_STATIC);
		good = sqlite3_step(q) == SQLITE_ROW;
		body = !good ? NULL :
		    json_parse(str_or((const char *)sqlite3_column_text(q, 0), ""),
		    (size_t)sqlite3_column_bytes(q, 0), e);
		if (body != NULL)
			json_push(p->documents, panel_document(body));
		json_free(body);
		sqlite3_reset(q);
	}
	if (!good)
		store_file_err(a->file, e);
	sqlite3_finalize(q);
	return good;
}

bool
cube_open(const struct cube_ask *a, struct panel *p, struct err *e)
{
	struct cube_walk w = cube_walk_from(a, INT64_MIN, INT64_MAX, false);
	struct finds l = { 0 };
	bool good;

	p->document_count = 0;
	while (cube_next(&w)) {
		if (w.doc->state != FACT_OPEN)
			continue;
		finds_add(&l, w.doc);
		p->document_count++;
	}
	keep_first(&l, panel_max(a->q));
	good = read_ids(a, &l, e);
	if (good) {
		sort(&l);
		good = read_bodies(a, &l, 0, panel_max(a->q), p, e);
	}
	finds_fini(&l);
	return good;
}

/* A span of time, cut into parts. */
struct span {
	int64_t	 from_ms, to_ms, part_ms;
	size_t	 n[PARTS];
};

static void
count_span(const struct cube_ask *a, struct span *s)
{
	struct cube_walk w = cube_walk_from(a, s->from_ms, s->to_ms, false);

	memset(s->n, 0, sizeof(s->n));
	s->part_ms = (s->to_ms - s->from_ms) / PARTS + 1;
	while (cube_next(&w))
		s->n[(w.doc->ts_ms - s->from_ms) / s->part_ms]++;
}

/*
 * Of a million documents a few are shown. A moment from which on there are enough
 * of them, but not many more, is found by counting: in parts of the whole time, then
 * in parts of the one where it lies.
 */
static int64_t
enough_from(const struct cube_ask *a, int64_t until_ms, size_t wanted)
{
	struct span s = { .from_ms = a->q->from_ms, .to_ms = until_ms };
	size_t i;

	while (s.from_ms < s.to_ms) {
		count_span(a, &s);
		for (i = PARTS - 1; i > 0 && s.n[i] < wanted; i--)
			wanted -= s.n[i];
		s.from_ms += (int64_t)i * s.part_ms;
		if (s.n[i] <= wanted + CROWD || s.part_ms == 1)
			break;
		s.to_ms = s.from_ms + s.part_ms < s.to_ms ? s.from_ms + s.part_ms :
		    s.to_ms;
	}
	return s.from_ms;
}

static void
find_recent(const struct cube_ask *a, int64_t until_ms, size_t wanted, struct finds *l)
{
	struct cube_walk w = cube_walk_from(a, enough_from(a, until_ms, wanted), until_ms,
	    false);

	while (cube_next(&w))
		finds_add(l, w.doc);
	keep_first(l, wanted);
}

/* How many of the sorted do not come after the place. */
static size_t
until_place(const struct finds *l, int64_t ms, const char *id)
{
	size_t n = 0;

	while (n < l->n && (l->found[n].ts_ms > ms ||
	    (l->found[n].ts_ms == ms && strcmp(l->found[n].id, id) <= 0)))
		n++;
	return n;
}

/* How many of that very moment there are: they stand before the place, or may. */
static size_t
count_moment(const struct cube_ask *a, int64_t ms)
{
	struct cube_walk w = cube_walk_from(a, ms, ms + 1, false);
	size_t n = 0;

	while (cube_next(&w))
		n++;
	return n;
}

bool
cube_recent(const struct cube_ask *a, struct panel *p, struct err *e)
{
	struct finds l = { .newest_first = true };
	char id[STORE_MAX_TEXT] = "";
	int64_t until = a->q->to_ms, ms = INT64_MAX;
	size_t max = panel_max(a->q), wanted = max + 1, from = 0;
	bool good;

	if (a->q->after != NULL && panel_place(a->q->after, &ms, id)) {
		until = ms < until ? ms + 1 : until;
		wanted += count_moment(a, ms);
	}
	find_recent(a, until, wanted, &l);
	good = read_ids(a, &l, e);
	if (good) {
		sort(&l);
		from = until_place(&l, ms, id);
		p->further = l.n - from > max;
		good = read_bodies(a, &l, from, max, p, e);
	}
	finds_fini(&l);
	return good;
}

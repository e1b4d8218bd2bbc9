/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_read.c - who does how much, asked of activity.db.
 *
 * Questions stand in a queue of the loop's; one at a time is a job on a helper
 * thread, which alone touches the connection. What a question says is in
 * store.h. The credits of a period are read in order of time and added up here:
 * a million of them take less time than SQLite's own grouping would.
 */
#include "store/sqlite.h"
#include "base/map.h"
#include "base/str.h"
#include "io/loop.h"
#include "store/panel.h"
#include "store/sqlite_file.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define BUSY_MS		5000	/* this thread may wait */
#define STEPS		10000	/* of SQLite's machine between two looks at ->stop */

struct question {
	STAILQ_ENTRY(question)		 link;
	struct reader			*reader;
	struct store_question		*query;		/* owned */
	store_answer_fn			*fn;
	void				*arg;
	struct json			*answer;	/* NULL: err says why not */
	struct err			 err;
};

struct reader {
	struct store			 store;		/* first */
	struct loop			*loop;
	char				*path;
	STAILQ_HEAD(, question)		 waiting;
	struct question			*asked;		/* at work */
	atomic_bool			 stop;		/* freed while at work */
	struct store_file		 file;		/* the job's */
};

/* Who is known: a person has an alias for each name under one id. */
struct alias {
	int64_t	 alias;
	size_t	 person;
	char	*name;
};

struct tally {
	char		*id;
	struct alias	*newest;	/* of the newest document counted */
	bool		 unsure;	/* another alias in that very moment */
	int64_t		 commits, pulls, reviews, merged, last_ms;
};

struct census {
	struct alias	*alias;		/* by number */
	size_t		 aliases, alias_cap;
	struct tally	*tally;
	size_t		 tallies, tally_cap;
};

static void
census_fini(struct census *c)
{
	for (size_t i = 0; i < c->aliases; i++)
		free(c->alias[i].name);
	for (size_t i = 0; i < c->tallies; i++)
		free(c->tally[i].id);
	free(c->alias);
	free(c->tally);
}

static size_t
person_of(struct census *c, struct map *ids, const char *id)
{
	size_t at = (size_t)(uintptr_t)map_get(ids, id);	/* place + 1 */

	if (at != 0)
		return at - 1;
	if (c->tallies == c->tally_cap) {
		c->tally_cap = c->tally_cap > 0 ? c->tally_cap * 2 : 64;
		c->tally = xrealloc(c->tally, c->tally_cap * sizeof(*c->tally));
	}
	c->tally[c->tallies++] = (struct tally){ .id = xstrdup(id) };
	map_set(ids, id, (void *)(uintptr_t)c->tallies);
	return c->tallies - 1;
}

static bool
read_aliases(struct reader *r, struct census *c)
{
	struct map *ids = map_new();
	sqlite3_stmt *q = NULL;

	sqlite3_prepare_v2(r->file.db, "SELECT alias, credit_id, name FROM aliases "
	    "ORDER BY alias", -1, &q, NULL);
	while (sqlite3_step(q) == SQLITE_ROW) {
		if (c->aliases == c->alias_cap) {
			c->alias_cap = c->alias_cap > 0 ? c->alias_cap * 2 : 64;
			c->alias = xrealloc(c->alias, c->alias_cap * sizeof(*c->alias));
		}
		c->alias[c->aliases++] = (struct alias){
			.alias = sqlite3_column_int64(q, 0),
			.person = person_of(c, ids,
			    str_or((const char *)sqlite3_column_text(q, 1), "")),
			.name = xstrdup(str_or((const char *)
			    sqlite3_column_text(q, 2), "")),
		};
	}
	map_free(ids);
	return sqlite3_finalize(q) == SQLITE_OK && q != NULL;
}

static struct alias *
find_alias(struct census *c, int64_t number)
{
	size_t low = 0, high = c->aliases, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (c->alias[mid].alias == number)
			return &c->alias[mid];
		if (c->alias[mid].alias < number)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* One credit more; they come oldest first. */
static void
tally_add(struct census *c, struct alias *a, int64_t kind, int64_t merged, int64_t ts)
{
	struct tally *t = &c->tally[a->person];

	t->unsure = t->newest != NULL && t->last_ms == ts &&
	    (t->unsure || t->newest != a);
	t->newest = a;
	t->last_ms = ts;
	t->commits += kind == CREDIT_COMMIT;
	t->pulls += kind == CREDIT_PULL;
	t->merged += kind == CREDIT_PULL && merged != 0;
	t->reviews += kind == CREDIT_REVIEW;
}

static bool
read_credits(struct reader *r, const struct store_question *query,
    struct census *c)
{
	sqlite3_stmt *q = NULL;
	struct alias *a;

	sqlite3_prepare_v2(r->file.db, "SELECT alias, kind, merged, ts FROM credits "
	    "INDEXED BY credits_ts WHERE ts >= ?1 AND ts < ?2 ORDER BY ts", -1, &q, NULL);
	sqlite3_bind_int64(q, 1, query->from_ms);
	sqlite3_bind_int64(q, 2, query->to_ms);
	while (sqlite3_step(q) == SQLITE_ROW) {
		a = find_alias(c, sqlite3_column_int64(q, 0));
		if (a != NULL)
			tally_add(c, a, sqlite3_column_int64(q, 1),
			    sqlite3_column_int64(q, 2), sqlite3_column_int64(q, 3));
	}
	return sqlite3_finalize(q) == SQLITE_OK && q != NULL;
}

/* Whose newest documents are of one moment: the id that comes first decides. */
static bool
settle_names(struct reader *r, struct census *c)
{
	sqlite3_stmt *q = NULL;
	bool good = true;

	if (sqlite3_prepare_v2(r->file.db, "SELECT c.alias FROM credits c "
	    "JOIN aliases a ON a.alias = c.alias WHERE c.ts = ?1 AND a.credit_id = ?2 "
	    "ORDER BY c.doc LIMIT 1", -1, &q, NULL) != SQLITE_OK)
		return false;
	for (size_t i = 0; i < c->tallies && good; i++) {
		if (!c->tally[i].unsure)
			continue;
		sqlite3_bind_int64(q, 1, c->tally[i].last_ms);
		sqlite3_bind_text(q, 2, c->tally[i].id, -1, SQLITE_STATIC);
		good = sqlite3_step(q) == SQLITE_ROW;
		if (good)
			c->tally[i].newest = find_alias(c, sqlite3_column_int64(q, 0));
		sqlite3_reset(q);
	}
	return sqlite3_finalize(q) == SQLITE_OK && good;
}

/* Those who did anything, as rows. */
static void
fill_rows(struct census *c, struct panel_rows *rows)
{
	struct panel_row *r;

	for (const struct tally *t = c->tally; t < c->tally + c->tallies; t++) {
		if (t->newest == NULL)
			continue;
		r = panel_add(rows, t->id, t->newest->name);
		r->n[COL_ACTIVITY] = t->commits + t->pulls + t->reviews;
		r->n[COL_COMMITS] = t->commits;
		r->n[COL_PULLS] = t->pulls;
		r->n[COL_REVIEWS] = t->reviews;
		r->n[COL_MERGED] = t->merged;
		r->n[COL_LAST] = t->last_ms;
	}
}

static bool
count_documents(struct reader *r, int64_t *n)
{
	sqlite3_stmt *q = NULL;
	bool good;

	sqlite3_prepare_v2(r->file.db, "SELECT value FROM meta WHERE key = 'documents'",
	    -1, &q, NULL);
	good = sqlite3_step(q) == SQLITE_ROW;
	if (good)
		*n = sqlite3_column_int64(q, 0);
	return sqlite3_finalize(q) == SQLITE_OK && good;
}

static int
on_steps(void *arg)
{
	struct reader *r = arg;

	return atomic_load(&r->stop);
}

/* The file may have been deleted and made anew since the last question. */
static bool
look_at_file(struct reader *r, struct err *e)
{
	if (r->file.db != NULL && !store_file_moved(&r->file))
		return true;
	store_file_close(&r->file);
	if (!store_file_open(&r->file, r->path, false, e))
		return false;
	sqlite3_busy_timeout(r->file.db, BUSY_MS);
	sqlite3_progress_handler(r->file.db, STEPS, on_steps, r);
	return true;
}

/* What cannot be told yet is not made up. */
static bool
look_at_question(struct question *q)
{
	const struct store_question *s = q->query;

	if (!store_check(s, &q->err))
		return false;
	if (s->panel == STORE_PEOPLE && s->who != STORE_BOTS_ONLY && s->after == NULL &&
	    s->sort == STORE_BY_ACTIVITY && !s->ascending && s->orgs.n + s->repos.n +
	    s->people.n + s->kinds.n == 0)
		return true;
	return err_set(&q->err, ERR_SYSTEM, ENOSYS, "the file is asked for people in "
	    "order of activity alone, so far");
}

static bool
answer(struct question *q)
{
	struct reader *r = q->reader;
	struct panel panel = { 0 };
	struct census c = { 0 };
	bool good;

	if (!look_at_file(r, &q->err))
		return false;
	good = sqlite3_exec(r->file.db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK &&
	    read_aliases(r, &c) && read_credits(r, q->query, &c) &&
	    settle_names(r, &c) && count_documents(r, &panel.document_count);
	if (good) {
		fill_rows(&c, &panel.rows);
		q->answer = panel_answer(q->query, &panel);
		store_file_used(&r->file);
	} else {
		store_file_err(&r->file, &q->err);
	}
	panel_fini(&panel);
	census_fini(&c);
	sqlite3_exec(r->file.db, "COMMIT", NULL, NULL, NULL);
	if (!good)
		store_file_close(&r->file);
	return good;
}

/* On the helper thread. A file that changed under us is opened once more. */
static void
work(void *arg)
{
	struct question *q = arg;

	if (look_at_question(q))
		(void)(answer(q) || answer(q));
}

static void
question_free(struct question *q)
{
	json_free(q->answer);
	free(q->query);
	free(q);
}

static void
reader_end(struct reader *r)
{
	store_file_close(&r->file);
	free(r->path);
	free(r);
}

static void ask_next(struct reader *r);

static void
done(void *arg)
{
	struct question *q = arg;
	struct reader *r = q->reader;

	if (!atomic_load(&r->stop))
		q->fn(q->arg, q->answer, &q->err);
	question_free(q);
	r->asked = NULL;
	if (atomic_load(&r->stop))
		reader_end(r);
	else
		ask_next(r);
}

static void
ask_next(struct reader *r)
{
	struct question *q = STAILQ_FIRST(&r->waiting);

	if (q == NULL || r->asked != NULL)
		return;
	STAILQ_REMOVE_HEAD(&r->waiting, link);
	r->asked = q;
	loop_job(r->loop, work, done, q);
}

static void
reader_ask(struct store *s, const struct store_question *query, store_answer_fn *fn,
    void *arg)
{
	struct reader *r = (struct reader *)s;
	struct question *q = xcalloc(1, sizeof(*q));

	*q = (struct question){ .reader = r, .query = panel_question_copy(query),
		.fn = fn, .arg = arg };
	STAILQ_INSERT_TAIL(&r->waiting, q, link);
	ask_next(r);
}

static void
reader_free(struct store *s)
{
	struct reader *r = (struct reader *)s;
	struct question *q;

	while ((q = STAILQ_FIRST(&r->waiting)) != NULL) {
		STAILQ_REMOVE_HEAD(&r->waiting, link);
		question_free(q);
	}
	if (r->asked != NULL)
		atomic_store(&r->stop, true);	/* done frees it */
	else
		reader_end(r);
}

struct store *
sqlite_reader(struct loop *l, const char *path)
{
	struct reader *r = xcalloc(1, sizeof(*r));

	r->store = (struct store){ .ask = reader_ask, .free = reader_free };
	r->loop = l;
	r->path = xstrdup(path);
	STAILQ_INIT(&r->waiting);
	return &r->store;
}

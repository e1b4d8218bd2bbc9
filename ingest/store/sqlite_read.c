/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_read.c - the dashboard's questions, asked of activity.db.
 *
 * Questions stand in a queue of the loop's; one at a time is a job on a helper
 * thread, which alone touches the connection and the cube (cube.h). The cube is
 * made at the first question, follows the file at each, and goes when nobody has
 * asked for a while, or when the file is another one.
 */
#include "base/str.h"
#include "io/loop.h"
#include "store/cube_panels.h"
#include "store/sqlite.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/queue.h>

#define BUSY_MS		5000	/* this thread may wait */
#define STEPS		10000	/* of SQLite's machine between two looks at ->stop */
#define KEEP_MS		(10 * 60 * 1000)	/* the cube, without a question */

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
	struct timer			*idle;
	char				*path;
	STAILQ_HEAD(, question)		 waiting;
	struct question			*asked;		/* at work */
	atomic_bool			 stop;		/* freed while at work */
	/* the job's, while there is one */
	struct store_file		 file;
	struct cube			*cube;		/* NULL: none */
	char				 identity[STORE_ID_SIZE]; /* the cube's file */
};

static void
let_go(struct reader *r)
{
	cube_free(r->cube);
	r->cube = NULL;
	store_file_close(&r->file);
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
	let_go(r);
	if (!store_file_open(&r->file, r->path, false, e))
		return false;
	sqlite3_busy_timeout(r->file.db, BUSY_MS);
	sqlite3_progress_handler(r->file.db, STEPS, on_steps, r);
	return true;
}

/* Within a transaction. A store that was emptied is another one. */
static bool
look_at_cube(struct reader *r, struct err *e)
{
	char identity[STORE_ID_SIZE];

	if (!store_file_identity(&r->file, identity, e))
		return false;
	if (r->cube != NULL && !str_eq(identity, r->identity)) {
		cube_free(r->cube);
		r->cube = NULL;
	}
	str_copy(r->identity, sizeof(r->identity), identity);
	if (r->cube == NULL)
		r->cube = cube_new();
	return cube_follow(r->cube, &r->file, e);
}

static bool
answer(struct question *q)
{
	struct reader *r = q->reader;
	struct panel panel = { 0 };
	bool good;

	if (!look_at_file(r, &q->err))
		return false;
	good = sqlite3_exec(r->file.db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK ||
	    store_file_err(&r->file, &q->err);
	good = good && look_at_cube(r, &q->err) &&
	    cube_answer(r->cube, &r->file, q->query, &panel, &q->err);
	sqlite3_exec(r->file.db, "COMMIT", NULL, NULL, NULL);
	if (good) {
		q->answer = panel_answer(q->query, &panel);
		store_file_used(&r->file);
	} else {
		let_go(r);
	}
	panel_fini(&panel);
	return good;
}

/* On the helper thread. A file that changed under us is opened once more. */
static void
work(void *arg)
{
	struct question *q = arg;

	if (!store_check(q->query, &q->err) || answer(q) || q->err.kind == ERR_LIMIT ||
	    atomic_load(&q->reader->stop))
		return;
	(void)!answer(q);
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
	let_go(r);
	timer_free(r->idle);
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
on_idle(void *arg)
{
	struct reader *r = arg;

	if (r->asked == NULL)
		let_go(r);
	else
		timer_set(r->idle, KEEP_MS);
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
	timer_set(r->idle, KEEP_MS);
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
	timer_cancel(r->idle);
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
	r->idle = timer_new(l, on_idle, r);
	r->path = xstrdup(path);
	STAILQ_INIT(&r->waiting);
	return &r->store;
}

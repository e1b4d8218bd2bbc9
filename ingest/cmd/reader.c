/* SPDX-License-Identifier: Apache-2.0 */
/* reader.c - see reader.h. */
#include "cmd/reader.h"
#include "base/clock.h"
#include "base/str.h"
#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MS		((int64_t)24 * 3600 * 1000)
#define ANSWER_MS	30000

static void
on_ended(void *arg, int status)
{
	UNUSED(arg);
	UNUSED(status);
}

/* The first of the mistakes, in a line; flags have no place. */
static void
first_mistake(struct diags *d, struct err *e)
{
	struct buf text = BUF(1u << 20);
	const char *s;

	diags_text(d, &text);
	s = buf_str(&text);
	if (str_starts(s, "(flags)") && strstr(s, "error: ") != NULL)
		s = strstr(s, "error: ") + strlen("error: ");
	err_set(e, ERR_CONFIG, 0, "its pipeline cannot be read here: %.*s",
	    (int)strcspn(s, "\n"), s);
	buf_fini(&text);
}

static void
open_store(struct reader *r, const char *dir)
{
	struct strings files = { 0 };
	struct buf text = BUF(1u << 20);
	struct diags d = { 0 };
	struct err e = { 0 };
	struct conf *conf = conf_new();
	bool good = true;

	if (!default_remembered(r->state, &files, &text)) {
		str_copy(r->why, sizeof(r->why), "nothing has run there yet");
		conf_free(conf);
		return;
	}
	for (size_t i = 0; i < files.n; i++)
		good = conf_add_file(conf, files.s[i], &d) && good;
	if (files.n == 0)
		good = conf_add(conf, "(flags)", buf_str(&text), text.len, &d);
	if (good)
		r->pipeline = pipeline_new(&(struct pipeline_conf){ .loop = r->loop,
		    .state = r->state, .data_dir = dir, .mode = RUN_READ,
		    .ended = on_ended }, conf_sections(conf), &d, &e);
	if (r->pipeline != NULL)
		r->store = pipeline_reader(r->pipeline);
	if (d.n > 0)
		first_mistake(&d, &e);
	if (r->store == NULL)
		str_copy(r->why, sizeof(r->why), r->pipeline == NULL ? e.text :
		    "no output of the pipeline can be asked");
	diags_fini(&d);
	conf_free(conf);
	strings_fini(&files);
	buf_fini(&text);
}

bool
reader_open(struct reader *r, const char *dir, struct err *e)
{
	*r = (struct reader){ 0 };
	r->state = state_open(dir, STATE_READ, e);
	if (r->state == NULL)
		return false;
	r->loop = loop_new(e);
	if (r->loop == NULL)
		return false;
	open_store(r, dir);
	return state_commit(r->state, e) || err_at(e, "%s", dir);
}

void
reader_close(struct reader *r)
{
	store_free(r->store);
	pipeline_free(r->pipeline);
	state_close(r->state);
	loop_free(r->loop);
	*r = (struct reader){ 0 };
}

struct question {
	struct loop	*loop;
	store_people_fn	*fn;
	void		*arg;
	struct err	 e;
	bool		 answered;
};

static void
on_people(void *arg, const struct store_people *people, const struct err *err)
{
	struct question *q = arg;

	q->answered = people != NULL;
	if (people != NULL)
		q->fn(q->arg, people, NULL);
	else
		q->e = *err;
	loop_stop(q->loop);
}

static void
on_late(void *arg)
{
	struct question *q = arg;

	err_set(&q->e, ERR_REMOTE, 0, "the store did not answer within %d s",
	    ANSWER_MS / 1000);
	loop_stop(q->loop);
}

bool
reader_people(struct reader *r, int days, unsigned max, store_people_fn *fn,
    void *arg, struct err *e)
{
	struct question q = { .loop = r->loop, .fn = fn, .arg = arg };
	int64_t now = clock_wall_ms();
	struct timer *late;

	if (r->store == NULL)
		return err_set(e, ERR_REMOTE, 0, "%s", r->why);
	late = timer_new(r->loop, on_late, &q);
	timer_set(late, ANSWER_MS);
	store_people(r->store, &(struct store_people_query){
	    .from_ms = now - days * DAY_MS, .to_ms = now + DAY_MS, .max = max },
	    on_people, &q);
	loop_run(r->loop);
	timer_free(late);
	if (!q.answered)
		*e = q.e;
	return q.answered;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dlq_replay.c - hubstash dlq replay: dead letters are marked in state.db to be
 * sent again. Where an engine runs it does that and this command waits until it
 * has, else this command is the outputs until all is told.
 */
#include "base/log.h"
#include "base/str.h"
#include "cmd/dlq.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define LOOK_MS		200
#define WATCH_LOOKS	10		/* looks between those at the engine */

/* What is to be sent again, by number and how often it was refused before. */
struct chosen {
	const struct args	*args;
	int64_t			*id, *times;
	size_t			 n, all;
	size_t			 left, refused;	/* of them, as it is now */
};

static void
choose(void *arg, const struct dead_row *d)
{
	struct chosen *c = arg;
	const struct args *a = c->args;

	c->all++;
	if (!dlq_matches(a, d) || !dlq_named(a->rest.s + 1, a->rest.n - 1, d))
		return;
	c->id = xrealloc(c->id, (c->n + 1) * sizeof(*c->id));
	c->times = xrealloc(c->times, (c->n + 1) * sizeof(*c->times));
	c->id[c->n] = d->id;
	c->times[c->n++] = d->times;
}

static void
compare(void *arg, const struct dead_row *d)
{
	struct chosen *c = arg;
	size_t lo = 0, hi = c->n;

	while (lo < hi) {		/* ids grow */
		size_t mid = lo + (hi - lo) / 2;

		if (c->id[mid] < d->id)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == c->n || c->id[lo] != d->id)
		return;
	if (d->again)
		c->left++;
	else
		c->refused++;
}

/* Marks them; false: there is nothing to do, and *status says how bad that is. */
static bool
mark(struct state *s, struct chosen *c, int *status)
{
	*status = 0;
	state_dead(s, choose, c);
	if (c->n == 0 && c->args->rest.n > 1)
		*status = usage("there is no dead letter %s; hubstash dlq list shows the "
		    "%zu there are", c->args->rest.s[1], c->all);
	else if (c->n == 0)
		printf("no dead letters to send again\n");
	for (size_t i = 0; i < c->n; i++)
		state_dead_mark(s, c->id[i], true);
	return c->n > 0;
}

/* 0: all are stored. */
static int
tell(struct state *s, struct chosen *c)
{
	c->left = c->refused = 0;
	state_dead(s, compare, c);
	printf("%zu stored, %zu refused again", c->n - c->left - c->refused, c->refused);
	if (c->left > 0)
		printf(", %zu not sent yet", c->left);
	printf("\n");
	return c->left > 0 ? 75 : c->refused > 0 ? 1 : 0;
}

struct wait {
	struct loop	*loop;
	struct state	*state;
	struct timer	*timer;
	const char	*dir;
	unsigned	 looks, missed;
};

static void
on_look(void *arg)
{
	struct wait *w = arg;

	if (state_dead_again_count(w->state) == 0) {
		loop_stop(w->loop);
		return;
	}
	if (++w->looks % WATCH_LOOKS == 0)
		w->missed = state_engine_runs(w->dir) ? 0 : w->missed + 1;
	if (w->missed >= 2) {
		log_warn("the engine ended before all were sent: the next run goes on "
		    "with it");
		loop_stop(w->loop);
		return;
	}
	timer_set(w->timer, LOOK_MS);
}

static void
on_interrupt(void *arg)
{
	struct wait *w = arg;

	log_info("the engine goes on with it");
	loop_stop(w->loop);
}

static int
beside(const char *dir, struct chosen *c)
{
	struct wait w = { .dir = dir };
	struct err e;
	int status;

	w.state = state_open(dir, STATE_WISH, &e);
	if (w.state == NULL)
		return cmd_fail(&e);
	if (!mark(w.state, c, &status))
		goto out;
	w.loop = loop_new(&e);
	if (w.loop == NULL || !state_commit(w.state, &e)) {
		status = cmd_fail(&e);
		goto out;
	}
	w.timer = timer_new(w.loop, on_look, &w);
	timer_set(w.timer, LOOK_MS);
	loop_on_stop(w.loop, on_interrupt, &w);
	loop_run(w.loop);
	status = tell(w.state, c);
out:
	timer_free(w.timer);
	state_close(w.state);
	loop_free(w.loop);
	return status;
}

static int
alone(const char *dir, struct chosen *c)
{
	struct strings files = { 0 };
	struct buf text = BUF(1u << 20);
	struct session s = { 0 };
	struct err e;
	struct state *was = state_open(dir, STATE_READ, &e);
	bool ran = was != NULL && default_remembered(was, &files, &text);
	int status, told;

	state_close(was);
	if (!ran) {
		status = was == NULL ? cmd_fail(&e) : usage("%s: nothing has run there "
		    "yet", dir);
		goto out;
	}
	status = session_open(&s, &(struct session_conf){ .pipelines = &files,
	    .text = buf_str(&text), .data_dir = dir, .mode = RUN_REPLAY });
	if (status != 0 || !mark(s.state, c, &status))
		goto out;
	status = session_run(&s);
	told = tell(s.state, c);
	if (status == 0)
		status = told;
out:
	session_close(&s);
	strings_fini(&files);
	buf_fini(&text);
	return status;
}

int
dlq_replay(const char *dir, struct args *a)
{
	struct chosen c = { .args = a };
	int status = state_engine_runs(dir) ? beside(dir, &c) : alone(dir, &c);

	free(c.id);
	free(c.times);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop.h - the one loop of the process: timers, signals, helper threads.
 * Sockets are watched by http.c and httpd.c.
 *
 * With HUBSTASH_CLOCK=virtual:START[..END] (ISO 8601) in the environment time
 * stands still while anything is on its way (a request, a job) and jumps to the
 * next timer when nothing is, so a week of polling takes seconds and comes out
 * the same each time. At END the loop behaves as if SIGTERM had come. This is
 * for tests, against a server that takes its time from the X-Sim-Now header.
 */
#ifndef IO_LOOP_H
#define IO_LOOP_H

#include "base/err.h"

struct loop;
struct timer;
struct event_base;

struct loop *loop_new(struct err *e) MUST_CHECK;	/* HUBSTASH_CLOCK is wrong */
void loop_free(struct loop *l);
void loop_run(struct loop *l);		/* until loop_stop */
void loop_stop(struct loop *l);
struct event_base *loop_base(struct loop *l);	/* for io/ only */

/* While busy is above zero virtual time does not move. */
void loop_busy(struct loop *l, int add);

/*
 * SIGINT, SIGTERM and SIGHUP (and END of virtual time) call stop once; a second
 * signal ends the process with 130. A SIGHUP that is ignored (nohup) stays so.
 */
void loop_on_stop(struct loop *l, void (*stop)(void *arg), void *arg);

/* A timer fires once for each timer_set, from the loop, never from inside. */
typedef void timer_fn(void *arg);
struct timer *timer_new(struct loop *l, timer_fn *fn, void *arg);
void timer_set(struct timer *t, int64_t ms);	/* 0: the next turn; replaces */
void timer_cancel(struct timer *t);
bool timer_waits(const struct timer *t);
void timer_free(struct timer *t);		/* NULL is fine; also inside fn */

/*
 * A job runs work on a helper thread and then done on the loop, exactly once.
 * work shares nothing with the loop but arg. loop_free waits for jobs.
 */
void loop_job(struct loop *l, void (*work)(void *arg), void (*done)(void *arg),
    void *arg);

#endif

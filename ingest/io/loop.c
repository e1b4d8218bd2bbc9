/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop.c - see loop.h. Timers stand in a heap of ours, earliest first; in real
 * time one libevent timer wakes the loop for the first of them, in virtual time
 * the loop jumps there. Timers set while timers fire wait for the next turn.
 */
#include "io/loop.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#include <event2/event.h>
#include <event2/thread.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct timer {
	struct loop	*loop;
	timer_fn	*fn;
	void		*arg;
	int64_t		 due_ms;
	uint64_t	 seq;		/* equal times fire in the order they were set */
	size_t		 at;		/* place in the heap + 1; 0: not set */
};

struct loop {
	struct event_base	*base;
	struct event		*wake;
	struct event		*signals[3];
	struct timer		**heap;
	size_t			 count, cap;
	uint64_t		 seq;
	int			 busy;
	int64_t			 end_ms;	/* wall clock; 0: never */
	bool			 stopping, stopped;
	void			(*stop)(void *);
	void			*stop_arg;
};

struct job {
	struct loop	*loop;
	pthread_t	 thread;
	struct event	*finished;
	void		(*work)(void *);
	void		(*done)(void *);
	void		*arg;
};

static bool
before(const struct timer *a, const struct timer *b)
{
	return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->seq < b->seq;
}

static void
heap_put(struct loop *l, size_t i, struct timer *t)
{
	l->heap[i] = t;
	t->at = i + 1;
}

/* Moves t from place i to where it belongs. */
static void
heap_settle(struct loop *l, size_t i, struct timer *t)
{
	size_t child;

	for (; i > 0 && before(t, l->heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap_put(l, i, l->heap[(i - 1) / 2]);
	for (; (child = 2 * i + 1) < l->count; i = child) {
		if (child + 1 < l->count &&
		    before(l->heap[child + 1], l->heap[child]))
			child++;
		if (before(t, l->heap[child]))
			break;
		heap_put(l, i, l->heap[child]);
	}
	heap_put(l, i, t);
}

struct timer *
timer_new(struct loop *l, timer_fn *fn, void *arg)
{
	struct timer *t = xcalloc(1, sizeof(*t));

	*t = (struct timer){ .loop = l, .fn = fn, .arg = arg };
	return t;
}

void
timer_cancel(struct timer *t)
{
	struct loop *l = t->loop;
	size_t i;

	if (t->at == 0)
		return;
	i = t->at - 1;
	t->at = 0;
	if (i != --l->count)
		heap_settle(l, i, l->heap[l->count]);
}

void
timer_set(struct timer *t, int64_t ms)
{
	struct loop *l = t->loop;

	timer_cancel(t);
	t->due_ms = clock_mono_ms() + (ms > 0 ? ms : 0);
	t->seq = ++l->seq;
	if (l->count == l->cap) {
		l->cap = l->cap > 0 ? l->cap * 2 : 32;
		l->heap = xrealloc(l->heap, l->cap * sizeof(struct timer *));
	}
	l->count++;
	heap_settle(l, l->count - 1, t);
}

bool
timer_waits(const struct timer *t)
{
	return t->at != 0;
}

void
timer_free(struct timer *t)
{
	if (t == NULL)
		return;
	timer_cancel(t);
	free(t);
}

static void
fire_due(struct loop *l)
{
	uint64_t last = l->seq;		/* what is set from here on waits a turn */
	int64_t now = clock_mono_ms();
	struct timer *t;

	while (!l->stopped && l->count > 0 && (t = l->heap[0])->due_ms <= now &&
	    t->seq <= last) {
		timer_cancel(t);
		t->fn(t->arg);		/* may free t */
	}
}

static void
loop_asked_to_stop(struct loop *l)
{
	if (l->stopping)
		_exit(130);
	l->stopping = true;
	if (l->stop != NULL)
		l->stop(l->stop_arg);
	else
		loop_stop(l);
}

static void
on_signal(evutil_socket_t sig, short what, void *arg)
{
	UNUSED(sig);
	UNUSED(what);
	loop_asked_to_stop(arg);
}

static void
on_wake(evutil_socket_t fd, short what, void *arg)
{
	UNUSED(fd);
	UNUSED(what);
	UNUSED(arg);	/* fire_due comes next */
}

static void
on_libevent_log(int severity, const char *text)
{
	if (severity >= EVENT_LOG_WARN)
		log_debug("libevent: %s", text);
}

/* HUBSTASH_CLOCK=virtual:START[..END] */
static bool
read_clock(struct loop *l, const char *s, struct err *e)
{
	char start[64];
	const char *end = strstr(s, "..");
	size_t n = end != NULL ? (size_t)(end - s) : strlen(s);
	int64_t ms;

	if (!str_starts(s, "virtual:") || n >= sizeof(start))
		goto bad;
	memcpy(start, s, n);
	start[n] = '\0';
	if (!clock_parse_iso(start + strlen("virtual:"), &ms, NULL) ||
	    (end != NULL && !clock_parse_iso(end + 2, &l->end_ms, NULL)))
		goto bad;
	clock_virtual(ms);
	return true;
bad:
	return err_set(e, ERR_CONFIG, 0, "HUBSTASH_CLOCK is \"%s\", not "
	    "virtual:START or virtual:START..END", s);
}

static bool
is_ignored(int sig)
{
	struct sigaction was;

	return sigaction(sig, NULL, &was) == 0 && was.sa_handler == SIG_IGN;
}

struct loop *
loop_new(struct err *e)
{
	static const int sigs[] = { SIGINT, SIGTERM, SIGHUP };
	struct loop *l = xcalloc(1, sizeof(*l));
	const char *clock = getenv("HUBSTASH_CLOCK");

	if (clock != NULL && !read_clock(l, clock, e)) {
		free(l);
		return NULL;
	}
	event_set_log_callback(on_libevent_log);
	evthread_use_pthreads();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);	/* a limit on files is as a full disk: an error */
	l->base = event_base_new();
	if (l->base == NULL)
		die("event_base_new");
	l->wake = evtimer_new(l->base, on_wake, l);
	for (size_t i = 0; i < LEN(sigs); i++) {
		if (sigs[i] == SIGHUP && is_ignored(SIGHUP))
			continue;		/* nohup: meant to outlive its terminal */
		l->signals[i] = evsignal_new(l->base, sigs[i], on_signal, l);
		if (l->signals[i] == NULL || event_add(l->signals[i], NULL) != 0)
			die("cannot watch signal %d", sigs[i]);
	}
	return l;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	while (l->busy > 0 && event_base_loop(l->base, EVLOOP_ONCE) == 0)
		continue;		/* jobs come home first */
	for (size_t i = 0; i < LEN(l->signals); i++)
		if (l->signals[i] != NULL)
			event_free(l->signals[i]);
	event_free(l->wake);
	event_base_free(l->base);
	free(l->heap);
	free(l);
}

static void
wait_real(struct loop *l)
{
	int64_t ms;

	evtimer_del(l->wake);
	if (l->count > 0) {
		ms = l->heap[0]->due_ms - clock_mono_ms();
		if (ms < 0)
			ms = 0;
		event_add(l->wake, &(struct timeval){ .tv_sec = ms / 1000,
		    .tv_usec = ms % 1000 * 1000 });
	}
	event_base_loop(l->base, EVLOOP_ONCE);
}

static void
wait_virtual(struct loop *l)
{
	int64_t ms;

	event_base_loop(l->base, EVLOOP_ONCE | (l->busy > 0 && (l->count == 0 ||
	    l->heap[0]->due_ms > clock_mono_ms()) ? 0 : EVLOOP_NONBLOCK));
	if (l->busy > 0 || l->count == 0)
		return;
	ms = l->heap[0]->due_ms - clock_mono_ms();
	if (ms > 0)
		clock_jump(ms);
	if (l->end_ms != 0 && clock_wall_ms() >= l->end_ms && !l->stopping)
		loop_asked_to_stop(l);
}

void
loop_run(struct loop *l)
{
	l->stopped = false;
	while (!l->stopped) {
		if (clock_is_virtual())
			wait_virtual(l);
		else
			wait_real(l);
		fire_due(l);
		log_turn();
	}
}

void
loop_stop(struct loop *l)
{
	l->stopped = true;
}

struct event_base *
loop_base(struct loop *l)
{
	return l->base;
}

void
loop_busy(struct loop *l, int add)
{
	l->busy += add;
}

void
loop_on_stop(struct loop *l, void (*stop)(void *arg), void *arg)
{
	l->stop = stop;
	l->stop_arg = arg;
}

static void *
job_thread(void *arg)
{
	struct job *j = arg;

	j->work(j->arg);
	event_active(j->finished, EV_TIMEOUT, 0);
	return NULL;
}

static void
on_job(evutil_socket_t fd, short what, void *arg)
{
	struct job *j = arg;

	UNUSED(fd);
	UNUSED(what);
	pthread_join(j->thread, NULL);
	event_free(j->finished);
	loop_busy(j->loop, -1);
	j->done(j->arg);
	free(j);
}

void
loop_job(struct loop *l, void (*work)(void *arg), void (*done)(void *arg),
    void *arg)
{
	struct job *j = xcalloc(1, sizeof(*j));
	sigset_t all, old;

	*j = (struct job){ .loop = l, .work = work, .done = done, .arg = arg };
	j->finished = event_new(l->base, -1, 0, on_job, j);
	loop_busy(l, 1);
	sigfillset(&all);		/* signals are the loop's */
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (j->finished == NULL ||
	    pthread_create(&j->thread, NULL, job_thread, j) != 0)
		die("cannot start a thread");
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

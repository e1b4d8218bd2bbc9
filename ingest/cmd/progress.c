/* SPDX-License-Identifier: Apache-2.0 */
/* progress.c - see progress.h. */
#include "cmd/progress.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "cmd/screen.h"

#include <inttypes.h>
#include <stdlib.h>

#define EVERY_MS	1000
#define LOG_MS		60000

struct progress {
	struct loop	*loop;
	struct state	*state;
	struct timer	*timer;
	void		(*done)(void *arg);
	void		*arg;
	bool		 terminal;
	int64_t		 began_ms, logged_ms;
	int64_t		 all, left, wishes, items;	/* gaps; things read of them */
	int64_t		 closed_items;
	char		 budget[64];
};

static void
on_gap(void *arg, const struct gap_row *g)
{
	struct progress *p = arg;

	if (g->wish == 0 || g->parked != NULL)
		return;
	p->left++;
	p->items += g->read;
}

static void
on_wish(void *arg, const struct wish_row *w)
{
	struct progress *p = arg;

	UNUSED(w);
	p->wishes++;
}

static void
on_note(void *arg, const char *key, const char *value)
{
	struct progress *p = arg;

	if (str_eq(key, "budget"))
		str_copy(p->budget, sizeof(p->budget), value);
}

static void
duration(struct buf *b, int64_t s)
{
	if (s < 90)
		buf_printf(b, "%" PRId64 " s", s);
	else if (s < 5400)
		buf_printf(b, "%" PRId64 " min", (s + 30) / 60);
	else
		buf_printf(b, "%" PRId64 ".%" PRId64 " h", s / 3600, s % 3600 / 360);
}

/* The line, or "" while nobody knows yet what is wanted. */
static void
say(const struct progress *p, struct buf *b)
{
	int64_t done = p->all - p->left;
	int64_t s = (clock_mono_ms() - p->began_ms) / 1000;

	if (p->wishes > 0) {
		buf_puts(b, "backfill: the engine is finding out what is wanted");
		return;
	}
	buf_printf(b, "backfill: %" PRId64 " of %" PRId64 " stretches of history read",
	    done, p->all);
	if (done > 0 && p->left > 0 && s > 0) {
		buf_puts(b, ", about ");
		duration(b, s * p->left / done);
		buf_puts(b, " to go");
	}
	if (p->budget[0] != '\0')
		buf_printf(b, " (%s)", p->budget);
}

static void
on_timer(void *arg)
{
	struct progress *p = arg;
	struct buf line = BUF(512);

	p->left = p->wishes = p->items = 0;
	state_gaps(p->state, on_gap, p);
	state_wishes(p->state, on_wish, p);
	state_notes(p->state, on_note, p);
	if (p->left > p->all)
		p->all = p->left;
	say(p, &line);
	if (p->terminal) {
		screen_draw(&line);
	} else if (p->logged_ms == 0 || clock_mono_ms() - p->logged_ms >= LOG_MS) {
		log_info("%s", buf_str(&line));
		p->logged_ms = clock_mono_ms();
	}
	buf_fini(&line);
	if (p->wishes == 0 && p->left == 0 && p->done != NULL) {
		p->done(p->arg);
		return;
	}
	timer_set(p->timer, EVERY_MS);
}

struct progress *
progress_new(struct loop *l, struct state *s, void (*done)(void *arg), void *arg)
{
	struct progress *p = xcalloc(1, sizeof(*p));

	*p = (struct progress){ .loop = l, .state = s, .done = done, .arg = arg,
	    .began_ms = clock_mono_ms(), .terminal = screen_open() };
	p->timer = timer_new(l, on_timer, p);
	timer_set(p->timer, EVERY_MS);
	return p;
}

void
progress_free(struct progress *p)
{
	if (p == NULL)
		return;
	if (p->terminal)
		screen_close();
	timer_free(p->timer);
	free(p);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * display.c - see display.h. The picture is made whole in a buffer and drawn at
 * once.
 */
#include "cmd/display.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "cmd/screen.h"
#include "core/metrics.h"
#include "io/loop.h"
#include "state/state.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVERY_MS	1000
#define PEOPLE		10
#define PERIOD_DAYS	30
#define DAY_MS		((int64_t)24 * 3600 * 1000)
#define NAME_WIDTH	22
#define BAR_WIDTH	20

struct row {
	char	name[96];
	int64_t	activity, commits, pulls, reviews, last_ms;
};

struct display {
	struct display_conf	 conf;
	char			*title, *address;
	struct timer		*timer;
	struct row		 row[PEOPLE];
	size_t			 rows;
	int64_t			 documents;
	int64_t			 rate_ms, rate_at, rate;	/* documents a second */
	bool			 asked, unknown;
	char			 why[160];
	char			 history[96], lag[32], budget[64];
};

/* Text of people, kept from speaking to the terminal; at most width columns. */
static void
plain(struct buf *b, const char *s, unsigned width)
{
	unsigned n = 0;

	for (; *s != '\0' && n < width; s++) {
		size_t control = str_control(s);

		if (control > 0) {
			buf_puts(b, "?");
			n++;
			s += control - 1;
			continue;
		}
		buf_add(b, s, 1);
		if ((s[1] & 0xc0) != 0x80)	/* the next begins a character */
			n++;
	}
	while (n++ < width)
		buf_puts(b, " ");
}

static void
ago(struct buf *b, int64_t ms)
{
	int64_t s = (clock_wall_ms() - ms) / 1000;

	if (s < 0)
		s = 0;
	if (s < 90)
		buf_printf(b, "%" PRId64 " s ago", s);
	else if (s < 90 * 60)
		buf_printf(b, "%" PRId64 " min ago", s / 60);
	else if (s < 36 * 3600)
		buf_printf(b, "%" PRId64 " h ago", s / 3600);
	else
		buf_printf(b, "%" PRId64 " days ago", s / 86400);
}

static void
draw_person(const struct display *d, struct buf *b, size_t i, unsigned width)
{
	static const char *const eighth[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	const struct row *r = &d->row[i];
	int64_t bar = d->row[0].activity > 0 ?
	    r->activity * BAR_WIDTH * 8 / d->row[0].activity : 0;
	unsigned used = (unsigned)(bar + 7) / 8;

	buf_printf(b, "\x1b[2m%3zu\x1b[0m  ", i + 1);
	plain(b, r->name, NAME_WIDTH);
	buf_printf(b, "\x1b[1m%6" PRId64 "\x1b[0m ", r->activity);
	if (width >= 100) {
		buf_puts(b, "\x1b[32m");
		for (int64_t n = 0; n < bar / 8; n++)
			buf_puts(b, "█");
		buf_printf(b, "%s\x1b[0m%*s", eighth[bar % 8],
		    (int)(BAR_WIDTH - used), "");
	}
	buf_printf(b, " %5" PRId64 " %6" PRId64 " %8" PRId64 "   ", r->commits,
	    r->pulls, r->reviews);
	ago(b, r->last_ms);
	buf_puts(b, "\n");
}

static void
draw_work(const struct display *d, struct buf *b)
{
	buf_printf(b, "\x1b[2m%" PRId64 " documents", d->documents);
	if (d->rate > 0)
		buf_printf(b, " (+%" PRId64 "/s)", d->rate);
	if (d->history[0] != '\0')
		buf_printf(b, " · %s", d->history);
	if (d->lag[0] != '\0')
		buf_printf(b, " · feed read %s", d->lag);
	if (d->budget[0] != '\0')
		buf_printf(b, " · %s", d->budget);
	buf_puts(b, "\x1b[0m\n");
}

static void
draw(struct display *d)
{
	struct buf b = BUF(64 << 10);
	unsigned width = screen_columns();

	buf_printf(&b, "\n\x1b[1m%s\x1b[0m%s%s · Ctrl-C ends\n", d->title,
	    d->address != NULL ? " · http://" : "",
	    d->address != NULL ? d->address : "");
	if (d->conf.store != NULL)
		buf_printf(&b, "\x1b[2m     %-*s  total %*s commits  pulls  reviews   "
		    "last active, of %d days\x1b[0m\n", NAME_WIDTH - 2, "people",
		    width >= 100 ? BAR_WIDTH - 1 : 0, "", PERIOD_DAYS);
	for (size_t i = 0; i < d->rows; i++)
		draw_person(d, &b, i, width);
	if (d->unknown)
		buf_printf(&b, "     the store cannot be asked: %s\n", d->why);
	else if (d->rows == 0 && d->conf.store != NULL)
		buf_puts(&b, "     nobody yet: the first documents are on their way\n");
	draw_work(d, &b);
	screen_draw(&b);
	buf_fini(&b);
}

static void
on_people(void *arg, const struct store_people *people, const struct err *err)
{
	struct display *d = arg;

	d->asked = false;
	d->unknown = people == NULL;
	if (people == NULL) {
		str_copy(d->why, sizeof(d->why), err->text);
		draw(d);
		return;
	}
	d->documents = people->documents;
	d->rows = people->count < PEOPLE ? people->count : PEOPLE;
	for (size_t i = 0; i < d->rows; i++) {
		const struct store_person *p = &people->person[i];

		d->row[i] = (struct row){ .activity = p->activity,
		    .commits = p->commits, .pulls = p->pulls, .reviews = p->reviews,
		    .last_ms = p->last_ms };
		str_copy(d->row[i].name, sizeof(d->row[i].name), p->name);
	}
	draw(d);
}

static void
on_note(void *arg, const char *key, const char *value)
{
	struct display *d = arg;

	if (str_eq(key, "history"))
		str_copy(d->history, sizeof(d->history), value);
	else if (str_eq(key, "budget"))
		str_copy(d->budget, sizeof(d->budget), value);
}

static void
on_timer(void *arg)
{
	struct display *d = arg;
	int64_t now = clock_mono_ms(), done = metric_value(METRIC_DOCUMENTS_SETTLED);
	int64_t wall = clock_wall_ms();
	struct buf lag = BUF(64);

	if (d->rate_ms != 0 && now > d->rate_ms)
		d->rate = (done - d->rate_at) * 1000 / (now - d->rate_ms);
	d->rate_ms = now;
	d->rate_at = done;
	state_notes(d->conf.state, on_note, d);
	if (metric_value(METRIC_FEED_EVENTS) > 0) {
		ago(&lag, wall - metric_value(METRIC_FEED_LAG_SECONDS) * 1000);
		str_copy(d->lag, sizeof(d->lag), buf_str(&lag));
		buf_fini(&lag);
	}
	if (d->conf.store == NULL) {
		d->documents = done;
		draw(d);
	} else if (!d->asked) {
		d->asked = true;
		store_people(d->conf.store, &(struct store_people_query){
		    .from_ms = wall - PERIOD_DAYS * DAY_MS, .to_ms = wall + DAY_MS,
		    .max = PEOPLE }, on_people, d);
	}
	timer_set(d->timer, EVERY_MS);
}

struct display *
display_new(const struct display_conf *conf)
{
	struct display *d;

	if (!screen_open())
		return NULL;
	d = xcalloc(1, sizeof(*d));
	d->conf = *conf;
	d->title = xstrdup(conf->title);
	str_set(&d->address, conf->address);
	d->timer = timer_new(conf->loop, on_timer, d);
	timer_set(d->timer, 0);
	return d;
}

void
display_free(struct display *d)
{
	if (d == NULL)
		return;
	screen_close();
	timer_free(d->timer);
	free(d->title);
	free(d->address);
	free(d);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * display.h - what `hubstash run` shows on a terminal: the ten most active
 * people of the last 30 days, in order, and a line about the work. It redraws
 * itself below the log on stderr; where stderr is no terminal nothing is shown.
 */
#ifndef CMD_DISPLAY_H
#define CMD_DISPLAY_H

#include "base/err.h"

struct display;
struct loop;
struct state;
struct store;

struct display_conf {
	struct loop	*loop;
	struct store	*store;		/* borrowed; NULL: no list of people */
	struct state	*state;		/* its notes; borrowed */
	const char	*title;		/* "sim-works (simulated data)" */
	const char	*address;	/* of the web door; NULL: off */
};

struct display *display_new(const struct display_conf *conf);	/* NULL: no terminal */
void display_free(struct display *d);	/* leaves the last picture; NULL is fine */

#endif

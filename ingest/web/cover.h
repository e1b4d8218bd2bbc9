/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cover.h - how much of the activity since a day is held, as state.db has it: the
 * commits and pull requests (with their reviews) of the repositories followed.
 */
#ifndef WEB_COVER_H
#define WEB_COVER_H

#include "base/base.h"

struct state;

struct cover {
	int64_t	repos;		/* followed, or parked */
	int64_t	reading;	/* of these, something is still to be read */
	int64_t	parked;		/* of these, something was given up */
	int64_t	since_ms;	/* what lies before was not asked for; 0: all was */
};

void cover_look(struct state *s, int64_t from_ms, struct cover *c);

#endif

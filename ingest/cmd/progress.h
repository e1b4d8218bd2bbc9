/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress.h - how far a backfill is: of the gaps opened for wishes, how many are
 * closed. On a terminal one line that rewrites itself, else a log line a minute.
 */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include "io/loop.h"
#include "state/state.h"

struct progress;

/* done, which may be NULL, is called from the loop when nothing is left. */
struct progress *progress_new(struct loop *l, struct state *s,
    void (*done)(void *arg), void *arg);
void progress_free(struct progress *p);		/* NULL is fine */

#endif

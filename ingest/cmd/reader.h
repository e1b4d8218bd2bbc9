/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader.h - a data directory as one may look at it beside its engine: its
 * state, and whom its pipeline lets one ask about what is stored. Nothing is
 * written, nothing is made.
 */
#ifndef CMD_READER_H
#define CMD_READER_H

#include "state/state.h"
#include "store/store.h"

struct loop;
struct pipeline;

struct reader {
	struct loop	*loop;
	struct state	*state;
	struct pipeline	*pipeline;
	struct store	*store;		/* NULL: why says who cannot be asked */
	char		 why[512];
};

/* False: there is no state to look at, and err says why. */
bool reader_open(struct reader *r, const char *dir, struct err *e) MUST_CHECK;
void reader_close(struct reader *r);

/* The active people of the last days, in order: waits for the answer. */
bool reader_people(struct reader *r, int days, unsigned max,
    store_people_fn *fn, void *arg, struct err *e) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.h - dead letters that are to be sent again, for core/ alone. They are
 * looked for at the start, and when another process wrote into state.db.
 */
#ifndef CORE_REPLAY_H
#define CORE_REPLAY_H

#include "core/pipeline.h"

struct replay;

void replay_start(struct pipeline *p);
void replay_settled(struct pipeline *p, bool stored);	/* one of them */
bool replay_is_done(const struct pipeline *p);	/* none is marked, as far as we know */
void replay_free(struct replay *r);		/* NULL is fine */

#endif

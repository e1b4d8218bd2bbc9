/* SPDX-License-Identifier: Apache-2.0 */
/*
 * numbers.h - numbers that hints named: of a pull request, an issue, the id of a
 * release. What the list does not show is read by its number. At most
 * STREAM_NUMBERS of a stream; engine_save_stream keeps them in state.db.
 */
#ifndef SYNC_NUMBERS_H
#define SYNC_NUMBERS_H

#include "sync/engine.h"

#define STREAM_NUMBERS	200

void numbers_add(struct stream *s, int64_t number);

/*
 * A refresh takes what there is: a copy, yours to free; its size is returned. It
 * stays remembered until the refresh is settled (done) or has failed (give_back).
 */
size_t numbers_take(struct stream *s, int64_t **number) MUST_CHECK;
void numbers_done(struct stream *s);
void numbers_give_back(struct stream *s);

char *numbers_text(const struct stream *s) MUST_CHECK;	/* NULL: none; yours */
void numbers_parse(struct stream *s, const char *text);	/* adds them */

#endif

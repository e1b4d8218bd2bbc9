/* SPDX-License-Identifier: Apache-2.0 */
/* ledger.h - what ledger.c offers the rest of sync/ beside engine.h. */
#ifndef SYNC_LEDGER_H
#define SYNC_LEDGER_H

#include "sync/engine.h"

void ledger_load(struct engine *e);
void ledger_free(struct engine *e);
struct repo *repo_find(struct engine *e, int64_t id);
struct repo *repo_new(struct engine *e, int64_t id);
void repo_set_name(struct engine *e, char **field, const char *name);
void repo_first_contact(struct engine *e, struct repo *r);
struct gap *gap_open(struct engine *e, const struct gap *like);
void gaps_park(struct engine *e, const struct repo *r, const char *why);
bool stream_is_due(const struct stream *s);
void stream_check_due(struct engine *e, struct stream *s);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* dlq.h - the inside of hubstash dlq, for dlq*.c alone. */
#ifndef CMD_DLQ_H
#define CMD_DLQ_H

#include "cmd/cmd.h"

/* Whether --output, --action and --reason leave it. */
bool dlq_matches(const struct args *a, const struct dead_row *d);
/* Whether words, if there are any, name it: by its number or its document's id. */
bool dlq_named(char *const *words, size_t n, const struct dead_row *d);
/* A dead letter without its document. */
struct json *dlq_json(const struct dead_row *d) MUST_CHECK;

/* dlq_explain.c: the dead letter as words for people, or as JSON. */
void dlq_explain(const struct dead_row *d, bool json, struct buf *out);

/* dlq_replay.c: the exit status. */
int dlq_replay(const char *dir, struct args *a);

#endif

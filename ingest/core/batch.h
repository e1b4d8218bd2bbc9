/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch.h - documents on their way to one output, and what became of each.
 *
 * The documents belong to the pipeline and are shared by all its outputs: an
 * output only reads them, until batch_done.
 */
#ifndef CORE_BATCH_H
#define CORE_BATCH_H

#include "data/doc.h"

enum outcome {
	OUTCOME_STORED,		/* or: what is stored there is newer or richer */
	OUTCOME_AGAIN,		/* not the document's fault: offer it again later */
	OUTCOME_REFUSED,	/* the document's own fault: a dead letter */
};

struct batch;

size_t batch_count(const struct batch *b);
const struct doc *batch_doc(const struct batch *b, size_t i);

/* Until told otherwise the outcome is OUTCOME_AGAIN. reason is copied. */
void batch_outcome(struct batch *b, size_t i, enum outcome o, const char *reason);
void batch_done(struct batch *b);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* es_reader.h - what asks a cluster, between the files es_*.c that read. */
#ifndef STORE_ES_READER_H
#define STORE_ES_READER_H

#include "store/es_question.h"

struct es_reader {
	struct store	 store;		/* first */
	struct loop	*loop;
	struct es	*es;
	char		*index;
	struct buf	 searches, caps;	/* paths */
	bool		 looked;		/* at the fields of the index ... */
	int64_t		 looked_ms;		/* ... when, by the monotonic clock */
	struct es_names	*names;
	LIST_HEAD(, es_question) open;
};

/* Are the fields that are asked for what they are to be? Names one that is not. */
void es_fields_path(struct buf *path);
bool es_fields_fit(const struct json *caps, const char *index, struct err *e) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out_elasticsearch_slot.h - one bulk request in flight, and the batch it is for.
 *
 * A slot sends its batch in one request, or in several where the server finds one
 * too large; asks afterwards whether the index is still the one it was (see
 * store/es_index.h); and only then tells what became of each document. While the
 * index is not ready the batch stays here and waits.
 */
#ifndef PLUGINS_OUT_ELASTICSEARCH_SLOT_H
#define PLUGINS_OUT_ELASTICSEARCH_SLOT_H

#include "core/batch.h"
#include "store/es_index.h"

struct es_slot;

/* What the slots of an output share. */
struct es_writer {
	struct es	*es;
	struct es_index	*index;
	const char	*name;			/* "out.elasticsearch#0" */
	const char	*bulk_path;		/* "/INDEX/_bulk?…" */
	size_t		 max_bytes;		/* of a request; halved by a 413 */
	bool		 stopping;
	void		(*emptied)(void *arg);	/* a slot gave its batch back */
	void		*arg;
};

struct es_slot *es_slot_new(struct es_writer *w);
void es_slot_free(struct es_slot *s);		/* NULL is fine; its batch is lost */
bool es_slot_busy(const struct es_slot *s);
void es_slot_write(struct es_slot *s, struct batch *b);
void es_slot_wake(struct es_slot *s);		/* the index changed, or we stop */
void es_slot_give_back(struct es_slot *s);	/* at once: all of it again */

#endif

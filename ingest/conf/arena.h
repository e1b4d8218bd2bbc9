/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.h - memory that is handed out piece by piece and given back at once.
 * Only the tree of a pipeline file lives in one: it is built once, never
 * changed, and freed whole.
 */
#ifndef CONF_ARENA_H
#define CONF_ARENA_H

#include "base/base.h"

struct arena {
	struct arena_chunk	*chunks;
};

void *arena_get(struct arena *a, size_t n);	/* zeroed, aligned for anything */
char *arena_text(struct arena *a, const char *s, size_t n);	/* NUL added */
void arena_fini(struct arena *a);

#endif

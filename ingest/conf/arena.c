/* SPDX-License-Identifier: Apache-2.0 */
/* arena.c - see arena.h. A list of chunks; the first one has room at its end. */
#include "conf/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK	(16 * 1024)

struct arena_chunk {
	struct arena_chunk	*next;
	size_t			 used, size;
	alignas(max_align_t) char bytes[];
};

void *
arena_get(struct arena *a, size_t n)
{
	struct arena_chunk *c = a->chunks;
	size_t size;

	n = (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (c == NULL || c->size - c->used < n) {
		size = n > CHUNK ? n : CHUNK;
		c = xcalloc(1, sizeof(*c) + size);
		c->size = size;
		c->next = a->chunks;
		a->chunks = c;
	}
	c->used += n;
	return c->bytes + c->used - n;
}

char *
arena_text(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_get(a, n + 1);

	if (n > 0)
		memcpy(copy, s, n);
	return copy;
}

void
arena_fini(struct arena *a)
{
	struct arena_chunk *c;

	while ((c = a->chunks) != NULL) {
		a->chunks = c->next;
		free(c);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* store.c - see store.h. Which implementation answers is in the struct. */
#include "store/store.h"

void
store_people(struct store *s, const struct store_people_query *q,
    store_people_fn *fn, void *arg)
{
	s->people(s, q, fn, arg);
}

void
store_free(struct store *s)
{
	if (s != NULL)
		s->free(s);
}

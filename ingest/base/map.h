/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map.h - values by string key. The map copies keys and never touches values;
 * free those first with map_each. Iteration order is that of insertion until
 * something is removed.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/base.h"

struct map;

struct map *map_new(void);
void map_free(struct map *m);			/* NULL is fine */

void *map_get(const struct map *m, const char *key);	/* NULL: not there */
void map_set(struct map *m, const char *key, void *value);	/* value: not NULL */
void *map_del(struct map *m, const char *key);	/* the value that was there */
size_t map_count(const struct map *m);

/* Start with *i = 0; false at the end. Change nothing but values meanwhile. */
bool map_each(const struct map *m, size_t *i, const char **key, void **value);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map.c - open addressing over a dense array of entries: slots hold indexes
 * into it, so walking is walking an array. A removed entry is replaced by the
 * last one. The hash is FNV-1a with a seed that the process draws once: keys come
 * from outside.
 */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct entry {
	char	*key;
	void	*value;
	uint64_t hash;
};

struct map {
	struct entry	*entries;
	size_t		 count, cap;
	uint32_t	*slots;		/* index + 1; 0: free */
	size_t		 mask;
	uint64_t	 seed;
};

static uint64_t
hash_of(const struct map *m, const char *key)
{
	uint64_t h = m->seed;

	for (; *key != '\0'; key++)
		h = (h ^ (unsigned char)*key) * 1099511628211u;
	return h ^ h >> 29;
}

static size_t
slot_of(const struct map *m, const char *key, uint64_t h)
{
	size_t i = h & m->mask;

	while (m->slots[i] != 0) {
		const struct entry *e = &m->entries[m->slots[i] - 1];

		if (e->hash == h && strcmp(e->key, key) == 0)
			break;
		i = (i + 1) & m->mask;
	}
	return i;
}

static void
map_index(struct map *m, size_t slots)
{
	free(m->slots);
	m->slots = xcalloc(slots, sizeof(*m->slots));
	m->mask = slots - 1;
	for (size_t n = 0; n < m->count; n++) {
		size_t i = m->entries[n].hash & m->mask;

		while (m->slots[i] != 0)
			i = (i + 1) & m->mask;
		m->slots[i] = (uint32_t)n + 1;
	}
}

static uint64_t
draw_seed(void)
{
	static _Atomic uint64_t seed;

	if (seed == 0) {
		uint64_t drawn = 0;

		if (getrandom(&drawn, sizeof(drawn), GRND_NONBLOCK) < 0 || drawn == 0)
			drawn = 14695981039346656037u;
		seed = drawn;
	}
	return seed;
}

struct map *
map_new(void)
{
	struct map *m = xcalloc(1, sizeof(*m));

	m->seed = draw_seed();
	map_index(m, 16);
	return m;
}

void
map_free(struct map *m)
{
	if (m == NULL)
		return;
	for (size_t n = 0; n < m->count; n++)
		free(m->entries[n].key);
	free(m->entries);
	free(m->slots);
	free(m);
}

void *
map_get(const struct map *m, const char *key)
{
	uint32_t n = m->slots[slot_of(m, key, hash_of(m, key))];

	return n != 0 ? m->entries[n - 1].value : NULL;
}

void
map_set(struct map *m, const char *key, void *value)
{
	uint64_t h = hash_of(m, key);
	size_t slot = slot_of(m, key, h);

	if (m->slots[slot] != 0) {
		m->entries[m->slots[slot] - 1].value = value;
		return;
	}
	if (m->count == m->cap) {
		m->cap = m->cap > 0 ? m->cap * 2 : 8;
		m->entries = xrealloc(m->entries, m->cap * sizeof(*m->entries));
	}
	m->entries[m->count++] = (struct entry){ xstrdup(key), value, h };
	if (m->count * 2 > m->mask)
		map_index(m, (m->mask + 1) * 2);
	else
		m->slots[slot] = (uint32_t)m->count;
}

void *
map_del(struct map *m, const char *key)
{
	size_t slot = slot_of(m, key, hash_of(m, key)), n;
	char *dead;
	void *value;

	if (m->slots[slot] == 0)
		return NULL;
	n = m->slots[slot] - 1;
	value = m->entries[n].value;
	dead = m->entries[n].key;	/* the look-up below may still compare it */
	if (n != --m->count) {
		struct entry *last = &m->entries[m->count];

		m->slots[slot_of(m, last->key, last->hash)] = (uint32_t)n + 1;
		m->entries[n] = *last;
	}
	/* Close the hole: whoever comes after it in the run moves up. */
	for (size_t i = (slot + 1) & m->mask; m->slots[i] != 0;
	    i = (i + 1) & m->mask) {
		size_t home = m->entries[m->slots[i] - 1].hash & m->mask;

		if (((i - home) & m->mask) >= ((i - slot) & m->mask)) {
			m->slots[slot] = m->slots[i];
			slot = i;
		}
	}
	m->slots[slot] = 0;
	free(dead);
	return value;
}

size_t
map_count(const struct map *m)
{
	return m->count;
}

bool
map_each(const struct map *m, size_t *i, const char **key, void **value)
{
	if (*i >= m->count)
		return false;
	*key = m->entries[*i].key;
	*value = m->entries[*i].value;
	++*i;
	return true;
}

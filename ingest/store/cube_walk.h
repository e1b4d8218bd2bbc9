/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cube_walk.h - going over a cube: document by document, of those a question's
 * filters let through; and counts by pairs of numbers.
 */
#ifndef STORE_CUBE_WALK_H
#define STORE_CUBE_WALK_H

#include "store/cube.h"
#include "store/panel.h"

/* A question's filters, as one answer for each number; NULL: all. */
struct cube_filter {
	bool		*action, *repo, *person;	/* owned */
	uint8_t		 flags;		/* one of which a document has; 0: any */
};

void cube_filter_init(struct cube_filter *f, const struct cube *c,
    const struct store_question *q);
void cube_filter_fini(struct cube_filter *f);

/* from <= @timestamp < to. Begins with at 0; doc and rows are what was found. */
struct cube_walk {
	const struct cube	*cube;
	const struct cube_filter *filter;
	int64_t			 from_ms, to_ms;
	bool			 counted;	/* only those that count as activity */
	size_t			 at, rows;
	const struct fact	*doc;
};
bool cube_next(struct cube_walk *w);

/* The person a row credits: place in cube.person; CUBE_NONE: nobody, an agent. */
uint32_t cube_person(const struct cube *c, const struct fact *r);
/* The repository: place in cube.repo, or CUBE_NONE. */
uint32_t cube_repo(const struct cube *c, const struct fact *r);
/* The bucket of a moment; CUBE_NONE: outside the period. */
uint32_t cube_bucket(const struct store_question *q, int64_t ms);

/* A new row for it, under its name of today. */
struct panel_row *cube_row(const struct cube *c, const struct cube_thing *t,
    struct panel_rows *rows);

/*
 * How often a pair of numbers came: in a plain table where all there can be are few,
 * else in one of those that came.
 */
struct pairs {
	uint32_t	*count;
	uint64_t	*key;		/* NULL: the table is plain; 0: free; a, b + 1 */
	size_t		 cap, n, width;
};
void pairs_init(struct pairs *p, size_t as, size_t bs);	/* how many there can be */
void pairs_fini(struct pairs *p);
uint32_t *pairs_at(struct pairs *p, uint32_t a, uint32_t b);	/* until the next */
bool pairs_first(struct pairs *p, uint32_t a, uint32_t b);	/* and counts it */
/* Those that came. */
bool pairs_each(const struct pairs *p, size_t *at, uint32_t *a, uint32_t *b, int64_t *n);

#endif

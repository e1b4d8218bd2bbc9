/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kibana_in.h - what the parts of the compiler (kibana.h) share. All of them write
 * JSON as text into a buf. What is wrong in the description is noted once, the
 * first of it, and asked for at the end.
 */
#ifndef STORE_KIBANA_IN_H
#define STORE_KIBANA_IN_H

#include "data/json.h"
#include "store/kibana.h"

struct kibana {
	const struct kibana_conf *conf;
	unsigned		 depth;		/* of named filters */
	char			 wrong[256];	/* "": nothing yet */
};

/*
 * Text from a pattern: ' becomes ", %q a string quoted and escaped, %s text as it
 * is, %d an int. Nothing else is special.
 */
void kibana_put(struct buf *b, const char *pattern, ...);
void kibana_wrong(struct kibana *k, const char *fmt, ...) PRINTF(2, 3);

/* Of a section of the description; NULL, and wrong, when it is not there. */
const struct json *kibana_part(struct kibana *k, const char *section,
    const char *name);
/* A member whose name may have dots. */
const struct json *kibana_member(const struct json *object, const char *name);
void kibana_id(const struct kibana *k, const char *name, struct buf *out);
void kibana_slug(const char *name, struct buf *out);	/* blanks become - */

/* What Kibana calls the type of a field; wrong when the mapping has none such. */
const char *kibana_type(struct kibana *k, const char *field);

/*
 * kibana_where.c: filters. In the description a filter is the name of one, or an
 * object whose members must all hold: FIELD: value, FIELD: [any of these],
 * FIELD: {"gte": …} or {"prefix": …}, "and": […], "or": […], "not": ….
 */
void kibana_kql(struct kibana *k, const struct json *where, struct buf *out);
void kibana_dsl(struct kibana *k, const struct json *where, struct buf *out);

#define KIBANA_BUCKETS	3
#define KIBANA_VALUES	16
#define KIBANA_ID	64

struct kibana_column {
	const struct json	*is;		/* in the description */
	char			 id[KIBANA_ID];
	bool			 shifted;	/* of the period before */
};

/* kibana_layer.c: rows of numbers, by buckets within buckets. */
struct kibana_layer {
	const char		*view;
	const char		*time;		/* its time field; NULL: none */
	char			 id[KIBANA_ID];
	bool			 unfiltered;	/* by what the dashboard filters */
	const struct json	*where;		/* of the panel; NULL: all */
	struct kibana_column	 bucket[KIBANA_BUCKETS], value[KIBANA_VALUES];
	size_t			 buckets, values;
};

void kibana_layer_init(struct kibana *k, struct kibana_layer *l,
    const struct json *panel, const struct json *is, const char *name, size_t n);
void kibana_layer_bucket(struct kibana *k, struct kibana_layer *l,
    const struct json *is);
void kibana_layer_value(struct kibana *k, struct kibana_layer *l,
    const struct json *is, bool shifted);
void kibana_layer_lens(struct kibana *k, const struct kibana_layer *l,
    struct buf *out);
/* shifted: the columns of the period before; false where there are none. */
bool kibana_layer_search(struct kibana *k, const struct kibana_layer *l, bool shifted,
    const char *more, struct buf *out);

/* kibana_panel.c: a panel as its layers, and as what is drawn. */
#define KIBANA_LAYERS	4

struct kibana_panel {
	const char		*name;
	const struct json	*is;
	struct kibana_layer	 layer[KIBANA_LAYERS];
	size_t			 layers;	/* 0: a text */
};

void kibana_panel_init(struct kibana *k, struct kibana_panel *p, const char *name);
/* What embeddableConfig.attributes of a Lens panel is. */
void kibana_panel_lens(struct kibana *k, const struct kibana_panel *p,
    struct buf *out);

#endif

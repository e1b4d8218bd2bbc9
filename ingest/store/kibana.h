/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kibana.h - what Kibana shows of our index: data views and dashboards, compiled
 * from the one description in pipelines/kibana/dashboards.json. Pure.
 *
 * A panel is said once, there; out of it come the object that Kibana draws (Lens,
 * form based: no script, no Vega) and the search that Elasticsearch is asked by it
 * (kibana_queries), so that tests can hold the numbers of a panel to account.
 *
 * Ids are INDEX.NAME, in a space INDEX.SPACE.NAME: Kibana gives an object another
 * id when one of another space has it already, and links go by id.
 */
#ifndef STORE_KIBANA_H
#define STORE_KIBANA_H

#include "base/buf.h"
#include "base/err.h"

struct json;

struct kibana_conf {
	const char		*index;		/* of Elasticsearch */
	const char		*space;		/* NULL, "": the default one */
	const struct json	*description;
	const struct json	*template;	/* whose mappings have all the fields */
};

/*
 * One object a line, as Kibana's import takes them: data views, then searches, then
 * dashboards. False: the description is wrong, and err says where.
 */
bool kibana_objects(const struct kibana_conf *conf, struct buf *out, struct err *e)
    MUST_CHECK;

/*
 * One search a line: {dashboard, panel, layer, view, time_field, shift, filtered,
 * search}. search lacks only the period, which applies to time_field if there is one.
 */
bool kibana_queries(const struct kibana_conf *conf, struct buf *out, struct err *e)
    MUST_CHECK;

/*
 * Whether an object that Kibana gives back is what we gave: it may have more in it,
 * since Kibana brings it to its own version.
 */
bool kibana_same(const struct json *ours, const struct json *theirs);

/* A name for a space: lower case letters, digits, - and _. */
bool kibana_space_ok(const char *name);

/* pipelines/kibana/dashboards.json, built in. */
extern const char kibana_dashboards[];
extern const unsigned kibana_dashboards_len;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kibana_query.c - see kibana.h: the searches that panels stand for, out of the same
 * columns; and whether an object that Kibana holds is still ours.
 */
#include "base/str.h"
#include "store/kibana_in.h"

#include <string.h>

#define MAX_TEXT	((size_t)1 << 20)
#define MAX_JSON	((size_t)2 << 20)
#define LIST_ROWS	100

struct place {
	const char	*dashboard, *panel;
	const char	*more;		/* what its controls have picked at first */
	struct buf	*out;
};

static void
put_query(const struct place *at, size_t layer, const char *view, const char *time,
    bool shifted, bool unfiltered, const char *search)
{
	kibana_put(at->out, "{'dashboard':%q,'panel':%q,'layer':%d,'view':%q,",
	    at->dashboard, at->panel, (int)layer, view);
	if (time != NULL)
		kibana_put(at->out, "'time_field':%q,", time);
	kibana_put(at->out, "'shift':%s,'filtered':%s,'search':%s}",
	    shifted ? "\"previous\"" : "null", unfiltered ? "false" : "true", search);
	buf_puts(at->out, "\n");
}

static void
query_list(struct kibana *k, const struct place *at, const struct json *is)
{
	const char *view = json_str(is, "view");
	const struct json *columns = json_get(is, "columns");
	struct buf search = BUF(MAX_TEXT);
	struct json_iter sort = { 0 };

	kibana_put(&search, "{'size':%d,'track_total_hits':true,'_source':false,"
	    "'query':{'bool':{'filter':[", LIST_ROWS);
	if (json_get(is, "where") != NULL)
		kibana_dsl(k, json_get(is, "where"), &search);
	kibana_put(&search, "%s%s]}},'sort':[", json_get(is, "where") != NULL &&
	    at->more[0] != '\0' ? "," : "", at->more);
	if (json_each(json_get(is, "sort"), &sort))
		kibana_put(&search, "{%q:%q}", sort.key, json_text(sort.value));
	kibana_put(&search, "],'fields':[");
	for (size_t i = 0; i < json_len(columns); i++)
		kibana_put(&search, "%s%q", i > 0 ? "," : "",
		    json_text(json_at(columns, i)));
	buf_puts(&search, "]}");
	put_query(at, 0, view, json_str(kibana_part(k, "views", view), "time"), false,
	    false, buf_str(&search));
	buf_fini(&search);
}

static void
query_panel(struct kibana *k, const struct place *at)
{
	const struct json *list = kibana_member(json_get(k->conf->description, "lists"),
	    at->panel);
	struct kibana_panel p;

	if (list != NULL) {
		query_list(k, at, list);
		return;
	}
	kibana_panel_init(k, &p, at->panel);
	for (size_t i = 0; i < 2 * p.layers; i++) {
		const struct kibana_layer *l = &p.layer[i / 2];
		struct buf search = BUF(MAX_TEXT);

		if (kibana_layer_search(k, l, i % 2 == 1, at->more, &search))
			put_query(at, i / 2, l->view, l->time, i % 2 == 1, l->unfiltered,
			    buf_str(&search));
		buf_fini(&search);
	}
}

static void
query_dashboard(struct kibana *k, const char *name, const struct json *is,
    struct buf *out)
{
	const struct json *controls = json_get(is, "controls");
	struct buf more = BUF(MAX_TEXT);
	struct json_iter it = { 0 };

	for (size_t i = 0; i < json_len(controls); i++) {
		const struct json *picked = json_get(kibana_part(k, "controls",
		    json_text(json_at(controls, i))), "selected");

		if (picked == NULL)
			continue;
		buf_puts(&more, more.len > 0 ? "," : "");
		kibana_dsl(k, picked, &more);
	}
	while (json_each(json_get(is, "panels"), &it))
		query_panel(k, &(struct place){ name, it.key, buf_str(&more), out });
	buf_fini(&more);
}

bool
kibana_queries(const struct kibana_conf *conf, struct buf *out, struct err *e)
{
	struct kibana k = { .conf = conf };
	struct json_iter it = { 0 };

	while (json_each(json_get(conf->description, "dashboards"), &it))
		query_dashboard(&k, it.key, it.value, out);
	if (k.wrong[0] != '\0')
		return err_set(e, ERR_INPUT, 0, "dashboards.json: %s", k.wrong);
	return !out->failed || err_set(e, ERR_LIMIT, 0, "the queries are too large");
}

/* Everything of ours is in theirs, with the same value. */
static bool
holds(const struct json *ours, const struct json *theirs)
{
	struct json_iter it = { 0 };

	if (json_is(ours, JSON_OBJECT)) {
		while (json_each(ours, &it))
			if (!holds(it.value, kibana_member(theirs, it.key)))
				return false;
		return theirs != NULL;
	}
	if (!json_is(ours, JSON_ARRAY))
		return json_equal(ours, theirs);
	if (json_len(ours) != json_len(theirs) || !json_is(theirs, JSON_ARRAY))
		return false;
	for (size_t i = 0; i < json_len(ours); i++)
		if (!holds(json_at(ours, i), json_at(theirs, i)))
			return false;
	return true;
}

/* JSON inside of a string, as panelsJSON has it, is compared as JSON. */
static bool
holds_text(const struct json *ours, const struct json *theirs)
{
	const char *a = json_text(ours), *b = json_text(theirs);
	struct json *x = NULL, *y = NULL;
	struct err e;
	bool same;

	if (a == NULL || b == NULL || (a[0] != '{' && a[0] != '[') ||
	    strlen(a) > MAX_JSON || strlen(b) > MAX_JSON)
		return holds(ours, theirs);
	x = json_parse(a, strlen(a), &e);
	y = json_parse(b, strlen(b), &e);
	same = x != NULL && y != NULL ? holds(x, y) : str_eq(a, b);
	json_free(x);
	json_free(y);
	return same;
}

static bool holds_all(const struct json *ours, const struct json *theirs,
    const struct json *elsewhere);

static bool
holds_member(const struct json *ours, const struct json *theirs)
{
	return json_is(ours, JSON_OBJECT) ? holds_all(ours, theirs, NULL) :
	    holds_text(ours, theirs);
}

static bool
holds_all(const struct json *ours, const struct json *theirs,
    const struct json *elsewhere)
{
	struct json_iter it = { 0 };

	while (json_each(ours, &it)) {
		const struct json *there = kibana_member(theirs, it.key);

		if (there == NULL)
			there = kibana_member(elsewhere, it.key);
		if (!holds_member(it.value, there))
			return false;
	}
	return true;
}

/* References have no order. */
static bool
holds_references(const struct json *ours, const struct json *theirs)
{
	for (size_t i = 0; i < json_len(ours); i++) {
		bool found = false;

		for (size_t j = 0; j < json_len(theirs) && !found; j++)
			found = holds(json_at(ours, i), json_at(theirs, j));
		if (!found)
			return false;
	}
	return true;
}

bool
kibana_same(const struct json *ours, const struct json *theirs)
{
	/* Newer searches keep in their first tab what was beside. */
	const struct json *tab = json_get(json_at(json_get(theirs, "attributes.tabs"), 0),
	    "attributes");

	return str_eq(json_str(ours, "type"), json_str(theirs, "type")) &&
	    str_eq(json_str(ours, "id"), json_str(theirs, "id")) &&
	    holds_all(json_get(ours, "attributes"), json_get(theirs, "attributes"),
	    tab) && holds_references(json_get(ours, "references"),
	    json_get(theirs, "references"));
}

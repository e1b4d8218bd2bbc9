/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kibana_layer.c - see kibana_in.h: one layer of a Lens panel, as its columns and as
 * the aggregations they stand for.
 *
 * A bucket of the description is {"terms": FIELD, "size": N, "by": LABEL}, without
 * "by" in the order of its values; {"time": "1w"}; or {"filters": {LABEL: filter}}.
 * A value is {"count": true}, or one of unique, sum, min, max, median with a field,
 * or {"percentile": 85, "of": FIELD}; "where" narrows it.
 */
#include "base/str.h"
#include "store/kibana_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TEXT	((size_t)256 << 10)

static const struct operation {
	const char	*word;		/* in the description */
	const char	*lens;
	const char	*agg;
} operations[] = {
	{ "unique", "unique_count", "cardinality" },
	{ "sum", "sum", "sum" },
	{ "min", "min", "min" },
	{ "max", "max", "max" },
	{ "median", "median", "percentiles" },
	{ "of", "percentile", "percentiles" },
};

static const struct operation *
operation_of(const struct json *is)
{
	for (size_t i = 0; i < LEN(operations); i++)
		if (json_str(is, operations[i].word) != NULL)
			return &operations[i];
	return NULL;
}

static const char *
label_of(const struct json *is)
{
	return str_or(json_str(is, "label"), "Time");
}

void
kibana_layer_init(struct kibana *k, struct kibana_layer *l, const struct json *panel,
    const struct json *is, const char *name, size_t n)
{
	struct buf slug = BUF(KIBANA_ID);

	*l = (struct kibana_layer){ .where = json_get(panel, "where") };
	l->view = str_or(json_str(is, "view"), "activity");
	l->time = json_str(kibana_part(k, "views", l->view), "time");
	l->unfiltered = json_true(is, "unfiltered");
	kibana_slug(name, &slug);
	snprintf(l->id, sizeof(l->id), "%.40s-%u", buf_str(&slug), (unsigned)n);
	buf_fini(&slug);
}

static void
add(struct kibana *k, struct kibana_layer *l, struct kibana_column *columns, size_t *n,
    size_t max, const struct json *is)
{
	if (is == NULL || *n == max) {
		kibana_wrong(k, "layer %s: %s", l->id, is == NULL ?
		    "a column is missing" : "too many columns");
		return;
	}
	columns[*n].is = is;
	snprintf(columns[*n].id, sizeof(columns[*n].id), "%.50s-%u", l->id,
	    (unsigned)(l->buckets + l->values));
	++*n;
}

void
kibana_layer_bucket(struct kibana *k, struct kibana_layer *l, const struct json *is)
{
	add(k, l, l->bucket, &l->buckets, KIBANA_BUCKETS, is);
}

void
kibana_layer_value(struct kibana *k, struct kibana_layer *l, const struct json *is,
    bool shifted)
{
	size_t n = l->values;

	add(k, l, l->value, &l->values, KIBANA_VALUES, is);
	if (l->values > n)
		l->value[n].shifted = shifted;
}

/* The value a terms bucket is ordered by; NULL: by its own values. */
static const struct kibana_column *
order_of(struct kibana *k, const struct kibana_layer *l, const struct json *is)
{
	const char *by = json_str(is, "by");

	for (size_t i = 0; by != NULL && i < l->values; i++)
		if (str_eq(label_of(l->value[i].is), by) && !l->value[i].shifted)
			return &l->value[i];
	if (by != NULL)
		kibana_wrong(k, "layer %s: no value \"%.60s\" to go by", l->id, by);
	return NULL;
}

static bool
ascends(const struct json *is)
{
	return json_str(is, "by") == NULL || str_eq(json_str(is, "order"), "asc");
}

static int
size_of(struct kibana *k, const struct kibana_layer *l, const struct json *is)
{
	int64_t size = 0;

	if (!json_int(is, "size", &size) || size < 1 || size > 1000)
		kibana_wrong(k, "layer %s: a size is 1 to 1000", l->id);
	return (int)size;
}

static void
lens_terms(struct kibana *k, const struct kibana_layer *l, const struct json *is,
    struct buf *out)
{
	const struct kibana_column *by = order_of(k, l, is);
	const char *field = json_str(is, "terms");

	kibana_put(out, "{'label':%q,'customLabel':true,'dataType':%q,"
	    "'operationType':'terms','scale':'ordinal','sourceField':%q,"
	    "'isBucketed':true,'params':{'size':%d,'orderBy':", label_of(is),
	    kibana_type(k, field), field, size_of(k, l, is));
	if (by != NULL)
		kibana_put(out, "{'type':'column','columnId':%q}", by->id);
	else
		kibana_put(out, "{'type':'alphabetical','fallback':false}");
	kibana_put(out, ",'orderDirection':%q,'otherBucket':false,'missingBucket':false,"
	    "'parentFormat':{'id':'terms'}}}", ascends(is) ? "asc" : "desc");
}

static void
lens_filters(struct kibana *k, const struct json *is, struct buf *out)
{
	struct json_iter it = { 0 };
	const char *comma = "";

	kibana_put(out, "{'label':%q,'customLabel':true,'dataType':'string',"
	    "'operationType':'filters','scale':'ordinal','isBucketed':true,"
	    "'params':{'filters':[", label_of(is));
	while (json_each(json_get(is, "filters"), &it)) {
		struct buf query = BUF(MAX_TEXT);

		kibana_kql(k, it.value, &query);
		kibana_put(out, "%s{'input':{'query':%q,'language':'kuery'},'label':%q}",
		    comma, buf_str(&query), it.key);
		comma = ",";
		buf_fini(&query);
	}
	buf_puts(out, "]}}");
}

static void
lens_bucket(struct kibana *k, const struct kibana_layer *l, const struct json *is,
    struct buf *out)
{
	if (json_str(is, "terms") != NULL) {
		lens_terms(k, l, is, out);
	} else if (json_get(is, "filters") != NULL) {
		lens_filters(k, is, out);
	} else if (json_str(is, "time") != NULL && l->time != NULL) {
		kibana_put(out, "{'label':%q,'customLabel':true,'dataType':'date',"
		    "'operationType':'date_histogram','sourceField':%q,"
		    "'isBucketed':true,'scale':'interval','params':{'interval':%q,"
		    "'includeEmptyRows':true,'dropPartials':false}}", label_of(is),
		    l->time, json_str(is, "time"));
	} else {
		kibana_wrong(k, "layer %s: a bucket that is none", l->id);
	}
}

static void
lens_value(struct kibana *k, const struct kibana_column *c, struct buf *out)
{
	const struct operation *op = operation_of(c->is);
	const char *field = op != NULL ? json_str(c->is, op->word) : "___records___";
	const char *type = op != NULL ? kibana_type(k, field) : "number";
	struct buf query = BUF(MAX_TEXT);
	int64_t percent;

	if (op == NULL && !json_true(c->is, "count"))
		kibana_wrong(k, "%s: a value that is none", c->id);
	kibana_put(out, "{'label':%q,'customLabel':true,'dataType':%q,"
	    "'operationType':%q,'isBucketed':false,'scale':'ratio','sourceField':%q",
	    c->shifted ? "period before" : label_of(c->is),
	    str_eq(type, "date") && op != NULL && op->lens[0] == 'm' ? "date" : "number",
	    op != NULL ? op->lens : "count", field);
	kibana_kql(k, json_get(c->is, "where"), &query);
	if (query.len > 0)
		kibana_put(out, ",'filter':{'query':%q,'language':'kuery'}",
		    buf_str(&query));
	if (c->shifted)
		kibana_put(out, ",'timeShift':'previous'");
	if (json_int(c->is, "percentile", &percent))
		kibana_put(out, ",'params':{'percentile':%d}}", (int)percent);
	else
		kibana_put(out, ",'params':{'emptyAsNull':false}}");
	buf_fini(&query);
}

void
kibana_layer_lens(struct kibana *k, const struct kibana_layer *l, struct buf *out)
{
	const char *comma = "";

	kibana_put(out, "{'columns':{");
	for (size_t i = 0; i < l->buckets + l->values; i++) {
		const struct kibana_column *c = i < l->buckets ? &l->bucket[i] :
		    &l->value[i - l->buckets];

		kibana_put(out, "%s%q:", comma, c->id);
		comma = ",";
		if (i < l->buckets)
			lens_bucket(k, l, c->is, out);
		else
			lens_value(k, c, out);
	}
	kibana_put(out, "},'columnOrder':[");
	comma = "";
	for (size_t i = 0; i < l->buckets + l->values; i++, comma = ",")
		kibana_put(out, "%s%q", comma, i < l->buckets ? l->bucket[i].id :
		    l->value[i - l->buckets].id);
	kibana_put(out, "],'incompleteColumns':{},'sampling':1,"
	    "'ignoreGlobalFilters':%s}", l->unfiltered ? "true" : "false");
}

/* What a value is counted by; nothing for a plain count, which each bucket has. */
static void
agg_value(struct kibana *k, const struct json *is, const char *comma, struct buf *out)
{
	const struct operation *op = operation_of(is);
	const struct json *where = json_get(is, "where");
	int64_t percent = 50;

	if (op == NULL && where == NULL)
		return;
	kibana_put(out, "%s%q:{", comma, label_of(is));
	if (where != NULL) {
		kibana_put(out, "'filter':");
		kibana_dsl(k, where, out);
	}
	if (op != NULL) {
		kibana_put(out, "%s'%s':{'field':%q", where != NULL ?
		    ",\"aggs\":{\"v\":{" : "", op->agg, json_str(is, op->word));
		json_int(is, "percentile", &percent);
		if (str_eq(op->agg, "percentiles"))
			kibana_put(out, ",'percents':[%d]", (int)percent);
		buf_puts(out, where != NULL ? "}}}" : "}");
	}
	buf_puts(out, "}");
}

static void
agg_terms(struct kibana *k, const struct kibana_layer *l, const struct json *is,
    struct buf *out)
{
	const struct kibana_column *by = order_of(k, l, is);
	const char *order = ascends(is) ? "asc" : "desc";
	bool has_op = by != NULL && operation_of(by->is) != NULL;
	bool narrowed = by != NULL && json_get(by->is, "where") != NULL;

	kibana_put(out, "'terms':{'field':%q,'size':%d,'order':{", json_str(is, "terms"),
	    size_of(k, l, is));
	if (by == NULL || (!has_op && !narrowed))
		kibana_put(out, "%q:%q}}", by == NULL ? "_key" : "_count", order);
	else
		kibana_put(out, "'%s%s':%q}}", label_of(by->is), has_op && narrowed ?
		    ">v" : "", order);
}

static void
agg_filters(struct kibana *k, const struct json *is, struct buf *out)
{
	struct json_iter it = { 0 };
	const char *comma = "";

	kibana_put(out, "'filters':{'filters':{");
	while (json_each(json_get(is, "filters"), &it)) {
		kibana_put(out, "%s%q:", comma, it.key);
		comma = ",";
		kibana_dsl(k, it.value, out);
	}
	buf_puts(out, "}}");
}

/* The aggregations from bucket i on: what counts, and at the end all values. */
static void
aggs_from(struct kibana *k, const struct kibana_layer *l, size_t i, bool shifted,
    struct buf *out)
{
	const struct kibana_column *by = NULL;
	const struct json *is;
	size_t before = out->len;

	/* What the bucket outside goes by is counted in it, too. */
	if (i > 0 && i < l->buckets)
		by = order_of(k, l, l->bucket[i - 1].is);
	for (size_t v = 0; v < l->values; v++)
		if ((i == l->buckets || by == &l->value[v]) &&
		    l->value[v].shifted == shifted)
			agg_value(k, l->value[v].is, out->len > before ? "," : "", out);
	if (i == l->buckets)
		return;
	is = l->bucket[i].is;
	kibana_put(out, "%s%q:{", out->len > before ? "," : "", label_of(is));
	if (json_str(is, "terms") != NULL)
		agg_terms(k, l, is, out);
	else if (json_get(is, "filters") != NULL)
		agg_filters(k, is, out);
	else
		kibana_put(out, "'date_histogram':{'field':%q,'calendar_interval':%q}",
		    str_or(l->time, ""), str_or(json_str(is, "time"), ""));
	kibana_put(out, ",'aggs':{");
	aggs_from(k, l, i + 1, shifted, out);
	buf_puts(out, "}}");
}

bool
kibana_layer_search(struct kibana *k, const struct kibana_layer *l, bool shifted,
    const char *more, struct buf *out)
{
	size_t n = 0;

	for (size_t v = 0; v < l->values; v++)
		n += l->value[v].shifted == shifted;
	if (n == 0)
		return false;
	kibana_put(out, "{'size':0,'track_total_hits':true,'query':{'bool':{'filter':[");
	if (l->where != NULL)
		kibana_dsl(k, l->where, out);
	if (!l->unfiltered && more[0] != '\0')
		kibana_put(out, "%s%s", l->where != NULL ? "," : "", more);
	kibana_put(out, "]}},'aggs':{");
	aggs_from(k, l, 0, shifted, out);
	buf_puts(out, "}}");
	return true;
}

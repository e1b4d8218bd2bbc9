/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kibana_panel.c - see kibana_in.h: a panel's layers, and the state of the
 * visualization that draws them. The words of that state are those of Kibana's
 * sources: lens/public/visualizations/{metric,datatable,heatmap,xy}/types.ts, as
 * they are since 8.9.
 */
#include "base/str.h"
#include "store/kibana_in.h"

#include <string.h>

#define MAX_TEXT	((size_t)256 << 10)

static void
add_layer(struct kibana *k, struct kibana_panel *p, const struct json *is)
{
	if (p->layers == KIBANA_LAYERS) {
		kibana_wrong(k, "panel %s: too many layers", p->name);
		return;
	}
	kibana_layer_init(k, &p->layer[p->layers], p->is, is, p->name, p->layers);
	p->layers++;
}

static void
init_xy(struct kibana *k, struct kibana_panel *p)
{
	const struct json *layers = json_get(p->is, "layers");

	for (size_t i = 0; i < json_len(layers); i++) {
		const struct json *is = json_at(layers, i);
		const struct json *values = json_get(is, "values");
		struct kibana_layer *l = &p->layer[p->layers];

		add_layer(k, p, is);
		if (p->layers != i + 1)
			return;
		if (json_get(is, "split") != NULL)
			kibana_layer_bucket(k, l, json_get(is, "split"));
		kibana_layer_bucket(k, l, json_get(is, "x"));
		for (size_t v = 0; v < json_len(values); v++)
			kibana_layer_value(k, l, json_at(values, v), false);
	}
}

static void
init_table(struct kibana *k, struct kibana_panel *p)
{
	const struct json *rows = json_get(p->is, "rows");
	const struct json *values = json_get(p->is, "values");

	add_layer(k, p, p->is);
	for (size_t i = 0; i < json_len(rows); i++)
		kibana_layer_bucket(k, &p->layer[0], json_at(rows, i));
	for (size_t i = 0; i < json_len(values); i++)
		kibana_layer_value(k, &p->layer[0], json_at(values, i), false);
}

void
kibana_panel_init(struct kibana *k, struct kibana_panel *p, const char *name)
{
	const struct json *value;
	const char *type;

	memset(p, 0, sizeof(*p));
	p->name = name;
	p->is = kibana_part(k, "panels", name);
	type = str_or(json_str(p->is, "type"), "");
	if (str_eq(type, "xy")) {
		init_xy(k, p);
	} else if (str_eq(type, "table")) {
		init_table(k, p);
	} else if (str_eq(type, "metric")) {
		value = json_get(p->is, "value");
		add_layer(k, p, p->is);
		kibana_layer_value(k, &p->layer[0], value, false);
		if (json_true(p->is, "before"))
			kibana_layer_value(k, &p->layer[0], value, true);
	} else if (str_eq(type, "heatmap")) {
		add_layer(k, p, p->is);
		kibana_layer_bucket(k, &p->layer[0], json_get(p->is, "y"));
		kibana_layer_bucket(k, &p->layer[0], json_get(p->is, "x"));
		kibana_layer_value(k, &p->layer[0], json_get(p->is, "value"), false);
	} else if (!str_eq(type, "text")) {
		kibana_wrong(k, "panel %s: no type \"%.40s\"", name, type);
	}
}

static void
draw_metric(const struct kibana_layer *l, struct buf *out)
{
	kibana_put(out, "{'layerId':%q,'layerType':'data','metricAccessor':%q", l->id,
	    l->value[0].id);
	if (l->values > 1)
		kibana_put(out, ",'secondaryMetricAccessor':%q", l->value[1].id);
	buf_puts(out, "}");
}

static void
draw_table(const struct kibana_layer *l, struct buf *out)
{
	kibana_put(out, "{'layerId':%q,'layerType':'data','columns':[", l->id);
	for (size_t i = 0; i < l->buckets + l->values; i++)
		kibana_put(out, "%s{'columnId':%q,'isTransposed':false}",
		    i > 0 ? "," : "", i < l->buckets ? l->bucket[i].id :
		    l->value[i - l->buckets].id);
	kibana_put(out, "],'rowHeight':'single','headerRowHeight':'single',"
	    "'paging':{'size':20,'enabled':true}}");
}

static void
draw_heatmap(const struct kibana_layer *l, struct buf *out)
{
	kibana_put(out, "{'shape':'heatmap','layerId':%q,'layerType':'data',"
	    "'legend':{'isVisible':true,'position':'right','type':'heatmap_legend'},"
	    "'gridConfig':{'type':'heatmap_grid','isCellLabelVisible':true,"
	    "'isYAxisLabelVisible':true,'isXAxisLabelVisible':true,"
	    "'isYAxisTitleVisible':false,'isXAxisTitleVisible':false},"
	    "'valueAccessor':%q,'yAccessor':%q,'xAccessor':%q}", l->id, l->value[0].id,
	    l->bucket[0].id, l->bucket[1].id);
}

static void
draw_xy_layer(struct kibana *k, const struct kibana_layer *l, const struct json *is,
    struct buf *out)
{
	static const char *const known[] = { "bar", "bar_stacked",
	    "bar_percentage_stacked", "line", "area_stacked" };
	const char *draw = str_or(json_str(is, "draw"), "");
	bool right = str_eq(json_str(is, "axis"), "right"), good = false;

	for (size_t i = 0; i < LEN(known); i++)
		good = good || str_eq(known[i], draw);
	if (!good)
		kibana_wrong(k, "layer %s cannot be drawn as \"%.40s\"", l->id, draw);
	kibana_put(out, "{'layerId':%q,'layerType':'data','seriesType':%q,"
	    "'xAccessor':%q", l->id, draw, l->bucket[l->buckets - 1].id);
	if (l->buckets > 1)
		kibana_put(out, ",'splitAccessor':%q", l->bucket[0].id);
	kibana_put(out, ",'accessors':[");
	for (size_t i = 0; i < l->values; i++)
		kibana_put(out, "%s%q", i > 0 ? "," : "", l->value[i].id);
	kibana_put(out, "],'yConfig':[");
	for (size_t i = 0; i < l->values; i++)
		kibana_put(out, "%s{'forAccessor':%q,'axisMode':%q}", i > 0 ? "," : "",
		    l->value[i].id, right ? "right" : "left");
	buf_puts(out, "]}");
}

static void
draw_xy(struct kibana *k, const struct kibana_panel *p, struct buf *out)
{
	const struct json *layers = json_get(p->is, "layers");
	const char *first = str_or(json_str(json_at(layers, 0), "draw"), "");

	kibana_put(out, "{'legend':{'isVisible':true,'position':'bottom'},"
	    "'valueLabels':'hide','fittingFunction':'None',"
	    "'axisTitlesVisibilitySettings':{'x':false,'yLeft':false,'yRight':true},"
	    "'tickLabelsVisibilitySettings':{'x':true,'yLeft':true,'yRight':true},"
	    "'gridlinesVisibilitySettings':{'x':true,'yLeft':true,'yRight':false},"
	    "'labelsOrientation':{'x':0,'yLeft':0,'yRight':0},"
	    "'preferredSeriesType':%q,'layers':[", first);
	for (size_t i = 0; i < p->layers; i++) {
		buf_puts(out, i > 0 ? "," : "");
		draw_xy_layer(k, &p->layer[i], json_at(layers, i), out);
	}
	buf_puts(out, "]}");
}

static const char *
draw(struct kibana *k, const struct kibana_panel *p, struct buf *out)
{
	const char *type = json_str(p->is, "type");

	if (str_eq(type, "metric")) {
		draw_metric(&p->layer[0], out);
		return "lnsMetric";
	}
	if (str_eq(type, "table")) {
		draw_table(&p->layer[0], out);
		return "lnsDatatable";
	}
	if (str_eq(type, "heatmap")) {
		draw_heatmap(&p->layer[0], out);
		return "lnsHeatmap";
	}
	draw_xy(k, p, out);
	return "lnsXY";
}

void
kibana_panel_lens(struct kibana *k, const struct kibana_panel *p, struct buf *out)
{
	struct buf drawn = BUF(MAX_TEXT), query = BUF(MAX_TEXT), id = BUF(1024);
	const char *type = draw(k, p, &drawn);

	kibana_kql(k, json_get(p->is, "where"), &query);
	kibana_put(out, "{'title':%q,'description':'','type':'lens',"
	    "'visualizationType':%q,'references':[", str_or(json_str(p->is, "title"), ""),
	    type);
	for (size_t i = 0; i < p->layers; i++) {
		buf_clear(&id);
		kibana_id(k, p->layer[i].view, &id);
		kibana_put(out, "%s{'type':'index-pattern','id':%q,"
		    "'name':'indexpattern-datasource-layer-%s'}", i > 0 ? "," : "",
		    buf_str(&id), p->layer[i].id);
	}
	kibana_put(out, "],'state':{'visualization':%s,'query':{'query':%q,"
	    "'language':'kuery'},'filters':[],'datasourceStates':{'formBased':{"
	    "'layers':{", buf_str(&drawn), buf_str(&query));
	for (size_t i = 0; i < p->layers; i++) {
		kibana_put(out, "%s%q:", i > 0 ? "," : "", p->layer[i].id);
		kibana_layer_lens(k, &p->layer[i], out);
	}
	kibana_put(out, "}}},'internalReferences':[],'adHocDataViews':{}}}");
	buf_fini(&drawn);
	buf_fini(&query);
	buf_fini(&id);
}

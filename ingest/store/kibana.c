/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kibana.c - see kibana.h: the objects. Versions: what we write is the form of
 * 8.9, which that release and all later ones, 9.x too, take and bring to their own
 * (typeMigrationVersion says so, one a type).
 */
#include "store/kibana.h"
#include "base/str.h"
#include "store/kibana_in.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TEXT	((size_t)1 << 20)
#define OLD_FORM	"8.9.0"		/* of dashboards and the panels in them */
#define OLDER_FORM	"8.0.0"		/* of data views and searches */

bool
kibana_space_ok(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= 100 &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

/* One object of the file; takes nothing. */
static void
put_object(const struct kibana *k, const char *type, const char *name,
    const char *version, const char *attributes, const char *references,
    struct buf *out)
{
	struct buf id = BUF(1024);

	kibana_id(k, name, &id);
	kibana_put(out, "{'type':%q,'id':%q,'attributes':%s,'references':[%s],"
	    "'coreMigrationVersion':'8.8.0','typeMigrationVersion':%q}", type,
	    buf_str(&id), attributes, references, version);
	buf_puts(out, "\n");
	buf_fini(&id);
}

/*
 * How a field is shown: a list of texts for 1, 2, …; a link; or a link to one of
 * our dashboards, filtered by what was clicked. Such an address is relative to
 * Kibana's own (its url.ts puts base path and space before it), and opens in a new
 * tab: in the same one the dashboard that is left might take the filter for itself.
 */
static void
put_format(struct kibana *k, const struct json *is, struct buf *out)
{
	const char *field = json_str(is, "filter");
	struct buf url = BUF(4096), id = BUF(1024);

	if (json_is(is, JSON_ARRAY)) {
		kibana_put(out, "{'id':'static_lookup','params':{'lookupEntries':[");
		for (size_t i = 0; i < json_len(is); i++)
			kibana_put(out, "%s{'key':'%d','value':%q}", i > 0 ? "," : "",
			    (int)i + 1, str_or(json_text(json_at(is, i)), ""));
		kibana_put(out, "],'unknownKeyValue':null}}");
	} else if (field == NULL) {
		kibana_put(out, "{'id':'url','params':{'urlTemplate':'{{rawValue}}',"
		    "'labelTemplate':'{{value}}'}}");
	} else {
		kibana_type(k, field);
		kibana_part(k, "dashboards", json_str(is, "dashboard"));
		kibana_id(k, "activity", &id);
		buf_puts(&url, "dashboards#/view/");
		kibana_id(k, str_or(json_str(is, "dashboard"), ""), &url);
		buf_printf(&url, "?_a=(filters:!((meta:(alias:!n,disabled:!f,index:'%s',"
		    "key:%s,negate:!f,params:(query:'{{value}}'),type:phrase),"
		    "query:(match_phrase:(%s:'{{value}}')))))", buf_str(&id), field,
		    field);
		kibana_put(out, "{'id':'url','params':{'urlTemplate':%q,"
		    "'labelTemplate':'{{value}}'}}",
		    buf_str(&url));
	}
	buf_fini(&url);
	buf_fini(&id);
}

static void
put_views(struct kibana *k, struct buf *out)
{
	struct buf formats = BUF(MAX_TEXT);
	struct json_iter it = { 0 }, view = { 0 };

	while (json_each(json_get(k->conf->description, "formats"), &it)) {
		kibana_type(k, it.key);
		kibana_put(&formats, "%s%q:", formats.len > 0 ? "," : "{", it.key);
		put_format(k, it.value, &formats);
	}
	buf_puts(&formats, formats.len > 0 ? "}" : "{}");
	while (json_each(json_get(k->conf->description, "views"), &view)) {
		struct buf attributes = BUF(MAX_TEXT);
		const char *time = json_str(view.value, "time");

		kibana_put(&attributes, "{'title':%q,'name':%q,", k->conf->index,
		    str_or(json_str(view.value, "name"), ""));
		if (time != NULL)
			kibana_put(&attributes, "'timeFieldName':%q,", time);
		if (time != NULL && !str_eq(kibana_type(k, time), "date"))
			kibana_wrong(k, "view %s: %.80s is no date", view.key, time);
		kibana_put(&attributes, "'allowNoIndex':true,'sourceFilters':'[]',"
		    "'fields':'[]','fieldAttrs':'{}','runtimeFieldMap':'{}',"
		    "'fieldFormatMap':%q}", buf_str(&formats));
		put_object(k, "index-pattern", view.key, OLDER_FORM, buf_str(&attributes),
		    "", out);
		buf_fini(&attributes);
	}
	buf_fini(&formats);
}

/* A search that shows documents, as Discover does. */
static void
put_list(struct kibana *k, const char *name, const struct json *is, struct buf *out)
{
	struct buf query = BUF(MAX_TEXT), source = BUF(MAX_TEXT);
	struct buf attributes = BUF(MAX_TEXT), reference = BUF(1024), id = BUF(1024);
	const struct json *columns = json_get(is, "columns");
	struct json_iter sort = { 0 };

	kibana_kql(k, json_get(is, "where"), &query);
	kibana_put(&source, "{'query':{'query':%q,'language':'kuery'},'filter':[],"
	    "'indexRefName':'kibanaSavedObjectMeta.searchSourceJSON.index'}",
	    buf_str(&query));
	kibana_put(&attributes, "{'title':'hubstash: %s','description':'',"
	    "'hideChart':true,"
	    "'isTextBasedQuery':false,'timeRestore':false,'grid':{},'columns':[",
	    str_or(json_str(is, "title"), ""));
	for (size_t i = 0; i < json_len(columns); i++) {
		const char *field = str_or(json_text(json_at(columns, i)), "");

		kibana_type(k, field);
		kibana_put(&attributes, "%s%q", i > 0 ? "," : "", field);
	}
	kibana_put(&attributes, "],'sort':[");
	if (json_each(json_get(is, "sort"), &sort)) {
		kibana_type(k, sort.key);
		kibana_put(&attributes, "[%q,%q]", sort.key, json_text(sort.value));
	}
	kibana_put(&attributes, "],'kibanaSavedObjectMeta':{'searchSourceJSON':%q}}",
	    buf_str(&source));
	kibana_part(k, "views", json_str(is, "view"));
	kibana_id(k, str_or(json_str(is, "view"), ""), &id);
	kibana_put(&reference, "{'name':'kibanaSavedObjectMeta.searchSourceJSON.index',"
	    "'type':'index-pattern','id':%q}", buf_str(&id));
	put_object(k, "search", name, OLDER_FORM, buf_str(&attributes),
	    buf_str(&reference), out);
	buf_fini(&query);
	buf_fini(&source);
	buf_fini(&attributes);
	buf_fini(&reference);
	buf_fini(&id);
}

struct dashboard {
	struct buf	 panels, controls, references;
};

static void
refer(struct dashboard *d, const char *type, const char *id, const char *name)
{
	kibana_put(&d->references, "%s{'type':%q,'id':%q,'name':%q}",
	    d->references.len > 0 ? "," : "", type, id, name);
}

/* Words with {{NAME}} in them, for the id of the dashboard of that name. */
static void
put_words(struct kibana *k, const char *text, struct buf *out)
{
	const char *open, *end;

	while ((open = strstr(text, "{{")) != NULL &&
	    (end = strstr(open, "}}")) != NULL) {
		char *name = xstrndup(open + 2, (size_t)(end - open - 2));

		buf_add(out, text, (size_t)(open - text));
		kibana_part(k, "dashboards", name);
		kibana_id(k, name, out);
		text = end + 2;
		free(name);
	}
	buf_puts(out, text);
}

static void
put_text(struct kibana *k, const struct json *is, struct buf *out)
{
	struct buf words = BUF(MAX_TEXT);

	put_words(k, str_or(json_str(is, "text"), ""), &words);
	kibana_put(out, "{'enhancements':{},'savedVis':{'title':'','description':'',"
	    "'type':'markdown','params':{'fontSize':12,'openLinksInNewTab':false,"
	    "'markdown':%q},'uiState':{},'data':{'aggs':[],'searchSource':{"
	    "'query':{'query':'','language':'kuery'},'filter':[]}}}}", buf_str(&words));
	buf_fini(&words);
}

static void
put_lens(struct kibana *k, struct dashboard *d, const struct kibana_panel *p,
    const char *panel_id, struct buf *out)
{
	const struct json *range = json_get(p->is, "range");

	kibana_put(out, "{'enhancements':{},'attributes':");
	kibana_panel_lens(k, p, out);
	if (range != NULL)
		kibana_put(out, ",'timeRange':{'from':%q,'to':%q}",
		    str_or(json_text(json_at(range, 0)), ""),
		    str_or(json_text(json_at(range, 1)), ""));
	buf_puts(out, "}");
	for (size_t i = 0; i < p->layers; i++) {
		struct buf id = BUF(1024), name = BUF(1024);

		kibana_id(k, p->layer[i].view, &id);
		buf_printf(&name, "%s:indexpattern-datasource-layer-%s", panel_id,
		    p->layer[i].id);
		refer(d, "index-pattern", buf_str(&id), buf_str(&name));
		buf_fini(&id);
		buf_fini(&name);
	}
}

static void
put_list_panel(struct kibana *k, struct dashboard *d, const char *list,
    const char *panel_id, struct buf *out)
{
	struct buf id = BUF(1024), name = BUF(1024);

	kibana_id(k, list, &id);
	buf_printf(&name, "%s:panel_%s", panel_id, panel_id);
	refer(d, "search", buf_str(&id), buf_str(&name));
	kibana_put(out, "{'enhancements':{}},'panelRefName':'panel_%s'", panel_id);
	buf_fini(&id);
	buf_fini(&name);
}

static void
put_panel(struct kibana *k, struct dashboard *d, const char *name,
    const struct json *place)
{
	static const char axis[] = "xywh";
	const struct json *list = kibana_member(json_get(k->conf->description, "lists"),
	    name), *is;
	struct buf id = BUF(KIBANA_ID);
	struct kibana_panel p = { 0 };
	int64_t at = 0;

	if (list == NULL)
		kibana_panel_init(k, &p, name);
	is = list != NULL ? list : p.is;
	kibana_slug(name, &id);
	kibana_put(&d->panels, "%s{'type':%q,'version':'" OLD_FORM "','panelIndex':%q,"
	    "'title':%q,'gridData':{", d->panels.len > 0 ? "," : "", list != NULL ?
	    "search" : p.layers == 0 ? "visualization" : "lens", buf_str(&id),
	    str_or(json_str(is, "title"), ""));
	for (size_t i = 0; i < 4; i++) {
		if (!json_value_int(json_at(place, i), &at) || at < 0 || at > 1000)
			kibana_wrong(k, "panel %s: a place is x, y, w, h", name);
		buf_printf(&d->panels, "\"%c\":%d,", axis[i], (int)at);
	}
	kibana_put(&d->panels, "'i':%q},'embeddableConfig':", buf_str(&id));
	if (list != NULL)
		put_list_panel(k, d, name, buf_str(&id), &d->panels);
	else if (p.layers == 0)
		put_text(k, is, &d->panels);
	else
		put_lens(k, d, &p, buf_str(&id), &d->panels);
	buf_puts(&d->panels, "}");
	buf_fini(&id);
}

/* What a control has picked at first: its filter is {FIELD: value}. */
static void
put_selected(struct kibana *k, const struct json *is, struct buf *out)
{
	const char *name = json_str(is, "selected");
	const struct json *filter = name != NULL ? kibana_part(k, "filters", name) : NULL;
	struct json_iter it = { 0 };
	struct buf value = BUF(1024);

	if (filter != NULL && json_each(filter, &it)) {
		if (!str_eq(it.key, json_str(is, "field")) || json_len(filter) != 1)
			kibana_wrong(k, "a control selects by another field");
		json_print(it.value, &value);
		kibana_put(out, json_text(it.value) != NULL ? "%s" : "'%s'",
		    buf_str(&value));
	}
	buf_fini(&value);
}

static void
put_control(struct kibana *k, struct dashboard *d, const char *name, size_t order)
{
	const struct json *is = kibana_part(k, "controls", name);
	const char *field = str_or(json_str(is, "field"), "");
	struct buf view = BUF(1024), reference = BUF(1024);

	kibana_type(k, field);
	kibana_id(k, "activity", &view);
	buf_printf(&reference, "controlGroup_%s:optionsListDataView", name);
	refer(d, "index-pattern", buf_str(&view), buf_str(&reference));
	kibana_put(&d->controls, "%s%q:{'type':'optionsListControl','order':%d,"
	    "'width':'medium','grow':true,'explicitInput':{'id':%q,'title':%q,"
	    "'fieldName':%q,'dataViewId':%q,'searchTechnique':'prefix',"
	    "'sort':{'by':'_count','direction':'desc'},'enhancements':{},"
	    "'selectedOptions':[", d->controls.len > 0 ? "," : "{", name, (int)order,
	    name, str_or(json_str(is, "title"), ""), field, buf_str(&view));
	put_selected(k, is, &d->controls);
	buf_puts(&d->controls, "]}}");
	buf_fini(&view);
	buf_fini(&reference);
}

static void
put_dashboard(struct kibana *k, const char *name, const struct json *is,
    struct buf *out)
{
	struct dashboard d = { BUF(MAX_TEXT), BUF(MAX_TEXT), BUF(MAX_TEXT) };
	const struct json *controls = json_get(is, "controls");
	struct buf attributes = BUF(2 * MAX_TEXT), panels = BUF(MAX_TEXT);
	struct json_iter it = { 0 };

	while (json_each(json_get(is, "panels"), &it))
		put_panel(k, &d, it.key, it.value);
	for (size_t i = 0; i < json_len(controls); i++)
		put_control(k, &d, str_or(json_text(json_at(controls, i)), ""), i);
	buf_puts(&d.controls, d.controls.len > 0 ? "}" : "{}");
	kibana_put(&panels, "[%s]", buf_str(&d.panels));
	kibana_put(&attributes, "{'title':'hubstash: %s','description':'%s Made by "
	    "hubstash setup, which replaces what is changed: change a copy.','version':1,"
	    "'timeRestore':true,'timeFrom':'now-30d','timeTo':'now',"
	    "'refreshInterval':{'pause':true,'value':60000},"
	    "'kibanaSavedObjectMeta':{'searchSourceJSON':%q},'optionsJSON':%q,"
	    "'controlGroupInput':{'controlStyle':'oneLine',"
	    "'chainingSystem':'HIERARCHICAL','ignoreParentSettingsJSON':%q,"
	    "'panelsJSON':%q},'panelsJSON':%q}", str_or(json_str(is, "title"), ""),
	    str_or(json_str(is, "description"), ""),
	    "{\"query\":{\"query\":\"\",\"language\":\"kuery\"},\"filter\":[]}",
	    "{\"useMargins\":true,\"syncColors\":false,\"syncCursor\":true,"
	    "\"syncTooltips\":false,\"hidePanelTitles\":false}",
	    "{\"ignoreFilters\":false,\"ignoreQuery\":false,\"ignoreTimerange\":false,"
	    "\"ignoreValidations\":false}", buf_str(&d.controls), buf_str(&panels));
	put_object(k, "dashboard", name, OLD_FORM, buf_str(&attributes),
	    buf_str(&d.references), out);
	buf_fini(&d.panels);
	buf_fini(&d.controls);
	buf_fini(&d.references);
	buf_fini(&attributes);
	buf_fini(&panels);
}

static bool
good(const struct kibana *k, const struct buf *out, struct err *e)
{
	if (k->wrong[0] != '\0')
		return err_set(e, ERR_INPUT, 0, "dashboards.json: %s", k->wrong);
	return !out->failed || err_set(e, ERR_LIMIT, 0, "the dashboards are too large");
}

bool
kibana_objects(const struct kibana_conf *conf, struct buf *out, struct err *e)
{
	struct kibana k = { .conf = conf };
	struct json_iter list = { 0 }, dashboard = { 0 };

	put_views(&k, out);
	while (json_each(json_get(conf->description, "lists"), &list))
		put_list(&k, list.key, list.value, out);
	while (json_each(json_get(conf->description, "dashboards"), &dashboard))
		put_dashboard(&k, dashboard.key, dashboard.value, out);
	return good(&k, out, e);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schemas.js - the forms of Kibana's saved objects as its public source has them, in
 * JSON Schema, for the parts that our objects use; a member beside them is a mistake.
 * Read from github.com/elastic/kibana (main, 2025), where each is said for 8.9 on.
 */
'use strict';

const string = { type: 'string' }, boolean = { type: 'boolean' }, number = { type: 'number' };
const integer = { type: 'integer', minimum: 0 };
const one = (...values) => ({ enum: values });
const list = (items, more = {}) => ({ type: 'array', items, ...more });
/* A member whose name ends in ? may be missing. */
const object = (members) => ({ type: 'object', additionalProperties: false,
	required: Object.keys(members).filter((k) => !k.endsWith('?')),
	properties: Object.fromEntries(Object.entries(members).map(([k, v]) =>
		[k.replace(/\?$/, ''), v])) });
const record = (value) => ({ type: 'object', additionalProperties: value });

const query = object({ query: string, language: one('kuery') });
const references = list(object({ type: string, id: string, name: string }));

/* core/packages/saved-objects: what an exported object has. */
const saved = (type, attributes, version) => object({ type: one(type), id: string, attributes,
	references, coreMigrationVersion: one('8.8.0'), typeMigrationVersion: one(version) });

/*
 * src/platform/plugins/shared/data_views/common/types.ts: DataViewAttributes. Versions:
 * server/saved_objects/data_views.ts (converted in 8.0.0, no later migration).
 */
const view = saved('index-pattern', object({ title: string, name: string,
	'timeFieldName?': string, allowNoIndex: boolean, sourceFilters: string, fields: string,
	fieldAttrs: string, runtimeFieldMap: string, fieldFormatMap: string }), '8.0.0');

/*
 * src/platform/plugins/shared/field_formats/common/converters/{url,static_lookup}.ts: the
 * params of a format, by getParamDefaults.
 */
const formats = record({ oneOf: [
	object({ id: one('url'), params: object({ urlTemplate: string, labelTemplate: string }) }),
	object({ id: one('static_lookup'), params: object({
		lookupEntries: list(object({ key: string, value: string })), unknownKeyValue: {} }) }),
] });

/*
 * src/platform/plugins/shared/saved_search/server/saved_objects/schema.ts: what 8.8.0 and
 * the models after it take, before a search had tabs.
 */
const search = saved('search', object({ title: string, description: string,
	columns: list(string), sort: list(list(string, { minItems: 2, maxItems: 2 })),
	grid: object({}), hideChart: boolean, isTextBasedQuery: boolean, timeRestore: boolean,
	kibanaSavedObjectMeta: object({ searchSourceJSON: string }) }), '8.0.0');
const searchSource = object({ query, filter: list({}), 'indexRefName?': string });

/*
 * src/platform/plugins/shared/dashboard/server/dashboard_saved_object/schema/v1/v1.ts,
 * which forbids what it does not know.
 */
const dashboard = saved('dashboard', object({ title: string, description: string,
	kibanaSavedObjectMeta: object({ searchSourceJSON: string }), timeRestore: boolean,
	timeFrom: string, timeTo: string,
	refreshInterval: object({ pause: boolean, value: number }),
	controlGroupInput: object({ panelsJSON: string, controlStyle: one('oneLine', 'twoLine'),
		chainingSystem: one('HIERARCHICAL', 'NONE'), ignoreParentSettingsJSON: string }),
	panelsJSON: string, optionsJSON: string, version: one(1) }), '8.9.0');
/* …/dashboard/common/types.ts: DashboardOptions. */
const options = object({ useMargins: boolean, syncColors: boolean, syncCursor: boolean,
	syncTooltips: boolean, hidePanelTitles: boolean });
/* src/platform/plugins/shared/controls/common: ParentIgnoreSettings; OptionsListEmbeddableInput. */
const ignores = object({ ignoreFilters: boolean, ignoreQuery: boolean,
	ignoreTimerange: boolean, ignoreValidations: boolean });
const controls = record(object({ type: one('optionsListControl'), order: integer,
	width: one('small', 'medium', 'large'), grow: boolean,
	explicitInput: object({ id: string, title: string, fieldName: string, dataViewId: string,
		searchTechnique: one('prefix', 'wildcard', 'exact'), enhancements: object({}),
		sort: object({ by: one('_count', '_key'), direction: one('asc', 'desc') }),
		selectedOptions: list(string) }) }));

/*
 * x-pack/platform/plugins/shared/lens/public/datasources/form_based/operations/definitions:
 * column_types.ts (FieldBasedIndexPatternColumn), types.ts (TermsIndexPatternColumn), and the
 * params of metrics.tsx, count.tsx, cardinality.tsx, percentile.tsx, date_histogram.tsx,
 * filters.tsx.
 */
const base = { label: string, customLabel: one(true), isBucketed: boolean };
const bucket = (type, dataType, scale, params, more) => object({ ...base, operationType: one(type),
	dataType, scale: one(scale), isBucketed: one(true), params: object(params), ...more });
const metric = (types, dataType, params) => object({ ...base, operationType: one(...types),
	dataType, scale: one('ratio'), isBucketed: one(false), sourceField: string,
	'filter?': query, 'timeShift?': { type: 'string', pattern: '^previous$' },
	params: object(params) });
const column = { oneOf: [
	bucket('terms', one('string', 'number', 'boolean'), 'ordinal', {
		size: { type: 'integer', minimum: 1, maximum: 1000 },
		orderBy: { oneOf: [object({ type: one('column'), columnId: string }),
			object({ type: one('alphabetical'), fallback: boolean })] },
		orderDirection: one('asc', 'desc'), otherBucket: boolean, missingBucket: boolean,
		parentFormat: object({ id: one('terms') }) }, { sourceField: string }),
	bucket('date_histogram', one('date'), 'interval', { interval: one('1d', '1w', '1M'),
		includeEmptyRows: boolean, dropPartials: boolean }, { sourceField: string }),
	bucket('filters', one('string'), 'ordinal', {
		filters: list(object({ input: query, label: string }), { minItems: 1 }) }, {}),
	metric(['count'], one('number'), { emptyAsNull: boolean }),
	metric(['unique_count', 'sum', 'median'], one('number'), { emptyAsNull: boolean }),
	metric(['min', 'max'], one('number', 'date'), { emptyAsNull: boolean }),
	metric(['percentile'], one('number'), { percentile: { type: 'number',
		exclusiveMinimum: 0, exclusiveMaximum: 100 } }),
] };
/* …/form_based/types.ts: FormBasedLayer, without indexPatternId, which is a reference. */
const layer = object({ columns: record(column), columnOrder: list(string, { minItems: 1 }),
	incompleteColumns: object({}), sampling: one(1), ignoreGlobalFilters: boolean });

/*
 * x-pack/platform/plugins/shared/lens/public/visualizations: metric/types.ts
 * (MetricVisualizationState), datatable/visualization.tsx (DatatableVisualizationState),
 * heatmap/types.ts (HeatmapVisualizationState), xy/types.ts (XYState, XYDataLayerConfig).
 */
const data = { layerId: string, layerType: one('data') };
const sides = (value) => object({ x: value, yLeft: value, yRight: value });
const visualizations = {
	lnsMetric: object({ ...data, metricAccessor: string, 'secondaryMetricAccessor?': string }),
	lnsDatatable: object({ ...data, columns: list(object({ columnId: string,
		isTransposed: boolean })), rowHeight: one('auto', 'single', 'custom'),
	headerRowHeight: one('auto', 'single', 'custom'),
	paging: object({ size: integer, enabled: boolean }) }),
	lnsHeatmap: object({ ...data, shape: one('heatmap'), legend: object({ isVisible: boolean,
		position: one('right'), type: one('heatmap_legend') }),
	gridConfig: object({ type: one('heatmap_grid'), isCellLabelVisible: boolean,
		isYAxisLabelVisible: boolean, isXAxisLabelVisible: boolean,
		isYAxisTitleVisible: boolean, isXAxisTitleVisible: boolean }),
	valueAccessor: string, xAccessor: string, yAccessor: string }),
	lnsXY: object({ legend: object({ isVisible: boolean, position: one('bottom', 'right') }),
		valueLabels: one('hide', 'show'),
		fittingFunction: one('None', 'Zero', 'Linear', 'Carry', 'Lookahead', 'Average', 'Nearest'),
		axisTitlesVisibilitySettings: sides(boolean), tickLabelsVisibilitySettings: sides(boolean),
		gridlinesVisibilitySettings: sides(boolean), labelsOrientation: sides(number),
		preferredSeriesType: string, layers: list(object({ ...data, seriesType: one('bar',
			'bar_stacked', 'bar_percentage_stacked', 'line', 'area_stacked'), xAccessor: string,
		'splitAccessor?': string, accessors: list(string, { minItems: 1 }),
		yConfig: list(object({ forAccessor: string, axisMode: one('left', 'right') })) }),
		{ minItems: 1 }) }),
};

/*
 * …/lens/server/content_management/v0/schema.ts and …/lens/public/persistence (LensDocument):
 * what embeddableConfig.attributes of a panel is.
 */
const lens = object({ title: string, description: string, type: one('lens'),
	visualizationType: one(...Object.keys(visualizations)), references,
	state: object({ visualization: {}, query, filters: list({}, { maxItems: 0 }),
		datasourceStates: object({ formBased: object({ layers: record(layer) }) }),
		internalReferences: list({}, { maxItems: 0 }), adHocDataViews: object({}) }) });

/* …/dashboard/server/content_management: SavedDashboardPanel; GridData. */
const grid = object({ x: integer, y: integer, w: { type: 'integer', minimum: 1 },
	h: { type: 'integer', minimum: 1 }, i: string });
const range = object({ from: string, to: string });
const panel = (type, config, more = {}) => object({ type: one(type), version: one('8.9.0'),
	panelIndex: string, title: string, gridData: grid, embeddableConfig: config, ...more });
const panels = list({ oneOf: [
	panel('lens', object({ enhancements: object({}), attributes: lens, 'timeRange?': range })),
	panel('search', object({ enhancements: object({}) }), { panelRefName: string }),
	/* src/platform/plugins/shared/visualizations: SerializedVis of a markdown. */
	panel('visualization', object({ enhancements: object({}), savedVis: object({ title: string,
		description: string, type: one('markdown'), uiState: object({}),
		params: object({ fontSize: number, openLinksInNewTab: boolean, markdown: string }),
		data: object({ aggs: list({}, { maxItems: 0 }), searchSource: searchSource }) }) })),
] });

module.exports = { view, formats, search, searchSource, dashboard, options, ignores, controls,
	panels, visualizations };

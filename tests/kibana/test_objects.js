/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_objects.js - what hubstash setup --dry-run prints: every reference leads
 * somewhere, ids are single, panels fit the grid of 48 columns and cover nothing, a
 * column that something draws or sorts by is there, links lead to dashboards, and no
 * script is in it. With ajv (npm) also the forms of Kibana's source (schemas.js).
 */
'use strict';

const fs = require('fs');
const path = require('path');
const { execFileSync } = require('child_process');
const schemas = require('./schemas.js');
const { ok, is, run } = require('../github/tap.js');

const PROGRAM = process.env.HUBSTASH ||
    path.join(__dirname, '../../build/san/hubstash');
const ajvAt = path.join(__dirname, '../node_modules/ajv');

function printed(...args) {
	return execFileSync(PROGRAM, ['setup', ...args], { encoding: 'utf8', maxBuffer: 16 << 20,
		env: { PATH: process.env.PATH, ELASTICSEARCH_URL: 'http://127.0.0.1:1' } })
	    .trim().split('\n').map((l) => JSON.parse(l));
}

const [{ index_template: template }, ...objects] = printed('--dry-run');
const dashboards = objects.filter((o) => o.type === 'dashboard');
const panelsOf = (d) => JSON.parse(d.attributes.panelsJSON);
const lensOf = (d) => panelsOf(d).filter((p) => p.type === 'lens');
const layersOf = (p) => Object.entries(
	p.embeddableConfig.attributes.state.datasourceStates.formBased.layers);

/* The fields of the mapping, those within fields too. */
function fields(properties, prefix = '', out = new Map()) {
	for (const [name, m] of Object.entries(properties || {})) {
		if (m.properties) fields(m.properties, `${prefix}${name}.`, out);
		else out.set(prefix + name, m.type);
		fields(m.fields, `${prefix}${name}.`, out);
	}
	return out;
}
const mapped = fields(template.body.template.mappings.properties);

async function references() {
	const ids = objects.map((o) => `${o.type}:${o.id}`);
	is(ids.length, new Set(ids).size, 'ids are single');
	is(objects.filter((o) => !o.id.startsWith('hubstash-activity.')), [], 'and begin with the index');
	for (const o of objects) {
		is(o.references.filter((r) => !ids.includes(`${r.type}:${r.id}`)), [],
		    `${o.id}: its references are in the file`);
		const names = o.references.map((r) => r.name);
		is(names.length, new Set(names).size, '  each by a name of its own');
	}
	/* Kibana takes objects in order; what is referred to comes first. */
	ok(objects.every((o, i) => o.references.every((r) =>
		ids.indexOf(`${r.type}:${r.id}`) < i)), 'what is referred to stands before');
}

async function panels() {
	for (const d of dashboards) {
		const all = panelsOf(d), wanted = [];
		is(all.map((p) => p.panelIndex).length, new Set(all.map((p) => p.panelIndex)).size,
		    `${d.id}: panels have names of their own`);
		is(all.filter((p) => p.gridData.i !== p.panelIndex || p.gridData.x + p.gridData.w > 48), [],
		    '  and fit 48 columns');
		const over = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h &&
		    b.y < a.y + a.h;
		is(all.filter((p, i) => all.slice(i + 1).some((q) => over(p.gridData, q.gridData)))
		    .map((p) => p.panelIndex), [], '  and cover nothing');
		for (const p of all) {
			if (p.type === 'search') wanted.push(`${p.panelIndex}:${p.panelRefName}`);
			if (p.type === 'lens')
				wanted.push(...layersOf(p).map(([id]) =>
				    `${p.panelIndex}:indexpattern-datasource-layer-${id}`));
		}
		for (const id of Object.keys(JSON.parse(d.attributes.controlGroupInput.panelsJSON)))
			wanted.push(`controlGroup_${id}:optionsListDataView`);
		is(d.references.map((r) => r.name).sort(), wanted.sort(),
		    '  and the references are those that its panels and controls look for');
	}
	const first = panelsOf(dashboards[0]);
	const people = first.find((p) => p.panelIndex === 'people').gridData;
	is(first.filter((p) => p.gridData.y < people.y + people.h &&
	    p.gridData.x + p.gridData.w > people.x && p !== first.find((q) => q.gridData === p.gridData)),
	[], 'the people stand at the upper right');
	is([people.y, people.x + people.w], [0, 48], '  in the corner');
}

/* All accessors of a visualization's state, whatever their name. */
function accessors(v) {
	if (Array.isArray(v)) return v.flatMap(accessors);
	if (!v || typeof v !== 'object') return [];
	return Object.entries(v).flatMap(([k, x]) => (/Accessor$|^columnId$|^forAccessor$/.test(k) ?
		[x] : k === 'accessors' ? x : accessors(x)));
}

async function columns() {
	for (const d of dashboards)
		for (const p of lensOf(d)) {
			const { state, references: refs } = p.embeddableConfig.attributes;
			const ids = layersOf(p).flatMap(([, l]) => Object.keys(l.columns));
			const good = ids.length === new Set(ids).size &&
			    layersOf(p).every(([, l]) => JSON.stringify(l.columnOrder) ===
				JSON.stringify(Object.keys(l.columns)));
			const used = accessors(state.visualization);
			ok(good && used.length > 0 && used.every((id) => ids.includes(id)) &&
			    ids.every((id) => used.includes(id)),
			`${d.id} ${p.panelIndex}: each column is drawn, each that is drawn is there`,
			JSON.stringify([ids, used]));
			for (const [id, l] of layersOf(p)) {
				const ref = refs.find((r) => r.name === `indexpattern-datasource-layer-${id}`);
				const view = objects.find((o) => o.id === ref.id);
				const all = Object.values(l.columns);
				const bad = all.filter((c) => (c.sourceField && c.sourceField !== '___records___' &&
				    !['keyword', 'long', 'double', 'date', 'boolean'].includes(mapped.get(c.sourceField))) ||
				    (c.operationType === 'date_histogram' &&
					c.sourceField !== view.attributes.timeFieldName) ||
				    (c.params.orderBy && c.params.orderBy.columnId &&
					!(l.columns[c.params.orderBy.columnId] || { isBucketed: true }).isBucketed === false));
				is(bad.map((c) => c.label), [], `  layer ${id}: its fields can be aggregated`);
			}
		}
}

async function text() {
	const said = JSON.stringify(objects);
	ok(!/scripted|"script|painless|vega/i.test(said), 'no script, no Vega');
	const fieldsIn = [...said.matchAll(/((?:github|hubstash|event|user)\.[a-z_.]+[a-z]) ?(?:>=|:)/g)]
	    .map((m) => m[1]).filter((f) => !mapped.has(f));
	is([...new Set(fieldsIn)], [], 'every field that a filter names is mapped');
	const links = [...said.matchAll(/#\/view\/([a-z.-]+)/g)].map((m) => m[1]);
	is(links.filter((id) => !dashboards.some((d) => d.id === id)), [], 'links lead to dashboards');
	ok(links.length >= 6, '  of which there are some');
	const times = objects.filter((o) => o.type === 'index-pattern')
	    .map((o) => o.attributes.timeFieldName);
	is(times, ['@timestamp', 'github.pull_request.merged_at', 'github.pull_request.closed_at',
		undefined], 'four data views, by three times and by none');
	is(printed('--dry-run'), [{ index_template: template }, ...objects], 'the same each time');
	const described = JSON.parse(fs.readFileSync(path.join(__dirname,
	    '../../pipelines/kibana/dashboards.json')));
	is(dashboards.map((d) => panelsOf(d).length), Object.values(described.dashboards)
	    .map((d) => Object.keys(d.panels).length), 'all that is described is there');
	is(Object.keys(described.panels).filter((p) => !Object.values(described.dashboards)
	    .some((d) => p in d.panels)), [], 'no panel is described in vain');
}

async function forms() {
	if (!fs.existsSync(ajvAt)) {
		ok(true, '# SKIP ajv is not installed (tests/npm.sh brings it)');
		return;
	}
	const ajv = new (require(ajvAt))({ allErrors: true, strict: false });
	const fits = (schema, value, what) => {
		const check = ajv.compile(schema);
		ok(check(value), what, JSON.stringify(check.errors, null, 1));
	};
	for (const o of objects) {
		fits({ 'index-pattern': schemas.view, search: schemas.search,
			dashboard: schemas.dashboard }[o.type], o, `${o.id} has Kibana's form`);
		const a = o.attributes;
		if (o.type === 'index-pattern')
			fits(schemas.formats, JSON.parse(a.fieldFormatMap), '  its formats');
		else
			fits(schemas.searchSource, JSON.parse(a.kibanaSavedObjectMeta.searchSourceJSON),
			    '  its search source');
	}
	for (const d of dashboards) {
		fits(schemas.options, JSON.parse(d.attributes.optionsJSON), `${d.id}: options`);
		fits(schemas.ignores,
		    JSON.parse(d.attributes.controlGroupInput.ignoreParentSettingsJSON), '  settings');
		fits(schemas.controls, JSON.parse(d.attributes.controlGroupInput.panelsJSON), '  controls');
		fits(schemas.panels, panelsOf(d), '  panels');
		for (const p of lensOf(d)) {
			const a = p.embeddableConfig.attributes;
			fits(schemas.visualizations[a.visualizationType], a.state.visualization,
			    `  ${p.panelIndex}: ${a.visualizationType}`);
		}
	}
}

run([references, panels, columns, text, forms]);

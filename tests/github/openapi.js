/* SPDX-License-Identifier: Apache-2.0 */
/*
 * openapi.js - GitHub's official OpenAPI descriptions as validators. OpenAPI 3.0
 * says "nullable" where JSON Schema has a type null, and leaves objects open: here
 * an object with known properties has no others, so that an invented field is
 * seen. For the simulator's own tests; npm brings the descriptions.
 */
'use strict';

const path = require('path');

const MODULES = path.join(__dirname, '../node_modules');
const load = (name) => require(path.join(MODULES, name));
const FILES = { github: 'api.github.com.json', enterprise: 'ghes-3.19.json' };

/* What all of several schemas say, as one: their properties together. */
function merged(list, all) {
	const out = { type: 'object', properties: {}, required: [] };
	for (const part of list) {
		const s = part.$ref ? all[part.$ref.split('/').pop()] : part;
		const x = s.allOf ? merged(s.allOf, all) : s;
		Object.assign(out.properties, x.properties);
		out.required.push(...(x.required || []));
	}
	if (!out.required.length) delete out.required;
	return out;
}

/* A schema of OpenAPI 3.0 as JSON Schema. all: the schemas there are, by name. */
function convert(s, all) {
	if (Array.isArray(s)) return s.map((x) => convert(x, all));
	if (s === null || typeof s !== 'object') return s;
	if (s.allOf) {
		const { allOf, nullable, ...rest } = s;
		return convert({ ...rest, nullable, ...merged(allOf, all) }, all);
	}
	const out = {};
	const part = s.anyOf || s.oneOf;
	for (const [k, v] of Object.entries(s)) {
		if (['nullable', 'example', 'examples', 'discriminator', 'xml', 'externalDocs',
			'deprecated'].includes(k) || k.startsWith('x-')) continue;
		if (k === 'properties')
			out[k] = Object.fromEntries(Object.entries(v).map(([n, x]) =>
			    [n, convert(x, all)]));
		else if (k === 'enum' || k === 'required' || k === 'default') out[k] = v;
		else out[k] = convert(v, all);
	}
	if (s.properties && !part && s.additionalProperties === undefined)
		out.additionalProperties = false;
	return s.nullable ? { anyOf: [out, { type: 'null' }] } : out;
}

class OpenApi {
	constructor(which) {
		const Ajv = load('ajv');
		const api = load(`@octokit/openapi/generated/${FILES[which]}`);
		this.ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false,
			logger: false });
		load('ajv-formats')(this.ajv);
		this.api = api;
		this.ajv.addFormat('repo.nwo', true);
		const all = api.components.schemas;
		this.ajv.addSchema({ components: { schemas: Object.fromEntries(
		    Object.entries(all).map(([n, s]) => [n, convert(s, all)])) } }, 'gh');
		this.made = new Map();
	}

	/* References are into the whole description. */
	compile(key, schema) {
		if (!this.made.has(key)) {
			const text = JSON.stringify(convert(schema,
			    this.api.components.schemas)).replace(/"#\//g, '"gh#/');
			this.made.set(key, this.ajv.compile(JSON.parse(text)));
		}
		return this.made.get(key);
	}

	/* What is wrong with a value: sentences. */
	check(key, schema, value) {
		const validate = this.compile(key, schema);
		if (validate(value)) return [];
		return [...new Set(validate.errors.map((e) => `${e.instancePath || '/'} ${
		    e.message} ${JSON.stringify(e.params)}`.replace(/\/\d+\//g, '/N/')))];
	}

	/* The schema of an answer to GET path, as the description writes the path. */
	response(path_, status = 200) {
		let r = this.api.paths[path_].get.responses[status];
		if (r && r.$ref)
			r = this.api.components.responses[r.$ref.split('/').pop()];
		return r && r.content && r.content['application/json'].schema;
	}

	answer(path_, value, status = 200) {
		const schema = this.response(path_, status);
		if (!schema) return [`no answer ${status} of ${path_} is described`];
		return this.check(`${path_} ${status}`, schema, value);
	}

	/* Events: the envelope, then the payload by its own kind. */
	event(e) {
		const envelope = { ...this.api.components.schemas.event };
		envelope.properties = { ...envelope.properties, payload: { type: 'object' } };
		const kind = e.type.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
		const payload = this.api.components.schemas[kind];
		return [...this.check('event', envelope, e), ...(payload ?
		    this.check(kind, payload, e.payload) : [`no type ${e.type}`])]
		    .map((m) => `${e.type}: ${m}`);
	}
}

module.exports = { OpenApi };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stand_in.js - what setup talks to, on loopback: Kibana's public API for saved
 * objects as its source has it (no Kibana can be had for tests), and of a cluster the
 * little that setup asks. Both note what a client must not do (->wrong).
 *
 * Of Kibana, by the paths of github.com/elastic/kibana in 2025:
 *   src/core/packages/saved-objects/server-internal/src/routes/{import,export,delete}.ts
 *   src/core/packages/saved-objects/import-export-server-internal/src/{import,export}/
 *   x-pack/platform/plugins/shared/spaces/server/routes/api/external/get.ts
 *   src/core/packages/status/server-internal/src/routes/status.ts
 */
'use strict';

const http = require('http');
const https = require('https');

const TYPES = { 'index-pattern': '8.0.0', search: '8.0.0', dashboard: '8.9.0' };
/* Types whose ids are one over all spaces. */
const key = (o) => `${o.type}:${o.id}`;
const newer = (a, b) => a.split('.').map(Number).reduce((r, n, i) =>
	r || n - Number(b.split('.')[i]), 0) > 0;

class Server {
	constructor(tls) {
		this.seen = [];
		this.wrong = [];
		const on = (req, res) => {
			const parts = [];
			req.on('data', (d) => parts.push(d)).on('end', () => {
				const r = { method: req.method, url: req.url, headers: req.headers,
					body: Buffer.concat(parts).toString(), res };
				this.seen.push(r);
				this.answer(r);
			});
		};
		this.server = tls ? https.createServer(tls, on) : http.createServer(on);
		this.scheme = tls ? 'https' : 'http';
	}

	async start() {
		await new Promise((good) => this.server.listen(0, '127.0.0.1', good));
		this.url = `${this.scheme}://127.0.0.1:${this.server.address().port}`;
		return this;
	}

	stop() {
		if (this.server.closeAllConnections) this.server.closeAllConnections();
		this.server.close();
	}

	reply(r, status, value, headers = {}) {
		r.res.writeHead(status, { 'content-type': 'application/json', ...headers });
		r.res.end(typeof value === 'string' ? value : JSON.stringify(value));
	}
}

/*
 * options: version; basePath; spaces (names beside default); user "name:password" or
 * apiKey (base64), else everybody is let in; may (false: 403); refuse { "type:id":
 * error of the item }; tabs (searches move into tabs, as in 9.2); tls; script(r) may
 * answer itself.
 */
class Kibana extends Server {
	constructor(options = {}) {
		super(options.tls);
		this.o = { version: '8.19.0', basePath: '', spaces: [], refuse: {}, may: true,
			...options };
		this.spaces = new Map(['default', ...this.o.spaces].map((s) => [s, new Map()]));
	}

	say(r, status, value) {
		this.reply(r, status, value, { 'kbn-name': 'stand-in' });
	}

	error(r, status, error, message, attributes) {
		this.say(r, status, { statusCode: status, error, message, ...(attributes &&
			{ attributes }) });
	}

	known(r) {
		const { user, apiKey } = this.o;
		const want = user ? `Basic ${Buffer.from(user).toString('base64')}` :
			apiKey && `ApiKey ${apiKey}`;
		return !want || r.headers.authorization === want;
	}

	answer(r) {
		if (this.o.script && this.o.script(r)) return;
		if (!r.url.startsWith(this.o.basePath)) {
			r.res.writeHead(302, { location: this.o.basePath, 'kbn-name': 'stand-in' });
			r.res.end();
			return;
		}
		const url = new URL(r.url.slice(this.o.basePath.length), 'http://x');
		const m = /^\/s\/([^/]+)(\/.*)/.exec(url.pathname);
		r.space = m ? decodeURIComponent(m[1]) : 'default';
		r.path = m ? m[2] : url.pathname;
		r.query = Object.fromEntries(url.searchParams);
		if (r.space === 'default' && m) this.wrong.push('/s/default');
		if (r.path === '/api/status') {
			this.status(r);
		} else if (!this.known(r)) {
			this.error(r, 401, 'Unauthorized', 'unable to authenticate user');
		} else if (r.method !== 'GET' && !r.headers['kbn-xsrf']) {
			this.wrong.push('no kbn-xsrf');
			this.error(r, 400, 'Bad Request', 'Request must contain a kbn-xsrf header.');
		} else if (!this.o.may && r.path.includes('saved_objects')) {
			this.error(r, 403, 'Forbidden', 'Unable to bulk_create dashboard,index-pattern');
		} else {
			this.route(r);
		}
	}

	/* Whom it does not know it tells only that it is there. */
	status(r) {
		const overall = { level: 'available', summary: 'All services are available' };
		this.say(r, 200, this.known(r) && this.o.version ? { name: 'stand-in',
			version: { number: this.o.version }, status: { overall, core: {} } } :
			{ status: { overall: { level: 'available' } } });
	}

	route(r) {
		const space = /^\/api\/spaces\/space\/([^/]+)$/.exec(r.path);
		const object = /^\/api\/saved_objects\/([^/_][^/]*)\/([^/]+)$/.exec(r.path);
		if (r.method === 'GET' && space) {
			if (this.spaces.has(space[1])) this.say(r, 200, { id: space[1], name: space[1] });
			else this.error(r, 404, 'Not Found', `Saved object [space/${space[1]}] not found`);
		} else if (!this.spaces.has(r.space)) {
			this.wrong.push(`asks in space ${r.space}, which is not there`);
			this.say(r, 200, { success: true, successCount: 0 });
		} else if (r.method === 'POST' && r.path === '/api/saved_objects/_export') {
			this.export(r);
		} else if (r.method === 'POST' && r.path === '/api/saved_objects/_import') {
			this.import(r);
		} else if (r.method === 'DELETE' && object) {
			this.delete(r, object.slice(1).map(decodeURIComponent));
		} else {
			this.wrong.push(`${r.method} ${r.url}`);
			this.error(r, 404, 'Not Found', 'Not Found');
		}
	}

	export(r) {
		const held = this.spaces.get(r.space);
		const { objects, ...more } = JSON.parse(r.body);
		if (!/^application\/json/.test(r.headers['content-type'] || '') ||
		    !objects.length || more.excludeExportDetails !== true)
			this.wrong.push(`export ${r.body}`);
		const lacks = objects.filter((o) => !held.has(key(o)));
		if (lacks.length > 0) {
			this.error(r, 400, 'Bad Request', 'Error fetching objects to export', {
				objects: lacks.map((o) => ({ ...o, error: { statusCode: 404,
					error: 'Not Found', message: `Saved object [${o.type}/${o.id}] not found` } })) });
			return;
		}
		const sorted = (v) => (Array.isArray(v) ? v.map(sorted) : v && typeof v === 'object' ?
			Object.fromEntries(Object.keys(v).sort().map((k) => [k, sorted(v[k])])) : v);
		r.res.writeHead(200, { 'content-type': 'application/ndjson', 'kbn-name': 'stand-in',
			'content-disposition': 'attachment; filename="export.ndjson"' });
		r.res.end(objects.map((o) => JSON.stringify(sorted(held.get(key(o))))).join('\n'));
	}

	/* The one part of the form, which must be called file and end in .ndjson. */
	file(r) {
		const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(
		    r.headers['content-type'] || '');
		if (!boundary) return [this.wrong.push('no multipart form'), null][1];
		const [before, part, after, ...more] = r.body.split(`--${boundary[1]}`);
		const at = part ? part.indexOf('\r\n\r\n') : -1;
		const head = at > 0 ? part.slice(0, at) : '';
		if (before !== '' || after !== '--\r\n' || more.length || !part.endsWith('\r\n'))
			this.wrong.push('a form that is not well formed');
		if (!/content-disposition: form-data; name="file"; filename="[^"]+\.ndjson"/i.test(head))
			this.wrong.push(`a part that is ${head}`);
		return part.slice(at + 4, -2);
	}

	/* As Kibana brings an object to its own version. */
	migrated(o) {
		const out = { ...o, managed: false, updated_at: '2026-01-01T00:00:00.000Z',
			created_at: '2026-01-01T00:00:00.000Z', version: 'WzEsMV0=',
			typeMigrationVersion: { dashboard: '10.3.0', search: '10.6.0' }[o.type] ||
				o.typeMigrationVersion };
		if (o.type === 'search' && this.o.tabs) {
			const { title, description, ...attributes } = o.attributes;
			out.attributes = { title, description, tabs: [{ id: 't', label: 'Untitled',
				attributes }] };
		}
		return out;
	}

	import(r) {
		const text = this.file(r), held = this.spaces.get(r.space);
		if (text === null) return this.error(r, 400, 'Bad Request', 'no file');
		const objects = text.split('\n').filter((l) => l !== '').map((l) => JSON.parse(l));
		const errors = [], results = [], ids = new Set(objects.map(key));
		if (ids.size !== objects.length)
			return this.error(r, 400, 'Bad Request', 'Non-unique import objects detected');
		for (const o of objects) {
			const fail = (error) => errors.push({ type: o.type, id: o.id,
				title: o.attributes.title, meta: { title: o.attributes.title }, error });
			const missing = (o.references || []).filter((ref) => !ids.has(key(ref)) &&
			    !held.has(key(ref)));
			if (!TYPES[o.type]) fail({ type: 'unsupported_type' });
			else if (this.o.refuse[key(o)]) fail(this.o.refuse[key(o)]);
			else if (missing.length) fail({ type: 'missing_references', references: missing });
			else if (held.has(key(o)) && r.query.overwrite !== 'true') fail({ type: 'conflict' });
			else if (newer(o.typeMigrationVersion, TYPES[o.type])) {
				fail({ type: 'unknown', statusCode: 400, message: `Document "${o.id}" belongs ` +
				    'to a more recent version of Kibana' });
			}
		}
		for (const o of objects.filter((x) => !errors.some((e) => key(e) === key(x)))) {
			const elsewhere = [...this.spaces].some(([s, all]) => s !== r.space &&
			    all.has(key(o)));
			const destinationId = elsewhere ? `copy-of-${o.id}` : undefined;
			const overwrite = held.has(key(o));
			held.set(`${o.type}:${destinationId || o.id}`,
			    this.migrated({ ...o, id: destinationId || o.id }));
			results.push({ type: o.type, id: o.id, meta: { title: o.attributes.title },
				managed: false, ...(overwrite && { overwrite }),
				...(destinationId && { destinationId, createNewCopy: true }) });
		}
		this.say(r, 200, { successCount: results.length, success: errors.length === 0,
			warnings: [], ...(results.length && { successResults: results }),
			...(errors.length && { errors }) });
		return undefined;
	}

	delete(r, [type, id]) {
		if (this.spaces.get(r.space).delete(`${type}:${id}`)) this.say(r, 200, {});
		else this.error(r, 404, 'Not Found', `Saved object [${type}/${id}] not found`);
	}

	/* How many requests for a path there were. */
	asked(what) {
		return this.seen.filter((r) => r.url.includes(what)).length;
	}
}

/* One index, one template; nothing else may be asked. */
class Cluster extends Server {
	constructor() {
		super();
		this.templates = new Map();
	}

	answer(r) {
		const say = (status, value) => this.reply(r, status, value,
		    { 'X-elastic-product': 'Elasticsearch' });
		const name = /^\/_index_template\/([^/?]+)$/.exec(r.url);
		const got = name && this.templates.get(name[1]);
		if (r.method === 'GET' && r.url === '/') {
			say(200, { version: { number: '8.19.0' }, tagline: 'You Know, for Search' });
		} else if (name && r.method === 'PUT') {
			this.templates.set(name[1], { ...JSON.parse(r.body), composed_of: [] });
			say(200, { acknowledged: true });
		} else if (name && got && r.method === 'GET') {
			say(200, { index_templates: [{ name: name[1], index_template: got }] });
		} else if (name && got && r.method === 'DELETE') {
			this.templates.delete(name[1]);
			say(200, { acknowledged: true });
		} else if (name) {
			say(404, { error: { type: 'resource_not_found_exception' }, status: 404 });
		} else if (r.method === 'GET' && /^\/[a-z-]+$/.test(r.url) && this.templates.size) {
			const [t] = this.templates.values();
			say(200, { [r.url.slice(1)]: { mappings: t.template.mappings,
				settings: { index: { uuid: 'U1' } } } });
		} else {
			if (r.method !== 'GET') this.wrong.push(`${r.method} ${r.url}`);
			say(400, { error: { type: 'illegal_argument_exception', reason: `no handler found ` +
			    `for uri [${r.url}]` }, status: 400 });
		}
	}
}

module.exports = { Kibana, Cluster };

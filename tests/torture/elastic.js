/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elastic.js - an Elasticsearch that fails when told to: one index, documents by id
 * and version, the questions the program asks. What only a real one can show is in
 * tests/elastic/; here each exchange can fail in each way, before or after its work.
 */
'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');

const TEMPLATE = JSON.parse(fs.readFileSync(
    path.join(__dirname, '../../pipelines/index-template.json')));

const status = (code, type) => ({ reply: [code, { error: { type, reason: 'torture' },
	status: code }] });

/* What happens to an exchange; after: its work is done first. */
const HOW = {
	refused: { socket: 'refuse' },
	'refused-after': { socket: 'refuse', after: true },
	reset: { socket: 'reset', after: true },
	timeout: { socket: 'hang' },
	'timeout-after': { socket: 'hang', after: true },
	401: status(401, 'security_exception'),
	403: status(403, 'security_exception'),
	413: { reply: [413, 'too large'] },
	429: status(429, 'es_rejected_execution_exception'),
	500: status(500, 'internal'),
	502: { reply: [502, '<html>Bad Gateway</html>'] },
	503: status(503, 'cluster_block_exception'),
	garbage: { reply: [200, '<!DOCTYPE html>\u0001 Unicorn!'], after: true },
	half: { cut: true, after: true },
	empty: { reply: [200, ''], after: true },
	few: { few: true, after: true },		/* items are missing */
	items: { item: 429 },				/* each second one is not taken now */
	letters: { item: 400 },				/* nor ever */
};

const ITEM = { 429: 'es_rejected_execution_exception', 400: 'document_parsing_exception' };

class Elastic {
	constructor() {
		this.docs = new Map();		/* id -> { version, source } */
		this.made = false;
		this.n = 0;
		this.faults = [];
		this.errors = [];
		this.server = http.createServer((req, res) => {
			const parts = [];
			req.on('data', (d) => parts.push(d)).on('end', () =>
				this.exchange(req, res, Buffer.concat(parts).toString()));
			req.on('error', () => {});
		});
		this.server.keepAliveTimeout = 0;
	}

	async start() {
		await new Promise((good) => this.server.listen(0, '127.0.0.1', good));
		this.url = `http://127.0.0.1:${this.server.address().port}`;
		return this;
	}

	stop() {
		this.server.closeAllConnections();
		return new Promise((done) => this.server.close(done));
	}

	/* The nth exchange fails, and times - 1 further ones. */
	fail(n, how, times = 1) {
		if (!HOW[how]) throw new Error(`no such failure: ${how}`);
		this.faults.push({ n, times, ...HOW[how] });
	}

	exchange(req, res, text) {
		const n = ++this.n;
		const fault = this.faults.find((f) => n >= f.n && n < f.n + f.times) || {};
		if (this.onRequest && this.onRequest(n, req) === false) fault.socket = 'hang';
		try {
			const early = !fault.after && (fault.socket || fault.reply);
			let [code, value] = early ? fault.reply || [] :
			    this.answer(req.method, req.url, text, fault);
			if (!early && fault.reply) [code, value] = fault.reply;
			if (this.onAnswer) this.onAnswer(n, req);
			this.send(res, code, value, fault);
		} catch (e) {
			this.errors.push(e);
			res.writeHead(500).end();
		}
	}

	send(res, code, value, { socket, cut }) {
		if (socket === 'hang') return;
		if (socket === 'refuse') {
			res.socket.destroy();
			return;
		}
		const text = typeof value === 'string' ? value : JSON.stringify(value);
		res.setHeader('X-Elastic-Product', 'Elasticsearch');
		res.setHeader('content-type', 'application/json');
		res.statusCode = code;
		if (socket === 'reset') {
			res.setHeader('content-length', Buffer.byteLength(text));
			res.write(text.slice(0, text.length >> 1), () => res.socket.destroy());
		} else {
			res.end(cut ? text.slice(0, text.length >> 1) : text);
		}
	}

	answer(method, url, text, fault) {
		const at = url.split('?')[0];
		if (at === '/') return [200, { version: { number: '8.19.0' } }];
		if (/^\/_nodes\//.test(at)) return [200, { nodes: { n1: { version: '8.19.0' } } }];
		if (/^\/_index_template\//.test(at))
			return method === 'GET' ? [404, {}] : [200, { acknowledged: true }];
		const [, index, what] = /^\/([^/]+)(?:\/(.*))?$/.exec(at);
		if (what === undefined && method === 'PUT') {
			this.made = true;
			return [200, { acknowledged: true }];
		}
		if (!this.made) return [404, { error: { type: 'index_not_found_exception',
			reason: `no such index [${index}]` }, status: 404 }];
		if (what === undefined || /^_settings/.test(what))
			return [200, { [index]: { mappings: TEMPLATE.template.mappings,
				settings: { index: { uuid: 'torture' } } } }];
		if (what === '_bulk') return this.bulk(text, fault);
		if (what === '_refresh') return [200, {}];
		if (what === '_search') return this.search(JSON.parse(text));
		throw new Error(`${method} ${url} is unknown here`);
	}

	bulk(text, { item, few }) {
		const lines = text.trim().split('\n').map((l) => JSON.parse(l)), items = [];
		for (let i = 0; i < lines.length; i += 2)
			items.push({ index: this.index(lines[i].index, lines[i + 1],
			    item && i % 4 === 0 ? item : 0) });
		if (few) items.pop();
		return [200, { errors: items.some((x) => x.index.status > 201), items }];
	}

	/* version_type is external_gte. */
	index({ _id, version, version_type: type }, source, refused) {
		if (type !== 'external_gte') throw new Error(`${_id}: version_type is ${type}`);
		const before = this.docs.get(_id);
		if (before && before.version > version)
			return { status: 409, error: { type: 'version_conflict_engine_exception',
				reason: `[${_id}]: version conflict` } };
		if (refused)
			return { status: refused, error: { type: ITEM[refused], reason: 'torture' } };
		this.docs.set(_id, { version, source });
		return { status: before ? 200 : 201 };
	}

	/* Commits of the default branch that were written before. */
	search({ size, query }) {
		const [repo, , , { bool: { should } }] = query.bool.filter;
		const within = (v, { lt, gte = -Infinity }) => v < lt && v >= gte;
		const hits = [...this.docs].filter(([, { source: s }]) =>
			s.event.action === 'commit' && s.github.commit.default_branch &&
			s.github.repo_id === repo.term['github.repo_id'] &&
			should.some((x) => within(s.hubstash.version, x.range['hubstash.version'])));
		return [200, { timed_out: false, _shards: { failed: 0 }, hits: {
			hits: hits.slice(0, size).map(([_id, d]) => ({ _id, _version: d.version,
				_source: d.source })) } }];
	}
}

module.exports = { Elastic, HOW };

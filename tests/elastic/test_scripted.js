/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_scripted.js - what a real cluster cannot be made to answer: other products,
 * replies that are cut off, late, short or no JSON, and what is sent in headers.
 * Needs no Java.
 */
'use strict';

const http = require('http');
const zlib = require('zlib');
const fs = require('fs');
const path = require('path');
const { Drive, commits, ok, is, done } = require('./drive.js');

const TEMPLATE = JSON.parse(fs.readFileSync(
    path.join(__dirname, '../../pipelines/index-template.json')));

/*
 * A server with one index. script(request) may answer itself (return true): request
 * is { method, path, headers, lines, bulks (of all so far), json(status, value), res }.
 */
class Scripted {
	constructor(script = () => false) {
		this.script = script;
		this.docs = new Map();
		this.uuid = 'U1';
		this.bulks = 0;
		this.seen = [];
		this.server = http.createServer((req, res) => {
			const parts = [];
			req.on('data', (d) => parts.push(d)).on('end', () =>
				this.answer(req, res, Buffer.concat(parts)));
		});
	}

	async start() {
		await new Promise((good) => this.server.listen(0, '127.0.0.1', good));
		this.url = `http://127.0.0.1:${this.server.address().port}`;
		return this;
	}

	stop() {
		this.server.closeAllConnections && this.server.closeAllConnections();
		this.server.close();
	}

	answer(req, res, bytes) {
		const text = (req.headers['content-encoding'] === 'gzip' ?
			zlib.gunzipSync(bytes) : bytes).toString();
		const bulk = req.url.includes('/_bulk');
		const r = { method: req.method, path: req.url, headers: req.headers, res, text, bulk,
			size: bytes.length,
			lines: bulk ? text.trim().split('\n').map((l) => JSON.parse(l)) : [],
			json: (status, value) => {
				res.writeHead(status, { 'content-type': 'application/json',
					'X-Elastic-Product': 'Elasticsearch' });
				res.end(JSON.stringify(value));
				return true;
			} };
		if (bulk) this.bulks++;
		this.seen.push(r);
		if (this.script(r, this)) return;
		if (bulk) r.json(200, { errors: false, items: this.take(r.lines) });
		else if (req.url === '/') r.json(200, { version: { number: '8.19.0' } });
		else if (/_settings/.test(req.url) || req.method === 'GET')
			r.json(200, { x: { mappings: TEMPLATE.template.mappings,
				settings: { index: { uuid: this.uuid } } } });
		else r.json(200, { acknowledged: true });
	}

	/* Stores; the items of a reply. */
	take(lines) {
		const items = [];
		for (let i = 0; i < lines.length; i += 2) {
			this.docs.set(lines[i].index._id, lines[i + 1]);
			items.push({ index: { status: 201 } });
		}
		return items;
	}
}

/*
 * n documents through a scripted server, on a clock that jumps over waiting; what
 * it and the drive were like after.
 */
async function play(script, options = {}, n = 10) {
	const s = await new Scripted(script).start();
	const d = new Drive({ hosts: [s.url], index: 'x', ...options },
	    { env: { HUBSTASH_CLOCK: 'virtual:2026-01-01T00:00:00Z' } });
	await d.store(commits(n));
	const { dead } = await d.ask({ dead: true });
	const status = await d.end();
	s.stop();
	return { s, d, dead, status };
}

async function products() {
	let { s, d } = await play((r) => r.path === '/' && r.json(200, { version: {
		number: '3.8.0', distribution: 'opensearch' } }));
	ok(d.times('of OpenSearch 3\\.8\\.0 at') === 1 && s.docs.size === 10, 'OpenSearch');
	({ s, d } = await play((r) => (r.path === '/' ? r.json(403, { error: 'no' }) :
		/_nodes/.test(r.path) && r.json(403, { error: 'no' }))));
	is(s.docs.size, 10, 'a cluster that hides its version, but not its name');
	const refused = async (name, script, pattern) => {
		const one = await new Scripted(script).start();
		const e = new Drive({ hosts: [one.url], index: 'x' });
		e.send({ emit: commits(1), as: 'never' });
		ok(true, `${name}: ${await e.trouble(pattern)}`);
		await e.end(true);
		is(one.bulks, 0, '  nothing was sent');
		one.stop();
	};
	await refused('an old one', (r) => r.path === '/' && r.json(200, { version: {
		number: '6.8.23' } }), /Elasticsearch 6\.8\.23 at .* is too old: 7\.17/);
	await refused('one not old enough', (r) => r.path === '/' && r.json(200, { version: {
		number: '7.16.3' } }), /7\.16\.3 at .* is too old/);
	await refused('a web page', (r) => r.res.end('<html>hello</html>') && true,
	    /answers 200, and not as Elasticsearch does/);
	await refused('some other API', (r) => r.path !== '/' ? r.res.writeHead(404).end() && true :
		r.json(200, { hello: 1 }), /neither Elasticsearch nor OpenSearch/);
	await refused('a redirect', (r) => r.res.writeHead(301, { location: 'http://127.0.0.1:1/' })
	    .end() && true, /answers 301, and not as Elasticsearch does/);
}

async function headers() {
	const last = (s) => s.seen.filter((r) => r.bulk).pop();
	let { s } = await play(undefined, { api_key: 'id:key', custom_headers: { 'X-Tenant': 'a' } });
	is(last(s).headers.authorization, 'ApiKey aWQ6a2V5', 'an API key as id:key');
	is(last(s).headers['x-tenant'], 'a', 'a header more');
	is(last(s).headers['content-encoding'], undefined, 'nothing is packed for this machine');
	is(last(s).headers['content-type'], 'application/x-ndjson', 'NDJSON');
	ok(/^\/x\/_bulk\?filter_path=errors,items\.\*\.status,/.test(last(s).path) &&
	    !/pipeline/.test(last(s).path), 'a small reply is asked for');
	is(last(s).lines[0], { index: { _id: 'commit:7:0', version: 2 ** 48 + 1000,
		version_type: 'external_gte' } }, 'the action of a document');
	({ s } = await play(undefined, { api_key: 'YWJj', pipeline: 'a/b', compression_level: 1 }, 300));
	is(last(s).headers.authorization, 'ApiKey YWJj', 'an API key in base64');
	is(last(s).headers['content-encoding'], 'gzip', 'packed when asked');
	ok(last(s).size * 3 < last(s).text.length && s.docs.size === 300, '  and smaller');
	ok(/&pipeline=a%2Fb$/.test(last(s).path), 'an ingest pipeline');
}

/* A bulk reply that cannot be believed: the batch goes again, whole. */
async function replies() {
	const first = (fault) => (r, s) => r.bulk && s.bulks === 1 && fault(r, s);
	const again = async (name, fault, options, quiet) => {
		const { s, d, dead, status } = await play(first(fault), options);
		const sent = s.seen.filter((r) => r.bulk);
		is([s.docs.size, sent[sent.length - 1].lines.length, dead.length, status], [10, 20, 0, 0],
		    `${name}: all of it goes again`);
		ok(quiet || d.times(' warn ') > 0, '  and it was said');
	};
	await again('cut off', (r) => {
		r.res.writeHead(200, { 'content-length': 1000 });
		r.res.write('{"errors":false,"items":[');
		return setTimeout(() => r.res.destroy(), 5);
	});
	/* On a connection that was used before, curl tries once more by itself. */
	await again('hung up', (r) => r.res.destroy(), {}, true);
	await again('late', () => true, { timeout: 1 });
	await again('no JSON', (r) => r.res.end('OK') && true);
	await again('empty', (r) => r.res.end() && true);
	await again('half JSON', (r) => r.res.end('{"errors":false,"items":[{"ind') && true);
	await again('too few items', (r) => r.json(200, { errors: false, items:
		Array(9).fill({ index: { status: 201 } }) }));
	await again('too many items', (r) => r.json(200, { errors: false, items:
		Array(11).fill({ index: { status: 201 } }) }));
	await again('no items', (r) => r.json(200, { errors: false }));
	await again('nested 10,000 deep', (r) => r.res.end(`{"items":${'['.repeat(10000)}`) && true);
	for (const status of [301, 401, 403, 404, 405, 429, 500, 502, 503, 504])
		await again(String(status), (r) => r.json(status, { error: { type: 'odd', reason: 'x' } }));
	await again('all 429', (r, s) => r.json(200, { errors: true, items: r.lines
	    .filter((_, i) => i % 2 === 0).map(() => ({ index: { status: 429, error: {
		    type: 'es_rejected_execution_exception', reason: `${s.bulks}` } } })) }));
	await again('the index is another one after it', (r, s) => {
		s.uuid = 'U2';
		return r.json(200, { errors: false, items: Array(10).fill({ index: { status: 201 } }) });
	});
}

async function items() {
	let { s, dead } = await play((r, one) => {
		if (!r.bulk || one.bulks > 1) return false;
		const all = one.take(r.lines);
		all[3] = { index: { status: 429, error: { type: 'busy', reason: 'x' } } };
		all[5] = { index: { status: 201, failure_store: 'used' } };
		one.docs.delete('commit:7:3');
		return r.json(200, { errors: true, items: all });
	});
	const sent = s.seen.filter((r) => r.bulk);
	is([sent.length, sent[1].lines.length, sent[1].lines[0].index._id], [2, 2, 'commit:7:3'],
	    'one item again, that item only');
	is(dead.map((x) => x.id), ['commit:7:5'], 'one in the failure store is a dead letter');
	({ s, dead } = await play((r) => r.bulk && r.lines.some((l) => l.index &&
	    l.index._id === 'commit:7:6') && r.json(400, { error: {
		type: 'action_request_validation_exception', reason: 'Validation Failed' } })));
	is(dead.map((x) => x.id), ['commit:7:6'], 'one that spoils the whole request is found');
	is(s.docs.size, 9, '  and the others arrive');
}

/* Of many documents, each with a long reason, the reply can be more than is read. */
async function long() {
	const { s, status } = await play((r) => r.bulk && r.lines.length > 10 &&
	    r.res.end(`{"items":"${'x'.repeat(33 << 20)}"}`) && true);
	is([s.docs.size, status], [10, 0], 'a reply that is too large: less at a time');
}

/* Where little happens, one document may be all that shows what is wrong. */
async function alone() {
	const { s, d, dead, status } = await play((r, one) => r.bulk && one.bulks < 4 &&
	    r.json(200, { errors: true, items: [{ index: { status: 400, error: {
		    type: 'illegal_argument_exception',
		    reason: 'pipeline with id [x] does not exist' } } }] }), {}, 1);
	is([s.docs.size, dead.length, status], [1, 0, 0], 'one document goes again alone');
	is([d.times('#0: nothing is taken: 400 illegal_argument_exception: pipeline'),
		d.times('well again')], [1, 1], '  and the trouble is told, until it is over');
}

async function servers() {
	const good = await new Scripted().start();
	const bad = await new Scripted((r) => r.json(503, { error: 'asleep' })).start();
	bad.docs = good.docs;
	const d = new Drive({ hosts: [bad.url, good.url], index: 'x' });
	for (let i = 0; i < 5; i++) await d.store(commits(10, { from: i * 10 }));
	is(good.docs.size, 50, 'what one server cannot do the other does');
	ok(bad.seen.length < 5, '  and the one that is down rests', bad.seen.length);
	is(d.troubles, [''], '  which is no trouble');
	await d.end();
	const two = await new Scripted().start();
	const e = new Drive({ hosts: [two.url, good.url], index: 'x' });
	for (let i = 0; i < 6; i++) await e.store(commits(10, { from: i * 10 }));
	ok(two.bulks >= 2 && good.bulks >= 7, 'two that are up share the work');
	await e.end();
	[good, bad, two].forEach((s) => s.stop());
}

/* The server that is asked about people has no such index (any more). */
async function gone() {
	const s = await new Scripted((r) => /_search|_count/.test(r.path) && r.json(404, { error: {
		type: 'index_not_found_exception', reason: 'no such index [x]' } })).start();
	const d = new Drive({ hosts: [s.url], index: 'x' });
	await d.store(commits(1));
	const r = await d.ask({ people: 1 });
	ok(/404/.test(r.failed || ''), 'an index that is gone cannot be asked', JSON.stringify(r));
	await d.end();
	s.stop();
}

async function main() {
	await gone();
	await products();
	await headers();
	await replies();
	await items();
	await alone();
	await long();
	await servers();
	return done();
}

main().then((status) => process.exit(status), (e) => {
	process.stdout.write(`not ok - ${e.stack.split('\n').join('\n# ')}\n`);
	process.exit(1);
});

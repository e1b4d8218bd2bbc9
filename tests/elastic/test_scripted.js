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
	/* All at a time: each waits its while before it begins, and so before it ends. */
	const open = [];
	const refused = (name, script, pattern) => open.push((async () => {
		const one = await new Scripted(script).start();
		const e = new Drive({ hosts: [one.url], index: 'x' });
		e.send({ emit: commits(1), as: 'never' });
		const trouble = await e.trouble(pattern);
		await e.end(true);
		one.stop();
		return { name, trouble, bulks: one.bulks };
	})());
	refused('an old one', (r) => r.path === '/' && r.json(200, { version: {
		number: '6.8.23' } }), /Elasticsearch 6\.8\.23 at .* is too old: 7\.17/);
	refused('one not old enough', (r) => r.path === '/' && r.json(200, { version: {
		number: '7.16.3' } }), /7\.16\.3 at .* is too old/);
	refused('a web page', (r) => r.res.end('<html>hello</html>') && true,
	    /answers 200, and not as Elasticsearch does/);
	refused('some other API', (r) => r.path !== '/' ? r.res.writeHead(404).end() && true :
		r.json(200, { hello: 1 }), /neither Elasticsearch nor OpenSearch/);
	refused('a redirect', (r) => r.res.writeHead(301, { location: 'http://127.0.0.1:1/' })
	    .end() && true, /answers 301, and not as Elasticsearch does/);
	for (const { name, trouble, bulks } of await Promise.all(open))
		is(bulks, 0, `${name}, nothing was sent: ${trouble}`);
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
	await again('cut off in its head', (r) => r.res.socket.end('HTTP/1.1 200 OK\r\nX-A'));
	await again('cut off in a chunk', (r) => {
		r.res.write('{"errors":false,"items":[');
		return setTimeout(() => r.res.destroy(), 5);
	});
	await again('slow, a byte now and then', (r) => {
		const text = JSON.stringify({ errors: false, items: [] });
		let at = 0;
		const drop = setInterval(() => (r.res.destroyed ? clearInterval(drop) :
			r.res.write(text[at++ % text.length])), 200);
		return true;
	}, { timeout: 1 });
	const { s: slow } = await play((r, one) => {
		if (!r.bulk) return false;
		const text = JSON.stringify({ errors: false, items: one.take(r.lines) });
		const drop = (at) => r.res.write(text[at], () => (at + 1 < text.length ?
			drop(at + 1) : r.res.end()));
		drop(0);
		return true;
	});
	is([slow.bulks, slow.docs.size], [1, 10], 'byte by byte, and in time, is fine');
	await again('garbage', (r) => r.res.end(Buffer.from('\x00\xff\x1f\x8b{"items"', 'latin1')));
	await again('garbage that is no HTTP', (r) => r.res.socket.end('\x00\xffSSH-2.0-x\r\n\r\n'));
	await again('garbage that should be gzip', (r) => {
		r.res.writeHead(200, { 'content-encoding': 'gzip' });
		return r.res.end('{"errors":false}');
	});
	await again('a page of a proxy', (r) => {
		r.res.writeHead(502, { 'content-type': 'text/html' });
		return r.res.end('<html><h1>502 Bad Gateway</h1></html>');
	});
	const withIds = (r, ids) => r.json(200, { errors: false, items: ids.map((_id) =>
	    ({ index: { _id, status: 201 } })) });
	const idsOf = (r) => r.lines.filter((_, i) => i % 2 === 0).map((l) => l.index._id);
	await again('ids in another order', (r) => withIds(r, idsOf(r).reverse()));
	await again('ids of others', (r) => withIds(r, idsOf(r).map((id) => `${id}0`)));
	const { s } = await play((r, one) => r.bulk && one.take(r.lines) && withIds(r, idsOf(r)));
	is([s.bulks, s.docs.size], [1, 10], 'ids as they were sent are fine');
	for (const status of [301, 401, 403, 404, 405, 500, 502, 503, 504])
		await again(String(status), (r) => r.json(status, { error: { type: 'odd', reason: 'x' } }));
	await again('all 429', (r, s) => r.json(200, { errors: true, items: r.lines
	    .filter((_, i) => i % 2 === 0).map(() => ({ index: { status: 429, error: {
		    type: 'es_rejected_execution_exception', reason: `${s.bulks}` } } })) }));
	await again('the index is another one after it', (r, s) => {
		s.uuid = 'U2';
		return r.json(200, { errors: false, items: Array(10).fill({ index: { status: 201 } }) });
	});
}

/*
 * Less at a time, whoever says so, and how: a proxy that does not read to the end,
 * one that hangs up, a cluster that is busy. When some is taken it is more again.
 */
async function less() {
	const body = { note: 'x'.repeat(3000) };
	const docs = commits(1200, { body });
	const counts = async (name, script) => {
		const one = await new Scripted((r, s) => r.bulk && script(r, s)).start();
		const d = new Drive({ hosts: [one.url], index: 'x' },
		    { env: { HUBSTASH_CLOCK: 'virtual:2026-01-01T00:00:00Z' } });
		await d.store(docs);
		const { dead } = await d.ask({ dead: true });
		is([one.docs.size, dead.length, await d.end()], [1200, 0, 0], name);
		one.stop();
		return one.seen.filter((r) => r.bulk).map((r) => r.lines.length / 2);
	};
	const most = 1 << 20;
	await counts('413 by a proxy, with a page of its own', (r) => {
		if (r.size <= most) return false;
		r.res.writeHead(413, { 'content-type': 'text/html', connection: 'close' });
		return r.res.end('<html>Request Entity Too Large</html>');
	});
	await counts('413, and it hangs up before it has read', (r, s) => {
		if (s.early) return false;
		s.early = true;
		s.server.removeAllListeners('request');
		s.server.on('request', (req, res) => {
			if (!(Number(req.headers['content-length']) > most)) {
				const parts = [];
				req.on('data', (x) => parts.push(x)).on('end', () =>
					s.answer(req, res, Buffer.concat(parts)));
				return;
			}
			res.writeHead(413, { connection: 'close' });
			res.end(() => req.socket.destroy());
		});
		return r.json(503, { error: 'busy' });
	});
	await counts('it hangs up on what is too large for it', (r) => r.size > most &&
	    r.res.destroy());
	const sent = await counts('busy for a while', (r, s) => s.bulks < 4 &&
	    r.json(429, { error: { type: 'circuit_breaking_exception' } }));
	is(sent, [1200, 600, 300, 150, 300, 600, 150], '  and then more at a time again');
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
	/* Both refuse, in turn: one trouble in one sentence. */
	const no = (r) => r.bulk && two.bulks + good.bulks < 40 && r.json(403, { error: {
		type: 'security_exception', reason: 'no' } });
	good.script = two.script = no;
	two.bulks = good.bulks = 0;
	const f = new Drive({ hosts: [two.url, good.url], index: 'x' },
	    { env: { HUBSTASH_CLOCK: 'virtual:2026-01-01T00:00:00Z' } });
	await f.store(commits(10));
	is([f.times(' warn '), f.times('#0: the cluster answers 403: security_exception: no')],
	    [1, 1], 'two that refuse are told as one');
	await f.end();
	[good, bad, two].forEach((s) => s.stop());
}

/* The server that is asked about people has no such index (any more). */
async function gone() {
	const s = await new Scripted((r) => /_field_caps/.test(r.path) && r.json(404, { error: {
		type: 'index_not_found_exception', reason: 'no such index [x]' } })).start();
	const d = new Drive({ hosts: [s.url], index: 'x' });
	await d.store(commits(1));
	const r = await d.ask({ people: 1 });
	is(r.failed, 'the index x is not there yet: it comes with the first documents',
	    'an index that is gone cannot be asked');
	await d.end();
	s.stop();
}

async function main() {
	await gone();
	await products();
	await headers();
	await replies();
	await less();
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

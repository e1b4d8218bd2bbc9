/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_panels.js - the dashboard's questions, asked of a real Elasticsearch and of
 * SQLite, which hold the same documents: recorded ones as a dry run makes them, and
 * invented ones (activity.js; SEED says which, else each run has others). Each
 * answer of one is to be the answer of the other. And what is no answer.
 */
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const { execFileSync } = require('child_process');
const { isDeepStrictEqual } = require('util');
const { startElasticsearch } = require('./server.js');
const { World } = require('./activity.js');
const { Asker } = require('./asker.js');
const { Drive, ok, is, done } = require('./drive.js');

const SAMPLES = path.join(__dirname, '../../samples');
const PROGRAM = process.env.HUBSTASH || path.join(__dirname, '../../build/san/hubstash');
const SEED = Number(process.env.SEED) || crypto.randomInt(1, 2 ** 31);
const DOCUMENTS = Number(process.env.DOCUMENTS) || 2500;
const QUESTIONS = Number(process.env.QUESTIONS) || 25;
const PAGES = 8;		/* of an answer that goes on */
const PANELS = ['totals', 'people', 'activity', 'series', 'reviewers', 'matrix', 'flow',
	'latency', 'open', 'newcomers', 'quiet', 'punch_card', 'repositories', 'bus_factor',
	'bots', 'recent', 'person', 'search', 'unlinked', 'contents'];

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-panels-'));
let es;

/* What the program makes of recorded events, as drive takes it. */
function recorded(name) {
	const text = execFileSync(PROGRAM, ['dry-run', path.join(SAMPLES, name)],
	    { encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'ignore'] });
	return text.split('\n').filter(Boolean).map((line) => {
		const body = JSON.parse(line);
		return { id: body.event.id, action: body.event.action, body,
			version: 1, ts: Date.parse(body['@timestamp']) };
	});
}

/* The same documents into both, by the outputs; one index or file a name. */
async function fill(docs, name) {
	const data = path.join(dir, name);
	fs.mkdirSync(data);
	const d = new Drive({ hosts: [es.url], index: name },
	    { dir: data, output: 'sqlite { } elasticsearch' });
	await d.store(docs);
	is(await d.end(), 0, `${docs.length} documents in both: ${name}`);
	await es.ask('POST', `/${name}/_refresh`);
	return [new Asker('elasticsearch', es.url, name),
		new Asker('sqlite', path.join(data, 'activity.db'))];
}

/* A leak, or worse, is told by the sanitizers at the end. */
async function ended(...askers) {
	const codes = await Promise.all(askers.map((a) => a.end()));
	if (codes.some((c) => c !== 0)) ok(false, `ask ended with ${codes}`);
}

/* The first place where they differ. */
function differs(a, b, at = '') {
	if (isDeepStrictEqual(a, b)) return '';
	const both = a && b && typeof a === 'object' && typeof b === 'object';
	if (!both) return `${at}: ${JSON.stringify(a)} / ${JSON.stringify(b)}`.slice(0, 600);
	for (const k of new Set([...Object.keys(a), ...Object.keys(b)])) {
		const found = differs(a[k], b[k], `${at}.${k}`);
		if (found) return found;
	}
	return `${at}: order`;
}

/* Asked of both, with all that follows; the difference, or ''. */
async function alike(stores, question, pages = PAGES) {
	let q = question;
	for (let page = 0; ; page++) {
		const [a, b] = await Promise.all(stores.map((s) => s.ask(q)));
		const why = a.error || b.error ? `${a.error || 'answered'} / ${b.error || 'answered'}` :
		    differs(a, b);
		if (why) return `${why}\n${JSON.stringify(q)}`;
		if (!a.next || page === pages) return '';
		q = { ...q, after: a.next };
	}
}

async function panels(stores, world, times) {
	for (const panel of PANELS) {
		let why = '', asked = 0, rows = 0;
		for (; asked < times && !why; asked++)
			why = await alike(stores, world.question(panel));
		ok(!why, `${panel}: ${asked} questions are answered alike`, why);
	}
}

/* What happened long ago, whole. */
async function past(stores) {
	const from = Date.UTC(2014, 0, 1), to = Date.UTC(2027, 0, 1);
	for (const panel of PANELS) {
		const q = { panel, from, to, edges: [from, Date.UTC(2015, 0, 1), Date.UTC(2021, 6, 21),
			Date.UTC(2025, 10, 1), to], who: 'all', text: 'r' };
		if (panel === 'person') q.people = ['220229'];
		const why = await alike(stores, q);
		ok(!why, `${panel} of recorded documents`, why);
	}
}

/*
 * More people than one answer tells; each document credits a hundred, and the first of
 * them twice and three times, so that not all must be named.
 */
async function crowd() {
	const ts = Date.UTC(2026, 0, 1), docs = Array.from({ length: 220 }, (_, i) => {
		const ids = Array.from({ length: 100 }, (x, k) => (i % 210 % 7 * 30 +
		    Math.floor(i % 210 / 7)) * 100 + k);
		return { id: `commit:1:${i}`, action: 'commit', version: 1, ts: ts + i * 1000, body: {
			github: { org: 'sim-org', repo: 'sim-org/one', repo_id: '1',
				commit: { sha: String(i), default_branch: true, merge: false } },
			hubstash: { person: `sim-${ids[0]}`, person_id: `id${ids[0]}`, class: 'human',
				bot: false, credit: ids.map((k) => `sim-${k}`),
				credit_id: ids.map((k) => `id${k}`) } } };
	});
	const stores = await fill(docs, 'crowd');
	for (const panel of ['people', 'newcomers', 'quiet', 'totals', 'bus_factor']) {
		const q = { panel, from: ts + (panel === 'quiet' ? 500 : 0) * 1000,
			to: ts + 1000 * 1000, max: 20, who: 'all' };
		const a = await stores[0].ask(q), why = await alike(stores, q, 1);
		ok(!why && (a.total || a.now.people) === (panel === 'bus_factor' ? 1 : 21000),
		    `${panel} of 21,000 people`, why || JSON.stringify(a).slice(0, 300));
	}
	await ended(...stores);
}

/* One that cannot be asked says in a sentence why. */
async function refused(what, asker, pattern, panel = 'people') {
	const a = await asker.ask({ panel, from: 0, to: 1e12, edges: [0, 1e12], people: ['1'],
		text: 'a' });
	ok(pattern.test(a.error || ''), `${what}: ${a.error || JSON.stringify(a).slice(0, 200)}`);
	await ended(asker);
}

async function foreign() {
	await refused('no index', new Asker('elasticsearch', es.url, 'nothing'),
	    /^the index nothing is not there yet: it comes with the first documents$/);
	await es.ask('PUT', '/shop', { mappings: { properties: { price: { type: 'double' } } } });
	await refused('an index of somebody else', new Asker('elasticsearch', es.url, 'shop'),
	    /^the index shop is not one for our documents: field @timestamp is not mapped$/);
	await es.ask('POST', '/guessed/_doc?refresh', { '@timestamp': '2026-01-01',
		event: { action: 'commit' } });
	await refused('one whose mapping was guessed', new Asker('elasticsearch', es.url, 'guessed'),
	    /field event\.action is mapped as text, not as keyword/);
	await refused('a server that is away', new Asker('elasticsearch',
	    'http://127.0.0.1:9', 'one'), /^http:\/\/127\.0\.0\.1:9: .*connect/i);
}

/* Answers no server should give, by one of ours. */
async function scripted() {
	let caps, reply;
	const server = http.createServer((req, res) => {
		const say = (status, body) => {
			res.writeHead(status, { 'content-type': 'application/json' });
			res.end(typeof body === 'string' ? body : JSON.stringify(body));
		};
		req.resume().on('end', () => (/_field_caps/.test(req.url) ? say(200, caps) :
		    say(...reply)));
	});
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	const url = `http://127.0.0.1:${server.address().port}`;
	caps = (await es.ask('GET', '/world/_field_caps?fields=*')).json;
	const whole = { timed_out: false, _shards: { failed: 0 }, hits: { total: { value: 1 } },
		aggregations: { all: { sum_other_doc_count: 0, buckets: [] } } };
	const error = (status, type, reason) => ({ status, error: { type, reason } });
	const inner = (status, type, reason) => ({ status, error: { root_cause: [{ type, reason }],
		type: 'search_phase_execution_exception', reason: 'all shards failed' } });
	for (const [what, pattern, ...answer] of [
		['a part of the shards', /not all of the index could be asked/, 200,
			{ responses: [{ ...whole, _shards: { failed: 1 } }, whole] }],
		['an answer out of time', /not all of the index could be asked/, 200,
			{ responses: [whole, { ...whole, timed_out: true }] }],
		['no shards', /not all of the index could be asked/, 200,
			{ responses: [{ ...whole, _shards: undefined }, whole] }],
		['one answer of two', /not understood/, 200, { responses: [whole] }],
		['no list', /not understood/, 200, { responses: [{ ...whole, aggregations: {} }, whole] }],
		['lists without end', /not understood/, 200, { responses: [{ ...whole, aggregations: {
			all: { sum_other_doc_count: 1, buckets: [] } } }, whole] }],
		['too many buckets', /too_many_buckets_exception: Trying to create/, 200, { responses: [
			inner(400, 'too_many_buckets_exception', 'Trying to create too many'), whole] }],
		['not allowed', /answers 403.*security_exception/, 403, error(403,
			'security_exception', 'action [indices:data/read/msearch] is unauthorized')],
		['a search not allowed', /answers 403: security_exception/, 200, { responses: [
			error(403, 'security_exception', 'is unauthorized'), whole] }],
		['who are you', /answers 401.*not accepted/, 401, error(401, 'security_exception',
			'missing authentication credentials')],
		['the index goes', /is not there yet/, 200, { responses: [
			error(404, 'index_not_found_exception', 'no such index'), whole] }],
		['too much', /larger than \d+ MiB: ask for a shorter period/, 200,
			`{"responses":["${'x'.repeat(65 << 20)}"]}`],
		['no JSON', /not as Elasticsearch does/, 200, '<html>'],
	]) {
		reply = answer;
		await refused(what, new Asker('elasticsearch', url, 'world'), pattern);
	}
	server.close();
}

async function main() {
	process.stdout.write(`# SEED=${SEED} has the same documents and questions again\n`);
	es = await startElasticsearch({});
	try {
		const world = new World(SEED);
		const stores = await fill(world.docs(DOCUMENTS), 'world');
		await panels(stores, world, QUESTIONS);
		await ended(...stores);
		const old = await fill(['archive-2015-01-01-0.json.gz', 'archive-2021-07-21.json.gz',
			'feed-2025-11-01.json', 'feed-2026-01.json'].flatMap(recorded), 'old');
		await past(old);
		await ended(...old);
		await crowd();
		await foreign();
		await scripted();
	} finally {
		await es.stop();
		fs.rmSync(dir, { recursive: true, force: true });
	}
	return done();
}

main().then((code) => process.exit(code), (e) => {
	process.stderr.write(`${e.stack}\n`);
	process.exit(1);
});

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_store.js - documents into a real Elasticsearch: the template, versions,
 * verdicts on single documents, indices that will not do, and who does how much.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { startElasticsearch, MAJOR } = require('./server.js');
const { lacks } = require('./distribution.js');
const { Drive, commits, ok, is, skip, done } = require('./drive.js');

const COMPLETE = 2 ** 48;
let es;

async function held(index, query = '') {
	await es.ask('POST', `/${index}/_refresh`);
	const r = await es.ask('GET', `/${index}/_search?size=1000&version=true${query}`);
	return new Map(r.json.hits.hits.map((h) => [h._id, h]));
}

async function templateAndVersions() {
	const d = new Drive({ hosts: [es.url], index: 'one' });
	await d.store(commits(3));
	ok(d.times('well again') === 0, 'no trouble on the way');
	let t = (await es.ask('GET', '/_index_template/one')).json.index_templates[0];
	is(t.index_template.index_patterns, ['one'], 'the template is for our index alone');
	let r = (await es.ask('GET', '/one')).json.one;
	is(r.mappings.dynamic, 'false', 'the index was made with it');
	is(r.mappings.properties['@timestamp'], { type: 'date' }, 'and has its fields');
	let docs = await held('one');
	is([...docs.keys()].sort(), ['commit:7:0', 'commit:7:1', 'commit:7:2'],
	    'three documents arrived');
	is(docs.get('commit:7:0')._version, COMPLETE + 1000, 'with their versions');
	await d.store([...commits(1, { version: 999, body: { was: 'older' } }),
		...commits(1, { from: 1, body: { was: 'equal' } }),
		...commits(1, { from: 2, version: 1001, body: { was: 'newer' } })]);
	docs = await held('one');
	is([0, 1, 2].map((i) => docs.get(`commit:7:${i}`)._source.was),
	    [undefined, 'equal', 'newer'], 'older loses, equal and newer win');
	is((await d.ask({ dead: true })).dead, [], 'and none is a dead letter');
	await d.store(commits(1, { from: 9, body: { note: 'line\nline \u2028 "\\ \u0001 \u{1f600}' } }));
	docs = await held('one');
	is(docs.get('commit:7:9')._source.note, 'line\nline \u2028 "\\ \u0001 \u{1f600}',
	    'text arrives as it is');
	is(await d.end(), 0, 'it leaves well');
}

async function deadLetters() {
	const d = new Drive({ hosts: [es.url], index: 'letters' });
	const bad = commits(1, { from: 1, body: { user: { name: { is: 'an object' } } } });
	const long = [{ ...commits(1)[0], id: `commit:${'x'.repeat(600)}` }];
	const date = commits(1, { from: 3, body: { event: { action: 'commit', created: 'soon' } } });
	const count = commits(1, { from: 5, body: { hubstash: { version: 1, schema: 'text' } } });
	await d.store([...commits(1), ...bad, ...long, ...date, ...count,
		...commits(1, { from: 4 })]);
	const { dead } = await d.ask({ dead: true });
	is(dead.length, 4, 'four dead letters');
	ok(dead.some((x) => x.id === 'commit:7:5' && /^400 (document|mapper)_parsing_exception.*schema/
	    .test(x.reason)), 'text in a field of numbers', JSON.stringify(dead));
	const now = await d.door();
	is([now.output_stored_total, now.output_refused_total, now.documents_unsettled,
		now.health.status, d.times('kept as a dead letter')], [2, 4, 0, 'well', 1],
	    '  all settled; the counters and the log (folded) say how, and nothing is wrong');
	ok(dead.some((x) => x.id === 'commit:7:1' && /^400 (document|mapper)_parsing_exception.*user\.name/
	    .test(x.reason)), 'one with the reason of the server', JSON.stringify(dead));
	ok(dead.some((x) => x.id.length > 512 && /512/.test(x.reason)), 'one never sent');
	is([...(await held('letters')).keys()].sort(), ['commit:7:0', 'commit:7:4'],
	    'the others arrived, in the same request');
	is(await d.end(), 0, 'it leaves well');
}

async function large() {
	const d = new Drive({ hosts: [es.url], index: 'large' });
	const body = { note: 'x'.repeat(3000) };
	await Promise.all([d.store(commits(4000, { body })), d.store(commits(4000, { from: 4000, body }))]);
	await es.ask('POST', '/large/_refresh');
	is((await es.ask('GET', '/large/_count')).json.count, 8000, 'eight thousand documents');
	is(await d.end(), 0, 'it leaves well');
}

/* An index that will not do: said once, nothing lost; then it is made right. */
async function refused(index, make, pattern, mend) {
	await make();
	const d = new Drive({ hosts: [es.url], index });
	const stored = d.store(commits(5));
	stored.catch(() => {});
	ok(true, `${index}: ${await d.trouble(pattern)}`);
	await mend();
	await stored;
	is((await held(index)).size, 5, '  once mended all arrives');
	is([d.troubled(pattern), d.times(pattern.source)], [1, 1], '  and it was said once');
	await d.well();
	is(await d.end(), 0, '  it leaves well');
}

async function foreign() {
	const put = (index, body) => () => es.ask('PUT', `/${index}`, body);
	const drop = (index) => () => es.ask('DELETE', `/${index}`);
	await refused('longs', put('longs', { mappings: { properties: {
		hubstash: { properties: { version: { type: 'long' } } },
		github: { properties: { repo_id: { type: 'long' } } } } } }),
	/field github\.repo_id is mapped as long, not as keyword/, drop('longs'));
	await refused('shop', put('shop', { mappings: { properties: { price: { type: 'double' } } } }),
	    /index shop is not one for our documents: field @timestamp is not mapped/, drop('shop'));
	await es.ask('PUT', '/_index_template/streams', { index_patterns: ['stream*'],
		data_stream: {}, priority: 500 });
	await refused('stream1', () => {}, /stream1 cannot be made:.*creates data streams only/,
	    () => es.ask('PUT', '/_index_template/streams', { index_patterns: ['stream2'],
		    data_stream: {}, priority: 500 }));
	const made = await es.ask('POST', '/stream2/_create/1', { '@timestamp': '2026-01-01' });
	is(made.status, 201, 'a data stream is there');
	const d = new Drive({ hosts: [es.url], index: 'stream2' });
	d.send({ emit: commits(1), as: 'never' });
	await d.logged(/stream2 is a data stream: versions cannot work there/);
	ok(true, 'and is refused');
	await d.end(true);
	await es.ask('POST', '/stream2/_refresh');
	is((await es.ask('GET', '/stream2/_count')).json.count, 1, 'nothing went into it');
	await es.ask('PUT', '/two-a', {});
	await es.ask('PUT', '/two-b', {});
	await refused('two', () => es.ask('POST', '/_aliases', { actions: [
		{ add: { index: 'two-a', alias: 'two' } }, { add: { index: 'two-b', alias: 'two' } }] }),
	/two names 2 indices/, () => es.ask('POST', '/_aliases', { actions: [
		{ remove: { index: 'two-b', alias: 'two' } }] }));
	is((await es.ask('GET', '/two-a/_mapping')).json['two-a'].mappings.dynamic, 'false',
	    'an empty index behind an alias was given our mapping');
}

async function completed() {
	await es.ask('PUT', '/old', { mappings: { dynamic: false, properties: {
		hubstash: { properties: { version: { type: 'long' } } } } } });
	const d = new Drive({ hosts: [es.url], index: 'old' });
	await d.store(commits(1));
	const m = (await es.ask('GET', '/old')).json.old.mappings.properties;
	is(m.github.properties.repo_id.type, 'keyword', 'an index of ours is completed');
	is(await d.end(), 0, 'it leaves well');
}

/* It takes its time to leave: others go on beside it. */
async function bare() {
	const strict = new Drive({ hosts: [es.url], index: 'bare', manage_template: false });
	strict.send({ emit: commits(1), as: 'never' });
	const why = await strict.logged(/index bare is not one for our documents: .*is not mapped/);
	const status = await strict.end();
	return () => {
		ok(/field @timestamp/.test(why[0]), 'without manage_template it is not');
		is(status, 0, 'it leaves with documents in hand');
		ok(!strict.said.some((s) => s.settled), 'which are not settled');
	};
}

async function options() {
	const bad = async (options, pattern, env) => {
		const d = new Drive(options, { env });
		const e = await d.event('failed');
		ok(pattern.test(e.failed), `refused at the start: ${e.failed.slice(0, 90)}`, e.failed);
		await d.end();
	};
	await bad({ hosts: ['ftp://x'] }, /no address of a server/);
	await bad({ index: 'Big' }, /no name of an index/);
	await bad({ template: '/nowhere' }, /template \/nowhere: No such file/);
	await bad({ ssl_certificate_authorities: ['/nowhere.pem'] }, /nowhere\.pem: No such file/);
	await bad({ user: 'a', password: 'b', api_key: 'c:d' }, /which one is meant/);
	await bad({ hosts: ['http://es.example'], api_key: 'c:d' }, /https only/);
	await bad({ password: 'b' }, /password without a user/);
	await bad({ timeout: 0 }, /timeout is/);
	await bad({ hosts: [] }, /no server/);
	await bad({ compression_level: 10 }, /compression_level/);
	await bad({ ssl_verification_mode: 'some' }, /one of full, none/);
	const d = new Drive({ index: 'by-env' }, { env: { ELASTICSEARCH_URL: es.url } });
	await d.store(commits(1));
	ok(true, 'ELASTICSEARCH_URL is the address unless hosts is given');
	await d.end();
	const file = path.join(os.tmpdir(), `hubstash-template-${process.pid}.json`);
	fs.writeFileSync(file, JSON.stringify({ index_patterns: ['own*'], priority: 300,
		template: { mappings: { properties: { more: { type: 'long' } } } } }));
	const own = new Drive({ hosts: [es.url], index: 'own1', template: file,
		template_name: 'mine', compression_level: 6 });
	await own.store(commits(300));
	fs.unlinkSync(file);
	const t = (await es.ask('GET', '/_index_template/mine')).json.index_templates[0];
	is(t.index_template.index_patterns, ['own*'], 'a template of the user, as it is');
	is((await held('own1')).size, 300, 'and a compressed request');
	await own.end();
}

async function flagged() {
	const d = new Drive({ hosts: [es.url], index: 'flags' });
	const off = commits(1, { from: 90 });
	off[0].body.github.commit.default_branch = false;
	await d.store([...commits(5, { version: 100 }), ...commits(5, { from: 10, version: 200 }),
		...commits(3, { from: 20, version: 100, repo: 8 }), ...off]);
	const ask = async (below, max) => (await d.ask({ flagged: 7, below, max })).flagged;
	let got = await ask(COMPLETE + 200, 100);
	is(got.map((x) => x.id).sort(), [0, 1, 2, 3, 4].map((i) => `commit:7:${i}`),
	    'flagged commits with a clock below, just written');
	is(got[0].version, COMPLETE + 100, 'they keep their version');
	is(got[0].body.github.repo, 'sim-org/one', 'and their body');
	is((await ask(200, 100)).length, 5, 'the clock alone is compared');
	is((await ask(201, 100)).length, 10, 'below, not equal');
	is((await ask(201, 3)).length, 3, 'at most so many');
	is(await d.end(), 0, 'it leaves well');
}

/*
 * Equal to what SQL finds in the SQLite file that holds the same documents, which
 * shares no line with either store.
 */
async function people() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-people-'));
	const file = path.join(dir, 'activity.db');
	const d = new Drive({ hosts: [es.url], index: 'people' },
	    { dir, output: 'sqlite { } elasticsearch' });
	const empty = await d.until(() => d.times('new to us') === 2, 'both stores')
	    .then(() => d.ask({ people: 10 }));
	is(empty, { people: [], all: 0, documents: 0 }, 'nobody yet, says SQLite');
	d.send({ activity: 3000, as: 'all' });
	await d.event('settled', 'all');
	await es.ask('POST', '/people/_refresh');
	const e = new Drive({ hosts: [es.url], index: 'people' });
	const start = 1767225600000, day = 86400000;
	for (const [from, to, name] of [[0, start + 400 * day, 'of all time'],
		[start + 20 * day, start + 50 * day, 'of a month'],
		[start + 3 * day, start + 3 * day + 7200000, 'of two hours'],
		[start + 105 * day, start + 105 * day + 1, 'of a millisecond'],
		[start - 2 * day, start - day, 'of nobody']]) {
		const want = (await d.ask({ expected: file, from, to })).expected
		    .split('\n').filter(Boolean);
		for (const max of [1000, 4, 1]) {
			const got = await e.ask({ people: max, from, to });
			is(got.people, want.slice(0, max), `the first ${max} ${name}`);
			is(got.all, want.length, '  of so many');
		}
		is((await d.ask({ people: 1000, from, to })).people, want, '  as SQLite says');
	}
	is((await e.ask({ people: 1 })).documents, 3000, 'of so many documents');
	await e.end();
	is(await d.end(), 0, 'it leaves well');
	fs.rmSync(dir, { recursive: true });
}

/* More people than one page of the aggregation holds; ranks that hang on names. */
async function crowd() {
	const d = new Drive({ hosts: [es.url], index: 'crowd' });
	const docs = [];
	for (let i = 0; i < 7000; i++) {
		const id = String(100000 + i), name = `sim-${String((i * 7919) % 7000).padStart(4, '0')}`;
		docs.push({ id: `pr:1:${i}`, action: 'pull_request', version: 1, ts: 1767225600000 + i,
			body: { hubstash: { version: 1, credit: [name], credit_id: [id] } } });
	}
	docs[5000].body.hubstash.credit = ['sim-second', 'sim-first'];
	docs[5000].body.hubstash.credit_id = ['x', docs[0].body.hubstash.credit_id[0]];
	await d.store(docs);
	await es.ask('POST', '/crowd/_refresh');
	const got = await d.ask({ people: 600 });
	const want = docs.map((x) => x.body.hubstash).flatMap((h) => h.credit_id.map((id, i) =>
	    ({ id, name: h.credit[i] })));
	const by = new Map();
	for (const w of want) by.set(w.id, { ...w, n: (by.get(w.id) ? by.get(w.id).n : 0) + 1 });
	const order = [...by.values()].sort((a, b) => b.n - a.n ||
	    (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
	is(got.all, by.size, 'a crowd is counted to the last');
	is(got.people.map((p) => p.split(' ').slice(0, 3).join(' ')),
	    order.slice(0, 600).map((p) => `${p.id} ${p.name} ${p.n}`),
	    'and its first 600 are in order');
	is(await d.end(), 0, 'it leaves well');
}

async function main() {
	if (lacks(MAJOR)) {
		skip(lacks(MAJOR));
		return done();
	}
	es = await startElasticsearch();
	try {
		const beside = bare();
		await templateAndVersions();
		await deadLetters();
		await foreign();
		await completed();
		await flagged();
		await people();
		if (MAJOR === '8') {	/* what is ours alone is tried with one of them */
			await large();
			await options();
			await crowd();
		}
		(await beside)();
	} finally {
		await es.stop();
	}
	return done();
}

main().then((status) => process.exit(status), (e) => {
	process.stdout.write(`not ok - ${e.stack.split('\n').join('\n# ')}\n`);
	process.exit(1);
});

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_faults.js - a real Elasticsearch that refuses, loses its index or its life,
 * and servers of which one is dead: each is said once, nothing is lost, and all
 * arrives afterwards.
 */
'use strict';

const { startElasticsearch, MAJOR } = require('./server.js');
const { lacks } = require('./distribution.js');
const { Drive, commits, ok, is, skip, done } = require('./drive.js');
const { fault, open, size } = require('./fault.js');
const { Relay } = require('./relay.js');

let es;

async function put(at, body) {
	const r = await es.ask('PUT', at, body);
	if (r.status !== 200) throw new Error(JSON.stringify(r.json));
}

const set = (index, setting, value) => put(`/${index}/_settings`, { [setting]: value });
const cluster = (setting, value) => put('/_cluster/settings',
    { persistent: { [setting]: value } });

async function refused() {
	const index = 'refused', d = open({ hosts: [es.url], index });
	const by = (name, pattern, how, setting, value) => fault(es, d, { name, index, pattern,
		cause: () => how(setting, value), cure: () => how(setting, null) });
	const ours = (setting, value) => set(index, setting, value);
	await d.store(commits(10));
	await by('a full disk', /nothing is taken: 429 cluster_block_exception/, ours,
	    'index.blocks.read_only_allow_delete', true);
	await by('a write block', /nothing is taken: 403 cluster_block_exception/, ours,
	    'index.blocks.write', true);
	await by('a read-only cluster', /answers 403: cluster_block_exception/, cluster,
	    'cluster.blocks.read_only', true);
	await by('no memory left', /nothing is taken: 429 circuit_breaking_exception/, cluster,
	    'indices.breaker.total.limit', '1b');
	await fault(es, d, { name: 'a closed index', index,
		pattern: /nothing is taken: 400 index_closed_exception/,
		cause: () => es.ask('POST', `/${index}/_close`),
		cure: async () => {
			await es.ask('POST', `/${index}/_open`);
			await es.ask('GET', `/_cluster/health/${index}?wait_for_status=yellow`);
		} });
	/* Gone, and it can be made by nobody. */
	await fault(es, d, { name: 'no room for a shard', index,
		pattern: /index refused cannot be made: .* answers 400: validation_exception/,
		cause: async () => {
			await es.ask('DELETE', `/${index}`);
			await put('/last', { settings: { number_of_replicas: 0 } });
			await cluster('cluster.max_shards_per_node', 1);
		},
		cure: async () => {
			await cluster('cluster.max_shards_per_node', null);
			await es.ask('DELETE', '/last');
		} });
	await d.close();
}

async function deleted() {
	const d = new Drive({ hosts: [es.url], index: 'mortal' });
	await d.store(commits(10));
	const first = (await es.ask('GET', '/mortal')).json.mortal.settings.index.uuid;
	await es.ask('DELETE', '/mortal');
	await d.store(commits(5, { from: 50 }));
	const second = (await es.ask('GET', '/mortal')).json.mortal;
	ok(second.settings.index.uuid !== first, 'the index was deleted and is another one');
	is(second.mappings.dynamic, 'false', '  with our mapping');
	await d.logged(`another one now=elasticsearch:${second.settings.index.uuid} ` +
	    `before=elasticsearch:${first}`);
	ok(true, '  and the pipeline knows, so that all is sent again');
	is(await size(es, 'mortal'), 5, '  what was settled afterwards is in the new one');
	/* Gone in the middle of much: whatever is settled last is in the last index. */
	const pages = [];
	for (let i = 0; i < 12; i++) pages.push(d.store(commits(1500, { from: 1000 + i * 1500 })));
	pages[2].then(() => es.ask('DELETE', '/mortal'));
	await Promise.all(pages);
	await d.until(() => d.times('another one now') >= 2, 'a second change');
	await Promise.all(Array.from({ length: 12 }, (_, i) =>
	    d.store(commits(1500, { from: 1000 + i * 1500 }))));
	is(await size(es, 'mortal'), 18000, 'deleted in the middle; sent again, all is there');
	await cluster('action.auto_create_index', 'false');
	await es.ask('DELETE', '/mortal');
	await d.store(commits(5));
	is(await size(es, 'mortal'), 5, 'where a bulk request may not make it, we do');
	await cluster('action.auto_create_index', null);
	is(await d.end(), 0, 'it leaves well');
}

/* Nothing is written, yet it is noticed: the clock jumps from minute to minute. */
async function idle() {
	const d = new Drive({ hosts: [es.url], index: 'idle' },
	    { env: { HUBSTASH_CLOCK: 'virtual:2026-01-01T00:00:00Z' } });
	await d.store(commits(3));
	await es.ask('DELETE', '/idle');
	await d.logged(/the store is another one/);
	ok(true, 'an idle index that is deleted is noticed');
	await es.ask('POST', '/_aliases', { actions: [
		{ remove_index: { index: 'idle' } }, { add: { index: 'mortal', alias: 'idle' } }] });
	await d.until(() => d.times('another one now') === 2, 'the alias');
	ok(true, 'and so is an alias that takes its place');
	is(await d.end(), 0, 'it leaves well');
}

async function killed() {
	const d = new Drive({ hosts: [es.url], index: 'phoenix' });
	await d.store(commits(100));
	const pages = [];
	for (let i = 0; i < 10; i++) pages.push(d.store(commits(3000, { from: 1000 + i * 3000 })));
	pages.forEach((p) => p.catch(() => {}));
	await pages[0];
	await es.kill();
	ok(true, 'the server is killed while documents go into it');
	await d.trouble(/Couldn't connect to server/);
	await es.start();
	await Promise.all(pages);
	is(await size(es, 'phoenix'), 30100, '  it is back, and all is there');
	await d.well();
	is(d.times('another one'), 0, '  in the same index');
	is((await d.ask({ dead: true })).dead, [], '  no dead letter');
	is(await d.end(), 0, '  it leaves well');
}

/* Two ways to the server, one of which dies, says nothing, and comes back. */
async function hosts() {
	const way = await new Relay(es.url).start();
	const d = new Drive({ hosts: [way.url, es.url], index: 'ways', timeout: 1 });
	let at = 0;
	const pages = (n) => Promise.all(Array.from({ length: n }, () =>
	    d.store(commits(500, { from: 500 * at++ }))));
	await pages(4);
	ok(way.passed > 0, 'two ways to a server');
	const all = pages(8);
	await way.kill();
	await all;
	await pages(2);
	is(await size(es, 'ways'), 500 * at, '  one dies while documents go there: all arrives');
	await way.start();
	const before = way.passed;
	for (let i = 0; way.passed === before && i < 1000; i++) await pages(1);
	ok(way.passed > before, '  it is back, and is used again');
	way.mute(true);
	await pages(4);
	is(await size(es, 'ways'), 500 * at, '  it takes all and says nothing: all arrives');
	is([d.troubles, d.times(' warn ')], [[''], 0], '  and nobody needs to know');
	is(await d.end(), 0, '  it leaves well');
	await way.kill();
}

/* The time of day is set back by three days, and a document's versions with it. */
async function clock() {
	const d = open({ hosts: [es.url], index: 'clock' });
	await d.store(commits(10));
	await fault(es, d, { name: 'the clock is set back', index: 'clock',
		pattern: /nothing is taken: 403 cluster_block_exception/,
		cause: () => set('clock', 'index.blocks.write', true),
		cure: () => {
			d.send({ clock: -3 * 86400 });
			return set('clock', 'index.blocks.write', null);
		} });
	is(d.times('well again after -'), 0, '  no trouble ends before it began');
	await d.store(commits(10, { version: 10, body: { was: 'set back' } }));
	const r = await es.ask('GET', '/clock/_search?version=true&size=1&q=_id:"commit:7:0"');
	is([r.json.hits.hits[0]._version, r.json.hits.hits[0]._source.was],
	    [2 ** 48 + 1000, undefined], '  what is older than what is there changes nothing');
	await d.close();
}

async function main() {
	if (lacks(MAJOR)) {
		skip(lacks(MAJOR));
		return done();
	}
	es = await startElasticsearch();
	try {
		await refused();
		await deleted();
		await idle();
		if (MAJOR === '8') {	/* what is ours alone is tried with one of them */
			await clock();
			await hosts();
			await killed();
		}
	} finally {
		await es.stop();
	}
	return done();
}

main().then((status) => process.exit(status), (e) => {
	process.stdout.write(`not ok - ${e.stack.split('\n').join('\n# ')}\n`);
	process.exit(1);
});

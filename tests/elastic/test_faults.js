/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_faults.js - a real Elasticsearch that refuses, is too busy, loses its index
 * or its life: each is said once, nothing is lost, and all arrives afterwards.
 */
'use strict';

const { startElasticsearch } = require('./server.js');
const { Drive, commits, ok, is, done } = require('./drive.js');

let es;

async function size(index) {
	await es.ask('POST', `/${index}/_refresh`);
	return (await es.ask('GET', `/${index}/_count`)).json.count;
}

async function set(index, setting, value) {
	const r = await es.ask('PUT', `/${index}/_settings`, { [setting]: value });
	if (r.status !== 200) throw new Error(JSON.stringify(r.json));
}

async function cluster(setting, value) {
	const r = await es.ask('PUT', '/_cluster/settings', { persistent: { [setting]: value } });
	if (r.status !== 200) throw new Error(JSON.stringify(r.json));
}

/* Refused as `pattern` says until mend(); one log line, all arrives. */
async function until(name, d, index, pattern, mend, n = 40) {
	const from = 100000 * d.troubles.length;
	const stored = d.store(commits(n, { from }));
	stored.catch(() => {});
	ok(true, `${name}: ${await d.trouble(pattern)}`);
	await mend();
	await stored;
	await es.ask('POST', `/${index}/_refresh`);
	is((await es.ask('GET', `/${index}/_count`, { query: {
		range: { '@timestamp': { gte: 1767225600000 + from * 1000 } } } })).json.count, n,
	    '  lifted, all arrives');
	is([d.troubled(pattern), d.times(pattern.source)], [1, 1], '  said once');
	is((await d.ask({ dead: true })).dead, [], '  no dead letter');
	await d.well();
	ok(true, '  and the trouble is over');
}

async function blocks() {
	const d = new Drive({ hosts: [es.url], index: 'blocks' });
	await d.store(commits(10));
	await set('blocks', 'index.blocks.read_only_allow_delete', true);
	await until('a full disk', d, 'blocks', /nothing is taken: 429 cluster_block_exception/,
	    () => set('blocks', 'index.blocks.read_only_allow_delete', null));
	await set('blocks', 'index.blocks.write', true);
	await until('a write block', d, 'blocks', /nothing is taken: 403 cluster_block_exception/,
	    () => set('blocks', 'index.blocks.write', null));
	await cluster('cluster.blocks.read_only', true);
	await until('a read-only cluster', d, 'blocks', /answers 403: cluster_block_exception/,
	    () => cluster('cluster.blocks.read_only', null));

	await es.ask('POST', '/blocks/_close');
	await until('a closed index', d, 'blocks', /nothing is taken: 400 index_closed_exception/,
	    async () => {
		    await es.ask('POST', '/blocks/_open');
		    await es.ask('GET', '/_cluster/health/blocks?wait_for_status=yellow');
	    });
	is(await d.end(), 0, 'it leaves well');
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
	is(await size('mortal'), 5, '  what was settled afterwards is in the new one');
	/* Gone in the middle of much: whatever is settled last is in the last index. */
	const pages = [];
	for (let i = 0; i < 12; i++) pages.push(d.store(commits(3000, { from: 1000 + i * 3000 })));
	pages[2].then(() => es.ask('DELETE', '/mortal'));
	await Promise.all(pages);
	await d.until(() => d.times('another one now') >= 2, 'a second change');
	await Promise.all(Array.from({ length: 12 }, (_, i) =>
	    d.store(commits(3000, { from: 1000 + i * 3000 }))));
	is(await size('mortal'), 36000, 'deleted in the middle; sent again, all is there');
	await cluster('action.auto_create_index', 'false');
	await es.ask('DELETE', '/mortal');
	await d.store(commits(5));
	is(await size('mortal'), 5, 'where a bulk request may not make it, we do');
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
	is(await size('phoenix'), 30100, '  it is back, and all is there');
	await d.well();
	is(d.times('another one'), 0, '  in the same index');
	is((await d.ask({ dead: true })).dead, [], '  no dead letter');
	is(await d.end(), 0, '  it leaves well');
	const down = new Drive({ hosts: ['http://127.0.0.1:1', es.url], index: 'phoenix' });
	await down.store(commits(100));
	is(down.times('warn'), 0, 'of two servers one is down: nobody needs to know');
	await down.end();
}

async function tooLarge() {
	const small = await startElasticsearch({ settings: { 'http.max_content_length': '64kb' } });
	try {
		const d = new Drive({ hosts: [small.url], index: 'small' });
		const body = { note: 'x'.repeat(2000) };
		const huge = commits(1, { from: 777, body: { note: 'x'.repeat(200000) } });
		await d.store([...commits(100, { body }), ...huge, ...commits(100, { from: 1000, body })]);
		await small.ask('POST', '/small/_refresh');
		is((await small.ask('GET', '/small/_count')).json.count, 200,
		    'requests that are too large are halved until they fit');
		const { dead } = await d.ask({ dead: true });
		is(dead.map((x) => x.id), ['commit:7:777'], 'what is too large alone is a dead letter');
		ok(/413/.test(dead[0] && dead[0].reason), '  with the reason', JSON.stringify(dead));
		is(d.troubles, [''], '  and no trouble');
		is(await d.end(), 0, 'it leaves well');
	} finally {
		await small.stop();
	}
}

const ROLES = `
writer:
  cluster: [monitor, manage_index_templates]
  indices:
    - names: ['mine*']
      privileges: [create_index, index, read, view_index_metadata, maintenance, manage]
reader:
  cluster: [monitor]
  indices:
    - names: ['mine*']
      privileges: [read, view_index_metadata]
`;

async function secured() {
	const safe = await startElasticsearch({ tls: true, roles: ROLES, users: {
		admin: { password: 'admin-secret', role: 'superuser' },
		writer: { password: 'w:riter%secret', role: 'writer' },
		reader: { password: 'reader-secret', role: 'reader' } } });
	es = safe;
	try {
		const conf = { hosts: [safe.url], index: 'mine',
			ssl_certificate_authorities: [safe.caFile] };
		const d = new Drive({ ...conf, user: 'writer', password: 'w:riter%secret' });
		await d.store(commits(5));
		is(await size('mine'), 5, 'https with a CA file and basic authentication');
		is((await d.ask({ people: 5 })).documents, 5, '  the reader has them too');
		await d.end();
		const inUrl = new Drive({ ...conf, hosts: [safe.url.replace('//',
		    '//writer:w%3Ariter%25secret@')] });
		await inUrl.store(commits(1));
		ok(!/riter%/.test(inUrl.logText), 'user and password in the address, not in the log');
		await inUrl.end();
		const env = new Drive(conf, { env: { ELASTICSEARCH_USERNAME: 'writer',
			ELASTICSEARCH_PASSWORD: 'w:riter%secret' } });
		await env.store(commits(1));
		ok(true, 'or in the environment');
		await env.end();
		const refused = async (name, options, pattern) => {
			const r = new Drive({ ...conf, ...options });
			r.send({ emit: commits(3, { from: 500 }), as: 'never' });
			ok(true, `${name}: ${await r.trouble(pattern)}`);
			ok(!/secret/.test(r.logText), '  no secret in the log');
			is(await r.end(true), 0, '  it leaves');
			ok(!r.said.some((s) => s.settled), '  and nothing was settled');
			is(r.troubled(pattern), 1, '  said once');
		};
		await refused('a wrong password', { user: 'writer', password: 'wrong-secret' },
		    /answers 401: security_exception.* are not accepted \(ELASTICSEARCH_USERNAME/);
		await refused('nobody', {}, /answers 401: security_exception.* are not accepted \(ELASTICSEARCH_USERNAME/);
		await refused('a key nobody made', { api_key: 'id:not-secret' },
		    /answers 401: security_exception.* are not accepted \(ELASTICSEARCH_USERNAME/);
		await refused('who may only read', { user: 'reader', password: 'reader-secret' },
		    /answers 403: security_exception: action \[indices:admin\/index_template\/put\]/);
		await refused('who may only read, without the template', { user: 'reader',
			password: 'reader-secret', manage_template: false },
		/nothing is taken: 403 security_exception|answers 403: security_exception/);
		await refused('an authority we do not know', { user: 'writer',
			password: 'w:riter%secret', ssl_certificate_authorities: [] },
		/certificate/);
		await refused('http where https is spoken', { hosts: [safe.url.replace('https', 'http')],
			user: 'writer', password: 'w:riter%secret' }, /127\.0\.0\.1:\d+/);
		const none = new Drive({ ...conf, ssl_certificate_authorities: [],
			ssl_verification_mode: 'none', user: 'writer', password: 'w:riter%secret' });
		await none.store(commits(1));
		ok(true, 'unless told not to look');
		await none.end();
		is(await size('mine'), 5, 'nothing else arrived');
	} finally {
		await safe.stop();
	}
}

async function main() {
	es = await startElasticsearch();
	try {
		await blocks();
		await deleted();
		await idle();
		await killed();
	} finally {
		await es.stop();
	}
	await tooLarge();
	await secured();
	return done();
}

main().then((status) => process.exit(status), (e) => {
	process.stdout.write(`not ok - ${e.stack.split('\n').join('\n# ')}\n`);
	process.exit(1);
});

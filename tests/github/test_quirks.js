/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_quirks.js - quirks.json names every switch there is and none that is
 * not; each switch does what its row says.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const { ok, is, against, run, rel } = require('./tap.js');
const { CASES } = require('./cases.js');
const { LIMITS } = require('./faults.js');
const { Quirks, parse } = require('./quirks.js');
const { Tokens } = require('./tokens.js');
const Worlds = require('./worlds.js');
const rows = require('./quirks.json');

const FEED = '/orgs/sim-works/events?per_page=100';
const HOUR = 3600 * 1000;

/* The switches that the sources ask for. */
function inSources() {
	const names = new Set(Object.keys(LIMITS));
	for (const f of fs.readdirSync(__dirname)) {
		if (!/\.js$/.test(f) || /^test_|^tap/.test(f)) continue;
		const text = fs.readFileSync(path.join(__dirname, f), 'utf8');
		for (const m of text.matchAll(/(?:quirks\.(?:get|strikes)\(|w\.quirks\[)'([a-z0-9-]+)'/g))
			names.add(m[1]);
	}
	for (const n of Object.keys(new Quirks({ lost: 1, 'skipped-feed': 1 }).feed(0)))
		names.add(n);
	for (const how of ['reset', 'half', 'garbage', 'empty', 'timeout'])
		names.add(`reply-${how}`);
	return [...names].sort();
}

function table() {
	for (const r of rows) {
		const good = ['name', 'what', 'switch', 'source'].every((k) =>
			typeof r[k] === 'string' && r[k]) && typeof r.scenario === 'string';
		if (!good) ok(false, `row ${r.name} is whole`);
	}
	is(new Set(rows.map((r) => r.name)).size, rows.length, 'names are unique');
	const of = (kind) => rows.filter((r) => r.switch.startsWith(`${kind} `))
	    .map((r) => r.switch.split(' ')[1].split('=')[0]).sort();
	is(of('quirk'), inSources(), 'every quirk of the sources has a row');
	is(of('case'), Object.keys(CASES).sort(), 'every case has a row');
	const tokens = [...new Tokens().rows.keys()].map((t) => t.replace(/^ghs_.*/, 'ghs_…'));
	is(of('token').filter((t) => !tokens.includes(t)), [], 'tokens of rows are there');
	is(of('world').filter((n) => !Worlds[n]), [], 'worlds of rows are there');
	is(parse('lag={"share":0.3}'), ['lag', { share: 0.3 }], 'a value of the command line');
	is([parse('lost=0.2'), parse('unordered')], [['lost', 0.2], ['unordered', true]],
	    'simple ones');
}

/* Every scenario there is, by name. */
function scenarios() {
	const dir = path.join(__dirname, '../scenario');
	return new Map(fs.readdirSync(dir).filter((f) => f.endsWith('_cases.js'))
	    .flatMap((f) => require(path.join(dir, f))).map((s) => [s.name, s]));
}

/* Whether a scenario has a row's switch on. */
function uses(s, row) {
	const [kind, rest] = row.switch.split(' '), name = rest.split('=')[0];
	if (kind === 'quirk') return name in (s.quirks || {});
	if (kind === 'world') return s.world === name;
	if (kind === 'token') return s.token === name ||
	    (name === 'ghs_…' && /^ghs_/.test(s.token || ''));
	return (s.cases || []).some((c) => c === 'all' || c === name || c.name === name);
}

function covered() {
	const all = scenarios();
	is(rows.filter((r) => !all.has(r.scenario)).map((r) => r.name), [],
	    'every row names a scenario that there is');
	is(rows.filter((r) => all.has(r.scenario) && !uses(all.get(r.scenario), r))
	    .map((r) => `${r.name}: ${r.scenario}`), [], 'which has the switch on');
}

const ids = (r) => r.json.map((e) => e.id);

const feeds = async () => {
	let whole = null;
	await against({ world: 'week' }, async (sim, c) => { whole = ids(await c.get(FEED)); });
	const differs = async (quirks, name, good) => against({ world: 'week', quirks },
	    async (sim, c) => {
		const got = ids(await c.get(FEED));
		ok(good(got, sim), name, `${got.length} events`);
		is(ids(await c.wait(60000).get(FEED)).filter((x) => !got.includes(x)).length < 9,
		    true, `${name}: the same when asked again`);
	});
	await differs({ lost: 0.2 }, 'lost', (g) => {
		const n = whole.filter((x) => !g.includes(x)).length;
		return n > 5 && n < 40;
	});
	await differs({ late: 0.3 }, 'late', (g) => whole.some((x) => !g.includes(x)));
	await differs({ unordered: true }, 'unordered', (g) => g.some((x, i) =>
		x !== whole[i]) && g.filter((x) => whole.includes(x)).length > 70);
	await differs({ duplicated: 0.1 }, 'duplicated', (g) => new Set(g).size < g.length);
	await differs({ 'feed-off': true }, 'feed-off', (g) => g.length === 0);
	await differs({ 'skipped-feed': { value: true, from: 0 } }, 'skipped-feed',
	    (g) => g.length === 0);
};

const stuck = () => against({ quirks: { 'stuck-etag': true, 'bare-304': true } },
    async (sim, c) => {
	const one = await c.get(FEED);
	const two = await c.wait(40 * HOUR).get(FEED, { 'if-none-match': one.headers.etag });
	is(two.status, 304, 'the ETag sticks');
	is([two.headers['x-poll-interval'], two.headers['cache-control']],
	    [undefined, 'private, max-age=300'], '304 without X-Poll-Interval');
	is((await c.wait(60000).get(FEED)).status, 200, 'not without a condition');
});

const beyond = () => against({ world: 'week', quirks: { 'next-beyond': true } },
    async (sim, c) => {
	const r = await c.get(`${FEED}&page=3`);
	const four = await c.get(rel(r, 'next'));
	is(four.status, 422, 'a page beyond is linked, and refused');
});

/* Every limit is told as its row says, holds, and ends. */
const limits = async () => {
	for (const [name, row] of Object.entries(LIMITS))
		await against({ quirks: { [name]: true } }, async (sim, c) => {
			const ask = () => (row.graphql ? c.ask('{viewer{login}}') : c.get('/user'));
			const r = await ask();
			sim.quirk(name, null);
			const held = await c.wait(29000).get('/user');
			const got = [r.status, r.headers['x-ratelimit-remaining'] === '0',
				r.headers['retry-after'], 'x-ratelimit-reset' in r.headers];
			is(got, [row.status, row.left === 0, row.retry && String(row.retry),
				row.reset !== null], `${name}: its headers`);
			ok(held.status !== 200 || (row.graphql && !row.all) || row.errors,
			    `${name}: it holds`);
			c.wait(700 * 1000);
			is((await ask()).json.errors, undefined, `${name}: it ends`);
		});
};

const failures = () => against({}, async (sim, c) => {
	const got = [];
	for (const how of ['refused', 'reset', '429', '403', '500', '502', '503', '504',
		'garbage', 'half', 'empty']) {
		sim.fail({ n: 1, how });
		c.wait(200 * 1000);
		const r = await c.get('/user');
		got.push(r.error ? 'broken' : `${r.status}${r.json ? '' : '!'}`);
	}
	is(got, ['broken', 'broken', '429', '403', '500', '502', '503', '504!', '200!', '200!',
		'200!'], 'the nth exchange fails as told');
	const good = await c.wait(200 * 1000).get('/user');
	is(good.status, 200, 'and no other');
	is(sim.requests().filter((r) => r.fault).length, 11, 'they are on record');
});

const partial = () => against({ quirks: { 'graphql-partial': true } }, async (sim, c) => {
	const r = await c.ask('{a:viewer{login} b:viewer{login} c:viewer{login}}');
	ok(r.json.errors.length && r.json.errors.every((e) => r.json.data[e.path[0]] === null),
	    'parts of an answer are null');
	sim.quirk('graphql-partial', null);
	sim.quirk('graphql-resource-limits', true);
	const l = await c.ask('{a:viewer{login}}');
	is(l.json.errors[0].type, 'RESOURCE_LIMITS_EXCEEDED', 'resource limits');
});

const edited = () => against({ quirks: { 'edit-while-paged': true } }, async (sim, c) => {
	const repo = sim.world.orgRepos()[0];
	const page = async (after) => (await c.ask(`query($id:ID!,$a:String){node(id:$id){
	    ...on Repository{pullRequests(first:10,after:$a,orderBy:{field:UPDATED_AT,
	    direction:DESC}){nodes{number title} pageInfo{endCursor}}}}}`,
	{ id: repo.nodeId, a: after })).json.data.node.pullRequests;
	const one = await page(null);
	await page(one.pageInfo.endCursor);
	const again = await page(null);
	ok(/\(edited\)$/.test(again.nodes[0].title), 'an item moved to the top meanwhile');
});

const twice = () => against({ cases: ['force-twice'] }, async (sim, c) => {
	const repo = sim.world.named('case-force-twice');
	const old = sim.world.head(repo);
	await c.wait(2 * HOUR).get('/user');
	const first = sim.world.head(repo);
	await c.get(`/repositories/${repo.id}/compare/${old}...${first}?per_page=100`);
	ok(sim.world.head(repo) !== first, 'the second push came while the first was read');
});

const spans = () => against({ quirks: { 'token-refused': { value: true,
	from: '2026-03-02T09:00:00Z', to: '2026-03-02T10:00:00Z' } } }, async (sim, c) => {
	const got = [];
	for (let i = 0; i < 3; i++) {
		got.push((await c.get('/user')).status);
		c.wait(HOUR);
	}
	is(got, [200, 401, 200], 'a quirk for a time');
	sim.quirk('all-forbidden', true);
	is((await c.get('/user')).status, 403, 'all forbidden');
	sim.quirks.end(c.at + 1000);
	is((await c.wait(2000).get('/user')).status, 200, 'all end');
});

run([table, covered, feeds, stuck, beyond, limits, failures, partial, edited, twice, spans]);

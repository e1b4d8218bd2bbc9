/* SPDX-License-Identifier: Apache-2.0 */
/* test_referee.js - each rule: kept, and broken. */
'use strict';

const { ok, is, against, run, rel, raw, HEADERS } = require('./tap.js');

const FEED = '/orgs/sim-works/events?per_page=100';
const rules = (sim) => [...new Set(sim.referee.offences.map((o) => o.rule))].sort();

/* A test of one rule: good must break none, bad must break it alone. */
const rule = (name, options, good, bad) => () => against(options, async (sim, c) => {
	await good(sim, c);
	is(rules(sim), [], `${name}: kept`);
	await bad(sim, c);
	is(rules(sim), [name], `${name}: broken`);
});

const polls = rule('poll-too-fast', {}, async (sim, c) => {
	for (let i = 0; i < 3; i++) {
		let r = await c.get(FEED);
		while (rel(r, 'next')) r = await c.get(rel(r, 'next'));
		c.wait(60000);
	}
	sim.fail({ n: 1, how: '503' });
	await c.get(FEED);
	await c.wait(1000).get(FEED);
	sim.referee.restarted();
	await c.wait(1000).get(FEED);
}, (sim, c) => c.wait(59000).get(FEED));

const pollsLonger = rule('poll-too-fast', { quirks: { 'poll-interval': 120 } },
    async (sim, c) => {
	await c.get(FEED);
	await c.wait(120000).get(FEED);
}, (sim, c) => c.wait(60000).get(FEED));

const retryAfter = rule('ignored-retry-after', {}, async (sim, c) => {
	sim.fail({ n: 1, how: '429' });
	const r = await c.get('/user');
	is([r.status, r.headers['retry-after']], [429, '90'], '429 with Retry-After');
	await c.wait(90000).get('/user');
	sim.fail({ n: 1, how: '403' });
	await c.get('/user');
}, async (sim, c) => {
	const r = await c.wait(89000).ask('{viewer{login}}');
	is(r.status, 403, 'the limit still holds');
});

const inFlightThen = rule('ignored-retry-after', {}, async (sim, c) => {
	sim.fail({ n: 1, how: '429' });
	await c.get('/user');
	for (let i = 0; i < 8; i++) await c.get('/user');
}, (sim, c) => c.get('/user'));

const reset = rule('ignored-reset', { limits: { core: 2, graphql: 9 } }, async (sim, c) => {
	await c.get('/user');
	await c.get('/user');
	await c.wait(1000).ask('{viewer{login}}');
	await c.wait(3600000).get('/user');
	await c.get('/user');
}, (sim, c) => c.wait(1000).get('/user'));

const secondary = rule('ignored-secondary', {}, async (sim, c) => {
	sim.quirk('limit-429-bare', true);
	await c.get('/user');
	sim.quirk('limit-429-bare', null);
	await c.wait(60000).get('/user');
	sim.quirk('limit-403-bare', true);
	await c.get('/user');
	sim.quirk('limit-403-bare', null);
}, (sim, c) => c.wait(30000).get('/user'));

const refetched = rule('refetched', { cases: ['push-300', 'force-diverges'] },
    async (sim, c) => {
	const repo = sim.world.named('case-push-300');
	const old = sim.world.head(repo);
	c.wait(2.5 * 3600000);
	await c.get('/user');
	const url = `/repositories/${repo.id}/compare/${old}...${sim.world.head(repo)
	}?per_page=100&page=`;
	sim.fail({ n: 1, how: 'half' });
	for (const n of [1, 1, 2, 3]) await c.get(url + n);
	const fields = () => c.ask(`{node(id:"${repo.nodeId}"){...on Repository{
	    object(oid:"${old}"){...on Commit{oid additions}}}}}`);
	await fields();
	sim.referee.fresh();
	sim.quirk('graphql-partial', true);
	await fields();
	sim.quirk('graphql-partial', null);
	sim.quirk('graphql-ceiling', 1);
	is((await fields()).status, 502, 'too heavy');
	sim.quirk('graphql-ceiling', null);
	await fields();
	await c.get(`${url}1`);
	sim.refetch = fields;
}, (sim) => sim.refetch());

const flight = () => against({ quirks: { slow: 500 } }, async (sim, c) => {
	await Promise.all([...Array(8)].map((x, i) => (i < 2 ? c.ask('{viewer{login}}') :
	    c.get('/user'))));
	is(rules(sim), [], 'eight at a time, two of them GraphQL');
	is([sim.referee.peak.all, sim.referee.peak.graphql], [8, 2], 'and it saw them');
	await Promise.all([1, 2, 3].map(() => c.ask('{viewer{login}}')));
	is(rules(sim), ['too-many-graphql'], 'three GraphQL');
	await Promise.all([...Array(9)].map(() => c.get('/user')));
	is(rules(sim), ['too-many-graphql', 'too-many-in-flight'], 'nine at a time');
});

const headers = () => against({}, async (sim, c) => {
	for (const h of ['authorization', 'user-agent', 'accept', 'x-github-api-version']) {
		const all = { ...HEADERS, authorization: 'Bearer sim-token' };
		delete all[h];
		await raw(sim.url, '/user', { headers: all });
		is(sim.referee.offences.pop().detail, h, `${h} lacks`);
	}
	await c.get('/user', { accept: 'text/html' });
	is(sim.referee.offences.pop().detail, 'accept: text/html', 'an odd Accept');
	is(sim.referee.offences.length, 0, 'nothing else');
});

const unknown = rule('unknown-endpoint', {}, (sim, c) => c.get('/user'),
    (sim, c) => c.get('/orgs/sim-works/teams'));

const foreign = rule('foreign-host', { quirks: { 'redirect-foreign': true,
	'link-foreign': true } }, async (sim, c) => {
	const r = await c.get(`/repositories/${sim.world.orgRepos()[0].id}`);
	is([r.status, r.headers.location.split('/').slice(0, 3).join('/')],
	    [301, sim.foreignUrl], 'sent to another host');
	const f = await c.get(FEED);
	ok(rel(f, 'next').startsWith(`${sim.foreignUrl}/`), 'so is the next page');
	await raw('', rel(f, 'next'), { headers: HEADERS });
}, (sim, c) => raw('', sim.foreignUrl, { headers: c.headers({}) }));

const budget = rule('over-budget', { limits: { core: 100, graphql: 100 } },
    async (sim, c) => {
	sim.referee.share = 0.1;
	for (let i = 0; i < 10; i++) await c.get('/user');
}, (sim, c) => c.get('/user'));

const token = rule('bad-token', { client: { token: 'wrong' } }, async (sim, c) => {
	for (let i = 0; i < 8; i++) await c.get('/user');
	await c.wait(60000).get('/user');
}, (sim, c) => c.wait(1000).get('/user'));

run([polls, pollsLonger, retryAfter, inFlightThen, reset, secondary, refetched, flight,
	headers, unknown, foreign, budget, token]);

/* SPDX-License-Identifier: Apache-2.0 */
/* test_graphql.js - the GraphQL side: cursors, cost, bounds, errors, ceilings. */
'use strict';

const { ok, is, against, run } = require('./tap.js');

const HOUR = 3600 * 1000;
const types = (r) => (r.json.errors || []).map((e) => e.type || e.message);

/* All nodes of a list, page by page: [items, queries]. */
async function all(c, node, list, first, fields) {
	const items = [];
	let after = null, n = 0;
	do {
		const r = await c.ask(`query($id:ID!,$after:String){node(id:$id){...on Repository{${
		    list.replace('ARGS', `first:${first},after:$after`)}{nodes{${fields
		}} pageInfo{hasNextPage endCursor}}}}}`, { id: node, after });
		const page = Object.values(r.json.data.node)[0];
		items.push(...page.nodes);
		after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
		n++;
	} while (after);
	return [items, n];
}

const cursors = () => against({}, async (sim, c) => {
	const repo = sim.world.orgRepos()[0];
	const [pulls, n] = await all(c, repo.nodeId,
	    'pullRequests(ARGS,orderBy:{field:UPDATED_AT,direction:DESC})', 7,
	    'number updatedAt');
	is(pulls.length, repo.pulls.size, 'all pull requests');
	is(n, Math.ceil(repo.pulls.size / 7), 'in as many pages');
	is(new Set(pulls.map((p) => p.number)).size, pulls.length, 'each once');
	ok(pulls.every((p, i) => !i || p.updatedAt <= pulls[i - 1].updatedAt), 'newest first');
	const bad = await c.ask('query($id:ID!){node(id:$id){...on Repository{issues(first:1,' +
	    'after:"x"){nodes{id}}}}}', { id: repo.nodeId });
	is(types(bad), ['INVALID_CURSOR_ARGUMENTS'], 'a wrong cursor');
});

const history = () => against({ cases: ['merges'] }, async (sim, c) => {
	c.wait(3 * HOUR);
	await c.get('/user');
	const repo = sim.world.named('case-merges');
	const head = sim.world.head(repo);
	const seen = [];
	let after = null;
	do {
		const r = await c.ask(`query($id:ID!,$after:String){node(id:$id){...on Repository{
		    object(oid:"${head}"){...on Commit{history(first:10,after:$after){totalCount
		    nodes{oid parents(first:5){nodes{oid}}} pageInfo{hasNextPage endCursor}}}}}}}`,
		{ id: repo.nodeId, after });
		const h = r.json.data.node.object.history;
		is(h.totalCount, repo.git.log(head).length, 'its length');
		seen.push(...h.nodes.map((x) => x.oid));
		after = h.pageInfo.hasNextPage ? h.pageInfo.endCursor : null;
	} while (after);
	is(seen, repo.git.log(head).map((x) => x.sha), 'history, page by page');
	is(sim.referee.summary(), [], 'no rule broken');
});

const cost = () => against({}, async (sim, c) => {
	const c1 = await c.ask(`{rateLimit{cost nodeCount remaining used}
	    organization(login:"sim-works"){repositories(first:100){nodes{
	    issues(first:50){nodes{labels(first:60){nodes{name}}}}}}}}`);
	is([c1.json.data.rateLimit.cost, c1.json.data.rateLimit.nodeCount], [51, 305100],
	    'the example of the documentation: 51 points');
	is(c1.headers['x-ratelimit-used'], '51', 'they are paid');
	is(c1.headers['x-ratelimit-resource'], 'graphql', 'from their own bucket');
	const repo = sim.world.orgRepos()[0];
	const numbers = [...repo.pulls.keys()].slice(0, 30);
	const c2 = await c.ask(`query($id:ID!){rateLimit{cost} node(id:$id){...on Repository{${
	    numbers.map((n) => `p${n}:pullRequest(number:${n}){title}`).join(' ')}}}}`,
	{ id: repo.nodeId });
	is(c2.json.data.rateLimit.cost, 1, '30 aliases cost one');
	const up = await c.ask(`{rateLimit{cost} organization(login:"sim-works"){repositories(
	    first:90){nodes{issues(first:1){nodes{id}} pullRequests(first:1){nodes{id}}}}}}`);
	is(up.json.data.rateLimit.cost, 2, '181 requests are rounded up');
	const c3 = await c.ask('{organization(login:"sim-works"){repositories{totalCount}}}');
	is(c3.json.errors, undefined, 'a count alone needs no bounds');
});

const bounds = () => against({}, async (sim, c) => {
	const q = (args, inner = '') => c.ask(`{organization(login:"sim-works"){repositories${
	    args}{nodes{id ${inner}}}}}`);
	is(types(await q('')), ['MISSING_PAGINATION_BOUNDARIES'], 'no first');
	is(types(await q('(first:101)')), ['EXCESSIVE_PAGINATION'], 'too large a first');
	is(types(await q('(first:100)', 'issues(first:100){nodes{comments(first:50){nodes{id}}}}')),
	    ['MAX_NODE_LIMIT_EXCEEDED'], 'more than 500,000 nodes');
	is((await c.ask('{')).json.errors.length, 1, 'no GraphQL');
	is((await c.ask('{nothing}')).json.errors.length, 1, 'an unknown field');
	is((await c.get('/graphql')).status, 404, 'GET is not answered');
	c.token = null;
	is((await c.ask('{viewer{login}}')).status, 401, 'nor without a token');
});

const parts = () => against({ cases: ['repo-forbidden', 'repo-deleted'] }, async (sim, c) => {
	const ids = ['repo-forbidden', 'repo-deleted'].map((n) =>
		sim.world.named(`case-${n}`).nodeId);
	ids.push(sim.world.orgRepos()[0].nodeId);
	c.wait(2 * HOUR + 30 * 60000);
	const r = await c.ask(`{${ids.map((id, i) =>
	    `a${i}:node(id:"${id}"){...on Repository{name}}`).join(' ')}}`);
	is(r.status, 200, 'errors inside a 200');
	is(types(r), ['FORBIDDEN', 'NOT_FOUND'], 'of their kind');
	is(r.json.errors.map((e) => e.path), [['a0'], ['a1']], 'with their path');
	is([r.json.data.a0, r.json.data.a1, !!r.json.data.a2], [null, null, true],
	    'the others stay');
});

const heavy = () => against({ world: 'week' }, async (sim, c) => {
	const q = (n) => c.ask(`{organization(login:"sim-works"){repositories(first:10){nodes{
	    pullRequests(first:${n}){nodes{additions commits(first:20){nodes{commit{additions
	    deletions}}}}}}}}}`);
	const light = await q(2), dear = await q(100);
	is(light.status, 200, 'a small page goes');
	is(dear.status, 502, 'a large one takes more than ten seconds');
	ok(Number(dear.headers['x-ratelimit-used']) > 5, 'and costs more');
});

const exhausted = () => against({ limits: { core: 3, graphql: 3 } }, async (sim, c) => {
	for (let i = 0; i < 3; i++) await c.ask('{viewer{login}}');
	const r = await c.ask('{viewer{login}}');
	is([r.status, ...types(r)], [200, 'RATE_LIMITED'], 'points used up: 200 with errors');
	is(r.headers['x-ratelimit-remaining'], '0', 'nothing remains');
	for (let i = 0; i < 3; i++) await c.get('/user');
	const rest = await c.get('/user');
	is([rest.status, rest.headers['x-ratelimit-remaining']], [403, '0'], 'REST: 403');
	is((await c.get('/rate_limit')).json.resources.core.remaining, 0, '/rate_limit is free');
	const reset = Number(rest.headers['x-ratelimit-reset']) * 1000;
	is(reset - c.at, HOUR, 'an hour from the first request');
	c.at = reset;
	is((await c.get('/user')).status, 200, 'then it goes on');
});

const signOn = () => against({ client: { token: 'sim-no-sso' } }, async (sim, c) => {
	const r = await c.ask('{organization(login:"sim-works"){id}}');
	is([types(r), r.json.errors[0].extensions], [['FORBIDDEN'], { saml_failure: true }],
	    'single sign-on');
	c.token = 'sim-no-pulls';
	const id = sim.world.orgRepos()[0].nodeId;
	const p = await c.ask(`{a:node(id:"${id}"){...on Repository{pullRequests(first:1){nodes{id}}}}
	    b:node(id:"${id}"){...on Repository{issues(first:1){nodes{id}}}}}`);
	is(types(p), ['FORBIDDEN'], 'a permission lacks');
	ok(p.json.data.b.issues.nodes.length, 'issues are readable');
});

run([cursors, history, cost, bounds, parts, heavy, exhausted, signOn]);

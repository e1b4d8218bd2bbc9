/* SPDX-License-Identifier: Apache-2.0 */
/* test_rest.js - the REST side: pages, Link, ETag, redirects, refusals. */
'use strict';

const { ok, is, against, run, rel, raw, HEADERS } = require('./tap.js');

const ORG = '/orgs/sim-works';
const HOUR = 3600 * 1000;

const feedPages = () => against({ world: 'week' }, async (sim, c) => {
	const one = await c.get(`${ORG}/events?per_page=100`);
	is(one.status, 200, 'the feed');
	is(one.json.length, 100, 'a page of 100');
	is(one.headers['x-poll-interval'], '60', 'X-Poll-Interval');
	is(one.headers['content-encoding'], 'gzip', 'packed');
	is(one.headers.date, new Date(c.at).toUTCString(), 'Date is virtual');
	const next = rel(one, 'next');
	is(next, `${sim.url}/organizations/${sim.world.org.id}/events?per_page=100&page=2`,
	    'next has the numeric id');
	const two = await c.get(next), three = await c.get(rel(two, 'next'));
	is([two.json.length, three.json.length], [100, 100], 'pages 2 and 3');
	is(rel(three, 'next'), null, 'no fourth page is linked');
	const ids = new Set([one, two, three].flatMap((r) => r.json).map((e) => e.id));
	is(ids.size, 300, '300 different events');
	const four = await c.get(`${ORG}/events?per_page=100&page=4`);
	is(four.status, 422, 'page 4 is refused');
	const large = await c.get(`${ORG}/events?per_page=500`);
	is(large.json.length, 100, 'per_page is cut to 100');
});

const conditional = () => against({}, async (sim, c) => {
	const path = `${ORG}/events?per_page=100`;
	const one = await c.get(path);
	ok(/^W\/"[0-9a-f]{64}"$/.test(one.headers.etag), 'a weak ETag');
	const used = Number(one.headers['x-ratelimit-used']);
	const again = await c.wait(60000).get(path, { 'if-none-match': one.headers.etag });
	is(again.status, 304, 'nothing new');
	is(again.text, '', '304 has no body');
	is(Number(again.headers['x-ratelimit-used']), used, '304 is free');
	c.token = null;
	const open = await c.get(path), same = await c.get(path,
	    { 'if-none-match': open.headers.etag });
	is(same.status, 304, 'nothing new without a token');
	is(Number(same.headers['x-ratelimit-used']),
	    Number(open.headers['x-ratelimit-used']) + 1, '304 without a token is paid');
	ok(open.headers.etag !== one.headers.etag, 'another token, another ETag');
	c.token = 'sim-token';
	const later = await c.wait(20 * HOUR).get(path, { 'if-none-match': one.headers.etag });
	is(later.status, 200, 'a day later there is something');
});

const personal = () => against({ world: 'private' }, async (sim, c) => {
	const org = await c.get(`${ORG}/events?per_page=100`);
	is(org.json, [], 'the organisation\'s feed hides private repositories');
	const me = await c.get('/user');
	const own = await c.get(`/users/${me.json.login}/events/orgs/sim-works?per_page=100`);
	is(own.json.length, 100, 'the personal feed shows them');
	is(rel(own, 'next').split('?')[0], `${sim.url}/user/${me.json.id}/events/orgs/sim-works`,
	    'its pages are linked by number');
	const other = await c.get('/users/sim-ada/events/orgs/sim-works');
	is(other.status, 404, 'nobody else\'s');
	c.token = 'sim-public';
	const none = await c.get(`/users/${me.json.login}/events/orgs/sim-works`);
	is(none.json, [], 'a token that sees no private repository');
	c.token = sim.tokens.rows.size && [...sim.tokens.rows.keys()].find((t) =>
	    t.startsWith('ghs_'));
	is((await c.get('/user')).status, 403, 'an App has no user');
	is((await c.get(`/users/${me.json.login}/events/orgs/sim-works`)).status, 403,
	    'nor a personal feed');
});

const moved = () => against({ cases: ['repo-renamed'] }, async (sim, c) => {
	const { id } = sim.world.named('case-repo-renamed');
	c.wait(3 * HOUR);
	const r = await c.get('/repos/sim-works/case-repo-renamed');
	is(r.status, 301, 'the old name has moved');
	is(r.headers.location, `${sim.url}/repositories/${id}`, 'to the number');
	is(r.json.url, r.headers.location, 'said in the body too');
	const deep = await c.get('/repos/sim-works/case-repo-renamed/pulls/1?x=1');
	is(deep.headers.location, `${sim.url}/repositories/${id}/pulls/1`, 'and what is in it');
	const now = await c.get(r.headers.location);
	is(now.json.full_name, 'sim-works/case-has-new-name', 'the number leads to it');
	is((await c.get('/repos/sim-works/case-has-new-name')).json.id, id, 'so does its name');
});

const compare = () => against({ cases: ['push-300', 'force-diverges',
	'unrelated-histories'] }, async (sim, c) => {
	const w = sim.world;
	const [big, fork, anew] = ['push-300', 'force-diverges', 'unrelated-histories']
	    .map((n) => w.named(`case-${n}`));
	const old = [big, fork, anew].map((r) => w.head(r));
	c.wait(5 * HOUR);
	const at = (r, i, more = '') => `/repositories/${r.id}/compare/${old[i]}...${
	    w.head(r)}${more}`;
	await c.get('/rate_limit');
	const whole = await c.get(at(big, 0));
	is([whole.json.status, whole.json.total_commits, whole.json.commits.length],
	    ['ahead', 300, 250], 'unpaged: 250 commits');
	is(whole.json.commits[249].sha, w.head(big), 'the last ones, up to the head');
	const shas = [];
	let url = at(big, 0, '?per_page=100&page=1'), files = [];
	for (let n = 0; url; n++) {
		const r = await c.get(url);
		shas.push(...r.json.commits.map((x) => x.sha));
		files.push(!!r.json.files);
		url = rel(r, 'next');
	}
	is(shas, big.git.between(old[0], w.head(big)).map((x) => x.sha).reverse(),
	    'paged: all 300, oldest first');
	is(files, [true, false, false], 'files on page 1 alone');
	const d = (await c.get(at(fork, 1))).json;
	is([d.status, d.ahead_by, d.behind_by], ['diverged', 8, 4], 'diverged');
	const back = (await c.get(`/repositories/${fork.id}/compare/${w.head(fork)}...${
	    d.merge_base_commit.sha}`)).json;
	is([back.status, back.behind_by, back.commits.length], ['behind', 8, 0], 'behind');
	const none = await c.get(at(anew, 2));
	is([none.status, none.json.message], [404,
	    `No common ancestor between ${old[2]} and ${w.head(anew)}.`], 'no common ancestor');
	is((await c.get(`/repositories/${fork.id}/compare/${'0'.repeat(40)}...main`)).status,
	    404, 'zeros are not there');
	ok(!sim.referee.offences.some((o) => o.rule !== 'refetched'), 'no rule broken',
	    sim.referee.summary().join('\n'));
});

const shut = () => against({ cases: ['repo-forbidden', 'repo-blocked', 'repo-empty',
	'repo-deleted'] }, async (sim, c) => {
	const at = (n, more = '') => `/repositories/${sim.world.named(`case-${n}`).id}${more}`;
	const paths = [at('repo-forbidden'), at('repo-blocked', '/commits'),
		at('repo-empty', '/commits'), at('repo-deleted')];
	const status = async () => {
		const out = [];
		for (const p of paths) out.push((await c.get(p)).status);
		return out;
	};
	is(await status(), [200, 200, 409, 200], 'before');
	c.wait(2 * HOUR + 15 * 60000);
	is(await status(), [403, 451, 409, 200], 'shut');
	c.wait(10 * HOUR);
	is(await status(), [200, 200, 409, 404], 'open again, and one gone');
});

const comments = () => against({ cases: ['comments-250'] }, async (sim, c) => {
	const { id } = sim.world.named('case-comments-250');
	c.wait(3 * HOUR);
	const seen = new Map();
	let since = new Date(sim.world.start).toISOString(), pages = 0;
	for (;;) {
		const r = await c.get(`/repositories/${id}/issues/comments?sort=updated` +
		    `&direction=asc&per_page=100&since=${since}`);
		for (const x of r.json) seen.set(x.id, x);
		pages++;
		if (r.json.length < 100) break;
		since = r.json[99].updated_at;
	}
	is([seen.size, pages], [250, 3], 'all comments, by since of the last');
	const desc = await c.get(`/repositories/${id}/issues/comments?sort=updated` +
	    '&direction=desc&per_page=10');
	ok(desc.json[0].updated_at >= desc.json[9].updated_at, 'newest first when asked');
	ok(rel(desc, 'next').includes(`/repositories/${id}/issues/comments?`), 'linked');
});

const refusals = () => against({}, async (sim, c) => {
	const repo = sim.world.orgRepos()[0];
	const path = `/repositories/${repo.id}/commits`;
	const status = async (more, token = 'sim-token', p = path) => {
		c.token = token;
		const r = await c.get(p, more);
		return [r.status, r.headers['x-accepted-github-permissions'] ||
		    r.headers['x-github-sso']];
	};
	is((await status({}, 'wrong'))[0], 401, 'a wrong token');
	is((await status({ 'user-agent': null }))[0], 403, 'no User-Agent');
	is((await status({ 'x-github-api-version': '1999-01-01' }))[0], 400, 'a wrong version');
	is(await status({}, 'sim-no-contents'), [403, 'contents=read'], 'a permission lacks');
	is(await status({}, 'sim-no-pulls', `/repositories/${repo.id}/pulls/1`),
	    [403, 'pull_requests=read'], 'another one');
	ok(/^required; url=/.test((await status({}, 'sim-no-sso'))[1]), 'single sign-on');
	const some = await status({}, 'sim-some-sso',
	    '/users/sim-admin/events/orgs/sim-works');
	is(some, [200, `partial-results; organizations=${sim.world.org.id}`], 'partly');
	is((await status({}, 'sim-token', `${path}/`))[0], 404, 'a slash at the end');
	is((await status({}, 'sim-token', '/zen'))[0], 404, 'an unknown address');
	is((await raw(sim.url, path, { method: 'POST', headers: HEADERS })).status, 404,
	    'another method');
});

const enterprise = () => against({ world: 'enterprise' }, async (sim, c) => {
	const r = await c.get(`${ORG}/events?per_page=100`);
	is(r.headers['x-ratelimit-limit'], undefined, 'no limit headers');
	ok(rel(r, 'next').startsWith(`${sim.url}/api/v3/organizations/`), 'its own addresses');
	const push = r.json.find((e) => e.type === 'PushEvent');
	ok(Array.isArray(push.payload.commits) && push.payload.commits.length <= 20,
	    'pushes carry commits');
	const pull = r.json.find((e) => e.type === 'PullRequestEvent');
	ok(pull.payload.pull_request.title, 'pull requests are whole');
	const g = await c.ask('{viewer{login} rateLimit{cost}}');
	is(g.json.data, { viewer: { login: 'sim-admin' }, rateLimit: null }, '/api/graphql');
	is((await raw(sim.url, '/user', { headers: c.headers({}) })).status, 404,
	    'nothing outside /api');
});

run([feedPages, conditional, personal, moved, compare, shut, comments, refusals, enterprise]);

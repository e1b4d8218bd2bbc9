/* SPDX-License-Identifier: Apache-2.0 */
/* test_openapi.js - REST answers and events against GitHub's own description. */
'use strict';

const { ok, is, against, run } = require('./tap.js');
const { OpenApi } = require('./openapi.js');

const DAY = 86400 * 1000;
const api = { github: new OpenApi('github'), enterprise: new OpenApi('enterprise') };

const answers = (world, which) => () => against({ world, cases: ['all'] },
    async (sim, c) => {
	const d = api[which];
	const repo = sim.world.orgRepos()[0];
	c.wait(4 * DAY);
	await c.get('/user');
	const stem = `/repositories/${repo.id}`, of = '/repos/{owner}/{repo}';
	const log = repo.git.log(sim.world.head(repo));
	const pulls = [...repo.pulls.values()];
	const rows = [['/user', '/user'], ['/orgs/sim-works', '/orgs/{org}'],
		['/users/sim-ada', '/users/{username}'], ['/rate_limit', '/rate_limit'],
		[stem, of], [`${stem}/commits`, `${of}/commits`],
		[`${stem}/commits/${log[0].sha}`, `${of}/commits/{ref}`],
		[`${stem}/compare/${log[9].sha}...${log[0].sha}`, `${of}/compare/{basehead}`],
		[`${stem}/issues/comments`, `${of}/issues/comments`],
		[`${stem}/pulls/comments`, `${of}/pulls/comments`],
		[`${stem}/issues/${[...repo.issues.keys()][0]}`,
			`${of}/issues/{issue_number}`],
		[`${stem}/issues/${pulls[0].number}`, `${of}/issues/{issue_number}`]];
	for (const state of ['OPEN', 'MERGED', 'CLOSED']) {
		const pr = pulls.find((p) => p.state === state);
		if (pr) rows.push([`${stem}/pulls/${pr.number}`, `${of}/pulls/{pull_number}`]);
	}
	const { releases } = sim.world.named('case-releases');
	rows.push([`/repositories/${sim.world.named('case-releases').id}/releases/${
	    releases[0].id}`, `${of}/releases/{release_id}`]);
	for (const [path, described] of rows) {
		const r = await c.get(path);
		is([r.status, ...d.answer(described, r.json)], [200], `${which}: ${described}`);
	}
});

/*
 * Where GitHub itself does not keep to its description: a created repository has no
 * ref, and a fork that is gone leaves null.
 */
const KNOWN = ['CreateEvent: /ref must be string {"type":"string"}',
	...['PullRequestEvent', 'PullRequestReviewEvent'].map((t) =>
	    `${t}: /pull_request/head/repo must be object {"type":"object"}`),
	'PullRequestEvent: /pull_request/head/user must be object {"type":"object"}'];

/* Every event there was, by type. */
const events = (world, which) => () => against({ world, cases: ['all'] },
    async (sim) => {
	const Feed = require('./feed.js');
	const d = api[which];
	sim.advance(sim.world.start + 4 * DAY);
	const wrong = new Map(), seen = new Map();
	for (const e of sim.world.events) {
		if (e.type === 'SomethingNewEvent' || e.payload.action === 'reimagined') continue;
		const shown = JSON.parse(JSON.stringify({ ...Feed.shape(e), org: {
			id: sim.world.org.id, login: sim.world.org.login, gravatar_id: '',
			url: 'https://api.sim.invalid/orgs/x',
			avatar_url: 'https://avatars.githubusercontent.com/u/1?' } }));
		seen.set(e.type, (seen.get(e.type) || 0) + 1);
		for (const m of d.event(shown))
			if (!KNOWN.includes(m)) wrong.set(m, (wrong.get(m) || 0) + 1);
	}
	ok(seen.size >= 13, `${which}: many types of events`, [...seen.keys()].join(' '));
	is([...wrong.keys()], [], `${which}: all events are as described`);
});

const refusals = () => against({ cases: ['repo-blocked', 'repo-empty', 'repo-deleted'] },
    async (sim, c) => {
	const id = (n) => sim.world.named(`case-${n}`).id;
	const [blocked, empty, gone] = ['repo-blocked', 'repo-empty', 'repo-deleted'].map(id);
	c.wait(3.5 * 3600 * 1000);
	await c.get('/user');
	c.wait(-1.5 * 3600 * 1000);
	const of = '/repos/{owner}/{repo}';
	const g = api.github;
	const r409 = await c.get(`/repositories/${empty}/commits`);
	is([r409.status, ...g.answer(`${of}/commits`, r409.json, 409)], [409], '409');
	const r404 = await c.get(`/repositories/${gone}`);
	is([r404.status, ...g.answer(of, r404.json, 404)], [404], '404');
	ok(blocked > 0 && g.answer('/user', { login: 7 }).length > 5, 'mistakes are seen');
});

run([answers('small', 'github'), events('small', 'github'), refusals,
	answers('enterprise', 'enterprise'), events('enterprise', 'enterprise')]);

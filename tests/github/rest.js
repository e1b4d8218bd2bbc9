/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rest.js - which addresses there are. A route is a path with :names, and the
 * function that answers; under /repos/:owner/:repo and /repositories/:repoId the
 * same things are to be had, by name or by number.
 */
'use strict';

const F = require('./rest_feed.js');
const R = require('./rest_repo.js');
const S = require('./shapes.js');
const { Refusal, notFound } = require('./reply.js');

const ROUTES = [
	['/user', F.me],
	['/rate_limit', F.rateLimit],
	['/orgs/:org', F.org],
	['/orgs/:org/events', F.orgEvents],
	['/orgs/:org/repos', F.orgRepos],
	['/organizations/:orgId/events', F.orgEvents],
	['/users/:login', F.user],
	['/users/:login/events', F.actorEvents],
	['/user/:userId/events', F.actorEvents],
	['/users/:login/events/orgs/:org', F.userEvents],
	['/user/:userId/events/orgs/:org', F.userEvents],
];
const OF_REPO = [
	['', R.repository],
	['/compare/:basehead*', R.compare],
	['/commits', R.commits],
	['/commits/:sha*', R.commit],
	['/pulls', R.pulls],
	['/pulls/:number/reviews', R.reviews],
	['/issues', R.issues],
	['/releases', R.releases],
	['/issues/comments', R.issueComments],
	['/pulls/comments', R.reviewComments],
	['/releases/:id', R.release],
	['/pulls/:number', R.pull],
	['/issues/:number', R.issue],
];

/* A name takes one part of a path, with * all that is left. */
function pattern(path) {
	const source = path.replace(/:(\w+)(\*?)/g, (m, name, rest) =>
	    `(?<${name}>${rest ? '.+' : '[^/]+'})`);
	return new RegExp(`^${source}$`);
}

const TABLE = [...ROUTES.map(([p, run]) => ({ re: pattern(p), run, repo: false })),
	...['/repos/:owner/:repo', '/repositories/:repoId'].flatMap((stem) =>
	    OF_REPO.map(([p, run]) => ({ re: pattern(stem + p), run, repo: true })))];

/* The route of a path: { run, repo, params }, or null. */
function find(path) {
	for (const t of TABLE) {
		const m = t.re.exec(path);
		if (!m) continue;
		const params = { ...m.groups };
		try {
			for (const k of Object.keys(params))
				params[k] = decodeURIComponent(params[k]);
		} catch (e) {
			return null;		/* not UTF-8 */
		}
		return { run: t.run, repo: t.repo, params };
	}
	return null;
}

function blocked(repo) {
	return new Refusal(451, 'Repository access blocked', { more: { block: {
		reason: 'dmca', created_at: S.iso(repo.updatedAt),
		html_url: 'https://github.com/github/dmca/blob/master/sim.md' } } });
}

/* The repository of a request, or the refusal it meets. */
function theRepo(q, path) {
	const { params, world } = q;
	const byName = params.repoId === undefined;
	const name = `${params.owner}/${params.repo}`;
	const repo = byName ? world.repoNamed(name) : world.repos.get(Number(params.repoId));
	if (!repo || !q.sees(repo)) throw notFound();
	q.token.signedOn(world.orgOf(repo) || world.org);
	const rest = byName ? path.split('/').slice(4).join('/') : '';
	const tail = `/repositories/${repo.id}`;
	if (byName && world.fullName(repo).toLowerCase() !== name.toLowerCase()) {
		const url = `${S.API}${tail}${rest ? `/${rest}` : ''}`;
		throw new Refusal(301, 'Moved Permanently',
		    { headers: { location: url }, more: { url } });
	}
	if (repo.blocked) throw blocked(repo);
	if (repo.forbidden) throw new Refusal(403, q.token.refusal);
	if (repo.disabled) throw new Refusal(403, 'Repository access blocked');
	q.repo = repo;
	q.tail = tail;
	return repo;
}

/* q: see server.js. */
function answer(q, path) {
	const route = find(path);
	if (!route) {
		q.unknown = true;
		throw notFound();
	}
	q.params = route.params;
	if (route.repo) theRepo(q, path);
	return route.run(q);
}

module.exports = { answer, find };

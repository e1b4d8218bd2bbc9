/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listers.js - two programs that fetch everything an organisation has, as most who
 * write such a thing for one afternoon would: by GraphQL, one repository after the
 * other and one query a page; and by REST, where counts of a commit or a pull
 * request are told only of one asked for alone. They fetch what hubstash stores:
 * commits of default branches, pull requests with reviews and comments, issues with
 * comments, releases. Nothing is kept, nothing is followed, no limit is heeded.
 *
 *	await graphqlLister({ url, org, token, now });	// now(): for X-Sim-Now
 *	await restLister({ url, org, token, now });
 *
 * give { commits, pulls } as they were counted.
 */
'use strict';

async function ask(at, path, body) {
	const r = await fetch(path.startsWith('http') ? path : at.url + path, {
		method: body ? 'POST' : 'GET', body: body && JSON.stringify(body),
		headers: { authorization: `Bearer ${at.token}`, 'user-agent': 'lister',
			accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28',
			'x-sim-now': String(at.now()) } });
	const json = await r.json();
	if (r.status !== 200 || json.errors)
		throw new Error(`${path}: ${r.status} ${JSON.stringify(json).slice(0, 500)}`);
	return { json, link: r.headers.get('link') || '' };
}

/* GraphQL. */

const PAGE = 'pageInfo{hasNextPage endCursor}';
const WHO = '__typename login';
const COMMENT = `fullDatabaseId createdAt updatedAt url author{${WHO}}`;
const REVIEW_COMMENTS = (args) => `comments(${args}){${PAGE} nodes{${COMMENT} replyTo{id}}}`;
const REVIEWS = (args) => `reviews(${args}){${PAGE} nodes{id fullDatabaseId state body ` +
    `submittedAt url author{${WHO}} ${REVIEW_COMMENTS('first:5')}}}`;
const COMMENTS = (args) => `comments(${args}){totalCount ${PAGE} nodes{${COMMENT}}}`;
const LABELS = 'labels(first:30){nodes{name}}';
const COMMITS = (args) => `defaultBranchRef{target{...on Commit{history(${args}){${PAGE} ` +
    'nodes{oid message committedDate authoredDate additions deletions ' +
    'changedFilesIfAvailable parents(first:100){nodes{oid}} author{name email date ' +
    'user{login databaseId}} authors(first:10){nodes{name email user{login databaseId}}}}}}}}';
const PULLS = (args) => `pullRequests(${args}){${PAGE} nodes{id number title state isDraft ` +
    'createdAt updatedAt mergedAt closedAt url additions deletions changedFiles ' +
    `author{${WHO}} mergedBy{${WHO}} ${LABELS} commits{totalCount} ` +
    `${COMMENTS('first:10')} ${REVIEWS('first:10')}}}`;
const ISSUES = (args) => `issues(${args}){${PAGE} nodes{id number title state stateReason ` +
    `createdAt updatedAt closedAt url author{${WHO}} ${LABELS} ${COMMENTS('first:10')}}}`;
const RELEASES = (args) => `releases(${args}){${PAGE} nodes{databaseId tagName name isDraft ` +
    `isPrerelease createdAt updatedAt publishedAt url author{${WHO}}}}`;

/* All nodes of the list that fields(args) asks of a node and pick finds in the answer. */
async function every(at, id, type, fields, first, pick, from) {
	const nodes = [];
	for (let page = from || { hasNextPage: true }; page.hasNextPage; ) {
		const after = page.endCursor ? `,after:${JSON.stringify(page.endCursor)}` : '';
		const query = `query{node(id:${JSON.stringify(id)}){...on ${type}{${
		    fields(`first:${first}${after}`)}}}}`;
		const list = pick((await ask(at, '/graphql', { query })).json.data.node);
		if (!list) break;		/* an empty repository */
		nodes.push(...list.nodes);
		page = list.pageInfo;
	}
	return nodes;
}

/* What did not fit into the page of its pull request or issue. */
async function nested(at, thing, type) {
	if (thing.comments.pageInfo.hasNextPage)
		await every(at, thing.id, type, COMMENTS, 100, (n) => n.comments,
		    thing.comments.pageInfo);
	if (!thing.reviews) return;
	const more = thing.reviews.pageInfo.hasNextPage ? await every(at, thing.id, type,
	    REVIEWS, 100, (n) => n.reviews, thing.reviews.pageInfo) : [];
	for (const r of [...thing.reviews.nodes, ...more])
		if (r.comments.pageInfo.hasNextPage)
			await every(at, r.id, 'PullRequestReview', REVIEW_COMMENTS, 100,
			    (n) => n.comments, r.comments.pageInfo);
}

async function graphqlLister(at) {
	const query = `query{organization(login:${JSON.stringify(at.org)}){repositories(` +
	    'first:100,isFork:false){nodes{id}}}}';
	const { data } = (await ask(at, '/graphql', { query })).json;
	const count = { commits: 0, pulls: 0 };
	for (const { id } of data.organization.repositories.nodes) {
		const list = (fields, first, pick) => every(at, id, 'Repository', fields, first,
		    pick);
		count.commits += (await list(COMMITS, 100, (r) => r.defaultBranchRef &&
		    r.defaultBranchRef.target.history)).length;
		const pulls = await list(PULLS, 50, (r) => r.pullRequests);
		count.pulls += pulls.length;
		for (const p of pulls) await nested(at, p, 'PullRequest');
		for (const i of await list(ISSUES, 100, (r) => r.issues))
			await nested(at, i, 'Issue');
		await list(RELEASES, 100, (r) => r.releases);
	}
	return count;
}

/* REST. */

async function pages(at, path) {
	const all = [];
	for (let next = path; next; ) {
		const { json, link } = await ask(at, next);
		all.push(...json);
		next = (/<([^>]+)>; rel="next"/.exec(link) || [])[1];
	}
	return all;
}

async function restLister(at) {
	const count = { commits: 0, pulls: 0 };
	for (const repo of await pages(at, `/orgs/${at.org}/repos?per_page=100`)) {
		if (repo.fork) continue;
		const stem = `/repositories/${repo.id}`;
		const list = (path, more = '') => pages(at, `${stem}${path}?per_page=100${more}`);
		for (const c of await list('/commits')) {
			await ask(at, `${stem}/commits/${c.sha}`);
			count.commits++;
		}
		for (const p of await list('/pulls', '&state=all')) {
			await ask(at, `${stem}/pulls/${p.number}`);
			await list(`/pulls/${p.number}/reviews`);
			count.pulls++;
		}
		await list('/pulls/comments');
		await list('/issues', '&state=all');
		await list('/issues/comments');
		await list('/releases');
	}
	return count;
}

module.exports = { graphqlLister, restLister };

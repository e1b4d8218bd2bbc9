/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rest_repo.js - what is asked of one repository. q.repo is it, already seen to
 * be there and readable; q.tail is its numeric path, for Link headers.
 */
'use strict';

const S = require('./shapes.js');
const P = require('./shapes_pull.js');
const { Refusal, notFound, paged, pageOf, link } = require('./reply.js');

const UNPAGED = 250;		/* commits of a comparison without page and per_page */
const DEEP = 400;		/* pages of a list, more are refused */

const repository = (q) => ({ status: 200, body: S.fullRepository(q.world, q.repo) });

/* A branch, a tag or a SHA to a commit that is still there. */
function resolve(repo, name) {
	const sha = repo.branches.get(name) || repo.tags.get(name) || name;
	return repo.git.get(sha) && !repo.gc.has(sha) ? sha : null;
}

function allFiles(repo, ahead, head) {
	const sums = new Map();
	for (const c of ahead)
		for (const f of c.files) sums.set(f, (sums.get(f) || 0) + 1);
	const c = repo.git.get(head);
	return [...sums].slice(0, 300).flatMap(([f, n]) => S.files(repo, c, [f], n, n));
}

/* base...head: chronological, paged; files on page 1 alone. */
function compare(q) {
	q.token.needs('contents');
	const { repo, world, query } = q;
	const m = /^(.+?)\.\.\.(.+)$/.exec(q.params.basehead);
	const base = m && resolve(repo, m[1]), head = m && resolve(repo, m[2]);
	if (!base || !head) throw notFound();
	const r = repo.git.compare(base, head);
	if (!r) throw new Refusal(404, `No common ancestor between ${m[1]} and ${m[2]}.`);
	const list = r.ahead.slice().reverse();
	const whole = !query.has('page') && !query.has('per_page');
	const { n } = pageOf(query);
	const { rows, headers } = whole ? { rows: list.slice(-UNPAGED), headers: {} } :
	    paged(list, `${q.tail}/compare/${q.params.basehead}`, query);
	const url = `${S.repoUrl(repo)}/compare/${base}...${head}`;
	const html = `${S.repoHtml(repo)}/compare/${base}...${head}`;
	const commit = (sha) => S.commit(world, repo, repo.git.get(sha));
	const body = { url, html_url: html, permalink_url: html, diff_url: `${html}.diff`,
		patch_url: `${html}.patch`, base_commit: commit(base),
		merge_base_commit: commit(r.base), status: r.status, ahead_by: r.ahead.length,
		behind_by: r.behind.length, total_commits: r.ahead.length,
		commits: rows.map((c) => S.commit(world, repo, c)) };
	if (n === 1) body.files = allFiles(repo, r.ahead, head);
	q.sim.wasRead(repo);
	return { status: 200, body, headers,
		fixed: [m[1], m[2]].every((x) => /^[0-9a-f]{40}$/.test(x)) };
}

function commits(q) {
	q.token.needs('contents');
	const { repo, world, query } = q;
	if (!world.head(repo)) throw new Refusal(409, 'Git Repository is empty.');
	const sha = resolve(repo, query.get('sha') || repo.defaultBranch);
	if (!sha) throw notFound();
	const date = (name) => (query.has(name) ? Date.parse(query.get(name)) : undefined);
	const list = repo.git.logSince(sha, date('since'), date('until'));
	const { rows, headers } = paged(list, `${q.tail}/commits`, query);
	return { status: 200, headers, body: rows.map((c) => S.commit(world, repo, c)) };
}

function commit(q) {
	q.token.needs('contents');
	const { repo, world } = q;
	if (!world.head(repo)) throw new Refusal(409, 'Git Repository is empty.');
	const sha = resolve(repo, q.params.sha);
	if (!sha) throw new Refusal(422, `No commit found for SHA: ${q.params.sha}`);
	return { status: 200, body: S.commit(world, repo, repo.git.get(sha), true) };
}

/* Comments since a time, in the order asked for. */
function list(q, all, shape, path) {
	const { query } = q;
	const by = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
	const dir = query.has('sort') && query.get('direction') === 'desc' ? -1 : 1;
	const since = query.has('since') ? Date.parse(query.get('since')) : -Infinity;
	if (Number.isNaN(since)) throw new Refusal(422, 'Validation Failed');
	const rows = all.filter((c) => c.updatedAt >= since)
	    .sort((a, b) => dir * (a[by] - b[by] || a.id - b.id));
	const { n, per } = pageOf(query);
	if (n > DEEP) throw new Refusal(422, 'pagination is limited for this resource');
	const page = rows.slice((n - 1) * per, n * per);
	const reply = { status: 200, body: page.map((c) => shape(q.world, c)),
		headers: link(`${q.tail}${path}`, query, n, Math.ceil(rows.length / per)) };
	if (page.length === per) q.sim.edited(q, page[0]);
	return reply;
}

function issueComments(q) {
	q.token.needs('issues');
	const all = [...q.repo.issues.values(), ...q.repo.pulls.values()]
	    .flatMap((x) => x.comments);
	return list(q, all, S.issueComment, '/issues/comments');
}

function reviewComments(q) {
	q.token.needs('pull_requests');
	const all = [...q.repo.pulls.values()].flatMap((p) => p.reviews)
	    .filter((r) => r.submittedAt !== null).flatMap((r) => r.comments);
	return list(q, all, S.reviewComment, '/pulls/comments');
}

function release(q) {
	q.token.needs('contents');
	const r = q.repo.releases.find((x) => x.id === Number(q.params.id));
	if (!r || (r.draft && !q.pushes(q.repo))) throw notFound();
	return { status: 200, body: S.release(q.world, r) };
}

function pull(q) {
	q.token.needs('pull_requests');
	const pr = q.repo.pulls.get(Number(q.params.number));
	if (!pr) throw notFound();
	return { status: 200, body: P.whole(q.world, pr) };
}

/* A page of a list, newest first. */
function listed(q, all, path, shape) {
	const { rows, headers } = paged(all.reverse(), `${q.tail}${path}`, q.query);
	return { status: 200, headers, body: rows.map((x) => shape(q.world, x)) };
}

const inState = (q, all) => {
	const state = (q.query.get('state') || 'open').toUpperCase();
	return [...all].filter((x) => state === 'ALL' || (x.state === 'OPEN') === (state === 'OPEN'));
};

function pulls(q) {
	q.token.needs('pull_requests');
	return listed(q, inState(q, q.repo.pulls.values()), '/pulls', P.listed);
}

/* To GitHub a pull request is an issue, too. */
function issues(q) {
	q.token.needs('issues');
	const all = inState(q, [...q.repo.issues.values(), ...q.repo.pulls.values()]);
	return listed(q, all.sort((a, b) => a.number - b.number), '/issues', S.issue);
}

function reviews(q) {
	q.token.needs('pull_requests');
	const pr = q.repo.pulls.get(Number(q.params.number));
	if (!pr) throw notFound();
	const { rows, headers } = paged(pr.reviews.filter((r) => r.submittedAt !== null),
	    `${q.tail}/pulls/${pr.number}/reviews`, q.query);
	return { status: 200, headers, body: rows.map((r) => S.review(q.world, r)) };
}

function releases(q) {
	q.token.needs('contents');
	return listed(q, q.repo.releases.filter((r) => !r.draft || q.pushes(q.repo)),
	    '/releases', S.release);
}

function issue(q) {
	q.token.needs('issues');
	const n = Number(q.params.number);
	const i = q.repo.issues.get(n) || q.repo.pulls.get(n);
	if (!i) throw notFound();
	return { status: 200, body: { ...S.issue(q.world, i),
		closed_by: S.user(i.closedBy || i.mergedBy || null) } };
}

module.exports = { repository, compare, commits, commit, issueComments, reviewComments,
	release, releases, pull, pulls, reviews, issue, issues };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shapes_pull.js - pull requests as REST writes them: whole, and the stub that
 * has stood in events since October 2025.
 */
'use strict';

const S = require('./shapes.js');

/* A fork that is gone leaves null. */
const headRepo = (pr) => (pr.head.repo && !pr.head.repo.gone ? pr.head.repo : null);

function minimal(w, pr) {
	const end = (ref, sha, repo) => ({ ref, sha, repo: repo && { id: repo.id,
		url: S.repoUrl(repo), name: repo.name } });
	return { url: `${S.repoUrl(pr.repo)}/pulls/${pr.number}`, id: pr.id,
		number: pr.number, head: end(pr.head.ref, pr.head.sha, headRepo(pr)),
		base: end(pr.base.ref, pr.base.sha, pr.repo) };
}

function whole(w, pr) {
	const api = `${S.repoUrl(pr.repo)}/pulls/${pr.number}`;
	const issue = `${S.repoUrl(pr.repo)}/issues/${pr.number}`;
	const html = `${S.repoHtml(pr.repo)}/pull/${pr.number}`;
	const end = (ref, sha, repo) => ({ label: `${repo ? repo.owner.login : 'unknown'
	    }:${ref}`, ref, sha, user: repo ? S.user(repo.owner) : null,
		repo: repo && S.repository(w, repo) });
	const link = (href) => ({ href });
	const out = { url: api, id: pr.id, node_id: pr.nodeId, html_url: html,
		diff_url: `${html}.diff`, patch_url: `${html}.patch`, issue_url: issue,
		number: pr.number, state: pr.state === 'OPEN' ? 'open' : 'closed',
		locked: false, title: pr.title, user: S.user(pr.author), body: pr.body,
		created_at: S.iso(pr.createdAt), updated_at: S.iso(pr.updatedAt),
		closed_at: S.iso(pr.closedAt), merged_at: S.iso(pr.mergedAt),
		merge_commit_sha: pr.mergeCommit, assignee: null, assignees: [],
		requested_reviewers: [], requested_teams: [],
		labels: pr.labels.map((l) => S.label(pr.repo, l)), milestone: null,
		draft: pr.draft, commits_url: `${api}/commits`,
		review_comments_url: `${api}/comments`,
		review_comment_url: `${S.repoUrl(pr.repo)}/pulls/comments{/number}`,
		comments_url: `${issue}/comments`,
		statuses_url: `${S.repoUrl(pr.repo)}/statuses/${pr.head.sha}`,
		head: end(pr.head.ref, pr.head.sha, headRepo(pr)),
		base: end(pr.base.ref, pr.base.sha, pr.repo),
		author_association: 'MEMBER', auto_merge: null, active_lock_reason: null,
		merged: pr.state === 'MERGED', mergeable: null, rebaseable: null,
		mergeable_state: 'unknown', merged_by: pr.mergedBy && S.user(pr.mergedBy),
		comments: pr.comments.length,
		review_comments: pr.reviews.reduce((n, r) => n + r.comments.length, 0),
		maintainer_can_modify: false, commits: pr.commits.length,
		additions: pr.additions, deletions: pr.deletions,
		changed_files: pr.changedFiles };
	out._links = { self: link(api), html: link(html), issue: link(issue),
		comments: link(out.comments_url), review_comments: link(out.review_comments_url),
		review_comment: link(out.review_comment_url), commits: link(out.commits_url),
		statuses: link(out.statuses_url) };
	return out;
}

/* In a list: without what must be counted. */
const COUNTED = ['merged', 'mergeable', 'rebaseable', 'mergeable_state', 'merged_by',
	'comments', 'review_comments', 'maintainer_can_modify', 'commits', 'additions',
	'deletions', 'changed_files'];

function listed(w, pr) {
	const out = whole(w, pr);
	for (const k of COUNTED) delete out[k];
	return out;
}

module.exports = { minimal, whole, listed };

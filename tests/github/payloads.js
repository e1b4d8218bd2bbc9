/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payloads.js - what an event carries, written when it happens. Since October
 * 2025 a push names only its ends and a pull request is a stub (changelog
 * 2025-08-08); GitHub Enterprise (world.legacy) still writes both whole.
 */
'use strict';

const S = require('./shapes.js');
const P = require('./shapes_pull.js');

const ZERO = '0'.repeat(40);
const KEPT = 45 * 86400 * 1000;	/* ms before the world is looked at */

function push(w, repo, ref, before, head) {
	const out = { repository_id: repo.id, push_id: w.newId('push'), ref, head, before };
	if (!w.legacy) return out;
	const list = before === ZERO ? repo.git.log(head) : repo.git.between(before, head);
	return Object.assign(out, { size: list.length, distinct_size: list.length,
		commits: list.slice(0, 20).reverse().map((c) => ({ sha: c.sha,
			author: { email: c.author.email, name: c.author.name },
			message: c.message, distinct: true,
			url: `${S.repoUrl(repo)}/commits/${c.sha}` })) });
}

const stub = (w, pr) => (w.legacy ? P.whole(w, pr) : P.minimal(w, pr));

/* Enterprise tells of opened, closed and reopened alone: others are null. */
function pull(w, pr, action, { label } = {}) {
	if (w.legacy && !['opened', 'closed', 'reopened'].includes(action)) return null;
	const out = { action, number: pr.number, pull_request: stub(w, pr) };
	if (label) {
		out.label = S.label(pr.repo, label);
		out.labels = pr.labels.map((l) => S.label(pr.repo, l));
	}
	return out;
}

const review = (w, r, action) => ({ action: w.legacy ? 'created' : action,
	review: S.review(w, r), pull_request: stub(w, r.pr) });

function reviewComment(w, c) {
	const comment = S.reviewComment(w, c);
	delete comment.author_association;
	return { action: 'created', comment, pull_request: stub(w, c.review.pr) };
}

function issue(w, i, action, { label } = {}) {
	if (w.legacy && !['opened', 'closed', 'reopened'].includes(action)) return null;
	const out = { action, issue: S.issue(w, i) };
	if (label) {
		out.label = S.label(i.repo, label);
		out.labels = i.labels.map((l) => S.label(i.repo, l));
	}
	return out;
}

const issueComment = (w, c) => ({ action: 'created', issue: S.issue(w, c.parent),
	comment: S.issueComment(w, c) });

function fullRef(type, ref) {
	if (type === 'branch') return `refs/heads/${ref}`;
	return type === 'tag' ? `refs/tags/${ref}` : '';
}

/* Enterprise does not spell a ref out. */
const refOf = (w, type, ref) => ({ ref, ref_type: type,
	...(w.legacy ? {} : { full_ref: fullRef(type, ref) }) });

const create = (w, repo, type, ref) => ({ ...refOf(w, type, ref),
	master_branch: repo.defaultBranch, description: repo.description,
	pusher_type: 'user' });

const del = (w, type, ref) => ({ ...refOf(w, type, ref), pusher_type: 'user' });

/* Enterprise names an action only where there are several. */
const only = (w, action) => (w.legacy ? {} : { action });

const fork = (w, parent, forkee) => ({ ...only(w, 'forked'),
	forkee: { ...S.repository(w, forkee), public: !forkee.private } });

const member = (w, person) => ({ action: 'added', member: S.user(person) });

const wiki = (w, repo, page, title) => ({ pages: [{ page_name: page, title, summary: null,
	action: 'edited', sha: require('./prng.js').sha1(`${repo.id} ${page} ${w.now}`),
	html_url: `${S.repoHtml(repo)}/wiki/${page}` }] });

function commitComment(w, repo, c) {
	const url = `${S.repoUrl(repo)}/comments/${c.id}`;
	return { ...only(w, 'created'), comment: { url, id: c.id, node_id: c.nodeId,
		html_url: `${S.repoHtml(repo)}/commit/${c.sha}#commitcomment-${c.id}`,
		user: S.user(c.author), position: null, line: null, path: null,
		commit_id: c.sha, body: c.body, created_at: S.iso(c.createdAt),
		updated_at: S.iso(c.updatedAt),
		reactions: { url: `${url}/reactions`, total_count: 0, '+1': 0, '-1': 0, laugh: 0,
			hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 } } };
}

const release = (w, r) => ({ action: 'published', release: { ...S.release(w, r),
	short_description_html: '<p></p>', is_short_description_html_truncated: false } });

/* What no feed can show any more is not written out: a year is many events. */
const shown = (make) => (w, ...rest) =>
	(w.now < w.start - KEPT && !w.legacy ? {} : make(w, ...rest));

module.exports = Object.fromEntries(Object.entries({ push, pull, review, reviewComment,
	issue, issueComment, create, del, fork, member, wiki, commitComment, release })
    .map(([name, make]) => [name, shown(make)]));

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * talk.js - pull requests, reviews, issues and comments: the actions on them.
 * Whatever changes one moves its updatedAt, as on GitHub; with the quirk
 * quiet-reviews answers in review threads do not.
 */
'use strict';

const payloads = require('./payloads.js');
const { commit, push, deleteBranch, setHead } = require('./actions.js');

const WEB_FLOW = { name: 'GitHub', email: 'noreply@github.com', tz: 0 };

function touch(w, thing) {
	thing.updatedAt = w.second;
}

function openPull(w, repo, author, { title, body = '', branch, headRepo = repo,
    base = repo.defaultBranch, draft = false, labels = [] }) {
	const number = repo.nextNumber++;
	const pr = w.register('pull', 'PullRequest', { repo, number, title, body, author,
		draft, state: 'OPEN', createdAt: w.second, updatedAt: w.second,
		closedAt: null, mergedAt: null, mergedBy: null, mergeCommit: null,
		head: { ref: branch, repo: headRepo }, base: { ref: base }, labels,
		comments: [], reviews: [] });
	setHead(w, pr, headRepo.branches.get(branch));
	repo.pulls.set(number, pr);
	repo.openPulls.add(pr);
	w.event('PullRequestEvent', author, repo, payloads.pull(w, pr, 'opened'));
	return pr;
}

function editPull(w, pr, fields) {
	Object.assign(pr, fields);
	touch(w, pr);
}

function labelPull(w, pr, actor, label) {
	if (pr.labels.includes(label)) return;
	pr.labels = [...pr.labels, label];
	touch(w, pr);
	w.event('PullRequestEvent', actor, pr.repo, payloads.pull(w, pr, 'labeled', { label }));
}

function closePull(w, pr, actor) {
	if (pr.state !== 'OPEN') return;
	pr.state = 'CLOSED';
	pr.closedAt = w.second;
	pr.repo.openPulls.delete(pr);
	touch(w, pr);
	w.event('PullRequestEvent', actor, pr.repo, payloads.pull(w, pr, 'closed'));
}

function reopenPull(w, pr, actor) {
	if (pr.state !== 'CLOSED') return;
	pr.state = 'OPEN';
	pr.closedAt = null;
	pr.repo.openPulls.add(pr);
	touch(w, pr);
	w.event('PullRequestEvent', actor, pr.repo, payloads.pull(w, pr, 'reopened'));
}

/* The other authors of the commits, who a squash names in trailers. */
function coAuthors(pr, signed) {
	const seen = new Set([signed.email.toLowerCase()]), out = [];
	const name = (text, mail) => {
		if (seen.has(mail.toLowerCase())) return;
		seen.add(mail.toLowerCase());
		out.push(text);
	};
	for (const c of pr.commits) {
		name(`${c.author.name} <${c.author.email}>`, c.author.email);
		for (const m of c.message.matchAll(/^co-authored-by: (.*) <([^>]+)>$/gim))
			name(`${m[1]} <${m[2]}>`, m[2]);
	}
	return out;
}

/* The commit or commits a merge by method makes; gives the new head. */
function mergedHead(w, pr, method, actor) {
	const { repo } = pr, base = repo.branches.get(pr.base.ref), tz = actor.tz;
	const by = { ...WEB_FLOW, date: w.second };
	const flow = { committer: by, additions: pr.additions, deletions: pr.deletions,
		files: [...new Set(pr.commits.flatMap((c) => c.files))] };
	if (method === 'merge') {
		const from = `${pr.head.repo.owner.login}/${pr.head.ref}`;
		return commit(w, repo, { person: actor, parents: [base, pr.head.sha], ...flow,
			message: `Merge pull request #${pr.number} from ${from}\n\n${pr.title}` });
	}
	if (method === 'squash') {
		const author = w.people.sign(pr.author, w.rng);
		const list = pr.commits.length > 1 ? pr.commits.map((c) =>
		    `* ${c.message.split('\n')[0]}`).join('\n\n') : '';
		return commit(w, repo, { person: pr.author, author: { tz, ...author }, ...flow,
			parents: [base], co: coAuthors(pr, author), authored: w.second,
			message: `${pr.title} (#${pr.number})${list ? `\n\n${list}` : ''}` });
	}
	let head = base;
	for (const c of pr.commits) {
		if (c.parents.length > 1) continue;
		head = repo.git.add({ parents: [head], message: c.message, author: c.author,
			committer: { ...w.people.sign(actor, w.rng), tz, date: w.second },
			additions: c.additions, deletions: c.deletions, files: c.files }).sha;
	}
	return head;
}

/* method: merge, squash or rebase. */
function mergePull(w, pr, actor, method = 'squash', { keepBranch = false } = {}) {
	if (pr.state !== 'OPEN' || !pr.commits.length) return;
	const { repo } = pr;
	const frozen = { commits: pr.commits, additions: pr.additions,
		deletions: pr.deletions, changedFiles: pr.changedFiles };
	pr.repo.openPulls.delete(pr);
	const head = mergedHead(w, pr, method, actor);
	Object.assign(pr, frozen, { state: 'MERGED', draft: false, mergedBy: actor,
		mergedAt: w.second, closedAt: w.second, mergeCommit: head });
	touch(w, pr);
	push(w, repo, pr.base.ref, head, actor, { activity: 'pr_merge' });
	w.event('PullRequestEvent', actor, repo,
	    payloads.pull(w, pr, w.legacy ? 'closed' : 'merged'));
	if (!keepBranch && pr.head.repo === repo && repo.branches.has(pr.head.ref))
		deleteBranch(w, repo, pr.head.ref, actor);
}

/*
 * A review. state: APPROVED, CHANGES_REQUESTED, COMMENTED, PENDING (nobody but
 * its author sees it). comments: { path, body } of it.
 */
function review(w, pr, author, state, { body = '', comments = [] } = {}) {
	const pending = state === 'PENDING';
	const r = w.register('review', 'PullRequestReview', { pr, author, state, body,
		createdAt: w.second, updatedAt: w.second, comments: [],
		submittedAt: pending ? null : w.second, sha: pr.head.sha });
	pr.reviews.push(r);
	for (const c of comments) reviewComment(w, r, author, c);
	if (pending) return r;
	touch(w, pr);
	w.event('PullRequestReviewEvent', author, pr.repo,
	    payloads.review(w, r, 'created'));
	return r;
}

function reviewComment(w, r, author, { path = 'src/file1.c', body, replyTo = null }) {
	const c = w.register('review_comment', 'PullRequestReviewComment', { review: r,
		author, body, path, replyTo, createdAt: w.second, updatedAt: w.second });
	r.comments.push(c);
	if (r.submittedAt !== null)
		w.event('PullRequestReviewCommentEvent', author, r.pr.repo,
		    payloads.reviewComment(w, c));
	return c;
}

/* An answer in a thread: GitHub makes a review of its own of it. */
function reply(w, to, author, body) {
	const { pr } = to.review;
	const r = w.register('review', 'PullRequestReview', { pr, author, state: 'COMMENTED',
		body: '', createdAt: w.second, updatedAt: w.second, submittedAt: w.second,
		comments: [], sha: pr.head.sha });
	pr.reviews.push(r);
	const c = reviewComment(w, r, author, { path: to.path, body,
		replyTo: to.replyTo || to });
	if (!w.quirks['quiet-reviews']) touch(w, pr);
	w.event('PullRequestReviewEvent', author, pr.repo,
	    payloads.review(w, r, 'created'));
	return c;
}

function submitReview(w, r, state) {
	r.state = state;
	r.submittedAt = r.updatedAt = w.second;
	touch(w, r.pr);
	w.event('PullRequestReviewEvent', r.author, r.pr.repo,
	    payloads.review(w, r, 'created'));
}

function dismissReview(w, r, actor) {
	r.state = 'DISMISSED';
	r.updatedAt = w.second;
	touch(w, r.pr);
	w.event('PullRequestReviewEvent', actor, r.pr.repo,
	    payloads.review(w, r, 'dismissed'));
}

function openIssue(w, repo, author, { title, body = '', labels = [] }) {
	const number = repo.nextNumber++;
	const issue = w.register('issue', 'Issue', { repo, number, title, body, author,
		labels, state: 'OPEN', stateReason: null, createdAt: w.second,
		updatedAt: w.second, closedAt: null, closedBy: null, comments: [] });
	repo.issues.set(number, issue);
	w.event('IssuesEvent', author, repo, payloads.issue(w, issue, 'opened'));
	return issue;
}

/*
 * From another tracker: numbered as new, dated as it was there, told by no event,
 * as the import of issues does (gist.github.com/jonmagic/5282384165e0f86ef105).
 */
function importIssue(w, repo, author, { title, at }) {
	const number = repo.nextNumber++;
	const issue = w.register('issue', 'Issue', { repo, number, title, body: '', author,
		labels: [], state: 'OPEN', stateReason: null, createdAt: at, updatedAt: at,
		closedAt: null, closedBy: null, comments: [] });
	repo.issues.set(number, issue);
	return issue;
}

/* reason: COMPLETED, NOT_PLANNED or DUPLICATE. */
function closeIssue(w, issue, actor, reason = 'COMPLETED') {
	if (issue.state === 'CLOSED') return;
	Object.assign(issue, { state: 'CLOSED', stateReason: reason, closedAt: w.second,
		closedBy: actor });
	touch(w, issue);
	w.event('IssuesEvent', actor, issue.repo, payloads.issue(w, issue, 'closed'));
}

function reopenIssue(w, issue, actor) {
	if (issue.state === 'OPEN') return;
	Object.assign(issue, { state: 'OPEN', stateReason: 'REOPENED', closedAt: null,
		closedBy: null });
	touch(w, issue);
	w.event('IssuesEvent', actor, issue.repo, payloads.issue(w, issue, 'reopened'));
}

function labelIssue(w, issue, actor, label) {
	if (issue.labels.includes(label)) return;
	issue.labels = [...issue.labels, label];
	touch(w, issue);
	w.event('IssuesEvent', actor, issue.repo,
	    payloads.issue(w, issue, 'labeled', { label }));
}

/* A comment on an issue or in the conversation of a pull request. */
function comment(w, parent, author, body) {
	const c = w.register('issue_comment', 'IssueComment', { parent, author, body,
		createdAt: w.second, updatedAt: w.second });
	parent.comments.push(c);
	touch(w, parent);
	w.event('IssueCommentEvent', author, parent.repo, payloads.issueComment(w, c));
	return c;
}

/* A comment, review or issue is edited: no event tells, its parent moves. */
function edit(w, thing, fields, parent) {
	Object.assign(thing, fields);
	thing.updatedAt = w.second;
	if (parent) touch(w, parent);
}

module.exports = { openPull, editPull, labelPull, closePull, reopenPull, mergePull,
	review, reviewComment, reply, submitReview, dismissReview, openIssue, importIssue, closeIssue,
	reopenIssue, labelIssue, comment, edit };

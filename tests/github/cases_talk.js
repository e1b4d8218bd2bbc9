/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cases_talk.js - odd pull requests, issues, reviews, comments and releases. See
 * cases_git.js for what a case is.
 */
'use strict';

const A = require('./actions.js');
const T = require('./talk.js');
const { on, chain, who } = require('./cases_git.js');
const { HOUR, MINUTE, SECOND } = require('./world.js');

function openTopic(w, repo, name, i = 1, more = {}) {
	A.push(w, repo, name, chain(w, repo, w.head(repo), 2, { i, word: name }), who(w, i));
	return T.openPull(w, repo, who(w, i), { title: `About ${name}`, branch: name, ...more });
}

/* 120 reviews, some with comments, one with 130 of them; 240 comments beside. */
function reviews120(w, repo) {
	const pr = openTopic(w, repo, 'much-reviewed');
	for (let k = 0; k < 120; k++)
		w.at(w.now + k * 20 * SECOND, () => {
			const n = k === 60 ? 130 : k % 7 === 0 ? 8 : k % 3;
			const comments = [...Array(n).keys()].map((x) => ({ body: `Remark ${k}.${x}` }));
			const r = T.review(w, pr, who(w, 2 + k % 4), k % 9 ? 'COMMENTED' : 'APPROVED',
			    { comments });
			for (let x = 0; x < 2; x++)
				T.comment(w, pr, who(w, 3 + k % 3), `Said beside ${k}.${x}`);
			if (n > 8) for (let x = 0; x < 20; x++)
				T.reply(w, r.comments[x], who(w, 1), `Answer ${x}`);
		});
}

function comments250(w, repo) {
	const issue = T.openIssue(w, repo, who(w, 1), { title: 'Much talked about' });
	for (let k = 0; k < 250; k++)
		w.at(w.now + Math.floor(k / 5) * SECOND, () =>
			T.comment(w, issue, who(w, 2 + k % 4), `Opinion ${k}`));
}

/* 230 pull requests and issues get a label in the same second. */
function sameSecond(w, repo) {
	const things = [];
	for (let k = 0; k < 115; k++) {
		things.push(T.openIssue(w, repo, who(w, k), { title: `Crowd ${k}` }));
		A.push(w, repo, `crowd-${k}`, chain(w, repo, w.head(repo), 1, { i: k,
			word: `Crowd ${k}.` }), who(w, k), { quiet: true });
		things.push(T.openPull(w, repo, who(w, k), { title: `Crowd pull ${k}`,
			branch: `crowd-${k}` }));
	}
	w.at(w.now + HOUR, () => things.forEach((x) => (x.head ? T.labelPull : T.labelIssue)(
	    w, x, who(w, 0), 'enhancement')));
}

/* A pending review is submitted an hour later; another is dismissed. */
function pending(w, repo) {
	const pr = openTopic(w, repo, 'pending');
	const r = T.review(w, pr, who(w, 2), 'PENDING', { comments: [{ body: 'Hm.' }] });
	const no = T.review(w, pr, who(w, 3), 'CHANGES_REQUESTED', { body: 'Not yet' });
	w.at(w.now + HOUR, () => T.submitReview(w, r, 'COMMENTED'));
	w.at(w.now + 2 * HOUR, () => T.dismissReview(w, no, who(w, 0)));
}

/* Edits that no event tells of: titles, bodies, comments, drafts, heads. */
function edits(w, repo) {
	const pr = openTopic(w, repo, 'edited', 1, { draft: true });
	const issue = T.openIssue(w, repo, who(w, 2), { title: 'Edited later' });
	const c = T.comment(w, issue, who(w, 3), 'Before');
	const r = T.review(w, pr, who(w, 4), 'COMMENTED', { body: 'Before',
		comments: [{ body: 'Before' }] });
	const later = [
		() => T.editPull(w, pr, { title: 'Another title' }),
		() => T.editPull(w, pr, { draft: false }),
		() => T.edit(w, issue, { title: 'Another title too', body: 'New' }),
		() => T.edit(w, c, { body: 'After' }, issue),
		() => T.edit(w, r, { body: 'After' }, pr),
		() => T.edit(w, r.comments[0], { body: 'After' }, pr),
		() => A.push(w, repo, 'edited', chain(w, repo, pr.base.sha, 5, { i: 2,
			word: 'Forced' }), who(w, 1), { force: true }),
	];
	later.forEach((run, k) => w.at(w.now + (k + 1) * 20 * MINUTE, run));
}

/* Comments edited without their parent moving: only the daily net finds them. */
function quietEdits(w, repo) {
	const issue = T.openIssue(w, repo, who(w, 2), { title: 'Quiet' });
	const pr = openTopic(w, repo, 'quiet');
	const c = T.comment(w, issue, who(w, 3), 'Before');
	const r = T.review(w, pr, who(w, 4), 'COMMENTED', { comments: [{ body: 'Before' }] });
	w.at(w.now + 3 * HOUR, () => {
		T.edit(w, c, { body: 'After, quietly' });
		T.edit(w, r.comments[0], { body: 'After, quietly' });
	});
}

/* Closed and reopened, merged in the second of its last comment. */
function turns(w, repo) {
	const pr = openTopic(w, repo, 'turns'), other = openTopic(w, repo, 'turns-closed', 2);
	const issue = T.openIssue(w, repo, who(w, 3), { title: 'Turns' });
	w.at(w.now + HOUR, () => {
		T.closePull(w, pr, who(w, 1));
		T.closeIssue(w, issue, who(w, 3), 'NOT_PLANNED');
		T.closePull(w, other, who(w, 0));
	});
	w.at(w.now + 2 * HOUR, () => {
		T.reopenPull(w, pr, who(w, 1));
		T.reopenIssue(w, issue, who(w, 2));
	});
	w.at(w.now + 3 * HOUR, () => {
		T.comment(w, pr, who(w, 2), 'Now.');
		T.mergePull(w, pr, who(w, 0), 'squash');
		T.closeIssue(w, issue, who(w, 3), 'DUPLICATE');
	});
}

/* Drafts, a publication by a machine, an edit, a hundred old ones. */
function releases(w, repo) {
	for (let k = 0; k < 105; k++) A.release(w, repo, who(w, k), `v0.${k}`);
	const draft = A.release(w, repo, who(w, 1), 'v1.0', { draft: true });
	const old = repo.releases[3];
	w.at(w.now + HOUR, () => A.publish(w, draft, who(w, 1)));
	w.at(w.now + 2 * HOUR, () => A.editRelease(w, old, 'Another name'));
	w.at(w.now + 3 * HOUR, () => A.release(w, repo,
	    w.people.byLogin.get('sim-ci[bot]'), 'v1.1', { prerelease: true }));
	w.at(w.now + 4 * HOUR, () => A.release(w, repo, who(w, 2), 'v1.2-never',
	    { draft: true }));
}

/* Bots and agents open, review and comment. */
function machines(w, repo) {
	const by = (login) => w.people.byLogin.get(login);
	const deps = by('sim-deps[bot]'), copilot = by('copilot'), ci = by('sim-ci[bot]');
	A.push(w, repo, 'deps/1', A.commit(w, repo, { person: deps, parents: [w.head(repo)],
		message: 'Bump something' }), deps);
	const pr = T.openPull(w, repo, deps, { title: 'Bump something', branch: 'deps/1' });
	T.comment(w, pr, ci, 'All checks have passed.');
	T.review(w, pr, copilot, 'COMMENTED', { body: 'Looks plausible.' });
	A.push(w, repo, 'copilot/fix', A.commit(w, repo, { person: copilot,
		parents: [w.head(repo)], message: 'Fix it', co: [who(w, 1)] }), copilot);
	const own = T.openPull(w, repo, copilot, { title: 'Fix it', branch: 'copilot/fix' });
	T.review(w, own, who(w, 1), 'APPROVED');
	w.at(w.now + HOUR, () => {
		T.mergePull(w, pr, deps, 'merge');
		T.mergePull(w, own, who(w, 1), 'squash');
	});
}

/*
 * Issues come from another tracker, in several parts, while others are opened: the
 * count alone tells of them.
 */
function imported(w, repo) {
	const take = (n, from) => {
		for (let i = 0; i < n; i++)
			T.importIssue(w, repo, who(w, i), { title: `Taken over ${i}`,
				at: w.second - (from + i) * 7 * HOUR });
	};
	T.openIssue(w, repo, who(w, 0), { title: 'Opened here before' });
	w.at(w.now + HOUR, () => take(3, 5));
	w.at(w.now + 3 * HOUR, () => {
		T.openIssue(w, repo, who(w, 1), { title: 'Opened here meanwhile' });
		take(1, 40);
	});
	w.at(w.now + 5 * HOUR, () => take(60, 8));
}

/* One pull request is never answered whole for hours; those beside it are. */
function broken(w, repo) {
	const prs = [1, 2, 3].map((i) => openTopic(w, repo, `part-${i}`, i));
	prs[1].broken = true;
	w.at(w.now + HOUR, () => {
		for (const pr of prs) T.review(w, pr, who(w, 4), 'APPROVED', { body: 'Good' });
		T.comment(w, prs[1], who(w, 5), 'And this');
	});
	w.at(w.now + 2 * HOUR, () => openTopic(w, repo, 'part-4', 1));
	w.at(w.now + 7 * HOUR, () => { prs[1].broken = false; });
}

const CASES = {
	'reviews-120': on('reviews-120', 'a pull request with 120 reviews', reviews120),
	'comments-250': on('comments-250', 'an issue with 250 comments', comments250),
	'same-second': on('same-second', '230 things updated in the same second', sameSecond),
	'pending-review': on('pending-review', 'a pending review, a dismissed one', pending),
	edits: on('edits', 'edits that no event tells of', edits),
	'quiet-edits': on('quiet-edits', 'edited comments whose parent does not move',
	    quietEdits),
	'broken-item': on('broken-item', 'a pull request that comes with errors', broken),
	imported: on('imported', 'issues are imported with their old dates', imported),
	turns: on('turns', 'closed, reopened, merged at once with a comment', turns),
	releases: on('releases', 'drafts, edits, 105 releases, one by a bot', releases),
	machines: on('machines', 'bots and agents write, review and merge', machines),
};

module.exports = { CASES };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worlds.js - very small organisations in which little time passes and each kind
 * of thing happens: what happens to a request or a write there happens soon.
 */
'use strict';

const A = require('../github/actions.js');
const T = require('../github/talk.js');
const { populate } = require('../github/worlds.js');
const { DAY, HOUR, MINUTE } = require('../github/world.js');

/* n commits on top of parent, some time apart, the last one dated now. */
function chain(w, repo, parent, n, { word = 'Step', every = MINUTE } = {}) {
	let head = parent;
	for (let k = 1; k <= n; k++)
		head = A.commit(w, repo, { person: w.people.all[k % 3],
			parents: head ? [head] : [], message: `${word} ${k}`,
			date: w.second - (n - k) * every });
	return head;
}

const push = (w, repo, sha, more = {}) =>
	A.push(w, repo, repo.defaultBranch, sha, w.people.all[0], more);

/* A repository with n commits. */
function repository(w, name, n, more) {
	const repo = A.createRepo(w, { name, actor: w.people.all[0] });
	push(w, repo, chain(w, repo, null, n, more));
	return repo;
}

/* A pull request of a commit on a branch of its own. */
function pull(w, repo, author, title) {
	const branch = `topic-${repo.nextNumber}`;
	A.push(w, repo, branch, A.commit(w, repo, { person: author, parents: [w.head(repo)],
		message: title }), author);
	return T.openPull(w, repo, author, { title, branch });
}

/* Minute after minute something happens. */
function minutes(w, steps) {
	steps.forEach((step, i) => w.at(w.start + (i + 1) * MINUTE, step));
}

/* Everything once. */
function live(w) {
	populate(w, 3);
	const [one, two, three] = w.people.all;
	let repo, other, pr, old, issue;
	w.at(w.start - 3 * DAY, () => {
		repo = repository(w, 'alpha', 12);
		other = repository(w, 'beta', 3);
		old = pull(w, repo, two, 'There before');
		T.review(w, old, one, 'COMMENTED', { comments: [{ body: 'Why?' }] });
		issue = T.openIssue(w, repo, three, { title: 'It was open' });
		A.release(w, repo, one, 'v1');
	});
	w.at(w.start - 2 * DAY, () => T.comment(w, issue, one, 'Yes'));
	minutes(w, [
		() => push(w, repo, chain(w, repo, w.head(repo), 2, { word: 'Live' })),
		() => { pr = pull(w, repo, one, 'Something new'); },
		() => T.review(w, pr, two, 'CHANGES_REQUESTED', { comments: [{ body: 'No' },
			{ body: 'Nor this' }] }),
		() => T.reply(w, pr.reviews[0].comments[0], one, 'Because'),
		() => T.comment(w, pr, three, 'Indeed'),
		() => T.edit(w, pr.comments[0], { body: 'Indeed not' }, pr),
		() => T.review(w, pr, two, 'APPROVED'),
		() => T.mergePull(w, pr, two, 'squash'),
		() => T.closeIssue(w, issue, one),
		() => {
			issue = T.openIssue(w, other, two, { title: 'Another', labels: ['bug'] });
			A.star(w, other, three);
		},
		() => T.comment(w, issue, three, 'Me too'),
		() => push(w, other, A.commit(w, other, { person: two, message: 'Other',
			parents: [other.git.log(w.head(other))[1].sha] }), { force: true }),
		() => A.release(w, repo, three, 'v2'),
		() => repository(w, 'gamma', 2),
		() => A.renameRepo(w, other, 'delta'),
		() => T.mergePull(w, old, one, 'merge'),
		() => A.editWiki(w, repo, one, 'How'),
		() => push(w, w.named('gamma'), chain(w, w.named('gamma'),
		    w.head(w.named('gamma')), 1, { word: 'More' })),
		() => A.commentCommit(w, repo, two, w.head(repo), 'Here?'),
		() => T.closePull(w, pull(w, repo, three, 'In vain'), three),
	]);
}

/* Default branches that lose what they had, in each way. */
function rewritten(w) {
	populate(w, 3);
	let forced, moved, anew, collected;
	w.at(w.start - 2 * DAY, () => {
		forced = repository(w, 'forced', 14);
		moved = repository(w, 'moved', 10);
		anew = repository(w, 'anew', 6);
		collected = repository(w, 'collected', 8);
	});
	const back = (repo, n, more, word) => chain(w, repo,
	    repo.git.log(w.head(repo))[n].sha, more, { word });
	minutes(w, [
		() => push(w, forced, back(forced, 4, 3, 'Forced'), { force: true }),
		() => A.push(w, moved, 'next', back(moved, 3, 4, 'Next'), w.people.all[1]),
		() => A.changeDefault(w, moved, 'next'),
		() => push(w, anew, chain(w, anew, null, 4, { word: 'Anew' }), { force: true }),
		() => {
			push(w, collected, back(collected, 2, 3, 'Kept'), { force: true });
			A.collectGarbage(w, collected);
		},
		() => push(w, forced, forced.git.log(w.head(forced))[5].sha, { force: true }),
		() => push(w, forced, chain(w, forced, w.head(forced), 120, { word: 'Bulk',
			every: 1000 })),
		() => push(w, forced, back(forced, 115, 20, 'Again'), { force: true }),
	]);
}

/* Nothing but the past, of more than one page of each kind. */
function history(w) {
	populate(w, 3);
	const [one, two, three] = w.people.all;
	w.at(w.start - 40 * DAY, () => {
		const repo = repository(w, 'alpha', 130, { every: 2 * HOUR });
		for (let i = 0; i < 12; i++) {
			pull(w, repo, w.people.all[i % 3], `Change ${i}`);
			T.openIssue(w, repo, w.people.all[i % 3], { title: `Issue ${i}` });
		}
		repository(w, 'beta', 2);
		A.release(w, repo, one, 'v1');
	});
	w.at(w.start - 35 * DAY, () => {
		const [pr] = w.named('alpha').pulls.values();
		const [issue] = w.named('alpha').issues.values();
		for (let i = 0; i < 12; i++) {
			T.review(w, pr, i % 2 ? two : three, 'COMMENTED', { body: `Look ${i}`,
				comments: Array.from({ length: i ? 1 : 7 }, (_, k) =>
					({ body: `Line ${k}` })) });
			T.comment(w, pr, one, `Answer ${i}`);
			T.comment(w, issue, two, `And ${i}`);
		}
	});
	w.at(w.start - 10 * DAY, () => pull(w, w.named('beta'), one, 'Of late'));
}

module.exports = { live, rewritten, history };

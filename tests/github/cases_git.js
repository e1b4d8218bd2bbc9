/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cases_git.js - odd things that happen to a default branch. A case is
 * { what, plan(w, at) }: it plans its own repository (case-NAME) for before the
 * world's start, and what happens to it for at.
 */
'use strict';

const A = require('./actions.js');
const T = require('./talk.js');
const { DAY, HOUR, MINUTE, SECOND } = require('./world.js');

const who = (w, i) => w.people.all[i % w.people.all.length];
const repoOf = (w, name) => w.named(`case-${name}`);

/* n commits on top of parent, a minute apart, the last one dated now. */
function chain(w, repo, parent, n, { i = 0, word = 'Step', ends = w.second, every = MINUTE,
    more = {} } = {}) {
	let head = parent;
	for (let k = 1; k <= n; k++)
		head = A.commit(w, repo, { person: who(w, i + k % 3), parents: head ? [head] : [],
			message: `${word} ${k}`, date: ends - (n - k) * every, ...more });
	return head;
}

/* The repository of a case, two days before the start, with n commits. */
function prepare(w, name, { n = 12, more = {}, then } = {}) {
	w.at(w.start - 2 * DAY, () => {
		const repo = A.createRepo(w, { name: `case-${name}`, actor: who(w, 0), ...more });
		if (n) A.push(w, repo, repo.defaultBranch, chain(w, repo, null, n), who(w, 0));
		if (then) then(repo);
	});
}

const pushMain = (w, repo, sha, i = 0, more = {}) =>
	A.push(w, repo, repo.defaultBranch, sha, who(w, i), more);

/* A row of CASES: prepares, and at its time does run(w, repo). */
const on = (name, what, run, options) => ({ what, plan(w, at) {
	prepare(w, name, options);
	w.at(at, () => run(w, repoOf(w, name)));
} });

function linear(w, repo) {
	for (let k = 0; k < 12; k++)
		w.at(w.now + k * 7 * MINUTE, () =>
			pushMain(w, repo, chain(w, repo, w.head(repo), 1 + k % 4,
			    { word: `Linear ${k}.` }), k));
}

/* Three branches merged into one another, then into the default branch. */
function merges(w, repo) {
	const root = w.head(repo);
	const tips = [1, 2, 3].map((k) => chain(w, repo, root, 3 + k,
	    { i: k, word: `Side ${k}.` }));
	const join = (parents, message) => A.commit(w, repo, { person: who(w, 1), parents,
		message });
	const two = join([tips[0], tips[1]], 'Merge side 2 into side 1');
	const back = join([tips[2], two], 'Merge side 1 into side 3');
	pushMain(w, repo, join([root, back, tips[1]], 'Merge everything, three at once'));
	w.at(w.now + HOUR, () => pushMain(w, repo, join([w.head(repo), chain(w, repo, two, 2,
	    { word: 'Late' })], 'Merge what came late')));
}

/* Commits that lay on a branch for a year before they were merged. */
function oldBranch(w, repo) {
	const root = repo.git.log(w.head(repo)).slice(-1)[0].sha;
	const old = chain(w, repo, root, 30, { word: 'Shelved', ends: w.second - 300 * DAY,
		every: DAY });
	pushMain(w, repo, A.commit(w, repo, { person: who(w, 2),
		parents: [w.head(repo), old], message: 'Merge the shelved work' }));
}

const many = (n, every) => (w, repo) => pushMain(w, repo, chain(w, repo, w.head(repo), n,
    { word: 'Bulk', every }));

/* The last n commits of the branch are written again. */
const rewrite = (n, lost) => (w, repo) => {
	const log = repo.git.log(w.head(repo));
	const fork = log[Math.min(lost, log.length - 1)].sha;
	pushMain(w, repo, chain(w, repo, fork, n, { i: 1, word: 'Rewritten' }), 1,
	    { force: true });
};

function resetToAncestor(w, repo) {
	const { sha } = repo.git.log(w.head(repo))[5];
	pushMain(w, repo, sha, 1, { force: true });
}

/* There and back again: what was lost is on the branch once more. */
function resetAndReturn(w, repo) {
	const head = w.head(repo);
	resetToAncestor(w, repo);
	w.at(w.now + HOUR, () => pushMain(w, repo, head));
}

function unrelated(w, repo) {
	pushMain(w, repo, chain(w, repo, null, 9, { i: 2, word: 'Anew' }), 2, { force: true });
}

function anotherDefault(w, repo) {
	const log = repo.git.log(w.head(repo));
	const tip = chain(w, repo, log[4].sha, 7, { i: 2, word: 'Next' });
	A.push(w, repo, 'next', tip, who(w, 2));
	w.at(w.now + HOUR, () => A.changeDefault(w, repo, 'next'));
	w.at(w.now + 2 * HOUR, () => pushMain(w, repo, chain(w, repo, w.head(repo), 2)));
}

/* While the commits of the first forced push are being read comes a second. */
function forceTwice(w, repo) {
	rewrite(140, 6)(w, repo);
	w.whileRead.set(repo.id, (world) => {
		const r = world.repos.get(repo.id);
		const fork = r.git.log(world.head(r))[90].sha;
		pushMain(world, r, chain(world, r, fork, 25, { i: 2, word: 'Again' }), 2,
		    { force: true });
	});
}

/* What lost the branch is thrown away before anybody looks. */
function collected(w, repo) {
	rewrite(5, 4)(w, repo);
	A.collectGarbage(w, repo);
}

/* A repository seen empty gets what was written years ago. */
function oldHistory(w, repo) {
	const ends = w.second - 3 * 365 * DAY;
	pushMain(w, repo, chain(w, repo, null, 150, { word: 'Imported', ends, every: DAY }));
}

/* One commit of the mainline is dated 2001, its children are of today. */
function dated2001(w, repo) {
	const old = Date.UTC(2001, 8, 9, 1, 46, 40);
	const odd = A.commit(w, repo, { person: who(w, 1), parents: [w.head(repo)],
		message: 'From a machine without a clock', date: old });
	pushMain(w, repo, chain(w, repo, odd, 6, { word: 'After' }));
}

/* Author dates of the future and before computers; zones of all kinds. */
function wildDates(w, repo) {
	const dates = [Date.UTC(2099, 11, 31, 23, 59, 59), Date.UTC(1970, 0, 1, 0, 0, 1),
		Date.UTC(1989, 5, 4), Date.UTC(2038, 0, 19, 3, 14, 8)];
	let head = w.head(repo);
	dates.forEach((authored, k) => {
		head = A.commit(w, repo, { person: who(w, k), parents: [head], authored,
			message: `Wild date ${k}`, author: { name: 'Odd Clock',
				email: who(w, k).mails[0].address, tz: [845, -720, 0, 330][k] } });
	});
	const s = { name: 'Odd Clock', email: who(w, 1).mails[0].address };
	head = A.commit(w, repo, { person: who(w, 1), parents: [head], message: 'Ahead of time',
		committer: { ...s, tz: 0, date: w.second + 400 * DAY } });
	pushMain(w, repo, head);
}

/* The ways people name who wrote with them. */
function trailers(w, repo) {
	const [a, b, c] = [1, 2, 3].map((i) => who(w, i));
	const mail = (p) => p.mails[0].address;
	const tails = [`co-authored-by: ${a.login} <${mail(a)}>`,
		`CO-AUTHORED-BY: ${b.full} <${mail(b)}>\nCo-Authored-By:  ${c.full}  <${mail(c)}>`,
		`Co-authored-by: Nobody Known <nobody@nowhere.example>`,
		`Co-authored-by: ${a.login} <${a.id}+${a.login}@users.noreply.github.com>`,
		`Co-authored-by: Copilot <198982749+Copilot@users.noreply.github.com>`,
		`Co-authored-by: Claude <noreply@anthropic.com>\nSigned-off-by: x <x@y.example>`,
		`Co-authored-by: ${b.full} ${mail(b)}`,		/* no brackets: nobody */
		`---------\n\nCo-authored-by: ${c.full} <${mail(c).toUpperCase()}>`];
	let head = w.head(repo);
	tails.forEach((tail, k) => {
		head = A.commit(w, repo, { person: who(w, 4), parents: [head],
			message: `Written together ${k}\n\n${tail}` });
	});
	pushMain(w, repo, head, 4);
}

/* Texts that are hard to carry: control characters, quotes, long ones, emoji. */
function hardTexts(w, repo) {
	const texts = ['Quotes " and \\ and </script>', 'Tab\tand\u001b[31mescape',
		'Zero \u0000 byte', 'Emoji 🛰️ and ü and 漢字', `Long ${'x'.repeat(60000)}`,
		'', '\n\nStarts with nothing', 'CR\r\nLF\r\n\r\nbody', '\ud800 lone surrogate'];
	let head = w.head(repo);
	for (const message of texts)
		head = A.commit(w, repo, { person: who(w, 1), parents: [head], message });
	pushMain(w, repo, head);
}

/* Squash, merge and rebase merges of pull requests with three commits each. */
function threeMerges(w, repo) {
	['squash', 'merge', 'rebase'].forEach((method, k) => {
		const author = who(w, k + 1), branch = `topic-${method}`;
		A.push(w, repo, branch, chain(w, repo, w.head(repo), 3, { i: k,
			word: `Topic ${method}` }), author);
		const pr = T.openPull(w, repo, author, { title: `By ${method}`, branch });
		w.at(w.now + (k + 1) * HOUR, () => T.mergePull(w, pr, who(w, 0), method));
	});
}

const CASES = {
	'linear-pushes': on('linear-pushes', 'a dozen pushes of one to four commits', linear),
	merges: on('merges', 'branches merged into one another, three parents', merges),
	'old-branch': on('old-branch', 'a year-old branch is merged', oldBranch),
	'push-300': on('push-300', 'more than 250 commits in one push', many(300, SECOND)),
	'push-1200': on('push-1200', 'more than 1,000 commits in one push',
	    many(1200, SECOND)),
	'push-50000': on('push-50000', '50,000 commits in one push', many(50000, SECOND)),
	'force-diverges': on('force-diverges', 'a forced push that diverges', rewrite(8, 4)),
	'force-diverges-300': on('force-diverges-300', 'a forced push loses and brings 300',
	    rewrite(320, 300), { n: 340 }),
	'reset-to-ancestor': on('reset-to-ancestor', 'the branch is reset to an ancestor',
	    resetToAncestor),
	'reset-and-return': on('reset-and-return', 'reset, an hour later pushed again',
	    resetAndReturn),
	'unrelated-histories': on('unrelated-histories', 'a new history without the old root',
	    unrelated),
	'default-changes': on('default-changes', 'another branch becomes the default one',
	    anotherDefault),
	'force-twice': on('force-twice', 'a second forced push while the first is read',
	    forceTwice),
	'force-collected': on('force-collected', 'what a forced push lost is gone at once',
	    collected),
	'empty-gets-history': on('empty-gets-history', 'an empty repository gets an old history',
	    oldHistory, { n: 0 }),
	'dated-2001': on('dated-2001', 'a mainline commit dated 2001', dated2001),
	'wild-dates': on('wild-dates', 'author and committer dates far off', wildDates),
	trailers: on('trailers', 'co-author trailers as people write them', trailers),
	'hard-texts': on('hard-texts', 'messages that are hard to carry', hardTexts),
	'three-merges': on('three-merges', 'squash, merge and rebase merges', threeMerges),
};

module.exports = { CASES, on, prepare, chain, pushMain, who, repoOf };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cases_repo.js - odd things that happen to a whole repository, to accounts and
 * to the feed. See cases_git.js for what a case is.
 */
'use strict';

const A = require('./actions.js');
const T = require('./talk.js');
const { on, prepare, chain, pushMain, who, repoOf } = require('./cases_git.js');
const { DAY, HOUR, MINUTE, SECOND } = require('./world.js');

/* Something of each kind happens in repo at each of the times (ms from now). */
function stir(w, repo, delays, i = 0) {
	delays.forEach((d, k) => w.at(w.now + d, () => {
		if (repo.gone) return;
		pushMain(w, repo, chain(w, repo, w.head(repo), 2, { i, word: `Stir ${k}.` }), i);
		const issue = T.openIssue(w, repo, who(w, i + 1), { title: `Stirred ${k}` });
		T.comment(w, issue, who(w, i + 2), 'Seen.');
	}));
}

function renamed(w, repo) {
	stir(w, repo, [0, HOUR]);
	w.at(w.now + 10 * MINUTE, () => A.renameRepo(w, repo, 'case-has-new-name'));
}

/* Renamed, and its old name taken by another repository. */
function renamedAndReused(w, repo) {
	stir(w, repo, [0, HOUR]);
	w.at(w.now + 10 * MINUTE, () => {
		A.renameRepo(w, repo, 'case-moved-aside');
		const other = A.createRepo(w, { name: 'case-renamed-and-reused', actor: who(w, 3) });
		A.commitAndPush(w, other, who(w, 3), 'Another one of that name');
		stir(w, other, [5 * MINUTE, HOUR], 3);
	});
}

function transferred(w, repo) {
	stir(w, repo, [0, HOUR]);
	w.at(w.now + 10 * MINUTE, () => A.transfer(w, repo, who(w, 5)));
}

function deleted(w, repo) {
	stir(w, repo, [0]);
	w.at(w.now + 10 * MINUTE, () => A.deleteRepo(w, repo));
}

/* Deleted, and its name used again. */
function deletedAndReused(w, repo) {
	stir(w, repo, [0]);
	w.at(w.now + 10 * MINUTE, () => {
		A.deleteRepo(w, repo);
		const other = A.createRepo(w, { name: 'case-deleted-and-reused', actor: who(w, 2) });
		pushMain(w, other, chain(w, other, null, 4, { i: 2, word: 'Reused' }), 2);
		stir(w, other, [HOUR], 2);
	});
}

/* The flag is up for three hours, during which things happen. */
const shut = (flag) => (w, repo) => {
	stir(w, repo, [0, 4 * HOUR]);
	w.at(w.now + 10 * MINUTE, () => { repo[flag] = true; });
	w.at(w.now + 20 * MINUTE, () => pushMain(w, repo,
	    chain(w, repo, w.head(repo), 3, { word: 'Behind the door' })));
	w.at(w.now + 3 * HOUR, () => { repo[flag] = false; });
};

/* For GitHub it is too much to say what the repository has. */
function heavy(w, repo) {
	stir(w, repo, [0, 2 * HOUR, 6 * HOUR]);
	w.at(w.now + 10 * MINUTE, () => { repo.heavy = true; });
	w.at(w.now + 5 * HOUR, () => { repo.heavy = false; });
}

function archived(w, repo) {
	stir(w, repo, [0, 5 * HOUR]);
	w.at(w.now + 10 * MINUTE, () => A.archive(w, repo));
	w.at(w.now + 4 * HOUR, () => A.archive(w, repo, false));
}

function goesPrivate(w, repo) {
	stir(w, repo, [0, HOUR]);
	w.at(w.now + 10 * MINUTE, () => { repo.private = true; });
}

function goesPublic(w, repo) {
	stir(w, repo, [0, HOUR]);
	w.at(w.now + 10 * MINUTE, () => A.makePublic(w, repo, who(w, 0)));
}

/* A fork in the organisation, of a repository of somebody else: 10,000 commits. */
const bigFork = { what: 'a fork with 10,000 commits of its upstream', plan(w, at) {
	w.at(w.start - 3 * DAY, () => {
		const up = A.createRepo(w, { name: 'case-upstream', owner: who(w, 6),
			actor: who(w, 6), quiet: true });
		A.push(w, up, 'main', chain(w, up, null, 10000, { i: 4, word: 'Upstream' }),
		    who(w, 6), { quiet: true });
		A.createRepo(w, { name: 'case-big-fork', parent: up, actor: who(w, 0) });
	});
	w.at(at, () => {
		const fork = repoOf(w, 'big-fork'), up = fork.parent;
		A.push(w, up, 'main', chain(w, up, w.head(up), 20, { i: 4, word: 'More' }),
		    who(w, 6), { quiet: true });
		pushMain(w, fork, w.head(up));
	});
} };

const mirror = on('mirror', 'a mirror of somebody else\'s repository',
    (w, repo) => stir(w, repo, [0, HOUR]), { more: { mirror: true } });

/* A repository that is made, filled and used while one looks. */
const fresh = { what: 'a repository is created while one looks', plan(w, at) {
	w.at(at, () => {
		const repo = A.createRepo(w, { name: 'case-fresh', actor: who(w, 1) });
		w.at(w.now + 20 * MINUTE, () => pushMain(w, repo, chain(w, repo, null, 5)));
		w.at(w.now + 25 * MINUTE, () => stir(w, repo, [0, HOUR], 1));
	});
} };

/* More than a feed holds, in a minute: 400 stars, members and pages of a wiki. */
function burst(w, repo) {
	for (let k = 0; k < 400; k++)
		w.at(w.now + Math.floor(k * 150 / SECOND) * SECOND, () => {
			const p = who(w, k);
			if (k % 4 === 0) A.editWiki(w, repo, p, `Page ${k}`);
			else if (k % 4 === 1) A.tag(w, repo, `t${k}`, w.head(repo), p);
			else if (k % 4 === 2) A.commitAndPush(w, repo, p, `Burst ${k}`);
			else T.openIssue(w, repo, p, { title: `Burst ${k}` });
		});
}

/* One of each event that nothing but the feed tells of. */
function eventsAlone(w, repo) {
	const [a, b] = [who(w, 1), who(w, 2)];
	A.star(w, repo, a);
	A.fork(w, repo, b);
	A.addMember(w, repo, w.admin, a);
	A.editWiki(w, repo, b, 'How we work');
	A.commentCommit(w, repo, a, w.head(repo), 'Why here?');
	A.tag(w, repo, 'v0.0.1', w.head(repo), a);
	w.at(w.now + HOUR, () => A.unstar(w, repo, a));
	w.at(w.now + 2 * HOUR, () => A.star(w, repo, a));
	w.at(w.now + 3 * HOUR, () => {
		A.push(w, repo, 'short-lived', w.head(repo), b);
		A.deleteBranch(w, repo, 'short-lived', b);
	});
	w.event('SomethingNewEvent', a, repo, { action: 'invented', deep: { x: [1, null] } });
	w.event('IssuesEvent', a, repo, { action: 'reimagined' });
}

function idsRestart(w, repo) {
	w.restartIds();
	stir(w, repo, [0, MINUTE, HOUR]);
}

/* A login changes hands: renamed, then taken by a new account. */
function loginTaken(w, repo) {
	const p = who(w, 1), old = p.login;
	stir(w, repo, [0, 2 * HOUR], 1);
	w.at(w.now + 10 * MINUTE, () => w.people.rename(p, `${old}-renamed`, w.now));
	w.at(w.now + HOUR, () => {
		const q = w.people.add({ login: old, name: 'Taker Of Names', mails: [
			{ address: 'taker@sim-works.example', linked: true }] });
		q.signs = 0;
		q.full = 'Taker Of Names';
		A.commitAndPush(w, repo, q, 'Hello from the new owner of the name');
	});
}

/* An account is deleted: its pull request, review and comments stay. */
function ghost(w, repo) {
	const p = w.people.human(60, 0.1);
	A.push(w, repo, 'ghostly', chain(w, repo, w.head(repo), 2, { word: 'Ghostly' }), p);
	const pr = T.openPull(w, repo, p, { title: 'By somebody who leaves', branch: 'ghostly' });
	const issue = T.openIssue(w, repo, p, { title: 'Nobody asked' });
	T.comment(w, issue, p, 'Still here');
	w.at(w.now + HOUR, () => w.people.remove(p));
	w.at(w.now + 2 * HOUR, () => T.review(w, pr, who(w, 2), 'APPROVED'));
}

/* A pull request from a fork that is deleted afterwards. */
function forkGone(w, repo) {
	const p = who(w, 3), fork = A.fork(w, repo, p);
	A.push(w, fork, 'topic', chain(w, fork, w.head(repo), 2, { i: 3 }), p);
	const pr = T.openPull(w, repo, p, { title: 'From a fork', branch: 'topic',
		headRepo: fork });
	w.at(w.now + HOUR, () => A.deleteRepo(w, fork));
	w.at(w.now + 2 * HOUR, () => T.mergePull(w, pr, who(w, 0), 'squash'));
}

const manyRepos = { what: '130 repositories, one commit each', plan(w, at) {
	for (let k = 0; k < 130; k++)
		prepare(w, `many-${k}`, { n: 1 });
	for (let k = 0; k < 130; k += 10)
		w.at(at + k * MINUTE, () => A.commitAndPush(w, repoOf(w, `many-${k}`), who(w, k),
		    'One of many'));
} };

const CASES = {
	'repo-renamed': on('repo-renamed', 'a repository is renamed (301)', renamed),
	'renamed-and-reused': on('renamed-and-reused',
	    'a repository is renamed and its old name taken', renamedAndReused),
	'repo-transferred': on('repo-transferred', 'a repository goes to another owner',
	    transferred),
	'repo-deleted': on('repo-deleted', 'a repository is deleted (404)', deleted),
	'deleted-and-reused': on('deleted-and-reused',
	    'a repository is deleted and its name used again', deletedAndReused),
	'repo-empty': on('repo-empty', 'a repository that stays empty (409)', () => {},
	    { n: 0 }),
	'repo-forbidden': on('repo-forbidden', 'a repository is refused for hours (403)',
	    shut('forbidden')),
	'repo-blocked': on('repo-blocked', 'a repository is blocked for hours (451)',
	    shut('blocked')),
	'repo-disabled': on('repo-disabled', 'a repository is disabled for hours (403)',
	    shut('disabled')),
	'repo-heavy': on('repo-heavy', 'a repository that no list can have, for hours (502)',
	    heavy),
	'repo-archived': on('repo-archived', 'a repository is archived and back', archived),
	'goes-private': on('goes-private', 'a public repository becomes private', goesPrivate),
	'goes-public': on('goes-public', 'a private repository becomes public', goesPublic,
	    { more: { isPrivate: true } }),
	'big-fork': bigFork, mirror, fresh,
	'feed-burst': on('feed-burst', '400 events in a minute', burst),
	'events-alone': on('events-alone', 'one of each event only the feed tells of',
	    eventsAlone),
	'ids-restart': on('ids-restart', 'event ids are used again', idsRestart),
	'login-taken': on('login-taken', 'a login is given up and taken by another',
	    loginTaken),
	ghost: on('ghost', 'an account is deleted', ghost),
	'fork-gone': on('fork-gone', 'the fork behind a pull request is deleted', forkGone),
	'many-repos': manyRepos,
};

module.exports = { CASES };

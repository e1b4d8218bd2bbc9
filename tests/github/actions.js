/* SPDX-License-Identifier: Apache-2.0 */
/*
 * actions.js - what people do with repositories, branches and commits. Each
 * action changes the world at its present time and writes the events GitHub
 * would. Pull requests, issues and talk are in talk.js.
 */
'use strict';

const { Git } = require('./git.js');
const { ZERO } = require('./world.js');
const payloads = require('./payloads.js');

const touch = (w, repo) => { repo.updatedAt = w.second; };

/*
 * A repository. With parent it is a fork: the same commits, the parent's
 * branches. quiet: it was there before anybody looked, no events.
 */
function createRepo(w, { name, owner = w.org, actor = w.admin, isPrivate = false,
    parent, mirror = false, description = null, defaultBranch = 'main', quiet = false,
    quality = 1, id }) {
	const repo = w.register('repo', 'Repository', { id, name, owner,
		private: isPrivate, parent: parent || null, mirror, description,
		defaultBranch, archived: false, disabled: false, blocked: false,
		forbidden: false, gone: null, createdAt: w.second, updatedAt: w.second,
		pushedAt: null, git: parent ? parent.git : new Git(), branches: new Map(),
		tags: new Map(), pulls: new Map(), openPulls: new Set(),
		issues: new Map(), nextNumber: 1,
		rewrites: 0, turns: new Map(), releases: [], stars: new Map(), forks: [],
		activity: [], lost: new Map(), gc: new Set(), commitComments: [], labels: [],
		weight: quality });
	w.repos.set(repo.id, repo);
	w.names.set(w.fullName(repo).toLowerCase(), repo.id);
	if (parent) {
		for (const [b, sha] of parent.branches) repo.branches.set(b, sha);
		repo.defaultBranch = parent.defaultBranch;
		repo.pushedAt = parent.pushedAt;
		parent.forks.push(repo);
		if (!quiet)
			w.event('ForkEvent', actor, parent, payloads.fork(w, parent, repo));
	} else if (!quiet) {
		w.event('CreateEvent', actor, repo, payloads.create(w, repo, 'repository', null));
	}
	return repo;
}

/*
 * A commit on top of parents (shas); nothing points to it yet. person signs,
 * co are people named in trailers, by person or as text "Name <mail>".
 */
function commit(w, repo, { person, parents, message, co = [], date = w.second,
    authored = date, committer, additions, deletions, files, author }) {
	const { rng } = w;
	const tz = person ? person.tz : 0;
	const signed = author || w.people.sign(person, rng);
	let text = message;
	if (co.length) {
		const lines = co.map((c) => {
			if (typeof c === 'string') return `Co-authored-by: ${c}`;
			const s = w.people.sign(c, rng);
			return `Co-authored-by: ${s.name} <${s.email}>`;
		});
		text += `\n\n${lines.join('\n')}`;
	}
	return repo.git.add({
		parents, message: text,
		author: { tz, ...signed, date: authored },
		committer: committer || { tz, ...signed, date },
		additions: additions !== undefined ? additions : 1 + rng.int(120),
		deletions: deletions !== undefined ? deletions : rng.int(60),
		files: files || ['src', 'docs', 'lib', 'test'].slice(0, 1 + rng.int(3))
		    .map((d) => `${d}/file${rng.int(40)}.c`),
	}).sha;
}

/*
 * What the default branch loses and gains when its head moves. turns: how often a
 * commit left it or came back.
 */
function moveDefault(w, repo, from, to) {
	if (from && to && from !== to) {
		const gone = repo.git.between(to, from);
		if (gone.length) repo.rewrites++;
		const turn = (c) => repo.turns.set(c.sha, (repo.turns.get(c.sha) || 0) + 1);
		for (const c of gone) {
			repo.lost.set(c.sha, w.now);
			turn(c);
		}
		if (repo.lost.size)
			for (const c of repo.git.between(from, to))
				if (repo.lost.delete(c.sha)) turn(c);
	}
	touch(w, repo);
}

/* What an open pull request asks to merge: its commits, as of now. */
function setHead(w, pr, sha) {
	const base = pr.repo.branches.get(pr.base.ref);
	pr.head.sha = sha;
	pr.base.sha = base;
	pr.commits = pr.repo.git.between(base, sha).slice().reverse();
	pr.additions = pr.commits.reduce((n, c) => n + c.additions, 0);
	pr.deletions = pr.commits.reduce((n, c) => n + c.deletions, 0);
	pr.changedFiles = new Set(pr.commits.flatMap((c) => c.files)).size;
}

function branchMoved(w, pr, repo, branch) {
	if (pr.head.repo !== repo || pr.head.ref !== branch) return;
	setHead(w, pr, repo.branches.get(branch));
	pr.updatedAt = w.second;
}

/* The branch gets another head: an event, an activity, the pull requests of it. */
function push(w, repo, branch, sha, actor, { force = false, quiet = false, tag = false,
    activity } = {}) {
	const before = repo.branches.get(branch);
	if (before === sha) return;
	repo.branches.set(branch, sha);
	repo.pushedAt = w.second;
	const wasEmpty = before === undefined && branch === repo.defaultBranch;
	if (branch === repo.defaultBranch) moveDefault(w, repo, before, sha);
	const what = activity || (before === undefined ? 'branch_creation' :
	    force ? 'force_push' : 'push');
	repo.activity.push({ id: w.newId('activity'), type: what, actor, at: w.second,
		ref: `refs/heads/${branch}`, before: before || ZERO, after: sha });
	for (const r of [repo, repo.parent])
		if (r) for (const pr of r.openPulls) branchMoved(w, pr, repo, branch);
	if (quiet) return;
	if (before === undefined) {
		w.event('CreateEvent', actor, repo, payloads.create(w, repo, 'branch', branch));
		/* An empty repository that gets its first history tells of a push too. */
		if (wasEmpty)
			w.event('PushEvent', actor, repo, payloads.push(w, repo,
			    `refs/heads/${branch}`, ZERO, sha));
	} else {
		w.event('PushEvent', actor, repo, payloads.push(w, repo,
		    `refs/heads/${branch}`, before, sha));
	}
}

function deleteBranch(w, repo, branch, actor) {
	const before = repo.branches.get(branch);
	repo.branches.delete(branch);
	repo.activity.push({ id: w.newId('activity'), type: 'branch_deletion', actor,
		at: w.second, ref: `refs/heads/${branch}`, before, after: ZERO });
	w.event('DeleteEvent', actor, repo, payloads.del(w, 'branch', branch));
}

function tag(w, repo, name, sha, actor) {
	repo.tags.set(name, sha);
	w.event('CreateEvent', actor, repo, payloads.create(w, repo, 'tag', name));
}

/* One commit by person on the head of branch, pushed at once. */
function commitAndPush(w, repo, person, message, more = {}) {
	const branch = more.branch || repo.defaultBranch;
	const head = repo.branches.get(branch);
	const sha = commit(w, repo, { person, message, parents: head ? [head] : [], ...more });
	push(w, repo, branch, sha, more.pusher || person, more);
	return sha;
}

/* Another branch is the default one; both must be there. */
function changeDefault(w, repo, branch) {
	const from = w.head(repo);
	repo.defaultBranch = branch;
	moveDefault(w, repo, from, w.head(repo));
}

/* What no branch reaches is thrown away. */
function collectGarbage(w, repo) {
	const kept = repo.git.mark([...repo.branches.values(), ...repo.tags.values(),
	    ...[...repo.pulls.values()].map((p) => p.head.sha)]);
	for (const c of repo.git.list)
		if (repo.git.marks[c.n] !== kept) repo.gc.add(c.sha);
}

function renameRepo(w, repo, name) {
	repo.name = name;
	w.names.set(w.fullName(repo).toLowerCase(), repo.id);
	(repo.formerNames = repo.formerNames || []).push(name);
	touch(w, repo);
}

function transfer(w, repo, owner, name = repo.name) {
	repo.owner = owner;
	repo.name = name;
	repo.movedAt = w.now;
	w.names.set(w.fullName(repo).toLowerCase(), repo.id);
	touch(w, repo);
}

/* Its old login is free; names under it lead to its repositories still. */
function renameOrg(w, org, login) {
	(org.formerLogins = org.formerLogins || []).push(org.login);
	org.login = login;
	for (const repo of w.orgRepos(org))
		w.names.set(w.fullName(repo).toLowerCase(), repo.id);
}

function deleteRepo(w, repo) {
	repo.gone = w.now;
	for (const [name, id] of w.names) if (id === repo.id) w.names.delete(name);
}

function makePublic(w, repo, actor) {
	repo.private = false;
	touch(w, repo);
	w.event('PublicEvent', actor, repo, {});
}

function archive(w, repo, on = true) {
	repo.archived = on;
	touch(w, repo);
}

function star(w, repo, person) {
	if (repo.stars.has(person)) return;
	repo.stars.set(person, w.second);
	w.event('WatchEvent', person, repo, { action: 'started' });
}

function unstar(w, repo, person) {
	repo.stars.delete(person);
}

function fork(w, repo, person) {
	return createRepo(w, { name: repo.name, owner: person, actor: person, parent: repo });
}

function addMember(w, repo, actor, person) {
	w.event('MemberEvent', actor, repo, payloads.member(w, person));
}

function editWiki(w, repo, person, title) {
	const page = title.replace(/ /g, '-');
	w.event('GollumEvent', person, repo, payloads.wiki(w, repo, page, title));
}

function commentCommit(w, repo, person, sha, body) {
	const c = w.register('commit_comment', 'CommitComment', { author: person, body, sha,
		repo, createdAt: w.second, updatedAt: w.second });
	repo.commitComments.push(c);
	w.event('CommitCommentEvent', person, repo, payloads.commitComment(w, repo, c));
	return c;
}

/* A release: published at once, or a draft that is published later. */
function release(w, repo, person, tagName, { name = tagName, draft = false,
    prerelease = false, body = '' } = {}) {
	const r = w.register('release', 'Release', { repo, author: person, tag: tagName, name,
		draft, prerelease, body, createdAt: w.second, updatedAt: w.second,
		publishedAt: null, target: w.head(repo) });
	repo.releases.push(r);
	if (!draft) publish(w, r, person);
	return r;
}

function publish(w, r, person) {
	r.draft = false;
	r.publishedAt = r.updatedAt = w.second;
	if (!r.repo.tags.has(r.tag)) tag(w, r.repo, r.tag, w.head(r.repo), person);
	w.event('ReleaseEvent', person, r.repo, payloads.release(w, r));
}

function editRelease(w, r, name) {
	r.name = name;
	r.updatedAt = w.second;
}

module.exports = { createRepo, commit, push, setHead, deleteBranch, tag, commitAndPush,
	changeDefault, collectGarbage, renameRepo, renameOrg, transfer, deleteRepo, makePublic, archive,
	star, unstar, fork, addMember, editWiki, commentCommit, release, publish, editRelease };

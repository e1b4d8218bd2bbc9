/* SPDX-License-Identifier: Apache-2.0 */
/*
 * truth.js - what a store must hold of a simulated world at its end, and what it
 * may hold beside (older things that came along). Computed from the world, with
 * none of the program's code.
 *
 * What may be missing is said here and nowhere else: event-only kinds inside a
 * recorded gap of kind events, or which no feed ever showed; comments on
 * commits; what the token cannot see.
 */
'use strict';

const D = require('./truth_docs.js');
const { asIfAlive } = require('./who.js');
const feed = require('../github/feed.js');

const MINUTE = 60000, HOUR = 60 * MINUTE;

class Truth {
	/*
	 * start, end: of the run (ms); since: how far back; sees(repo): by the token;
	 * personal: whether its own feed is read; gaps: of kind events, [from, to];
	 * quirksAt(ms): what the feed does then.
	 */
	constructor(world, { start, end, since, sees = (r) => !r.private, forks = false,
	    personal = false, gaps = [], quirksAt = () => ({}), owners = [world.org.login] }) {
		Object.assign(this, { world, start, end, since, sees, forks, personal, gaps,
			quirksAt, owners, may: new Map(), must: new Set(), loose: new Set() });
		this.before = new Map();	/* as it was before accounts went */
		if ([...world.people.byId.values()].some((p) => p.deleted)) {
			asIfAlive(true);
			this.fill();
			asIfAlive(false);
			this.before = this.may;
			this.may = new Map();
		}
		this.fill();
	}

	fill() {
		for (const repo of this.world.repos.values()) this.repo(repo);
		for (const e of this.world.events) this.event(e);
	}

	put(doc, must, repo) {
		const id = doc.event.id;
		this.may.set(id, doc);
		if (must) this.must.add(id);
		if (repo.gone || !this.owners.includes(repo.owner.login)) this.loose.add(id);
	}

	/* Whether it is one of those that are followed, now and for the token. */
	followed(repo) {
		return this.owners.includes(repo.owner.login) && !repo.gone && this.sees(repo) &&
		    !repo.forbidden && !repo.blocked &&
		    (this.forks || (!repo.parent && !repo.mirror));
	}

	/* Where the branches stood at a time: what is behind them was there before. */
	headsAt(repo, time) {
		const heads = new Map();
		for (const a of repo.activity) if (a.at <= time) heads.set(a.ref, a.after);
		return [...heads.values()].filter((sha) => repo.git.get(sha));
	}

	commits(repo, all) {
		const { world } = this, head = world.head(repo);
		const now = new Set(), old = new Set();
		for (const sha of this.headsAt(repo, this.start))
			for (const c of repo.git.log(sha)) old.add(c.sha);
		if (head)
			for (const c of repo.git.log(head)) {
				now.add(c.sha);
				this.put(D.commit(world, repo, c, true), all &&
				    (!old.has(c.sha) || c.committer.date >= this.since), repo);
			}
		for (const sha of repo.lost.keys())
			if (!now.has(sha))
				this.put(D.commit(world, repo, repo.git.get(sha), false), false,
				    repo);
	}

	comment(doc, c, must, repo) {
		this.put(doc, must && (c.createdAt >= this.since ||
		    (c.updatedAt >= this.since && c.updatedAt < this.end - 26 * HOUR)), repo);
	}

	pulls(repo, all) {
		const w = this.world;
		for (const pr of repo.pulls.values()) {
			const must = all && pr.updatedAt >= this.since;
			this.put(D.pull(w, pr), must, repo);
			for (const r of D.submitted(pr)) {
				this.put(D.review(w, r), must, repo);
				for (const c of r.comments)
					this.put(D.reviewComment(w, c), must, repo);
			}
			for (const c of pr.comments)
				this.comment(D.issueComment(w, c), c, must, repo);
		}
	}

	repo(repo) {
		const w = this.world, all = this.followed(repo);
		if (!this.sees(repo)) return;
		this.commits(repo, all);
		this.pulls(repo, all);
		for (const i of repo.issues.values()) {
			const must = all && i.updatedAt >= this.since;
			this.put(D.issue(w, i), must, repo);
			for (const c of i.comments)
				this.comment(D.issueComment(w, c), c, must, repo);
		}
		for (const r of repo.releases)
			if (!r.draft && r.publishedAt !== null)
				this.put(D.release(w, r), all && (r.createdAt >= this.since ||
				    r.publishedAt >= this.start), repo);
	}

	/* Whether a feed the run reads had it long enough before the end. */
	shown(e, repo) {
		const quirks = this.quirksAt(e.at), at = feed.shownAt(e, quirks);
		if (this.quirksAt(at)['feed-off'] || feed.lost(e, quirks)) return false;
		if (e.at < this.start || at > this.end - 5 * MINUTE) return false;
		if (!(e.public && !repo.private) && !this.personal) return false;
		return !this.gaps.some(([from, to]) => e.at >= from && e.at <= to);
	}

	event(e) {
		const repo = this.world.repos.get(e.repoId);
		const doc = D.event(this.world, e);
		if (!doc || !(e.public || this.sees(repo))) return;
		/* A user's feed is what that user does, anywhere. */
		const of = e.org || e.actor;
		this.put(doc, this.owners.includes(of.login) && e.type !== 'CommitCommentEvent' &&
		    !repo.parent && !repo.mirror && this.shown(e, repo), repo);
	}

}

/*
 * What things were called when a document was made is not held against it: every
 * name that a repository, its owner or a person had is turned into one of them.
 */
class Names {
	constructor(world) {
		this.repos = new Map();		/* id -> names */
		this.people = new Map();	/* name -> one for all */
		for (const repo of world.repos.values())
			this.repos.set(String(repo.id), new Set([world.fullName(repo)]));
		this.orgs = new Map();		/* id -> login, of those renamed */
		for (const org of world.orgs.filter((o) => o.formerLogins)) {
			this.orgs.set(String(org.id), org.login);
			for (const repo of world.repos.values())
				for (const login of repo.owner === org ? org.formerLogins : [])
					this.repos.get(String(repo.id)).add(`${login}/${repo.name}`);
		}
		for (const e of world.events) this.repos.get(String(e.repoId)).add(e.repoName);
		for (const r of world.people.renamed) {
			const one = this.people.get(r.from) || r.from;
			this.people.set(r.from, one);
			this.people.set(r.to, one);
		}
	}

	one(doc) {
		const names = [...this.repos.get(doc.github.repo_id) || []];
		const { repo } = doc.github;
		let text = JSON.stringify(doc);
		if (names.length > 1 && names.includes(repo))
			text = text.split(`github.com/${repo}/`).join(`github.com/${names[0]}/`);
		const out = JSON.parse(text, (k, v) =>
		    (typeof v === 'string' && this.people.get(v)) || v);
		if (names.includes(repo)) {
			out.github.repo = names[0];
			[out.github.repository.owner.login, out.github.repository.name] =
			    names[0].split('/');
		}
		if (out.organization && this.orgs.has(out.organization.id))
			out.organization.name = out.github.org = this.orgs.get(out.organization.id);
		if (this.people.size && out.related && out.related.user)
			out.related.user = [...new Set(out.related.user)].sort();
		return out;
	}
}

/* Paths at which two documents differ. */
function differences(a, b, path = '') {
	if (a === b) return [];
	const both = [a, b].every((x) => x && typeof x === 'object');
	if (!both || Array.isArray(a) !== Array.isArray(b))
		return [`${path}: is ${JSON.stringify(a)}, should be ${JSON.stringify(b)}`];
	return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((k) =>
	    differences(a[k], b[k], path ? `${path}.${k}` : k));
}

/* What only the program can know is taken out of its copy. */
function comparable(doc) {
	const out = JSON.parse(JSON.stringify(doc));
	delete out.event.ingested;
	if (out.event.action === 'commit') {
		delete out.event.created;
		delete out.hubstash.version;
	}
	return out;
}

/*
 * Holds stored documents (a Map of id -> document) against the truth. A list of
 * sentences, empty when all is true.
 */
function compare(stored, truth) {
	const wrong = [], names = new Names(truth.world);
	for (const id of truth.must)
		if (!stored.has(id)) wrong.push(`${id} is missing`);
	for (const [id, doc] of stored) {
		const want = truth.may.get(id);
		if (!want) {
			wrong.push(`${id} is no thing of this world`);
			continue;
		}
		if (truth.loose.has(id)) continue;
		const got = comparable(names.one(doc));
		let diffs = differences(got, comparable(names.one(want)));
		if (diffs.length && truth.before.has(id))
			diffs = differences(got, comparable(names.one(truth.before.get(id))));
		if (diffs.length) wrong.push(`${id}: ${diffs.slice(0, 4).join('; ')}`);
	}
	return wrong;
}

module.exports = { Truth, compare, comparable, differences };

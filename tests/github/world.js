/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world.js - an organisation on a timeline. The world is made by playing
 * actions (actions*.js) in order of their time: a script puts the first ones
 * into the queue, an action may put further ones. advance(t) plays all that is
 * due by t, so the state is always that of one moment, and the same seed and
 * script give the same world however often one looks.
 *
 * Times are milliseconds; what GitHub dates in whole seconds is cut to them.
 */
'use strict';

const { Rng, hash01 } = require('./prng.js');
const { People, MACHINES } = require('./people.js');
const { Git } = require('./git.js');

const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const ZERO = '0'.repeat(40);

/* Where each kind of number begins; several have outgrown 32 bits on GitHub. */
const FIRST_ID = { repo: 611000000, pull: 2910000000, review: 3120000000,
	review_comment: 2230000000, issue: 3310000000, issue_comment: 3440000000,
	release: 191000000, commit_comment: 151000000, label: 7100000000,
	push: 25900000000, activity: 29100000000 };
const NODE = { repo: 'R', pull: 'PR', review: 'PRR', review_comment: 'PRRC', issue: 'I',
	issue_comment: 'IC', release: 'RE', commit_comment: 'CC', label: 'LA' };

/* Actions in order of time; of the same time, in order of planning. */
class Queue {
	constructor() {
		this.heap = [];
		this.seq = 0;
	}

	static before(a, b) { return a.at !== b.at ? a.at < b.at : a.seq < b.seq; }

	put(at, run) {
		const h = this.heap;
		let i = h.length;
		h.push({ at, seq: this.seq++, run });
		while (i > 0) {
			const up = (i - 1) >> 1;
			if (!Queue.before(h[i], h[up])) break;
			[h[i], h[up]] = [h[up], h[i]];
			i = up;
		}
	}

	get next() { return this.heap.length ? this.heap[0].at : Infinity; }

	take() {
		const h = this.heap, top = h[0], last = h.pop();
		if (h.length === 0) return top;
		h[0] = last;
		for (let i = 0; ;) {
			let least = i;
			for (const c of [2 * i + 1, 2 * i + 2])
				if (c < h.length && Queue.before(h[c], h[least])) least = c;
			if (least === i) return top;
			[h[i], h[least]] = [h[least], h[i]];
			i = least;
		}
	}
}

class World {
	/*
	 * start: when the organisation's life as told begins to be watched (ms);
	 * script(world) plans it. legacy: events as GitHub Enterprise writes them.
	 * meets: when a demo's story meets the real clock.
	 */
	constructor({ seed = 1, start, script, legacy = false, org = 'sim-works',
	    quirks = {}, meets = null }) {
		this.seed = seed;
		this.start = start;
		this.legacy = legacy;
		this.meets = meets;
		this.quirks = quirks;		/* those that shape the world itself */
		this.rng = new Rng(`world ${seed}`);
		this.now = -Infinity;
		this.queue = new Queue();
		this.ids = { ...FIRST_ID };
		this.people = new People(new Rng(`people ${seed}`));
		this.repos = new Map();		/* id -> repository, also the gone ones */
		this.names = new Map();		/* owner/name -> id, redirects too */
		this.nodes = new Map();		/* node id -> { type, value } */
		this.events = [];
		this.eventIds = { n: 0, replay: null };
		this.whileRead = new Map();	/* repo id -> run(world), once */
		this.orgs = [];
		this.org = this.addOrg(org, 'Simulated Works');
		this.people.add({ login: 'web-flow', name: 'GitHub Web Flow', id: 19864447,
			mails: [{ address: 'noreply@github.com', linked: true }] });
		this.admin = this.people.add({ login: 'sim-admin', name: 'Sim Admin', weight: 0,
			mails: [{ address: 'admin@sim-works.example', linked: true }] });
		for (const row of MACHINES) this.people.machine(row);
		script(this);
	}

	/* A further organisation: another owner of repositories, with a feed of its own. */
	addOrg(login, name) {
		const id = 58000000 + this.rng.int(900000);
		const org = { id, login, name, type: 'Organization',
			nodeId: `O_kgDO${Buffer.from(`org${id}`).toString('base64url')}`,
			createdAt: this.start - 1200 * DAY };
		this.orgs.push(org);
		this.nodes.set(org.nodeId, { type: 'Organization', value: org });
		return org;
	}

	orgNamed(login) {
		return this.orgs.find((o) => o.login.toLowerCase() === login.toLowerCase());
	}

	at(time, run) { this.queue.put(time, run); }

	advance(to) {
		while (this.queue.next <= to) {
			const a = this.queue.take();
			this.now = Math.max(this.now, a.at);
			a.run(this);
		}
		this.now = Math.max(this.now, to);
	}

	/* Something happens because a request came (a fault), not by the script. */
	inject(run) {
		run(this);
	}

	/* The time in whole seconds, as GitHub writes it. */
	get second() { return Math.floor(this.now / SECOND) * SECOND; }

	newId(kind) {
		this.ids[kind] += 1 + this.rng.int(kind === 'repo' ? 4000 : 900);
		return this.ids[kind];
	}

	/* Gives value its number and its opaque id. */
	register(kind, type, value) {
		value.id = value.id || this.newId(kind);
		value.nodeId = `${NODE[kind]}_kwDO${
		    Buffer.from(`${kind}${value.id}`).toString('base64url')}`;
		this.nodes.set(value.nodeId, { type, value });
		return value;
	}

	repoNamed(fullName) {
		const id = this.names.get(fullName.toLowerCase());
		return id === undefined ? undefined : this.repos.get(id);
	}

	named(name) { return this.repoNamed(`${this.org.login}/${name}`); }

	fullName(repo) { return `${repo.owner.login}/${repo.name}`; }

	/* Repositories that are an organisation's now. */
	orgRepos(org = this.org) {
		return [...this.repos.values()].filter((r) => r.owner === org && !r.gone);
	}

	/* The organisation whose repo is, or null. */
	orgOf(repo) { return this.orgs.includes(repo.owner) ? repo.owner : null; }

	head(repo) { return repo.branches.get(repo.defaultBranch); }

	/*
	 * An event, as the feeds tell it. Ids come from two interleaved families
	 * and are no sequence; after an id restart they are used again.
	 */
	event(type, actor, repo, payload) {
		if (!payload) return null;	/* Enterprise does not tell of it */
		const e = { type, at: this.second, actor, repoId: repo.id,
			actorAs: { id: actor.id, login: actor.login },
			repoName: this.fullName(repo), public: !repo.private,
			org: this.orgOf(repo), payload, seq: this.events.length };
		e.id = this.eventId();
		/* A minute is ordinary; see the quirk `late` for more. */
		e.visibleAt = e.at + Math.floor(5 + 55 * hash01(`shown ${e.id}`)) * SECOND;
		this.events.push(e);
		return e;
	}

	eventId() {
		const ids = this.eventIds;
		if (ids.replay && ids.replay.length) return ids.replay.shift();
		ids.n += 1 + this.rng.int(5000);
		return String((this.rng.chance(0.5) ? 21190576879 : 15062400113) + ids.n);
	}

	/* From now on events get the ids that the first ones had. */
	restartIds() {
		this.eventIds.replay = this.events.map((e) => e.id);
	}

	newGit() { return new Git(); }
}

module.exports = { World, SECOND, MINUTE, HOUR, DAY, ZERO };

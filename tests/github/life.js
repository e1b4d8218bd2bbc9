/* SPDX-License-Identifier: Apache-2.0 */
/*
 * life.js - an organisation that works by itself: every hour some of its people
 * do something, more on weekdays and by day, some more than others, and not
 * always the same ones. What they do fits the state: only an open pull request
 * is reviewed or merged.
 */
'use strict';

const A = require('./actions.js');
const T = require('./talk.js');
const Words = require('./words.js');
const { HOUR, DAY, MINUTE, SECOND } = require('./world.js');
const { Rng } = require('./prng.js');

/* How awake a person is: hours by their own clock, weekends quiet. */
function awake(person, at) {
	const local = new Date(at + person.tz * MINUTE);
	const h = local.getUTCHours(), d = local.getUTCDay();
	const day = h >= 9 && h < 18 ? 1 : h >= 7 && h < 23 ? 0.25 : 0.02;
	return day * (d === 0 || d === 6 ? 0.12 : 1);
}

/* Who is busy moves over the months. */
function zeal(person, at) {
	const phase = (person.id % 97) / 97 * 2 * Math.PI;
	const period = (40 + person.id % 50) * DAY;
	return person.weight * (1 + 0.85 * Math.sin(phase + at / period * 2 * Math.PI));
}

const live = (w, repos, owner) => repos.filter((r) => !r.gone && !r.archived && w.head(r) &&
    (owner ? r.owner === owner : w.orgOf(r)));

class Life {
	/*
	 * rate: how much happens in an hour when everybody is awake, or how by when.
	 * owner: whose the repositories stay, of organisations when it is left out.
	 */
	constructor(w, { repos, people, rate = 4, bots = true, name = 'life', owner = null }) {
		Object.assign(this, { w, repos, people, rate, bots, owner });
		this.rng = new Rng(`${name} ${w.seed}`);
		this.branches = 0;
	}

	/* Live from now on, hour by hour, until a time (or for ever). */
	run(from, until = Infinity) {
		const w = this.w;
		const hour = () => {
			this.hour(w.now, Math.min(w.now + HOUR, until));
			if (w.now + HOUR < until) w.at(w.now + HOUR, hour);
		};
		w.at(from, hour);
	}

	hour(from, to) {
		const { rng, w } = this;
		const power = this.people.map((p) => zeal(p, from) * awake(p, from));
		const all = power.reduce((a, b) => a + b, 0);
		const full = this.people.reduce((a, p) => a + p.weight, 0);
		const rate = typeof this.rate === 'function' ? this.rate(from) : this.rate;
		const n = rng.count(rate * all / full * 2);
		for (let i = 0; i < n; i++) {
			const k = rng.weighted(power.map((x, j) => [x, j]), (x) => x[0])[1];
			const at = from + Math.floor(rng.next() * (to - from) / SECOND) * SECOND;
			w.at(at, () => this.one(this.people[k]));
		}
		if (this.bots && rng.chance(0.07))
			w.at(from + rng.int(3600) * SECOND, () => this.botPull());
	}

	/* One thing that person does now. */
	one(person) {
		const { w, rng } = this;
		const repos = live(w, this.repos, this.owner);
		if (!repos.length || person.deleted) return;
		const repo = rng.weighted(repos, (r) => r.weight *
		    ((r.id + person.id) % 5 === 0 ? 4 : 1));
		const open = [...repo.openPulls];
		const mine = open.filter((p) => p.author === person);
		const others = open.filter((p) => p.author !== person && !p.draft);
		const issues = [...repo.issues.values()].slice(-30)
		    .filter((i) => i.state === 'OPEN');
		const x = rng.next();
		if (x < 0.16) return this.commit(repo, person);
		if (x < 0.30) return this.pull(repo, person);
		if (x < 0.37 && mine.length) return this.pushMore(rng.pick(mine), person);
		if (x < 0.58 && others.length) return this.review(rng.pick(others), person);
		if (x < 0.64 && open.length) return this.answer(rng.pick(open), person);
		if (x < 0.76 && open.length) return this.merge(open, person);
		if (x < 0.78 && mine.length) return T.closePull(w, rng.pick(mine), person);
		if (x < 0.85)
			return T.openIssue(w, repo, person, { title: Words.issueTitle(rng),
				body: rng.pick(Words.CHATTER),
				labels: rng.chance(0.5) ? [rng.pick(Words.LABELS)] : [] });
		if (x < 0.92 && issues.length)
			return T.comment(w, rng.pick(issues), person, rng.pick(Words.CHATTER));
		if (x < 0.96 && issues.length)
			return T.closeIssue(w, rng.pick(issues), person,
			    rng.pick(['COMPLETED', 'COMPLETED', 'NOT_PLANNED']));
		if (x < 0.97) return A.star(w, repo, person);
		if (x < 0.974) return A.editWiki(w, repo, person, 'How we work');
		if (x < 0.978)
			return A.commentCommit(w, repo, person, w.head(repo), rng.pick(Words.REMARK));
		if (x < 0.983) return this.release(repo, person);
		if (open.length)
			return T.comment(w, rng.pick(open), person, rng.pick(Words.CHATTER));
		return this.commit(repo, person);
	}

	/* People write together now and then, also with a machine. */
	company(person) {
		const { rng, w } = this;
		const x = rng.next();
		if (x < 0.10) {
			const p = rng.pick(this.people);
			return p === person || p.deleted ? [] : [p];
		}
		if (x < 0.15) return [w.people.byLogin.get('copilot')];
		if (x < 0.17) return ['Claude <noreply@anthropic.com>'];
		return [];
	}

	commit(repo, person) {
		A.commitAndPush(this.w, repo, person, Words.title(this.rng),
		    { co: this.company(person) });
	}

	pull(repo, person) {
		const { w, rng } = this;
		const branch = `${person.login}/topic-${++this.branches}`;
		const title = Words.title(rng);
		let head = w.head(repo);
		for (let i = 0, n = 1 + rng.int(4); i < n; i++)
			head = A.commit(w, repo, { person, parents: [head],
				message: i ? Words.title(rng) : title, co: this.company(person) });
		A.push(w, repo, branch, head, person);
		const pr = T.openPull(w, repo, person, { title, branch,
			body: `${title}.\n\n${rng.pick(Words.CHATTER)}`, draft: rng.chance(0.1),
			labels: rng.chance(0.3) ? [rng.pick(Words.LABELS)] : [] });
		if (pr.draft)
			w.at(w.now + rng.between(1, 20) * HOUR, () => pr.state === 'OPEN' &&
			    T.editPull(w, pr, { draft: false }));
		return pr;
	}

	botPull() {
		const { w, rng } = this;
		const repos = live(w, this.repos, this.owner);
		if (!repos.length) return;
		const repo = rng.pick(repos), bot = w.people.byLogin.get('sim-deps[bot]');
		const message = Words.bump(rng), branch = `deps/${++this.branches}`;
		const head = A.commit(w, repo, { person: bot, parents: [w.head(repo)], message });
		A.push(w, repo, branch, head, bot);
		const pr = T.openPull(w, repo, bot, { title: message, branch,
			labels: ['dependencies'], body: 'Bumps a dependency.' });
		w.at(w.now + rng.between(5, 90) * MINUTE, () => T.comment(w, pr,
		    w.people.byLogin.get('sim-ci[bot]'), 'All checks have passed.'));
	}

	pushMore(pr, person) {
		const { w, rng } = this;
		const { repo, ref } = pr.head;
		if (!repo.branches.has(ref)) return;
		const force = rng.chance(0.15);
		const parents = [force ? pr.base.sha : repo.branches.get(ref)];
		const head = A.commit(w, repo, { person, parents, message: Words.title(rng) });
		A.push(w, repo, ref, head, person, { force });
	}

	review(pr, person) {
		const { w, rng } = this;
		const state = rng.pick(['APPROVED', 'APPROVED', 'COMMENTED', 'CHANGES_REQUESTED']);
		const comments = [];
		for (let i = rng.count(0.8); i > 0; i--)
			comments.push({ path: `src/file${rng.int(40)}.c`,
				body: rng.pick(Words.REMARK) });
		const r = T.review(w, pr, person, state, { comments,
			body: state === 'APPROVED' || rng.chance(0.5) ? '' : rng.pick(Words.REMARK) });
		if (comments.length && rng.chance(0.5))
			w.at(w.now + rng.between(5, 300) * MINUTE, () => !pr.repo.gone &&
			    T.reply(w, r.comments[0], pr.author, rng.pick(Words.ANSWER)));
		if (state === 'CHANGES_REQUESTED' && rng.chance(0.2))
			w.at(w.now + rng.between(60, 600) * MINUTE, () => !pr.repo.gone &&
			    T.dismissReview(w, r, person));
	}

	/* An answer in a thread if there is one, else a comment. */
	answer(pr, person) {
		const { w, rng } = this;
		const threads = pr.reviews.flatMap((r) => (r.submittedAt ? r.comments : []));
		if (threads.length)
			return T.reply(w, rng.pick(threads), person, rng.pick(Words.ANSWER));
		return T.comment(w, pr, person, rng.pick(Words.REMARK));
	}

	merge(open, person) {
		const { w, rng } = this;
		const ready = open.filter((p) => !p.draft && w.now - p.createdAt > HOUR);
		if (!ready.length) return;
		const pr = rng.pick(ready);
		const reviewed = pr.reviews.length > 0 || pr.author.type === 'Bot';
		if (!reviewed && rng.chance(0.5)) return this.review(pr, person);
		T.mergePull(w, pr, person, rng.weighted([['squash', 6], ['merge', 3],
		    ['rebase', 1]], (m) => m[1])[0]);
	}

	release(repo, person) {
		const { w, rng } = this;
		const n = repo.releases.length + 1;
		const r = A.release(w, repo, person, `v${1 + Math.floor(n / 10)}.${n % 10}.0`, {
			name: `${repo.name} ${n}`, draft: rng.chance(0.2),
			prerelease: rng.chance(0.1) });
		if (r.draft && rng.chance(0.7))
			w.at(w.now + rng.between(1, 48) * HOUR, () => A.publish(w, r, person));
	}
}

module.exports = { Life };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * activity.js - invented documents of several organisations, and questions about
 * them, by chance: people under several names and names of several people, bots and
 * agents, co-authors, renamed repositories, reviews of all states, many documents of
 * one moment, moments at the edges of days here and elsewhere. The same for the same
 * seed.
 */
'use strict';

const DAY = 24 * 3600 * 1000;
const FIRST = Date.UTC(2025, 1, 1), LAST = Date.UTC(2026, 3, 1);
const ZONES = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kolkata', 'Pacific/Apia'];
const iso = (ms) => new Date(ms).toISOString().replace('.000Z', 'Z');

/* Marsaglia's xorshift. */
class Dice {
	constructor(seed) {
		this.state = (seed | 0) || 1;
		for (let i = 0; i < 20; i++) this.below(2);
	}

	below(n) {
		let s = this.state;
		s ^= s << 13;
		s ^= s >>> 17;
		s ^= s << 5;
		this.state = s;
		return (s >>> 0) % n;
	}

	one(list) {
		return list[this.below(list.length)];
	}

	some(list, most) {
		return [...new Set(Array.from({ length: 1 + this.below(most) }, () => this.one(list)))];
	}

	in(n) {
		return this.below(n) === 0;
	}
}

/* When a day begins there: what its wall clock shows at that moment tells how far. */
const clocks = new Map(ZONES.map((zone) => [zone, new Intl.DateTimeFormat('en-GB', {
	timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
	hour: 'numeric', minute: 'numeric', second: 'numeric' })]));

function wall(zone, ms) {
	const p = Object.fromEntries(clocks.get(zone).formatToParts(ms)
	    .map((x) => [x.type, Number(x.value)]));
	return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second);
}

function midnight(zone, day) {
	let ms = day;
	for (let i = 0; i < 3; i++) ms += day - wall(zone, ms);
	return ms;
}

const ORGS = ['sim-org', 'sim-two', 'Sim-Three'];
const STATES = ['approved', 'changes_requested', 'commented', 'dismissed'];
const KINDS = ['commit', 'commit', 'commit', 'commit', 'pull_request', 'pull_request',
	'review', 'review', 'review', 'issue', 'issue_comment', 'review_comment',
	'commit_comment', 'release', 'star', 'push'];
const WORDS = ['ada', 'Bo', 'cy "the" sim', 'dï', 'Ed*', 'flo.', 'gus', 'hal[1]', 'ida\\', 'jo'];

class World {
	constructor(seed, { people = 40, repos = 14 } = {}) {
		const d = this.dice = new Dice(seed);
		this.moments = Array.from({ length: 60 }, () => d.in(2) ? this.anyMoment() :
		    midnight(d.one(ZONES), FIRST + d.below(420) * DAY) - 1000 * d.below(2));
		this.people = Array.from({ length: people }, (_, i) => ({
			id: d.in(5) ? `mail:${i}` : d.in(8) ? `name:sim ${i}` : String(100 + i),
			names: Array.from({ length: 1 + d.below(3) }, (x, k) => d.in(6) ?
			    `sim-${d.one(WORDS)}` : `sim-${d.one(WORDS)}-${i}${'abc'[k]}`) }));
		this.repos = Array.from({ length: repos }, (_, i) => ({ id: String(7000 + i),
			names: [`${d.one(ORGS)}/${d.one(WORDS)}-${i}`, `${d.one(ORGS)}/new-${i}`] }));
	}

	anyMoment() {
		return FIRST + this.dice.below((LAST - FIRST) / 1000) * 1000;
	}

	moment() {
		return this.dice.in(2) ? this.dice.one(this.moments) : this.anyMoment();
	}

	/* Few do much: the smaller of two. */
	person() {
		const n = this.people.length;
		return this.people[Math.min(this.dice.below(n), this.dice.below(n))];
	}

	nameAt(x, ms) {
		const part = Math.floor((ms - FIRST) / (LAST - FIRST) * x.names.length);
		return x.names[Math.min(Math.max(this.dice.in(9) ? this.dice.below(9) : part, 0),
		    x.names.length - 1)];
	}

	credit(body, kind, ms) {
		const d = this.dice, h = body.hubstash = {}, bot = d.in(8);
		const who = bot ? { id: '99', names: ['sim-robot[bot]'] } : this.person();
		if (d.in(40)) {
			h.bot = true;
			return;
		}
		h.person = this.nameAt(who, ms);
		h.person_id = who.id;
		h.class = bot ? 'bot' : 'human';
		const credit = bot ? [] : [[who.id, h.person]];
		for (let n = kind === 'commit' && d.in(3) ? 1 + d.below(3) : 0; n > 0; n--) {
			const other = this.person();
			if (credit.every(([id]) => id !== other.id))
				credit.push([other.id, this.nameAt(other, ms)]);
		}
		const agents = [...(bot ? ['sim-robot[bot]'] : []), ...(d.in(9) ? [d.one(['Claude',
			'Copilot', 'sim-agent'])] : [])];
		if (credit.length > 0) {
			h.credit = credit.map((c) => c[1]);
			h.credit_id = credit.map((c) => c[0]);
		}
		if (agents.length > 0) h.agents = agents;
		h.bot = credit.length === 0;
	}

	details(kind, i, ms) {
		const d = this.dice, hours = 10 ** (d.below(500) / 100 - 2);
		const bucket = (h) => Math.floor(50 * Math.log10(Math.max(h, 0.01)));
		if (kind === 'commit') return { commit: { sha: `sha${i}`, headline: `change ${i}`,
			default_branch: !d.in(9), merge: d.in(9), additions: d.below(500),
			deletions: d.below(200), message: 'change\n\nand why',
			...(d.in(9) ? {} : { hour: d.below(24), weekday: 1 + d.below(7) }) } };
		if (kind === 'pull_request') {
			const end = Math.floor((ms + hours * 3600 * 1000) / 1000) * 1000;
			const state = d.one(['open', 'closed', 'merged', 'merged', 'merged']);
			return { pull_request: { number: i, title: `pull ${i}`, state, draft: d.in(4),
				created_at: iso(ms), updated_at: iso(ms), reviews: d.below(3),
				additions: 5, deletions: 6, url: `https://github.com/x/${i}`,
				...(d.in(2) ? { first_review_bucket: bucket(hours / 3) } : {}),
				...(state === 'open' ? {} : { closed_at: iso(d.in(4) ? this.moment() : end) }),
				...(state === 'merged' ? { merged_at: iso(d.in(4) ? this.moment() : end),
					...(d.in(9) ? {} : { merge_bucket: bucket(hours) }) } : {}) } };
		}
		if (kind === 'review') return { review: { id: String(i), state: d.one(STATES),
			number: i, ...(d.in(9) ? {} : { pull_author: this.nameAt(this.person(), ms),
				pull_author_bot: d.in(8) }),
			...(d.in(9) ? {} : { self: d.in(7) }), ...(d.in(9) ? {} : { reply: d.in(7) }) } };
		if (kind === 'issue') return { issue: { number: i, title: `issue ${i}`,
			state: d.one(['open', 'closed']), created_at: iso(ms) } };
		if (/comment/.test(kind)) return { comment: { id: String(i), number: i } };
		if (kind === 'release') return { release: { id: String(i), tag: `v${i}` } };
		return kind === 'push' ? { push: { ref: 'refs/heads/main', head: `h${i}` } } : {};
	}

	doc(i) {
		const d = this.dice, action = d.one(KINDS), ts = this.moment(), body = {};
		const repo = d.one(this.repos.slice(0, 1 + d.below(this.repos.length)));
		const name = this.nameAt(repo, ts), [owner, short] = name.split('/');
		body.github = d.in(40) ? {} : { repo: name, repo_id: repo.id,
			repository: { name: short, owner: { login: owner } },
			...(d.in(20) ? {} : { org: owner }) };
		Object.assign(body.github, this.details(action, i, ts));
		this.credit(body, action, ts);
		return { id: `${action}:${d.below(1000)}:${i}`, action, version: 1000 + i, ts, body };
	}

	docs(n) {
		return Array.from({ length: n }, (_, i) => this.doc(i));
	}

	/* Days, weeks, months of a zone, or any moments, between two. */
	edges(from, to) {
		const d = this.dice, zone = d.one(ZONES), edges = [from];
		const step = d.one([1, 7, 30, 91]);
		let at = midnight(zone, Math.floor(from / DAY) * DAY);
		for (let n = 0; at < to && edges.length < 1000; n++) {
			at = d.in(4) ? at + 1 + d.below(40 * DAY) :
			    midnight(zone, (Math.floor(at / DAY) + step) * DAY);
			if (at > edges[edges.length - 1] && at < to) edges.push(at);
		}
		return [...edges, to];
	}

	question(panel) {
		const d = this.dice, q = { panel };
		const [a, b] = [this.moment() + d.below(2), this.moment() - d.below(2)];
		[q.from, q.to] = d.in(6) ? [FIRST - DAY, LAST + DAY] :
		    [Math.min(a, b), Math.max(a, b) + 1];
		q.edges = this.edges(q.from, q.to);
		if (d.in(4)) q.orgs = d.some(ORGS, 2);
		if (d.in(4)) q.repos = d.some(this.repos, 4).map((r) => r.id);
		if (d.in(5)) q.people = d.some(this.people, 4).map((p) => p.id);
		if (d.in(5)) q.kinds = d.some(KINDS, 6);
		q.who = d.one(['humans', 'humans', 'bots', 'all']);
		if (d.in(2)) q.max = 1 + d.below(12);
		if (panel === 'people') {
			q.sort = d.one(['activity', 'commits', 'pull_requests', 'merged', 'reviews',
				'additions', 'deletions', 'repositories', 'last', 'name']);
			q.ascending = d.in(2);
		}
		if (panel === 'person') q.people = [d.in(9) ? 'nobody' : d.one(this.people).id];
		if (panel === 'search') {
			const text = d.in(3) ? d.one(this.repos).names[0] : d.one(this.people).names[0];
			q.text = text.slice(d.in(3) ? text.indexOf('/') + 1 : 0)
			    .slice(0, 1 + d.below(12));
			if (d.in(2)) q.text = q.text.toUpperCase();
		}
		return q;
	}
}

module.exports = { World, Dice, DAY };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * referee.js - sees every request and names each broken rule: what GitHub asks
 * of its clients, and what hubstash promises of itself. Times are the wire's.
 *
 * A client that was killed knows nothing of what was said before: restarted()
 * tells the referee, who then holds nothing of it against the next one.
 * fresh() says that all may be read again (a new store, another backfill).
 */
'use strict';

const RULES = {
	'unknown-endpoint': 'asks for an address that the simulator does not have',
	'missing-header': 'leaves out a header that GitHub asks for',
	'bad-token': 'goes on with a token that was refused',
	'poll-too-fast': 'polls a feed before X-Poll-Interval is over',
	'ignored-retry-after': 'asks before Retry-After is over',
	'ignored-reset': 'asks before X-RateLimit-Reset with nothing remaining',
	'ignored-secondary': 'asks while a secondary limit holds',
	'refetched': 'reads again what cannot have changed',
	'too-many-in-flight': 'more than 8 requests at a time',
	'too-many-graphql': 'more than 2 GraphQL requests at a time',
	'foreign-host': 'sends the token to another host',
	'over-budget': 'spends more than its share of the hour',
};
const IN_FLIGHT = 8, GRAPHQL_IN_FLIGHT = 2;
const GRACE = 1000;		/* ms of a real clock; virtual time is exact */
const SECONDARY_WAIT = 60;
const KEPT = 200000;		/* requests remembered */

class Referee {
	constructor({ virtual = () => false } = {}) {
		this.virtual = virtual;
		this.requests = [];
		this.offences = [];
		this.open = new Set();
		this.share = null;		/* of the hour's points, when told */
		this.peak = { all: 0, graphql: 0 };
		this.counts = { requests: 0, rest: 0, graphql: 0, points: 0, free: 0 };
		this.restarted();
	}

	restarted() {
		this.polls = new Map();		/* feed -> { at, interval } */
		this.waits = [];		/* { rule, until, covers(q), told } */
		this.refusedTokens = new Map();
		this.lastRefused = -Infinity;
		this.overspent = new Map();
		this.fresh();
	}

	fresh() {
		this.seen = new Map();		/* what cannot change -> request numbers */
	}

	offence(rule, q, detail) {
		if (!RULES[rule]) throw new Error(`no such rule: ${rule}`);
		this.offences.push({ rule, n: q.n, at: q.wire, method: q.method, url: q.url,
			detail });
	}

	/* A request came (its body not yet). */
	arrive(q) {
		this.open.add(q);
		q.alongside = this.open.size;
		const graphql = [...this.open].filter((x) => x.resource === 'graphql').length;
		this.peak.all = Math.max(this.peak.all, this.open.size);
		this.peak.graphql = Math.max(this.peak.graphql, graphql);
		if (this.open.size > IN_FLIGHT)
			this.offence('too-many-in-flight', q, `${this.open.size} at a time`);
		if (q.resource === 'graphql' && graphql > GRAPHQL_IN_FLIGHT)
			this.offence('too-many-graphql', q, `${graphql} at a time`);
	}

	/* It is about to be answered. */
	judge(q) {
		this.headers(q);
		this.patience(q);
		if (q.feed && q.page === 1) this.poll(q);
		this.refused(q);
	}

	headers(q) {
		const want = ['authorization', 'user-agent'];
		if (q.resource !== 'graphql') want.push('accept', 'x-github-api-version');
		for (const name of want)
			if (!q.headers[name]) this.offence('missing-header', q, name);
		if (q.resource !== 'graphql' && q.headers.accept &&
		    !/application\/(vnd\.github\S*\+)?json/.test(q.headers.accept))
			this.offence('missing-header', q, `accept: ${q.headers.accept}`);
	}

	/*
	 * Requests that were on their way when a limit was told are excused: as
	 * many as can be in flight, of the same moment.
	 */
	patience(q) {
		this.waits = this.waits.filter((w) => w.until > q.wire);
		for (const w of this.waits) {
			if (!w.covers(q)) continue;
			const slack = this.virtual() ? 0 : GRACE;
			if (q.wire - w.told <= slack && w.excused++ < IN_FLIGHT) continue;
			if (w.until - q.wire <= slack) continue;
			this.offence(w.rule, q, `${Math.ceil((w.until - q.wire) / 1000)} s early`);
		}
	}

	poll(q) {
		const last = this.polls.get(q.path);
		if (!last) return;
		const due = last.at + last.interval * 1000;
		if (q.wire < due - (this.virtual() ? 0 : GRACE))
			this.offence('poll-too-fast', q, `${((due - q.wire) / 1000).toFixed(1)
			} s early`);
	}

	/*
	 * A token that was refused three times is tried again slowly: a minute
	 * between. Those on their way when it was refused are excused.
	 */
	refused(q) {
		const times = this.refusedTokens.get(q.tokenText) || 0;
		const since = q.wire - this.lastRefused;
		const excused = times < IN_FLIGHT && since <= (this.virtual() ? 0 : GRACE);
		if (times >= 3 && since < 59 * 1000 && !excused)
			this.offence('bad-token', q, `refused ${times} times`);
	}

	/* It was answered with reply; delivered: whole, as GitHub would have. */
	answered(q, reply, delivered) {
		this.note(q, reply, delivered);
		const h = reply.headers || {};
		if (delivered && q.feed && q.page === 1 && (reply.status === 200 || reply.status === 304)) {
			const before = this.polls.get(q.path);
			const told = h['x-poll-interval'];
			this.polls.set(q.path, { at: q.wire, interval:
			    told !== undefined ? Number(told) : before ? before.interval : 60 });
		}
		if (reply.status === 200 || reply.status === 304)
			this.refusedTokens.delete(q.tokenText);
		if (reply.status === 401) {
			this.refusedTokens.set(q.tokenText,
			    (this.refusedTokens.get(q.tokenText) || 0) + 1);
			this.lastRefused = q.wire;
		}
		if (delivered) {
			this.learn(q, reply, h);
			this.unchanging(q, reply);
		}
	}

	/* Which wait does this reply ask for? */
	learn(q, reply, h) {
		const { status } = reply, limited = status === 403 || status === 429;
		const wait = (rule, until, covers) => this.waits.push({ rule, until, covers,
			told: q.wire, excused: 0 });
		const same = (x) => x.tokenText === q.tokenText;
		const nothing = h['x-ratelimit-remaining'] === 0;
		if (h['retry-after'] !== undefined && (limited || status === 503 || status === 200))
			wait('ignored-retry-after', q.wire + h['retry-after'] * 1000, same);
		else if (nothing && h['x-ratelimit-reset'] * 1000 > q.wire)
			wait('ignored-reset', h['x-ratelimit-reset'] * 1000,
			    (x) => same(x) && x.resource === q.resource);
		else if (status === 429 || (limited && /secondary rate/.test(
		    (reply.body || {}).message)))
			/* With nothing remaining it is the hour's limit, which is one API's. */
			wait('ignored-secondary', q.wire + SECONDARY_WAIT * 1000,
			    (x) => same(x) && (h['x-ratelimit-remaining'] !== 0 ||
			    x.resource === q.resource));
	}

	/*
	 * Comparisons by SHA, commits by oid, addresses that moved for good. A commit
	 * that left the default branch may be read again to say so: spare times.
	 */
	unchanging(q, reply) {
		if (reply.misled) return;
		const whats = new Map(reply.status === 200 ? q.fetched.map((f) => [f.key, f]) : []);
		if (reply.fixed && reply.status === 200) whats.set(`compare ${q.url}`, {});
		if (reply.status === 301) whats.set(`moved ${q.path}`, {});
		for (const [key, { spare = 0 }] of whats) {
			const before = this.seen.get(key) || [];
			if (before.length > spare)
				this.offence('refetched', q, `${key}, also in request ${before.join()}`);
			this.seen.set(key, [...before, q.n]);
		}
	}

	note(q, reply, delivered) {
		this.counts.requests++;
		this.counts[q.resource === 'graphql' ? 'graphql' : 'rest']++;
		this.counts.points += q.cost || 0;
		if (!q.cost) this.counts.free++;
		if (this.requests.length >= KEPT) this.requests.splice(0, KEPT / 2);
		this.requests.push({ n: q.n, at: q.wire, method: q.method, url: q.url,
			resource: q.resource, status: reply.status, cost: q.cost || 0,
			work: q.work, fault: q.fault || null, delivered,
			alongside: q.alongside, etag: !!q.headers['if-none-match'] });
		this.budget(q);
	}

	budget(q) {
		const b = q.bucket;
		if (this.share === null || !b || !q.cost || b.used <= b.limit * this.share) return;
		const key = `${q.payer} ${b.resource} ${b.reset}`;
		if (this.overspent.has(key)) return;
		this.overspent.set(key, true);
		this.offence('over-budget', q, `${b.used} of ${b.limit} ${b.resource}`);
	}

	leave(q) {
		this.open.delete(q);
	}

	/* A request reached the foreign host: with our token? */
	foreign(method, url, headers, wire) {
		if (!headers.authorization) return;
		this.offence('foreign-host', { n: 0, wire, method, url }, 'with the token');
	}

	/* One line a rule, for messages of tests. */
	summary() {
		const by = new Map();
		for (const o of this.offences) {
			const row = by.get(o.rule) || { count: 0, first: o };
			row.count++;
			by.set(o.rule, row);
		}
		return [...by].map(([rule, r]) => `${rule}: ${r.count} (${RULES[rule]}); first: ${
		    r.first.method} ${r.first.url} ${r.first.detail}`);
	}
}

module.exports = { Referee, RULES, IN_FLIGHT, GRAPHQL_IN_FLIGHT };

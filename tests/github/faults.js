/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faults.js - answers that GitHub should not have given: the Nth exchange that
 * fails, shares of requests that meet an error, an outage, and limits in each
 * combination of headers. A limit that struck holds: until it is over every
 * request it covers is refused alike.
 */
'use strict';

const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes ' +
    'before you try again.';
const PRIMARY = 'API rate limit exceeded for user ID 1. If you reach out to GitHub ' +
    'Support for help, please include the request ID.';
const WAIT = 60;		/* seconds, when nothing says how long */

/*
 * How a limit is told. retry, reset: seconds; reset: null leaves the header out.
 * all: it covers REST and GraphQL, else the resource that met it.
 */
const LIMITS = {
	'limit-403-reset': { status: 403, message: PRIMARY, left: 0, reset: 120 },
	'limit-429-reset': { status: 429, message: PRIMARY, left: 0, reset: 120 },
	'limit-403-retry-after': { status: 403, message: SECONDARY, retry: 90, all: true },
	'limit-429-retry-after': { status: 429, message: SECONDARY, retry: 90, all: true },
	'limit-403-both': { status: 403, message: SECONDARY, retry: 30, left: 0, reset: 600,
		all: true },
	'limit-429-both': { status: 429, message: SECONDARY, retry: 30, left: 0, reset: 600,
		all: true },
	'limit-403-bare': { status: 403, message: SECONDARY, all: true },
	'limit-429-bare': { status: 429, message: 'Too many requests', all: true },
	'limit-reset-past': { status: 429, message: PRIMARY, left: 0, reset: -30 },
	'limit-reset-missing': { status: 403, message: PRIMARY, left: 0, reset: null },
	'limit-graphql-200': { status: 200, left: 0, reset: 120, graphql: true,
		errors: [{ type: 'RATE_LIMITED', message: PRIMARY }] },
	'limit-graphql-secondary-200': { status: 200, retry: 90, graphql: true, all: true,
		errors: [{ type: 'RATE_LIMITED', message: SECONDARY }] },
	'limit-graphql-secondary-403': { status: 403, message: SECONDARY, retry: 90,
		graphql: true, all: true },
};

/* How an exchange can fail: a reply, or what happens to its socket. */
const HOW = {
	refused: { socket: 'refuse' },
	reset: { socket: 'reset' },		/* in the middle of the body */
	timeout: { socket: 'hang' },
	429: { limit: 'limit-429-retry-after' },
	403: { limit: 'limit-403-retry-after' },
	500: { reply: { status: 500, body: { message: 'Server Error' } } },
	502: { reply: { status: 502, body: { message: 'Server Error' } } },
	503: { reply: { status: 503, body: { message: 'Service unavailable' } } },
	504: { reply: { status: 504, raw: '<html><body>504 Gateway Time-out</body></html>',
		headers: { 'content-type': 'text/html' } } },
	garbage: { reply: { status: 200, raw: '<!DOCTYPE html><html>\u0001\u00ff Unicorn!' } },
	half: { cut: 0.5 },			/* a whole reply of half a JSON */
	empty: { reply: { status: 200, raw: '' } },
};

/* The reply that tells of a limit, met at a time (ms), over in left_ms. */
function limitReply(row, wire, until) {
	const left = Math.max(1, Math.ceil((until - wire) / 1000));
	const headers = {};
	if (row.retry) headers['retry-after'] = left;
	if (row.left === 0) headers['x-ratelimit-remaining'] = 0;
	if (row.reset === null) headers['x-ratelimit-reset'] = undefined;
	else if (row.reset !== undefined)
		headers['x-ratelimit-reset'] = Math.floor(wire / 1000) +
		    (row.retry || row.reset < 0 ? row.reset : left);
	const body = row.errors ? { errors: row.errors } : { message: row.message,
		documentation_url: 'https://docs.github.com/rest', status: String(row.status) };
	return { status: row.status, body, headers, cost: 0, free: true };
}

class Faults {
	constructor(quirks) {
		this.quirks = quirks;
		this.nth = [];			/* { n, how, times } */
		this.holds = [];		/* limits that hold: { row, resource, until } */
	}

	/* The exchange with this number fails, and times - 1 further ones. */
	fail(n, how, times = 1) {
		if (!HOW[how]) throw new Error(`no such failure: ${how}`);
		this.nth.push({ n, how: String(how), times });
	}

	limit(name, q) {
		const row = LIMITS[name];
		const s = row.retry || (row.reset > 0 ? row.reset : WAIT);
		const until = q.wire + s * 1000;
		this.holds.push({ name, row, until, payer: q.token.payer,
			resource: row.all ? null : q.resource });
		return limitReply(row, q.wire, until);
	}

	/* A limit met before that still covers this request. */
	held(q) {
		this.holds = this.holds.filter((h) => h.until > q.wire);
		const h = this.holds.find((x) => x.payer === q.token.payer &&
		    (x.resource === null || x.resource === q.resource));
		return h ? limitReply(h.row, q.wire, h.until) : null;
	}

	struckLimit(q) {
		for (const [name, row] of Object.entries(LIMITS)) {
			if (row.graphql && q.resource !== 'graphql') continue;
			if (this.quirks.strikes(name, q.wire, q.n)) return name;
		}
		return null;
	}

	/*
	 * What becomes of request q, as far as known before its token is looked at:
	 * one of HOW's rows, or null.
	 */
	pick(q) {
		for (const f of this.nth)
			if (q.n >= f.n && q.n < f.n + f.times) return { name: f.how, ...HOW[f.how] };
		const { quirks } = this;
		if (quirks.get('outage', q.wire)) return { name: 'outage', ...HOW.refused };
		if (quirks.strikes('flaky', q.wire, q.n)) {
			const code = [500, 502, 503, 504][q.n % 4];
			return { name: 'flaky', ...HOW[code] };
		}
		if (q.feed && quirks.strikes('feed-503', q.wire, q.n))
			return { name: 'feed-503', ...HOW[503] };
		for (const how of ['reset', 'half', 'garbage', 'empty', 'timeout'])
			if (quirks.strikes(`reply-${how}`, q.wire, q.n))
				return { name: `reply-${how}`, ...HOW[how] };
		return null;
	}
}

module.exports = { Faults, LIMITS, HOW, SECONDARY, PRIMARY, WAIT };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graphql_door.js - POST /graphql: who asks, what it costs, what may go wrong
 * with it. Refusals here are mostly 200 with errors, as GitHub's.
 */
'use strict';

const GraphQL = require('./graphql.js');
const T = require('./talk.js');
const { notFound: fault } = require('./graphql_types.js');
const { Refusal } = require('./reply.js');
const { SSO } = require('./tokens.js');
const { hash01 } = require('./prng.js');

const WENT_WRONG = (id) => 'Something went wrong while executing your query. This may be ' +
    'the result of a timeout, or it could be a GitHub bug. Please include ' +
    `\`${id}\` when reporting this issue.`;
const TOO_MUCH = 'Resource limits for this query exceeded.';
const TIMEOUT_FINE = 5;		/* points, taken from the next hour */

const forbidden = (message, extensions) => Object.assign(fault(message, 'FORBIDDEN'),
    extensions ? { extensions } : {});

/* What the resolvers ask: see graphql_types.js. */
function context(q, rate) {
	const { world, token, sim } = q;
	return { world, token, rate, sees: q.sees, pushes: q.pushes,
		ceiling: Number(q.quirks.get('graphql-ceiling', q.now)) || GraphQL.CEILING,
		refused(repo) {
			if (token.sso === 'required')
				throw forbidden(SSO, { saml_failure: true });
			if (repo.blocked || repo.disabled)
				throw forbidden('Repository access blocked');
			if (repo.forbidden) throw forbidden(token.refusal);
		},
		refusedOrg() {
			if (token.sso === 'required')
				throw forbidden(SSO, { saml_failure: true });
		},
		needs(permission) {
			if (token.missing.includes(permission)) throw forbidden(token.refusal);
		},
		paged(repo, list, args) {
			this.needs(list === 'pulls' ? 'pull_requests' : 'issues');
			if (args.after) editBehind(sim, q, repo, list, args.after);
		},
		fetched(what, repo) {
			q.fetched.push(what);
			q.read.add(repo);
		} };
}

/* Somebody edits what the rest of the list still holds: it moves to the top. */
function editBehind(sim, q, repo, list, after) {
	if (!q.quirks.get('edit-while-paged', q.now)) return;
	if (!sim.once(`edit ${repo.id} ${list} ${after}`)) return;
	const rows = [...repo[list].values()].sort((a, b) => a.updatedAt - b.updatedAt);
	if (!rows.length) return;
	const { number } = rows[0];
	sim.inject((w) => {
		const x = w.repos.get(repo.id)[list].get(number);
		if (x) T.edit(w, x, { title: `${x.title} (edited)` });
	});
}

/* Some parts of an answer fail: null, and an error that names the part. */
function breakParts(q, body, share, error) {
	if (!body.data) return;
	const names = Object.keys(body.data).filter((k) => k !== 'rateLimit' &&
	    body.data[k] !== null);
	const hit = names.filter((k, i) => hash01(`part ${q.n} ${k}`) < share ||
	    (i === q.n % names.length));
	body.errors = body.errors || [];
	q.fetched = q.fetched.filter((f) => !hit.includes(f.part));
	for (const k of hit) {
		body.data[k] = null;
		body.errors.push({ ...error, path: [k] });
	}
}

function parse(text) {
	let body;
	try {
		body = JSON.parse(text);
	} catch (e) {
		throw new Refusal(400, 'Problems parsing JSON');
	}
	if (!body || typeof body.query !== 'string')
		throw new Refusal(400, 'A query attribute must be specified and must be a string.');
	return body;
}

/* The points an hour are used up, or the query did not fit: 200 all the same. */
function limited(q, priced, bucket) {
	const stop = bucket && bucket.remaining < priced.cost;
	if (!stop && !priced.errors) return null;
	const errors = stop ? [{ type: 'RATE_LIMITED', message:
	    `API rate limit exceeded for user ID ${q.token.user.id}.` }] : priced.errors;
	return { status: 200, body: { errors }, cost: stop ? 0 : 1, limited: stop };
}

function rateOf(bucket, priced) {
	if (!bucket) return null;		/* Enterprise does not count */
	const used = bucket.used + priced.cost;
	return { limit: bucket.limit, cost: priced.cost, used,
		remaining: Math.max(0, bucket.limit - used), nodeCount: priced.nodeCount,
		resetAt: bucket.reset };
}

function oddities(q, body) {
	if (q.quirks.strikes('graphql-partial', q.now, q.n))
		breakParts(q, body, 0.2, { message: WENT_WRONG(q.id) });
	if (q.quirks.strikes('graphql-resource-limits', q.now, q.n))
		breakParts(q, body, 0.5, { type: 'RESOURCE_LIMITS_EXCEEDED', message: TOO_MUCH });
}

/* q: see server.js; bucket: of points, null when nothing is counted. */
function answer(q, text, bucket) {
	const { sim } = q;
	if (!q.token.known)
		throw new Refusal(401, 'This endpoint requires you to be authenticated.');
	const { query, variables } = parse(text);
	const priced = GraphQL.price(query, variables);
	const stop = limited(q, priced, bucket);
	if (stop) return stop;
	const r = GraphQL.run(priced, variables, context(q, rateOf(bucket, priced)));
	q.work = r.work || r.tooHeavy;
	if (r.tooHeavy)
		return { status: 502, cost: priced.cost + TIMEOUT_FINE,
			body: { data: null, errors: [{ message: WENT_WRONG(q.id) }] } };
	for (const repo of q.read) sim.wasRead(repo);
	oddities(q, r.body);
	return { status: 200, body: r.body, cost: priced.cost };
}

module.exports = { answer };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rest_feed.js - accounts and feeds. A feed is read in pages of at most 100 of
 * 300 events; what lies beyond is refused with 422.
 */
'use strict';

const Feed = require('./feed.js');
const Accounts = require('./shapes_account.js');
const S = require('./shapes.js');
const { Refusal, notFound, link, pageOf, paged } = require('./reply.js');

const POLL = 60;		/* seconds */

function theOrg(q) {
	const { params, world } = q;
	const org = params.orgId === undefined ? world.orgNamed(params.org) :
	    world.orgs.find((o) => o.id === Number(params.orgId));
	if (!org) throw notFound();
	q.token.signedOn(org);
	return org;
}

const org = (q) => ({ status: 200, body: Accounts.organization(q.world, theOrg(q)) });

function orgRepos(q) {
	const o = theOrg(q);
	const { rows, headers } = paged(q.world.orgRepos(o).filter((r) => q.sees(r)),
	    `/organizations/${o.id}/repos`, q.query);
	return { status: 200, headers, body: rows.map((r) => S.repository(q.world, r)) };
}

function me(q) {
	if (!q.token.known) throw new Refusal(401, 'Requires authentication');
	if (q.token.app) throw new Refusal(403, q.token.refusal);
	return { status: 200, body: Accounts.ownUser(q.world, q.token.user) };
}

function user(q) {
	const p = q.world.people.byLogin.get(q.params.login.toLowerCase());
	if (!p || p.deleted) throw notFound();
	return { status: 200, body: Accounts.publicUser(q.world, p) };
}

function pollInterval(q) {
	const told = q.quirks.get('poll-interval', q.wire);
	return told === undefined ? (q.sim.pollInterval || POLL) : Number(told);
}

/* what: see feed.js; path: of the Link header, with numeric ids. */
function feed(q, what, path) {
	const { n, per } = pageOf(q.query);
	if ((n - 1) * per >= Feed.MAX)
		throw new Refusal(422, 'In order to keep the API fast for everyone, ' +
		    'pagination is limited for this resource.');
	const { rows, total } = Feed.page(q.world, q.now, q.quirks.feed(q.now), what, n, per);
	const more = n * per >= Feed.MAX && !!q.quirks.get('next-beyond', q.now);
	return { status: 200, feed: true, headers: {
		'x-poll-interval': pollInterval(q), 'cache-control': 'private, max-age=60, s-maxage=60',
		...link(path, q.query, n, Math.ceil(total / per), more) },
		/* Events do not change: which they are says what the text is. */
		tag: `${total} ${rows.map((e) => e.seq).join()}`,
		raw: () => `[${rows.map((e) => q.sim.eventText(e)).join()}]` };
}

function orgEvents(q) {
	const o = theOrg(q);
	return feed(q, { kind: 'org', org: o, sees: q.sees }, `/organizations/${o.id}/events`);
}

/* The dashboard of the token's own user: nobody else's, and not for Apps. */
function userEvents(q) {
	const o = theOrg(q);
	const { login, userId } = q.params;
	const own = q.token.user;
	if (!own) throw new Refusal(401, 'Requires authentication');
	if (q.token.app) throw new Refusal(403, q.token.refusal);
	const same = userId !== undefined ? Number(userId) === own.id :
	    login.toLowerCase() === own.login.toLowerCase();
	if (!same) throw notFound();
	q.token.needs('events');
	const reply = feed(q, { kind: 'user', org: o, sees: q.sees },
	    `/user/${own.id}/events/orgs/${o.login}`);
	if (q.token.sso === 'partial')
		reply.headers['x-github-sso'] = `partial-results; organizations=${o.id}`;
	return reply;
}

/* What a user did, everywhere: what is private only to the user's own token. */
function actorEvents(q) {
	const { login, userId } = q.params, { people } = q.world;
	const actor = userId === undefined ? people.byLogin.get(login.toLowerCase()) :
	    people.byId.get(Number(userId));
	if (!actor || actor.deleted) throw notFound();
	return feed(q, { kind: 'actor', actor, own: q.token.user === actor && !q.token.app },
	    `/user/${actor.id}/events`);
}

const rateLimit = (q) => ({ status: 200, free: true,
	body: Accounts.rateLimit(q.sim.buckets(q.token, q.wire)) });

module.exports = { orgRepos, org, me, user, orgEvents, userEvents, actorEvents, rateLimit };

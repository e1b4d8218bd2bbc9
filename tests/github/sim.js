/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim.js - a world that can be asked: time, tokens, limits, quirks and the
 * referee around it. Knows nothing of sockets: server.js brings requests here
 * and carries replies back.
 *
 * With the quirk `lag` there are two worlds made alike: the second is some
 * seconds behind, and a share of requests is answered from it, as from a
 * replica of GitHub's database. Whatever is done to the world from outside is
 * done to both (at, inject).
 */
'use strict';

const { World } = require('./world.js');
const Worlds = require('./worlds.js');
const T = require('./talk.js');
const Feed = require('./feed.js');
const { API } = require('./shapes.js');
const Rest = require('./rest.js');
const Door = require('./graphql_door.js');
const { Clock } = require('./clock.js');
const { Tokens } = require('./tokens.js');
const { Quirks } = require('./quirks.js');
const { Faults, SECONDARY } = require('./faults.js');
const { Limits } = require('./limits.js');
const { Referee } = require('./referee.js');
const { Refusal, etagOf, textOf } = require('./reply.js');
const { plan } = require('./cases.js');

const VERSIONS = ['2022-11-28', '2026-03-10'];
const RUSH = { core: 900, graphql: 2000 };	/* points a minute */
const AT_ONCE = 100;

class Sim {
	/* See startSim in server.js for what can be asked for. */
	constructor({ world = 'small', seed = 1, start = '2026-03-02T08:00:00Z', speed = 1,
	    quirks = {}, cases = [], tokens = [], limits, pollInterval, script }) {
		const demo = world === 'demo';
		this.clock = new Clock({ start: typeof start === 'number' ? start :
		    Date.parse(start), speed, demo });
		this.enterprise = world === 'enterprise';
		this.prefix = this.enterprise ? '/api/v3' : '';
		this.pollInterval = pollInterval || (demo ? 1 : 0);
		this.quirks = new Quirks(quirks);
		this.faults = new Faults(this.quirks);
		this.limits = new Limits(limits || (demo ? { core: 50000, graphql: 50000 } : {}));
		this.tokens = new Tokens(tokens);
		this.referee = new Referee({ virtual: () => this.clock.virtual });
		this.done = new Set();
		this.texts = new WeakMap();
		this.n = 0;
		this.held = Infinity;
		const tell = script || Worlds[world];
		if (!tell) throw new Error(`no such world: ${world}`);
		const make = () => new World({ seed, start: this.clock.start,
			meets: this.clock.meets, legacy: this.enterprise, quirks,
			script: (w) => {
				tell(w);
				plan(w, cases);
			} });
		this.world = make();
		this.world.advance(this.clock.start);
		this.lagging = quirks.lag ? make() : null;
	}

	get now() { return this.world.now; }

	/* Does something to the world at a time; fn gets the world. */
	at(time, fn) {
		for (const w of [this.world, this.lagging]) if (w) w.at(time, fn);
	}

	/* The same at once: a request led to it. */
	inject(fn) {
		this.world.inject(fn);
		/* Half a millisecond: after all that was due by now, in both worlds. */
		if (this.lagging) this.lagging.at(this.world.now + 0.5, fn);
	}

	/*
	 * Until it is let go nobody does anything, though clocks go on; then they catch
	 * up. Gives the moment of which the world is.
	 */
	hold(on) {
		if (!on) this.held = Infinity;
		else if (this.held === Infinity) {
			this.world.advance(this.clock.read().world);
			this.held = this.world.now;
		}
		return this.world.now;
	}

	/* Time passes without a request. */
	advance(to) {
		this.clock.last = Math.max(this.clock.last, to);
		this.world.advance(to);
	}

	/* True once for each key. */
	once(key) {
		if (this.done.has(key)) return false;
		this.done.add(key);
		return true;
	}

	/* An item of a page of comments that was just read is edited. */
	edited(q, item) {
		if (!q.quirks.get('edit-while-paged', q.now) || !this.once(`edit ${item.nodeId}`))
			return;
		this.inject((w) => {
			const { value } = w.nodes.get(item.nodeId);
			T.edit(w, value, { body: `${value.body} (edited)` },
			    value.parent || value.review.pr);
		});
	}

	/* Commits of repo are being read: what waited for that happens. */
	wasRead(repo) {
		const run = this.world.whileRead.get(repo.id);
		if (!run) return;
		for (const w of [this.world, this.lagging]) if (w) w.whileRead.delete(repo.id);
		this.inject(run);
	}

	/* An event's text, with our address in it: most are shown hundreds of times. */
	eventText(e) {
		let text = this.texts.get(e);
		if (text === undefined) {
			text = Feed.text(e).split(API).join(this.apiUrl);
			this.texts.set(e, text);
		}
		return text;
	}

	buckets(token, wire) {
		const out = {};
		for (const resource of ['core', 'graphql']) {
			out[resource] = this.limits.of(token.payer, resource);
			out[resource].roll(wire);
		}
		return out;
	}

	/* A request as it came; before it, url is path?query without the prefix. */
	request({ method, url, headers }) {
		const at = url.indexOf('?');
		const whole = at < 0 ? url : url.slice(0, at);
		const graphql = whole === (this.enterprise ? '/api/graphql' : '/graphql');
		const inside = graphql || whole.startsWith(`${this.prefix}/`);
		const path = graphql ? '/graphql' : inside ? whole.slice(this.prefix.length) : null;
		const { wire, world } = this.clock.read(headers);
		const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
		const q = { sim: this, n: ++this.n, method, url, headers, path, query, wire,
			now: world, quirks: this.quirks, fetched: [], read: new Set(),
			payer: '',
			resource: graphql ? 'graphql' : 'core',
			feed: /\/events(\/orgs\/[^/]+)?$/.test(path || ''),
			page: Number(query.get('page')) || 1,
			tokenText: headers.authorization || '' };
		q.id = `SIM0:${q.n.toString(16)}`;
		return q;
	}

	/* Which of the worlds answers. */
	choose(q, body) {
		this.world.advance(Math.min(q.now, this.held));
		q.world = this.world;
		const lag = this.quirks.get('lag', q.now);
		if (lag && this.lagging && new RegExp(lag.only || '').test(body) &&
		    this.quirks.strikes('lag', q.now, q.n)) {
			this.lagging.advance(q.now - (lag.seconds || 30) * 1000);
			q.world = this.lagging;
			q.now = this.lagging.now;
		}
	}

	identify(q) {
		if (this.quirks.get('token-refused', q.wire))
			throw new Refusal(401, 'Bad credentials');
		q.token = this.tokens.of(q.headers.authorization, q.world, q.wire);
		q.payer = q.token.payer;
		q.sees = (repo) => q.token.seesRepo(q.world, repo);
		q.pushes = (repo) => q.token.sees === 'all' && q.world.orgOf(repo) !== null;
		if (this.enterprise) return;
		q.bucket = this.limits.of(q.payer, q.resource);
		q.bucket.roll(q.wire);
	}

	/* A limit that is met, in GitHub's own count: the refusal, or null. */
	overLimit(q) {
		const held = this.faults.held(q);
		if (held) return held;
		const struck = this.faults.struckLimit(q);
		if (struck) return this.faults.limit(struck, q);
		if (!q.bucket) return null;
		if (q.resource === 'core' && q.bucket.remaining === 0 && q.path !== '/rate_limit')
			return { status: 403, cost: 0, body: {
				message: `API rate limit exceeded for user ID ${q.payer}.` } };
		if (q.bucket.rush(q.wire, 1) > RUSH[q.resource] ||
		    this.referee.open.size > AT_ONCE)
			return this.faults.limit('limit-403-retry-after', q);
		return null;
	}

	checkHeaders(q) {
		if (!q.headers['user-agent'])
			throw new Refusal(403, 'Request forbidden by administrative rules. Please ' +
			    'make sure your request has a User-Agent header.');
		const version = q.headers['x-github-api-version'];
		if (version && !VERSIONS.includes(version))
			throw new Refusal(400, `API version ${version} is not supported.`);
	}

	route(q, body) {
		const known = q.path !== null &&
		    q.method === (q.resource === 'graphql' ? 'POST' : 'GET');
		if (!known) {
			q.unknown = true;
			throw new Refusal(404, 'Not Found');
		}
		if (q.resource === 'graphql') return Door.answer(q, body, q.bucket);
		return Rest.answer(q, q.path);
	}

	/* The reply to q, its price not yet paid; limit: one that is met now. */
	think(q, body, limit) {
		try {
			this.checkHeaders(q);
			this.identify(q);
			const over = limit ? this.faults.limit(limit, q) : this.overLimit(q);
			if (over) return over;
			if (this.quirks.get('all-forbidden', q.wire))
				throw new Refusal(403, q.token.refusal);
			return this.route(q, body);
		} catch (e) {
			if (e instanceof Refusal) return e.reply;
			throw e;
		}
	}

	/* 304 when the client holds this text already, or the ETag sticks. */
	conditional(q, reply) {
		if (q.resource === 'graphql' || reply.status !== 200) return false;
		const etag = etagOf(reply.tag || textOf(reply, this.apiUrl), q.url, q.tokenText);
		const given = q.headers['if-none-match'];
		const stuck = reply.feed && given && this.quirks.get('stuck-etag', q.now);
		reply.headers.etag = stuck ? given : etag;
		if (!given || (given !== etag && !stuck)) return false;
		reply.status = 304;
		reply.free = q.token.known;
		if (reply.feed && this.quirks.get('bare-304', q.now)) {
			delete reply.headers['x-poll-interval'];
			reply.headers['cache-control'] = 'private, max-age=300';
		}
		delete reply.headers.link;
		return true;
	}

	pay(q, reply) {
		q.cost = reply.free ? 0 : reply.cost === undefined ? 1 : reply.cost;
		if (!q.bucket) return;
		q.bucket.charge(q.cost);
		for (const [k, v] of Object.entries(q.bucket.headers()))
			if (!(k in reply.headers)) reply.headers[k] = v;
	}

	/* What GitHub's servers put on everything. */
	dress(q, reply) {
		const h = reply.headers;
		h['content-type'] = h['content-type'] || 'application/json; charset=utf-8';
		h['x-github-request-id'] = q.id;
		h['x-github-media-type'] = 'github.v3; format=json';
		h['x-github-api-version-selected'] = q.headers['x-github-api-version'] ||
		    VERSIONS[0];
		h.date = new Date(q.wire).toUTCString();
		if (this.enterprise) h['x-github-enterprise-version'] = 'enterprise-server@3.19.0';
		if (q.token && q.token.known && q.token.kind === 'classic')
			h['x-oauth-scopes'] = q.token.sees === 'all' ? 'read:org, repo' : 'read:org';
	}

	/* Odd headers that lead elsewhere. */
	mislead(q, reply, foreign) {
		if (!foreign) return;
		if (reply.headers.link && this.quirks.strikes('link-foreign', q.now, q.n))
			reply.headers.link = reply.headers.link
			    .replace(/<https?:\/\/[^/]+/g, `<${foreign}`);
		if (!q.feed && q.resource === 'core' && reply.status === 200 &&
		    this.quirks.strikes('redirect-foreign', q.now, q.n)) {
			reply.misled = true;
			reply.status = 301;
			reply.headers.location = `${foreign}${q.url}`;
		}
	}
}

module.exports = { Sim, SECONDARY };

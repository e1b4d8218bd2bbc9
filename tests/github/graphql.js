/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graphql.js - runs a query: graphql-js over schema.graphql, with GitHub's
 * price, bounds and errors around it. The HTTP side and the budget are in
 * server.js and limits.js.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const types = require('./graphql_types.js');
const S = require('./shapes.js');
const { Coster } = require('./graphql_cost.js');

/* Debian keeps Node's libraries in a place that other builds of Node do not know. */
function library(name) {
	try {
		return require(name);
	} catch (e) {
		if (e.code !== 'MODULE_NOT_FOUND') throw e;
		return require(path.join('/usr/share/nodejs', name));
	}
}

const g = library('graphql');
const CEILING = 10000;		/* milliseconds of work, see graphql_types.js */

const { notFound } = types;

const NEEDS = { PullRequest: 'pull_requests', PullRequestReview: 'pull_requests',
	PullRequestReviewComment: 'pull_requests', Issue: 'issues', Release: 'contents' };

function visibleNode(ctx, id) {
	const n = ctx.world.nodes.get(id);
	if (!n) {
		const u = /^(?:U|BOT)_kgDO(.*)$/.exec(id);
		const person = u && ctx.world.people.byId.get(
		    Number(Buffer.from(u[1], 'base64url').toString()));
		if (person) return person.deleted ? null : person;
		const m = /^C_kwDO(.*)$/.exec(id);
		const [repoId, sha] = m ? Buffer.from(m[1], 'base64url').toString().split(':') : [];
		const repo = ctx.world.repos.get(Number(repoId));
		return repo && ctx.sees(repo) && repo.git.get(sha) ?
		    { c: repo.git.get(sha), repo } : null;
	}
	const v = n.value;
	if (n.type === 'Organization') {
		ctx.refusedOrg();
		return v;
	}
	const repo = n.type === 'Repository' ? v : v.repo || (v.pr && v.pr.repo) ||
	    (v.parent && v.parent.repo) || (v.review && v.review.pr.repo);
	if (!repo || repo.gone || !ctx.sees(repo)) return null;
	ctx.refused(repo);
	if (NEEDS[n.type]) ctx.needs(NEEDS[n.type]);
	return v;
}

function node(ctx, id) {
	const v = visibleNode(ctx, id);
	if (!v) throw notFound(`Could not resolve to a node with the global id of '${id}'`);
	return v;
}

function repository(ctx, owner, name, follow) {
	const repo = ctx.world.repoNamed(`${owner}/${name}`);
	const same = repo && ctx.world.fullName(repo).toLowerCase() ===
	    `${owner}/${name}`.toLowerCase();
	if (!repo || repo.gone || !ctx.sees(repo) || (!same && follow === false))
		throw notFound(
		    `Could not resolve to a Repository with the name '${owner}/${name}'.`);
	ctx.refused(repo);
	return repo;
}

const Query = {
	viewer: (q, a, ctx) => ctx.token.user,
	rateLimit: (q, a, ctx) => ctx.rate,
	organization: (q, a, ctx) => {
		const org = ctx.world.orgNamed(a.login);
		if (!org)
			throw notFound(
			    `Could not resolve to an Organization with the login of '${a.login}'.`);
		ctx.refusedOrg();
		return org;
	},
	repositoryOwner: (q, a, ctx) => {
		const org = ctx.world.orgNamed(a.login), { people } = ctx.world;
		if (!org)
			return people.byLogin.get(a.login.toLowerCase()) || null;
		ctx.refusedOrg();
		return org;
	},
	repository: (q, a, ctx) => repository(ctx, a.owner, a.name, a.followRenames),
	node: (q, a, ctx) => node(ctx, a.id),
	nodes: (q, a, ctx) => a.ids.map((id) => {
		try {
			return node(ctx, id);
		} catch (e) {
			return e;
		}
	}),
	user: (q, a, ctx) => {
		const p = ctx.world.people.byLogin.get(a.login.toLowerCase());
		if (!p || p.type !== 'User')
			throw notFound(`Could not resolve to a User with the login of '${a.login}'.`);
		return p;
	},
};

/* Which type a source is of, for interfaces and unions. */
function typeOf(v) {
	if (v.c && v.repo) return 'Commit';
	if (v.login !== undefined) return v.type || 'User';
	if (v.defaultBranch !== undefined) return 'Repository';
	if (v.head) return 'PullRequest';
	if (v.stateReason !== undefined) return 'Issue';
	if (v.tag !== undefined) return 'Release';
	if (v.pr) return 'PullRequestReview';
	if (v.review) return 'PullRequestReviewComment';
	if (v.parent) return 'IssueComment';
	return 'Ref';
}

function build() {
	const schema = g.buildSchema(fs.readFileSync(path.join(__dirname, 'schema.graphql'),
	    'utf8'));
	const fields = { ...types, Query };
	fields.Organization = { ...types.Organization,
		repository: (o, a, ctx) => repository(ctx, o.login, a.name, a.followRenames) };
	for (const [name, map] of Object.entries(fields)) {
		const type = schema.getType(name);
		if (!type || !type.getFields) continue;
		for (const [f, resolve] of Object.entries(map))
			if (type.getFields()[f]) type.getFields()[f].resolve = resolve;
	}
	for (const type of Object.values(schema.getTypeMap()))
		if (g.isAbstractType(type)) type.resolveType = typeOf;
	const time = schema.getType('DateTime');
	time.serialize = (v) => (typeof v === 'number' ? S.iso(v) : v);
	return schema;
}

let schema = null;

/* GitHub writes an error's type beside its message. */
function plainError(e) {
	const out = {};
	const cause = e.originalError;
	if (cause && cause.type) out.type = cause.type;
	if (cause && cause.extensions) out.extensions = cause.extensions;
	if (e.path) out.path = e.path;
	if (e.locations)
		out.locations = e.locations.map((l) => ({ line: l.line, column: l.column }));
	out.message = e.message;
	return out;
}

const known = new Map();		/* text -> { document, errors }, the last few */

/* Parses and validates a query; the same text comes again and again. */
function read(query) {
	let r = known.get(query);
	if (r) return r;
	r = { errors: null };
	try {
		r.document = g.parse(query);
		const wrong = g.validate(schema, r.document);
		if (wrong.length) r.errors = wrong.map(plainError);
	} catch (e) {
		r.errors = [{ message: e.message, locations: e.locations }];
	}
	if (known.size >= 40) known.delete(known.keys().next().value);
	known.set(query, r);
	return r;
}

/*
 * What a query would cost: { cost, nodeCount, errors }; errors when it cannot be
 * run at all.
 */
function price(query, variables) {
	schema = schema || build();
	const { document, errors: wrong } = read(query);
	if (wrong) return { cost: 1, nodeCount: 0, errors: wrong };
	const c = new Coster(g, schema, document, variables);
	const errors = c.check();
	return { cost: c.cost, nodeCount: c.nodes, document,
		errors: errors.length ? errors : null };
}

/*
 * Runs what price() took. { body } or { tooHeavy: work }. ctx as graphql_types.js
 * says, with rate (an object with the fields of rateLimit).
 */
function run(priced, variables, ctx) {
	ctx.work = 0;
	ctx.counted = new Set();
	const r = g.execute({ schema, document: priced.document, contextValue: ctx,
		variableValues: variables });
	if (typeof r.then === 'function') throw new Error('a resolver waits');
	if (ctx.work > (ctx.ceiling || CEILING)) return { tooHeavy: ctx.work };
	const body = { data: r.data };
	if (r.errors) body.errors = r.errors.map(plainError);
	if (r.data === undefined) delete body.data;
	return { body, work: ctx.work };
}

module.exports = { price, run, library, build, CEILING };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tokens.js - who asks, and what that token may see. A row is
 *	{ token, login, kind, sees, missing, sso, from, until }
 * kind: classic, fine (a fine-grained one) or app; sees: all, public, or a list
 * of names of private repositories; missing: permissions it was not given
 * (contents, pull_requests, issues, events, members); sso: required or partial;
 * from, until: when it is good.
 */
'use strict';

const { Refusal } = require('./reply.js');

const ROWS = [
	{ token: 'sim-token' },
	{ token: 'sim-public', sees: 'public' },
	{ token: 'sim-fine', kind: 'fine' },
	{ token: `ghs_58_${'sim.app_token-'.repeat(36)}`, kind: 'app', name: 'sim-app' },
	{ token: 'sim-no-pulls', kind: 'fine', missing: ['pull_requests'] },
	{ token: 'sim-no-contents', kind: 'fine', missing: ['contents'] },
	{ token: 'sim-no-events', kind: 'fine', missing: ['events'] },
	{ token: 'sim-no-sso', sso: 'required' },
	{ token: 'sim-some-sso', sso: 'partial' },
];
const SSO = 'Resource protected by organization SAML enforcement. You must grant your ' +
    'Personal Access token access to this organization.';

class Token {
	constructor(row, world) {
		Object.assign(this, { token: '', login: 'sim-admin', kind: 'classic',
			sees: 'all', missing: [], sso: null, from: -Infinity,
			until: Infinity }, row);
		this.user = this.token ? world.people.byLogin.get(this.login.toLowerCase()) :
		    null;
		this.known = !!this.token;
	}

	get app() { return this.kind === 'app'; }

	/* Whose bucket pays. */
	get payer() { return this.known ? (this.app ? `app ${this.login}` : this.login) : ''; }

	seesRepo(world, repo) {
		if (!repo || repo.gone) return false;
		if (!repo.private) return true;
		if (this.sees === 'all') return world.orgOf(repo) !== null;
		return Array.isArray(this.sees) && this.sees.includes(repo.name);
	}

	get refusal() {
		return this.app ? 'Resource not accessible by integration' :
		    'Resource not accessible by personal access token';
	}

	/* Refuses when what this is for was not granted. */
	needs(permission) {
		if (!this.missing.includes(permission)) return;
		throw new Refusal(403, this.refusal,
		    { headers: { 'x-accepted-github-permissions': `${permission}=read` } });
	}

	/* The organisation asks for single sign-on. */
	signedOn(org) {
		if (this.sso !== 'required') return;
		throw new Refusal(403, SSO, { headers: { 'x-github-sso':
		    `required; url=https://github.com/orgs/${org.login}/sso?authorization_request=SIM` } });
	}
}

class Tokens {
	constructor(rows = []) {
		this.rows = new Map([...ROWS, ...rows].map((r) => [r.token, r]));
	}

	/* The token of an Authorization header at a time; refuses a bad one. */
	of(header, world, at) {
		if (!header) return new Token({}, world);
		const m = /^(?:Bearer|token)\s+(\S+)$/i.exec(header);
		const row = m && this.rows.get(m[1]);
		const t = row && new Token(row, world);
		if (!t || at < t.from || at >= t.until) throw new Refusal(401, 'Bad credentials');
		return t;
	}

	/* A token gets another row (a permission taken, an end). */
	change(token, fields) {
		this.rows.set(token, { ...(this.rows.get(token) || { token }), ...fields });
	}
}

module.exports = { Tokens, Token, SSO };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * who.js - who somebody is, by docs/documents.md, "People": written from that
 * page alone, so that it can be held against the program.
 */
'use strict';

const crypto = require('crypto');

const hash = (s) => crypto.createHash('sha256').update(s).digest('hex');
const lower = (s) => s.replace(/[A-Z]/g, (c) => c.toLowerCase());

/* The rules the simulated people run into; the program has more. */
const RULES = [
	{ class: 'agent', id: 198982749, name: 'Copilot' },
	{ class: 'agent', mail: 'noreply@anthropic.com', name: 'Claude' },
];
const GHOST = { id: 10137, login: 'ghost' };

const NOREPLY = /^(?:(\d+)\+)?([^@]+)@users\.noreply\.github\.com$/i;

/*
 * The identity of what is known of somebody: { id, login, name, mail, type }. Gives
 * { id, login, person, personId, class } or null for nobody.
 */
function identity({ id, login, name, mail, type }) {
	const address = mail ? lower(mail.trim()) : null;
	const rule = RULES.filter((r) => (r.id !== undefined && r.id === id) ||
	    (r.mail && r.mail === address)).pop();
	const signed = name && name.trim() && lower(name.trim()) !== address ?
	    name.trim() : null;
	let personId = null;
	if (id) personId = String(id);
	else if (address) personId = `mail:${hash(address)}`;
	else if (name) personId = `name:${hash(name)}`;
	else if (!login) return null;
	let kind = 'human';
	if (rule) kind = rule.class;
	else if (type === 'Bot' || (login && login.endsWith('[bot]'))) kind = 'bot';
	const shown = (rule && rule.name) || login;
	return { id: id ? String(id) : undefined, login: shown && login ? shown : undefined,
		person: shown || signed || `mail:${hash(address || '').slice(0, 12)}`,
		personId, class: kind };
}

/*
 * An account as GraphQL and REST give it; null is one that is gone. Before it went
 * it was somebody, and what was stored then stays: asIfAlive(true) gives that.
 */
let alive = false;
function asIfAlive(on) {
	alive = on;
}

const isGone = (p) => !p || (p.deleted && !alive);

/* GitHub's user account behind an address, or null. */
function accountOfMail(people, mail) {
	const key = lower((mail || '').trim());
	const p = people.ofMail(mail) || (alive && [...people.byId.values()].find((x) =>
	    x.deleted && x.mails.some((m) => m.linked && lower(m.address) === key)));
	return p && p.type === 'User' ? p : null;
}

function account(p) {
	if (isGone(p)) return identity(GHOST);
	return identity({ id: p.id, login: p.login, type: p.type });
}

/* Who signed a commit: { name, email }; linked: GitHub's account for it, or null. */
function signer(s, linked) {
	const m = NOREPLY.exec((s.email || '').trim());
	const known = { name: s.name, mail: s.email };
	if (linked) return identity({ ...known, id: linked.id, login: linked.login,
		type: linked.type });
	if (m) return identity({ ...known, id: m[1] ? Number(m[1]) : undefined,
		login: m[2] });
	return identity(known);
}

const TRAILER = /^[ \t\r]*co-authored-by[ \t]*:[ \t]*([^<>]*?)[ \t]*<[ \t]*([^<>\s]*@[^<>\s]*)[ \t]*>/gim;

/*
 * Author and co-authors of a commit, in order of appearance. authors: what
 * GitHub's list of them has (the author first), linked(email): its account.
 */
function authorsOf(commit, authors, linked) {
	const out = [], ids = new Set(), mails = new Set();
	const add = (s, who) => {
		const mail = s.email ? lower(s.email.trim()) : null;
		if (!who || ids.has(who.personId) || (mail && mails.has(mail))) return;
		ids.add(who.personId);
		if (mail) mails.add(mail);
		if (out.length <= 100) out.push(who);
	};
	add(commit.author, signer(commit.author, linked(commit.author.email)));
	for (const s of authors.slice(1, 10)) add(s, signer(s, linked(s.email)));
	for (const m of commit.message.matchAll(TRAILER)) {
		const s = { name: m[1], email: m[2] };
		add(s, signer(s, null));
	}
	return out;
}

module.exports = { identity, account, asIfAlive, isGone, accountOfMail, signer, authorsOf, hash, lower };

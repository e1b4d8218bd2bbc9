/* SPDX-License-Identifier: Apache-2.0 */
/*
 * people.js - accounts, and the names and addresses commits are signed with.
 *
 * A person is an account: { id, nodeId, login, name, type, kind, mails, tz,
 * weight, deleted }. kind is what we hold it to be: human, bot or agent. mails
 * are { address, linked }: an address that is not linked leads to no account.
 * Logins start with sim-, but for the few agents the world knows by name.
 */
'use strict';

const FIRST = `Ada Bruno Chiara Deniz Elif Farid Greta Hiroshi Ines Jonas Kavya Lena
Mateo Nadia Oskar Priya Quentin Rosa Sanne Tomas Ulrike Viktor Wanja Ximena Yusuf Zofia
Amir Beatriz Cyril Dorota Emeka Freya Goran Hanna Ivo Jasmin Kofi Lucia Malik Nora
Olga Pavel Ren Selma Timo Uma Vera Wim Yara Zeno`.split(/\s+/);
const LAST = `Abend Berger Castellanos Dragan Eriksen Fontaine Grimaldi Hoshino Iyer
Jansen Kowalczyk Lindqvist Moreau Nakamura Okafor Petrov Quispe Ricci Sandoval Takeda
Urban Vasquez Weiss Xu Yilmaz Zeman Adeyemi Brandt Costa Dahl`.split(/\s+/);

/* What the world's machines are called; ids of the known ones are GitHub's. */
const MACHINES = [
	{ login: 'sim-deps[bot]', name: 'sim-deps[bot]', kind: 'bot', app: true },
	{ login: 'sim-ci[bot]', name: 'sim-ci[bot]', kind: 'bot', app: true },
	{ login: 'Copilot', name: 'Copilot', kind: 'agent', app: true, id: 198982749 },
];

class People {
	constructor(rng) {
		this.rng = rng;
		this.byId = new Map();
		this.byLogin = new Map();
		this.mails = new Map();		/* linked address -> person */
		this.nextId = 5100000 + rng.int(100000);
		this.all = [];			/* humans in order of making */
		this.machines = [];
		this.renamed = [];		/* { id, from, to, at } */
	}

	add({ login, name, type = 'User', kind = 'human', id, mails = [], tz = 0,
	    weight = 1 }) {
		if (id === undefined) {
			/* Accounts grow, by leaps; some are past 2^27. */
			this.nextId += 1 + this.rng.int(90000);
			id = this.nextId + (this.rng.chance(0.3) ? 140000000 : 0);
		}
		const p = { id, login, name, type, kind, mails: [], tz, weight,
			deleted: false };
		p.nodeId = `${type === 'Bot' ? 'BOT' : 'U'}_kgDO${
		    Buffer.from(String(id)).toString('base64url')}`;
		this.byId.set(id, p);
		this.byLogin.set(login.toLowerCase(), p);
		for (const m of mails) this.addMail(p, m.address, m.linked);
		this.addMail(p, `${id}+${login}@users.noreply.github.com`, true);
		return p;
	}

	addMail(person, address, linked) {
		person.mails.push({ address, linked });
		if (linked) this.mails.set(address.toLowerCase(), person);
	}

	/* A human with names and addresses of some habit. */
	human(i, weight = 1) {
		const { rng } = this;
		const first = FIRST[i % FIRST.length];
		const last = LAST[(i * 7 + 3) % LAST.length];
		let login = `sim-${first}`.toLowerCase();
		if (this.byLogin.has(login)) login += `-${last[0].toLowerCase()}`;
		if (this.byLogin.has(login)) login += i;
		const name = rng.chance(0.12) ? null : `${first} ${last}`;
		const at = `${first}.${last}`.toLowerCase();
		const mails = [{ address: `${at}@sim-works.example`, linked: true }];
		const r = rng.next();
		if (r < 0.25)
			mails.unshift({ address: `${at}@mail.example`, linked: true });
		else if (r < 0.40)
			mails.push({ address: `${first.toLowerCase()}@laptop.local`,
			    linked: false });
		const p = this.add({ login, name, mails, weight,
			tz: rng.pick([-480, -300, -180, 0, 60, 60, 120, 330, 540]) });
		/* Which of the addresses signs commits, most of the time. */
		p.signs = rng.chance(0.25) ? p.mails.length - 1 : 0;
		p.sloppy = mails.some((m) => !m.linked) ? 0.3 : 0;
		p.full = `${first} ${last}`;
		this.all.push(p);
		return p;
	}

	machine(row) {
		const p = this.add({ type: row.app ? 'Bot' : 'User', ...row });
		p.signs = 0;
		p.sloppy = 0;
		p.full = row.name;
		this.machines.push(p);
		return p;
	}

	/* How this person signs: { name, email }, now and then by another address. */
	sign(person, rng) {
		let mail = person.mails[person.signs] || person.mails[0];
		if (person.sloppy && rng.chance(person.sloppy))
			mail = person.mails.find((m) => !m.linked) || mail;
		return { name: person.full || person.login, email: mail.address };
	}

	/* The account an address of a commit leads to, or null. */
	ofMail(address) {
		const key = String(address || '').toLowerCase();
		const p = this.mails.get(key);
		if (p) return p.deleted ? null : p;
		const m = /^(\d+)\+(.+)@users\.noreply\.github\.com$/.exec(key);
		const q = m && this.byId.get(Number(m[1]));
		return q && !q.deleted ? q : null;
	}

	rename(person, to, at) {
		this.renamed.push({ id: person.id, from: person.login, to, at });
		this.byLogin.delete(person.login.toLowerCase());
		person.login = to;
		this.byLogin.set(to.toLowerCase(), person);
	}

	/* The account goes; what it made stays, by nobody. */
	remove(person) {
		person.deleted = true;
		this.byLogin.delete(person.login.toLowerCase());
		for (const m of person.mails) this.mails.delete(m.address.toLowerCase());
	}
}

/* A login as GraphQL gives it: bots without their suffix. */
const graphqlLogin = (p) => p.login.replace(/\[bot\]$/, '');

module.exports = { People, MACHINES, graphqlLogin };

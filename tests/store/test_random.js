/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_random.js - a store written at random, with new versions and deletions between
 * the questions, answers as a plain oracle does. SEED=n and ROUNDS=n have it again.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { isDeepStrictEqual } = require('util');
const { Ask } = require('./ask.js');
const { oracle, question, names } = require('./oracle.js');
const { drawn, random, PEOPLE, KINDS } = require('./world.js');

const seed = Number(process.env.SEED || 0) || (Date.now() & 0xffffff);
const rounds = Number(process.env.ROUNDS || 12);
const r = random(seed);
const DAY = 86400000;
let count = 0, failed = 0;

function ok(good, name, why) {
	failed += !good;
	console.log(`${good ? '' : 'not '}ok ${++count} - ${name}`);
	if (!good) console.log(`# ${why.join('\n# ')}`);
}

function some(list, most) {
	const n = r.below(most) + 1;
	return [...new Set([...Array(n)].map(() => r.of(list)))];
}

function drawQuestion(panel) {
	const from = Date.UTC(2026, 0, 1) + (r.below(80) - 20) * DAY / 2;
	const q = { panel, from, to: from + r.of([1, 7, 30, 90]) * DAY + r.below(2) * 3600000,
		who: r.of(['humans', 'humans', 'all', 'bots']),
		interval: r.of(['day', 'week', 'month', 'hour']) };

	if (q.interval === 'hour') q.to = Math.min(q.to, q.from + 30 * DAY);
	if (panel === 'person') q.person = [r.of(PEOPLE)];
	else if (r.chance(0.2)) q.person = some(PEOPLE, 3);
	if (panel === 'search') q.text = r.of(['s', 'SIM-', 'sim-b', 'ada', 'Ada', 'sim-é', 'e',
		'sim-works/', 'x', 'SITE']);
	if (r.chance(0.2)) q.org = some(['sim-works', 'sim-labs', 'sim-no'], 2);
	if (r.chance(0.2)) q.repository = some(['77', '78', '79', '81'], 2);
	if (r.chance(0.2)) q.kind = some(KINDS, 4);
	if (r.chance(0.4)) q.max = 1 + r.below(5);
	if (panel === 'people' || panel === 'series') {
		q.sort = r.of(['activity', 'commits', 'merged', 'additions', 'repositories', 'last',
			'name']);
		q.ascending = r.chance(0.4);
	}
	return q;
}

/* All pages of it, one after the other. */
async function pages(a, q, list) {
	let answer = await a.ask(question(q));
	const all = answer[list] || [];

	for (let i = 0; answer.next && i < 1000; i++) {
		answer = await a.ask(question({ ...q, after: answer.next }));
		all.push(...(answer[list] || []));
	}
	return all;
}

async function round(a, docs, n) {
	const bad = [], held = [...docs.values()];

	for (const panel of names) {
		for (let i = 0; i < 4; i++) {
			const q = drawQuestion(panel), want = oracle(held, q);
			const { next, ...got } = await a.ask(question(q));
			if (!isDeepStrictEqual(got, want))
				bad.push(question(q), `got  ${JSON.stringify(got)}`,
					`want ${JSON.stringify(want)}`);
		}
	}
	for (const [panel, list] of [['people', 'people'], ['recent', 'documents']]) {
		const q = { ...drawQuestion(panel), max: 3 };
		const want = oracle(held, { ...q, max: 1000 })[list], got = await pages(a, q, list);
		if (!isDeepStrictEqual(got, want))
			bad.push(`pages of ${question(q)}`, `got  ${JSON.stringify(got)}`,
				`want ${JSON.stringify(want)}`);
	}
	ok(!bad.length, `round ${n}: ${held.length} documents, all panels`, bad.slice(0, 9));
}

async function main() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-random-'));
	const a = new Ask('sqlite', path.join(dir, 'activity.db')), docs = new Map();

	console.log(`# SEED=${seed} has this again`);
	for (let n = 1; n <= rounds; n++) {
		for (let i = 0; i < 60; i++) {
			const d = drawn(r, r.below(60 * rounds), n);
			docs.set(d.event.id, d);
			a.write(d);
		}
		for (let i = r.below(4); i > 0; i--) {
			const id = r.of([...docs.keys()]);
			docs.delete(id);
			a.delete(id);
		}
		await round(a, docs, n);
	}
	ok(await a.end() === 0, 'it ends well', ['it did not']);
	fs.rmSync(dir, { recursive: true });
	console.log(`1..${count}`);
	process.exit(failed ? 1 : 0);
}

main();

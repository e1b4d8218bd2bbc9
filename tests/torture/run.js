#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.js [--whole | NAME...] - tries each fault at each step, and prints TAP, a line
 * for each scenario and way. A try is named SCENARIO/WAY/N; NAME is one or the
 * beginning of one.
 *
 * Without arguments: as many as go into TORTURE_SECONDS (180), in an order that
 * TORTURE_SEED makes; by default that is the day. With --whole: all of them, or
 * every nth with SHARD=i/n. What was good is remembered in build/torture for as long
 * as the program is the same, so it goes on where it was.
 *
 * TORTURE_PROGRAM: instead of build/san/tests/torture/hubstash. TORTURE_JOBS: tries
 * at a time (2). HUBSTASH_KEEP: data stays, also of tries that are good.
 */
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { fork } = require('child_process');

const ROOT = path.join(__dirname, '../..');
process.env.HUBSTASH = path.resolve(process.env.TORTURE_PROGRAM ||
    path.join(ROOT, 'build/san/tests/torture/hubstash'));
process.env.HUBSTASH_LIMIT = process.env.HUBSTASH_LIMIT || '120';

const { SCENARIOS, WAYS, waysOf, attempt } = require('./tries.js');
const { Rng } = require('../github/prng.js');

const JOBS = Number(process.env.TORTURE_JOBS || 2);
const SECONDS = Number(process.env.TORTURE_SECONDS || 180);
const SHOWN = 12;

const say = (text) => process.stdout.write(`${text}\n`);
const nameOf = (t) => [t.scenario, t.way, t.n].filter((x) => x !== undefined).join('/');

/* A process that plays one try at a time. */
class Worker {
	start() {
		this.child = fork(__filename, ['--worker'], { stdio: ['ignore', 'inherit', 'pipe',
			'ipc'] });
		this.stderr = '';
		this.child.stderr.on('data', (d) => {
			this.stderr = (this.stderr + d).slice(-4000);
		});
	}

	play(t) {
		if (!this.child) this.start();
		const { child } = this;
		return new Promise((done) => {
			const gone = (code, signal) => {
				this.child = null;
				done({ wrong: [`its process left with ${signal || code}: ${this.stderr}`],
					counts: {}, lives: 0, seconds: 0 });
			};
			child.once('exit', gone);
			child.once('message', (r) => {
				child.removeListener('exit', gone);
				done(r);
			});
			child.send(t);
		});
	}

	end() {
		if (this.child) this.child.disconnect();
	}
}

/* In that process. */
function serve() {
	process.on('message', (t) => attempt(t).catch((e) => ({ wrong: [e.stack], counts: {},
		lives: 0, seconds: 0 })).then((r) => process.send(r)));
}

/* Plays what next() gives, JOBS at a time. */
async function all(next, told) {
	const one = async () => {
		const w = new Worker();
		for (let t; (t = next());) told(t, await w.play(t));
		w.end();
	};
	await Promise.all(Array.from({ length: JOBS }, one));
}

/* How often each can fail: nothing fails, and it is counted. */
async function measure(names) {
	const counts = new Map(), todo = names.map((scenario) => ({ scenario }));
	await all(() => todo.shift(), (t, r) => {
		counts.set(t.scenario, r.counts);
		if (r.wrong.length) show(t, r);
		else say(`# ${t.scenario}: ${r.counts.github} exchanges with GitHub, ${
		    r.counts.elastic} with Elasticsearch, ${r.counts.disk} changes of databases, ${
		    r.seconds.toFixed(2)} s`);
		if (r.wrong.length) throw new Error(`${t.scenario} fails where nothing does`);
	});
	return counts;
}

function everything(counts) {
	const tries = [];
	for (const [scenario, most] of counts)
		for (const way of waysOf(scenario))
			for (let n = 1; n <= most[WAYS[way].counts]; n++)
				tries.push({ scenario, way, n });
	return tries;
}

function show(t, r) {
	say(`# ${nameOf(t)} failed`);
	for (const w of r.wrong.slice(0, SHOWN)) say(`#   ${w.replace(/\n/g, '\n#     ')}`);
}

/* The tries that were good, by name, of the program as it is. */
class Memory {
	constructor(shard) {
		const dir = path.join(ROOT, 'build/torture');
		const sum = crypto.createHash('sha256').update(fs.readFileSync(process.env.HUBSTASH))
		    .digest('hex').slice(0, 16);
		fs.mkdirSync(dir, { recursive: true });
		this.file = path.join(dir, `${sum}-${shard.replace('/', '-of-')}`);
		this.done = new Set(fs.existsSync(this.file) ?
		    fs.readFileSync(this.file, 'utf8').split('\n') : []);
	}

	add(name) {
		fs.appendFileSync(this.file, `${name}\n`);
	}
}

function shuffled(list, seed) {
	const rng = new Rng(`torture ${seed}`);
	for (let i = list.length - 1; i > 0; i--) {
		const k = rng.int(i + 1);
		[list[i], list[k]] = [list[k], list[i]];
	}
	return list;
}

/* One of each way in turn, so that a little of everything comes first. */
function mixed(tries) {
	const turn = new Map();
	for (const t of tries) {
		const key = `${t.scenario}/${t.way}`;
		turn.set(key, (turn.get(key) || 0) + 1);
		t.turn = turn.get(key);
	}
	return tries.sort((a, b) => a.turn - b.turn);
}

/* A line for each scenario and way. */
function report(tried, wanted) {
	let n = 0;
	for (const [key, { good, bad }] of [...tried].sort())
		say(`${bad ? 'not ' : ''}ok ${++n} - ${key}: ${good + bad} of ${wanted.get(key)
		} tries${bad ? `, ${bad} failed` : ''}`);
	if (!n) say(`ok ${++n} - nothing is left to try`);
	say(`1..${n}`);
}

async function main() {
	const args = process.argv.slice(2);
	if (args[0] === '--worker') return serve();
	const whole = args[0] === '--whole', names = whole ? [] : args;
	const seed = process.env.TORTURE_SEED || new Date().toISOString().slice(0, 10);
	const shard = process.env.SHARD || '1/1', [i, of] = shard.split('/').map(Number);
	if (!(i >= 1 && i <= of)) throw new Error(`SHARD is ${shard}, not i/n`);
	const counts = await measure(Object.keys(SCENARIOS).filter((s) => !names.length ||
	    names.some((x) => x.split('/')[0] === s)));
	const every = everything(counts), memory = whole ? new Memory(shard) : null;
	const within = (t) => names.some((x) => `${nameOf(t)}/`.startsWith(`${x}/`));
	let todo = names.length ? every.filter(within) : every;
	if (whole) todo = todo.filter((_, k) => k % of === i - 1);
	const wanted = new Map(), tried = new Map();
	for (const t of todo) {
		const key = `${t.scenario}/${t.way}`;
		wanted.set(key, (wanted.get(key) || 0) + 1);
	}
	if (whole) todo = todo.filter((t) => !memory.done.has(nameOf(t)));
	todo = mixed(shuffled(todo, seed));
	const limit = whole || names.length ? Infinity : Date.now() + SECONDS * 1000;
	say(whole ? `# ${todo.length} tries to go, shard ${shard}` :
	    `# TORTURE_SEED=${seed}, ${every.length} tries there are`);
	let played = 0, lives = 0, bad = 0;
	await all(() => (Date.now() < limit ? todo.shift() : undefined), (t, r) => {
		const key = `${t.scenario}/${t.way}`, row = tried.get(key) || { good: 0, bad: 0 };
		tried.set(key, row);
		played++;
		lives += r.lives;
		if (r.wrong.length) {
			row.bad++;
			bad++;
			show(t, r);
		} else {
			row.good++;
			if (memory) memory.add(nameOf(t));
		}
		if (whole && played % 500 === 0) say(`# ${played} tried, ${bad} failed`);
	});
	report(tried, wanted);
	say(`# ${played} tries, ${lives} lives, ${bad} failed`);
	return bad ? 1 : 0;
}

main().then((code) => { process.exitCode = code; }, (e) => {
	say(`Bail out! ${e.stack}`);
	process.exit(2);
});

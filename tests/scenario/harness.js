/* SPDX-License-Identifier: Apache-2.0 */
/*
 * harness.js - plays a scenario: a simulated organisation, the real program on a
 * clock that jumps, and at the end the store held against the truth.
 *
 * A scenario's world lives until `quiet` before the end, so that whatever was
 * said last can arrive; the program runs until the end and must leave with 0.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawn, spawnSync } = require('child_process');
const { startSim } = require('../github/server.js');
const { World, MINUTE, HOUR, DAY } = require('../github/world.js');
const Worlds = require('../github/worlds.js');
const { Truth, compare } = require('./truth.js');

const PROGRAM = process.env.HUBSTASH || path.join(__dirname, '../../build/san/hubstash');
const START = '2026-03-02T08:00:00Z';
const REAL_LIMIT = Number(process.env.HUBSTASH_LIMIT || 600) * 1000;	/* of one run */

const iso = (ms) => new Date(ms).toISOString().replace('.000Z', 'Z');

/* In memory where there is room: the program syncs at every turn. */
function playground() {
	const shm = '/dev/shm';
	if (process.env.TMPDIR || !fs.existsSync(shm)) return os.tmpdir();
	const { bavail, bsize } = fs.statfsSync(shm);
	return bavail * bsize > 2 * 1024 ** 3 ? shm : os.tmpdir();
}

/* Nothing happens in this world after until. */
function quietAfter(w, until) {
	w.at = (time, run) => {
		if (time <= until) World.prototype.at.call(w, time, run);
	};
}

/* Rows of a SQLite file, read by Debian's sqlite3. */
function rows(file, sql) {
	const r = spawnSync('sqlite3', ['-readonly', '-json', file, sql],
	    { maxBuffer: 1 << 30, encoding: 'utf8' });
	if (r.status !== 0) throw new Error(`${file}: ${r.stderr || r.error}`);
	return r.stdout.trim() ? JSON.parse(r.stdout) : [];
}

/* What activity.db (or a file of another name) holds: a Map of id -> document; says what is odd in rows. */
function sqliteDocuments(dir, wrong, file = 'activity.db') {
	const out = new Map();
	for (const r of rows(path.join(dir, file),
	    'select id, version, action, ts, body from documents')) {
		const doc = JSON.parse(r.body);
		out.set(r.id, doc);
		if (doc.event.id !== r.id || doc.event.action !== r.action ||
		    doc.hubstash.version !== r.version || Date.parse(doc['@timestamp']) !== r.ts)
			wrong.push(`${r.id}: the row's columns do not say what its body says`);
	}
	return out;
}

/* The same of an index of Elasticsearch. */
async function elasticDocuments(url, index) {
	const out = new Map();
	await fetch(`${url}/${index}/_refresh`, { method: 'POST' });
	for (let after; ;) {
		const body = { size: 5000, sort: [{ 'event.id': 'asc' }], version: true };
		if (after) body.search_after = after;
		const r = await fetch(`${url}/${index}/_search`, { method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body) });
		const { hits } = await r.json();
		if (!hits || !hits.hits.length) return out;
		for (const h of hits.hits) out.set(h._id, h._source);
		after = hits.hits[hits.hits.length - 1].sort;
	}
}

/* One life of the program. */
class Run {
	constructor(stage, args, { from, until, env = {} }) {
		this.stage = stage;
		const clock = `virtual:${iso(from)}${until ? `..${iso(until)}` : ''}`;
		this.child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'],
			env: { PATH: process.env.PATH, HOME: stage.dir, GITHUB_TOKEN: stage.token,
				ASAN_OPTIONS: 'detect_leaks=1', HUBSTASH_CLOCK: clock, ...env } });
		this.out = [];
		this.log = '';
		this.child.stdout.on('data', (d) => this.out.push(d));
		this.child.stderr.on('data', (d) => {
			this.log = (this.log + d).slice(-200000);
		});
		this.timer = setTimeout(() => {
			this.late = true;
			this.child.kill('SIGABRT');
		}, REAL_LIMIT);
		this.ended = new Promise((done) => this.child.on('close', (code, signal) => {
			clearTimeout(this.timer);
			this.code = code;
			this.signal = signal;
			done(this);
		}));
	}

	get stdout() { return Buffer.concat(this.out).toString(); }

	kill() { this.child.kill('SIGKILL'); }
}

/* What a scenario's play has at hand. */
class Stage {
	constructor(scenario, sim, dir) {
		Object.assign(this, { scenario, sim, dir, wrong: [],
			start: sim.clock.start, end: sim.clock.start + scenario.hours * HOUR,
			token: scenario.token || 'sim-token' });
	}

	/* Whose repositories are followed, by login. */
	get owners() { return this.scenario.owners || [this.sim.world.org.login]; }

	get data() { return path.join(this.dir, 'data'); }

	/* The usual arguments of a command, for those owners. */
	args(command, ...more) {
		return [command, ...this.owners.flatMap((o) => ['--org', o]), '--github-url',
			this.sim.apiUrl, '--data', this.data, '--log-level',
			process.env.HUBSTASH_LOG || 'info', ...more];
	}

	launch(args, when = {}) {
		return new Run(this, args, { from: Math.max(this.start, this.sim.now, this.sim.clock.last),
			until: this.end, ...when });
	}

	/* Runs to the end; anything but the exit status wanted is wrong. */
	async run(args, { code = 0, ...when } = {}) {
		const r = await this.launch(args, when).ended;
		if (r.code !== code || r.late)
			this.wrong.push(`${args[0]} left with ${r.late ? 'nothing, it hung' :
			    r.signal || r.code} instead of ${code}:\n${r.log.slice(-3000)}`);
		this.last = r;
		return r;
	}

	/* Periods of which the program says that the feed alone knew. */
	eventGaps() {
		const file = path.join(this.data, 'state.db');
		if (!fs.existsSync(file)) return [];	/* a dry run has none */
		return rows(file, 'select from_ms, to_ms from gaps ' +
		    "where kind = 'events'").map((g) => [g.from_ms, g.to_ms]);
	}

	truth(more = {}) {
		const s = this.scenario;
		this.sim.advance(more.end || this.end);
		return new Truth(this.sim.world, { start: this.start, end: this.end,
			since: this.start - 30 * DAY, personal: s.personal !== false,
			sees: s.sees || (() => true), quirksAt: (t) => this.sim.quirks.feed(t),
			forks: !!s.forks, owners: this.owners, ...more,
			gaps: more.gaps || this.eventGaps() });
	}

	/* Holds documents against the truth and the referee against everything. */
	judge(documents, more = {}) {
		this.wrong.push(...compare(documents, this.truth(more)));
		this.documents = documents.size;
		for (const line of this.sim.referee.summary()) this.wrong.push(`referee: ${line}`);
		for (const e of this.sim.errors) this.wrong.push(`simulator: ${e.message}`);
	}

	judgeSqlite(more) {
		this.judge(sqliteDocuments(this.data, this.wrong), more);
	}
}

/* The usual play: one run to the end, into SQLite. */
async function usual(stage) {
	await stage.run(stage.args('run', '--listen', 'off', ...(stage.scenario.args || [])));
	stage.judgeSqlite();
}

/*
 * Plays { name, world, seed, hours, quiet (minutes), quirks, cases, tokens, token,
 * play(stage), … }; gives { wrong, documents, requests, seconds }.
 */
async function play(scenario) {
	const begun = Date.now();
	const dir = fs.mkdtempSync(path.join(playground(), 'hubstash-scenario-'));
	const start = Date.parse(scenario.start || START);
	const until = start + scenario.hours * HOUR - (scenario.quiet || 30) * MINUTE;
	const tell = scenario.script || Worlds[scenario.world || 'small'];
	const sim = await startSim({ ...scenario, world: scenario.world || 'small', start,
		script: (w) => {
			quietAfter(w, until);
			tell(w);
		} });
	const stage = new Stage(scenario, sim, dir);
	try {
		fs.mkdirSync(stage.data, { recursive: true });
		await (scenario.play || usual)(stage);
	} catch (e) {
		stage.wrong.push(`the play broke off: ${e.stack}`);
	}
	await sim.stop();
	if (stage.wrong.length === 0 && !process.env.HUBSTASH_KEEP)
		fs.rmSync(dir, { recursive: true, force: true });
	else
		stage.wrong.push(`the data is kept in ${dir}`);
	return { wrong: stage.wrong, documents: stage.documents, sim,
		requests: sim.referee.counts, seconds: (Date.now() - begun) / 1000 };
}

module.exports = { play, usual, rows, sqliteDocuments, elasticDocuments, Stage, PROGRAM,
	START, iso, MINUTE, HOUR, DAY };

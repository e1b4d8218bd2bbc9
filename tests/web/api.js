/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api.js - what the tests of the API share: the real program over documents of a
 * simulated organisation and of events that nobody should send, and its answers
 * held against docs/api.yaml.
 */
'use strict';

const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const zlib = require('zlib');
const { spawn } = require('child_process');
const { Stage, PROGRAM, HOUR } = require('../scenario/harness.js');
const { startSim } = require('../github/server.js');

const ROOT = path.join(__dirname, '../..');
const START = '2026-03-02T08:00:00Z';
const MODULES = path.join(__dirname, '../node_modules');

/* Bytes in whatever form they came. */
function unpack(bytes, encoding) {
	return encoding === 'gzip' ? zlib.gunzipSync(bytes) : bytes;
}

/* One exchange: { status, headers, bytes, text, json }. */
function ask(base, where, { method = 'GET', headers = {} } = {}) {
	return new Promise((done, fail) => {
		const at = new URL(base);
		const req = http.request({ host: at.hostname, port: at.port, path: where, method,
			headers, agent: false }, (res) => {
			const parts = [];
			res.on('data', (d) => parts.push(d));
			res.on('error', fail);
			res.on('end', () => {
				const bytes = Buffer.concat(parts);
				const whole = unpack(bytes, bytes.length > 0 &&
				    res.headers['content-encoding']);
				const out = { status: res.statusCode, headers: res.headers, bytes,
					text: whole.toString(), whole };
				try {
					out.json = JSON.parse(out.text);
				} catch (e) {
					out.json = undefined;
				}
				done(out);
			});
		});
		req.on('error', fail);
		req.end();
	});
}

/* The program until stop(); base is where its door is. */
class Door {
	constructor(args, env = {}, stdin = 'ignore') {
		this.log = '';
		this.child = spawn(PROGRAM, args, { stdio: [stdin, 'ignore', 'pipe'],
			env: { PATH: process.env.PATH, HOME: os.tmpdir(), ASAN_OPTIONS:
			    'detect_leaks=1', ...env } });
		this.ended = new Promise((done) => this.child.on('close', (code, signal) => {
			this.code = code;
			this.signal = signal;
			done(this);
		}));
		this.opened = new Promise((done, fail) => {
			this.child.stderr.on('data', (d) => {
				this.log += d;
				const at = /the dashboard is at (http:\S+)/.exec(this.log);
				if (at) done(this.base = at[1].replace(/\/$/, ''));
			});
			this.ended.then(() => fail(new Error(`it ended: ${this.log}`)));
		});
		this.opened.catch(() => {});
	}

	ask(where, more) { return ask(this.base, where, more); }

	/* The exit status. */
	async stop() {
		this.child.kill('SIGTERM');
		await this.ended;
		return this.signal || this.code;
	}
}

/* Events as a person could make them who would like to be more than a name. */
const EVIL = '<script>alert(1)</script>';
const LONG = `${'مرحبا بالعالم '.repeat(22).slice(0, 299)}\u{1F600}`;

function event(n, type, login, payload) {
	return { id: String(900000000 + n), type, public: true,
		created_at: `2026-03-04T10:${String(n % 60).padStart(2, '0')}:00Z`,
		actor: { id: 700000 + n, login, display_login: login },
		repo: { id: 555, name: 'sim-odd/spare' }, org: { id: 55, login: 'sim-odd' }, payload };
}

function pull(n, login, title) {
	const user = { id: 700000 + n, login, type: 'User' };
	const at = `2026-03-04T10:${String(n % 60).padStart(2, '0')}:00Z`;
	return event(n, 'PullRequestEvent', login, { action: 'opened', number: n, pull_request: {
		id: 800000 + n, number: n, title, user, state: 'open', draft: false, merged: false,
		created_at: at, updated_at: at, closed_at: null, merged_at: null, labels: [],
		html_url: `https://github.com/sim-odd/spare/pull/${n}`,
		base: { repo: { id: 555, name: 'spare' } }, additions: 1, deletions: 0,
		changed_files: 1, commits: 1, comments: 0 } });
}

const ODD = [pull(1, EVIL, `title ${EVIL}`), pull(2, LONG, LONG),
	pull(3, '=cmd|x', '=HYPERLINK("http://evil.example")'),
	pull(4, 'sim-quote"\',', 'a, "b"\r\nc\tline')];

/*
 * Six hours of a small organisation in a file, then odd(door) with a door over that
 * file, which also takes events by say(), and follows(door) with one that follows
 * the organisation.
 */
async function withDoors(odd, follows) {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-api-'));
	const sim = await startSim({ world: 'small', start: Date.parse(START), cases: ['all'] });
	const stage = new Stage({ hours: 6 }, sim, dir);
	try {
		fs.mkdirSync(stage.data);
		await stage.run(stage.args('run', '--listen', 'off'));
		if (stage.wrong.length > 0) throw new Error(stage.wrong.join('\n'));
		const events = path.join(dir, 'odd.json'), conf = path.join(dir, 'odd.conf');
		fs.writeFileSync(events, JSON.stringify(ODD));
		fs.writeFileSync(conf, `input { file { path => "${events}" } stdin { } }\n` +
		    `output { sqlite { path => "${stage.data}/activity.db" } }\n`);
		const one = new Door(['run', '-f', conf, '--data', path.join(dir, 'odd'), '--listen',
		    '127.0.0.1:0'], {}, 'pipe');
		one.say = (e) => one.child.stdin.write(`${JSON.stringify(e)}\n`);
		await one.opened;
		await odd(one);
		if (one.code === undefined) await one.stop();
		const two = new Door(stage.args('run', '--listen', '127.0.0.1:0'),
		    { GITHUB_TOKEN: 'sim-token' });
		await two.opened;
		await follows(two);
		if (two.code === undefined) await two.stop();
	} finally {
		await sim.stop();
		fs.rmSync(dir, { recursive: true, force: true });
	}
}

/* docs/api.yaml: JSON, below its remarks. */
const description = () => JSON.parse(fs.readFileSync(path.join(ROOT, 'docs/api.yaml'), 'utf8')
    .replace(/^#.*\n/gm, ''));

const resolve = (doc, x) => (x.$ref ? x.$ref.slice(2).split('/').reduce((o, k) => o[k], doc) : x);

/* What is wrong with an answer, by the description; ajv does not come with Debian. */
class Judge {
	constructor() {
		this.doc = description();
		const Ajv = require(path.join(MODULES, 'ajv/dist/2020.js'));
		this.ajv = new Ajv({ strict: false, allErrors: true });
		this.ajv.addSchema({ $id: 'api', ...this.doc });
		this.checks = new Map();
	}

	static there() { return fs.existsSync(path.join(MODULES, 'ajv/dist/2020.js')); }

	/* The schema at a place in the description, compiled. */
	check(pointer) {
		if (!this.checks.has(pointer))
			this.checks.set(pointer, this.ajv.compile({ $ref: `api#${pointer}` }));
		return this.checks.get(pointer);
	}

	wrong(route, r) {
		const responses = this.doc.paths[route].get.responses;
		if (!responses[r.status]) return [`${r.status} is not described`];
		const to = `/paths/${route.replace(/\//g, '~1')}/get/responses/${r.status}`;
		const at = responses[r.status].$ref ? responses[r.status].$ref.slice(1) : to;
		if (r.json === undefined) return [`no JSON: ${r.text.slice(0, 100)}`];
		const check = this.check(`${at}/content/application~1json/schema`);
		return check(r.json) ? [] : check.errors.map((e) => `${e.instancePath} ${e.message} ${
		    JSON.stringify(e.params)}`);
	}
}

module.exports = { ask, Door, Judge, withDoors, description, resolve, pull, event, EVIL, LONG,
	START, HOUR };

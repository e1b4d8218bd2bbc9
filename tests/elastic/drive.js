/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drive.js - the output at work for a test: starts the program drive (drive.c),
 * sends it commands, waits for what it says on stdout and in its log. Nothing
 * here sleeps: a test waits for events, each at most WAIT_MS.
 */
'use strict';

const path = require('path');
const { execFile, spawn } = require('child_process');
const { isDeepStrictEqual } = require('util');

const WAIT_MS = 40 * 1000;
const PROGRAM = process.env.DRIVE ||
    path.join(__dirname, '../../build/san/tests/elastic/drive');

let count = 0, failed = 0;

function ok(good, name, why) {
	count++;
	if (!good) failed++;
	process.stdout.write(`${good ? '' : 'not '}ok ${count} - ${name.split('\n')[0]}\n`);
	if (!good && why !== undefined)
		process.stdout.write(`# ${String(why).split('\n').slice(0, 20).join('\n# ')}\n`);
	return good;
}

const is = (got, want, name) => ok(isDeepStrictEqual(got, want), name,
    `got  ${JSON.stringify(got)}\nwant ${JSON.stringify(want)}`);

/* What cannot be tried here, and why. */
function skip(why) {
	process.stdout.write(`ok ${++count} # SKIP ${why}\n`);
}

/* Prints the plan; the exit status. */
function done() {
	process.stdout.write(`1..${count}\n`);
	return failed ? 1 : 0;
}

const quoted = (v) => (Array.isArray(v) ? `[${v.map(quoted).join(', ')}]` :
    typeof v === 'object' ? `{ ${Object.entries(v).map(([k, x]) =>
	`"${k}" => ${quoted(x)}`).join(' ')} }` :
	typeof v === 'string' ? JSON.stringify(v) : String(v));

class Drive {
	/* options: of the output; beside: env, dir (of data), patience (ms of until). */
	constructor(options, { env = {}, dir, output = 'elasticsearch',
		patience = WAIT_MS } = {}) {
		const rows = Object.entries({ retry_initial_interval: 1, retry_max_interval: 1,
			resurrect_delay: 1, ...options });
		const text = 'input { drive { } }\noutput { ' + output + ' {\n' +
		    rows.map(([k, v]) => `${k} => ${quoted(v)}\n`).join('') + '} }\n';
		this.child = spawn(PROGRAM, dir ? [text, dir] : [text],
		    { env: { PATH: process.env.PATH, ...env } });
		this.dir = dir;
		this.patience = patience;
		this.said = [];
		this.troubles = [''];	/* all so far, "" none */
		this.logText = '';
		this.waiting = new Set();
		let part = '';
		this.child.stdout.on('data', (d) => {
			const lines = (part + d).split('\n');
			part = lines.pop();
			for (const said of lines.map((l) => JSON.parse(l)))
				if ('trouble' in said) this.troubles.push(said.trouble);
				else this.said.push(said);
			this.look();
		});
		this.child.stderr.on('data', (d) => {
			this.logText += d;
			this.look();
		});
		this.child.stdin.on('error', () => {});
		this.child.on('exit', (code, signal) => {
			this.exit = code === null ? signal : code;
			this.look();
		});
		process.on('exit', this.onExit = () => this.child.kill('SIGKILL'));
	}

	look() {
		for (const w of this.waiting) w();
	}

	/* The first value that test() gives, asked whenever anything was said. */
	until(test, what) {
		return new Promise((good, fail) => {
			let timer;
			const look = () => {
				const v = test();
				if (!v && this.exit === undefined) return;
				clearTimeout(timer);
				this.waiting.delete(look);
				if (v) good(v);
				else fail(new Error(`ended before ${what}\n${this.logText.slice(-3000)}`));
			};
			timer = setTimeout(() => {
				this.waiting.delete(look);
				fail(new Error(`no ${what}\n${this.logText.slice(-3000)}`));
			}, this.patience);
			this.waiting.add(look);
			look();
		});
	}

	send(command) {
		this.child.stdin.write(`${JSON.stringify(command)}\n`);
	}

	/* The next thing said that has a member of this name (and value). */
	event(name, value) {
		return this.until(() => {
			const i = this.said.findIndex((s) => name in s &&
			    (value === undefined || s[name] === value));
			return i < 0 ? null : this.said.splice(i, 1)[0];
		}, `${name} ${value === undefined ? '' : value}`);
	}

	ask(command, name) {
		this.send(command);
		return this.event(name || Object.keys(command)[0]);
	}

	/* Matches of a pattern in the log so far, and its first one sooner or later. */
	times(pattern) {
		return (this.logText.match(new RegExp(pattern, 'g')) || []).length;
	}

	logged(pattern) {
		return this.until(() => this.logText.match(pattern), `log line ${pattern}`);
	}

	/* A trouble that matches, sooner or later; how many of all so far did. */
	trouble(pattern) {
		return this.until(() => this.troubles.find((t) => pattern.test(t)),
		    `trouble ${pattern}`);
	}

	troubled(pattern) {
		return this.troubles.filter((t) => pattern.test(t)).length;
	}

	well() {
		return this.until(() => this.troubles[this.troubles.length - 1] === '',
		    'end of trouble');
	}

	/* { health, …numbers by name }: as the web door says. */
	async door() {
		const { health, numbers } = (await this.ask({ look: true })).look;
		return { health, ...numbers.hubstash };
	}

	/* What `hubstash status` says of the data directory, once it says test. */
	async status(test) {
		for (const end = Date.now() + WAIT_MS;;) {
			const text = await new Promise((good, fail) => execFile(
			    path.join(path.dirname(PROGRAM), '../../hubstash'),
			    ['status', '--data', this.dir], (e, out) => (e ? fail(e) : good(out))));
			if (test(text)) return text;
			if (Date.now() > end) throw new Error(`status:\n${text}`);
		}
	}

	/* Emits documents; the promise is kept when all of them are settled. */
	async store(docs, as = `page ${++Drive.pages}`) {
		this.send({ emit: docs, as });
		return this.event('settled', as);
	}

	/* Its exit status; hurry: without waiting for what cannot be stored. */
	async end(hurry) {
		if (hurry) this.send({ stop: true });
		this.child.stdin.end();
		await this.until(() => this.exit !== undefined, 'the end');
		process.removeListener('exit', this.onExit);
		return this.exit;
	}
}
Drive.pages = 0;

/* n documents of an invented repository, as the contract has them. */
function commits(n, { from = 0, version = 1000, repo = 7, body = {} } = {}) {
	return Array.from({ length: n }, (_, i) => ({
		id: `commit:${repo}:${from + i}`, action: 'commit', version,
		ts: 1767225600000 + (from + i) * 1000,
		body: { github: { repo: 'sim-org/one', repo_id: String(repo),
			commit: { sha: String(from + i), default_branch: true, merge: false } },
		...body },
	}));
}

module.exports = { Drive, commits, ok, is, skip, done };

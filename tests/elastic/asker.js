/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asker.js - a store that answers questions for a test: starts the program ask
 * (tests/store/ask.c), which answers one after the other.
 */
'use strict';

const path = require('path');
const { spawn } = require('child_process');

const PROGRAM = process.env.ASK ||
    path.join(__dirname, '../../build/san/tests/store/ask');
const NAMES = { orgs: 'org', repos: 'repository', people: 'person', kinds: 'kind' };

/* { panel, from, to, edges, orgs: […], … } as ask has it on a line. */
function written({ edges, from, to, ...rest }) {
	const all = [['from', new Date(from).toISOString()], ['to', new Date(to).toISOString()]];
	for (const [k, v] of Object.entries(rest))
		for (const x of Array.isArray(v) ? v : v === undefined ? [] : [v])
			all.push([NAMES[k] || k, x]);
	if (edges) all.push(['edges', edges.join(',')]);
	return all.map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join('&');
}

class Asker {
	/* 'elasticsearch', URL, INDEX or 'sqlite', FILE */
	constructor(...store) {
		this.child = spawn(PROGRAM, store, { stdio: ['pipe', 'pipe', 'inherit'] });
		this.waiting = [];
		const onExit = () => this.child.kill('SIGKILL');
		process.on('exit', onExit);
		const parts = [];
		this.child.stdout.on('data', (d) => {
			let rest = d, end;
			for (; (end = rest.indexOf(10)) >= 0; rest = rest.subarray(end + 1)) {
				parts.push(rest.subarray(0, end));
				this.waiting.shift().good(JSON.parse(Buffer.concat(parts.splice(0)).toString()));
			}
			parts.push(rest);
		});
		this.child.stdin.on('error', () => {});
		this.ended = new Promise((good) => this.child.on('close', (code, signal) => {
			process.removeListener('exit', onExit);
			for (const w of this.waiting.splice(0))
				w.fail(new Error(`ask ended: ${signal || code}`));
			good(code);
		}));
	}

	ask(question) {
		return new Promise((good, fail) => {
			this.waiting.push({ good, fail });
			this.child.stdin.write(`${written(question)}\n`);
		});
	}

	/* Its exit status; null: it died. */
	end() {
		this.child.stdin.end();
		return this.ended;
	}
}

module.exports = { Asker };

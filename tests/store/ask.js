/* SPDX-License-Identifier: Apache-2.0 */
/* ask.js - tests/store/ask as a process: documents and questions in, answers out. */
'use strict';

const { spawn } = require('child_process');
const path = require('path');
const readline = require('readline');

const PROGRAM = process.env.ASK ||
    path.join(__dirname, '../../build/san/tests/store/ask');

class Ask {
	constructor(...args) {
		this.process = spawn(PROGRAM, args, { stdio: ['pipe', 'pipe', 'inherit'] });
		this.waiting = [];
		this.ended = new Promise((done) => this.process.on('exit', (code) => {
			for (const w of this.waiting.splice(0)) w({ error: `ask ended: ${code}` });
			done(code);
		}));
		readline.createInterface({ input: this.process.stdout }).on('line', (line) =>
			this.waiting.shift()(JSON.parse(line)));
	}

	write(body) { this.process.stdin.write(`${JSON.stringify(body)}\n`); }

	delete(id) { this.process.stdin.write(`delete ${id}\n`); }

	ask(question) {
		return new Promise((done) => {
			this.waiting.push(done);
			this.process.stdin.write(`${question}\n`);
		});
	}

	end() {
		this.process.stdin.end();
		return this.ended;
	}
}

module.exports = { Ask };

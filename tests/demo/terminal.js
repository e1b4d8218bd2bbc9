/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal.js - a program on a pseudo-terminal (script, of util-linux), and what
 * a person would see on it. Knows as much of a terminal as the program uses: text,
 * new lines, the cursor up, all below wiped, colours.
 */
'use strict';

const { spawn } = require('child_process');

const quoted = (s) => `'${s.replace(/'/g, "'\\''")}'`;

class Screen {
	constructor() {
		this.lines = [''];
		this.row = 0;
		this.column = 0;
		this.rest = '';			/* an escape that is not whole yet */
	}

	escape(number, letter) {
		if (letter === 'A') {
			this.row = Math.max(0, this.row - (Number(number) || 1));
		} else if (letter === 'J') {
			this.lines.length = this.row + 1;
			this.lines[this.row] = this.lines[this.row].slice(0, this.column);
		} else if (letter !== 'm') {
			throw new Error(`a terminal of tests knows no ESC [ ${number} ${letter}`);
		}
	}

	text(s) {
		const line = [...this.lines[this.row].padEnd(this.column)];
		const more = [...s];
		line.splice(this.column, more.length, ...more);
		this.lines[this.row] = line.join('');
		this.column += more.length;
	}

	write(data) {
		const all = this.rest + data, whole = /\x1b(\[[\d;]*)?$/.exec(all);
		this.rest = whole ? whole[0] : '';
		const parts = all.slice(0, all.length - this.rest.length)
		    .matchAll(/\x1b\[([\d;]*)([A-Za-z])|\r|\n|[^\x1b\r\n]+/g);
		for (const [s, number, letter] of parts) {
			if (letter) this.escape(number, letter);
			else if (s === '\r') this.column = 0;
			else if (s === '\n') {
				if (++this.row === this.lines.length) this.lines.push('');
			} else this.text(s);
		}
	}
}

class Terminal {
	/* env is all that the program gets. onText is called when something was written. */
	constructor(command, { env, columns = 110 }) {
		const line = `stty cols ${columns} rows 40; exec ${command.map(quoted).join(' ')}`;
		this.screen = new Screen();
		this.onText = () => {};
		this.child = spawn('script', ['-qefc', line, '/dev/null'], { env });
		this.child.stdout.setEncoding('utf8').on('data', (s) => {
			this.screen.write(s);
			this.onText();
		});
		this.ended = new Promise((done) => this.child.on('close', (code) => {
			this.code = code;
			done(code);
			this.onText();
		}));
	}

	/* As if somebody typed it. */
	type(keys) { this.child.stdin.write(keys); }

	/* What see(lines) gives as soon as it is not null; null when it took too long. */
	until(ms, see) {
		return new Promise((done) => {
			const end = (v) => {
				clearTimeout(timer);
				this.onText = () => {};
				done(v);
			};
			const timer = setTimeout(() => end(null), ms);
			this.onText = () => {
				const v = see(this.screen.lines);
				if (v !== null) end(v);
				else if (this.code !== undefined) end(null);
			};
			this.onText();
		});
	}
}

module.exports = { Terminal };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_demo.js - what `make run` starts, on a terminal: the ten names it shows are
 * read from the screen, twice, and held against the simulated world, which is made
 * anew here. Then Ctrl-C ends it all.
 */
'use strict';

const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { Terminal } = require('./terminal.js');
const { World, DAY } = require('../github/world.js');
const Worlds = require('../github/worlds.js');
const { credits, people } = require('./credits.js');
const { ok, run } = require('../github/tap.js');

const PROGRAM = process.env.HUBSTASH || path.join(__dirname, '../../build/hubstash');
const DEMO = path.join(__dirname, '../github/demo.js');
const LIMIT = 60 * 1000, PERIOD = 30 * DAY, TOP = 10;

/* Holds the simulated world: { world, go() }, the world made anew as it stands. */
function hold(file) {
	return new Promise((done, fail) => {
		const guest = net.connect(file);
		let text = '';
		guest.setEncoding('utf8').on('error', fail).on('data', (s) => {
			text += s;
			if (!text.endsWith('\n')) return;
			const { seed, start, meets, at } = JSON.parse(text);
			const world = new World({ seed, start, meets, script: Worlds.demo });
			world.advance(at);
			done({ world, go: () => guest.destroy() });
		});
	});
}

/* The ten most active of the period that ends now, as lines of text. */
const truth = (all) => people(all, Date.now() - PERIOD).slice(0, TOP).map((p, i) =>
    `${i + 1} ${p.name} ${p.total} ${p.commits} ${p.pulls} ${p.reviews}`);

/* The rows of people on the screen, in the same form. */
function seen(lines) {
	return lines.map((s) =>
	    /^ *(\d+) +(\S+) +(\d+) [█▏▎▍▌▋▊▉ ]*? +(\d+) +(\d+) +(\d+) {3}\S.* ago$/u.exec(s))
	    .filter(Boolean).map((m) => m.slice(1).join(' '));
}

const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);

/* The screen comes to show the truth of a moment; gives the list. */
async function compare(terminal, file, what) {
	const held = await hold(file), all = credits(held.world);
	const list = await terminal.until(LIMIT, (lines) => {
		const rows = seen(lines);
		return same(rows, truth(all)) && rows.length === TOP ? rows : null;
	});
	held.go();
	const rows = seen(terminal.screen.lines);
	ok(list !== null, what, terminal.code !== undefined ?
	    `it left with ${terminal.code}:\n${terminal.screen.lines.slice(-8).join('\n')}` :
	    truth(all).map((t, i) => `${t}, but on the screen ${rows[i]}`).join('\n'));
	return list || [];
}

/* Whether somebody listens there. */
function listens(at) {
	return new Promise((done) => {
		const s = net.connect(at, () => {
			s.destroy();
			done(true);
		}).on('error', () => done(false));
	});
}

async function demo() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-demo-'));
	const file = path.join(dir, 'door');
	const { PATH, HOME = dir } = process.env;
	const terminal = new Terminal([process.execPath, DEMO, PROGRAM], { env: { PATH, HOME,
		TERM: 'xterm', LC_ALL: 'C.UTF-8', HUBSTASH_DEMO: dir } });
	const all = () => terminal.screen.lines.join('\n');

	const begun = await terminal.until(LIMIT, (lines) =>
	    (seen(lines).length === TOP ? true : null));
	ok(begun, 'ten people are on the screen', all());
	ok(/This is simulated data/.test(all()), 'it says that they are simulated');
	const address = /http:\/\/127\.0\.0\.1:(\d+)/.exec(all());
	ok(address, 'and where the page is', all());
	const first = await compare(terminal, file, 'they are the ten of that moment');
	const moved = await terminal.until(LIMIT, (lines) =>
	    (seen(lines).length === TOP && !same(seen(lines), first) ? true : null));
	ok(moved, 'the list moves');
	const second = await compare(terminal, file, 'and they are the ten of a later one');
	ok(!same(first, second), 'which are others, or did more');

	const asked = Date.now();
	terminal.type('\x03');
	const ended = await Promise.race([terminal.ended,
		new Promise((done) => setTimeout(done, 10000, 'nothing'))]);
	ok(ended === 0, 'Ctrl-C ends it with 0', `${ended}: ${all().slice(-2000)}`);
	ok(Date.now() - asked < 10000 && !await listens({ path: file }) &&
	    !await listens({ host: '127.0.0.1', port: Number(address[1]) }),
	'both of it');
	if (ended !== 0) terminal.child.kill();
	fs.rmSync(dir, { recursive: true, force: true });
}

run([demo]);

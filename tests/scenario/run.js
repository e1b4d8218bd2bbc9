#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.js [NAME|FILE.js]... - plays scenarios and prints TAP, a line each: all of
 * those in tests/scenario/*_cases.js, or those whose name is given. Two play at a
 * time, each in a process of its own, since a simulator that waits for another
 * one's would let the program's time-outs run out. Those that share a server (the
 * same end()) are one after the other in one process. With HUBSTASH_KEEP set their
 * data stays, also of those that are good.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const { fork } = require('child_process');
const { play } = require('./harness.js');

const AT_ONCE = Number(process.env.HUBSTASH_SCENARIOS || 2);
const SHOWN = 12;

function load() {
	return fs.readdirSync(__dirname).filter((f) => f.endsWith('_cases.js')).sort()
	    .flatMap((f) => require(path.join(__dirname, f)).map((s) => ({ file: f, ...s })));
}

function report(n, s, r) {
	const good = r.wrong.length === 0;
	process.stdout.write(`${good ? '' : 'not '}ok ${n} - ${s.name} (${r.documents
	} documents, ${r.requests.requests} requests, ${r.requests.points} points, ${
	    r.seconds.toFixed(1)} s)\n`);
	for (const w of r.wrong.slice(0, SHOWN))
		process.stdout.write(`# ${w.replace(/\n/g, '\n#   ')}\n`);
	if (r.wrong.length > SHOWN)
		process.stdout.write(`# … ${r.wrong.length - SHOWN} more\n# ${
		    r.wrong[r.wrong.length - 1]}\n`);
	return good;
}

/* Says of those that cannot play here why. Gives the others. */
function playable(chosen) {
	let n = 0;
	return chosen.filter((s) => {
		const why = s.unless && s.unless();
		if (why) process.stdout.write(`ok ${++n} - ${s.name} # SKIP ${why}\n`);
		return !why;
	});
}

/* What one process plays: a scenario, or all that share a server. */
function parts(chosen) {
	const shared = new Map();
	const out = [];
	for (const s of chosen) {
		if (s.end && shared.has(s.end)) {
			shared.get(s.end).push(s);
			continue;
		}
		out.push([s]);
		if (s.end) shared.set(s.end, out[out.length - 1]);
	}
	return out;
}

/* In the process of a part. */
async function playPart(names) {
	const part = load().filter((s) => names.includes(s.name));
	for (const s of part) {
		const { wrong, documents, requests, seconds } = await play(s);
		await new Promise((sent) => process.send({ name: s.name, wrong, documents,
			requests, seconds }, sent));
	}
	if (part[0].end) await part[0].end();
	return 0;
}

/* Plays a part elsewhere; what that process does not tell of failed. */
function elsewhere(part, told) {
	return new Promise((done) => {
		const left = new Map(part.map((s) => [s.name, s]));
		const child = fork(__filename, ['--part', ...left.keys()]);
		child.on('message', (r) => {
			told(left.get(r.name), r);
			left.delete(r.name);
		});
		child.on('exit', (code, signal) => {
			for (const s of left.values())
				told(s, { wrong: [`its process left with ${signal || code}`],
					documents: 0, requests: {}, seconds: 0 });
			done();
		});
	});
}

async function main() {
	const names = process.argv.slice(2), all = load();
	if (names[0] === '--part') return playPart(names.slice(1));
	const chosen = names.length ? all.filter((s) => names.includes(s.name) ||
	    names.includes(s.file)) : all.filter((s) => !s.optional);
	if (!chosen.length) throw new Error(`no such scenario: ${names.join(' ')}`);
	const can = playable(chosen), todo = parts(can);
	let n = chosen.length - can.length, bad = 0;
	const worker = async () => {
		while (todo.length)
			await elsewhere(todo.shift(), (s, r) => {
				if (!report(++n, s, r)) bad++;
			});
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	process.stdout.write(`1..${n}\n`);
	return bad ? 1 : 0;
}

main().then((code) => process.exit(code), (e) => {
	process.stdout.write(`Bail out! ${e.stack}\n`);
	process.exit(2);
});

#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.js [NAME|FILE.js]... - plays scenarios and prints TAP, a line each: all of
 * those in tests/scenario/*_cases.js, or those whose name is given. Two play at a
 * time. With HUBSTASH_KEEP set their data stays, also of those that are good.
 */
'use strict';

const fs = require('fs');
const path = require('path');
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

/* A scenario that cannot play here says why. */
function skip(n, s) {
	const why = s.unless && s.unless();
	if (why) process.stdout.write(`ok ${n} - ${s.name} # SKIP ${why}\n`);
	return !!why;
}

async function main() {
	const names = process.argv.slice(2), all = load();
	const chosen = names.length ? all.filter((s) => names.includes(s.name) ||
	    names.includes(s.file)) : all.filter((s) => !s.optional);
	let next = 0, n = 0, bad = 0;
	if (!chosen.length) throw new Error(`no such scenario: ${names.join(' ')}`);
	const worker = async () => {
		while (next < chosen.length) {
			const s = chosen[next++];
			if (skip(n + 1, s)) {
				n++;
				continue;
			}
			const r = await play(s);
			if (!report(++n, s, r)) bad++;
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	for (const s of chosen) if (s.end) await s.end();
	process.stdout.write(`1..${n}\n`);
	process.exit(bad ? 1 : 0);
}

main().catch((e) => {
	process.stdout.write(`Bail out! ${e.stack}\n`);
	process.exit(2);
});

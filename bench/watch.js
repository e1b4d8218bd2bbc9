/* SPDX-License-Identifier: Apache-2.0 */
/* watch.js - runs the program and looks at its memory and CPU meanwhile, in /proc. */
'use strict';

const fs = require('fs');
const path = require('path');
const { spawn } = require('child_process');

const PROGRAM = process.env.HUBSTASH || path.join(__dirname, '../build/release/hubstash');
const EVERY_MS = 100;
const TICKS = 100;		/* a second, as Linux tells all programs */

const ms = (begun) => Number(process.hrtime.bigint() - begun) / 1e6;

/* { now, most } in MiB, cpu in s; null when the process has ended. */
function look(pid) {
	try {
		const text = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
		const of = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)[1]) / 1024;
		const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
		return { now: of('VmRSS'), most: of('VmHWM'),
			cpu: (Number(stat[11]) + Number(stat[12])) / TICKS };
	} catch (e) {
		return null;
	}
}

/*
 * Looks at a process until ended, a promise; progress() says how far it is. Gives the
 * memory at shares of that, the most there was, and the CPU at the end.
 */
async function watch(pid, ended, progress) {
	const samples = [];
	const sample = () => {
		const m = look(pid);
		if (m) samples.push({ ...m, at: progress() });
	};
	const timer = setInterval(sample, EVERY_MS);
	sample();
	const r = await ended;
	clearInterval(timer);
	const last = samples[samples.length - 1];
	const at = (share) => (samples.find((s) => s.at >= share * last.at) || last).now;
	return { r, at, cpu: last.cpu, most: Math.max(...samples.map((s) => s.most)) };
}

/* One run; its seconds, its log and its memory. */
async function runWatched(args, env = {}) {
	const begun = process.hrtime.bigint();
	const child = spawn(PROGRAM, args, { stdio: ['ignore', 'ignore', 'pipe'],
		env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } });
	let log = '';
	child.stderr.on('data', (d) => { log = (log + d).slice(-100000); });
	const ended = new Promise((done) => child.on('close', (code) => done(code)));
	const m = await watch(child.pid, ended, () => ms(begun));
	if (m.r !== 0) throw new Error(`hubstash ${args.join(' ')}: ${m.r}\n${log}`);
	return { log, seconds: ms(begun) / 1000, most: m.most, half: m.at(0.5), cpu: m.cpu };
}

module.exports = { PROGRAM, watch, runWatched };

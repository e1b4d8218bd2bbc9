/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trouble_cases.js - what goes wrong around a run: a token that is refused where a
 * repository alone is followed, a disk that is full.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');
const { HOUR, DAY, START } = require('./harness.js');

const at = (hours) => Date.parse(START) + hours * HOUR;
const during = (from, to, value = true) => ({ value, from: at(from), to: at(to) });

const ALWAYS = [[0, Infinity]];		/* the feed is an organisation's */

/* One repository by its name: refused with its owner for an hour. */
async function named(stage) {
	await stage.run(['run', '--repo', 'sim-works/harvest', '--github-url',
		stage.sim.apiUrl, '--data', stage.data, '--listen', 'off']);
	for (const text of ['GitHub refuses sim-works', 'well again after'])
		if (stage.last.log.split(text).length !== 2)
			stage.wrong.push(`not once "${text}":\n${stage.last.log}`);
	stage.judgeSqlite({ gaps: ALWAYS });
}

const sh = (command, ...args) => spawnSync(command, args, { encoding: 'utf8' });

/* A small disk is a file system in memory, which not everybody may mount. */
function noMount() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-mount-'));
	const good = sh('mount', '-t', 'tmpfs', '-o', 'size=64k', 'hubstash', dir).status === 0;
	if (good) sh('umount', dir);
	fs.rmdirSync(dir);
	return good ? null : 'mounting is not permitted';
}

/* The disk fills up, again and again, and each time somebody makes it larger. */
async function onSmallDisk(stage, command, first, wanted) {
	let full = 0, r;
	const size = (kb) => ['-o', `size=${kb}k`];
	if (sh('mount', '-t', 'tmpfs', ...size(first), 'hubstash', stage.data).status !== 0)
		throw new Error('the small disk cannot be mounted');
	try {
		for (let kb = first; ; kb = Math.floor(kb * 1.2)) {
			sh('mount', ...size(kb), '-o', 'remount', stage.data);
			r = await stage.launch(command).ended;
			stage.last = r;
			await stage.sim.restarted();
			if (r.code !== 75) break;
			full++;
			if (!/the disk is full|No space left/.test(r.log))
				stage.wrong.push(`it does not say that the disk is full:\n${r.log}`);
		}
		if (r.code !== 0)
			stage.wrong.push(`left with ${r.signal || r.code}:\n${r.log.slice(-2000)}`);
		if (full < wanted) stage.wrong.push(`the disk was full only ${full} times`);
		fs.cpSync(stage.data, path.join(stage.dir, 'kept'), { recursive: true });
	} finally {
		sh('umount', stage.data);
	}
	fs.cpSync(path.join(stage.dir, 'kept'), stage.data, { recursive: true });
}

async function fullDisk(stage) {
	await onSmallDisk(stage, stage.args('run', '--listen', 'off'), 48, 8);
	stage.judgeSqlite();
}

async function fullDiskBackfill(stage) {
	const since = stage.start - 300 * DAY;
	await onSmallDisk(stage, stage.args('backfill', '--since',
	    new Date(since).toISOString().slice(0, 10)), 200, 8);
	stage.judgeSqlite({ since, end: stage.sim.now });
}

module.exports = [
	{ name: 'disk-full', hours: 12, play: fullDisk, unless: noMount },
	{ name: 'disk-full-backfill', world: 'week', hours: 24, play: fullDiskBackfill,
		unless: noMount },
	{ name: 'named-refused', hours: 6, quirks: { 'all-forbidden': during(2, 3) },
		sees: (r) => r.name === 'harvest', play: named },
];

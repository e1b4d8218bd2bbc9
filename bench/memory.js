#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.js [ENTITIES...] - resident memory of a backfill, from its first request to its
 * last: the program fetches a simulated organisation of about that many commits,
 * pull requests, reviews, issues and comments, on a clock that jumps over waits, into
 * SQLite. Its memory is looked at every 100 ms. Asserts nothing.
 */
'use strict';

const fs = require('fs');
const path = require('path');

process.env.HUBSTASH = process.env.HUBSTASH ||
    path.join(__dirname, '../build/release/hubstash');
process.env.HUBSTASH_LIMIT = process.env.HUBSTASH_LIMIT || '7200';	/* s, of a run */
const { play, rows, DAY } = require('../tests/scenario/harness.js');
const { repositories, populate } = require('../tests/github/worlds.js');
const { Life } = require('../tests/github/life.js');
const Words = require('../tests/github/words.js');
const { table } = require('./table.js');
const { watch } = require('./watch.js');

const PER_HOUR = 40, PER_DAY = 850;	/* so much of everything does a rate of 40 bring */

/* Sixty people in thirty repositories, as busy as it takes. */
const world = (entities) => (w) => {
	const days = 60, rate = PER_HOUR * entities / (days * PER_DAY);
	populate(w, 60);
	const names = [...Array(30).keys()].map((i) => {
		const [name, ...rest] = Words.REPOS[i % Words.REPOS.length];
		return [`${name}-${i}`, ...rest];
	});
	const repos = repositories(w, names, w.start - (days + 2) * DAY);
	new Life(w, { repos, people: w.people.all, rate }).run(w.start - days * DAY, w.start);
};

/* Runs the program; gives its memory at shares of what it asked, and the most. */
async function watched(stage, args) {
	const { counts } = stage.sim.referee;
	const r = stage.launch(args);
	const m = await watch(r.child.pid, r.ended, () => counts.requests);
	if (r.code !== 0) stage.wrong.push(`it left with ${r.code}:\n${r.log.slice(-2000)}`);
	return { all: counts.requests, most: m.most.toFixed(1),
		shares: [0.1, 0.25, 0.5, 0.75, 1].map((s) => m.at(s).toFixed(1)) };
}

async function main() {
	const sizes = process.argv.slice(2).map(Number);
	const out = [];
	for (const n of sizes.length ? sizes : [10000, 100000]) {
		const r = await play({ name: `backfill of ${n}`, script: world(n), hours: 24,
			play: async (stage) => {
				const begun = Date.now();
				const m = await watched(stage, stage.args('backfill', '--since',
				    '1970-01-01'));
				const [{ n: documents }] = rows(path.join(stage.data, 'activity.db'),
				    'select count(*) as n from documents');
				const size = fs.statSync(path.join(stage.data, 'state.db')).size;
				out.push([documents, m.all, ((Date.now() - begun) / 1000).toFixed(0),
					...m.shares, m.most, `${size >> 10} KiB`]);
			} });
		for (const w of r.wrong) process.stderr.write(`${w}\n`);
	}
	table(['backfill: documents', 'requests', 'seconds', 'MiB at 10 %', '25 %', '50 %', '75 %',
		'100 %', 'at most', 'state.db'], out);
}

main();

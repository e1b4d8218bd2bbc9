/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill_cases.js - kill -9 at seeded moments of a run and of a backfill. The moment
 * is an exchange with GitHub: as its answer is being written the process dies,
 * and another one goes on with the same data directory.
 */
'use strict';

const { Rng } = require('../github/prng.js');

/* Plays command until it leaves by itself, killing it kills times before. */
async function killed(stage, command, kills, span) {
	const rng = new Rng(`kills ${stage.scenario.seed || 1}`);
	for (let k = 0; k < kills; k++) {
		const r = stage.launch(command);
		const n = stage.sim.n + 1 + rng.int(span);
		const { offences } = stage.sim.referee, before = offences.length;
		stage.sim.onRequest = (q) => {
			if (q.n >= n) r.kill();
		};
		await r.ended;
		stage.sim.onRequest = null;
		if (offences.length > before)
			stage.wrong.push(`life ${k + 1} broke a rule:\n${r.log.slice(-2000)}`);
		if (r.signal !== 'SIGKILL') {
			if (r.code !== 0) stage.wrong.push(`left with ${r.code}: ${r.log.slice(-2000)}`);
			return k;
		}
		await stage.sim.restarted();
	}
	await stage.run(command);
	return kills;
}

async function killRun(stage) {
	const n = await killed(stage, stage.args('run', '--listen', 'off'), 50, 120);
	if (n < 50) stage.wrong.push(`only ${n} of 50 kills came before the end`);
	stage.judgeSqlite();
}

async function killBackfill(stage) {
	const since = new Date(stage.start - 300 * 86400000).toISOString().slice(0, 10);
	const n = await killed(stage, stage.args('backfill', '--since', since), 50, 5);
	if (n < 50) stage.wrong.push(`only ${n} of 50 kills came before the end`);
	stage.sim.advance(stage.sim.now);
	stage.judgeSqlite({ since: Date.parse(since), end: stage.sim.now });
}

module.exports = [
	{ name: 'kill-run', world: 'small', hours: 24, play: killRun },
	{ name: 'kill-backfill', world: 'week', hours: 24, play: killBackfill },
];

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trouble_cases.js - what goes wrong around a run: a token that is refused where a
 * repository alone is followed.
 */
'use strict';

const { HOUR, START } = require('./harness.js');

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

module.exports = [
	{ name: 'named-refused', hours: 6, quirks: { 'all-forbidden': during(2, 3) },
		sees: (r) => r.name === 'harvest', play: named },
];

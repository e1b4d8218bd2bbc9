/* SPDX-License-Identifier: Apache-2.0 */
/* feed_cases.js - what feeds do, and an organisation without one. */
'use strict';

const { usual, rows, HOUR, START } = require('./harness.js');
const path = require('path');

const at = (hours) => Date.parse(START) + hours * HOUR;

/* The gaps that say what a feed did not show. */
const eventGaps = (stage) => rows(path.join(stage.data, 'state.db'),
    "select cause from gaps where kind = 'events'");

async function withGap(stage) {
	await usual(stage);
	if (!eventGaps(stage).length)
		stage.wrong.push('no gap of kind events was written down');
}

/* The program is away for twelve hours. */
async function outage(stage) {
	const away = at(6), back = at(18);
	await stage.run(stage.args('run', '--listen', 'off'), { until: away });
	stage.sim.advance(back);
	await stage.sim.restarted();
	await stage.run(stage.args('run', '--listen', 'off'), { from: back });
	stage.judgeSqlite();
}

module.exports = [
	{ name: 'small', world: 'small', hours: 24 },
	{ name: 'lost-events', covers: ['lost', 'late'], hours: 24,
		quirks: { lost: 0.2, late: 0.3 }, quiet: 400 },
	{ name: 'untidy-feed', covers: ['unordered', 'duplicated', 'bare-304', 'ids-restart',
		'poll-interval'], hours: 12, cases: ['ids-restart'],
		quirks: { unordered: true, duplicated: 0.1, 'bare-304': true,
			'poll-interval': 120 } },
	{ name: 'feed-off', covers: ['feed-off'], hours: 24, quirks: { 'feed-off': true } },
	{ name: 'stuck-etag', covers: ['stuck-etag'], hours: 6,
		quirks: { 'stuck-etag': true } },
	{ name: 'skipped-feed', covers: ['skipped-feed', 'feed-burst', 'next-beyond'],
		hours: 12, cases: ['feed-burst'], play: withGap,
		quirks: { 'next-beyond': true, 'skipped-feed': { value: true, from: at(6),
			to: at(7) } } },
	{ name: 'feed-503', covers: ['feed-503'], hours: 6, quirks: { 'feed-503': 0.5 } },
	{ name: 'events-alone', covers: ['events-alone'], hours: 8, cases: ['events-alone'] },
	{ name: 'outage-of-ours', hours: 24, play: outage },
];

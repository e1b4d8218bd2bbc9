/* SPDX-License-Identifier: Apache-2.0 */
/* feed_cases.js - what feeds do, and an organisation without one. */
'use strict';

const { usual, rows, HOUR, DAY, START } = require('./harness.js');
const path = require('path');
const A = require('../github/actions.js');
const Worlds = require('../github/worlds.js');
const { Life } = require('../github/life.js');

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

/* The organisation gets another login, and a stranger takes the old one. */
function anotherLogin(w) {
	Worlds.small(w);
	const { org } = w;
	w.at(at(4) + 17000, () => A.renameOrg(w, org, 'sim-works-again'));
	w.at(at(6), () => {
		const owner = w.addOrg('sim-works', 'Strangers');
		const repo = A.createRepo(w, { name: 'strange', owner, actor: w.admin });
		A.commitAndPush(w, repo, w.admin, 'Not theirs');
	});
}

/* Nobody needs to do anything, also at the next start; strangers stay strangers. */
async function renamedOwner(stage) {
	const args = stage.args('run', '--listen', 'off'), stop = at(8);
	const first = await stage.run(args, { until: stop });
	if (!first.log.includes('sim-works is called sim-works-again now'))
		stage.wrong.push('it is not said that the login is another one');
	for (const bad of ['everything waits', 'strange', 'belongs to'])
		if (first.log.includes(bad)) stage.wrong.push(`its log says: ${bad}`);
	if (eventGaps(stage).length) stage.wrong.push('a gap of kind events was made');
	await stage.run(args, { from: stop });
	stage.judgeSqlite();
	const late = stage.sim.requests().filter((q) =>
	    /^\/orgs\/sim-works\/events/.test(q.url) && q.at > at(5));
	if (late.length) stage.wrong.push(`a stranger's feed was read ${late.length} times`);
}

/* Two organisations with the same people, and one of those people's own repository. */
function twoAndAUser(w) {
	Worlds.small(w);
	const user = w.people.byLogin.get('sim-chiara');
	const live = (owner, rows, people, rate) => {
		const repos = Worlds.repositories(w, rows, w.start - 15 * DAY, { owner });
		new Life(w, { repos, people, rate, owner, bots: false, name: owner.login })
		    .run(w.start - 14 * DAY);
	};
	live(w.addOrg('sim-labs', 'Simulated Labs'), [['prism', 'Light, split', 1],
		['lens', 'Light, bent', 1]], w.people.all, 2);
	live(user, [['notes', 'Notes of my own', 1]], [user], 1);
}

/* Each has its documents, and their feeds are not asked for in one burst. */
async function several(stage) {
	await usual(stage);
	const polls = new Map();
	for (const q of stage.sim.requests()) {
		const m = /^\/(?:orgs|users)\/([^/]+)\/events\?/.exec(q.url);
		if (m) polls.set(m[1], [...polls.get(m[1]) || [], q.at]);
	}
	const [a, b, c] = stage.owners.map((o) => polls.get(o) || []);
	if (Math.min(a.length, b.length, c.length) < 100)
		stage.wrong.push(`feeds were read ${a.length}, ${b.length}, ${c.length} times`);
	const near = a.filter((t) => [...b, ...c].some((u) => Math.abs(t - u) < 10000));
	if (near.length > a.length / 10)
		stage.wrong.push(`${near.length} of ${a.length} polls came with another's`);
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
	{ name: 'several-owners', hours: 12, script: twoAndAUser, play: several,
		owners: ['sim-works', 'sim-labs', 'sim-chiara'] },
	{ name: 'owner-renamed', hours: 12, script: anotherLogin, play: renamedOwner },
	{ name: 'outage-of-ours', hours: 24, play: outage },
];

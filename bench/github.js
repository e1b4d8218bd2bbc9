#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * github.js - what following costs: requests and points per 1,000 commits and pull
 * requests, live and in a backfill, beside two listers that fetch the same things
 * of the same organisation (listers.js). Against the simulator, with the release
 * build; asserts nothing.
 */
'use strict';

const path = require('path');

process.env.HUBSTASH = process.env.HUBSTASH ||
    path.join(__dirname, '../build/release/hubstash');
const { play, sqliteDocuments, HOUR } = require('../tests/scenario/harness.js');
const { graphqlLister, restLister } = require('./listers.js');
const { table } = require('./table.js');

const rows = [], hourly = [];
const LIVE_HOURS = 48;

/* Commits and pull requests among the documents stored, changed since a time. */
function things(stage, since) {
	const docs = [...sqliteDocuments(stage.data, []).values()];
	return docs.filter((d) => ['commit', 'pull_request'].includes(d.event.action) &&
	    since <= Date.parse(d.github.pull_request ?
	    d.github.pull_request.updated_at : d['@timestamp'])).length;
}

/* A row: what it cost since before, for n commits and pull requests. */
function costs(name, sim, n, before = { requests: 0, rest: 0, graphql: 0, points: 0 }) {
	const now = sim.referee.counts;
	const per = (what) => ((now[what] - before[what]) / n * 1000).toFixed(1);
	rows.push([name, n, per('requests'), per('graphql'), per('rest'), per('points')]);
}

/*
 * Days of an organisation, after the history of the first contact is read. What it
 * costs then is mostly the asking: two feeds and a census a minute.
 */
async function live(stage) {
	const args = stage.args('run', '--listen', 'off');
	const from = stage.start + 6 * HOUR, hours = (stage.end - from) / HOUR;
	await stage.run(args, { until: from });
	const before = { ...stage.sim.referee.counts };
	await stage.run(args, { from });
	const now = stage.sim.referee.counts;
	const per = (what) => ((now[what] - before[what]) / hours).toFixed(1);
	costs('hubstash, live', stage.sim, things(stage, from), before);
	hourly.push(['hubstash, live', per('requests'), per('graphql'), per('rest'),
		per('free'), per('points')]);
}

async function backfill(stage) {
	await stage.run(stage.args('backfill', '--since', '1970-01-01'));
	costs('hubstash, backfill', stage.sim, things(stage, 0));
}

/* A lister of ours; its clock goes on 200 ms a request, so that no limit is met. */
const lister = (name, run) => async (stage) => {
	let now = stage.start;
	const { commits, pulls } = await run({ url: stage.sim.apiUrl, token: stage.token,
		org: stage.sim.world.org.login, now: () => now += 200 });
	costs(name, stage.sim, commits + pulls);
};

async function main() {
	const limits = { core: 1e6, graphql: 1e6 };
	for (const [name, s] of Object.entries({
		backfill: { play: backfill },
		graphql: { limits, play: lister('GraphQL lister', graphqlLister) },
		rest: { limits, play: lister('REST lister', restLister) },
		live: { hours: LIVE_HOURS + 6, play: live } })) {
		const r = await play({ name, world: 'week', hours: 24, ...s });
		for (const w of r.wrong) process.stderr.write(`${name}: ${w}\n`);
	}
	table(['per 1,000 commits and pull requests', 'of', 'requests', 'GraphQL', 'REST',
		'points'], rows);
	table(['an hour', 'requests', 'GraphQL', 'REST', 'free (304)', 'points'], hourly);
}

main();

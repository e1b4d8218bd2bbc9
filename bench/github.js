#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * github.js - what following costs: requests and points per 1,000 commits and pull
 * requests, live and in a backfill; memory while polling; from exec to the first
 * request. Against the simulator, with the release build; asserts nothing.
 */
'use strict';

const fs = require('fs');
const path = require('path');

process.env.HUBSTASH = process.env.HUBSTASH ||
    path.join(__dirname, '../build/release/hubstash');
const { play, sqliteDocuments, HOUR } = require('../tests/scenario/harness.js');

const rows = [];
const row = (what, value, unit) => rows.push([what, value, unit]);

/* Commits and pull requests among the documents stored. */
function things(stage) {
	const docs = [...sqliteDocuments(stage.data, []).values()];
	return docs.filter((d) => ['commit', 'pull_request'].includes(d.event.action) &&
	    stage.from <= Date.parse(d.github.pull_request ?
	    d.github.pull_request.updated_at : d['@timestamp'])).length;
}

function costs(name, stage, before) {
	const { counts } = stage.sim.referee, n = things(stage) / 1000;
	row(`${name}: commits and pull requests`, n * 1000, '');
	row(`${name}: requests per 1,000`, (counts.requests - before.requests) / n, '');
	row(`${name}: of those REST, mostly free 304`, (counts.rest - before.rest) / n, '');
	row(`${name}: GraphQL requests per 1,000`, (counts.graphql - before.graphql) / n, '');
	row(`${name}: points per 1,000`, (counts.points - before.points) / n, '');
}

/* A week of a busy organisation, after the history of the first contact is read. */
async function live(stage) {
	const args = stage.args('run', '--listen', 'off');
	stage.from = stage.start + 6 * HOUR;
	await stage.run(args, { until: stage.from });
	const before = { ...stage.sim.referee.counts };
	await stage.run(args, { from: stage.from });
	costs('live week', stage, before);
}

async function backfill(stage) {
	stage.from = 0;
	const args = stage.args('backfill', '--since', '1970-01-01');
	await stage.run(args);
	costs('backfill', stage, { requests: 0, rest: 0, graphql: 0, points: 0 });
}

/* In real time: the first request, and memory after a minute of polling. */
async function start(stage) {
	const begun = process.hrtime.bigint();
	let first = null;
	stage.sim.onRequest = () => {
		first = first || Number(process.hrtime.bigint() - begun) / 1e6;
	};
	const r = stage.launch(stage.args('run', '--listen', 'off'),
	    { env: { HUBSTASH_CLOCK: undefined } });
	await new Promise((done) => setTimeout(done, 30000));
	const status = fs.readFileSync(`/proc/${r.child.pid}/status`, 'utf8');
	row('from exec to the first request', first, 'ms');
	row('memory while polling (VmRSS)', Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
	    'MiB');
	row('memory at its highest (VmHWM)', Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024,
	    'MiB');
	r.child.kill('SIGTERM');
	await r.ended;
}

async function main() {
	for (const [name, s] of Object.entries({
		live: { world: 'week', hours: 7 * 24 + 6, play: live },
		backfill: { world: 'week', hours: 24, play: backfill },
		start: { world: 'week', hours: 24, play: start } })) {
		const r = await play({ name, ...s });
		for (const w of r.wrong) process.stderr.write(`${name}: ${w}\n`);
	}
	for (const [what, value, unit] of rows)
		process.stdout.write(`${what.padEnd(48)} ${value.toFixed(1).padStart(10)} ${
		    unit}\n`);
}

main();

#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * growth.js [--elasticsearch] [SIZE...] - what grows with the number of documents:
 * rate and memory of recorded lines through the whole program into nothing, into
 * SQLite and (where wanted) into a real Elasticsearch, there beside the floor of
 * bulk.js; then, over the SQLite store that was filled, how long `status` takes, and
 * from exec to the first request. 10,000 and 100,000 documents unless sizes are
 * given. Asserts nothing.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawn, spawnSync } = require('child_process');
const { startElasticsearch } = require('../tests/elastic/server.js');
const { startSim } = require('../tests/github/server.js');
const { table, median } = require('./table.js');
const { writeRecorded } = require('./recorded.js');
const { PROGRAM, runWatched } = require('./watch.js');

const BULK = path.join(__dirname, '../build/release/bench/bulk');
const TIMES = 5;
const FLOOR_MOST = 200000;	/* its bodies stand in memory before */

const ms = (begun) => Number(process.hrtime.bigint() - begun) / 1e6;

/* Recorded lines through a pipeline with this output. */
async function into(dir, name, lines, output) {
	const conf = path.join(dir, `${name}.conf`);
	fs.writeFileSync(conf, `input { file { path => "${lines}" } }\noutput { ${output} }\n`);
	const r = await runWatched(['run', '-f', conf, '--listen', 'off', '--data',
		path.join(dir, name)]);
	const documents = Number(/documents=(\d+)/.exec(r.log)[1]);
	return { ...r, rate: documents / r.seconds, each: r.cpu / documents * 1e5 };
}

/* CPU of the question, ms: how long it takes is that on a machine that is free. */
function status(data) {
	return median([...Array(TIMES)].map(() => {
		const r = spawnSync('bash', ['-c', 'TIMEFORMAT="cpu %U %S"; time "$@"', 'bash',
			PROGRAM, 'status', '--json', '--data', data], { encoding: 'utf8' });
		if (r.status !== 0) throw new Error(`status: ${r.status}\n${r.stderr}`);
		const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(r.stderr);
		return (Number(user) + Number(system)) * 1000;
	}));
}

/* From exec to the first request to GitHub, with that store. */
async function start(data) {
	const sim = await startSim({ world: 'small' });
	const times = [];
	for (let i = 0; i < TIMES; i++) {
		const begun = process.hrtime.bigint();
		const first = new Promise((done) => { sim.onRequest = () => done(ms(begun)); });
		const child = spawn(PROGRAM, ['run', '--org', sim.world.org.login,
			'--github-url', sim.apiUrl, '--listen', 'off', '--data', data],
		    { stdio: 'ignore', env: { PATH: process.env.PATH, HOME: data,
			GITHUB_TOKEN: 'sim-token' } });
		const ended = new Promise((done) => child.on('exit', done));
		times.push(await Promise.race([first, ended.then((code) => {
			throw new Error(`run left with ${code} before it asked anything`);
		})]));
		child.kill('SIGTERM');
		await ended;
	}
	await sim.stop();
	return median(times);
}

async function elastic(es, dir, lines, size) {
	const few = path.join(dir, 'few.json'), n = Math.min(size, FLOOR_MOST);
	writeRecorded(few, n);
	await es.ask('PUT', `/hubstash-floor-${size}`);
	const r = spawnSync(BULK, ['floor', es.url, `hubstash-floor-${size}`, few],
	    { encoding: 'utf8' });
	if (r.status !== 0) throw new Error(`bulk floor: ${r.stderr}`);
	const floor = JSON.parse(r.stdout);
	const own = await into(dir, `elastic-${size}`, lines, `elasticsearch { hosts => ` +
	    `["${es.url}"] index => "hubstash-lines-${size}" }`);
	return { ...own, ratio: own.rate / (floor.documents / floor.seconds) };
}

async function measure(size, es, flows, stores) {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-growth-'));
	const lines = path.join(dir, 'lines.json');
	try {
		writeRecorded(lines, size);
		const none = await into(dir, 'null', lines, 'null { }');
		const sqlite = await into(dir, 'sqlite', lines, 'sqlite { }');
		const data = path.join(dir, 'sqlite');
		const e = es && await elastic(es, dir, lines, size);
		for (const [name, r] of [['null', none], ['SQLite', sqlite],
			...(e ? [['Elasticsearch', e]] : [])])
			flows.push([size, name, r.rate.toFixed(0), r.ratio ? r.ratio.toFixed(2) :
			    '', r.each.toFixed(2), r.half.toFixed(1), r.most.toFixed(1)]);
		stores.push([size, status(data).toFixed(0), (await start(data)).toFixed(0)]);
	} finally {
		fs.rmSync(dir, { recursive: true, force: true });
	}
}

async function main() {
	const args = process.argv.slice(2);
	const sizes = args.filter((a) => /^\d+$/.test(a)).map(Number);
	const es = args.includes('--elasticsearch') ? await startElasticsearch({}) : null;
	const flows = [], stores = [];
	try {
		for (const size of sizes.length ? sizes : [10000, 100000])
			await measure(size, es, flows, stores);
	} finally {
		if (es) await es.stop();
		table(['recorded lines: documents', 'into', 'a second', '÷ floor',
			'CPU s per 100,000', 'MiB half-way', 'at most'], flows);
		table(['over a SQLite store of', 'status, CPU ms', 'exec to request, ms'], stores);
	}
}

main().catch((e) => {
	process.stderr.write(`growth.js: ${e.stack}\n`);
	process.exit(1);
});

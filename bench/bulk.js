#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk.js [DOCUMENTS] - documents a second into a real Elasticsearch: the output
 * from memory, and recorded lines through the whole program, each divided by what a
 * minimal libcurl loop reaches in the same run (bulk.c). And what normalising costs
 * beside parsing alone (normalise.c). Each way is measured three times, in turns;
 * the medians are shown. Asserts nothing.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');
const { startElasticsearch } = require('../tests/elastic/server.js');
const { table, median } = require('./table.js');
const { writeRecorded, SAMPLES, HOUR } = require('./recorded.js');

const BUILD = path.join(__dirname, '../build/release');
const TIMES = 3;

function program(file, args, options = {}) {
	const r = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 64 << 20, ...options });
	if (r.status !== 0)
		throw new Error(`${path.basename(file)} ${args[0]}: ${r.status}\n${r.stderr}`);
	return r;
}

/* The whole program over recorded lines; what it cost is what its shell says. */
function lines(url, index, file, dir) {
	const conf = path.join(dir, `${index}.conf`);
	fs.writeFileSync(conf, `input { file { path => "${file}" } }\n` +
	    `output { elasticsearch { hosts => ["${url}"] index => "${index}" } }\n`);
	const begun = process.hrtime.bigint();
	const r = program('bash', ['-c', 'TIMEFORMAT="cpu %U %S"; time "$@"', 'bash',
		path.join(BUILD, 'hubstash'), 'run', '-f', conf, '--listen', 'off', '--data',
		path.join(dir, index)]);
	const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
	const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(r.stderr);
	return { documents: Number(/documents=(\d+)/.exec(r.stderr)[1]), seconds,
		cpu: Number(user) + Number(system) };
}

async function main() {
	const n = Number(process.argv[2] || 50000);
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-bench-'));
	const es = await startElasticsearch({});
	const file = path.join(dir, 'lines.json');
	const ways = { floor: [], memory: [], lines: [] };
	try {
		writeRecorded(file, n);
		const bulk = (way, index) => JSON.parse(program(path.join(BUILD, 'bench/bulk'),
		    [way, es.url, index, file]).stdout);
		bulk('memory', 'hubstash-warm');		/* the template, a warm JVM */
		bulk('floor', 'hubstash-warm');
		for (let i = 0; i < TIMES; i++) {
			for (const way of ['floor', 'memory']) {
				await es.ask('PUT', `/hubstash-${way}-${i}`);
				ways[way].push(bulk(way, `hubstash-${way}-${i}`));
			}
			await es.ask('PUT', `/hubstash-lines-${i}`);
			ways.lines.push(lines(es.url, `hubstash-lines-${i}`, file, dir));
		}
	} finally {
		await es.stop();
		fs.rmSync(dir, { recursive: true, force: true });
	}
	const rate = (way) => median(ways[way].map((r) => r.documents / r.seconds));
	const cpu = (way) => median(ways[way].map((r) => r.cpu / r.documents * 2e5));
	table(['bulk into Elasticsearch', 'documents/s', '÷ floor', 'CPU s per 200,000',
		'÷ floor'], [['floor', 'libcurl loop (the floor)'], ['memory', 'from memory'],
		['lines', 'from recorded lines']].map(([way, name]) => [name,
		rate(way).toFixed(0), (rate(way) / rate('floor')).toFixed(2),
		cpu(way).toFixed(2), (cpu(way) / cpu('floor')).toFixed(1)]));
	table(['normalising', 'events', 'documents', 'CPU ÷ parsing'],
	    [HOUR, 'archive-2021-07-21.json.gz'].map((name) => {
		const r = [...Array(TIMES)].map(() => JSON.parse(program(path.join(BUILD,
		    'bench/normalise'), [path.join(SAMPLES, name)]).stdout));
		return [name.replace(/^archive-|\.json\.gz$/g, ''), r[0].events,
			r[0].documents, median(r.map((x) => x.ratio)).toFixed(2)];
	}));
}

main().catch((e) => {
	process.stderr.write(`bulk.js: ${e.stack}\n`);
	process.exit(1);
});

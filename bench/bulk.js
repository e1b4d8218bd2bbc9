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
const zlib = require('zlib');
const { spawnSync } = require('child_process');
const { startElasticsearch } = require('../tests/elastic/server.js');

const BUILD = path.join(__dirname, '../build/release');
const SAMPLES = path.join(__dirname, '../samples');
const HOUR = 'archive-2015-01-01-0.json.gz';
const TIMES = 3;

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const col = (text, n) => String(text).padStart(n);

function program(file, args, options = {}) {
	const r = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 64 << 20, ...options });
	if (r.status !== 0)
		throw new Error(`${path.basename(file)} ${args[0]}: ${r.status}\n${r.stderr}`);
	return r;
}

/* Lines of an archive hour again and again, of other repositories each time. */
function writeLines(file, documents) {
	const lines = zlib.gunzipSync(fs.readFileSync(path.join(SAMPLES, HOUR))).toString()
	    .split('\n').filter(Boolean);
	const out = fs.openSync(file, 'w');
	for (let k = 0, n = 0; n < documents; k++)
		for (const line of lines) {
			fs.writeSync(out, `${line.replace(/("repo":\{"id":)(\d+)/, (m, a, id) =>
			    a + (Number(id) + k * 1e9))}\n`);
			n += 2;		/* about two documents an event */
		}
	fs.closeSync(out);
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
		writeLines(file, n);
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
	process.stdout.write('bulk into Elasticsearch     documents/s   ÷ floor   ' +
	    'CPU s per 200,000\n');
	for (const [way, name] of [['floor', 'libcurl loop (the floor)'],
		['memory', 'from memory'], ['lines', 'from recorded lines']])
		process.stdout.write(`${name.padEnd(26)}${col(rate(way).toFixed(0), 13)}${
		    col((rate(way) / rate('floor')).toFixed(2), 10)}${col(median(ways[way]
		    .map((r) => r.cpu / r.documents * 2e5)).toFixed(2), 20)}\n`);
	process.stdout.write('\nnormalising          events  documents   CPU ÷ parsing\n');
	for (const name of [HOUR, 'archive-2021-07-21.json.gz']) {
		const r = JSON.parse(program(path.join(BUILD, 'bench/normalise'),
		    [path.join(SAMPLES, name)]).stdout);
		process.stdout.write(`${name.replace(/^archive-|\.json\.gz$/g, '').padEnd(18)}${
		    col(r.events, 9)}${col(r.documents, 11)}${col(r.ratio.toFixed(2), 16)}\n`);
	}
}

main().catch((e) => {
	process.stderr.write(`bulk.js: ${e.stack}\n`);
	process.exit(1);
});

#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * panels.js [DOCUMENTS...] - how long the dashboard's questions take over a real
 * Elasticsearch (panels.c says which): one that is started for it, or that of
 * ELASTICSEARCH_URL, where the index hubstash-panels is made anew. Asserts nothing.
 */
'use strict';

const http = require('http');
const path = require('path');
const readline = require('readline');
const { spawn, spawnSync } = require('child_process');
const { startElasticsearch } = require('../tests/elastic/server.js');
const template = require('../pipelines/index-template.json');

const PANELS = path.join(__dirname, '../build/release/bench/panels');
const INDEX = 'hubstash-panels';
const BATCH = 4000;

const agent = new http.Agent({ keepAlive: true });

function ask(url, method, at, body) {
	return new Promise((good, fail) => {
		const req = http.request(url + at, { method, agent,
			headers: { 'content-type': 'application/json' } }, (res) => {
			const parts = [];
			res.on('data', (d) => parts.push(d)).on('end', () =>
				good(JSON.parse(Buffer.concat(parts).toString())));
		});
		req.on('error', fail).end(body);
	});
}

async function fill(url, n) {
	await ask(url, 'DELETE', `/${INDEX}`);
	await ask(url, 'PUT', `/${INDEX}`, JSON.stringify({ mappings: template.template.mappings,
		settings: template.template.settings }));
	const child = spawn(PANELS, ['documents', String(n)],
	    { stdio: ['ignore', 'pipe', 'inherit'] });
	let lines = [];
	const send = async () => {
		const r = await ask(url, 'POST', `/${INDEX}/_bulk`, `${lines.join('\n')}\n`);
		if (r.errors !== false) throw new Error(JSON.stringify(r).slice(0, 500));
		lines = [];
	};
	for await (const line of readline.createInterface({ input: child.stdout })) {
		lines.push('{"index":{}}', line);
		if (lines.length >= 2 * BATCH) await send();
	}
	if (lines.length > 0) await send();
	await ask(url, 'POST', `/${INDEX}/_refresh`);
}

async function main() {
	const counts = process.argv.length > 2 ? process.argv.slice(2) :
	    ['10000', '100000', '1000000'];
	const es = process.env.ELASTICSEARCH_URL ? null :
	    await startElasticsearch({ java: '-Xms1g -Xmx1g' });
	const url = process.env.ELASTICSEARCH_URL || es.url;
	try {
		for (const n of counts) {
			await fill(url, n);
			process.stdout.write(`${n} documents in Elasticsearch: `);
			spawnSync(PANELS, ['elasticsearch', url, INDEX, ...(es ? [String(es.pid)] : [])],
			    { stdio: 'inherit' });
		}
	} finally {
		if (es) await es.stop();
	}
}

main().catch((e) => {
	process.stderr.write(`panels.js: ${e.stack}\n`);
	process.exit(1);
});

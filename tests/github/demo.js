#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo.js PROGRAM [ARGUMENT]... - `make run` without ORG: the simulator's demo
 * organisation, and the program following it over HTTP. Whichever ends, or
 * Ctrl-C, ends both. All state is in build/demo and begins anew each time, since
 * the simulated year ends today; so does the index hubstash-demo, when
 * ELASTICSEARCH_URL says where to put it.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const { spawn } = require('child_process');
const { startSim } = require('./server.js');

const DIR = path.join(__dirname, '../../build/demo');
const INDEX = 'hubstash-demo';

function pipeline(url, org) {
	const output = url ? `elasticsearch { index => "${INDEX}" }` : 'sqlite { }';
	return `# Written by make run.\ninput { github { org => ["${org}"] since => "365d" } }\n` +
	    `output { ${output} }\n`;
}

/* A demo's documents are of no use to the next one. */
async function forget(url) {
	fs.rmSync(DIR, { recursive: true, force: true });
	fs.mkdirSync(DIR, { recursive: true });
	if (!url) return;
	const headers = {}, { env } = process;
	if (env.ELASTICSEARCH_API_KEY)
		headers.authorization = `ApiKey ${env.ELASTICSEARCH_API_KEY.includes(':') ?
		    Buffer.from(env.ELASTICSEARCH_API_KEY).toString('base64') :
		    env.ELASTICSEARCH_API_KEY}`;
	else if (env.ELASTICSEARCH_USERNAME)
		headers.authorization = `Basic ${Buffer.from(`${env.ELASTICSEARCH_USERNAME}:${
		    env.ELASTICSEARCH_PASSWORD || ''}`).toString('base64')}`;
	try {
		await fetch(`${url.replace(/\/$/, '')}/${INDEX}`, { method: 'DELETE', headers });
	} catch (e) {
		/* Nobody there yet: the program will say so, and wait. */
	}
}

async function main() {
	const [program, ...more] = process.argv.slice(2);
	const url = process.env.ELASTICSEARCH_URL;
	await forget(url);
	const sim = await startSim({ world: 'demo', foreign: false });
	const org = sim.world.org.login;
	const file = path.join(DIR, 'pipeline.conf');
	fs.writeFileSync(file, pipeline(url, org));
	process.stderr.write(`This is simulated data: an organisation "${org}" of 40 people, ` +
	    'on a simulator of GitHub on this machine.\nTo follow a real one: ' +
	    'GITHUB_TOKEN=… make run ORG=elastic\n');
	const child = spawn(program, ['run', '-f', file, '--github-url', sim.apiUrl, '--data',
	    path.join(DIR, 'data'), '--title', `${org} (simulated data)`, ...more],
	    { stdio: 'inherit', env: { ...process.env, GITHUB_TOKEN: 'sim-token' } });
	/* Ctrl-C reaches the child by itself; this process waits for its end. */
	process.on('SIGINT', () => {});
	process.on('SIGTERM', () => child.kill('SIGTERM'));
	child.on('error', (e) => {
		process.stderr.write(`${program}: ${e.message}\n`);
		process.exit(2);
	});
	child.on('exit', (code, signal) => sim.stop().then(() =>
	    process.exit(signal ? 1 : code)));
}

main().catch((e) => {
	process.stderr.write(`${e.message}\n`);
	process.exit(1);
});

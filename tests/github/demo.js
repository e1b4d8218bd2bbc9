#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo.js PROGRAM [ARGUMENT]... - `make run` without ORG: the simulator's demo
 * organisation, and the program following it over HTTP. Whichever ends, or
 * Ctrl-C, ends both. All state is in build/demo and begins anew each time, since
 * the simulated year ends today; so does the index hubstash-demo, when
 * ELASTICSEARCH_URL says where to put it.
 *
 * The socket "door" beside that state is for tests: as long as somebody is connected
 * nobody does anything in that organisation. Each is told its world: a line of JSON,
 * what makes it anew up to that moment. HUBSTASH_DEMO says where all that is instead.
 */
'use strict';

const fs = require('fs');
const net = require('net');
const path = require('path');
const { spawn } = require('child_process');
const { startSim } = require('./server.js');

const DIR = process.env.HUBSTASH_DEMO || path.join(__dirname, '../../build/demo');
/* From here, if that is shorter: a socket's path cannot be long. */
const DOOR = path.relative('', path.join(DIR, 'door'));
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

/* Who is connected holds the world. */
function openDoor(sim) {
	const guests = new Set();
	net.createServer((guest) => {
		guests.add(guest);
		const { seed, start, meets } = sim.world;
		guest.write(`${JSON.stringify({ seed, start, meets, at: sim.hold(true) })}\n`);
		guest.resume().on('error', () => {});
		guest.on('close', () => {
			guests.delete(guest);
			if (guests.size === 0) sim.hold(false);
		});
	}).on('error', () => {}).listen(DOOR).unref();
}

/* Whether another one is at work here. */
function isTaken() {
	return new Promise((done) => {
		const door = net.connect(DOOR, () => {
			door.destroy();
			done(true);
		}).on('error', () => done(false));
	});
}

async function main() {
	const [program, ...more] = process.argv.slice(2);
	const url = process.env.ELASTICSEARCH_URL;
	if (await isTaken()) throw new Error('another make run is at work here: end it first');
	await forget(url);
	const sim = await startSim({ world: 'demo', foreign: false });
	const org = sim.world.org.login;
	openDoor(sim);
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

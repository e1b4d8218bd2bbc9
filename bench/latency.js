#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * latency.js [SECONDS] - from an event that shows in the feed to its document being
 * found in a real Elasticsearch, in real time. The simulator asks to be polled every
 * two seconds, where GitHub says sixty; comments on issues of two dozen repositories
 * are made at odd times, each shown at once. What passes until the feed is asked is
 * told apart from what passes then. The census, which may find them before, is put
 * off. Asserts nothing.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');
const { startElasticsearch } = require('../tests/elastic/server.js');
const { startSim } = require('../tests/github/server.js');
const { repositories, populate } = require('../tests/github/worlds.js');
const T = require('../tests/github/talk.js');
const Words = require('../tests/github/words.js');
const { HOUR } = require('../tests/github/world.js');
const { table } = require('./table.js');
const { PROGRAM } = require('./watch.js');

const POLL_S = 2;
const REPOS = 24;		/* a stream is read at most once a minute */
const SETTLE_MS = 70 * 1000;	/* the first contact, and that minute */
const EACH_MS = 60 * 1000 / REPOS;
const INDEX = 'hubstash-latency';
const PATIENCE_MS = 60 * 1000;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function world(w) {
	populate(w, 8);
	const names = [...Array(REPOS).keys()].map((i) => {
		const [name, ...rest] = Words.REPOS[i % Words.REPOS.length];
		return [`${name}-${i}`, ...rest];
	});
	const repos = repositories(w, names, w.start - 60 * HOUR);
	w.at(w.start - HOUR, () => {
		w.talked = repos.map((r) => T.openIssue(w, r, w.people.all[0], { title: 'Talk' }));
	});
}

/* A comment that the feed shows from now on. */
function say(sim, i) {
	let c = null;
	sim.inject((w) => {
		w.advance(sim.clock.read().world);
		c = T.comment(w, w.talked[i % REPOS], w.people.all[i % 8], `Comment ${i}`);
		w.events[w.events.length - 1].visibleAt = w.second;
	});
	return { id: `issue_comment:${c.id}`, shown: Date.now(), asked: 0, found: 0 };
}

async function look(es, waiting) {
	const r = await es.ask('POST', `/${INDEX}/_search`, { size: 100, _source: false,
		query: { terms: { 'event.id': waiting.map((e) => e.id) } } });
	const now = Date.now();
	const ids = new Set((r.json.hits ? r.json.hits.hits : []).map((h) => h._id));
	for (const e of waiting) if (ids.has(e.id)) e.found = now;
}

async function measure(sim, es, seconds) {
	const said = [];
	sim.onRequest = (q) => {
		if (!q.feed) return;
		const now = Date.now();
		for (const e of said) e.asked = e.asked || now;
	};
	await sleep(SETTLE_MS);
	const begun = Date.now(), end = begun + seconds * 1000;
	for (let next = begun, now = begun; now < end + PATIENCE_MS; now = Date.now()) {
		if (now >= next && now < end) {
			said.push(say(sim, said.length));
			next = now + EACH_MS + (said.length * 397) % 1000 - 500;
		}
		const waiting = said.filter((e) => !e.found);
		if (!waiting.length && now >= end) break;
		if (waiting.length) await look(es, waiting);
		await sleep(20);
	}
	return said;
}

async function main() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-latency-'));
	const es = await startElasticsearch({});
	const sim = await startSim({ start: Date.now(), script: world, pollInterval: POLL_S });
	const conf = path.join(dir, 'p.conf');
	fs.writeFileSync(conf, `input { github { org => "${sim.world.org.login}" ` +
	    `api_url => "${sim.apiUrl}" census_interval => 3600 } }\n` +
	    `output { elasticsearch { hosts => "${es.url}" index => "${INDEX}" } }\n`);
	const child = spawn(PROGRAM, ['run', '-f', conf, '--listen', 'off', '--data',
		path.join(dir, 'data')], { stdio: ['ignore', 'ignore', 'inherit'],
		env: { PATH: process.env.PATH, HOME: dir, GITHUB_TOKEN: 'sim-token' } });
	const ended = new Promise((done) => child.on('exit', done));
	let said = [];
	try {
		said = await measure(sim, es, Number(process.argv[2] || 90));
	} finally {
		child.kill('SIGTERM');
		await ended;
		await sim.stop();
		await es.stop();
		fs.rmSync(dir, { recursive: true, force: true });
	}
	const found = said.filter((e) => e.found);
	const part = (name, of) => {
		const list = found.map(of).sort((a, b) => a - b);
		const at = (share) => (list[Math.floor(list.length * share)] / 1000).toFixed(2);
		return [name, at(0.5), at(0.95)];
	};
	table([`latency of ${found.length} of ${said.length} events, s`, 'p50', 'p95'], [
		part('from shown to searchable', (e) => e.found - e.shown),
		part(`until the feed is asked (every ${POLL_S} s)`, (e) => e.asked - e.shown),
		part('from then to searchable', (e) => e.found - e.asked)]);
}

main().catch((e) => {
	process.stderr.write(`latency.js: ${e.stack}\n`);
	process.exit(1);
});

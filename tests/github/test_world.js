/* SPDX-License-Identifier: Apache-2.0 */
/* test_world.js - the same seed gives the same world; graphs; the demo's clock. */
'use strict';

const { ok, is, against, run } = require('./tap.js');
const { World } = require('./world.js');
const Worlds = require('./worlds.js');
const { plan } = require('./cases.js');
const { Git } = require('./git.js');
const { Clock } = require('./clock.js');
const { Rng, sha1 } = require('./prng.js');

const START = Date.UTC(2026, 2, 2, 8), DAY = 86400 * 1000;

/* All that happened, in a short text. */
function digest(w) {
	const heads = [...w.repos.values()].map((r) => [r.id, w.head(r), r.nextNumber]);
	const pulls = [...w.repos.values()].flatMap((r) => [...r.pulls.values()])
	    .map((p) => [p.id, p.state, p.updatedAt, p.additions, p.head.sha]);
	return sha1(JSON.stringify([heads, pulls, w.events]));
}

function make(seed, days, step, cases = ['all']) {
	const w = new World({ seed, start: START, script: (x) => {
		Worlds.small(x);
		plan(x, cases);
	} });
	for (let t = START; t < START + days * DAY; t += step) w.advance(t);
	w.advance(START + days * DAY);
	return w;
}

function determinism() {
	const once = digest(make(7, 4, DAY));
	is(digest(make(7, 4, DAY)), once, 'the same seed, the same world');
	is(digest(make(7, 4, 977 * 1000)), once, 'however often one looks');
	ok(digest(make(8, 4, DAY)) !== once, 'another seed, another world');
}

/* What git.js computes cleverly, done simply. */
function reach(git, sha) {
	const seen = new Set(), stack = [sha];
	while (stack.length) {
		const s = stack.pop();
		if (seen.has(s)) continue;
		seen.add(s);
		stack.push(...git.get(s).parents);
	}
	return seen;
}

function graphs() {
	const rng = new Rng('graphs');
	for (let round = 0; round < 20; round++) {
		const git = new Git(), all = [];
		for (let i = 0; i < 60; i++) {
			const parents = all.length && !rng.chance(0.05) ? [...new Set([rng.pick(all),
				...(rng.chance(0.3) ? [rng.pick(all)] : [])])] : [];
			all.push(git.add({ parents, message: `${round} ${i}`, author: { name: 'x',
				email: 'x@y.example', date: rng.int(1000) * 1000 } }).sha);
		}
		let wrong = 0;
		for (let k = 0; k < 40; k++) {
			const a = rng.pick(all), b = rng.pick(all);
			const A = reach(git, a), B = reach(git, b);
			const want = [...B].filter((s) => !A.has(s)).sort();
			const got = git.between(a, b).map((c) => c.sha).sort();
			if (JSON.stringify(want) !== JSON.stringify(got)) wrong++;
			if (git.isAncestor(a, b) !== B.has(a)) wrong++;
			const common = [...A].some((s) => B.has(s));
			if (!!git.mergeBase(a, b) !== common) wrong++;
		}
		is(wrong, 0, `a graph of chance ${round}: differences, ancestors, merge bases`);
	}
}

function demoClock() {
	let real = 1000 * DAY;
	const c = new Clock({ demo: true, real: () => real });
	is(c.read().world, real + 200 * 1000 - 20 * DAY, 'the demo begins twenty days ago');
	real += 10 * 1000;
	is(c.read().world - c.start, DAY, 'a day takes ten seconds');
	is(c.read().wire, real, 'the wire has real time');
	real += 190 * 1000;
	is(c.read().world, real, 'after twenty days it meets real time');
	real += 5000;
	is(c.read().world, real, 'and goes on in it');
}

function virtualClock() {
	const c = new Clock({ start: START });
	is(c.read({ 'x-sim-now': String(START + 5) }), { wire: START + 5, world: START + 5 },
	    'the header is the time');
	is(c.read({ 'x-sim-now': String(START) }).wire, START + 5, 'which never goes back');
	is(c.read({}).wire, START + 5, 'nor runs by itself');
}

function demoWorld() {
	const start = START - 20 * DAY;
	const w = new World({ seed: 1, start, meets: START, script: Worlds.demo });
	w.advance(start);
	is([w.people.all.length, w.orgRepos().length], [40, 15], '40 people, 15 repositories');
	ok(w.events[0].at <= start - 364 * DAY, 'a year behind them');
	const bad = [...w.people.byLogin.keys()].filter((l) => !/^(sim-|copilot$|web-flow$)/
	    .test(l));
	is(bad, [], 'invented logins start with sim-');
	w.advance(START);
	const n = w.events.length;
	w.advance(START + 60 * 1000);
	ok(w.events.length - n >= 10, 'something every few seconds',
	    `${w.events.length - n} events in a minute`);
}

/* A lagging replica says what was so some seconds ago, after faults too. */
const lagging = () => against({ quirks: { lag: { share: 1, seconds: 600 } } },
    async (sim, c) => {
	const repo = sim.world.orgRepos()[0];
	sim.at(c.at + 60000, (w) => { w.orgRepos()[0].description = 'planned'; });
	c.wait(61000);
	const path = `/repositories/${repo.id}`;
	ok((await c.get(path)).json.description !== 'planned', 'not yet');
	sim.inject((w) => { w.orgRepos()[0].description = 'injected'; });
	is((await c.wait(599000).get(path)).json.description, 'planned', 'ten minutes later');
	is((await c.wait(2000).get(path)).json.description, 'injected', 'and what was injected');
	c.wait(5 * DAY);
	await c.get(path);
	sim.lagging.advance(sim.now);
	is(digest(sim.lagging), digest(sim.world), 'both worlds end alike');
});

run([determinism, graphs, demoClock, virtualClock, demoWorld, lagging]);

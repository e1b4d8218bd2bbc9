/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commits_cases.js - every odd case of a default branch: pushes of all sizes,
 * branches that are forced, reset, replaced or emptied, an old history that
 * comes late; each also with a program that is killed in the middle of it.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const A = require('../github/actions.js');
const Worlds = require('../github/worlds.js');
const { usual, MINUTE, HOUR, DAY } = require('./harness.js');

const SECOND = 1000;

/* A repository of n commits, the last one a day before the start. */
function repository(w, name, n, more = {}) {
	const person = w.people.all[3 + w.repos.size % 4];
	const repo = A.createRepo(w, { name, actor: person, quiet: true, ...more });
	if (n) A.push(w, repo, 'main', chain(w, repo, n, w.start - 40 * DAY, 39 * DAY / n), person,
	    { quiet: true });
	return repo;
}

/* n commits on top of parents, the first at a time, then a step later each. */
function chain(w, repo, n, from, step, parents = []) {
	let at = parents;
	for (let i = 0; i < n; i++)
		at = [A.commit(w, repo, { person: w.people.all[3 + i % 4], parents: at,
			message: `Step ${i} of ${n} in ${repo.name}`,
			date: Math.floor((from + i * step) / SECOND) * SECOND })];
	return at[0];
}

const head = (repo) => repo.branches.get('main');
const back = (repo, n) => {
	let sha = head(repo);
	for (let i = 0; i < n; i++) [sha] = repo.git.get(sha).parents;
	return sha;
};
const force = (w, repo, sha, branch = 'main') =>
    A.push(w, repo, branch, sha, w.people.all[3], { force: true });
/* n new commits, made just now, on top of sha. */
const grow = (w, repo, n, sha = head(repo)) =>
    chain(w, repo, n, w.second - n * 20 * SECOND, 20 * SECOND, sha ? [sha] : []);

/* A world of people and repositories, and what happens hour by hour. */
function script(repos, ...hours) {
	return (w) => {
		Worlds.populate(w, 8);
		const r = {};
		w.at(w.start - 41 * DAY, () => {
			for (const [name, n] of Object.entries(repos)) r[name] = repository(w, name, n);
		});
		hours.forEach((act, i) => w.at(w.start + (i + 1) * HOUR, () => act(w, r)));
	};
}

function octopus(w, r) {
	const base = head(r.plain);
	const sides = Array.from({ length: 12 }, (_, i) => grow(w, r.plain, 1 + i % 3,
	    back(r.plain, i)));
	force(w, r.plain, A.commit(w, r.plain, { person: w.people.all[4],
		parents: [base, ...sides], message: 'Merge twelve branches' }));
}

/* An old branch of many commits is merged: its commits are new, and dated 2001. */
function merged(w, r) {
	const old = chain(w, r.plain, 30, Date.UTC(2001, 0, 1), DAY, [back(r.plain, 5)]);
	const other = A.commit(w, r.plain, { person: w.people.all[5], parents: [head(r.plain), old],
		message: 'Merge what was forgotten' });
	force(w, r.plain, other);
}

const pushes = script({ plain: 60, busy: 300 },
    (w, r) => force(w, r.plain, grow(w, r.plain, 1)),
    (w, r) => force(w, r.plain, grow(w, r.plain, 12)),
    (w, r) => force(w, r.busy, grow(w, r.busy, 260)),
    (w, r) => force(w, r.busy, grow(w, r.busy, 1200)),
    octopus, merged,
    (w, r) => force(w, r.plain, chain(w, r.plain, 1, Date.UTC(2001, 8, 9), 0, [head(r.plain)])),
    (w, r) => force(w, r.plain, grow(w, r.plain, 3)));

const forced = script({ plain: 60, busy: 2500 },
    (w, r) => force(w, r.plain, grow(w, r.plain, 4, back(r.plain, 3))),
    (w, r) => force(w, r.plain, back(r.plain, 5)),
    (w, r) => force(w, r.busy, grow(w, r.busy, 1500, back(r.busy, 1300))),
    (w, r) => force(w, r.busy, back(r.busy, 1200)),
    (w, r) => { r.was = head(r.plain); force(w, r.plain, grow(w, r.plain, 2, back(r.plain, 1))); },
    (w, r) => force(w, r.plain, r.was),
    (w, r) => force(w, r.plain, grow(w, r.plain, 1)));

const unrelated = script({ plain: 60, busy: 400, small: 20 },
    (w, r) => force(w, r.plain, chain(w, r.plain, 15, w.start - 20 * DAY, HOUR)),
    (w, r) => force(w, r.busy, chain(w, r.busy, 1300, Date.UTC(2005, 0, 1), DAY)),
    (w, r) => force(w, r.plain, grow(w, r.plain, 5)),
    (w, r) => force(w, r.small, chain(w, r.small, 1200, w.start - 10 * DAY, 600 * SECOND)));

function branch(w, repo, name, sha) {
	A.push(w, repo, name, sha, w.people.all[3]);
	A.changeDefault(w, repo, name);
}
const branches = script({ plain: 60, busy: 2500, third: 80 },
    (w, r) => branch(w, r.plain, 'trunk', head(r.plain)),
    (w, r) => branch(w, r.plain, 'dev', grow(w, r.plain, 7, back(r.plain, 3))),
    (w, r) => branch(w, r.busy, 'next', grow(w, r.busy, 40, back(r.busy, 1500))),
    (w, r) => branch(w, r.third, 'pages', chain(w, r.third, 12, w.start - 5 * DAY, HOUR)),
    (w, r) => A.changeDefault(w, r.third, 'main'),
    (w, r) => branch(w, r.third, 'trunk', grow(w, r.third, 2)),
    (w, r) => branch(w, r.busy, 'later', chain(w, r.busy, 1400, w.start - 20 * DAY,
        20 * MINUTE, [back(r.busy, 2000)])));

/* What was forced away is thrown away at once. */
const gone = script({ plain: 60, busy: 2500 },
    (w, r) => { force(w, r.plain, grow(w, r.plain, 4, back(r.plain, 3)));
        A.collectGarbage(w, r.plain); },
    (w, r) => { force(w, r.busy, grow(w, r.busy, 1500, back(r.busy, 1300)));
        A.collectGarbage(w, r.busy); },
    (w, r) => { force(w, r.plain, back(r.plain, 20)); A.collectGarbage(w, r.plain); });

const empty = script({ few: 0, many: 0, never: 0 },
    (w, r) => A.push(w, r.few, 'main', chain(w, r.few, 25, Date.UTC(2007, 0, 1), DAY),
        w.people.all[3]),
    (w, r) => A.push(w, r.many, 'main', chain(w, r.many, 3000, Date.UTC(2009, 0, 1), DAY),
        w.people.all[3]),
    (w, r) => force(w, r.few, grow(w, r.few, 3)),
    (w, r) => force(w, r.many, grow(w, r.many, 20, back(r.many, 40))));

/* What an owner can do with force: nothing is left, then something else comes. */
const emptied = script({ plain: 60 },
    (w, r) => {
	for (const c of r.plain.git.log(head(r.plain))) r.plain.lost.set(c.sha, w.now);
	r.plain.branches.clear();
    },
    (w, r) => A.push(w, r.plain, 'main', chain(w, r.plain, 30, Date.UTC(2011, 0, 1), DAY),
        w.people.all[3]),
    (w, r) => force(w, r.plain, grow(w, r.plain, 2)));

const huge = script({ plain: 30 },
    (w, r) => force(w, r.plain, grow(w, r.plain, 50000)));

/* While a page is read something happens to the branch. */
const page = (n) => (q) => new RegExp(`compare.*page=${n}$`).test(q.url);
const history = (q, body) => / 299\\?"/.test(body);
function meanwhile(hit, act) {
	return async (stage) => {
		const { sim } = stage, think = sim.think.bind(sim);
		sim.think = (q, body) => {
			if (hit(q, body) && sim.once('meanwhile'))
				sim.inject((w) => act(w, w.named('busy')));
			return think(q, body);
		};
		await stage.run(stage.args('run', '--listen', 'off'));
		stage.judgeSqlite();
	};
}
const second = script({ busy: 2500 },
    (w, r) => force(w, r.busy, grow(w, r.busy, 1800, back(r.busy, 1300))));
const again = (w, repo) => force(w, repo, grow(w, repo, 1100, back(repo, 2100)));
const collected = (w, repo) => { again(w, repo); A.collectGarbage(w, repo); };

/* Killed at each of some requests; the next life goes on from there. */
function killed(every, until = Infinity) {
	return async (stage) => {
		const { sim } = stage, think = sim.think.bind(sim);
		let run, left = every, lives = 0;
		sim.think = (q, body) => {
			if (q.now > stage.start + 30 * MINUTE && --left === 0 && lives < until) run.kill();
			return think(q, body);
		};
		for (;;) {
			left = every + lives++;
			await sim.restarted();
			run = stage.launch(stage.args('run', '--listen', 'off'));
			await run.ended;
			if (run.signal !== 'SIGKILL') break;
		}
		stage.last = run;
		if (run.code !== 0)
			stage.wrong.push(`life ${lives} left with ${run.signal || run.code}:\n${
			    run.log.slice(-3000)}`);
		stage.judgeSqlite();
	};
}

/*
 * A replica that does not know the new head yet: the walk to it begins anew, so
 * some of its pages are read twice.
 */
async function lagging(stage) {
	await usual(stage);
	stage.wrong = stage.wrong.filter((x) => !x.startsWith('referee: refetched:'));
}

/* The store is lost; what it held is there again, also what came late and is old. */
async function refilled(stage) {
	const first = stage.launch(stage.args('run', '--listen', 'off'),
	    { until: stage.start + 9 * HOUR });
	await first.ended;
	for (const f of fs.readdirSync(stage.data).filter((x) => x.startsWith('activity.db')))
		fs.unlinkSync(path.join(stage.data, f));
	await stage.sim.restarted();
	await usual(stage);
}

/* Killed amid a large push; a backfill comes first, and has to finish it. */
async function backfilled(stage) {
	const { sim } = stage, think = sim.think.bind(sim);
	let run = null, alive = true;
	sim.think = (q, body) => {
		if (/compare.*page=4/.test(q.url) && alive && sim.once('killed')) {
			alive = false;
			run.kill();
		}
		return think(q, body);
	};
	run = stage.launch(stage.args('run', '--listen', 'off'));
	await run.ended;
	if (run.signal !== 'SIGKILL') stage.wrong.push('there was no fourth page');
	await sim.restarted();
	await stage.run(stage.args('backfill', '--since', '2026-01-01'));
	await sim.restarted();
	await stage.run(stage.args('run', '--listen', 'off'));
	stage.judgeSqlite({ since: stage.start - 60 * DAY });
}

const LAG = { lag: { value: 0.3, to: '2026-03-02T15:00:00Z' } };
const HOURS = { hours: 10, quiet: 60 };
const cases = { pushes, forced, unrelated, branches, gone, empty };
const each = (how, more, always) => Object.entries(cases).map(([name, s]) => ({
	name: `commits ${name}${how}`, script: s, optional: !always.includes(name),
	...HOURS, ...more }));
module.exports = [
	...each('', {}, Object.keys(cases)),
	...each(', killed', { play: killed(7) }, ['forced', 'unrelated', 'empty']),
	...each(', lagging', { quirks: LAG, play: lagging }, ['branches']),
	{ name: 'commits pushes, refilled', script: pushes, ...HOURS, play: refilled,
		quirks: { 'feed-off': true } },
	{ name: 'commits forced, backfilled', script: forced, ...HOURS, play: backfilled },
	{ name: 'commits emptied', script: emptied, hours: 6, quiet: 60 },
	{ name: 'commits forced twice', script: second, hours: 3,
		play: meanwhile(page(3), again) },
	{ name: 'commits forced twice and collected', script: second, hours: 3,
		play: meanwhile(page(3), collected) },
	{ name: 'commits forced amid history', script: second, hours: 3,
		play: meanwhile(history, collected) },
	{ name: 'commits 50,000 at once', script: huge, hours: 6, play: killed(120, 8) },
];

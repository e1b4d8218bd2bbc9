/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worlds.js - the organisations one can ask for by name. Each is a script: a
 * function that plans a world. A script may plan things before world.start: the
 * past, which is there when the first request comes.
 */
'use strict';

const A = require('./actions.js');
const Words = require('./words.js');
const { Life } = require('./life.js');
const { DAY, HOUR, SECOND } = require('./world.js');

/* Repositories with a first commit each, made at a time. */
function repositories(w, rows, at, more = {}) {
	const repos = [];
	rows.forEach(([name, description, quality], i) => w.at(at + i * HOUR, () => {
		const person = w.people.all[i % w.people.all.length];
		const repo = A.createRepo(w, { name, description, quality, actor: person, ...more });
		A.commitAndPush(w, repo, person, 'Begin');
		repos.push(repo);
	}));
	return repos;
}

function populate(w, n) {
	for (let i = 0; i < n; i++)
		w.people.human(i, i < 12 ? 6 / (1 + i * 0.3) : 0.2 + w.rng.next() * 0.8);
}

/* Three repositories, eight people, twenty days behind them. */
function small(w) {
	populate(w, 8);
	const repos = repositories(w, Words.REPOS.slice(0, 3), w.start - 20 * DAY);
	new Life(w, { repos, people: w.people.all, rate: 2 }).run(w.start - 19 * DAY);
}

/* A busier organisation: what a week of it brings is to be had exactly. */
function week(w) {
	populate(w, 16);
	const repos = repositories(w, Words.REPOS.slice(0, 8), w.start - 40 * DAY);
	new Life(w, { repos, people: w.people.all, rate: 5 }).run(w.start - 39 * DAY);
}

/* Nothing but private repositories. */
function secret(w) {
	populate(w, 8);
	const repos = repositories(w, Words.REPOS.slice(0, 3), w.start - 20 * DAY,
	    { isPrivate: true });
	new Life(w, { repos, people: w.people.all, rate: 2 }).run(w.start - 19 * DAY);
}

/*
 * Forty people, fifteen repositories, a year behind them. From world.meets on
 * (when the story meets the real clock) something happens every few seconds.
 */
function demo(w) {
	populate(w, 40);
	const repos = repositories(w, Words.REPOS, w.start - 365 * DAY);
	const meets = w.meets || Infinity;
	/* They began with little: the year ends with four times as much a day. */
	const rate = (at) => 1.75 + 5.25 * Math.min(1, Math.max(0, (at - w.start) / (365 * DAY) + 1));
	const life = new Life(w, { repos, people: w.people.all, rate });
	life.run(w.start - 364 * DAY, meets);
	const soon = () => {
		const busy = w.people.all.slice(0, 24);
		life.one(life.rng.weighted(busy, (p) => p.weight));
		w.at(w.now + life.rng.between(1, 5) * SECOND, soon);
	};
	if (meets !== Infinity) w.at(meets, soon);
}

module.exports = { small, week, private: secret, enterprise: small, demo,
	repositories, populate };

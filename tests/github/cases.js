/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cases.js - the odd cases one can ask for by name: each happens in a repository
 * of its own, so any number of them can be in one world.
 */
'use strict';

const { HOUR } = require('./world.js');

const CASES = { ...require('./cases_git.js').CASES, ...require('./cases_repo.js').CASES,
	...require('./cases_talk.js').CASES };

/*
 * Plans cases in a world: names, or { name, at } (ms); an hour apart from the
 * world's start on when no time is given. 'all' stands for every one but the
 * very large.
 */
function plan(w, cases) {
	const LARGE = ['push-50000', 'big-fork', 'many-repos'];
	const rows = cases.flatMap((c) => (c === 'all' ?
	    Object.keys(CASES).filter((n) => !LARGE.includes(n)) : [c]));
	rows.forEach((c, i) => {
		const { name, at } = typeof c === 'string' ? { name: c } : c;
		if (!CASES[name]) throw new Error(`no such case: ${name}`);
		CASES[name].plan(w, at === undefined ? w.start + (i + 1) * HOUR : at);
	});
}

module.exports = { CASES, plan };

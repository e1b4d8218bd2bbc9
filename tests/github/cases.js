/* SPDX-License-Identifier: Apache-2.0 */
'use strict';

const CASES = {};

/* Plans the cases named (or { name, at }) in a world, an hour apart. */
function plan(w, cases) {
	cases.forEach((c, i) => {
		const { name, at } = typeof c === 'string' ? { name: c } : c;
		if (!CASES[name]) throw new Error(`no such case: ${name}`);
		CASES[name](w, at === undefined ? w.start + (i + 1) * 3600 * 1000 : at);
	});
}

module.exports = { CASES, plan };

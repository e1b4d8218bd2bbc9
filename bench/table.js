/* SPDX-License-Identifier: Apache-2.0 */
/* table.js - rows of a table on stdout, the first column to the left. */
'use strict';

function table(head, rows) {
	const all = [head, ...rows].map((r) => r.map(String));
	const wide = head.map((_, i) => Math.max(...all.map((r) => (r[i] || '').length)));
	for (const r of all)
		process.stdout.write(`${r.map((c, i) => (i ? c.padStart(wide[i]) :
		    c.padEnd(wide[i]))).join('   ').trimEnd()}\n`);
	process.stdout.write('\n');
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

module.exports = { table, median };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quirks.js - which oddities are on. A switch is a name with a value, for a
 * time or for ever: { lost: 0.2 } or { flaky: { value: 0.1, from, to } } (times
 * in ms). For those that strike single requests a value below 1 is the share
 * that is struck, a whole number N every Nth, true all. The table of them is
 * quirks.json.
 */
'use strict';

const { hash01 } = require('./prng.js');

const isSpan = (v) => v !== null && typeof v === 'object' && !Array.isArray(v) &&
    'value' in v;
const time = (t, fallback) => (t === undefined ? fallback :
    typeof t === 'number' ? t : Date.parse(t));

class Quirks {
	constructor(values = {}) {
		this.rows = new Map();
		for (const [name, v] of Object.entries(values)) this.set(name, v);
	}

	set(name, v) {
		if (v === undefined || v === null || v === false) return this.rows.delete(name);
		const span = isSpan(v) ? v : { value: v };
		return this.rows.set(name, { value: span.value, from: time(span.from, -Infinity),
			to: time(span.to, Infinity) });
	}

	/* All that is still on ends then. */
	end(at) {
		for (const row of this.rows.values()) row.to = Math.min(row.to, at);
	}

	get(name, at) {
		const row = this.rows.get(name);
		return row && at >= row.from && at < row.to ? row.value : undefined;
	}

	/* Whether request number n is struck. */
	strikes(name, at, n) {
		const v = this.get(name, at);
		if (v === undefined) return false;
		if (v === true) return true;
		const rate = typeof v === 'object' ? v.share : v;
		if (rate === undefined) return true;
		return rate < 1 ? hash01(`${name} ${n}`) < rate : n % rate === 0;
	}

	/*
	 * For feed.js: the values on at a time; what was lost or skipped stays so,
	 * whenever one looks.
	 */
	feed(at) {
		const out = {};
		for (const name of ['late', 'unordered', 'duplicated', 'feed-off'])
			out[name] = this.get(name, at);
		for (const name of ['lost', 'skipped-feed']) {
			const row = this.rows.get(name);
			if (row) out[name] = row;
		}
		return out;
	}
}

/* NAME or NAME=VALUE of a command line: [name, value]. */
function parse(text) {
	const m = /^([a-z0-9-]+)(?:=(.*))?$/.exec(text);
	if (!m) throw new Error(`not a quirk: ${text}`);
	if (m[2] === undefined) return [m[1], true];
	try {
		return [m[1], JSON.parse(m[2])];
	} catch (e) {
		return [m[1], m[2]];
	}
}

module.exports = { Quirks, parse };

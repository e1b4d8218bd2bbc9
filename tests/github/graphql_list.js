/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graphql_list.js - connections. A cursor names the place of an item in its
 * order (its key and its number), not its index: who pages through a list that
 * changes meanwhile gets what is behind that place now, as on GitHub.
 */
'use strict';

const encode = (key) => Buffer.from(`cursor:v2:${JSON.stringify(key)}`).toString('base64');

function decode(cursor) {
	const m = /^cursor:v2:(.*)$/.exec(Buffer.from(cursor, 'base64').toString());
	let key = null;
	try {
		key = m && JSON.parse(m[1]);
	} catch (e) {
		key = null;
	}
	if (!Array.isArray(key)) {
		const e = new Error(`\`${cursor}\` does not appear to be a valid cursor.`);
		e.type = 'INVALID_CURSOR_ARGUMENTS';
		throw e;
	}
	return key;
}

function order(a, b) {
	for (let i = 0; i < a.length; i++) {
		if (a[i] < b[i]) return -1;
		if (a[i] > b[i]) return 1;
	}
	return 0;
}

/*
 * list in any order; key(item) gives [value, id]; desc: the greatest first.
 * seen(n) is told how many items a page has.
 */
function connection(list, args, { key, desc = false, node = (x) => x, seen, edge } = {}) {
	let sorted = null, page = null;
	const dir = desc ? -1 : 1;
	const all = () => {
		if (!sorted) {
			sorted = list.map((x) => ({ x, k: key(x) }));
			sorted.sort((a, b) => dir * order(a.k, b.k));
		}
		return sorted;
	};
	const items = () => {
		if (page) return page;
		let rows = all(), before = false, after = false;
		if (args.after) {
			const k = decode(args.after);
			const n = rows.length;
			rows = rows.filter((r) => dir * order(r.k, k) > 0);
			before = rows.length < n;
		}
		if (args.before) {
			const k = decode(args.before);
			const n = rows.length;
			rows = rows.filter((r) => dir * order(r.k, k) < 0);
			after = rows.length < n;
		}
		if (typeof args.first === 'number' && rows.length > args.first) {
			rows = rows.slice(0, args.first);
			after = true;
		} else if (typeof args.last === 'number' && rows.length > args.last) {
			rows = rows.slice(rows.length - args.last);
			before = true;
		}
		page = { rows, before, after };
		if (seen) seen(rows.length);
		return page;
	};
	return {
		totalCount: () => list.length,
		nodes: () => items().rows.map((r) => node(r.x)),
		edges: () => items().rows.map((r) => ({ cursor: encode(r.k), node: node(r.x),
			...(edge ? edge(r.x) : {}) })),
		pageInfo: () => {
			const p = items(), n = p.rows.length;
			return { hasNextPage: p.after, hasPreviousPage: p.before,
				startCursor: n ? encode(p.rows[0].k) : null,
				endCursor: n ? encode(p.rows[n - 1].k) : null };
		},
	};
}

/* History: the cursor is the first commit and how many came, as on GitHub. */
function history(git, sha, args, { node, seen }) {
	const since = args.since === undefined || args.since === null ? undefined :
	    Date.parse(args.since);
	const until = args.until === undefined || args.until === null ? undefined :
	    Date.parse(args.until);
	const bounded = since !== undefined || until !== undefined;
	const upto = (n) => (bounded ? git.logSince(sha, since, until) : git.log(sha, n));
	let page = null;
	const items = () => {
		if (page) return page;
		let from = 0;
		if (args.after) {
			const m = /^([0-9a-f]{40}) (\d+)$/.exec(args.after);
			if (!m) {
				const e = new Error(
				    `\`${args.after}\` does not appear to be a valid cursor.`);
				e.type = 'INVALID_CURSOR_ARGUMENTS';
				throw e;
			}
			from = Number(m[2]) + 1;
		}
		const n = args.first || args.last || 0;
		const list = upto(from + n + 1);
		page = { from, rows: list.slice(from, from + n), more: list.length > from + n };
		if (seen) seen(page.rows.length);
		return page;
	};
	return {
		totalCount: () => upto(Infinity).length,
		nodes: () => items().rows.map(node),
		edges: () => items().rows.map((c, i) => ({ node: node(c),
			cursor: `${sha} ${items().from + i}` })),
		pageInfo: () => {
			const p = items(), n = p.rows.length;
			return { hasNextPage: p.more, hasPreviousPage: p.from > 0,
				startCursor: n ? `${sha} ${p.from}` : null,
				endCursor: n ? `${sha} ${p.from + n - 1}` : null };
		},
	};
}

module.exports = { connection, history };

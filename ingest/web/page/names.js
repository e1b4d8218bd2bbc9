/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.js - ids are in addresses, names on the page: what answers have told, and
 * for the rest a question.
 */
import { ask } from './api.js';

const MOST = 2000;
const known = new Map();

export function remember(kind, id, text) {
	if (!id || !text) return;
	if (known.size >= MOST) known.clear();
	known.set(`${kind} ${id}`, text);
}

/** Calls fn with a name, at once if it is known, and later if it can be had. */
export async function nameOf(kind, id, fn) {
	const key = `${kind} ${id}`;
	fn(known.get(key) || id);
	if (known.has(key)) return;
	try {
		const q = new URLSearchParams({ [kind]: id, from: '1990-01-01', who: 'all' });
		if (kind === 'repository') q.set('max', '1');
		const a = await ask(kind === 'person' ? 'person' : 'repositories', q);
		const name = kind === 'person' ? a.name : a.repositories[0] &&
		    a.repositories[0].name;
		remember(kind, id, name);
		if (name) fn(name);
	} catch (e) { /* the id stands for it */ }
}

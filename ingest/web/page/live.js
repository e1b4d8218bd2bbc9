/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live.js - what arrives in the store, as it arrives (/api/v1/live). However much it
 * is, those who listen are told at most once in EVERY_MS, and not while nobody looks.
 */
const EVERY_MS = 4000;
const AGAIN_MS = 15000;

const listeners = new Set();
const watchers = new Set();
let source = null, timer = 0, last = 0, pending = null, again = 0;

/** fn({ documents, kinds }) when numbers have changed. */
export function onLive(fn) {
	listeners.add(fn);
	return () => listeners.delete(fn);
}

/** fn(state): live or waiting. */
export function onConnection(fn) {
	watchers.add(fn);
	return () => watchers.delete(fn);
}

const tell = (s) => watchers.forEach((fn) => fn(s));

function deliver() {
	timer = 0;
	if (document.hidden || !pending) return;
	const news = pending;
	pending = null;
	last = Date.now();
	for (const fn of [...listeners]) fn(news);
}

function arrive(data) {
	pending = pending || { documents: 0, kinds: {} };
	pending.documents += Number(data.documents) || 0;
	for (const [kind, n] of Object.entries(data.kinds || {}))
		pending.kinds[kind] = (pending.kinds[kind] || 0) + Number(n);
	if (!timer && !document.hidden)
		timer = setTimeout(deliver, Math.max(300, last + EVERY_MS - Date.now()));
}

function parse(text) {
	try {
		return JSON.parse(text) || {};
	} catch (e) {
		return {};
	}
}

function connect() {
	clearTimeout(again);
	if (source) source.close();
	source = new EventSource('/api/v1/live');
	source.addEventListener('hello', () => tell('live'));
	source.addEventListener('change', (e) => arrive(parse(e.data)));
	source.addEventListener('reload', () => arrive({}));
	source.addEventListener('error', () => {
		tell('waiting');
		/* A browser gives up for good when it is refused. */
		if (source.readyState === EventSource.CLOSED) again = setTimeout(connect, AGAIN_MS);
	});
}

export function live() {
	document.addEventListener('visibilitychange', () => {
		if (!document.hidden && pending && !timer) deliver();
	});
	connect();
}

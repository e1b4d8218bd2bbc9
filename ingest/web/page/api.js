/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api.js - asks /api/v1. What cannot be had is an Unasked with a sentence to show;
 * what is no longer wanted is aborted and told to nobody.
 */
import { t } from './texts.js';

const BASE = '/api/v1/';
const PATIENCE_MS = 30000;
/* These are answered without the store. */
const LEDGER = new Set(['status', 'coverage']);

/** Why there is no answer: .away when asking again may help. */
export class Unasked extends Error {
	constructor(text, away) {
		super(text);
		this.away = away;
	}
}

let away = '';
const listeners = new Set();

/** fn(why) when answers cannot be had, and with '' when they can again. */
export function onAway(fn) {
	listeners.add(fn);
}

function tell(why) {
	if (why === away) return;
	away = why;
	for (const fn of listeners) fn(why);
}

/** What the API says is wrong, in its own words. */
async function reason(reply) {
	try {
		const { error } = await reply.json();
		return (error && error.reason) || '';
	} catch (e) {
		return '';
	}
}

export const url = (name, params, suffix = '') => {
	const text = params ? params.toString() : '';
	return BASE + name.replace(/_/g, '-') + suffix + (text ? `?${text}` : '');
};

/**
 * An answer: its data, and in .asked the period and interval it is of.
 * @param {string} name the panel's, as in the API's paths
 * @param {URLSearchParams} params
 * @param {AbortSignal} signal
 */
export async function ask(name, params, signal) {
	const late = AbortSignal.timeout(PATIENCE_MS);
	let reply;
	try {
		reply = await fetch(url(name, params), { headers: { accept: 'application/json' },
			cache: 'no-cache', signal: either(signal, late) });
		if (reply.ok) {
			const { data, from, to, interval } = await reply.json();
			if (!LEDGER.has(name)) tell('');
			return Object.assign(data, { asked: { from, to, interval } });
		}
	} catch (e) {
		if (signal && signal.aborted) throw e;
		const text = t(late.aborted ? 'error.late' : 'error.gone');
		tell(text);
		throw new Unasked(text, true);
	}
	const why = await reason(reply);
	if (reply.status === 400 || reply.status === 404)
		throw new Unasked(t('error.refused', { why: why || reply.status }), false);
	const text = why || t('error.status', { status: reply.status });
	tell(text);
	throw new Unasked(text, true);
}

function either(a, b) {
	if (!a) return b;
	if (AbortSignal.any) return AbortSignal.any([a, b]);
	const both = new AbortController();
	for (const s of [a, b]) s.addEventListener('abort', () => both.abort(), { once: true });
	return both.signal;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * format.js - numbers, moments and spans as the reader's own locale writes them, in
 * the zone of the page.
 */

export const locale = navigator.languages && navigator.languages[0] || navigator.language || 'en';
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

const made = new Map();

/** Formatters are dear to make and few. */
function formatter(Kind, options) {
	const key = Kind.name + JSON.stringify(options);
	if (!made.has(key)) {
		if (made.size > 100) made.clear();
		made.set(key, new Kind(locale, options));
	}
	return made.get(key);
}

let zone = ownZone;
export function setZone(name) {
	zone = name || ownZone;
}

const number = (options) => formatter(Intl.NumberFormat, options);

export const num = (n) => number({ maximumFractionDigits: 0 }).format(n);
export const short = (n) => (Math.abs(n) < 1000 ? num(n) :
    number({ notation: 'compact', maximumFractionDigits: 1 }).format(n));
export const percent = (share, digits = 0) => number({ style: 'percent',
	maximumFractionDigits: digits }).format(share);

const unit = (n, name, digits, display = 'short') => number({ style: 'unit', unit: name,
	unitDisplay: display, maximumFractionDigits: digits }).format(n);

/** Hours as a person would say them. */
export function span(hours) {
	if (hours < 1) return unit(Math.max(1, Math.round(hours * 60)), 'minute', 0);
	if (hours < 48) return unit(hours, 'hour', hours < 10 ? 1 : 0);
	return unit(hours / 24, 'day', hours < 240 ? 1 : 0);
}

export function bytes(n) {
	if (n < 1e6) return unit(n / 1e3, 'kilobyte', 0);
	return n < 1e9 ? unit(n / 1e6, 'megabyte', 1) : unit(n / 1e9, 'gigabyte', 1);
}

const date = (options) => formatter(Intl.DateTimeFormat, { timeZone: zone, ...options });
const time = (when) => (when instanceof Date ? when : new Date(when));

export const day = (when) => date({ dateStyle: 'medium' }).format(time(when));
export const shortDay = (when) => date({ month: 'short', day: 'numeric' }).format(time(when));
export const month = (when) => date({ month: 'short', year: 'numeric' }).format(time(when));
export const monthName = (when) => date({ month: 'short' }).format(time(when));
export const moment = (when) => date({ dateStyle: 'medium', timeStyle: 'short' })
    .format(time(when));
export const clock = (when) => date({ timeStyle: 'short' }).format(time(when));
export const range = (from, to) => date({ dateStyle: 'medium' })
    .formatRange(time(from), time(to));

/** Monday (1) to Sunday (7); 2024-01-01 was a Monday. */
export const weekday = (n) => formatter(Intl.DateTimeFormat, { weekday: 'short',
	timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, n)));

/** "2026-01-31", as date fields want it, of the zone's own day. */
export function dayOf(when) {
	const parts = {};
	for (const { type, value } of new Intl.DateTimeFormat('en-CA', { timeZone: zone,
		year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(time(when)))
		parts[type] = value;
	return `${parts.year}-${parts.month}-${parts.day}`;
}

const UNITS = [['year', 31536000], ['month', 2592000], ['week', 604800], ['day', 86400],
	['hour', 3600], ['minute', 60], ['second', 1]];

const unitOf = (s) => UNITS.find(([, n]) => Math.abs(s) >= n) || UNITS[6];

/** "3 hours ago". */
export function ago(when) {
	const s = (time(when) - Date.now()) / 1000, [name, size] = unitOf(s);
	return formatter(Intl.RelativeTimeFormat, { numeric: 'auto', style: 'short' })
	    .format(Math.round(s / size), name);
}

/** "3 hrs", where a heading says that it is ago. */
export function age(when) {
	const s = Math.max(0, (Date.now() - time(when)) / 1000), [name, size] = unitOf(s);
	return unit(Math.floor(s / size), name, 0);
}

/** What of the period before it is now: { way: up | down | same | new, text }. */
export function change(now, before) {
	if (now === before) return { way: 'same', text: '±0' };
	if (!before) return { way: 'new', text: `+${short(now)}` };
	const share = (now - before) / before;
	if (Math.abs(share) >= 10) return { way: 'up', text: `×${num(now / before)}` };
	return { way: share > 0 ? 'up' : 'down', text: number({ style: 'percent',
		signDisplay: 'always', maximumFractionDigits: 0 }).format(share) };
}

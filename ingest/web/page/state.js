/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.js - what the page shows is what its address says: the view by its path, all
 * filters by its parameters. Who wants to change it goes to another address.
 */
import { dayOf, ownZone, setZone } from './format.js';

export const DAYS = [7, 30, 90, 365];
const DEFAULT_DAYS = '30';
const LISTS = ['org', 'repository', 'person', 'kind'];
const SINGLE = ['days', 'from', 'to', 'pick', 'zone', 'who', 'sort', 'order', 'kiosk'];
const DATE = /^\d{4}-\d\d-\d\d$/;

/** The address as an object; what makes no sense in it is as if it were not there. */
export function read(location = window.location) {
	const [, view = '', id = ''] = location.pathname.split('/');
	const params = new URLSearchParams(location.search);
	const s = { view: view || 'home', id: decodeURIComponent(id) };
	for (const name of LISTS) s[name] = [...new Set(params.getAll(name).filter(Boolean))];
	for (const name of SINGLE) s[name] = params.get(name) || '';
	s.kiosk = params.has('kiosk');
	if (!DATE.test(s.from) || !DATE.test(s.to) || s.from > s.to) s.from = s.to = '';
	if (s.from || (s.days !== 'all' && !/^[1-9]\d{0,4}$/.test(s.days)))
		s.days = s.from ? '' : DEFAULT_DAYS;
	if (!/^\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$/.test(s.pick)) s.pick = '';
	if (s.who !== 'bots' && s.who !== 'all') s.who = 'humans';
	return s;
}

/** And back: only what differs from what is meant without it. */
export function address(s) {
	const params = new URLSearchParams();
	for (const name of SINGLE) {
		const value = s[name];
		if (!value || (name === 'who' && value === 'humans')) continue;
		if (name === 'days' && (value === DEFAULT_DAYS || s.from)) continue;
		params.set(name, name === 'kiosk' ? '1' : value);
	}
	for (const name of LISTS) for (const value of s[name]) params.append(name, value);
	const path = s.view === 'home' ? '/' :
	    `/${s.view}${s.id ? `/${encodeURIComponent(s.id)}` : ''}`;
	const query = params.toString().replace('kiosk=1', 'kiosk');
	return path + (query ? `?${query}` : '');
}

export let state = read();
setZone(state.zone);
const listeners = new Set();

export function onState(fn) {
	listeners.add(fn);
	return () => listeners.delete(fn);
}

function become(next) {
	const before = state;
	state = next;
	setZone(state.zone);
	for (const fn of [...listeners]) fn(state, before);
}

/** The address with some of it changed. */
export const addressWith = (changes) => address({ ...state, ...changes });

/** Goes there; the back button leads here. */
export function go(changes, { replace = false } = {}) {
	const to = addressWith(changes);
	if (to === window.location.pathname + window.location.search) return;
	window.history[replace ? 'replaceState' : 'pushState'](null, '', to);
	become(read());
}

/** Another view under the same filters, from its top. */
export const viewOf = (view, id = '') => addressWith({ view, id, pick: state.pick, sort: '',
    order: '' });

/** Own links change the page without loading it. */
export function followLinks() {
	document.addEventListener('click', (e) => {
		const a = e.target.closest('a[href]');
		if (!a || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey ||
		    e.altKey || a.target || a.hasAttribute('download') ||
		    a.origin !== window.location.origin || !isView(a.pathname)) return;
		e.preventDefault();
		if (a.href === window.location.href) return;
		window.history.pushState(null, '', a.href);
		become(read());
		window.scrollTo(0, 0);
	});
	window.addEventListener('popstate', () => become(read()));
}

export const isView = (path) => /^\/($|data$|(person|repository)\/)/.test(path);

const addDay = (date, n) => new Date(Date.parse(`${date}T00:00:00Z`) + n * 86400000)
    .toISOString().slice(0, 10);

/** Where "all" begins: the first day of what is stored, once it is known. */
let first = '2008-01-01';
export const beginsWith = (when) => {
	first = dayOf(when);
};

/** From and to, both whole days, of what charts over time begin with; null: of all time. */
function whole(s) {
	if (s.from) return { from: s.from, to: s.to };
	if (s.days === 'all') return null;
	return { from: addDay(dayOf(new Date()), 1 - Number(s.days)), to: dayOf(new Date()) };
}

/** What was picked of it, or all of it. */
export function period(s = state) {
	if (!s.pick) return whole(s);
	const [from, to] = s.pick.split('..');
	return { from, to };
}

/**
 * The filters as the API's parameters. overview: of the whole period, also where a
 * part of it is picked.
 */
export function query(s = state, { overview = false } = {}) {
	const q = new URLSearchParams();
	if (s.pick && !overview) {
		const [from, to] = s.pick.split('..');
		q.set('from', from);
		q.set('to', addDay(to, 1));
	} else if (s.from) {
		q.set('from', s.from);
		q.set('to', addDay(s.to, 1));
	} else if (s.days === 'all') {
		q.set('from', first);
	} else {
		q.set('days', s.days);
	}
	q.set('zone', s.zone || ownZone);
	for (const name of LISTS) for (const value of s[name]) q.append(name, value);
	if (s.who !== 'humans') q.set('who', s.who);
	return q;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filters.js - what is asked for: period, zone, organisation, people, repositories,
 * kinds, humans or bots. Each is a part of the address.
 */
import { h, put, say } from './dom.js';
import { DAYS, addressWith, go, period, state } from './state.js';
import { ownZone } from './format.js';
import { nameOf } from './names.js';
import { ACTIONS, COUNTED, FURTHER, mark, name } from './parts.js';
import { search } from './search.js';
import { t } from './texts.js';

/** Links that each lead to another value: the one that is now is marked. */
function links(label, rows, isNow) {
	const all = rows.map(([text, changes]) => ({ changes, a: h('a', { href: '#' }, text) }));
	return { el: h('nav', { class: 'segments', 'aria-label': label }, all.map((x) => x.a)),
		update() {
			for (const { a, changes } of all) {
				a.href = addressWith(changes);
				if (isNow(changes)) a.setAttribute('aria-current', 'true');
				else a.removeAttribute('aria-current');
			}
		} };
}

function periods() {
	const rows = [...DAYS.map((n) => [t('period.days', { n, num: n }), String(n)]),
		[t('period.all'), 'all']];
	return links(t('filter.period'), rows.map(([text, days]) => [text,
		{ days, from: '', to: '', pick: '' }]), (c) => !state.from &&
		    state.days === c.days);
}

function dates() {
	const field = (label) => h('input', { type: 'date', 'aria-label': label, min: '1990-01-01',
		max: '2037-12-31', required: true });
	const from = field(t('filter.from')), to = field(t('filter.to'));
	const change = () => {
		if (from.value && to.value && from.value <= to.value)
			go({ from: from.value, to: to.value, days: '', pick: '' });
		const wrong = from.value && to.value && from.value > to.value;
		to.setCustomValidity(wrong ? t('filter.backwards') : '');
		if (wrong) to.reportValidity();
	};
	from.addEventListener('change', change);
	to.addEventListener('change', change);
	return { el: h('span', { class: 'dates' }, from, h('span', { 'aria-hidden': 'true' }, '–'),
	    to),
		update() {
			const p = period();
			from.value = p ? p.from : '';
			to.value = p ? p.to : '';
		} };
}

function zones() {
	const all = Intl.supportedValuesOf ? Intl.supportedValuesOf('timeZone') : [];
	const first = [...new Set(['UTC', ownZone])];
	const option = (z) => h('option', { value: z }, z.replace(/_/g, ' '));
	const select = h('select', { 'aria-label': t('filter.zone'), title: t('filter.zone'),
		onchange: () => go({ zone: select.value === ownZone ? '' : select.value,
		    pick: '' }) },
	first.map(option), h('optgroup', { label: t('filter.zones') },
	    all.filter((z) => !first.includes(z)).map(option)));
	return { el: select, update() {
		const z = state.zone || ownZone;
		if (![...select.options].some((o) => o.value === z)) select.append(option(z));
		select.value = z;
	} };
}

/** Only where there is more than one to choose from. */
function organisations() {
	const select = h('select', { 'aria-label': t('filter.org'), hidden: true,
		onchange: () => go({ org: select.value ? [select.value] : [] }) });
	return { el: select, offer(names) {
		const all = [...new Set([...names, ...state.org])];
		put(select, h('option', { value: '' }, t('filter.org.all')),
		    all.map((n) => h('option', { value: n }, n)));
		select.hidden = all.length < 2 && !state.org.length;
		select.value = state.org[0] || '';
	}, update() {
		if (state.org.length && ![...select.options].some((o) => o.value === state.org[0]))
			this.offer([]);
		select.value = state.org[0] || '';
	} };
}

function kinds() {
	const all = [...COUNTED, ...FURTHER].map((k) => ({ k, b: h('button', { type: 'button',
		title: t('filter.only', { kind: t(`kind.${k}`) }), onclick: () => {
			const on = ACTIONS[k].every((x) => state.kind.includes(x));
			go({ kind: on ? state.kind.filter((x) => !ACTIONS[k].includes(x)) :
			    [...new Set([...state.kind, ...ACTIONS[k]])] });
		} }, mark(k), h('span', null, t(`kind.${k}`))) }));
	return { el: h('div', { class: 'segments kinds', role: 'group',
	    'aria-label': t('filter.kinds') },
	    all.map((x) => x.b)), update() {
		for (const { k, b } of all) b.setAttribute('aria-pressed',
		    String(ACTIONS[k].every((x) => state.kind.includes(x))));
	} };
}

/** What is filtered by, each to be taken away again. */
function chips() {
	const el = h('ul', { class: 'chips', 'aria-label': t('filter.chips') });
	return { el, update() {
		put(el, ['person', 'repository'].flatMap((kind) => state[kind].map((id) => {
			const text = name(id);
			const drop = h('button', { type: 'button', onclick: () =>
			    go({ [kind]: state[kind].filter((x) => x !== id) }) }, '×');
			nameOf(kind, id, (n) => {
				say(text, n);
				drop.setAttribute('aria-label', t('filter.drop', { name: n }));
			});
			return h('li', { class: kind }, h('span', { class: 'soft' },
			    t(`search.${kind}`)), ' ',
			    text, drop);
		})));
		el.hidden = !el.children.length;
	} };
}

export function filters() {
	const org = organisations();
	const parts = { periods: periods(), dates: dates(), zones: zones(), org, kinds: kinds(),
		who: links(t('filter.who'), ['humans', 'bots', 'all'].map((who) =>
		    [t(`who.${who}`), { who }]), (c) => c.who === state.who), chips: chips() };
	const more = h('div', { class: 'filter-more', id: 'filter-more' }, parts.kinds.el,
	    parts.who.el, org.el, parts.zones.el);
	const toggle = h('button', { type: 'button', class: 'filter-toggle',
	    'aria-expanded': 'false',
		'aria-controls': 'filter-more', onclick: () => {
			const on = toggle.getAttribute('aria-expanded') !== 'true';
			toggle.setAttribute('aria-expanded', String(on));
		} }, t('filter.more'));
	const reset = h('a', { class: 'reset', href: '#' }, t('filter.reset'));
	const el = h('search', { class: 'filters', 'aria-label': t('filter.label') },
	    h('div', { class: 'filter-main' }, parts.periods.el, parts.dates.el,
		search((kind, { id }) => go({ [kind]: [...new Set([...state[kind], id])].slice(0,
		    50) })),
		toggle), more, parts.chips.el, reset);
	const none = { org: [], repository: [], person: [], kind: [], who: '', from: '', to: '',
		pick: '', days: '', zone: '', sort: '', order: '' };
	return { el, offer: (names) => org.offer(names), update() {
		for (const p of Object.values(parts)) p.update();
		reset.href = addressWith(none);
		reset.hidden = addressWith({}) === addressWith(none);
	} };
}

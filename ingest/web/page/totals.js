/* SPDX-License-Identifier: Apache-2.0 */
/*
 * totals.js - the numbers of the period, what they were in the one before, and how
 * complete they are: what is known to be missing, and what nobody can say.
 */
import { flash, h, put, say } from './dom.js';
import { ask } from './api.js';
import { Panel } from './panel.js';
import { change, day, num, short } from './format.js';
import { query } from './state.js';
import { mark } from './parts.js';
import { t } from './texts.js';

const TILES = [
	{ id: 'people' }, { id: 'activity' }, { id: 'commits', mark: true },
	{ id: 'pull_requests', mark: true }, { id: 'merged' }, { id: 'reviews', mark: true },
	{ id: 'repositories' },
];
const SMALL = ['issues', 'comments', 'releases'];

function tile({ id, mark: marked }) {
	const value = h('b', { class: 'value' }), delta = h('span', { class: 'delta' });
	const el = h('div', { class: 'tile', 'data-tile': id },
	    h('span', { class: 'label' }, marked && mark(id), t(`total.${id}`)), value, delta);
	return { el, update(now, before, how) {
		const text = num(now[id]), c = change(now[id], before[id]);
		if (value.textContent !== text) {
			say(value, text);
			if (how === 'live') flash(el);
		}
		delta.className = `delta ${c.way}`;
		put(delta, h('span', { 'aria-hidden': 'true' },
		    `${{ up: '↗ ', down: '↘ ', same: '', new: '' }[c.way]}${c.text}`),
		h('span', { class: 'vh' }, t('total.before', { n: num(before[id]) })));
		delta.title = t('total.before', { n: num(before[id]) });
	} };
}

function linesTile() {
	const plus = h('b', { class: 'plus' }), minus = h('b', { class: 'minus' });
	const el = h('div', { class: 'tile lines', 'data-tile': 'lines' },
	    h('span', { class: 'label' }, t('total.lines')),
	    h('span', { class: 'value' }, plus, ' ', minus));
	const rest = h('p', { class: 'note' });
	return { el, rest, update(now) {
		say(plus, `+${short(now.additions)}`);
		say(minus, `−${short(now.deletions)}`);
		say(rest, SMALL.map((id) => t(`count.${id}`, { n: now[id], num: num(now[id]) }))
		    .join(' · '));
	} };
}

/** ids: the tiles, all of them if it is left out. */
export function totals(ids = TILES.map((x) => x.id)) {
	return new Panel({ name: 'totals', title: t('totals.title'), size: 'strip',
		note: t('totals.note'),
		make(view) {
			const tiles = TILES.filter((x) => ids.includes(x.id)).map(tile),
			    lines = linesTile();
			view.append(h('div', { class: 'tiles' }, tiles.map((x) => x.el), lines.el),
			    lines.rest);
			return { update({ now, before }, how) {
				for (const x of tiles) x.update(now, before, how);
				lines.update(now);
			} };
		} });
}

/** The sentences about a period's completeness, and the word above them. */
export function judge(c) {
	if (!c.known) return { word: 'unknown', texts: [t('cover.unknown')] };
	const texts = [];
	if (c.since) texts.push(t('cover.since', { day: day(c.since) }));
	if (c.open_gaps) texts.push(t('cover.gaps', { n: c.open_gaps, num: num(c.open_gaps) }));
	if (c.reading)
		texts.push(t('cover.reading', { n: num(c.reading), all: num(c.repositories) }));
	if (c.parked) texts.push(t('cover.parked', { n: c.parked, num: num(c.parked) }));
	if (c.complete && !c.since)
		texts.push(t('cover.complete', { n: c.repositories, num: num(c.repositories) }));
	const word = c.complete ? (c.since ? 'since' : 'complete') : 'incomplete';
	return { word, texts };
}

/** Whether the period before this one is held: else nothing is compared with it. */
async function isBeforeHeld({ asked }, params, signal) {
	const from = Date.parse(asked.from), to = Date.parse(asked.to);
	const q = new URLSearchParams(params);
	q.delete('days');
	q.set('from', new Date(2 * from - to).toISOString());
	q.set('to', asked.from);
	const c = await ask('coverage', q, signal);
	return c.complete && !c.since;
}

/** The line that goes with the totals; asked of the ledger, also while the store is away. */
export function coverLine(strip) {
	const word = h('b'), text = h('span');
	const el = h('p', { class: 'cover', role: 'status' }, word, ' ', text, ' ');
	strip.el.append(el);
	let stop = null;
	const it = { el, last: null, async refresh(how) {
		if (stop && how === 'live') return;
		if (stop) stop.abort();
		const mine = stop = new AbortController();
		const q = query();
		for (const name of ['person', 'kind', 'who']) q.delete(name);
		q.set('max', '1');
		try {
			const c = await ask('coverage', q, mine.signal);
			if (mine.signal.aborted) return;
			it.last = c;
			const verdict = judge(c);
			el.className = `cover ${verdict.word}`;
			say(word, t(`cover.${verdict.word}.word`));
			say(text, verdict.texts.join(' '));
			const held = await isBeforeHeld(c, q, mine.signal);
			if (mine.signal.aborted) return;
			strip.el.classList.toggle('alone', !held);
			say(strip.note, t(held ? 'totals.note' : 'totals.alone'));
		} catch (e) {
			if (mine.signal.aborted) return;
			el.className = 'cover unknown';
			say(word, t('cover.unknown.word'));
			say(text, e.message);
		}
		stop = null;
	}, destroy() {
		if (stop) stop.abort();
	} };
	return it;
}

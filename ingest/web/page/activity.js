/* SPDX-License-Identifier: Apache-2.0 */
/*
 * activity.js - activity over time, stacked by kind, with a line for how many people.
 * A part of it can be picked, by pointer or by keys: all other panels are then of it.
 */
import { h, put } from './dom.js';
import { Panel } from './panel.js';
import { bars, bucketName, chart, frame, hasCharts, lines } from './chart.js';
import { dayOf, num, range } from './format.js';
import { go, state } from './state.js';
import { COUNTED, FURTHER, mark } from './parts.js';
import { picker } from './pick.js';
import { t } from './texts.js';

const froms = (a) => a.buckets.map((b) => b.from);

function option(a, shown, alone) {
	const o = frame(froms(a), a.asked, num, num);
	o.series = [...COUNTED, ...FURTHER].filter((k) => shown.has(k)).map((k) =>
	    bars(t(`kind.${k}`), a.buckets.map((b) => b[k]), k, { stack: 'all' }));
	if (alone) {
		o.yAxis.pop();
		return o;
	}
	o.series.push(lines(t('activity.people'), a.buckets.map((b) => b.people), 'ink',
	    { yAxisIndex: 1, line: { width: 1.5 } }));
	o.yAxis[1].min = 0;
	return o;
}

function table(a) {
	return { head: [t('chart.when'), ...[...COUNTED, ...FURTHER].map((k) => t(`kind.${k}`)),
		t('activity.people')],
	rows: a.buckets.map((b, i) => [bucketName(froms(a), i, a.asked),
		...[...COUNTED, ...FURTHER].map((k) => b[k]), b.people]) };
}

/** Which kinds are stacked: buttons that are the legend, too. */
function kinds(shown, alone, redraw) {
	return h('div', { class: 'legend buttons', role: 'group',
	    'aria-label': t('activity.kinds') },
	    [...COUNTED, ...FURTHER].map((k) => {
		const b = h('button', { type: 'button', 'aria-pressed': String(shown.has(k)),
			onclick: () => {
				if (shown.has(k)) shown.delete(k);
				else shown.add(k);
				b.setAttribute('aria-pressed', String(shown.has(k)));
				redraw();
			} }, mark(k), t(`kind.${k}`));
		return b;
	    }), alone ? null : h('span', { class: 'key' }, h('span', { class: 'swatch line c-ink',
		'aria-hidden': 'true' }), t('activity.people')));
}

/** Buckets i to j as days; what is picked is whole days of the zone. */
function daysOf(a, i, j) {
	const end = j + 1 < a.buckets.length ? a.buckets[j + 1].from : a.asked.to;
	return [dayOf(a.buckets[i].from), dayOf(new Date(Date.parse(end) - 1000))];
}

/** And back: the buckets that begin in it. */
function bucketsOf(a, pick) {
	const [from, to] = pick.split('..');
	const inside = a.buckets.map((b, i) => i).filter((i) => {
		const [first, last] = daysOf(a, i, i);
		return last >= from && first <= to;
	});
	return inside.length ? [inside[0], inside[inside.length - 1]] : null;
}

/** alone: of one person, where how many are active says nothing. */
export function activity({ size = '', alone = false } = {}) {
	const shown = new Set(COUNTED);
	return new Panel({ name: 'activity', title: t('activity.title'), overview: true,
		size: `over-time ${size}`, table,
		isEmpty: (a) => a.buckets.every((b) => [...COUNTED, ...FURTHER].every((k) =>
		    !b[k])),
		make(view) {
			let answer = null;
			const draw = chart(view, { label: t('activity.label'), table,
				option: (a) => option(a, shown, alone), drawn: () =>
				    pick.place() });
			view.prepend(kinds(shown, alone, () => draw.update(answer)));
			const pick = picker(draw, {
				buckets: () => (answer ? answer.buckets.length : 0),
				name: (i) => t('pick.bucket', { when: bucketName(froms(answer), i,
				    answer.asked),
					n: num(COUNTED.reduce((s, k) => s + answer.buckets[i][k],
					    0)) }),
				picked: () => (answer && state.pick ? bucketsOf(answer,
				    state.pick) : null),
				pick: (i, j) => go({ pick: i === null ? '' : daysOf(answer, i,
				    j).join('..') }),
			});
			const note = h('p', { class: 'picked' });
			view.append(note);
			const tell = () => {
				const [from, to] = state.pick ? state.pick.split('..') : [];
				put(note, state.pick ? [h('b', null, t('pick.picked', {
					when: range(`${from}T12:00:00Z`, `${to}T12:00:00Z`) })),
					    ' ',
				h('button', { type: 'button', onclick: () => go({ pick: '' }) },
				    t('pick.clear')), ' ',
				h('button', { type: 'button', onclick: () =>
				    go({ pick: '', days: '', from, to }) }, t('pick.zoom'))] :
				    hasCharts && t('pick.hint'));
			};
			return { update(a) {
				answer = a;
				draw.update(a);
				tell();
				pick.place();
			}, moved() {
				tell();
				pick.place();
			}, destroy() {
				pick.destroy();
				draw.destroy();
			} };
		} });
}

/* SPDX-License-Identifier: Apache-2.0 */
/* heat.js - the punch card of hours and weekdays, and a year as a calendar. */
import { h, hidden, put, svg } from './dom.js';
import { Panel } from './panel.js';
import { day, dayOf, monthName, num, weekday } from './format.js';
import { bucketName } from './chart.js';
import { COUNTED, level } from './parts.js';
import { bodyRow, caption, scrollBox } from './table.js';
import { t } from './texts.js';

const HOURS = Array.from({ length: 24 }, (_, i) => i);
const two = (n) => String(n).padStart(2, '0');

/** Every third hour is named for the eye. */
const hour = (i) => h('th', { scope: 'col' }, h('span', { class: i % 3 ? 'vh' : null }, two(i)));

function punch(cells) {
	const most = Math.max(...cells.flat());
	const told = (d, i, n) => t('punch.cell', { day: weekday(d + 1), hour: two(i), n,
		num: num(n) });
	return h('table', { class: 'heat-table punch' }, caption(t('punch.title')),
	    h('thead', null, h('tr', null, h('td'), HOURS.map(hour))),
	    h('tbody', null, cells.map((week, d) => bodyRow(weekday(d + 1), week.map((n, i) =>
		h('td', { class: `heat l${level(n, most)}`, title: told(d, i, n) },
		    hidden(num(n))))))));
}

export function punchCard() {
	return new Panel({ name: 'punch_card', title: t('punch.title'), note: t('punch.note'),
		isEmpty: (a) => a.cells.flat().every((n) => !n),
		make: (view) => ({ update: (a) => put(view, punch(a.cells)) }) });
}

const total = (b) => COUNTED.reduce((s, k) => s + b[k], 0);

/** Weeks as columns, Monday on top; the months above where they begin. */
function calendar(a) {
	const days = a.buckets.map((b) => ({ day: dayOf(b.from), from: b.from, n: total(b) }));
	const first = (new Date(`${days[0].day}T00:00:00Z`).getUTCDay() + 6) % 7;
	const most = Math.max(...days.map((d) => d.n)),
	    weeks = Math.ceil((days.length + first) / 7);
	const parts = [];
	days.forEach((d, i) => {
		const x = Math.floor((i + first) / 7), y = (i + first) % 7;
		if (d.day.endsWith('-01') && x < weeks - 1)
			parts.push(svg('text', { x: x * 12 + 1, y: 8 }, monthName(d.from)));
		parts.push(svg('rect', { x: x * 12, y: 13 + y * 12, width: 10, height: 10, rx: 2,
			class: `heat l${level(d.n, most)}` },
		svg('title', null, t('calendar.day', { day: day(d.from), n: d.n,
		    num: num(d.n) }))));
	});
	const sum = days.reduce((s, d) => s + d.n, 0);
	return scrollBox(t('calendar.title'), svg('svg', { class: 'calendar',
	    viewBox: `0 0 ${weeks * 12} 98`, role: 'img',
		'aria-label': t('calendar.label', { n: sum, num: num(sum),
			days: num(days.filter((d) => d.n).length) }) }, parts));
}

/** The year that ends today, whatever period is chosen. */
export function year(person) {
	return new Panel({ name: 'activity', id: 'year', title: t('calendar.title'),
		note: t('calendar.note'), size: 'full',
		params(q) {
			for (const name of ['from', 'to']) q.delete(name);
			q.set('days', '365');
			q.set('interval', 'day');
			q.set('person', person);
		},
		table: (a) => ({ head: [t('chart.when'), ...COUNTED.map((k) => t(`kind.${k}`))],
			rows: a.buckets.map((b, i) => [b, i]).filter(([b]) =>
			    total(b)).reverse().map(([b, i]) =>
			    [bucketName(a.buckets.map((x) => x.from), i, a.asked),
			    ...COUNTED.map((k) => b[k])]) }),
		make: (view) => ({ update(a) {
			put(view, calendar(a), h('p', { class: 'scale-key', 'aria-hidden': 'true' },
			    t('calendar.less'),
			    [0, 1, 2, 3, 4, 5, 6].map((l) => h('i', { class: `heat l${l}` })),
			    t('calendar.more')));
		} }) });
}

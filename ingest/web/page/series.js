/* SPDX-License-Identifier: Apache-2.0 */
/* series.js - the first twelve, each with a small chart of their own, all of one height. */
import { h, keyed, say, svg } from './dom.js';
import { Panel } from './panel.js';
import { num, short } from './format.js';
import { set } from './table.js';
import { bucketName } from './chart.js';
import { state, viewOf } from './state.js';
import { COUNTED, name, stepPaths } from './parts.js';
import { t } from './texts.js';

function card(p) {
	return h('li', null, h('a', { href: viewOf('person', p.id), class: 'card' },
	    h('span', { class: 'rank' }), ' ', h('b', { class: 'person' }, name(p.name)), ' ',
	    h('span', { class: 'n sum' }),
	    svg('svg', { viewBox: '0 0 1 100', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
		COUNTED.map((k) => svg('path', { class: `k-${k}` }))),
	    h('span', { class: 'plus' }), ' ', h('span', { class: 'minus' })));
}

function fill(li, p, buckets, most, how) {
	const a = li.firstChild, [rank, , who, , sum, plot, plus, , minus] = a.childNodes;
	a.href = viewOf('person', p.id);
	say(rank, num(p.rank));
	say(who.firstChild, p.name);
	set(sum, num(p.activity), how);
	say(plus, `+${short(p.additions)}`);
	say(minus, `−${short(p.deletions)}`);
	plot.setAttribute('viewBox', `0 0 ${Math.max(1, buckets.length)} 100`);
	stepPaths(p.series, buckets.length, most).forEach((d, i) =>
	    plot.children[i].setAttribute('d', d));
}

const sums = (p, n) => Array.from({ length: n }, (_, i) =>
    COUNTED.reduce((s, k) => s + (p.series[k][i] || 0), 0));

export function series() {
	return new Panel({ name: 'series', title: t('series.title'), note: t('series.note'),
		params(q) {
			if (state.sort) q.set('sort', state.sort);
			if (state.order) q.set('order', state.order);
		},
		isEmpty: (a) => a.people.length === 0,
		table: (a) => ({ head: [t('chart.when'), ...a.people.map((p) => p.name)],
			rows: a.buckets.map((b, i) => [bucketName(a.buckets, i, a.asked),
				...a.people.map((p) => sums(p, a.buckets.length)[i])]) }),
		make(view) {
			const list = h('ol', { class: 'multiples' });
			const scale = h('p', { class: 'note scale' });
			view.append(list, scale);
			return { update(a, how) {
				const n = a.buckets.length;
				const most = Math.max(1, ...a.people.flatMap((p) => sums(p, n)));
				keyed(list, a.people, (p) => p.id, card, (li, p) => fill(li, p,
				    a.buckets, most, how));
				say(scale, t(`series.scale.${a.asked.interval || 'week'}`,
				    { n: num(most) }));
			} };
		} });
}

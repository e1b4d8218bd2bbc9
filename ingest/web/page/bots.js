/* SPDX-License-Identifier: Apache-2.0 */
/* bots.js - how much of it bots and AI agents did, and which. */
import { h, keyed, say, svg } from './dom.js';
import { Panel } from './panel.js';
import { bars, bucketName, chart, frame, legend } from './chart.js';
import { num, percent } from './format.js';
import { set } from './table.js';
import { name } from './parts.js';
import { t } from './texts.js';

const froms = (a) => a.buckets.map((b) => b.from);
const sum = (a, k) => a.buckets.reduce((s, b) => s + b[k], 0);

function table(a) {
	return { head: [t('chart.when'), t('bots.human'), t('bots.bot')],
		rows: a.buckets.map((b, i) => [bucketName(froms(a), i, a.asked), b.human, b.bot]) };
}

export function bots() {
	return new Panel({ name: 'bots', title: t('bots.title'), note: t('bots.note'), table,
		size: 'over-time',
		isEmpty: (a) => !sum(a, 'human') && !sum(a, 'bot'),
		make(view) {
			const share = h('p', { class: 'share' });
			view.append(share, legend([['human', 'box', t('bots.human')],
				['bot', 'box', t('bots.bot')]]));
			const draw = chart(view, { label: t('bots.label'), table, option(a) {
				const o = frame(froms(a), a.asked);
				o.series = [bars(t('bots.human'), a.buckets.map((b) => b.human),
				    'human',
				    { stack: 'all' }), bars(t('bots.bot'), a.buckets.map((b) =>
				    b.bot), 'bot',
				    { stack: 'all' })];
				return o;
			} });
			const list = h('ol', { class: 'agents' });
			view.append(list);
			return { update(a, how) {
				const bot = sum(a, 'bot'), all = bot + sum(a, 'human');
				say(share, t('bots.share', { share: percent(all ? bot / all : 0,
				    1) }));
				draw.update(a);
				const most = Math.max(1, ...a.agents.map((x) => x.documents));
				keyed(list, a.agents, (x) => x.name, (x) => h('li', null,
				    name(x.name), ' ',
				    h('span', { class: 'n' }), svg('svg', { class: 'bar',
				    viewBox: '0 0 100 1',
					preserveAspectRatio: 'none', 'aria-hidden': 'true' },
				    svg('rect', { class: 'k-bot', height: 1 }))), (li, x) => {
					set(li.querySelector('.n'), num(x.documents), how);
					li.querySelector('rect').setAttribute('width',
					    x.documents * 100 / most);
				});
			}, destroy: () => draw.destroy() };
		} });
}

/* SPDX-License-Identifier: Apache-2.0 */
/* repositories.js - where it happens, and on how few people it rests. */
import { h, keyed, put, say } from './dom.js';
import { Panel } from './panel.js';
import { livingTable, more } from './table.js';
import { num, short, span } from './format.js';
import { remember } from './names.js';
import { bar, counted, fillBar, personLink, repositoryLink, sinceShort } from './parts.js';
import { t } from './texts.js';

const count = (id) => ({ id, label: t(`repositories.${id}`), title: t(`repositories.${id}.title`),
	class: 'n', text: (r) => num(r[id]), zero: (r) => r[id] === 0 });

export function repositories({ size = 'wide', title = t('repositories.title') } = {}) {
	let shown = 15;
	const scale = { most: 1 };
	const columns = [
		{ id: 'name', label: t('repositories.name'), head: true, class: 'who',
			make: (r) => [repositoryLink(r), bar()],
			update: (cell, r) => {
				say(cell.querySelector('bdi'), r.name);
				fillBar(cell.lastChild, counted(r), scale.most);
			} },
		{ ...count('activity'), class: 'n sum' }, count('people'), count('commits'),
		count('pull_requests'), count('merged'), count('reviews'), count('issues'),
		    count('open'),
		{ id: 'lines', label: t('people.lines'), class: 'n lines',
			make: () => [h('span', { class: 'plus' }), ' ', h('span',
			    { class: 'minus' })],
			update: (cell, r) => {
				say(cell.firstChild, `+${short(r.additions)}`);
				say(cell.lastChild, `−${short(r.deletions)}`);
			} },
		{ id: 'merge_median', label: t('repositories.merge_median'),
			title: t('repositories.merge_median.title'), class: 'n',
			text: (r) => (r.merge_median === undefined ? '–' : span(r.merge_median)) },
		{ id: 'last', label: t('people.last'), class: 'n last',
			update: (cell, r) => sinceShort(cell, r.last) },
	];
	return new Panel({ name: 'repositories', title, size,
		params: (q) => q.set('max', String(shown)),
		isEmpty: (a) => a.repositories.length === 0,
		make(view, self) {
			const table = livingTable({ caption: title, class: 'repositories',
				key: (r) => r.id, columns });
			const rest = h('p', { class: 'more' });
			view.append(table.el, rest);
			return { update(a, how) {
				scale.most = Math.max(1, ...a.repositories.map((r) => r.activity));
				for (const r of a.repositories) remember('repository', r.id,
				    r.name);
				table.update(a.repositories, how);
				more(rest, a.repositories.length, Math.min(1000, a.total), () => {
					shown = Math.min(1000, shown + 100);
					self.refresh('filters');
				});
			} };
		} });
}

function busCard(r) {
	return h('li', null, h('b', { class: 'factor' }), h('div', null, repositoryLink(r),
	    h('p', { class: 'sub' }), h('p', { class: 'owners' })));
}

export function busFactor() {
	return new Panel({ name: 'bus_factor', title: t('bus.title'), note: t('bus.note'),
		params: (q) => q.set('max', '8'),
		isEmpty: (a) => a.repositories.length === 0,
		make(view) {
			const list = h('ul', { class: 'bus' });
			view.append(list);
			return { update(a) {
				keyed(list, a.repositories, (r) => r.id, busCard, (li, r) => {
					const [factor, rest] = li.children;
					factor.className = `factor f${Math.min(4, r.factor)}`;
					say(factor, num(r.factor));
					say(rest.children[1], t('bus.of', { n: r.factor,
					    num: num(r.factor),
						people: num(r.people), commits: num(r.commits) }));
					put(rest.children[2], r.top.slice(0, 4).flatMap((p, i) =>
					    [i ? ', ' : null, personLink(p), ` ${num(p.commits)}`]),
					r.top.length > 4 ? ', …' : null);
				});
			} };
		} });
}

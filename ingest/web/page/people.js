/* SPDX-License-Identifier: Apache-2.0 */
/* people.js - the people, in order of activity: what everybody looks at first. */
import { h, put, say } from './dom.js';
import { Panel } from './panel.js';
import { livingTable, more } from './table.js';
import { num, short } from './format.js';
import { go, state } from './state.js';
import { remember } from './names.js';
import { bar, counted, fillBar, mark, personLink, sinceShort } from './parts.js';
import { t } from './texts.js';

const FIRST = 25, STEP = 100, MOST = 1000;

const now = () => [state.sort || 'activity', state.order ||
    (state.sort === 'name' ? 'asc' : 'desc')];

/** The same column again turns the order. */
function by(id) {
	const [sort, order] = now();
	const next = sort !== id ? '' : order === 'asc' ? 'desc' : 'asc';
	go({ sort: id === 'activity' ? '' : id,
		order: next === (id === 'name' ? 'asc' : 'desc') ? '' : next }, { replace: true });
}

const count = (id) => ({ id, label: t(`people.${id}`), title: t(`people.${id}.title`),
	sorts: true, class: `n c-${id}`, text: (p) => num(p[id]), zero: (p) => p[id] === 0 });

function columns(scale) {
	return [
		{ id: 'rank', label: t('people.rank'), class: 'n rank', text: (p) => num(p.rank) },
		{ id: 'name', label: t('people.name'), sorts: true, class: 'who', head: true,
			make: (p) => [personLink(p), bar()],
			update: (cell, p) => {
				say(cell.querySelector('bdi'), p.name);
				cell.querySelector('a').href = personLink(p).getAttribute('href');
				fillBar(cell.lastChild, counted(p), scale.most);
			} },
		{ ...count('activity'), class: 'n sum' },
		count('commits'), count('pull_requests'), count('merged'), count('reviews'),
		{ id: 'additions', label: t('people.lines'), title: t('people.lines.title'),
			sorts: true, class: 'n lines', make: () => [h('span', { class: 'plus' }),
			    ' ',
				h('span', { class: 'minus' })],
			update: (cell, p) => {
				say(cell.firstChild, `+${short(p.additions)}`);
				say(cell.lastChild, `−${short(p.deletions)}`);
			} },
		count('repositories'),
		{ id: 'last', label: t('people.last'), title: t('people.last.title'), sorts: true,
			class: 'n last', update: (cell, p) => sinceShort(cell, p.last) },
	];
}

/** The formula, each part with the mark it has in the bars: it is their legend, too. */
export const formula = () => h('p', { class: 'formula' }, t('people.formula'), ' ',
    mark('commits'), t('kind.commits'), ' + ', mark('pull_requests'), t('formula.pulls'), ' + ',
    mark('reviews'), t('formula.reviews'));

export function people({ size = 'people-side', title = t('people.title') } = {}) {
	let shown = FIRST;
	const scale = { most: 1 };
	const panel = new Panel({ name: 'people', title, size,
		params(q) {
			q.set('max', String(shown));
			if (state.sort) q.set('sort', state.sort);
			if (state.order) q.set('order', state.order);
		},
		isEmpty: (a) => a.people.length === 0,
		empty: t('people.empty'),
		make(view, self) {
			const table = livingTable({ caption: title, class: 'people', key: (p) =>
			    p.id,
				columns: columns(scale), sort: { now, by } });
			const rest = h('p', { class: 'more' });
			const total = h('p', { class: 'note total' });
			view.append(formula(), table.el, rest, total);
			return { update(a, how) {
				scale.most = Math.max(1, ...a.people.map((p) => p.activity));
				for (const p of a.people) remember('person', p.id, p.name);
				table.update(a.people, how);
				put(total, t('people.total', { n: a.total, num: num(a.total),
					documents: num(a.documents) }));
				more(rest, a.people.length, Math.min(a.total, MOST), () => {
					shown = Math.min(MOST, shown + STEP);
					self.refresh('filters');
				});
			} };
		} });
	return panel;
}

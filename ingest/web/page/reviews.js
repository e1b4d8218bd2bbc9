/* SPDX-License-Identifier: Apache-2.0 */
/* reviews.js - who reviews, how they decide, and whose pull requests. */
import { h, put, say } from './dom.js';
import { Panel } from './panel.js';
import { bodyRow, caption, livingTable, scrollBox } from './table.js';
import { num } from './format.js';
import { remember } from './names.js';
import { legend } from './chart.js';
import { bar, fillBar, level, name, personLink } from './parts.js';
import { viewOf } from './state.js';
import { t } from './texts.js';

const STATES = ['approved', 'changes_requested', 'commented', 'dismissed'];

export function reviewers() {
	const scale = { most: 1 };
	const columns = [
		{ id: 'name', label: t('people.name'), head: true, class: 'who',
			make: (p) => [personLink(p), bar(STATES)],
			update: (cell, p) => {
				say(cell.querySelector('bdi'), p.name);
				fillBar(cell.lastChild, STATES.map((k) => p[k]), scale.most);
			} },
		{ id: 'reviews', label: t('people.reviews'), class: 'n sum',
			text: (p) => num(p.reviews) },
		...STATES.map((k) => ({ id: k, label: t(`review.${k}.short`), class: 'n',
			title: t(`review.${k}`), text: (p) => num(p[k]), zero: (p) =>
			    p[k] === 0 })),
		{ id: 'authors', label: t('review.authors'), class: 'n',
			title: t('review.authors.title'), text: (p) => num(p.authors) },
	];
	return new Panel({ name: 'reviewers', title: t('reviewers.title'),
	    note: t('reviewers.note'),
		params: (q) => q.set('max', '15'),
		isEmpty: (a) => a.reviewers.length === 0,
		make(view) {
			const table = livingTable({ caption: t('reviewers.title'), key: (p) => p.id,
			    columns });
			view.append(legend(STATES.map((k) => [k, 'box', t(`review.${k}`)])),
			    table.el);
			return { update(a, how) {
				scale.most = Math.max(1, ...a.reviewers.map((p) => p.reviews));
				for (const p of a.reviewers) remember('person', p.id, p.name);
				table.update(a.reviewers, how);
			} };
		} });
}

/** A cell coloured by its number, which stands in it. */
const cell = (n, most, title) =>
    h('td', { class: `heat l${level(n, most)}`, title }, n ? num(n) : '');

const slanted = (p) => h('th', { scope: 'col', class: 'slanted' },
    h('a', { href: viewOf('person', p.id) }, name(p.name)));

/** Authors as rows, reviewers as columns. */
function heat({ authors, reviewers: all, cells }) {
	const most = Math.max(...cells.flat());
	const told = (i, j) => t('matrix.cell', { author: authors[i], reviewer: all[j].name,
		n: cells[i][j], num: num(cells[i][j]) });
	return h('table', { class: 'heat-table' }, caption(t('matrix.caption')),
	    h('thead', null, h('tr', null,
		h('th', { class: 'corner', scope: 'col' }, t('matrix.corner')), all.map(slanted))),
	    h('tbody', null, authors.map((author, i) =>
		bodyRow(name(author), all.map((p, j) => cell(cells[i][j], most, told(i, j)))))));
}

export function matrix() {
	return new Panel({ name: 'matrix', title: t('matrix.title'), note: t('matrix.note'),
		isEmpty: (a) => a.authors.length === 0 || a.reviewers.length === 0,
		make: (view) => ({ update: (a) => put(view, scrollBox(t('matrix.title'),
		    heat(a))) }) });
}

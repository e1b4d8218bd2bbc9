/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.js - tables of people, repositories and numbers. A column says how its cell
 * is made; rows keep their elements from one answer to the next.
 */
import { flash, glide, h, hidden, keyed, put, say } from './dom.js';
import { num } from './format.js';
import { t } from './texts.js';

/** A box that scrolls by itself, also by keys. */
export const scrollBox = (label, ...children) => h('div', { class: 'scroll', tabindex: '0',
	role: 'group', 'aria-label': label }, children);

/** Cells of one row of a table's head, or of its body with the first as its header. */
export const headRow = (texts, classOf = () => null) => h('thead', null, h('tr', null,
    texts.map((x, i) => h('th', { scope: 'col', class: classOf(i) }, x))));
export const bodyRow = (first, cells) => h('tr', null, h('th', { scope: 'row' }, first), cells);
export const caption = (text) => h('caption', { class: 'vh' }, text);

/** What a chart shows, as rows of texts and numbers. */
export function plainTable(label, head, rows) {
	const numeric = head.map((_, i) => i > 0 && rows.every((r) => typeof r[i] === 'number'));
	const cell = (v) => (typeof v === 'number' ? h('td', { class: 'n' }, num(v)) :
	    h('td', null, v));
	return scrollBox(label, h('table', null, caption(label),
	    headRow(head, (i) => (numeric[i] ? 'n' : null)),
	    h('tbody', null, rows.map(([first, ...more]) => bodyRow(first, more.map(cell))))));
}

/** Its numbers' new text; a light where it became another. */
export function set(cell, text, how) {
	if (cell.textContent === text) return;
	say(cell, text);
	if (how === 'live') flash(cell);
}

/**
 * A table whose rows live on.
 * @param {object} spec
 * caption; key(row); columns: [{ id, label, title, class, make(row): children of a new
 * cell, text(row): text of it, update(cell, row), head: is a row's header }];
 * sort: { now(): [id, order], by(id) } makes headings of those with sorts: true buttons
 */
export function livingTable(spec) {
	const body = h('tbody', { role: 'rowgroup' });
	const heads = spec.columns.map((c) => heading(c, spec.sort));
	const el = h('table', { class: `rows ${spec.class || ''}`, role: 'table' },
	    h('caption', { class: 'vh' }, spec.caption),
	    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, heads)), body);

	function make(row) {
		return h('tr', { role: 'row' }, spec.columns.map((c) => h(c.head ? 'th' : 'td', {
			class: c.class, role: c.head ? 'rowheader' : 'cell',
			scope: c.head ? 'row' : null, 'data-label': c.short || c.label },
		c.make ? c.make(row) : null)));
	}
	function fill(tr, row, how) {
		spec.columns.forEach((c, i) => {
			const td = tr.children[i];
			if (c.text) set(td, c.text(row), how);
			if (c.zero) td.classList.toggle('zero', c.zero(row));
			if (c.update) c.update(td, row, how);
		});
	}
	return {
		el,
		update(rows, how) {
			const settle = how === 'live' ? glide([...body.children]) : () => {};
			const known = new Set([...body.children].map((r) => r.dataset.key));
			keyed(body, rows, spec.key, make, (tr, row) =>
			    fill(tr, row, known.has(String(spec.key(row))) ? how : ''));
			settle();
			if (spec.sort) heads.forEach((th, i) => mark(th, spec.columns[i],
			    spec.sort));
		},
	};
}

function heading(c, sort) {
	const text = c.hide ? hidden(c.label) : c.label;
	const inside = c.sorts && sort ? h('button', { type: 'button', title: c.title,
		onclick: () => sort.by(c.id) }, text, h('span', { class: 'arrow',
		    'aria-hidden': 'true' })) :
	    text;
	return h('th', { scope: 'col', class: c.class, role: 'columnheader',
		title: c.sorts ? null : c.title }, inside);
}

function mark(th, c, sort) {
	if (!c.sorts) return;
	const [id, order] = sort.now();
	if (c.id === id) th.setAttribute('aria-sort', order === 'asc' ? 'ascending' : 'descending');
	else th.removeAttribute('aria-sort');
	const arrow = th.querySelector('.arrow');
	if (arrow) say(arrow, c.id === id ? (order === 'asc' ? '▲' : '▼') : '');
}

/** "and 12 more", with what to do about it. */
export function more(el, shown, total, onMore, text) {
	put(el, total > shown ? h('button', { type: 'button', onclick: onMore },
	    text || t('table.more', { n: total - shown, num: num(total - shown) })) : null);
	el.hidden = total <= shown;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unlinked.js - people known by an e-mail or a name alone, as lines of a mapping file
 * for the filter `contributor`: a name in brackets, below it the ids that are theirs.
 */
import { h, say } from './dom.js';
import { Panel } from './panel.js';
import { livingTable, scrollBox } from './table.js';
import { day, dayOf, num } from './format.js';
import { personLink, sinceShort } from './parts.js';
import { t } from './texts.js';

/** A name as a heading of that file: on one line, without its signs. */
const heading = (text) => text.replace(/[\u0000-\u001f\u007f[\]#]+/g, ' ').trim() || '?';

const lines = (people) => people.map((p) => `# ${t('unlinked.line', { n: p.commits,
	num: p.commits, first: dayOf(p.first),
	    last: dayOf(p.last) })}\n[${heading(p.name)}]\n${p.id}\n`)
    .join('\n');

export function mapping() {
	const columns = [
		{ id: 'name', label: t('people.name'), head: true, class: 'who', make: (p) =>
		    personLink(p),
			update: (cell, p) => say(cell.querySelector('bdi'), p.name) },
		{ id: 'commits', label: t('people.commits'), class: 'n sum', text: (p) =>
		    num(p.commits) },
		{ id: 'first', label: t('unlinked.first'), class: 'n', text: (p) => day(p.first) },
		{ id: 'last', label: t('people.last'), class: 'n last', update: (td, p) =>
		    sinceShort(td, p.last) },
	];
	return new Panel({ name: 'unlinked', title: t('unlinked.title'), note: t('unlinked.note'),
		size: 'wide', params: (q) => q.set('max', '200'),
		isEmpty: (a) => a.people.length === 0, empty: t('unlinked.empty'),
		make(view) {
			const table = livingTable({ caption: t('unlinked.title'), key: (p) => p.id,
			    columns });
			const text = h('textarea', { readonly: true, rows: '12', wrap: 'off',
				spellcheck: 'false', 'aria-label': t('unlinked.text') });
			const told = h('span', { role: 'status' });
			const copy = h('button', { type: 'button', onclick: async () => {
				text.select();
				try {
					await navigator.clipboard.writeText(text.value);
					say(told, t('unlinked.copied'));
				} catch (e) {
					say(told, t('unlinked.selected'));
				}
			} }, t('unlinked.copy'));
			view.append(h('div', { class: 'mapping' },
			    scrollBox(t('unlinked.title'), table.el),
			    h('div', null, h('p', { class: 'note' }, t('unlinked.how')), text,
				h('p', null, copy, ' ', told))));
			return { update(a, how) {
				table.update(a.people, how);
				text.value = lines(a.people);
				say(told, '');
			} };
		} });
}

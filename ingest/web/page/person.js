/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person.js - the head of a person's page: the names that were made one, since when
 * they are there, and between whom and them reviews go.
 */
import { h, keyed, put, say, svg } from './dom.js';
import { Panel } from './panel.js';
import { day, num } from './format.js';
import { set } from './table.js';
import { remember } from './names.js';
import { name, personLink, since } from './parts.js';
import { t } from './texts.js';

/** What an id says of where it came from. */
function origin(id) {
	if (id.startsWith('mail:')) return t('person.byMail');
	if (id.startsWith('name:')) return t('person.byName');
	return t('person.byAccount', { id });
}

export function personHead(id, titled) {
	const title = h('h2', { class: 'page-title' }, name(id));
	const also = h('p', { class: 'also' }), when = h('p', { class: 'note' });
	const listeners = new Set();
	const panel = new Panel({ name: 'person', title: t('person.title'), size: 'head',
	    csv: false,
		params(q) {
			q.delete('person');
			q.set('person', id);
			q.set('who', 'all');
		},
		isEmpty: (a) => !a.id, empty: t('person.nobody'),
		make(view) {
			view.append(title, when, also);
			return { update(a, how) {
				remember('person', a.id, a.name);
				titled(a.name);
				say(title.firstChild, a.name);
				const last = h('span');
				put(when, origin(a.id), ' · ', a.first ? t('person.since',
				    { day: day(a.first) }) : '',
				    a.last ? ' · ' : '', a.last ? t('person.last') : '', ' ', last);
				if (a.last) since(last, a.last);
				const others = a.names.filter((n) => n !== a.name);
				put(also, others.length ? [t('person.also'), ' ',
					others.map((n, i) => [i ? ', ' : '', name(n)]), '. ',
					h('span', { class: 'soft' }, t('person.why'))] : null);
				for (const fn of listeners) fn(a, how);
			} };
		} });
	return { panel, onAnswer: (fn) => listeners.add(fn) };
}

/** Rows of names with bars, in a frame of their own; what they say came with the head. */
function side(head, id, title, note, rowsOf) {
	const list = h('ol', { class: 'agents' }), none = h('p', { class: 'status' },
	    t('panel.empty'));
	const key = `panel-${id}`;
	const el = h('section', { class: `panel ${id}`, 'aria-labelledby': key },
	    h('header', null, h('h2', { id: key }, title), h('p', { class: 'note' }, note)), none,
	    list);
	head.onAnswer((a, how) => {
		const rows = rowsOf(a).slice(0, 11), most = Math.max(1, ...rows.map((r) =>
		    r.reviews));
		none.hidden = rows.length > 0;
		keyed(list, rows, (r) => r.id || r.name, (r) => h('li', null, r.id ? personLink(r) :
		    name(r.name), ' ', h('span', { class: 'n' }), svg('svg', { class: 'bar',
			viewBox: '0 0 100 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
		    svg('rect', { class: 'k-reviews', height: 1 }))), (li, r) => {
			set(li.querySelector('.n'), num(r.reviews), how);
			li.querySelector('rect').setAttribute('width', r.reviews * 100 / most);
		});
	});
	return { el };
}

export const reviewsBetween = (head) => ({
	given: side(head, 'given', t('person.given'), t('person.given.note'), (a) => a.reviews_to),
	received: side(head, 'received', t('person.received'), t('person.received.note'),
	    (a) => a.reviews_from),
});

/* SPDX-License-Identifier: Apache-2.0 */
/* lists.js - who is new, who has gone quiet, and what happened last. */
import { flash, h, keyed, put, say } from './dom.js';
import { Panel } from './panel.js';
import { ask } from './api.js';
import { livingTable, more } from './table.js';
import { day, num } from './format.js';
import { remember } from './names.js';
import { KIND_OF, mark, name, outLink, pageOf, personLink, repositoryLink, since,
    sinceShort } from './parts.js';
import { state } from './state.js';
import { t } from './texts.js';

const MAX = 12;

/** People with a moment of theirs. */
function peopleList(spec, when) {
	return new Panel({ ...spec, params: (q) => q.set('max', String(MAX)),
		isEmpty: (a) => a.people.length === 0,
		make(view, self) {
			const table = livingTable({ caption: spec.title, key: (p) => p.id,
			    columns: [
				{ id: 'name', label: t('people.name'), head: true, class: 'who',
					make: (p) => personLink(p),
					update: (cell, p) => say(cell.querySelector('bdi'),
					    p.name) },
				{ id: 'activity', label: t('people.activity'), class: 'n sum',
					text: (p) => num(p.activity) },
				{ id: when, label: t(`people.${when}`), class: 'n last',
					update: (cell, p) => sinceShort(cell, p[when]) },
			] });
			const rest = h('p', { class: 'note total' });
			view.append(table.el, rest);
			return { update(a, how) {
				for (const p of a.people) remember('person', p.id, p.name);
				table.update(a.people, how);
				say(rest, a.total > a.people.length ?
				    t('table.of', { n: num(a.people.length),
				    all: num(a.total) }) : '');
				if (spec.updated) spec.updated(a, self);
			} };
		} });
}

/** Who is new is only known where the history before is held. */
async function doubt(a, panel) {
	try {
		const q = new URLSearchParams({ from: '1990-01-01', to: a.asked.from, max: '1' });
		for (const key of ['org', 'repository'])
			for (const v of state[key]) q.append(key, v);
		const c = await ask('coverage', q);
		put(panel.status, !c.known || !c.complete || c.since ? h('span', { class: 'doubt' },
		    c.since ? t('newcomers.since',
		    { day: day(c.since) }) : t('newcomers.unknown')) : '');
	} catch (e) {
		say(panel.status, t('newcomers.unknown'));
	}
}

export const newcomers = () => peopleList({ name: 'newcomers', title: t('newcomers.title'),
	note: t('newcomers.note'), empty: t('newcomers.empty'), updated: doubt }, 'since');

export const quiet = () => peopleList({ name: 'quiet', title: t('quiet.title'),
	note: t('quiet.note'), empty: t('quiet.empty') }, 'last');

/** One document as a line: who did what, where, when. */
function entry(d) {
	const who = d.person_id ? personLink({ id: d.person_id, name: d.person }) :
	    name(d.person || t('recent.nobody'));
	const did = t(`did.${d.kind}`, { number: d.number ? `#${d.number}` : '', kind: d.kind,
		state: d.state ? t(`state.${d.state}`) : '' }, 'did.other');
	const what = d.title ? [h('span', { class: 'verb' }, did), ' ',
		outLink(pageOf(d), name(d.title))] : outLink(pageOf(d), did);
	return h('li', null, mark(KIND_OF[d.kind] || 'releases'), h('div', null,
	    h('p', { class: 'what' }, who, ' ', what),
	    h('p', { class: 'sub' }, d.repository_id && repositoryLink({ id: d.repository_id,
		name: d.repository }), ' · ', h('span', { class: 'when' }))));
}

/** What happened last; more: with a button for what was before. */
export function recent({ title = t('recent.title'), size = '', long = false } = {}) {
	let shown = long ? 30 : 10;
	return new Panel({ name: 'recent', title, size,
		params(q) {
			q.set('max', String(shown));
			/* Branches that come and go are no news. */
			if (!state.kind.length)
				for (const kind of Object.keys(KIND_OF)) q.append('kind', kind);
		},
		isEmpty: (a) => a.documents.length === 0,
		make(view, self) {
			const list = h('ol', { class: 'recent' }), rest = h('p', { class: 'more' });
			view.append(list, rest);
			return { update(a, how) {
				const known = new Set([...list.children].map((li) =>
				    li.dataset.key));
				keyed(list, a.documents, (d) => d.id, entry, (li, d) => {
					remember('person', d.person_id, d.person);
					since(li.querySelector('.when'), d.time);
				});
				if (how === 'live') for (const li of list.children)
					if (!known.has(li.dataset.key)) flash(li);
				more(rest, shown, long && a.next && shown < 200 ? 200 : shown,
				    () => {
					shown = Math.min(200, shown * 2);
					self.refresh('filters');
				}, t('recent.more'));
			} };
		} });
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data.js - the page about the data itself: what is stored, what is known to be
 * missing and why, what a store refused, what GitHub still allows, and which e-mails
 * belong to nobody yet.
 */
import { h, put } from './dom.js';
import { Panel } from './panel.js';
import { bodyRow, caption, headRow, plainTable, scrollBox } from './table.js';
import { day, moment, num } from './format.js';
import { name, since } from './parts.js';
import { mapping } from './unlinked.js';
import { judge } from './totals.js';
import { t } from './texts.js';

const KINDS = ['commits', 'pulls', 'issues', 'releases', 'comments'];
const STATES = ['complete', 'partial', 'reading', 'parked', 'unknown'];

const fact = (label, ...value) => h('div', null, h('dt', null, label), h('dd', null, value));
const ago = (when) => since(h('span'), when);

const trouble = (x) => h('p', { class: 'trouble' }, h('b', null, x.instance), ' ', x.text,
    x.since ? [' · ', ago(x.since)] : null);

const lastError = (e) => h('p', { class: 'soft' }, t('data.error'), ' ', e.text,
    e.at ? [' · ', ago(e.at)] : null);

/** Where a bucket of allowance stands. */
function budget(label, b) {
	if (!b) return null;
	return fact(label, h('meter', { min: 0, max: b.limit, low: b.limit * 0.2,
		value: b.remaining, 'aria-label': label }), ' ',
	t('data.budget', { n: num(b.remaining), all: num(b.limit) }));
}

function organization(o) {
	const census = o.census ? [t('data.census'), ' ', ago(o.census)] : t('data.censusNever');
	return fact(name(o.name), o.feed ? [t('data.feed'), ' ', ago(o.feed), '; '] : null, census);
}

function followed(r) {
	const others = ['parked', 'skipped', 'left', 'gone'].filter((k) => r[k]);
	return fact(t('data.repositories'), t('data.followed', { n: r.followed,
	    num: num(r.followed) }),
	    others.map((k) => ` · ${t(`data.${k}`, { n: r[k], num: num(r[k]) })}`));
}

function history({ done, total }) {
	const label = t('data.history');
	return fact(label, h('progress', { max: total, value: done, 'aria-label': label }), ' ',
	    t('data.historyOf', { n: num(done), all: num(total) }));
}

/** Numbers as the text of that name wants them. */
function told(key, numbers) {
	const texts = Object.entries(numbers).map(([k, n]) => [k, num(n)]);
	return fact(t(`data.${key}`), t(`data.${key}Of`, Object.fromEntries(texts)));
}

function status() {
	return new Panel({ name: 'status', title: t('data.status'), csv: false, bare: true,
		make: (view) => ({ update(a) {
			const { settled, unsettled, dropped } = a.documents;
			put(view, a.troubles.map(trouble), a.error ? lastError(a.error) : null,
			    h('dl', { class: 'facts' }, a.organizations.map(organization),
				followed(a.repositories), a.history ? history(a.history) : null,
				told('streams', a.streams), told('documents', { settled, unsettled,
				    dropped }),
				budget(t('data.rest'), a.budget.rest),
				budget(t('data.graphql'), a.budget.graphql),
				told('viewers', { n: a.live.clients, all: a.live.most }),
				fact(t('data.version'), `hubstash ${a.version}`)));
		} }) });
}

function contents() {
	return new Panel({ name: 'contents', title: t('data.contents'), bare: true,
		isEmpty: (a) => a.documents === 0, empty: t('data.nothing'),
		make: (view) => ({ update(a) {
			put(view, h('dl', { class: 'facts' },
			    fact(t('data.held'), h('b', null, num(a.documents))),
			    a.first ? fact(t('data.first'), moment(a.first)) : null,
			    a.last ? fact(t('data.last'), moment(a.last)) : null,
			    a.organizations.map((o) => fact(name(o.name), num(o.documents)))));
		} }) });
}

/** Streams by kind and state: each a number that is also a colour and a word. */
function streamTable(streams) {
	const count = (k, s) => streams.filter((x) => x.kind === k && x.state === s).length;
	const cell = (k, s) => h('td', { class: `n ${count(k, s) ? `s-${s}` : 'zero'}` },
	    num(count(k, s)));
	return scrollBox(t('data.streams'), h('table', { class: 'streams' },
	    caption(t('data.streams')),
	    headRow([t('data.kind'), ...STATES.map((s) => t(`stream.${s}`))], (i) => (i ?
	    'n' : null)),
	    h('tbody', null, KINDS.map((k) =>
		bodyRow(t(`stream.${k}`), STATES.map((s) => cell(k, s)))))));
}

/** What is not whole, repository by repository. */
function streamRows(streams) {
	/* The safety net for comments begins with the program: that is no lack. */
	const isWhole = (s) => s.state === 'complete' ||
	    (s.kind === 'comments' && s.state === 'partial');
	const rows = streams.filter((s) => !isWhole(s)).slice(0, 200).map((s) =>
	    [s.repository || s.repository_id, t(`stream.${s.kind}`), t(`stream.${s.state}`),
		s.since ? day(s.since) : '', s.gaps, s.reason || '']);
	return rows.length ? plainTable(t('data.notWhole'), [t('data.repository'), t('data.kind'),
		t('data.state'), t('data.since'), t('data.gaps'), t('data.reason')], rows) : null;
}

function gapRows(gaps) {
	const rows = gaps.slice(0, 200).map((g) => [g.repository || g.organization,
		t(`stream.${g.kind}`), g.cause,
		g.keys ? t('data.keys', { n: g.keys, num: num(g.keys) }) :
		    `${g.from ? day(g.from) : '…'} – ${g.to ? day(g.to) : '…'}`,
		g.total ? t('data.historyOf', { n: num(g.read), all: num(g.total) }) : num(g.read),
		g.parked || t('data.goesOn')]);
	return rows.length ? plainTable(t('data.gaps'), [t('data.repository'), t('data.kind'),
		t('data.cause'), t('data.missing'), t('data.read'), t('data.then')], rows) :
	    h('p', { class: 'status' }, t('data.noGaps'));
}

function coverage() {
	return new Panel({ name: 'coverage', size: 'wide', title: t('data.coverage'),
		note: t('data.coverage.note'),
		params(q) {
			for (const key of ['person', 'kind', 'who']) q.delete(key);
		},
		make: (view) => ({ update(a) {
			const verdict = judge(a);
			put(view, h('p', { class: `cover ${verdict.word}` },
			    h('b', null, t(`cover.${verdict.word}.word`)), ' ',
			    verdict.texts.join(' ')),
			streamTable(a.streams), streamRows(a.streams),
			h('h3', null, t('data.gaps'), ' ', num(a.open_gaps)), gapRows(a.gaps),
			a.gaps_total > a.gaps.length || a.streams_total > a.streams.length ?
			    h('p', { class: 'note' }, t('data.cut')) : null);
		} }) });
}

function deadLetters() {
	return new Panel({ name: 'status', id: 'dead', title: t('data.dead'), csv: false,
	    bare: true,
		isEmpty: (a) => a.dead_letters.count === 0, empty: t('data.noDead'),
		make: (view) => ({ update({ dead_letters: { count: n, newest } }) {
			put(view, h('p', null, t('data.deadOf', { n, num: num(n) }), ' ',
			    h('code', null, 'hubstash dlq explain ID')),
			plainTable(t('data.dead'), ['ID', ...['output', 'document', 'reason', 'at']
			    .map((k) => t(`data.${k}`))], newest.map((x) =>
			    [String(x.id), x.output, x.document, x.reason, moment(x.at)])));
		} }) });
}

export function data() {
	const panels = [status(), contents(), coverage(), deadLetters(), mapping()];
	return { title: t('nav.data'), panels, extras: [], el: h('div', { class: 'view-data' },
	    h('h2', { class: 'page-title' }, t('data.title')),
	    h('p', { class: 'note' }, t('data.note')),
	    h('div', { class: 'grid' }, panels.map((p) => p.el))) };
}

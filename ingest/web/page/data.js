/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data.js - the page about the data itself: what is stored, what is known to be
 * missing and why, what a store refused, what GitHub still allows, and which e-mails
 * belong to nobody yet.
 */
import { h, put } from './dom.js';
import { Panel } from './panel.js';
import { plainTable } from './table.js';
import { day, moment, num } from './format.js';
import { name, since } from './parts.js';
import { mapping } from './unlinked.js';
import { judge } from './totals.js';
import { t } from './texts.js';

const KINDS = ['commits', 'pulls', 'issues', 'releases', 'comments'];
const STATES = ['complete', 'partial', 'reading', 'parked', 'unknown'];

const fact = (label, ...value) => h('div', null, h('dt', null, label), h('dd', null, value));
const ago = (when) => since(h('span'), when);

/** Where a bucket of allowance stands. */
function budget(label, b) {
	if (!b) return null;
	return fact(label, h('meter', { min: 0, max: b.limit, low: b.limit * 0.2,
	    value: b.remaining,
		'aria-label': label }), ' ', t('data.budget', { n: num(b.remaining),
		    all: num(b.limit) }));
}

function status() {
	return new Panel({ name: 'status', title: t('data.status'), csv: false, bare: true,
		make: (view) => ({ update(a) {
			const r = a.repositories;
			put(view, a.troubles.map((x) => h('p', { class: 'trouble' }, h('b', null,
			    x.instance), ' ',
			    x.text, x.since ? [' · ', ago(x.since)] : null)),
			a.error ? h('p', { class: 'soft' }, t('data.error'), ' ', a.error.text,
			    a.error.at ? [' · ', ago(a.error.at)] : null) : null,
			h('dl', { class: 'facts' },
			    a.organizations.map((o) => fact(name(o.name), o.feed ? [t('data.feed'),
			    ' ',
				ago(o.feed), '; '] : null, o.census ? [t('data.census'), ' ',
				    ago(o.census)] :
				t('data.censusNever'))),
			    fact(t('data.repositories'), t('data.followed', { n: r.followed,
			    num: num(r.followed) }),
				['parked', 'skipped', 'left', 'gone'].filter((k) => r[k]).map((k) =>
				    ` · ${t(`data.${k}`, { n: r[k], num: num(r[k]) })}`)),
			    a.history ? fact(t('data.history'), h('progress',
			    { max: a.history.total,
				value: a.history.done, 'aria-label': t('data.history') }), ' ',
			    t('data.historyOf', { n: num(a.history.done),
			    all: num(a.history.total) })) : null,
			    fact(t('data.streams'), t('data.streamsOf', { all: num(a.streams.all),
				due: num(a.streams.due), parked: num(a.streams.parked) })),
			    fact(t('data.documents'), t('data.documentsOf',
			    { settled: num(a.documents.settled),
				unsettled: num(a.documents.unsettled),
				    dropped: num(a.documents.dropped) })),
			    budget(t('data.rest'), a.budget.rest), budget(t('data.graphql'),
			    a.budget.graphql),
			    fact(t('data.viewers'), t('data.viewersOf', { n: num(a.live.clients),
				all: num(a.live.most) })),
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
	return h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t('data.streams') },
	    h('table', { class: 'streams' }, h('caption', { class: 'vh' }, t('data.streams')),
	    h('thead', null, h('tr', null, h('th', { scope: 'col' }, t('data.kind')),
		STATES.map((s) => h('th', { scope: 'col', class: `n s-${s}` }, t(`stream.${s}`))))),
	    h('tbody', null, KINDS.map((k) => h('tr', null, h('th', { scope: 'row' },
	    t(`stream.${k}`)),
		STATES.map((s) => h('td', { class: `n ${count(k, s) ? `s-${s}` : 'zero'}` },
		    num(count(k, s)))))))));
}

/** What is not whole, repository by repository. */
function streamRows(streams) {
	/* The safety net for comments begins with the program: that is no lack. */
	const rows = streams.filter((s) => s.state !== 'complete' && (s.kind !== 'comments' ||
	    s.state !== 'partial')).slice(0, 200).map((s) =>
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
	return new Panel({ name: 'coverage', title: t('data.coverage'),
	    note: t('data.coverage.note'),
		size: 'wide',
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
		make: (view) => ({ update(a) {
			const d = a.dead_letters;
			put(view, h('p', null, t('data.deadOf', { n: d.count, num: num(d.count) }),
			    ' ',
			    h('code', null, 'hubstash dlq explain ID')),
			plainTable(t('data.dead'), ['ID', t('data.output'), t('data.document'),
			    t('data.reason'),
				t('data.at')], d.newest.map((x) => [String(x.id), x.output,
				    x.document, x.reason,
				moment(x.at)])));
		} }) });
}

export function data() {
	const panels = [status(), contents(), coverage(), deadLetters(), mapping()];
	return { title: t('nav.data'), panels, extras: [], el: h('div', { class: 'view-data' },
	    h('h2', { class: 'page-title' }, t('data.title')), h('p', { class: 'note' },
	    t('data.note')),
	    h('div', { class: 'grid' }, panels.map((p) => p.el))) };
}


/* SPDX-License-Identifier: Apache-2.0 */
/* pulls.js - pull requests: how many come and go, how long they wait, which wait longest. */
import { h, put, say } from './dom.js';
import { Panel } from './panel.js';
import { bars, bucketName, chart, frame, legend, lines } from './chart.js';
import { num, span } from './format.js';
import { livingTable, set } from './table.js';
import { remember } from './names.js';
import { name, outLink, personLink, repositoryLink, sinceShort } from './parts.js';
import { t } from './texts.js';

const froms = (a) => a.buckets.map((b) => b.from);
const FLOW = ['opened', 'merged', 'closed'];
const TONE = { opened: 'pull_requests', merged: 'merged', closed: 'closed' };

function flowTable(a) {
	return { head: [t('chart.when'), ...FLOW.map((k) => t(`flow.${k}`))],
		rows: a.buckets.map((b, i) => [bucketName(froms(a), i, a.asked),
			...FLOW.map((k) => b[k])]) };
}

export function flow() {
	return new Panel({ name: 'flow', title: t('flow.title'), note: t('flow.note'),
		size: 'over-time', table: flowTable,
		isEmpty: (a) => a.buckets.every((b) => FLOW.every((k) => !b[k])),
		make(view) {
			view.append(legend(FLOW.map((k) => [TONE[k], 'box', t(`flow.${k}`)])));
			return chart(view, { label: t('flow.label'), table: flowTable, option(a) {
				const o = frame(froms(a), a.asked);
				o.series = FLOW.map((k) => bars(t(`flow.${k}`), a.buckets.map((b) =>
				    b[k]),
				    TONE[k], k === 'opened' ? {} : { stack: 'done' }));
				return o;
			} });
		} });
}

const WAITS = ['first_review', 'merge'];
const WAIT_TONE = { first_review: 'reviews', merge: 'merged' };

function latencyTable(a) {
	const cell = (x, k) => (x.count ? span(x[k]) : '–');
	return { head: [t('chart.when'), ...WAITS.flatMap((w) => [t(`latency.${w}.median`),
		t(`latency.${w}.p85`)])],
	rows: a.buckets.map((b, i) => [bucketName(froms(a), i, a.asked),
		...WAITS.flatMap((w) => [cell(b[w], 'median'), cell(b[w], 'p85')])]) };
}

/** Hours between lines: whole hours, days, weeks. */
const step = (most) => [0.25, 1, 2, 6, 12, 24, 48, 72, 168, 336, 720, 2160]
    .find((n) => n * 5 >= most) || 8760;

/** The two numbers of each wait, large. */
function waits() {
	const parts = WAITS.map((w) => ({ w, median: h('b'), p85: h('b'), count: h('span') }));
	return { el: h('dl', { class: 'waits' }, parts.map((p) => h('div', null,
	    h('dt', null, h('span', { class: `swatch line c-${WAIT_TONE[p.w]}`,
	    'aria-hidden': 'true' }),
		t(`latency.${p.w}`)),
	    h('dd', null, p.median, ' ', h('span', null, t('latency.median'))),
	    h('dd', { class: 'soft' }, p.p85, ' ', t('latency.p85')),
	    h('dd', { class: 'soft' }, p.count)))),
	update(all, how) {
		for (const p of parts) {
			const x = all[p.w];
			set(p.median, x.count ? span(x.median) : '–', how);
			set(p.p85, x.count ? span(x.p85) : '–', how);
			say(p.count, t('latency.count', { n: x.count, num: num(x.count) }));
		}
	} };
}

export function latency() {
	return new Panel({ name: 'latency', title: t('latency.title'), note: t('latency.note'),
		size: 'over-time', table: latencyTable,
		isEmpty: (a) => WAITS.every((w) => !a.all[w].count),
		make(view) {
			const head = waits();
			view.append(head.el);
			const draw = chart(view, { label: t('latency.label'), table: latencyTable,
			    option(a) {
				const o = frame(froms(a), a.asked, (v) => (v ? span(v) : '0'));
				const most = Math.max(0.1, ...a.buckets.flatMap((b) =>
				    WAITS.map((w) => (b[w].count ? b[w].p85 : 0))));
				o.yAxis.interval = step(most);
				o.yAxis.max = Math.ceil(most / step(most)) * step(most);
				const value = (w, k) => a.buckets.map((b) => (b[w].count ?
				    b[w][k] : null));
				o.series = WAITS.flatMap((w) => [
					lines(t(`latency.${w}.median`), value(w, 'median'),
					    WAIT_TONE[w],
					    { connectNulls: true }),
					lines(t(`latency.${w}.p85`), value(w, 'p85'), WAIT_TONE[w],
					    { line: { type: 'dashed', width: 1.3 },
					    connectNulls: true,
						showSymbol: false })]);
				return o;
			} });
			return { update(a, how) {
				head.update(a.all, how);
				draw.update(a);
			}, destroy: () => draw.destroy() };
		} });
}

/** What somebody has to do about it. */
function waiting(d) {
	if (d.draft) return t('open.draft');
	return d.reviews ? t('open.reviewed', { n: d.reviews,
	    num: num(d.reviews) }) : t('open.unseen');
}

export function open() {
	const columns = [
		{ id: 'title', label: t('open.what'), head: true, class: 'what', make: (d) => [
			outLink(d.url, name(d.title || `#${d.number}`)), ' ',
			h('span', { class: 'soft' }, `#${d.number}`), h('br'),
			h('span', { class: 'sub' }, d.person_id ? personLink({ id: d.person_id,
				name: d.person }) : name(d.person || ''), ' · ',
			repositoryLink({ id: d.repository_id, name: d.repository }))],
		update: (cell, d) => say(cell.querySelector('bdi'), d.title || `#${d.number}`) },
		{ id: 'waits', label: t('open.waits'), update: (cell, d) => {
			put(cell, h('span', { class: d.reviews || d.draft ? '' : 'unseen' },
			    waiting(d)));
		} },
		{ id: 'age', label: t('open.age'), class: 'n last',
			update: (cell, d) => sinceShort(cell, d.created || d.time) },
	];
	return new Panel({ name: 'open', title: t('open.title'), note: t('open.note'),
		params: (q) => q.set('max', '12'),
		isEmpty: (a) => a.pull_requests.length === 0, empty: t('open.empty'),
		make(view) {
			const table = livingTable({ caption: t('open.title'), key: (d) => d.id,
			    columns });
			const total = h('p', { class: 'note total' });
			view.append(table.el, total);
			return { update(a, how) {
				for (const d of a.pull_requests) remember('person', d.person_id,
				    d.person);
				table.update(a.pull_requests, how);
				say(total, t('open.total', { n: a.total, num: num(a.total) }));
			} };
		} });
}


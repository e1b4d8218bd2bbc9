/* SPDX-License-Identifier: Apache-2.0 */
/*
 * panel.js - the frame around each question: it asks when it comes into view, asks
 * again when filters or numbers change, and says when there is nothing, when it
 * waits, and when what it shows is old.
 */
import { h, put, say } from './dom.js';
import { ask, url } from './api.js';
import { query } from './state.js';
import { clock } from './format.js';
import { isReading } from './progress.js';
import { plainTable } from './table.js';
import { t } from './texts.js';

const AGAIN_MS = 10000;

let eye = null;
const seenBy = new WeakMap();

/** One observer for all panels; half a screen ahead. */
function watch(el, fn) {
	eye = eye || new IntersectionObserver((entries) => {
		for (const e of entries) {
			const see = seenBy.get(e.target);
			if (see) see(e.isIntersecting);
		}
	}, { rootMargin: '50% 0px' });
	seenBy.set(el, fn);
	eye.observe(el);
}

function unwatch(el) {
	seenBy.delete(el);
	if (eye) eye.unobserve(el);
}

export class Panel {
	/**
	 * @param {object} spec
	 * name: the API's; title, note: texts; params(q): changes the question;
	 * make(body, panel): gives { update(answer, how), destroy() };
	 * isEmpty(answer); empty: what to say then; table(answer): { head, rows };
	 * overview: of the whole period, whatever is picked of it.
	 */
	constructor(spec) {
		Object.assign(this, { spec, answer: null, visible: false, due: 'first', timer: 0 });
		const id = `panel-${spec.id || spec.name}`;
		this.status = h('p', { class: 'status', role: 'status' });
		this.view = h('div', { class: 'view' });
		this.list = h('div', { class: 'view as-table', hidden: true });
		this.title = h('h2', { id }, spec.title);
		this.note = spec.note ? h('p', { class: 'note' }, spec.note) : null;
		this.tools = h('div', { class: 'tools' }, spec.tools);
		this.el = h('section',
		    { class: `panel ${spec.id || spec.name} ${spec.size || ''} loading`,
			'aria-labelledby': id, 'data-panel': spec.id || spec.name },
		h('header', null, this.title, this.note,
		    this.tools), this.status, this.view, this.list);
		if (spec.table) this.offerTable();
		if (spec.csv !== false) this.offerCsv();
		this.waiting = h('div', { class: 'bones', 'aria-hidden': 'true' });
		this.view.append(this.waiting);
		watch(this.el, (visible) => {
			this.visible = visible;
			if (visible && this.due) this.refresh(this.due);
		});
	}

	offerTable() {
		this.toggle = h('button', { type: 'button', class: 'tool', 'aria-pressed': 'false',
			onclick: () => this.showTable(this.list.hidden) }, t('panel.table'));
		this.tools.append(this.toggle);
	}

	offerCsv() {
		this.csv = h('a', { class: 'tool', download: `${this.spec.name}.csv`,
			'aria-label': t('panel.csvOf', { what: this.spec.title }) },
			    t('panel.csv'));
		this.tools.append(this.csv);
	}

	showTable(on) {
		this.list.hidden = !on;
		this.view.hidden = on;
		this.toggle.setAttribute('aria-pressed', String(on));
		this.fillTable();
	}

	fillTable() {
		if (this.list.hidden || !this.answer) return;
		const { head, rows } = this.spec.table(this.answer);
		put(this.list, plainTable(this.spec.title, head, rows));
	}

	params() {
		if (this.spec.bare) return new URLSearchParams();
		const q = query(undefined, { overview: this.spec.overview });
		if (this.spec.params) this.spec.params(q);
		return q;
	}

	/** how: filters (other numbers may be wanted), live (they may have changed), first, again. */
	refresh(how) {
		if (how === 'filters' && this.asked === this.params().toString()) return;
		if (this.stop && how !== 'live') {
			this.stop.abort();
			this.stop = null;
		}
		if (how === 'filters') this.el.classList.add('other');
		if (!this.visible || this.stop) {
			this.due = this.due && this.due !== 'live' ? this.due : how;
			return;
		}
		this.due = '';
		this.load(how);
	}

	async load(how) {
		const stop = this.stop = new AbortController();
		clearTimeout(this.timer);
		this.el.setAttribute('aria-busy', 'true');
		const params = this.params();
		this.asked = params.toString();
		if (this.csv) this.csv.href = url(this.spec.name, params, '.csv');
		try {
			const answer = await ask(this.spec.name, params, stop.signal);
			if (stop.signal.aborted) return;
			this.show(answer, how);
		} catch (e) {
			if (stop.signal.aborted) return;
			this.fail(e);
		}
		this.el.removeAttribute('aria-busy');
		this.stop = null;
		if (this.due && this.visible) this.refresh(this.due);
	}

	show(answer, how) {
		this.answer = answer;
		this.at = new Date();
		this.waiting.remove();
		const empty = this.spec.isEmpty ? this.spec.isEmpty(answer) : false;
		this.el.classList.remove('loading', 'stale', 'failed', 'other');
		this.el.classList.toggle('empty', empty);
		say(this.status, !empty ? '' : isReading() ? t('panel.emptyYet') :
		    this.spec.empty || t('panel.empty'));
		if (!this.content && !empty)
			this.content = this.spec.make(this.view, this) || {};
		if (this.content && !empty && this.content.update) this.content.update(answer, how);
		this.fillTable();
	}

	/** The last numbers stay, greyed; it asks again by itself where that may help. */
	fail(e) {
		const why = e.message, again = e.away !== false;
		this.waiting.remove();
		this.el.classList.remove('loading', 'empty', 'other');
		this.el.classList.add(this.answer ? 'stale' : 'failed');
		put(this.status, this.answer ? t('panel.stale', { time: clock(this.at), why }) :
		    t('panel.failed', { why }), ' ', again ? t('panel.again') : '', ' ',
		h('button', { type: 'button', onclick: () => this.refresh('again') },
		    t('panel.now')));
		if (again) this.timer = setTimeout(() => this.refresh('first'), AGAIN_MS);
	}

	destroy() {
		unwatch(this.el);
		clearTimeout(this.timer);
		if (this.stop) this.stop.abort();
		if (this.content && this.content.destroy) this.content.destroy();
		this.el.remove();
	}
}

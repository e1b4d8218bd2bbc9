/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress.js - what concerns the whole page: that nothing is there yet and what is to
 * come, how far history is read, what is in trouble, what the data is.
 */
import { h, put, say } from './dom.js';
import { ask, onAway } from './api.js';
import { num } from './format.js';
import { t } from './texts.js';

const BUSY_MS = 3000, CALM_MS = 30000;

let reading = false;

/** Whether what is not there may still come. */
export const isReading = () => reading;

/** onStatus(status) each time; it asks by itself, often only while history is read. */
export function progress(onStatus) {
	const notice = h('p', { class: 'notice', hidden: true });
	const away = h('p', { class: 'trouble', hidden: true });
	const said = h('div');
	const box = h('div', { class: 'news', role: 'status' }, away, said);
	onAway((why) => {
		away.hidden = !why;
		say(away, why ? t('first.away', { why }) : '');
	});
	let timer = 0, shown = '';

	const news = (...text) => h('div', { class: 'history' }, text);
	function history({ done, total }) {
		return news(h('p', null, h('b', null, t('first.reading')), ' ',
		    t('first.of', { n: num(done), all: num(total) }), ' ', t('first.newest')),
		h('progress', { max: total, value: done, 'aria-label': t('first.reading') }));
	}
	const begin = () => news(h('p', null, h('b', null, t('first.begin')), ' ',
	    t('first.census')));
	const trouble = (x) => h('p', { class: 'trouble' }, h('b', null, x.instance), ' ', x.text);
	function show(s) {
		notice.hidden = !s.notice;
		say(notice, s.notice || '');
		const text = JSON.stringify([s.history, s.troubles, s.store,
		    s.repositories.followed]);
		if (text === shown) return;	/* what is read out is not said again */
		shown = text;
		const begun = s.repositories.followed > 0 || !s.follows;
		put(said, s.troubles.map(trouble),
		    s.store ? null : h('p', { class: 'trouble' }, t('first.noStore')),
		    begun ? null : begin(), s.history && s.history.total ?
		    history(s.history) : null);
	}
	async function look() {
		clearTimeout(timer);
		let busy = false;
		try {
			const s = await ask('status');
			busy = reading = s.follows && (!!s.history || !s.repositories.followed);
			show(s);
			onStatus(s);
		} catch (e) {
			busy = true;	/* the line about who is away says it */
		}
		timer = setTimeout(look, busy ? BUSY_MS : CALM_MS);
	}
	look();
	return { notice, box };
}

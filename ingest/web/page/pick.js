/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pick.js - picking a part of a chart over time: drag over it, or with keys: arrows go
 * from bucket to bucket, with Shift they take more, Enter picks, Escape lets go.
 */
import { h, say } from './dom.js';
import { t } from './texts.js';

/**
 * @param {object} draw of chart.js
 * @param {object} by buckets(): how many; name(i); picked(): [i, j] or null;
 * pick(i, j), pick(null)
 */
export function picker(draw, by) {
	const band = h('div', { class: 'band', hidden: true });
	const spoken = h('p', { class: 'vh', 'aria-live': 'polite' });
	const { el } = draw;
	if (!el.getAttribute('role')) return { place() {}, destroy() {} };
	el.classList.add('pickable');
	el.setAttribute('role', 'application');
	el.setAttribute('aria-roledescription', t('pick.role'));
	el.setAttribute('aria-label', `${el.getAttribute('aria-label')} ${t('pick.keys')}`);
	el.tabIndex = 0;
	el.after(band, spoken);
	let start = null, at = null;		/* buckets, while something is picked */

	const x = (i) => draw.canvas.convertToPixel({ xAxisIndex: 0 }, i);
	const wide = () => (by.buckets() > 1 ? x(1) - x(0) : el.clientWidth);

	function show(i, j) {
		const ready = draw.canvas && i !== null && by.buckets();
		band.hidden = !ready;
		if (!ready) return;
		const [a, b] = i <= j ? [i, j] : [j, i];
		band.style.left = `${el.offsetLeft + x(a) - wide() / 2}px`;
		band.style.width = `${x(b) - x(a) + wide()}px`;
		band.style.top = `${el.offsetTop}px`;
		band.style.height = `${el.clientHeight}px`;
	}
	function bucketAt(e) {
		const i = Math.round(draw.canvas.convertFromPixel({ xAxisIndex: 0 },
		    e.clientX - el.getBoundingClientRect().left));
		return Math.max(0, Math.min(by.buckets() - 1, i));
	}
	function place() {
		if (start !== null) return;
		const picked = by.picked();
		show(...(picked || [null]));
	}
	function done(i, j) {
		start = at = null;
		if (i === null) by.pick(null);
		else by.pick(Math.min(i, j), Math.max(i, j));
		place();
	}

	el.addEventListener('pointerdown', (e) => {
		if (e.button || !draw.canvas || !by.buckets() || e.pointerType === 'touch') return;
		start = at = bucketAt(e);
		el.setPointerCapture(e.pointerId);
	});
	el.addEventListener('pointermove', (e) => {
		if (start === null) return;
		at = bucketAt(e);
		if (at !== start) show(start, at);
	});
	el.addEventListener('pointerup', () => {
		if (start === null) return;
		const picked = by.picked(), same = start === at;
		/* One click on what is picked lets it go. */
		if (same && picked && start >= picked[0] && start <= picked[1]) done(null);
		else done(start, at);
	});
	el.addEventListener('pointercancel', () => {
		start = at = null;
		place();
	});
	let cursor = null, anchor = null;
	el.addEventListener('keydown', (e) => {
		const last = by.buckets() - 1;
		if (last < 0 || !draw.canvas) return;
		const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity,
		    End: Infinity }[e.key];
		if (step) {
			if (cursor === null) cursor = step > 0 ? -1 : last + 1;
			if (!e.shiftKey || anchor === null) anchor = null;
			const from = Math.max(0, Math.min(last, cursor));
			cursor = Math.max(0, Math.min(last, cursor + step));
			if (e.shiftKey && anchor === null) anchor = from;
			show(anchor === null ? cursor : anchor, cursor);
			say(spoken, by.name(cursor));
			draw.canvas.dispatchAction({ type: 'showTip', seriesIndex: 0,
			    dataIndex: cursor });
		} else if (e.key === 'Enter' && cursor !== null) {
			done(anchor === null ? cursor : anchor, cursor);
		} else if (e.key === 'Escape' && (cursor !== null || by.picked())) {
			cursor = anchor = null;
			draw.canvas.dispatchAction({ type: 'hideTip' });
			done(null);
		} else {
			return;
		}
		e.preventDefault();
	});
	el.addEventListener('blur', () => {
		cursor = anchor = null;
		if (draw.canvas) draw.canvas.dispatchAction({ type: 'hideTip' });
		place();
	});
	return { place, destroy() {
		start = at = null;
	} };
}

/* SPDX-License-Identifier: Apache-2.0 */
/* parts.js - small things that many panels show. */
import { h, put, say, svg } from './dom.js';
import { age, ago, moment } from './format.js';
import { viewOf } from './state.js';
import { t } from './texts.js';

/** Kinds that count, in the order they are stacked; shapes tell them apart, too. */
export const COUNTED = ['commits', 'pull_requests', 'reviews'];
export const FURTHER = ['issues', 'comments', 'releases'];

/** event.action as the kind it is shown as. */
export const KIND_OF = { commit: 'commits', pull_request: 'pull_requests', review: 'reviews',
	issue: 'issues', issue_comment: 'comments', review_comment: 'comments',
	commit_comment: 'comments', release: 'releases' };
export const ACTIONS = { commits: ['commit'], pull_requests: ['pull_request'],
	reviews: ['review'], issues: ['issue'], releases: ['release'],
	comments: ['issue_comment', 'review_comment', 'commit_comment'] };

const SHAPES = { commits: 'M2 2h8v8H2z', pull_requests: 'M6 1l5.2 9.5H.8z',
	reviews: 'M6 1a5 5 0 100 10A5 5 0 006 1z', issues: 'M6 .5L11.5 6 6 11.5.5 6z',
	comments: 'M1 2h10v6H6l-3 3V8H1z', releases: 'M4.5 1h3v3.5H11v3H7.5V11h-3V7.5H1v-3h3.5z' };

/** The mark of a kind: a colour and a shape. */
export const mark = (kind) => svg('svg', { class: `mark k-${kind}`, viewBox: '0 0 12 12',
	'aria-hidden': 'true' }, svg('path', { d: SHAPES[kind] || SHAPES.releases }));

/** A name is somebody's text: isolated, so that its direction stays its own. */
export const name = (text) => h('bdi', null, text);

export const personLink = (p) => h('a', { class: 'person', href: viewOf('person', p.id) },
    name(p.name || p.id));
export const repositoryLink = (r) => h('a', { class: 'repository',
	href: viewOf('repository', r.id) }, name(r.name || r.id));

let web = '';

/** Where GitHub's own pages are, for what has no address of its own. */
export const setWeb = (url) => {
	web = url;
};

export const pageOf = (d) => d.url || (web && d.sha && d.repository ?
    `${web}/${d.repository}/commit/${d.sha}` : '');

/** Only to where a browser may go from here. */
export function outLink(url, ...children) {
	return /^https?:\/\//.test(url || '') ?
	    h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, children) :
	    h('span', null, children);
}

/** A moment as "3 hrs ago", or as "3 hrs" below a heading; the whole of it on demand. */
export function since(el, when, short = false) {
	let time = el.querySelector('time');
	if (!time) put(el, time = h('time', { class: short ? 'age' : null }));
	time.setAttribute('datetime', when || '');
	time.title = when ? moment(when) : '';
	return say(time, when ? (short ? age : ago)(when) : t('never'));
}

export const sinceShort = (el, when) => since(el, when, true);

/** Times that are shown go on. */
export function tick(root = document) {
	for (const el of root.querySelectorAll('time[title]'))
		if (el.title) say(el, (el.className ? age : ago)(el.dateTime));
}

/**
 * A bar of some kinds, as long as their counts are of most. Its numbers stand beside
 * it: it is only for the eye.
 */
export const bar = (kinds = COUNTED) => svg('svg', { class: 'bar', viewBox: '0 0 100 1',
	preserveAspectRatio: 'none', 'aria-hidden': 'true' },
kinds.map((kind) => svg('rect', { class: `k-${kind}`, y: 0, height: 1 })));

export function fillBar(el, counts, most) {
	let at = 0;
	counts.forEach((n, i) => {
		const wide = most > 0 ? n * 100 / most : 0;
		el.children[i].setAttribute('x', at.toFixed(2));
		el.children[i].setAttribute('width', Math.max(0, wide - (wide > 1 ?
		    0.35 : 0)).toFixed(2));
		at += wide;
	});
}

export const counted = (row) => COUNTED.map((kind) => row[kind] || 0);

/** A step area of each counted kind, stacked: one path a kind. */
export function stepPaths(series, count, most) {
	const base = new Array(count).fill(0);
	return COUNTED.map((kind) => {
		let d = '';
		for (let i = 0; i < count; i++) {
			const n = series[kind] ? series[kind][i] || 0 : 0;
			if (!n) continue;
			const y0 = 100 - base[i] * 100 / most, y1 = y0 - n * 100 / most;
			d += `M${i + 0.08} ${y0.toFixed(1)}V${y1.toFixed(1)}h.84V${y0.toFixed(1)}z`;
			base[i] += n;
		}
		return d;
	});
}

/** The step 0 … 6 of n, for cells that are coloured by their number. */
export const level = (n, most) => (n <= 0 || most <= 0 ? 0 :
    Math.max(1, Math.min(6, Math.ceil((n / most) ** 0.7 * 6))));

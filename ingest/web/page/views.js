/* SPDX-License-Identifier: Apache-2.0 */
/* views.js - which panels make a page: contributors, a person, a repository. */
import { h, say } from './dom.js';
import { activity } from './activity.js';
import { bots } from './bots.js';
import { coverLine, totals } from './totals.js';
import { newcomers, quiet, recent } from './lists.js';
import { people } from './people.js';
import { punchCard, year } from './heat.js';
import { flow, latency, open } from './pulls.js';
import { busFactor, repositories } from './repositories.js';
import { matrix, reviewers } from './reviews.js';
import { series } from './series.js';
import { nameOf } from './names.js';
import { personHead, reviewsBetween } from './person.js';
import { name } from './parts.js';
import { viewOf } from './state.js';
import { t } from './texts.js';

/** A panel that a big screen shows in one of its turns; those without are always there. */
const turn = (panel, n) => {
	panel.el.dataset.turn = n;
	return panel;
};

export const TURNS = 11;

/** All of these panels are of one person, or repository: whatever else is filtered. */
function of(kind, id, panels) {
	for (const p of panels) {
		const own = p.spec.params;
		p.spec = { ...p.spec, params: (q) => {
			if (own) own(q);
			q.delete(kind);
			q.append(kind, id);
		} };
	}
	return panels;
}

export function home() {
	const top = [totals(), turn(activity(), 1), turn(series(), 2)];
	const side = [people()];
	const rest = [turn(flow(), 3), turn(latency(), 3), turn(reviewers(), 4), turn(matrix(), 5),
		turn(repositories(), 6), turn(busFactor(), 9), turn(open(), 8), turn(recent(), 7),
		turn(newcomers(), 10), turn(quiet(), 10), turn(punchCard(), 11), turn(bots(), 11)];
	const cover = coverLine(top[0]);
	return { title: '', panels: [...top, ...side, ...rest], extras: [cover],
		el: h('div', { class: 'view-home' },
		    h('div', { class: 'lead-grid' },
			h('div', { class: 'lead' }, top.map((p) => p.el)),
			h('div', { class: 'side' }, side.map((p) => p.el))),
		    h('div', { class: 'grid' }, rest.map((p) => p.el))) };
}

const back = () => h('a', { class: 'back', href: viewOf('home') }, `← ${t('nav.people')}`);

export function person(id, titled) {
	const head = personHead(id, titled);
	const strip = totals(['activity', 'commits', 'pull_requests', 'merged', 'reviews',
	    'repositories']), cover = coverLine(strip);
	const [, time, waits, pulls, repos, hours, waiting, log] = of('person', id, [strip,
		activity({ size: 'wide', alone: true }), latency(), flow(),
		repositories({ size: 'wide', title: t('person.repositories') }), punchCard(),
		    open(),
		recent({ title: t('person.log'), long: true, size: 'full' })]);
	const { given, received } = reviewsBetween(head);
	const all = [time, given, year(id), repos, received, waits, pulls, hours, waiting, log];
	return { title: '', panels: [head.panel, strip, ...all.filter((p) => p.refresh)],
	    extras: [cover],
		el: h('div', { class: 'view-person' }, back(), head.panel.el, strip.el,
		    h('div', { class: 'grid' }, all.map((p) => p.el))) };
}

export function repository(id, titled) {
	const title = name(id);
	const head = h('h2', { class: 'page-title' }, title);
	nameOf('repository', id, (n) => {
		say(title, n);
		titled(n);
	});
	const strip = totals(), cover = coverLine(strip);
	const list = people({ size: 'people-side' }), time = activity(), small = series();
	const rest = [flow(), latency(), reviewers(), matrix(), busFactor(), open(), newcomers(),
		quiet(), punchCard(), recent({ long: true }), bots()];
	of('repository', id, [strip, list, time, small, ...rest]);
	return { title: '', panels: [strip, list, time, small, ...rest], extras: [cover],
		el: h('div', { class: 'view-repository' }, back(), head,
		    h('div', { class: 'lead-grid' }, h('div', { class: 'lead' }, strip.el, time.el,
		    small.el),
			h('div', { class: 'side' }, list.el)),
		    h('div', { class: 'grid' }, rest.map((p) => p.el))) };
}


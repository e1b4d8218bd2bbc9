/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app.js - the page: its head, its filters, and the view its address names. It takes
 * the place of the list of people that is there without scripts.
 */
import { h, put, say } from './dom.js';
import { ask } from './api.js';
import { beginsWith, followLinks, onState, state, viewOf } from './state.js';
import { data } from './data.js';
import { filters } from './filters.js';
import { arrange as takeTurns, kiosk, kioskLink } from './kiosk.js';
import { live, onConnection, onLive } from './live.js';
import { num } from './format.js';
import { progress } from './progress.js';
import { setWeb, tick } from './parts.js';
import { themeButton } from './theme.js';
import { home, person, repository } from './views.js';
import { language, t } from './texts.js';

const TICK_MS = 20000;

let view = null, about = '';
const main = h('main', { id: 'main', tabindex: '-1' });
const title = h('a', { href: '/' }, 'hubstash');

function nameTab(what) {
	document.title = [what, about || 'hubstash', what ? '' : t('page.title')].filter(Boolean)
	    .join(' · ');
}

function build() {
	const titled = (name) => nameTab(name);
	if (state.view === 'data') return data();
	if (state.view === 'person' && state.id) return person(state.id, titled);
	if (state.view === 'repository' && state.id) return repository(state.id, titled);
	return home();
}

function leave() {
	if (!view) return;
	for (const p of view.panels) p.destroy();
	for (const x of view.extras) x.destroy();
}

function enter() {
	leave();
	view = build();
	put(main, view.el);
	takeTurns();
	nameTab(view.title);
	for (const x of view.extras) x.refresh('first');
}

function refresh(how) {
	for (const p of view.panels) p.refresh(how);
	for (const x of view.extras) x.refresh(how);
}

/** Says whether numbers move by themselves; and that they just did. */
function pulse() {
	const dot = h('i', { 'aria-hidden': 'true' }), text = h('span');
	const el = h('p', { class: 'live waiting' }, dot, text);
	const name = (s) => {
		el.className = `live ${s}`;
		say(text, t(`live.${s}`));
	};
	name('waiting');
	onConnection(name);
	onLive(({ documents }) => {
		if (!documents) return;
		say(text, t('live.news', { n: documents, num: num(documents) }));
		el.classList.remove('beat');
		void el.offsetWidth;		/* so that the beat begins anew */
		el.classList.add('beat');
	});
	return el;
}

function navigation() {
	const all = [['home', 'nav.people'], ['data', 'nav.data']].map(([v, text]) => ({ v,
		a: h('a', { href: '/' }, t(text)) }));
	return { el: h('nav', { 'aria-label': t('nav.label') }, all.map((x) => x.a)), update() {
		for (const { v, a } of all) {
			a.href = viewOf(v);
			if (v === state.view) a.setAttribute('aria-current', 'page');
			else a.removeAttribute('aria-current');
		}
		title.href = viewOf('home');
	} };
}

/** The list without scripts has a stylesheet of its own; ours takes its place. */
async function dress() {
	const ours = document.querySelector('link[rel=stylesheet][href^="/assets/"]');
	if (!ours.sheet) await new Promise((done) => ours.addEventListener('load', done));
	ours.media = 'all';
	for (const link of document.querySelectorAll('link[href="/style.css"]')) link.remove();
}

async function start() {
	await dress();
	document.documentElement.lang = language;
	const bar = filters(), nav = navigation();
	const news = progress((s) => {
		about = s.title || '';
		setWeb(s.web);
		say(title, about || 'hubstash');
		nameTab(view && view.title);
	});
	put(document.body, h('a', { class: 'skip', href: '#main' }, t('page.skip')), news.notice,
	    h('header', { class: 'top' }, h('h1', null, title), nav.el, pulse(),
		h('div', { class: 'tools' }, kioskLink(), themeButton())),
	    bar.el, news.box, main, h('footer', null, t('page.foot'), ' ',
		h('a', { href: '/api/v1/openapi.json' }, 'API'), ' · ',
		h('a', { href: '/metrics' }, t('page.metrics')), ' · ',
		h('a', { href: '/healthz' }, t('page.health'))));
	const arrange = () => {
		bar.update();
		nav.update();
		kiosk();
	};
	onState((now, before) => {
		arrange();
		if (now.view !== before.view || now.id !== before.id) {
			enter();
			main.focus({ preventScroll: true });
		} else {
			refresh('filters');
			for (const p of view.panels) if (p.content &&
			    p.content.moved) p.content.moved();
		}
	});
	followLinks();
	arrange();
	enter();
	ask('contents').then((c) => {
		if (c.first) beginsWith(c.first);
		bar.offer(c.organizations.map((o) => o.name));
		if (state.days === 'all') refresh('filters');
	}, () => bar.offer([]));
	onLive(() => refresh('live'));
	live();
	setInterval(() => {
		if (!document.hidden) tick();
	}, TICK_MS);
}

start();

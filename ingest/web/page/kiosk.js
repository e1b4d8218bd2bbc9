/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk.js - a big screen nobody touches (?kiosk): the people stay, the rest takes
 * turns; no cursor, no sleep. A click makes it fill the screen, arrows turn, Escape
 * ends it.
 */
import { h, put } from './dom.js';
import { go, state } from './state.js';
import { TURNS } from './views.js';
import { t } from './texts.js';

const EVERY_MS = 15000;

let timer = 0, turn = 1, lock = null, on = false;
const dots = h('ol', { class: 'turns', 'aria-hidden': 'true' });

/** The panels whose turn it is; also those of a page just entered. */
export function arrange() {
	for (const el of document.querySelectorAll('.panel[data-turn]'))
		el.classList.toggle('now', el.dataset.turn === String(turn));
}

function show(n) {
	turn = (n - 1 + TURNS) % TURNS + 1;
	document.documentElement.dataset.turn = String(turn);
	arrange();
	put(dots, Array.from({ length: TURNS }, (_, i) =>
	    h('li', { class: i + 1 === turn ? 'now' : '' })));
	clearTimeout(timer);
	timer = setTimeout(() => show(turn + 1), EVERY_MS);
}

/** The screen stays awake; where that is not to be had, its owner sees to it. */
async function stayAwake() {
	if (!on || lock || !navigator.wakeLock || document.hidden) return;
	try {
		const mine = lock = await navigator.wakeLock.request('screen');
		mine.addEventListener('release', () => {
			if (lock === mine) lock = null;
		});
		if (!on) mine.release();
	} catch (e) { /* battery saver, or no right to */ }
}

function onKey(e) {
	if (!on) return;
	if (e.key === 'ArrowRight') show(turn + 1);
	else if (e.key === 'ArrowLeft') show(turn - 1);
	else if (e.key === 'Escape' && !document.fullscreenElement) go({ kiosk: false });
}

function onClick() {
	if (on && !document.fullscreenElement && document.documentElement.requestFullscreen)
		document.documentElement.requestFullscreen().catch(() => {});
}

/** As the address has it. */
export function kiosk() {
	if (state.kiosk === on) return;
	on = state.kiosk;
	document.documentElement.classList.toggle('kiosk', on);
	if (on) {
		document.body.append(dots);
		show(1);
		stayAwake();
		return;
	}
	clearTimeout(timer);
	dots.remove();
	delete document.documentElement.dataset.turn;
	if (lock) lock.release();
	if (document.fullscreenElement) document.exitFullscreen();
}

export const kioskLink = () => h('a', { class: 'tool', href: '/?kiosk', title: t('kiosk.title') },
    t('kiosk.name'));

document.addEventListener('keydown', onKey);
document.addEventListener('click', onClick);
document.addEventListener('visibilitychange', stayAwake);

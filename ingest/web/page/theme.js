/* SPDX-License-Identifier: Apache-2.0 */
/* theme.js - light or dark: as the system has it, until somebody says otherwise. */
import { h, say } from './dom.js';
import { t } from './texts.js';

const KEY = 'hubstash.theme';
const NEXT = { auto: 'dark', dark: 'light', light: 'auto' };
const SIGN = { auto: '◐', dark: '●', light: '○' };
const system = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set();

/** Storage may be forbidden: then it is as the system has it. */
function stored() {
	try {
		return NEXT[localStorage.getItem(KEY)] ? localStorage.getItem(KEY) : 'auto';
	} catch (e) {
		return 'auto';
	}
}

let theme = stored();

function apply() {
	if (theme === 'auto') delete document.documentElement.dataset.theme;
	else document.documentElement.dataset.theme = theme;
	for (const fn of [...listeners]) fn();
}

export function onTheme(fn) {
	listeners.add(fn);
	return () => listeners.delete(fn);
}

export function themeButton() {
	const sign = h('span', { 'aria-hidden': 'true' }), text = h('span', { class: 'vh' });
	const button = h('button', { type: 'button', class: 'theme', onclick: () => {
		theme = NEXT[theme];
		try {
			localStorage.setItem(KEY, theme);
		} catch (e) { /* it holds until the page is left */ }
		apply();
		name();
	} }, sign, text);
	function name() {
		say(sign, SIGN[theme]);
		say(text, t(`theme.${theme}`));
		button.title = t(`theme.${theme}`);
	}
	name();
	return button;
}

system.addEventListener('change', apply);
apply();

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search.js - a person or repository by the first letters: a field with a list below
 * it, by keys or pointer, as the ARIA pattern "combobox" has it.
 */
import { h, put, say } from './dom.js';
import { ask } from './api.js';
import { name } from './parts.js';
import { remember } from './names.js';
import { t } from './texts.js';

const PAUSE_MS = 150;

/** onPick(kind, { id, name }), kind: person or repository. */
export function search(onPick) {
	const list = h('ul', { class: 'options', id: 'search-options', role: 'listbox',
		'aria-label': t('search.label'), hidden: true });
	const note = h('p', { class: 'vh', role: 'status' });
	const input = h('input', { type: 'search', role: 'combobox', 'aria-expanded': 'false',
		'aria-controls': 'search-options', 'aria-autocomplete': 'list', autocomplete: 'off',
		spellcheck: 'false', maxlength: '200', placeholder: t('search.placeholder'),
		'aria-label': t('search.label') });
	const el = h('div', { class: 'search' }, input, list, note);
	let options = [], at = -1, timer = 0, stop = null;

	function close() {
		list.hidden = true;
		input.setAttribute('aria-expanded', 'false');
		input.removeAttribute('aria-activedescendant');
		at = -1;
	}
	function pick(i) {
		const { kind, row } = options[i];
		remember(kind, row.id, row.name);
		input.value = '';
		close();
		onPick(kind, row);
	}
	function light(i) {
		at = i;
		[...list.querySelectorAll('[role=option]')].forEach((o, n) => {
			o.setAttribute('aria-selected', String(n === i));
			if (n === i) o.scrollIntoView({ block: 'nearest' });
		});
		if (i >= 0) input.setAttribute('aria-activedescendant', `option-${i}`);
	}
	function show(answer, text) {
		options = ['people', 'repositories'].flatMap((group) => answer[group].map((row) =>
		    ({ kind: group === 'people' ? 'person' : 'repository', row })));
		put(list, options.map(({ kind, row }, i) => h('li', { role: 'option',
		    id: `option-${i}`,
			'aria-selected': 'false', class: kind, onpointerdown: (e) => {
				e.preventDefault();
				pick(i);
			} }, name(row.name), h('span', { class: 'soft' }, t(`search.${kind}`)))),
		options.length ? null : h('li', { role: 'option', 'aria-disabled': 'true',
			'aria-selected': 'false', class: 'soft' }, t('search.none', { text })));
		say(note, t('search.found', { n: options.length, num: options.length }));
		list.hidden = false;
		input.setAttribute('aria-expanded', 'true');
		light(options.length ? 0 : -1);
	}
	async function look() {
		const text = input.value.trim();
		if (stop) stop.abort();
		if (!text) {
			close();
			return;
		}
		const mine = stop = new AbortController();
		try {
			const answer = await ask('search', new URLSearchParams({ q: text,
			    max: '8' }),
			    mine.signal);
			if (!mine.signal.aborted) show(answer, text);
		} catch (e) {
			if (mine.signal.aborted) return;
			put(list, h('li', { role: 'option', 'aria-disabled': 'true',
			    'aria-selected': 'false',
				class: 'soft' }, e.message));
			options = [];
			list.hidden = false;
		}
	}
	input.addEventListener('input', () => {
		clearTimeout(timer);
		timer = setTimeout(look, PAUSE_MS);
	});
	input.addEventListener('keydown', (e) => {
		const n = options.length;
		if (e.key === 'Escape' && !list.hidden) close();
		else if (list.hidden || !n) return;
		else if (e.key === 'ArrowDown') light((at + 1) % n);
		else if (e.key === 'ArrowUp') light((at + n - 1) % n);
		else if (e.key === 'Enter' && at >= 0) pick(at);
		else return;
		e.preventDefault();
	});
	input.addEventListener('blur', close);
	return el;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dom.js - elements are made here and nowhere from text: what comes from outside is
 * never markup, only text or an attribute's value.
 */

const SVG = 'http://www.w3.org/2000/svg';

function dress(el, props) {
	for (const [name, value] of Object.entries(props || {})) {
		if (value === undefined || value === null || value === false) continue;
		if (name.startsWith('on')) el.addEventListener(name.slice(2), value);
		else if (name === 'style') Object.assign(el.style, value);
		else el.setAttribute(name, value === true ? '' : value);
	}
}

/** What a list of children may hold: nodes, texts, lists of them, nothing. */
function flat(children) {
	return children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false);
}

/**
 * An element.
 * @param {string} tag
 * @param {object} [props] attributes; on… is a listener, style an object
 */
export function h(tag, props, ...children) {
	const el = document.createElement(tag);
	dress(el, props);
	el.append(...flat(children));
	return el;
}

export function svg(tag, props, ...children) {
	const el = document.createElementNS(SVG, tag);
	dress(el, props);
	el.append(...flat(children));
	return el;
}

/** These children in place of those there are. */
export function put(parent, ...children) {
	parent.replaceChildren(...flat(children));
	return parent;
}

/** Text, set only where it differs: what is selected or read out stays so. */
export function say(el, text) {
	if (el.textContent !== text) el.textContent = text;
	return el;
}

/** Words for those who listen instead of look. */
export const hidden = (text) => h('span', { class: 'vh' }, text);

/**
 * A child for each row, in their order; children of rows that were there before stay
 * the same elements. Gives how far each of those moved, in rows.
 */
export function keyed(parent, rows, keyOf, make, update) {
	const before = new Map([...parent.children].map((el, i) => [el.dataset.key, [el, i]]));
	const moved = new Map();
	const next = rows.map((row, i) => {
		const key = String(keyOf(row)), old = before.get(key);
		const el = old ? old[0] : make(row);
		el.dataset.key = key;
		update(el, row, i);
		if (old && old[1] !== i) moved.set(el, old[1] - i);
		before.delete(key);
		return el;
	});
	for (const [el] of before.values()) el.remove();
	next.forEach((el, i) => {
		if (parent.children[i] !== el) parent.insertBefore(el, parent.children[i] || null);
	});
	return moved;
}

const still = window.matchMedia('(prefers-reduced-motion: reduce)');
export const isCalm = () => still.matches;

/** A short light on what has just changed. */
export function flash(el) {
	if (isCalm()) return;
	el.animate([{ backgroundColor: 'rgb(230 159 0 / 45%)' },
		{ backgroundColor: 'rgb(230 159 0 / 0%)' }], { duration: 1600,
		    easing: 'ease-out' });
}

/** Lets elements glide from where they were: call it before the change, then what it gives. */
export function glide(elements) {
	if (isCalm()) return () => {};
	const was = new Map(elements.map((el) => [el, el.getBoundingClientRect().top]));
	return () => {
		const scrolled = [...was].filter(([el]) => el.isConnected)
		    .map(([el, top]) => [el, top - el.getBoundingClientRect().top]);
		for (const [el, by] of scrolled)
			if (Math.abs(by) > 1 && Math.abs(by) < 2000)
				el.animate([{ transform: `translateY(${by}px)` },
				    { transform: 'none' }],
				    { duration: 500, easing: 'cubic-bezier(.2,.8,.2,1)' });
	};
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * texts.js - all that the page says (texts_en.js). A second language is a second table,
 * named here. In a text {name} is put in; one that depends on a number is { one, other }
 * as Intl.PluralRules has it.
 */
import { en } from './texts_en.js';

const tables = { en };

export const language = (navigator.languages || ['en']).map((l) => l.slice(0, 2))
    .find((l) => tables[l]) || 'en';

const table = tables[language];
const plural = new Intl.PluralRules(language);

/**
 * A text.
 * @param {object} [params] what is put in; n chooses among plural forms
 * @param {string} [other] the key to take where there is none of that name
 */
export function t(key, params = {}, other) {
	let text = table[key] || en[key] || (other && (table[other] || en[other])) || key;
	if (typeof text === 'object') text = text[plural.select(params.n)] || text.other;
	return text.replace(/\{(\w+)\}/g, (all, name) => (name in params ? params[name] : all));
}

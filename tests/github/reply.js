/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reply.js - an answer on its way out: refusals in GitHub's words, the Link
 * header, the weak ETag, and the bytes. A reply is { status, headers, body, raw,
 * tag }: body is JSON-able, raw (a text, or what makes it) goes out as it is; tag
 * stands for the text in the ETag where it is shorter.
 */
'use strict';

const zlib = require('zlib');
const { API } = require('./shapes.js');
const { sha256 } = require('./prng.js');

const DOCS = 'https://docs.github.com/rest';
const SMALL = 150;		/* bytes; shorter bodies are not worth packing */

/* Thrown where something is refused; becomes the reply. */
class Refusal extends Error {
	constructor(status, message, { headers = {}, more = {} } = {}) {
		super(message);
		this.reply = { status, headers,
			body: { message, ...more, documentation_url: DOCS,
				status: String(status) } };
	}
}

const notFound = () => new Refusal(404, 'Not Found');

/*
 * The Link header of page n of last pages: path (numeric, as GitHub writes it)
 * and the query as it was asked. more: a page that is linked though it is not.
 */
function link(path, query, n, last, more = false) {
	const url = (page) => {
		const q = new URLSearchParams(query);
		q.set('page', String(page));
		return `<${API}${path}?${q}>`;
	};
	const rels = [];
	if (n > 1) rels.push(`${url(n - 1)}; rel="prev"`);
	if (n < last || more) rels.push(`${url(n + 1)}; rel="next"`);
	if (n < last) rels.push(`${url(last)}; rel="last"`);
	if (n > 1) rels.push(`${url(1)}; rel="first"`);
	return rels.length ? { link: rels.join(', ') } : {};
}

/* page and per_page of a query, cut to what GitHub allows. */
function pageOf(query) {
	const whole = (name, fallback) => {
		const n = Number(query.get(name));
		return Number.isInteger(n) && n > 0 ? n : fallback;
	};
	return { n: whole('page', 1), per: Math.min(100, whole('per_page', 30)) };
}

/* A page of list, with its Link header. */
function paged(list, path, query) {
	const { n, per } = pageOf(query);
	return { rows: list.slice((n - 1) * per, n * per),
		headers: link(path, query, n, Math.ceil(list.length / per)) };
}

/* The text of a reply, with our own address in it; made once. */
function textOf(reply, base) {
	if (reply.text !== undefined) return reply.text;
	if (typeof reply.raw === 'function') reply.text = reply.raw();
	else if (reply.raw !== undefined) reply.text = reply.raw;
	else if (reply.body === undefined) reply.text = '';
	else reply.text = JSON.stringify(reply.body).split(API).join(base);
	return reply.text;
}

const etagOf = (text, url, token) => `W/"${sha256(`${token}\n${url}\n${text}`)}"`;

/* { headers, bytes } of a text, packed when the client can unpack. */
function pack(text, accepts) {
	const bytes = Buffer.from(text);
	if (bytes.length < SMALL || !/\bgzip\b/.test(accepts || ''))
		return { headers: { 'content-length': bytes.length }, bytes };
	const gz = zlib.gzipSync(bytes, { level: 1 });
	return { headers: { 'content-length': gz.length, 'content-encoding': 'gzip' },
		bytes: gz };
}

module.exports = { Refusal, notFound, link, pageOf, paged, textOf, etagOf, pack, DOCS };

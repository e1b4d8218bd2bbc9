/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prng.js - chance that can be repeated: the same seed gives the same world.
 * hash01 decides things without an order (is this event lost?), so that an
 * answer does not depend on who asked before.
 */
'use strict';

const crypto = require('crypto');

/* FNV-1a with a final mix: 32 bits out of any text. */
function hash32(text) {
	let h = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) {
		h ^= text.charCodeAt(i);
		h = Math.imul(h, 0x01000193);
	}
	h ^= h >>> 16;
	h = Math.imul(h, 0x7feb352d);
	h ^= h >>> 15;
	h = Math.imul(h, 0x846ca68b);
	h ^= h >>> 16;
	return h >>> 0;
}

const hash01 = (text) => hash32(text) / 4294967296;
const sha1 = (text) => crypto.createHash('sha1').update(text).digest('hex');
const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex');

/* A stream of chance (mulberry32). */
class Rng {
	constructor(seed) {
		this.state = hash32(String(seed));
	}

	next() {
		this.state = (this.state + 0x6d2b79f5) >>> 0;
		let t = this.state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	}

	int(n) { return Math.floor(this.next() * n); }
	between(a, b) { return a + this.int(b - a + 1); }
	chance(p) { return this.next() < p; }
	pick(list) { return list[this.int(list.length)]; }

	/* One of list, item i with the weight weigh(item). */
	weighted(list, weigh) {
		let sum = 0;
		for (const x of list) sum += weigh(x);
		let r = this.next() * sum;
		for (const x of list) {
			r -= weigh(x);
			if (r < 0) return x;
		}
		return list[list.length - 1];
	}

	shuffle(list) {
		const a = list.slice();
		for (let i = a.length - 1; i > 0; i--) {
			const j = this.int(i + 1);
			[a[i], a[j]] = [a[j], a[i]];
		}
		return a;
	}

	/* How many happen when rate are expected (Poisson). */
	count(rate) {
		const limit = Math.exp(-rate);
		let n = 0, p = this.next();
		while (p > limit && n < 1000) {
			n++;
			p *= this.next();
		}
		return n;
	}
}

module.exports = { Rng, hash32, hash01, sha1, sha256 };

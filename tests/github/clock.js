/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.js - what time it is. Two times: the wire's, by which limits, poll
 * intervals and the Date header go, and the world's, in which people do things.
 * With an X-Sim-Now header (milliseconds) both are what it says: virtual time,
 * which never goes back. Else the wire has the real clock, and the world's time
 * runs from its start at some speed, or by the rule of the demo.
 */
'use strict';

const DAY = 86400 * 1000;
/* The demo plays its last DAYS days at one day per PACE, then meets real time. */
const DAYS = 20, PACE = 10 * 1000;

class Clock {
	constructor({ start, speed = 1, demo = false, real = Date.now }) {
		this.real = real;
		this.born = real();
		this.speed = demo ? DAY / PACE : speed;
		this.meets = demo ? this.born + DAYS * PACE : null;
		this.start = demo ? this.meets - DAYS * DAY : start;
		this.last = this.start;		/* the world's time, at least */
		this.virtual = false;
	}

	/* The times of a request with these headers: { wire, world }. */
	read(headers = {}) {
		const told = Number(headers['x-sim-now']);
		if (Number.isFinite(told) && told > 0) {
			this.virtual = true;
			this.last = Math.max(this.last, told);
			return { wire: this.last, world: this.last };
		}
		if (this.virtual) return { wire: this.last, world: this.last };
		const real = this.real();
		this.last = Math.max(this.last, this.worldAt(real));
		return { wire: real, world: this.last };
	}

	worldAt(real) {
		if (this.meets !== null && real >= this.meets) return real;
		return this.start + (real - this.born) * this.speed;
	}
}

module.exports = { Clock, DAYS, PACE };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits.js - GitHub's rate limits, per user: 5,000 requests an hour (REST) and
 * 5,000 points (GraphQL), each in an hour that begins with its first request;
 * and the secondary limits of 900 REST and 2,000 GraphQL points a minute.
 * docs.github.com, "Rate limits for the REST API".
 */
'use strict';

const HOUR = 3600 * 1000, MINUTE = 60 * 1000;

class Bucket {
	constructor(resource, limit) {
		Object.assign(this, { resource, limit, used: 0, reset: 0, minute: [] });
	}

	/* The hour that now is in. */
	roll(now) {
		if (now < this.reset) return;
		this.used = 0;
		this.reset = (Math.floor(now / 1000) + 3600) * 1000;
	}

	get remaining() { return Math.max(0, this.limit - this.used); }

	charge(points) { this.used += points; }

	/* Points of the last minute, these included. */
	rush(now, points) {
		this.minute.push([now, points]);
		while (this.minute.length && this.minute[0][0] <= now - MINUTE)
			this.minute.shift();
		return this.minute.reduce((n, x) => n + x[1], 0);
	}

	headers() {
		return { 'x-ratelimit-limit': this.limit, 'x-ratelimit-remaining': this.remaining,
			'x-ratelimit-used': this.used, 'x-ratelimit-resource': this.resource,
			'x-ratelimit-reset': Math.floor(this.reset / 1000) };
	}
}

class Limits {
	constructor({ core = 5000, graphql = 5000 } = {}) {
		this.sizes = { core, graphql };
		this.users = new Map();
	}

	/* The bucket of a user (or '' for nobody: 60 an hour). */
	of(login, resource) {
		const key = `${login} ${resource}`;
		if (!this.users.has(key))
			this.users.set(key, new Bucket(resource,
			    login ? this.sizes[resource] : resource === 'core' ? 60 : 0));
		return this.users.get(key);
	}
}

module.exports = { Limits, HOUR, MINUTE };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * relay.js - a way to a server that can break: passes bytes on, until it is told
 * not to. kill(): refused, and what is open breaks. mute(): taken, never answered.
 */
'use strict';

const net = require('net');

class Relay {
	constructor(url) {
		this.to = new URL(url).port;
		this.open = new Set();
		this.passed = 0;	/* connections */
		this.muted = false;
	}

	async start() {
		this.server = net.createServer((near) => this.pass(near));
		await new Promise((good, fail) => this.server.on('error', fail)
		    .listen(this.port || 0, '127.0.0.1', good));
		this.port = this.server.address().port;
		this.url = `http://127.0.0.1:${this.port}`;
		return this;
	}

	pass(near) {
		const ends = [near];
		this.open.add(near.on('error', () => {}));
		near.on('close', () => this.open.delete(near));
		if (this.muted) return near.resume();
		this.passed++;
		const far = net.connect(this.to, '127.0.0.1').on('error', () => near.destroy());
		ends.push(far);
		near.on('close', () => far.destroy()).pipe(far).on('close', () => near.destroy())
		    .pipe(near);
		return undefined;
	}

	mute(on) {
		this.muted = on;
		for (const s of this.open) s.destroy();
	}

	kill() {
		for (const s of this.open) s.destroy();
		return new Promise((good) => this.server.close(good));
	}
}

module.exports = { Relay };

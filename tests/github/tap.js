/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tap.js - what the simulator's own tests share: TAP, and a client that asks as
 * hubstash does, in virtual time.
 */
'use strict';

const http = require('http');
const zlib = require('zlib');
const { isDeepStrictEqual } = require('util');
const { startSim } = require('./server.js');

let count = 0, failed = 0;

function ok(good, name, why) {
	count++;
	if (!good) failed++;
	process.stdout.write(`${good ? '' : 'not '}ok ${count} - ${name}\n`);
	if (!good && why !== undefined)
		process.stdout.write(`# ${String(why).split('\n').slice(0, 12).join('\n# ')}\n`);
	return good;
}

const is = (got, want, name) => ok(isDeepStrictEqual(got, want), name,
    `got  ${JSON.stringify(got)}\nwant ${JSON.stringify(want)}`);

const HEADERS = { accept: 'application/vnd.github+json', 'user-agent': 'hubstash-test',
	'x-github-api-version': '2022-11-28', 'accept-encoding': 'gzip' };
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

/* { status, headers, text, json } of one exchange; { error } when it broke. */
function raw(base, path, { method = 'GET', headers = {}, body } = {}) {
	return new Promise((done) => {
		const url = new URL(/^http/.test(path) ? path : base + path);
		const req = http.request(url, { method, headers, agent }, (res) => {
			const parts = [];
			res.on('data', (d) => parts.push(d));
			res.on('error', (e) => done({ error: e.code }));
			res.on('end', () => {
				let bytes = Buffer.concat(parts);
				if (res.headers['content-encoding'] === 'gzip')
					bytes = zlib.gunzipSync(bytes);
				const out = { status: res.statusCode, headers: res.headers,
					text: bytes.toString() };
				try {
					out.json = JSON.parse(out.text);
				} catch (e) {
					out.json = undefined;
				}
				done(out);
			});
		});
		req.on('error', (e) => done({ error: e.code }));
		req.end(body);
	});
}

class Client {
	constructor(sim, { token = 'sim-token', headers = {} } = {}) {
		this.sim = sim;
		this.token = token;
		this.more = headers;
		this.at = sim.world.start;
	}

	headers(more) {
		const h = { ...HEADERS, ...this.more, 'x-sim-now': String(this.at), ...more };
		if (this.token) h.authorization = `Bearer ${this.token}`;
		for (const k of Object.keys(h)) if (h[k] === null) delete h[k];
		return h;
	}

	wait(ms) {
		this.at += ms;
		return this;
	}

	get(path, headers = {}, more = {}) {
		return raw(this.sim.apiUrl, path, { headers: this.headers(headers), ...more });
	}

	ask(query, variables, headers = {}) {
		const path = this.sim.enterprise ? '/api/graphql' : '/graphql';
		return raw(this.sim.url, path, { method: 'POST', headers: this.headers(headers),
			body: JSON.stringify({ query, variables }) });
	}
}

/* The url of a Link header's rel, or null. */
function rel(reply, name) {
	const m = new RegExp(`<([^>]+)>; rel="${name}"`).exec(reply.headers.link || '');
	return m && m[1];
}

/* Runs test(sim, client) against a simulator of its own. */
async function against(options, test) {
	const sim = await startSim(options);
	try {
		await test(sim, new Client(sim, options.client));
		for (const e of sim.errors) ok(false, 'the simulator failed', e.stack);
	} finally {
		await sim.stop();
	}
}

/* Runs all tests in turn and ends the process. */
async function run(tests) {
	for (const t of tests) {
		try {
			await t();
		} catch (e) {
			ok(false, `${t.name} died`, e.stack);
		}
	}
	process.stdout.write(`1..${count}\n`);
	process.exit(failed ? 1 : 0);
}

module.exports = { ok, is, against, run, rel, raw, Client, HEADERS };

#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server.js - GitHub on loopback. As a program:
 *	node server.js --world small --seed 1 --port 0 --start 2026-03-02T08:00:00Z
 *	    [--speed N] [--quirk NAME[=VALUE]]... [--case NAME]... [--token TEXT]...
 *	    [--log]
 * prints {"url": …} as one line of JSON when it listens. As a module:
 *	const sim = await startSim({ world, seed, start, quirks, cases, tokens });
 * gives a Sim (sim.js) with url and foreignUrl; sim.stop() ends it.
 */
'use strict';

const fs = require('fs');
const http = require('http');
const { Sim } = require('./sim.js');
const { API } = require('./shapes.js');
const { textOf, pack } = require('./reply.js');
const { parse } = require('./quirks.js');

const MAX_BODY = 1 << 20;

function readBody(req) {
	return new Promise((done, fail) => {
		const parts = [];
		let size = 0;
		req.on('data', (d) => {
			size += d.length;
			if (size <= MAX_BODY) parts.push(d);
		});
		req.on('end', () => done(Buffer.concat(parts).toString()));
		req.on('error', fail);
		req.on('close', () => fail(new Error('closed')));
	});
}

/* Writes a reply; what: undefined, or what happens to it on the way. */
function send(res, reply, text, { socket, cut } = {}) {
	const { headers, bytes } = pack(cut ? text.slice(0, text.length * cut) : text,
	    res.req.headers['accept-encoding']);
	for (const [k, v] of Object.entries({ ...reply.headers, ...headers }))
		if (v !== undefined) res.setHeader(k, v);
	res.statusCode = reply.status;
	if (reply.status === 304) {
		res.removeHeader('content-length');
		res.removeHeader('content-encoding');
		res.end();
	} else if (socket === 'reset') {
		res.write(bytes.subarray(0, bytes.length >> 1), () => res.socket.destroy());
	} else {
		res.end(bytes);
	}
}

/* One exchange: judged, answered, noted. */
function exchange(sim, q, body, res) {
	const fault = sim.faults.pick(q);
	q.fault = fault ? fault.name : null;
	sim.referee.judge(q);
	if (fault && (fault.socket === 'refuse' || fault.socket === 'hang')) {
		sim.referee.answered(q, { status: 0, headers: {} }, false);
		if (fault.socket === 'refuse') res.socket.destroy();
		return;
	}
	sim.choose(q, body);
	const reply = fault && fault.reply ? { ...fault.reply } :
	    sim.think(q, body, fault && fault.limit);
	reply.headers = { ...reply.headers };
	for (const k of ['link', 'location'])
		if (reply.headers[k])
			reply.headers[k] = reply.headers[k].split(API).join(sim.apiUrl);
	if (!fault) sim.conditional(q, reply);
	sim.pay(q, reply);
	sim.dress(q, reply);
	sim.mislead(q, reply, sim.foreignUrl);
	if (q.unknown) sim.referee.offence('unknown-endpoint', q, '');
	sim.referee.answered(q, reply, !fault || !!fault.limit);
	send(res, reply, reply.status === 304 ? '' : textOf(reply, sim.apiUrl), fault || {});
}

async function serve(sim, req, res, log) {
	const q = sim.request({ method: req.method, url: req.url, headers: req.headers });
	sim.referee.arrive(q);
	const held = sim.onRequest && sim.onRequest(q);
	res.on('close', () => sim.referee.leave(q));
	try {
		const body = await readBody(req);
		await held;
		/* Whatever came in the same moment is in flight together. */
		const slow = sim.quirks.get('slow', q.wire);
		await new Promise((go) => (slow ? setTimeout(go, slow) : setImmediate(go)));
		exchange(sim, q, body, res);
	} catch (e) {
		if (e.message === 'closed') return;
		sim.errors.push(e);
		process.stderr.write(`simulator: ${e.stack}\n`);
		res.statusCode = 500;
		res.end('{"message":"the simulator failed"}');
	}
	if (log)
		process.stderr.write(`${new Date(q.wire).toISOString()} ${req.method} ${
		    req.url} ${res.statusCode}${q.fault ? ` (${q.fault})` : ''}\n`);
}

function listen(handler, port) {
	return new Promise((done, fail) => {
		const server = http.createServer({ keepAliveTimeout: 0 }, handler);
		server.keepAliveTimeout = 0;
		server.requestTimeout = 0;
		server.on('error', fail);
		server.listen(port, '127.0.0.1', () => done(server));
	});
}

const urlOf = (server) => `http://127.0.0.1:${server.address().port}`;

/*
 * Starts a simulator. options: those of Sim, port, log, foreign (false: no
 * second host). On the Sim it gives, beside what sim.js says:
 *	fail({ n, how, times })	the nth exchange from now on fails: see faults.js
 *	requests()		all that came, in order: see referee.js
 *	quirk(name, value)	sets a switch while it runs; null ends it
 *	restarted()		the client died, another begins: see referee.js
 *	onRequest(q)		set by the caller: sees each request as it comes, which
 *				waits for the promise that it may give
 *	stop()			ends it; gives the referee's offences
 */
async function startSim(options = {}) {
	const sim = new Sim(options);
	sim.errors = [];
	const server = await listen((req, res) => serve(sim, req, res, options.log),
	    options.port || 0);
	sim.url = urlOf(server);
	const foreign = options.foreign === false ? null : await listen((req, res) => {
		sim.referee.foreign(req.method, req.url, req.headers, sim.clock.last);
		res.end('[]');
	}, 0);
	sim.foreignUrl = foreign && urlOf(foreign);
	sim.apiUrl = sim.url + sim.prefix;
	sim.fail = ({ n = 1, how, times = 1 }) => sim.faults.fail(sim.n + n, how, times);
	sim.requests = () => sim.referee.requests;
	sim.quirk = (name, value) => sim.quirks.set(name, value);
	/* What a dead client still had on its way is read and over, then forgotten. */
	sim.restarted = async () => {
		for (let turns = 0; turns < 10 || (sim.referee.open.size && turns < 10000); turns++)
			await new Promise(setImmediate);
		sim.referee.restarted();
	};
	sim.stop = async () => {
		for (const s of [server, foreign]) {
			if (!s) continue;
			s.closeAllConnections();
			await new Promise((done) => s.close(done));
		}
		return sim.referee.offences;
	};
	return sim;
}

function usage(text) {
	process.stderr.write(`server.js: ${text}\n`);
	process.exit(2);
}

/* The comment at the top of this file. */
function help() {
	const text = fs.readFileSync(__filename, 'utf8');
	process.stdout.write(/\/\*\n( \* server\.js[^]*?) \*\//.exec(text)[1]
	    .replace(/^ \* ?/gm, ''));
	process.exit(0);
}

function options(argv) {
	const o = { quirks: {}, cases: [], tokens: [] };
	const take = { '--world': (v) => { o.world = v; }, '--seed': (v) => { o.seed = Number(v); },
		'--port': (v) => { o.port = Number(v); }, '--start': (v) => { o.start = v; },
		'--speed': (v) => { o.speed = Number(v); }, '--case': (v) => o.cases.push(v),
		'--token': (v) => o.tokens.push({ token: v }),
		'--quirk': (v) => {
			const [name, value] = parse(v);
			o.quirks[name] = value;
		} };
	for (let i = 0; i < argv.length; i++) {
		if (argv[i] === '--log') o.log = true;
		else if (argv[i] === '--help') help();
		else if (take[argv[i]] && i + 1 < argv.length) take[argv[i]](argv[++i]);
		else usage(`unknown or incomplete option ${argv[i]}`);
	}
	return o;
}

async function main() {
	const sim = await startSim(options(process.argv.slice(2)));
	process.stdout.write(`${JSON.stringify({ url: sim.url, api_url: sim.apiUrl,
		org: sim.world.org.login, foreign_url: sim.foreignUrl, pid: process.pid })}\n`);
	const end = () => sim.stop().then(() => process.exit(0));
	process.on('SIGINT', end);
	process.on('SIGTERM', end);
}

module.exports = { startSim };
if (require.main === module) main().catch((e) => usage(e.message));

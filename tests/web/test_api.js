/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_api.js - the API of the real program over a real store: each route is as
 * docs/api.yaml says, its parameters too; random ones never break it; tables as
 * CSV; what arrives is told as it does. SEED=n has the same random requests again.
 */
'use strict';

const http = require('http');
const { ok, is, run } = require('../github/tap.js');
const { Rng } = require('../github/prng.js');
const { Judge, withDoors, description, resolve, pull, EVIL, LONG } = require('./api.js');

const doc = description();
const judge = Judge.there() ? new Judge() : null;
const PERIOD = 'from=2026-02-01&to=2026-04-01';
const seed = Number(process.env.SEED || Date.now() % 1000000);

const panels = Object.keys(doc.paths).filter((p) => !/live|openapi|status/.test(p));
const parameters = (route) => doc.paths[route].get.parameters
    .map((p) => ({ ...resolve(doc, p), ...(p.required ? { required: true } : {}) }))
    .filter((p) => p.in === 'query');
const tables = (route) => /: (.*)\./.exec(doc.paths[route].get.responses[200]
    .content['text/csv'].schema.description)[1].split(', ');

/* A query that a route must be asked with. */
function least(route, person) {
	const names = parameters(route).map((p) => p.name);
	const q = names.includes('from') ? [PERIOD] : [];
	for (const p of parameters(route).filter((x) => x.required))
		q.push(`${p.name}=${p.name === 'person' ? person : 's'}`);
	return q.join('&');
}

function described(route, r, name) {
	const wrong = judge ? judge.wrong(route, r) : [];
	return ok(wrong.length === 0, name, wrong.join('\n'));
}

async function routes(door, person) {
	for (const route of panels) {
		const r = await door.ask(`${route}?${least(route, person)}`);
		is(r.status, 200, `${route} answers`);
		described(route, r, `${route} is as described${judge ? '' : ' # SKIP npm brings ajv'}`);
		is([r.headers['cache-control'], /^"[0-9a-f]+"$/.test(r.headers.etag)],
		    ['private, no-cache', true], 'and may be kept, to be asked for again');
		const max = parameters(route).find((p) => p.name === 'max');
		for (const [n, status] of max ? [[max.schema.maximum, 200],
		    [max.schema.maximum + 1, 400]] : [])
			is((await door.ask(`${route}?${least(route, person)}&max=${n}`)).status, status,
			    `at most ${max.schema.maximum} rows: ${n}`);
		const { length } = max ? Object.entries(r.json.data).find(([k, v]) =>
		    k !== 'buckets' && Array.isArray(v))[1] : [];
		ok(!max || length <= max.schema.default, `${max && max.schema.default} by itself`);
		const bad = await door.ask(`${route}?nonsense=1`);
		is([bad.status, bad.json.error.parameter], [400, 'nonsense'],
		    'another parameter is named');
		is(/; there (are|is) (.*)/.exec(bad.json.error.reason)[2].split(', ').sort(),
		    parameters(route).map((p) => p.name).sort(),
		    'and there are those that are described');
	}
	for (const route of ['/api/v1/status', '/api/v1/openapi.json']) {
		const r = await door.ask(route);
		is(r.status, 200, `${route} answers`);
		described(route, r, 'as described');
	}
	is((await door.ask('/api/v1/openapi.json')).json, doc, 'the description is the one here');
	is((await door.ask('/api/v1/live?x=1')).status, 400, 'live has no parameters');
}

/* Rows of CSV, as RFC 4180 has them. */
function readCsv(text) {
	const rows = [[]];
	let at = 0;
	while (at < text.length) {
		const quoted = /^"((?:[^"]|"")*)"(,|\r\n)/.exec(text.slice(at));
		const plain = /^([^",\r\n]*)(,|\r\n)/.exec(text.slice(at));
		const m = quoted || plain;
		if (!m) return `broken at ${at}: ${text.slice(at, at + 40)}`;
		rows[rows.length - 1].push(quoted ? m[1].replace(/""/g, '"') : m[1]);
		if (m[2] === '\r\n') rows.push([]);
		at += m[0].length;
	}
	return rows.slice(0, -1);
}

async function csv(door, person) {
	for (const route of panels)
		for (const table of tables(route)) {
			const q = `${least(route, person)}&table=${table}`;
			const r = await door.ask(`${route}.csv?${q}`);
			const rows = readCsv(r.text);
			ok(r.status === 200 && Array.isArray(rows) && rows.length > 0 &&
			    rows.every((row) => row.length === rows[0].length),
			    `${route}: ${table} is a table`, `${r.status} ${r.text.slice(0, 300)}`);
			ok(/^text\/csv; charset=utf-8/.test(r.headers['content-type']) &&
			    /^attachment; filename="[a-z_-]+\.csv"$/.test(r.headers['content-disposition']),
			    'to be saved');
			const accepted = await door.ask(`${route}?${q}`, { headers: { accept:
			    'text/csv' } });
			is(accepted.text, r.text, 'by Accept, too');
			const data = (await door.ask(`${route}?${least(route, person)}`)).json.data;
			if (![data[table]].flat().every((x) => x && x.constructor === Object)) continue;
			if (!Array.isArray(data[table])) continue;
			is(rows.length - 1, data[table].length, 'with a line for each row');
			const flat = new Set(data[table].flatMap((row) => Object.entries(row)
			    .filter(([, v]) => typeof v !== 'object').map(([k]) => k)));
			is([...flat].filter((k) => !rows[0].includes(k)), [], 'and all members');
		}
	const r = await door.ask(`/api/v1/totals?${PERIOD}&table=x`);
	is([r.status, r.json.error], [400, { parameter: 'table', reason: 'there is no such ' +
	    'table here; there are totals' }], 'no such table');
	is((await door.ask('/api/v1/totals', { headers: { accept: 'image/png' } })).status, 406,
	    'no such form');
}

async function odd(door) {
	const people = (await door.ask(`/api/v1/people?${PERIOD}&max=1000`)).json.data.people;
	const names = people.map((p) => p.name);
	ok(names.includes(EVIL), 'markup is a name', names.join(' '));
	ok(names.some((n) => LONG.startsWith(n.slice(0, 100)) && n.length > 100),
	    'so are 300 characters', names.join(' '));
	const table = (await door.ask(`/api/v1/people.csv?${PERIOD}&max=1000`)).text;
	ok(table.includes("\"'=cmd|x\""), 'a formula is a text', table.slice(0, 500));
	const { documents } = (await door.ask(`/api/v1/recent?${PERIOD}&org=sim-odd&kind=` +
	    'pull_request')).json.data;
	is(documents.length, 4, 'the documents');
	const page = await door.ask('/?days=365');
	ok(!page.text.includes('<script>') && page.text.includes('&lt;script&gt;'),
	    'nothing of it is markup on the page');
	const one = people.find((p) => p.name === EVIL);
	const r = await door.ask(`/api/v1/person?${PERIOD}&person=${one.id}`);
	is([r.json.data.id, r.json.data.names], [one.id, [EVIL]], 'the person');
	is((await door.ask(`/api/v1/person?${PERIOD}&person=nobody`)).json.data, {}, 'nobody');
	is((await door.ask('/api/v1/search?q=%3CSCRIPT')).json.data.people,
	    [{ id: one.id, name: EVIL }], 'is found by the first letters');
}

/* All pages of a list are all of it, once. */
async function pages(door) {
	for (const [route, list, key] of [['people', 'people', 'id'], ['recent', 'documents', 'id']]) {
		const whole = (await door.ask(`/api/v1/${route}?${PERIOD}&max=200`)).json.data[list];
		const parts = [];
		for (let after = '', n = 0; after !== undefined && n < 200; n++) {
			const { data } = (await door.ask(`/api/v1/${route}?${PERIOD}&max=3${
			    after && `&after=${encodeURIComponent(after)}`}`)).json;
			parts.push(...data[list]);
			after = parts.length < 200 ? data.next : undefined;
		}
		is(parts.slice(0, whole.length).map((x) => x[key]), whole.map((x) => x[key]),
		    `${route} in pages`);
	}
	const r = await door.ask('/api/v1/people?after=nonsense');
	is([r.status, r.json.error.parameter], [400, 'after'], 'a place that is none');
}

/* Values for a parameter: most of them good. */
function value(rng, p, people) {
	const evil = ['', '0', '-1', '99999999999999999999', '%7b', '%ff', "'", '"', '../..',
		'%3Cscript%3E', 'NaN', '1e9', '%F0%9F%98%80', 'a'.repeat(300), '2026-13-01', '[]'];
	const good = { from: ['2026-01-01', '2026-03-03T10:00:00Z', '1990-01-01'],
		to: ['2026-04-01', '2026-03-05T10:00:00%2B01:00', '9999-01-01'],
		days: ['1', '30', '365', '10000'], max: ['1', '7', '100', '1000'],
		zone: ['UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Apia'],
		org: ['sim-works', 'sim-odd'], repository: ['555', '1'], kind: ['commit', 'review'],
		person: people, who: ['humans', 'bots', 'all'], interval: ['day', 'week', 'month'],
		sort: resolve(doc, { $ref: '#/components/parameters/sort' }).schema.enum,
		order: ['asc', 'desc'], after: ['cCAwIDAgNjEgOQoxNDUyODg4NjNzaW0tYWRh'],
		q: ['s', 'SIM', '%3C'], table: ['people', 'buckets'] }[p.name];
	return rng.next() < 0.8 ? good[Math.floor(rng.next() * good.length)] :
	    evil[Math.floor(rng.next() * evil.length)];
}

async function random(door, people) {
	process.stdout.write(`# SEED=${seed}\n`);
	const rng = new Rng(seed), count = {}, wrong = [];
	for (let i = 0; i < 400; i++) {
		const route = panels[Math.floor(rng.next() * panels.length)];
		const query = parameters(route).filter((p) => p.required || rng.next() < 0.25)
		    .flatMap((p) => Array.from({ length: p.explode ? 1 + Math.floor(rng.next() * 3) : 1 },
		    () => `${p.name}=${value(rng, p, people)}`)).join('&');
		const r = await door.ask(`${route}?${query}`);
		count[r.status] = (count[r.status] || 0) + 1;
		if (![200, 400].includes(r.status)) wrong.push(`${r.status}: ${route}?${query}`);
		if (judge && !(query.includes('table=') && r.status === 200 && !r.json))
			wrong.push(...judge.wrong(route, r).map((w) => `${route}?${query}: ${w}`));
		if (r.status === 400 && r.json && r.json.error.parameter &&
		    !query.includes(`${r.json.error.parameter}=`) && !['interval', 'days', 'from'].includes(
		    r.json.error.parameter))
			wrong.push(`${route}?${query}: names ${r.json.error.parameter}`);
	}
	ok(wrong.length === 0, `random parameters: ${JSON.stringify(count)}`, wrong.join('\n'));
	ok(count[200] > 50 && count[400] > 50, 'of which some are right and some wrong');
}

/* Events of a stream, until done(list) is true. */
function listen(door, headers, done) {
	return new Promise((end, fail) => {
		const at = new URL(door.base);
		const req = http.get({ host: at.hostname, port: at.port, path: '/api/v1/live', headers,
			agent: false }, (res) => {
			let text = '';
			res.on('data', (d) => {
				text += d;
				const events = text.split('\n\n').slice(0, -1).map((e) => Object.fromEntries(
				    e.split('\n').map((l) => [l.split(': ')[0], l.slice(l.indexOf(': ') + 2)])))
				    .filter((e) => e.event);
				if (done(events)) {
					req.destroy();
					end(events);
				}
			});
			res.on('end', () => end(null));
		}).on('error', (e) => e.code !== 'ECONNRESET' && fail(e));
	});
}

async function live(door) {
	const [hello] = await listen(door, {}, (l) => l.length >= 1);
	is([hello.event, Object.keys(JSON.parse(hello.data))], ['hello', ['version', 'now']],
	    'live says hello');
	const same = await listen(door, { 'last-event-id': hello.id }, (l) => l.length >= 1);
	is(same.map((e) => e.event), ['hello'], 'who missed nothing goes on');
	let said = false;
	const news = await listen(door, {}, (l) => {
		if (!said) door.say(pull(40, 'sim-new', 'news'));
		said = true;
		return l.some((e) => e.event === 'change');
	});
	const change = news.find((e) => e.event === 'change');
	is(JSON.parse(change.data), { documents: 1, kinds: { pull_request: 1 }, people: ['700040'],
		repositories: ['555'] }, 'what arrives is told');
	if (judge) {
		const check = judge.check('/components/schemas/Change');
		ok(check(JSON.parse(change.data)), 'as described', JSON.stringify(check.errors));
	}
	const { people } = (await door.ask(`/api/v1/people?${PERIOD}&max=1000`)).json.data;
	ok(people.some((p) => p.name === 'sim-new'), 'when it is stored');
	const late = await listen(door, { 'last-event-id': hello.id }, (l) => l.length >= 2);
	is(late.map((e) => e.event), ['hello', 'reload'], 'who missed something reloads');
	const open = listen(door, {}, (l) => {
		if (l.length === 1) door.child.kill('SIGTERM');
		return false;
	});
	const begun = Date.now();
	is([await open, (await door.ended).code], [null, 0], 'the end of the program ends it');
	ok(Date.now() - begun < 10000, 'within 10 s');
}

async function follows(door) {
	const r = await door.ask('/api/v1/coverage?from=2020-01-01&to=2026-04-01');
	described('/api/v1/coverage', r, 'coverage with repositories, as described');
	const { data } = r.json;
	ok(data.known && data.repositories > 0 && data.streams.length >= 4 * data.repositories,
	    'what is held is known', r.text.slice(0, 500));
	is([data.complete, data.since.slice(0, 10)], [false, '2026-01-31'],
	    'and from when on');
	let status = await door.ask('/api/v1/status');
	while (door.code === undefined && !(status.json.data.organizations[0] || {}).feed)
		status = await door.ask('/api/v1/status');
	described('/api/v1/status', status, 'status with an organisation, as described');
	ok(status.json.data.follows && status.json.data.organizations.length === 1 &&
	    status.json.data.budget.rest.limit > 0, 'says whom', status.text.slice(0, 1000));
	is(status.json.data.web, new URL(status.json.data.web).origin, 'and where links go');
}

run([function api() {
	return withDoors(async (door) => {
		const { people } = (await door.ask(`/api/v1/people?${PERIOD}&max=1000`)).json.data;
		await routes(door, people[0].id);
		await csv(door, people[0].id);
		await odd(door);
		await pages(door);
		await random(door, people.slice(0, 5).map((p) => p.id));
		await live(door);
	}, follows);
}]);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_cases.js - a real Elasticsearch behind the pipeline: the same documents as
 * in SQLite, a new store filled again, an index deleted under a run.
 */
'use strict';

const fs = require('fs');
const net = require('net');
const path = require('path');
const { elasticDocuments, sqliteDocuments, HOUR, START } = require('./harness.js');
const { differences } = require('./truth.js');

/* One server for all of them; each scenario has an index of its own. */
let server = null;
async function elasticsearch() {
	server = server || require('../elastic/server.js').startElasticsearch({});
	return server;
}
async function end() {
	if (server) await (await server).stop();
	server = null;
}

function pipeline(stage, index, outputs) {
	const file = path.join(stage.dir, `${index}-${outputs.length}.conf`);
	fs.writeFileSync(file, `input { github { org => "${stage.sim.world.org.login}" } }\n` +
	    `output {\n${outputs.join('\n')}\n}\n`);
	return ['run', '-f', file, '--github-url', stage.sim.apiUrl, '--data', stage.data,
		'--listen', 'off'];
}

const into = (url, index) => `  elasticsearch { hosts => ["${url}"] index => "${index}" }`;

/* Whom status lists, as the pipeline that ran last lets it ask. */
async function people(stage) {
	const r = await stage.run(['status', '--json', '--data', stage.data],
	    { from: stage.end, until: undefined });
	const { people: list, people_count: count } = JSON.parse(r.stdout);
	return list && list.length ? { list, count } : r.stdout;
}

/* Both stores hold each thing alike, say the same of people, and it is the truth. */
async function both(stage) {
	const es = await elasticsearch();
	await stage.run(pipeline(stage, 'both', ['  sqlite { }', into(es.url, 'both')]));
	stage.judgeSqlite();
	const one = sqliteDocuments(stage.data, []);
	const two = await elasticDocuments(es.url, 'both');
	if (one.size !== two.size)
		stage.wrong.push(`SQLite holds ${one.size}, Elasticsearch ${two.size}`);
	for (const [id, doc] of one) {
		const diff = two.has(id) ? differences(two.get(id), doc) : ['is missing'];
		if (diff.length) stage.wrong.push(`in Elasticsearch, ${id}: ${diff[0]}`);
	}
	const bySqlite = await people(stage);
	await stage.run(pipeline(stage, 'both', [into(es.url, 'both')]),
	    { from: stage.end, until: stage.end + HOUR / 60 });
	const byElastic = await people(stage);
	if (!bySqlite.list || bySqlite.list.length < 10)
		stage.wrong.push(`status lists too few people: ${bySqlite}`);
	for (const d of differences(byElastic, bySqlite))
		stage.wrong.push(`people of Elasticsearch and SQLite: ${d}`);
}

/* What SQLite was filled with goes into Elasticsearch too, once that is the store. */
async function refilled(stage) {
	const es = await elasticsearch(), middle = Date.parse(START) + 6 * HOUR;
	await stage.run(pipeline(stage, 'refilled', ['  sqlite { }']), { until: middle });
	await stage.sim.restarted();
	await stage.run(pipeline(stage, 'refilled', [into(es.url, 'refilled')]),
	    { from: middle });
	stage.judge(await elasticDocuments(es.url, 'refilled'));
}

/* Somebody deletes the index while documents come in. */
async function deleted(stage) {
	const es = await elasticsearch(), at = stage.start + 5 * HOUR;
	let gone = null;
	stage.sim.onRequest = (q) => {
		if (gone || q.now < at) return;
		stage.sim.referee.fresh();
		gone = fetch(`${es.url}/deleted`, { method: 'DELETE' });
	};
	await stage.run(pipeline(stage, 'deleted', [into(es.url, 'deleted')]));
	if (!gone || (await gone).status !== 200)
		stage.wrong.push('the index could not be deleted');
	stage.judge(await elasticDocuments(es.url, 'deleted'));
}

/* An address at which nobody listens until open() leads it to url's. */
async function closedDoor(url) {
	const to = new URL(url).port;
	const server = net.createServer((client) => {
		const there = net.connect(to, '127.0.0.1');
		client.pipe(there).pipe(client);
		client.on('error', () => there.destroy());
		there.on('error', () => client.destroy());
	});
	const listen = (port) => new Promise((done) => server.listen(port, '127.0.0.1', done));
	await listen(0);
	const { port } = server.address();
	await new Promise((done) => server.close(done));
	return { url: `http://127.0.0.1:${port}`, open: () => listen(port),
		close: () => server.close() };
}

/* The run begins while Elasticsearch is down: it says so, and all arrives later. */
async function late(stage) {
	const es = await elasticsearch(), door = await closedDoor(es.url);
	const wrong = (good, what) => good || stage.wrong.push(what);
	let asked = null, opened = null;
	stage.sim.onRequest = (q) => {
		if (!asked && q.now >= stage.start + HOUR)
			asked = stage.launch(['status', '--json', '--data', stage.data],
			    { env: { HUBSTASH_CLOCK: undefined } });
		if (asked && !opened && q.now >= stage.start + 3 * HOUR)
			opened = asked.ended.then(() => {
				stage.sim.referee.fresh();	/* the store is new: all again */
				return door.open();
			});
		return opened;
	};
	const r = await stage.run(pipeline(stage, 'late', [into(door.url, 'late')]));
	wrong(asked && opened, 'the run ended before Elasticsearch was there');
	const { troubles = [] } = JSON.parse((asked && asked.stdout) || '{}');
	wrong(troubles.some((t) => /^out\.elasticsearch/.test(t.instance) &&
	    /Failed to connect/.test(t.text)), `status tells ${JSON.stringify(troubles)}`);
	const told = r.log.split('\n').filter((l) => /out\.elasticsearch#0: /.test(l));
	wrong(told.length < 6 && told.some((l) => /well again after \d+ s/.test(l)),
	    `the log tells\n${told.join('\n')}`);
	stage.judge(await elasticDocuments(es.url, 'late'));
	door.close();
}

/* The file that is shipped, with what it takes from the environment. */
async function shipped(stage) {
	const es = await elasticsearch();
	await stage.run(['run', '-f', path.join(__dirname,
	    '../../pipelines/github-elasticsearch.conf'), '--github-url', stage.sim.apiUrl,
	'--data', stage.data, '--listen', 'off'], { env: { ELASTICSEARCH_URL: es.url,
		HUBSTASH_INDEX: 'shipped', GITHUB_ORG: stage.sim.world.org.login } });
	stage.judge(await elasticDocuments(es.url, 'shipped'));
}

/* What dlq list says, one each. */
async function letters(stage, ...more) {
	const r = await stage.run(['dlq', 'list', '--json', '--data', stage.data, ...more],
	    { until: undefined });
	return r.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

/*
 * A mapping refuses each pull request and changes later: dead letters are sent
 * again, in vain first, then one alone, the others beside a running engine.
 */
async function deadLetters(stage) {
	const es = await elasticsearch(), index = 'dead', file = path.join(stage.dir, 't.json');
	const template = JSON.parse(fs.readFileSync(path.join(__dirname,
	    '../../pipelines/index-template.json')));
	const title = { type: 'long' };
	template.template.mappings.properties.github.properties.pull_request.properties.title =
	    title;
	fs.writeFileSync(file, JSON.stringify(template));
	const run = pipeline(stage, index, [`  elasticsearch { hosts => ["${es.url}"] index => "${
	    index}" template => "${file}" }`]);
	const dlq = (verb, more, code) => stage.run(['dlq', verb, '--data', stage.data, ...more],
	    { until: undefined, code });
	const wrong = (good, what) => good || stage.wrong.push(what);

	await stage.run(run, { until: stage.start + 2 * HOUR });
	const all = await letters(stage), ids = new Set(all.map((d) => d.document));
	wrong(all.length > 20 && ids.size === all.length &&
	    all.every((d) => d.action === 'pull_request' && d.times >= 1 && d.index === index &&
	    /title/.test(d.reason)), `dead letters are ${JSON.stringify(all).slice(0, 500)}`);
	wrong((await letters(stage, '--action', 'commit')).length === 0, 'a filter lets all through');
	const told = (await dlq('explain', [String(all[0].id)])).stdout;
	wrong(/^field +github\.pull_request\.title, in the index of type long$/m.test(told) &&
	    /^value +"/m.test(told) && /"github": \{/.test(told), `explain says ${told}`);

	wrong(/^0 stored, \d+ refused again$/m.test((await dlq('replay', [], 1)).stdout),
	    'a replay in vain says something else');
	const again = await letters(stage);
	wrong(again.length === all.length && again.every((d, i) => d.id === all[i].id &&
	    d.times === all[i].times + 1 && !d.again), 'what is refused again did not stay');

	const body = { properties: { github: { properties: { pull_request: { properties: {
		title: { ...title, ignore_malformed: true } } } } } } };
	await fetch(`${es.url}/${index}/_mapping`, { method: 'PUT', body: JSON.stringify(body),
		headers: { 'content-type': 'application/json' } });
	wrong(/^1 stored, 0 refused again$/m.test((await dlq('replay', [all[0].document])).stdout),
	    'one alone was not stored');
	wrong((await letters(stage)).length === all.length - 1, 'it is a dead letter still');

	await stage.sim.restarted();
	let command = null;
	stage.sim.onRequest = () => {
		command = command || stage.launch(['dlq', 'replay', '--data', stage.data],
		    { env: { HUBSTASH_CLOCK: undefined } });
	};
	await stage.run(run);
	if (command) await command.ended;
	wrong(command && command.code === 0 && / stored, 0 refused again/.test(command.stdout),
	    `replay beside a run: ${command && command.stdout + command.log}`);
	wrong((await letters(stage)).length === 0, 'dead letters were left');
	stage.judge(await elasticDocuments(es.url, index));
}

/* People are merged in both stores, by what a mapping says later. */
async function reidentified(stage) {
	const { url } = await elasticsearch(), index = 'people';
	const conf = (filter) => {
		const args = pipeline(stage, index, ['  sqlite { }', into(url, index)]);
		const file = path.join(stage.dir, `people${filter ? '-filter' : ''}.conf`);
		fs.writeFileSync(file, filter + fs.readFileSync(args[2], 'utf8'));
		return ['run', '-f', file, ...args.slice(3)];
	};
	await require('./people_case.js').play(stage, { url, index, conf });
}

module.exports = [
	{ name: 'dead-letters', world: 'small', hours: 8, play: deadLetters, end },
	{ name: 'shipped-elasticsearch', world: 'small', hours: 4, play: shipped, end },
	{ name: 'both-stores', world: 'week', hours: 7 * 24, play: both, end },
	{ name: 'elasticsearch-late', world: 'small', hours: 8, play: late, end },
	{ name: 'refilled', world: 'small', hours: 14, play: refilled, end },
	{ name: 'reidentified', world: 'small', hours: 12, play: reidentified, end },
	{ name: 'index-deleted', world: 'small', hours: 14, play: deleted, end },
];

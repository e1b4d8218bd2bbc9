/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_cases.js - a real Elasticsearch behind the pipeline: the same documents as
 * in SQLite, a new store filled again, an index deleted under a run.
 */
'use strict';

const fs = require('fs');
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
	stage.judge(await elasticDocuments(es.url, 'refilled'),
	    { gaps: [...stage.eventGaps(), [0, middle]] });
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
	stage.judge(await elasticDocuments(es.url, 'deleted'),
	    { gaps: [...stage.eventGaps(), [0, at + HOUR]] });
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

module.exports = [
	{ name: 'shipped-elasticsearch', world: 'small', hours: 4, play: shipped, end },
	{ name: 'both-stores', world: 'week', hours: 7 * 24, play: both, end },
	{ name: 'refilled', world: 'small', hours: 14, play: refilled, end },
	{ name: 'index-deleted', world: 'small', hours: 14, play: deleted, end },
];

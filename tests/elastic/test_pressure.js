/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_pressure.js - a real Elasticsearch that is small: it takes little at a time,
 * has one thread to write with and others who want it, or hardly any memory for
 * what is being written. All arrives in the end, in requests as small as need be.
 */
'use strict';

const { startElasticsearch, MAJOR } = require('./server.js');
const { lacks } = require('./distribution.js');
const { Drive, commits, ok, is, skip, done } = require('./drive.js');
const { size } = require('./fault.js');

const CLIENTS = 16;

let es;

async function tooLarge() {
	const d = new Drive({ hosts: [es.url], index: 'small' });
	const body = { note: 'x'.repeat(2000) };
	const huge = commits(1, { from: 777, body: { note: 'x'.repeat(200000) } });
	await d.store([...commits(100, { body }), ...huge, ...commits(100, { from: 1000, body })]);
	is(await size(es, 'small'), 200, 'requests that are too large are halved until they fit');
	const { dead } = await d.ask({ dead: true });
	is(dead.map((x) => x.id), ['commit:7:777'], 'what is too large alone is a dead letter');
	ok(/413/.test(dead[0] && dead[0].reason), '  with the reason', JSON.stringify(dead));
	await d.well();			/* the one thread may have been taken */
	const now = await d.door();
	is([now.output_stored_total, now.output_refused_total, now.documents_unsettled,
		now.health.status], [200, 1, 0, 'well'], '  the counters say so, and all is well');
	is(d.times('kept as a dead letter.* id=commit:7:777 reason=413'), 1, '  and the log');
	is(await d.end(), 0, 'it leaves well');
}

/* Clients that never wait, until they are told; how often they were refused. */
function crowd() {
	const one = commits(1)[0].body, lines = [];
	for (let i = 0; i < 100; i++) lines.push('{"index":{}}', JSON.stringify(one));
	const bulk = `${lines.join('\n')}\n`, counts = { whole: 0, items: 0 };
	let going = true;
	const all = Array.from({ length: CLIENTS }, async () => {
		while (going) {
			const r = await es.ask('POST', '/noise/_bulk', bulk).catch(() => ({}));
			if (r.status === 429) counts.whole++;
			else if (r.json && r.json.errors) counts.items++;
		}
	});
	return { counts, end: () => {
		going = false;
		return Promise.all(all);
	} };
}

async function busy() {
	const d = new Drive({ hosts: [es.url], index: 'busy' });
	const others = crowd(), told = d.logged(/ nothing is taken: .*/);
	let n = 0;
	while (d.times(' nothing is taken') === 0)
		await Promise.race([told, d.store(commits(50, { from: 50 * n++ }))]);
	const { counts } = others;
	ok(counts.whole + counts.items > 0, `others are refused (${counts.whole} requests, ` +
	    `some of ${counts.items} more)`);
	is((await told)[0], ' nothing is taken: 429 es_rejected_execution_exception',
	    '  and so are we, which is said');
	const last = d.store(commits(500, { from: 100000 }));
	await others.end();
	await last;
	is(await size(es, 'busy'), 50 * n + 500, '  all arrives');
	await d.well();
	const now = await d.door();
	is([now.output_stored_total, now.output_refused_total, now.documents_unsettled,
		now.health.status], [50 * n + 500, 0, 0, 'well'], '  the counters say so');
	is((await d.ask({ dead: true })).dead, [], '  no dead letter');
	is(await d.end(), 0, 'it leaves well');
}

/* 429 for every request of more than 20 kB, whoever asks, however often. */
async function narrow() {
	const d = new Drive({ hosts: [es.url], index: 'narrow' });
	await d.store(commits(400));
	is(await size(es, 'narrow'), 400, 'what is refused for its size, as busy, is halved too');
	await d.well();
	is((await d.ask({ dead: true })).dead, [], '  no dead letter');
	is(await d.end(), 0, 'it leaves well');
}

async function main() {
	if (lacks(MAJOR)) {
		skip(lacks(MAJOR));
		return done();
	}
	es = await startElasticsearch({ settings: { 'http.max_content_length': '64kb',
		'node.processors': 1, 'thread_pool.write.size': 1, 'thread_pool.write.queue_size': 1 } });
	try {
		await tooLarge();
		await busy();
		await es.again({ 'indexing_pressure.memory.limit': '20kb' });
		await narrow();
	} finally {
		await es.stop();
	}
	return done();
}

main().then((status) => process.exit(status), (e) => {
	process.stdout.write(`not ok - ${e.stack.split('\n').join('\n# ')}\n`);
	process.exit(1);
});

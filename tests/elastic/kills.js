/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kills.js [KILLS [DOCUMENTS [SEED]]] - a real Elasticsearch that is killed (-9) and
 * started again, 20 times while 100,000 documents go into it: each is there once
 * afterwards. A part of make torture: about ten seconds a kill.
 */
'use strict';

const { startElasticsearch, MAJOR } = require('./server.js');
const { lacks } = require('./distribution.js');
const { commits, ok, is, skip, done } = require('./drive.js');
const { open, size } = require('./fault.js');

const [KILLS, DOCUMENTS, SEED] = [20, 100000, Date.now() % 1000000]
    .map((x, i) => Number(process.argv[2 + i] || x));
const PAGE = 500;
const AHEAD = 16;		/* pages on their way, as a full pipeline has them */
const IN_BULK_MS = 40;

/* Numbers from 0 to 1, the same ones for a seed. */
function dice(seed) {
	let x = seed >>> 0;
	return () => {
		x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
		return x / 2 ** 32;
	};
}

async function main() {
	if (lacks(MAJOR)) {
		skip(lacks(MAJOR));
		return done();
	}
	process.stdout.write(`# ${KILLS} kills, ${DOCUMENTS} documents, seed ${SEED}\n`);
	const random = dice(SEED), es = await startElasticsearch();
	const d = open({ hosts: [es.url], index: 'killed' }, { patience: 600 * 1000 });
	const pages = Math.ceil(DOCUMENTS / PAGE);
	let next = 0, settled = 0, kills = 0, busy = null;
	/* Not at a page's end, but some milliseconds on, in the middle of what follows. */
	const strike = async () => {
		await new Promise((go) => setTimeout(go, random() * IN_BULK_MS));
		await es.kill();
		kills++;
		await es.start();
		busy = null;
	};
	const walk = async () => {
		while (next < pages) {
			const from = PAGE * next++;
			await d.store(commits(Math.min(PAGE, DOCUMENTS - from), { from }));
			settled++;
			if (!busy && kills < KILLS && settled >= (kills + random()) * pages / KILLS)
				busy = strike();
		}
	};
	try {
		await Promise.all(Array.from({ length: AHEAD }, walk));
		while (kills < KILLS) await (busy || (busy = strike()));
		await busy;
		is(kills, KILLS, 'so often it was killed');
		is(settled, pages, '  all is settled');
		is(await size(es, 'killed'), DOCUMENTS, '  each document is there once');
		for (let from = DOCUMENTS - 10000; from > 0; from -= 10000)
			if (await size(es, 'killed', from) !== DOCUMENTS - from)
				ok(false, `  from ${from} on, too`);
		await d.well();
		const now = await d.door();
		is([now.output_stored_total, now.output_refused_total, now.documents_unsettled,
			now.health.status], [DOCUMENTS, 0, 0, 'well'], '  as the counters say');
		is([d.times('another one'), (await d.ask({ dead: true })).dead], [0, []],
		    '  in one index, no dead letter');
		ok(true, `  in trouble ${d.times('well again')} times`);
		await d.close();
	} finally {
		await es.stop();
	}
	return done();
}

main().then((status) => process.exit(status), (e) => {
	process.stdout.write(`not ok - ${e.stack.split('\n').join('\n# ')}\n`);
	process.exit(1);
});

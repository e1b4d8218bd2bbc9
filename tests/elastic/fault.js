/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.js - one fault of a real Elasticsearch from its beginning to its end, seen
 * from every side: what is stored, what waits, what is a dead letter; what the log,
 * `hubstash status`, /healthz and the counters say; and that all arrives afterwards.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { Drive, commits, ok, is } = require('./drive.js');

const START_MS = 1767225600000;		/* of commits() */
const PAGE = 40;

/* A drive with a data directory, for `hubstash status`; end it with close(). */
function open(options, more = {}) {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-fault-'));
	const d = new Drive(options, { ...more, dir });
	d.close = async (hurry) => {
		is(await d.end(hurry), 0, 'it leaves well');
		fs.rmSync(dir, { recursive: true });
	};
	return d;
}

/* Documents of an index that are of a page or later; all without from. */
async function size(es, index, from) {
	await es.ask('POST', `/${index}/_refresh`);
	return (await es.ask('GET', `/${index}/_count`, from === undefined ? undefined : { query: {
		range: { '@timestamp': { gte: START_MS + from * 1000 } } } })).json.count;
}

/*
 * fault: { name, index, pattern (of the trouble), cause, cure, n }. What is stored
 * before is in the index; n documents that come meanwhile are not, until the cure.
 */
async function fault(es, d, { name, index, pattern, cause, cure, n = PAGE }) {
	const was = await d.door(), from = 100000 * d.troubles.length;
	const logged = d.times(`out\\.elasticsearch#0: .*${pattern.source}`);
	const over = d.times('well again');
	await cause();
	const stored = d.store(commits(n, { from }));
	stored.catch(() => {});
	const trouble = await d.trouble(pattern);
	ok(true, `${name}: ${trouble}`);
	let now = await d.door();
	is([now.documents_unsettled, now.output_stored_total, now.output_refused_total],
	    [n, was.output_stored_total, was.output_refused_total], '  all of it waits');
	is(now.health, { status: 'unwell', reasons: [{ instance: 'out.elasticsearch#0',
		reason: trouble, since: now.health.reasons[0] && now.health.reasons[0].since }] },
	'  /healthz says so');
	ok(await d.status((text) => text.includes(`: ${trouble}\n`)), '  and so does status');
	await cure();
	await stored;
	is(await size(es, index, from), n, '  lifted, all arrives');
	await d.well();
	now = await d.door();
	is([now.documents_unsettled, now.output_stored_total - was.output_stored_total,
		now.output_refused_total, now.health], [0, n, was.output_refused_total,
		{ status: 'well', reasons: [] }], '  the counters agree, and all is well');
	is([d.troubled(pattern), d.times(`out\\.elasticsearch#0: .*${pattern.source}`) - logged,
		d.times('well again') - over], [1, 1, 1], '  it was said once, and its end');
	is((await d.ask({ dead: true })).dead, [], '  no dead letter');
}

module.exports = { fault, open, size };

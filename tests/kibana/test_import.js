/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_import.js - hubstash setup against a stand-in of Kibana (stand_in.js): what it
 * makes, replaces, leaves and removes, in spaces, with each way of being let in; and
 * everything that can go wrong, each told once, with what to do.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { execFile, spawnSync } = require('child_process');
const { Kibana, Cluster } = require('./stand_in.js');
const { ok, is } = require('../github/tap.js');

const PROGRAM = process.env.HUBSTASH ||
    path.join(__dirname, '../../build/san/hubstash');
const NAMES = ['contributors', 'person', 'repository', 'data-quality'];
let cluster;

/* { status, out (lines as words), text, err } of one run. */
function setup(kibana, args = [], env = {}) {
	return new Promise((done) => execFile(PROGRAM, ['setup', ...args], { timeout: 60000,
		env: { PATH: process.env.PATH, ELASTICSEARCH_URL: cluster.url,
			...(kibana && { KIBANA_URL: kibana.url || kibana }), ...env } },
	(e, text, err) => done({ status: e ? e.code : 0, text, err,
		out: text.split('\n').filter((l) => l).map((l) => l.split(/ {2,}/)) })));
}

/* How often each word stands at the beginning of a line about Kibana. */
function tally(r) {
	const n = {};
	for (const [what, type] of r.out)
		if (type !== 'index template') n[what] = (n[what] || 0) + 1;
	return n;
}

async function withKibana(options, test) {
	const k = await new Kibana(options).start();
	try {
		await test(k);
		is(k.wrong, [], '  and Kibana was asked as it wants to be');
	} finally {
		k.stop();
	}
}

async function makes() {
	await withKibana({}, async (k) => {
		let r = await setup(k);
		is([r.status, tally(r), r.out[0]], [0, { made: 10 },
			['made', 'index template', 'hubstash-activity']], 'the first time all is made');
		const held = k.spaces.get('default');
		is(NAMES.map((n) => held.has(`dashboard:hubstash-activity.${n}`)),
		    NAMES.map(() => true), '  the four dashboards');
		is([...held.keys()].filter((x) => x.startsWith('index-pattern:')).length, 4,
		    '  the four data views');
		ok(/^made +dashboard +hubstash-activity\.person +\(hubstash: Person\)$/m.test(r.text),
		    '  a line each', r.text);
		r = await setup(k);
		is([r.status, tally(r), r.out[0][0], k.asked('_import')], [0, { same: 10 }, 'same', 1],
		    'again all is the same, and nothing is written');
		const person = held.get('dashboard:hubstash-activity.person');
		const panels = JSON.parse(person.attributes.panelsJSON);
		person.attributes.panelsJSON = JSON.stringify(panels.slice(1));
		held.delete('search:hubstash-activity.oldest-open');
		r = await setup(k);
		is([r.status, tally(r)], [0, { same: 8, replaced: 1, made: 1 }],
		    'what somebody changed is replaced, what is missing made');
		is(JSON.parse(held.get('dashboard:hubstash-activity.person').attributes.panelsJSON),
		    panels, '  as it was');
		held.get('dashboard:hubstash-activity.person').attributes.more = 'of Kibana';
		r = await setup(k);
		is([r.status, tally(r)], [0, { same: 10 }], 'what Kibana adds is no change');
	});
	await withKibana({ tabs: true, version: '9.5.0' }, async (k) => {
		await setup(k);
		const r = await setup(k);
		is([r.status, tally(r)], [0, { same: 10 }], 'in 9.5, where searches have tabs');
	});
	await withKibana({ version: '8.9.0', basePath: '/kibana' }, async (k) => {
		const r = await setup(`${k.url}/kibana/`);
		is([r.status, tally(r)], [0, { made: 10 }], 'in 8.9, under a path');
	});
}

async function spaces() {
	await withKibana({ spaces: ['team-a'] }, async (k) => {
		await setup(k);
		let r = await setup(k, [], { KIBANA_SPACE: 'team-a' });
		is([r.status, tally(r)], [0, { made: 10 }], 'in a space beside the default one');
		ok(k.spaces.get('team-a').has('dashboard:hubstash-activity.team-a.contributors'),
		    '  ids have its name, so that links lead there');
		r = await setup(`${k.url}/s/team-a`);
		is([r.status, tally(r)], [0, { same: 10 }], '  the address names it as well');
		r = await setup(k, ['--space', 'team-a', '--remove']);
		is([r.status, tally(r), k.spaces.get('team-a').size, k.spaces.get('default').size],
		    [0, { removed: 10 }, 0, 10], '  and is emptied alone');
		r = await setup(k, ['--space', 'team-b']);
		is([r.status, tally(r)], [2, {}], 'a space that is not there');
		ok(/has no space "team-b"/.test(r.err), '  is named', r.err);
		r = await setup(k, ['--space', 'default']);
		is([r.status, tally(r)], [0, { same: 10 }], 'the default one by its name');
	});
	await withKibana({ spaces: ['other'] }, async (k) => {
		k.spaces.get('other').set('dashboard:hubstash-activity.person', { id: 'x' });
		const r = await setup(k);
		is([r.status, tally(r)], [1, { made: 9, refused: 1 }],
		    'an id that another space has already');
		ok(/dashboard hubstash-activity\.person: another space has this id/.test(r.err),
		    '  is told', r.err);
	});
}

async function letIn() {
	const wrong = 'KIBANA_API_KEY, or KIBANA_USERNAME and KIBANA_PASSWORD';
	await withKibana({ user: 'ann:s3cret' }, async (k) => {
		let r = await setup(k, [], { KIBANA_USERNAME: 'ann', KIBANA_PASSWORD: 's3cret' });
		is([r.status, tally(r)], [0, { made: 10 }], 'by user and password');
		r = await setup(k, [], { ELASTICSEARCH_USERNAME: 'ann', ELASTICSEARCH_PASSWORD: 's3cret' });
		is([r.status, tally(r)], [0, { same: 10 }], '  those for Elasticsearch by default');
		r = await setup(k.url.replace('//', '//ann:s3cret@'));
		is([r.status, tally(r)], [0, { same: 10 }], '  or those in the address');
		r = await setup(k, [], { KIBANA_USERNAME: 'ann', KIBANA_PASSWORD: 'guess1' });
		is([r.status, tally(r)], [3, {}], 'by a wrong password');
		ok(r.err.includes(wrong) && !r.err.includes('guess1'), '  says what to set, not what was',
		    r.err);
	});
	await withKibana({ apiKey: Buffer.from('id:key').toString('base64') }, async (k) => {
		const r = await setup(k, [], { KIBANA_API_KEY: 'id:key' });
		is([r.status, tally(r)], [0, { made: 10 }], 'by an API key');
		const far = await setup('http://kibana.example.org', [], { KIBANA_API_KEY: 'id:key' });
		is(far.status, 2, '  which goes to no other machine without https');
		ok(/an API key goes over https only/.test(far.err), '  and says so', far.err);
	});
	await withKibana({ may: false }, async (k) => {
		const r = await setup(k);
		is([r.status, tally(r)], [3, {}], 'who may not');
		ok(/does not let this user .*Saved Objects Management in space default/.test(r.err),
		    '  is told which privileges are needed', r.err);
	});
}

function certificates() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-kibana-'));
	const at = (name) => path.join(dir, name);
	const r = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days',
		'2', '-subj', '/CN=stand-in', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout',
		at('key'), '-out', at('pem')]);
	if (r.status !== 0) throw new Error(`openssl: ${r.stderr}`);
	return { dir, ca: at('pem'), key: fs.readFileSync(at('key')), cert: fs.readFileSync(at('pem')) };
}

async function tls() {
	const { dir, ca, key, cert } = certificates();
	try {
		await withKibana({ tls: { key, cert } }, async (k) => {
			let r = await setup(k, [], { KIBANA_CA: ca });
			is([r.status, tally(r)], [0, { made: 10 }], 'over TLS with an authority of its own');
			r = await setup(k);
			is([r.status, tally(r)], [75, {}], '  and without trusting it not');
			ok(/certificate/i.test(r.err), '  which is why', r.err);
		});
	} finally {
		fs.rmSync(dir, { recursive: true });
	}
}

async function fails() {
	for (const [version, good] of [['7.17.29', false], ['8.8.2', false], ['8.10.0', true],
		['9.0.0', true], [undefined, true]])
		await withKibana({ version }, async (k) => {
			const r = await setup(k);
			is([r.status, tally(r)], good ? [0, { made: 10 }] : [3, {}],
			    `Kibana ${version || 'that hides its version'}`);
			if (!good) ok(r.err.includes(`Kibana ${version} at`) && /8\.9 or later/.test(r.err),
			    '  is too old', r.err);
		});
	await withKibana({ refuse: { 'dashboard:hubstash-activity.person': { type: 'unknown',
		statusCode: 400, message: 'it is \u001b[1mMonday' } } }, async (k) => {
		const r = await setup(k);
		is([r.status, tally(r)], [1, { made: 9, refused: 1 }], 'one object refused, nine made');
		ok(/dashboard hubstash-activity\.person: refused: it is \?\[1mMonday/.test(r.err) &&
		    /Kibana refused 1 of 10 objects/.test(r.err), '  which and why', r.err);
	});
	const says = async (what, options, status, pattern) => withKibana(options, async (k) => {
		const r = await setup(k);
		is([r.status, tally(r)], [status, {}], what);
		ok(pattern.test(r.err), '  is told', r.err);
	});
	const answers = (status, value, headers, path_ = '') => (r) => {
		if (!r.url.includes(path_)) return false;
		r.res.writeHead(status, headers);
		r.res.end(value);
		return true;
	};
	await says('a server under another path', { basePath: '/kb' }, 2, /KIBANA_URL needs the path/);
	await says('a Kibana that starts', { script: answers(503, 'Kibana server is not ready yet',
	    { 'kbn-name': 'x' }) }, 75, /is not ready \(503.*run it again/);
	await says('a web server', { script: answers(200, '<html>', {}) }, 2, /but is no Kibana/);
	await says('a web server that has no such page', { script: answers(404, 'no', {}) }, 2,
	    /but is no Kibana/);
	await says('an answer to the import that is none', { script: answers(200, '{}', {},
	    '_import') }, 2, /not as Kibana does/);
	await says('a form that is too large for it', { script: answers(413,
	    '{"message":"Payload content length greater"}', { 'kbn-name': 'x' }, '_import') }, 3,
	/answers 413 when asked to import them: Payload content length/);
	await says('an export that is not allowed', { script: answers(400,
	    '{"message":"Trying to export non-exportable type(s)"}', {}, '_export') }, 3,
	/answers 400 when asked to export.*non-exportable/);
	await says('an export without end', { script: answers(200, 'x'.repeat(9 << 20), {},
	    '_export') }, 75, /Kibana at http/);
	for (const [what, text, want] of [['an export that is too deep', '['.repeat(100000), 10],
		['an export of somebody else\'s objects', '{"type":"dashboard","id":"x"}\n\n{}\n"x"', 10]])
		await withKibana({ script: answers(200, text, {}, '_export') }, async (k) => {
			const r = await setup(k);
			is([r.status, tally(r)], [0, { replaced: want }], what);
		});
	await withKibana({ script: answers(200, '{"success":true,"successCount":10}', {},
	    '_import') }, async (k) => {
		const r = await setup(k);
		is([r.status, tally(r)], [1, { refused: 10 }], 'an import that tells of no object');
		ok(/Kibana tells nothing of it/.test(r.err), '  is none', r.err);
	});
	await says('a connection that breaks off', { script: (r) => (r.url.includes('_import') ?
		[r.res.destroy()] : false) }, 75, /Kibana at http/);
	let r = await setup(cluster.url);
	is([r.status, tally(r)], [2, {}], 'Elasticsearch in place of Kibana');
	ok(/is Elasticsearch, not Kibana.*5601/.test(r.err), '  is told', r.err);
	r = await setup('http://127.0.0.1:1');
	is([r.status, tally(r)], [75, {}], 'nobody there');
}

async function removes() {
	await withKibana({}, async (k) => {
		await setup(k);
		const held = k.spaces.get('default');
		held.set('dashboard:mine', { type: 'dashboard', id: 'mine' });
		let r = await setup(k, ['--remove']);
		is([r.status, tally(r), r.out[10].slice(0, 2)], [0, { removed: 10 },
			['removed', 'index template']], 'what setup made is removed');
		is([...held.keys()], ['dashboard:mine'], '  and nothing else');
		ok(k.seen.findIndex((x) => x.url.includes('dashboard/')) <
		    k.seen.findIndex((x) => x.url.includes('index-pattern/')), '  dashboards first');
		r = await setup(k, ['--remove']);
		is([r.status, tally(r), r.out[10][0]], [0, { absent: 10 }, 'absent'], 'again: all gone');
		cluster.templates.set('hubstash-activity', { index_patterns: ['hubstash-*'] });
		r = await setup(null, ['--remove']);
		is([r.status, r.out[0][0], cluster.templates.size], [0, 'kept', 1],
		    'a template of somebody else is kept');
		r = await setup(null);
		is([r.status, r.out[0][0]], [0, 'replaced'], 'and replaced by setup');
		ok(/KIBANA_URL is not set: no data views/.test(r.err), 'which says that Kibana is left out',
		    r.err);
	});
	is(cluster.wrong, [], 'the index was never touched');
}

async function main() {
	cluster = await new Cluster().start();
	for (const test of [makes, spaces, letIn, tls, fails, removes]) {
		try {
			await test();
		} catch (e) {
			ok(false, `${test.name} died`, e.stack);
		}
	}
	cluster.stop();
}

main().then(() => require('../github/tap.js').run([]));

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_secured.js - a real Elasticsearch with security on: an authority of its own,
 * users, API keys; who is not let in, or no longer, sends nothing and loses nothing.
 */
'use strict';

const { startElasticsearch, MAJOR } = require('./server.js');
const { lacks } = require('./distribution.js');
const { Drive, commits, ok, is, skip, done } = require('./drive.js');
const { fault, open, size } = require('./fault.js');

const PASSWORD = 'w:riter%secret';
const ROLES = `
writer:
  cluster: [monitor, manage_index_templates]
  indices:
    - names: ['mine*']
      privileges: [create_index, index, read, view_index_metadata, maintenance, manage]
reader:
  cluster: [monitor]
  indices:
    - names: ['mine*']
      privileges: [read, view_index_metadata]
`;
const DENIED = /answers 401: security_exception.* are not accepted \(ELASTICSEARCH_USERNAME/;

let es, conf;

async function letIn() {
	const d = new Drive({ ...conf, user: 'writer', password: PASSWORD });
	await d.store(commits(5));
	is(await size(es, 'mine'), 5, 'https with a CA file and basic authentication');
	is((await d.ask({ people: 5 })).documents, 5, '  the reader has them too');
	await d.end();
	const inUrl = new Drive({ ...conf, hosts: [es.url.replace('//',
	    '//writer:w%3Ariter%25secret@')] });
	await inUrl.store(commits(1));
	ok(!/riter%/.test(inUrl.logText), 'user and password in the address, not in the log');
	await inUrl.end();
	const env = new Drive(conf, { env: { ELASTICSEARCH_USERNAME: 'writer',
		ELASTICSEARCH_PASSWORD: PASSWORD } });
	await env.store(commits(1));
	ok(true, 'or in the environment');
	await env.end();
	const none = new Drive({ ...conf, ssl_certificate_authorities: [],
		ssl_verification_mode: 'none', user: 'writer', password: PASSWORD });
	await none.store(commits(1));
	ok(true, 'no authority is needed where nobody looks');
	await none.end();
}

/* Never let in; several at a time, each waits its while before it begins. */
async function refused(cases) {
	const ends = await Promise.all(cases.map(async ([name, options, pattern]) => {
		const d = new Drive({ ...conf, ...options });
		d.send({ emit: commits(3, { from: 500 }), as: 'never' });
		const trouble = await d.trouble(pattern);
		return { name, d, trouble, status: await d.end(true), pattern };
	}));
	for (const { name, d, trouble, status, pattern } of ends) {
		ok(!/secret/.test(d.logText), `${name}: ${trouble}`);
		is([status, d.said.some((s) => s.settled), d.troubled(pattern)], [0, false, 1],
		    '  said once, without a secret; nothing was settled; it leaves');
	}
	is(await size(es, 'mine'), 5, 'nothing of theirs arrived');
}

const writer = (password) => ({ user: 'writer', password });
const cases = () => [
	['a wrong password', writer('wrong-secret'), DENIED],
	['nobody', {}, DENIED],
	['a key nobody made', { api_key: 'id:not-secret' }, DENIED],
	['who may only read', { user: 'reader', password: 'reader-secret' },
		/answers 403: security_exception: action \[indices:admin\/index_template\/put\]/],
	['who may only read, without the template', { user: 'reader',
		password: 'reader-secret', manage_template: false },
	/answers 403: security_exception: action \[indices:data\/write\/bulk\]/],
	['an authority we do not know', { ...writer(PASSWORD),
		ssl_certificate_authorities: [] }, /certificate/],
	['http where https is spoken', { ...writer(PASSWORD),
		hosts: [es.url.replace('https', 'http')] }, /127\.0\.0\.1:\d+/],
];

async function put(at, body) {
	const r = await es.ask('PUT', at, body);
	if (r.status !== 200) throw new Error(JSON.stringify(r.json));
}

const mayDo = (...privileges) => put('/_security/role/scribe', {
	cluster: ['monitor', 'manage_index_templates'],
	indices: [{ names: ['ours'], privileges: ['view_index_metadata', ...privileges] }] });

/* In the middle of its work it is let in no longer, and then again. */
async function revoked() {
	const password = (text) => put('/_security/user/scribe', { password: text,
		roles: ['scribe'] });
	await mayDo('all');
	await password('first-secret');
	const d = open({ ...conf, index: 'ours', user: 'scribe', password: 'first-secret' });
	await d.store(commits(5));
	await fault(es, d, { name: 'the password is another', index: 'ours', pattern: DENIED,
		cause: () => password('second-secret'), cure: () => password('first-secret') });
	is(d.times('answers 401'), 1, '  in the same words wherever it asks');
	await fault(es, d, { name: 'no right to write', index: 'ours',
		pattern: /answers 403: security_exception: action \[indices:data\/write\/bulk\]/,
		cause: () => mayDo('read'), cure: () => mayDo('all') });
	await fault(es, d, { name: 'the right to make documents, not to write over them',
		index: 'ours', pattern: /nothing is taken: 403 security_exception: action/,
		cause: () => mayDo('create_doc'), cure: () => mayDo('all') });
	ok(!/-secret/.test(d.logText), 'no secret in the log');
	await d.close();
}

async function keys() {
	const make = async (body) => (await es.ask('POST', '/_security/api_key', body)).json;
	const key = await make({ name: 'k', role_descriptors: { k: {
		cluster: ['monitor', 'manage_index_templates'],
		indices: [{ names: ['mine'], privileges: ['all'] }] } } });
	const short = await make({ name: 'short', expiration: '1s' });
	for (const api_key of [key.encoded, `${key.id}:${key.api_key}`]) {
		const d = new Drive({ ...conf, api_key });
		await d.store(commits(5));
		ok(true, `an API key, ${api_key === key.encoded ? 'encoded' : 'as id:key'}`);
		ok(!d.logText.includes(key.api_key) && !d.logText.includes(key.encoded),
		    '  and not in the log');
		await d.end();
	}
	while ((await es.ask('GET', '/_security/_authenticate', undefined, null,
	    { authorization: `ApiKey ${short.encoded}` })).status === 200);
	await refused([['a wrong key', { api_key: `${key.id}:wrong-secret` }, DENIED],
		['a key that has expired', { api_key: short.encoded }, DENIED]]);
	const d = open({ ...conf, api_key: key.encoded });
	await d.store(commits(5));
	await es.ask('DELETE', '/_security/api_key', { ids: [key.id] });
	d.send({ emit: commits(3, { from: 500 }), as: 'never' });
	ok(true, `a key that is taken back: ${await d.trouble(DENIED)}`);
	is(d.troubled(DENIED), 1, '  said once');
	await d.close(true);
	ok(!d.said.some((s) => s.settled === 'never'), '  and nothing was settled');
}

async function main() {
	const plain = lacks(MAJOR), why = lacks(MAJOR, { plugin: true });
	if (plain) {
		skip(plain);
		return done();
	}
	es = await startElasticsearch({ tls: true, plugin: !why, roles: ROLES, users: {
		admin: { password: 'admin-secret', role: 'superuser' },
		writer: { password: PASSWORD, role: 'writer' },
		reader: { password: 'reader-secret', role: 'reader' } } });
	try {
		conf = { hosts: [es.url], index: 'mine', ssl_certificate_authorities: [es.caFile] };
		await letIn();
		await refused(cases());
		if (why) {
			skip(why);
		} else {
			await revoked();
			await keys();
		}
	} finally {
		await es.stop();
	}
	return done();
}

main().then((status) => process.exit(status), (e) => {
	process.stdout.write(`not ok - ${e.stack.split('\n').join('\n# ')}\n`);
	process.exit(1);
});

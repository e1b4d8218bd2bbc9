/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server.js - a real Elasticsearch or OpenSearch for tests, on loopback, as anybody but
 * root.
 *
 *	const es = await startElasticsearch({ dir });	// config, data, logs: in dir
 *	es.url, es.stop()
 *
 * or, to have one by hand: node tests/elastic/server.js DIR
 *
 * HUBSTASH_ES says which release (distribution.js) where a test does not: 8, 9 or
 * opensearch.
 */
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const https = require('https');
const net = require('net');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');
const { distribution, reachable, releases, root, run } = require('./distribution.js');

const MAJOR = process.env.HUBSTASH_ES || '8';
const READY_MS = 120 * 1000;
const STOP_MS = 30 * 1000;
const NOBODY = 65534;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function freePort() {
	return new Promise((done, fail) => {
		const s = net.createServer().on('error', fail);
		s.listen(0, '127.0.0.1', () => {
			const { port } = s.address();
			s.close(() => done(port));
		});
	});
}

/* A certificate authority of our own and a certificate for 127.0.0.1. */
function makeCertificates(dir) {
	const at = (name) => path.join(dir, name);
	const quiet = { stdio: ['ignore', 'ignore', 'pipe'] };
	run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2',
	    '-subj', '/CN=hubstash test authority', '-keyout', at('ca.key'),
	    '-out', at('ca.pem')], quiet);
	run('openssl', ['req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost',
	    '-keyout', at('http.key'), '-out', at('http.csr')], quiet);
	fs.writeFileSync(at('san'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
	run('openssl', ['x509', '-req', '-in', at('http.csr'), '-CA', at('ca.pem'),
	    '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', at('san'),
	    '-out', at('http.pem')], quiet);
}

class Elasticsearch {
	constructor(dir, options) {
		this.dir = dir;
		this.options = options;
		this.major = options.major || MAJOR;
		({ version: this.version, product: this.product } = releases[this.major]);
		this.opensearch = this.product === 'OpenSearch';
		Object.assign(this, distribution(this.major, options));
		this.name = `hubstash-test-${process.pid}-${crypto.randomBytes(4).toString('hex')}`;
		this.config = path.join(dir, 'config');
		this.pidFile = path.join(dir, 'pid');
		this.onExit = () => this.signal('SIGKILL');
	}

	env() {
		const our = this.opensearch ? 'OPENSEARCH' : 'ES';
		return { PATH: process.env.PATH, HOME: this.dir, LANG: 'C.UTF-8',
			[`${our}_PATH_CONF`]: this.config, [`${our}_JAVA_HOME`]: this.java,
			[`${our}_TMPDIR`]: path.join(this.dir, 'tmp'),
			[`${our}_JAVA_OPTS`]: this.options.java ||
			    '-Xms512m -Xmx512m -XX:TieredStopAtLevel=1',
			CLI_JAVA_OPTS: '-XX:TieredStopAtLevel=1 -Xmx64m' };
	}

	writeSettings() {
		fs.writeFileSync(path.join(this.config, `${this.product.toLowerCase()}.yml`),
		    Object.entries(this.settings).map(([k, v]) =>
			    `${k}: ${JSON.stringify(v)}\n`).join(''));
	}

	/* The programs of the archive are a second slower for each user. */
	writeUsers(users) {
		const all = Object.entries(users), roles = new Map();
		const hash = (password) => {
			const salt = crypto.randomBytes(32);
			const key = crypto.pbkdf2Sync(password, salt, 1000, 32, 'sha512');
			return `{PBKDF2}1000$${salt.toString('base64')}$${key.toString('base64')}`;
		};
		for (const [name, u] of all)
			roles.set(u.role, [...(roles.get(u.role) || []), name]);
		fs.writeFileSync(path.join(this.config, 'users'),
		    all.map(([name, u]) => `${name}:${hash(u.password)}\n`).join(''));
		fs.writeFileSync(path.join(this.config, 'users_roles'),
		    [...roles].map(([role, names]) => `${role}:${names.join(',')}\n`).join(''));
	}

	/* users: { name: { password, role } }, tls: https with ca.pem in ->caFile. */
	async prepare() {
		const { settings = {}, users, roles, tls } = this.options;
		for (const d of ['config', 'data', 'logs', 'tmp'])
			fs.mkdirSync(path.join(this.dir, d), { recursive: true });
		const from = path.join(this.home, 'config');
		for (const f of fs.readdirSync(from))
			fs.cpSync(path.join(from, f), path.join(this.config, f), { recursive: true });
		const jvm = path.join(this.config, 'jvm.options');
		fs.writeFileSync(jvm, fs.readFileSync(jvm, 'utf8').split('\n')
		    .filter((l) => !/gc\.log|HeapDump|ErrorFile/.test(l)).join('\n'));
		this.port = this.options.port || await freePort();
		const yml = {
			'cluster.name': this.name, 'node.name': 'n1',
			'discovery.type': 'single-node', 'network.host': '127.0.0.1',
			'http.port': this.port, 'transport.port': await freePort(),
			'path.data': path.join(this.dir, 'data'),
			'path.logs': path.join(this.dir, 'logs'),
			'cluster.routing.allocation.disk.threshold_enabled': false,
			'action.destructive_requires_name': false,
		};
		if (!this.opensearch) yml['xpack.security.enabled'] = Boolean(users);
		if (users) yml['xpack.security.transport.ssl.enabled'] = false;
		if (tls) {
			makeCertificates(this.config);
			this.caFile = path.join(this.config, 'ca.pem');
			yml['xpack.security.http.ssl.enabled'] = true;
			yml['xpack.security.http.ssl.key'] = 'http.key';
			yml['xpack.security.http.ssl.certificate'] = 'http.pem';
		}
		this.settings = { ...yml, ...settings };
		this.writeSettings();
		if (roles) fs.writeFileSync(path.join(this.config, 'roles.yml'), roles);
		if (users) this.writeUsers(users);
		if (root) run('chown', ['-R', `${NOBODY}:${NOBODY}`, this.dir]);
		this.url = `${tls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
		this.user = users && Object.entries(users).map(([n, u]) => `${n}:${u.password}`)[0];
	}

	/* One exchange: { status, json }; body may be text or a value. */
	ask(method, at, body, user = this.user, headers = {}) {
		const text = body === undefined || typeof body === 'string' ? body :
		    JSON.stringify(body);
		const options = { method, timeout: 60 * 1000, agent: false, headers: { ...headers } };
		if (user) options.auth = user;
		if (this.caFile) options.ca = fs.readFileSync(this.caFile);
		if (text !== undefined) {
			options.headers['content-type'] = 'application/json';
			options.headers['content-length'] = Buffer.byteLength(text);
		}
		return new Promise((done, fail) => {
			const req = (this.caFile ? https : http).request(this.url + at, options, (res) => {
				const parts = [];
				res.on('data', (d) => parts.push(d)).on('error', fail).on('end', () => {
					let json;
					try {
						json = JSON.parse(Buffer.concat(parts).toString());
					} catch (e) { /* not every answer is JSON */ }
					done({ status: res.statusCode, json });
				});
			});
			req.on('error', fail).on('timeout', () => req.destroy(new Error('timeout')));
			req.end(text);
		});
	}

	alive() {
		try {
			process.kill(this.pid, 0);
			return true;
		} catch (e) {
			return e.code === 'EPERM';
		}
	}

	signal(name) {
		try {
			if (this.pid) process.kill(this.pid, name);
		} catch (e) { /* it is gone */ }
	}

	log() {
		const out = ['out', `logs/${this.name}.log`].map((f) => path.join(this.dir, f))
		    .filter((f) => fs.existsSync(f)).map((f) => fs.readFileSync(f, 'utf8'));
		return out.join('\n').slice(-4000);
	}

	async start() {
		fs.rmSync(this.pidFile, { force: true });
		const program = [path.join(this.home, 'bin', this.product.toLowerCase()), '-d', '-p',
			this.pidFile];
		const [file, ...args] = root ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`,
			'--clear-groups', ...program] : program;
		const out = fs.openSync(path.join(this.dir, 'out'), 'a');
		const child = spawn(file, args, { env: this.env(), cwd: this.dir,
			stdio: ['ignore', out, out], timeout: READY_MS });
		fs.closeSync(out);
		const code = await new Promise((done, fail) => child.on('error', fail).on('exit', done));
		if (code !== 0) throw new Error(`${this.product} would not start:\n${this.log()}`);
		process.on('exit', this.onExit);
		for (const end = Date.now() + READY_MS; Date.now() < end; await sleep(100)) {
			/* OpenSearch goes into the background before it says who it is */
			this.pid = fs.existsSync(this.pidFile) &&
			    Number(fs.readFileSync(this.pidFile, 'utf8'));
			if (!this.pid) continue;
			if (!this.alive()) break;
			const r = await this.ask('GET', '/_cluster/health').catch(() => ({}));
			if (r.status === 200 && r.json.cluster_name === this.name) return this;
		}
		this.signal('SIGKILL');
		throw new Error(`${this.product} did not become ready:\n${this.log()}`);
	}

	async ended(signal) {
		this.signal(signal);
		for (const end = Date.now() + STOP_MS; this.pid && this.alive(); await sleep(20))
			if (Date.now() > end) this.signal('SIGKILL');
		this.pid = 0;
		process.removeListener('exit', this.onExit);
	}

	/* As a power cut would; start() brings it back with what it had on disk. */
	kill() {
		return this.ended('SIGKILL');
	}

	/* Another start, with other settings besides. */
	async again(settings) {
		await this.ended('SIGTERM');
		Object.assign(this.settings, settings);
		this.writeSettings();
		return this.start();
	}

	async stop() {
		await this.ended('SIGTERM');
		if (this.ours) fs.rmSync(this.dir, { recursive: true, force: true });
	}
}

/*
 * options: settings (of elasticsearch.yml), users { name: { password, role } } (then
 * security is on; the first is who ask() is), roles (text of roles.yml), tls, port.
 * major (a release), plugin (with API keys, see TestAnalysis.java).
 * Without dir a temporary one is made and removed by stop().
 */
async function startElasticsearch({ dir, ...options } = {}) {
	const ours = !dir || !reachable(dir);
	const where = ours ? fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-es-')) :
	    path.resolve(dir);
	fs.mkdirSync(where, { recursive: true });
	fs.chmodSync(where, 0o755);
	const es = new Elasticsearch(where, options);
	es.ours = ours;
	await es.prepare();
	return es.start();
}

module.exports = { startElasticsearch, MAJOR, freePort };

if (require.main === module) {
	if (process.argv.length !== 3) {
		process.stderr.write('usage: node tests/elastic/server.js DIR\n');
		process.exit(2);
	}
	startElasticsearch({ dir: process.argv[2] }).then((es) => {
		process.stdout.write(`${es.url}\n`);
		const end = () => es.stop().then(() => process.exit(0));
		process.on('SIGINT', end).on('SIGTERM', end);
		setInterval(() => es.alive() || process.exit(1), 1000);
	}, (e) => {
		process.stderr.write(`${e.message}\n`);
		process.exit(1);
	});
}

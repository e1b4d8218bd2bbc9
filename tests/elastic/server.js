/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server.js - a real Elasticsearch for tests, on loopback, as anybody but root.
 *
 *	const es = await startElasticsearch({ dir });	// config, data, logs: in dir
 *	es.url, es.stop()
 *
 * or, to have one by hand: node tests/elastic/server.js DIR
 *
 * The server comes from Maven Central (one archive, its sum is checked) and is
 * kept in $HUBSTASH_CACHE or build/cache. It needs a Java of 17 or later.
 */
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const https = require('https');
const net = require('net');
const os = require('os');
const path = require('path');
const { spawn, spawnSync } = require('child_process');

const VERSION = '8.19.21';
const SHA256 = '215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a';
const MEGABYTES = 107;
const ARTIFACT = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${VERSION}:zip`;
const FETCHER = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy';
const READY_MS = 120 * 1000;
const STOP_MS = 30 * 1000;
const NOBODY = 65534;

const root = process.getuid() === 0;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function run(command, args, options = {}) {
	const r = spawnSync(command, args, { encoding: 'utf8', timeout: 600 * 1000,
		maxBuffer: 64 << 20, ...options });
	if (r.error || r.status !== 0)
		throw new Error(`${command}: ${r.error || (r.stderr + r.stdout).slice(-2000)}`);
	return r.stdout;
}

/* May the user we run the server as come to this folder? */
function reachable(dir) {
	for (let d = path.resolve(dir); root; d = path.dirname(d)) {
		if (fs.existsSync(d) && !(fs.statSync(d).mode & 1)) return false;
		if (d === path.dirname(d)) break;
	}
	return true;
}

function sum(file) {
	return crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

/* The folder of the unpacked server; fetches what is missing. */
function home() {
	let cache = path.resolve(process.env.HUBSTASH_CACHE ||
	    path.join(__dirname, '../../build/cache'));
	if (!reachable(cache)) cache = path.join(os.tmpdir(), 'hubstash-cache');
	const unpacked = path.join(cache, `elasticsearch-${VERSION}`);
	if (fs.existsSync(unpacked)) return unpacked;
	fs.mkdirSync(cache, { recursive: true });
	const part = fs.mkdtempSync(path.join(cache, 'part-'));
	const zip = path.join(part, `elasticsearch-${VERSION}.zip`);
	try {
		process.stderr.write(`# fetching Elasticsearch ${VERSION}, ${MEGABYTES} MB, ` +
		    'from Maven Central (once)\n');
		run('mvn', ['-B', '-q', FETCHER, `-Dartifact=${ARTIFACT}`,
		    `-DoutputDirectory=${part}`, '-Dmdep.useBaseVersion=true']);
		if (sum(zip) !== SHA256)
			throw new Error(`${ARTIFACT} is not what it was: sha256 ${sum(zip)}`);
		run('unzip', ['-q', '-d', part, zip]);
		run('chmod', ['-R', 'a+rX', part]);
		if (!fs.existsSync(unpacked))
			fs.renameSync(path.join(part, `elasticsearch-${VERSION}`), unpacked);
	} finally {
		fs.rmSync(part, { recursive: true, force: true });
	}
	return unpacked;
}

function javaHome() {
	if (process.env.ES_JAVA_HOME || process.env.JAVA_HOME)
		return process.env.ES_JAVA_HOME || process.env.JAVA_HOME;
	return path.dirname(path.dirname(fs.realpathSync(
	    run('sh', ['-c', 'command -v java']).trim())));
}

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
		this.home = home();
		this.options = options;
		this.name = `hubstash-test-${process.pid}-${crypto.randomBytes(4).toString('hex')}`;
		this.config = path.join(dir, 'config');
		this.pidFile = path.join(dir, 'pid');
		this.onExit = () => this.signal('SIGKILL');
	}

	env() {
		return { PATH: process.env.PATH, HOME: this.dir, LANG: 'C.UTF-8',
			ES_PATH_CONF: this.config, ES_JAVA_HOME: javaHome(),
			ES_TMPDIR: path.join(this.dir, 'tmp'),
			ES_JAVA_OPTS: '-Xms512m -Xmx512m -XX:TieredStopAtLevel=1',
			CLI_JAVA_OPTS: '-XX:TieredStopAtLevel=1 -Xmx64m' };
	}

	/* A program of the server, as the user the server runs as. */
	program(name, args) {
		const file = path.join(this.home, 'bin', name);
		return root ? ['setpriv', [`--reuid=${NOBODY}`, `--regid=${NOBODY}`,
		    '--clear-groups', file, ...args]] : [file, args];
	}

	/* user: { name: { password, role } }, tls: https with ca.pem in ->caFile. */
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
			'xpack.security.enabled': Boolean(users),
			'cluster.routing.allocation.disk.threshold_enabled': false,
			'action.destructive_requires_name': false,
		};
		if (users) yml['xpack.security.transport.ssl.enabled'] = false;
		if (tls) {
			makeCertificates(this.config);
			this.caFile = path.join(this.config, 'ca.pem');
			yml['xpack.security.http.ssl.enabled'] = true;
			yml['xpack.security.http.ssl.key'] = 'http.key';
			yml['xpack.security.http.ssl.certificate'] = 'http.pem';
		}
		Object.assign(yml, settings);
		fs.writeFileSync(path.join(this.config, 'elasticsearch.yml'),
		    Object.entries(yml).map(([k, v]) => `${k}: ${JSON.stringify(v)}\n`).join(''));
		if (roles) fs.writeFileSync(path.join(this.config, 'roles.yml'), roles);
		if (root) run('chown', ['-R', `${NOBODY}:${NOBODY}`, this.dir]);
		for (const [name, u] of Object.entries(users || {})) {
			const [file, args] = this.program('elasticsearch-users',
			    ['useradd', name, '-p', u.password, '-r', u.role]);
			run(file, args, { env: this.env(), cwd: this.dir });
		}
		this.url = `${tls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
		this.user = users && Object.entries(users).map(([n, u]) => `${n}:${u.password}`)[0];
	}

	/* One exchange: { status, json }; body may be text or a value. */
	ask(method, at, body, user = this.user) {
		const text = body === undefined || typeof body === 'string' ? body :
		    JSON.stringify(body);
		const options = { method, timeout: 60 * 1000, agent: false, headers: {} };
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
		const [file, args] = this.program('elasticsearch', ['-d', '-p', this.pidFile]);
		const out = fs.openSync(path.join(this.dir, 'out'), 'a');
		const child = spawn(file, args, { env: this.env(), cwd: this.dir,
			stdio: ['ignore', out, out], timeout: READY_MS });
		fs.closeSync(out);
		const code = await new Promise((done, fail) => child.on('error', fail).on('exit', done));
		if (code !== 0) throw new Error(`Elasticsearch would not start:\n${this.log()}`);
		this.pid = Number(fs.readFileSync(this.pidFile, 'utf8'));
		process.on('exit', this.onExit);
		for (const end = Date.now() + READY_MS; Date.now() < end; await sleep(100)) {
			if (!this.alive()) break;
			const r = await this.ask('GET', '/_cluster/health').catch(() => ({}));
			if (r.status === 200 && r.json.cluster_name === this.name) return this;
		}
		this.signal('SIGKILL');
		throw new Error(`Elasticsearch did not become ready:\n${this.log()}`);
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

	async stop() {
		await this.ended('SIGTERM');
		if (this.ours) fs.rmSync(this.dir, { recursive: true, force: true });
	}
}

/*
 * options: settings (of elasticsearch.yml), users { name: { password, role } } (then
 * security is on; the first is who ask() is), roles (text of roles.yml), tls, port.
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

module.exports = { startElasticsearch, VERSION };

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

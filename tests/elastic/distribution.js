/* SPDX-License-Identifier: Apache-2.0 */
/*
 * distribution.js - the archives of Elasticsearch and OpenSearch that tests run, and the
 * Java each needs. They come from Maven Central (their sums are checked) and are kept in
 * $HUBSTASH_CACHE or build/cache.
 */
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');

const FETCHER = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy';
const PLUGIN = 'TestAnalysis';

/* By what HUBSTASH_ES says; java: the first that it runs on. */
const releases = {
	8: { product: 'Elasticsearch', version: '8.19.21', java: 17, megabytes: 107,
		sha256: '215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a' },
	9: { product: 'Elasticsearch', version: '9.5.3', java: 21, megabytes: 132,
		sha256: 'bec49f3b8d00e75c8d1cec85c35298635ec9fbd3ae80ef5aeb6bc05abdb3db2d' },
	opensearch: { product: 'OpenSearch', version: '2.19.4', java: 17, megabytes: 54,
		sha256: '3902e642715210d1d9d7cbdcc8f5abd6f931d1d7a679cea3750937becf16c406' },
};
const GROUPS = { Elasticsearch: 'org.elasticsearch', OpenSearch: 'org.opensearch' };

const root = process.getuid() === 0;

function run(command, args, options = {}) {
	const r = spawnSync(command, args, { encoding: 'utf8', timeout: 600 * 1000,
		maxBuffer: 64 << 20, ...options });
	if (r.error || r.status !== 0)
		throw new Error(`${command}: ${r.error || (r.stderr + r.stdout).slice(-2000)}`);
	return r.stdout;
}

/* Where Java may be: what is named or in PATH, and where systems keep them. */
function homes() {
	const inside = (dir) => (fs.existsSync(dir) ? fs.readdirSync(dir) : [])
	    .map((name) => path.join(dir, name));
	const all = [process.env.ES_JAVA_HOME, process.env.JAVA_HOME,
		...(process.env.PATH || '').split(':').filter((d) => path.basename(d) === 'bin')
		    .map((d) => path.join(d, 'java')).filter((f) => fs.existsSync(f))
		    .map((f) => path.dirname(path.dirname(fs.realpathSync(f)))),
		...['/usr/lib/jvm', '/usr/lib64/jvm', '/usr/java', '/opt', '/opt/java',
			path.join(os.homedir(), '.sdkman/candidates/java'),
			path.join(os.homedir(), '.jdks')].flatMap(inside),
		...inside('/Library/Java/JavaVirtualMachines')
		    .map((d) => path.join(d, 'Contents/Home'))];
	return all.filter((d) => d && fs.existsSync(path.join(d, 'bin/java')));
}

/* "17.0.15" is 17; what says nothing of itself in a file is asked. */
function majorOf(home) {
	const file = path.join(home, 'release');
	const said = fs.existsSync(file) && fs.readFileSync(file, 'utf8')
	    .match(/^JAVA_VERSION="?(\d+)/m) || spawnSync(path.join(home, 'bin/java'),
	    ['-version'], { encoding: 'utf8', timeout: 60 * 1000 }).stderr.match(/"(\d+)/);
	return said ? Number(said[1]) : 0;
}

/* The oldest Java that is new enough; null: none is found. */
function javaHome(least, has = 'bin/java') {
	const good = homes().filter((h) => fs.existsSync(path.join(h, has)))
	    .map((home) => ({ home, major: majorOf(home) })).filter((j) => j.major >= least);
	good.sort((a, b) => a.major - b.major);
	return good.length > 0 ? good[0].home : null;
}

/* Why a release cannot be had here, or null. plugin: with TestAnalysis in it. */
function lacks(which, { plugin = false } = {}) {
	const r = releases[which];
	if (javaHome(r.java, plugin ? 'bin/javac' : 'bin/java')) return null;
	return `${r.product} ${r.version}${plugin ? ' with a plugin' : ''}: no ` +
	    `${plugin ? 'JDK' : 'Java'} of ${r.java} or later is found`;
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

function cacheDir() {
	const cache = path.resolve(process.env.HUBSTASH_CACHE ||
	    path.join(__dirname, '../../build/cache'));
	return reachable(cache) ? cache : path.join(os.tmpdir(), 'hubstash-cache');
}

/* A folder of the cache, filled by make(dir) once; several may try at a time. */
function kept(name, make) {
	const cache = cacheDir(), dir = path.join(cache, name);
	if (fs.existsSync(dir)) return dir;
	fs.mkdirSync(cache, { recursive: true });
	const part = fs.mkdtempSync(path.join(cache, 'part-'));
	try {
		make(part);
		run('chmod', ['-R', 'a+rX', part]);
		if (!fs.existsSync(dir)) fs.renameSync(path.join(part, 'home'), dir);
	} finally {
		fs.rmSync(part, { recursive: true, force: true });
	}
	return dir;
}

/* The folder of an unpacked release; fetches what is missing. */
function unpacked(which) {
	const { product, version, megabytes, sha256 } = releases[which];
	const name = product.toLowerCase();
	const artifact = `${GROUPS[product]}.distribution.integ-test-zip:${name}:${version}:zip`;
	return kept(`${name}-${version}`, (part) => {
		const zip = path.join(part, `${name}-${version}.zip`);
		process.stderr.write(`# fetching ${product} ${version}, ${megabytes} MB, ` +
		    'from Maven Central (once)\n');
		run('mvn', ['-B', '-q', FETCHER, `-Dartifact=${artifact}`,
		    `-DoutputDirectory=${part}`, '-Dmdep.useBaseVersion=true']);
		if (sum(zip) !== sha256)
			throw new Error(`${artifact} is not what it was: sha256 ${sum(zip)}`);
		run('unzip', ['-q', '-d', part, zip]);
		fs.renameSync(path.join(part, `${name}-${version}`), path.join(part, 'home'));
	});
}

/* The same with TestAnalysis, beside it; what is equal is shared by hard links. */
function withPlugin(which) {
	const { version, java } = releases[which];
	const source = path.join(__dirname, `${PLUGIN}.java`);
	const plain = unpacked(which);
	return kept(`elasticsearch-${version}-${sum(source).slice(0, 8)}`, (part) => {
		const dir = path.join(part, 'home/plugins/test-analysis');
		run('cp', ['-al', plain, path.join(part, 'home')]);
		fs.mkdirSync(dir);
		run(path.join(javaHome(java, 'bin/javac'), 'bin/javac'), ['--release', String(java),
			'-nowarn', '-cp', path.join(plain, 'lib/*'), '-d', path.join(part, 'classes'),
			source]);
		run(path.join(javaHome(java, 'bin/javac'), 'bin/jar'), ['cf',
			path.join(dir, 'test-analysis.jar'), '-C', path.join(part, 'classes'), '.']);
		fs.writeFileSync(path.join(dir, 'plugin-descriptor.properties'),
		    Object.entries({ name: 'test-analysis', description: 'for tests', version: '1',
			    'elasticsearch.version': version, 'java.version': java,
			    classname: PLUGIN }).map(([k, v]) => `${k}=${v}\n`).join(''));
	});
}

/* { home, java }: of a release. */
function distribution(which, { plugin = false } = {}) {
	const why = lacks(which, { plugin });
	if (why) throw new Error(why);
	return { home: plugin ? withPlugin(which) : unpacked(which),
		java: javaHome(releases[which].java) };
}

module.exports = { distribution, lacks, reachable, releases, root, run };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stage.js - what the page is tested on: a simulated organisation in which something
 * happens every second or two, and the real program that follows it. While it is held
 * nobody does anything, and the truth of that moment can be told.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');
const { startSim } = require('../github/server.js');
const A = require('../github/actions.js');
const T = require('../github/talk.js');
const Words = require('../github/words.js');
const Worlds = require('../github/worlds.js');
const { Life } = require('../github/life.js');
const { DAY, HOUR, SECOND } = require('../github/world.js');
const { credits, people } = require('../demo/credits.js');

const PROGRAM = process.env.HUBSTASH || path.join(__dirname, '../../build/hubstash');
const PATIENCE = 120 * SECOND;

/* What names and titles may hold; none of it is to be run. */
const MARKUP = '<script>window.ran = 1</script><img src=x onerror="window.ran = 1">';
const LONG = `${'\u0645\u062d\u0645\u062f '.repeat(50)}\u{1f600}`;

/* Sixteen people, six repositories, a hundred days behind them; then it goes on. */
function script(w) {
	Worlds.populate(w, 16);
	const repos = Worlds.repositories(w, Words.REPOS.slice(0, 6), w.start - 100 * DAY);
	const life = new Life(w, { repos, people: w.people.all, rate: 3 });
	life.run(w.start - 99 * DAY, w.start);
	w.at(w.start - 5 * HOUR, () => {
		const [repo] = repos, [ada, bruno] = w.people.all;
		for (const [name, email] of [[MARKUP, 'a@odd.example'], [LONG, 'b@odd.example']])
			A.commitAndPush(w, repo, ada, `${MARKUP} in a commit`, { author: { name,
			    email } });
		const head = w.head(repo);
		A.push(w, repo, 'odd', A.commit(w, repo, { person: bruno, parents: [head],
			message: MARKUP }), bruno);
		T.openPull(w, repo, bruno, { title: MARKUP, branch: 'odd' });
	});
	const soon = () => {
		life.one(life.rng.weighted(w.people.all, (p) => p.weight));
		w.at(w.now + life.rng.between(1, 3) * SECOND, soon);
	};
	w.at(w.start, soon);
}

class Stage {
	constructor(sim, dir) {
		Object.assign(this, { sim, dir, port: 0, log: '' });
	}

	static async open() {
		const start = Math.floor(Date.now() / 1000) * 1000;
		const sim = await startSim({ world: 'page', start, script, foreign: false,
		    pollInterval: 1,
			limits: { core: 50000, graphql: 50000 } });
		return new Stage(sim, fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-page-')));
	}

	/* The program, on the port it had before. output: of the pipeline. */
	async start(output = 'sqlite { }', data = 'data') {
		const file = path.join(this.dir, `${data}.conf`), { org } = this.sim.world;
		fs.writeFileSync(file, `input { github { org => ["${org.login}"] since => "365d" ` +
		    `census_interval => 10 } }\noutput { ${output} }\n`);
		this.child = spawn(PROGRAM, ['run', '-f', file, '--github-url', this.sim.apiUrl,
			'--data', path.join(this.dir, data), '--title',
			    `${org.login} (simulated data)`,
			'--listen', `127.0.0.1:${this.port}`],
		{ stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH,
		    HOME: this.dir,
			GITHUB_TOKEN: 'sim-token' } });
		this.log = '';
		this.ended = new Promise((done) => this.child.on('close', done));
		await new Promise((done, fail) => {
			this.child.stderr.setEncoding('utf8').on('data', (s) => {
				this.log = (this.log + s).slice(-100000);
				const m = /http:\/\/127\.0\.0\.1:(\d+)/.exec(this.log);
				if (!m) return;
				this.port = Number(m[1]);
				done();
			});
			this.ended.then(() => fail(new Error(`the program ended:\n${this.log}`)));
		});
		this.url = `http://127.0.0.1:${this.port}`;
	}

	async kill(signal = 'SIGKILL') {
		this.child.kill(signal);
		return this.ended;
	}

	async close() {
		if (this.child.exitCode === null && this.child.signalCode === null)
			await this.kill('SIGTERM');
		await this.sim.stop();
		fs.rmSync(this.dir, { recursive: true, force: true });
	}

	async api(name) {
		const r = await fetch(`${this.url}/api/v1/${name}`);
		return (await r.json()).data;
	}

	/* Until all history is read. */
	async settle() {
		return until(async () => {
			const c = await this.api('coverage?days=365').catch(() => ({}));
			return c.known && c.reading === 0 && c.parked === 0 && c.repositories > 0;
		});
	}

	/* Nobody does anything from now on; gives who is credited for what. */
	hold() {
		this.sim.hold(true);
		return credits(this.sim.world);
	}

	go() { this.sim.hold(false); }
}

/* Whether look comes to be true. */
async function until(look, ms = PATIENCE) {
	for (const end = Date.now() + ms; ;) {
		if (await look()) return true;
		if (Date.now() > end) return false;
		await new Promise((go) => setTimeout(go, 200));
	}
}

/* Midnight, in UTC, n days ago. */
const midnight = (n) => Math.floor(Date.now() / DAY) * DAY - n * DAY;

/* Lines as page.js reads them from the table of people. */
const lines = (all, from, to) => people(all, from, to).slice(0, 25).map((p, i) =>
    [i + 1, p.name, p.total, p.commits, p.pulls, p.merged, p.reviews].join(' | '));

module.exports = { Stage, until, midnight, lines, MARKUP, LONG, DAY };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tries.js - what is tried: a scenario, a way to fail, and when (the Nth exchange
 * with GitHub or Elasticsearch, the Nth change of a database). Whatever happens,
 * the program is started again as an operator would, and in the end the store and
 * the dead letters hold the truth, once.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const { play, rows, sqliteDocuments, iso, DAY } = require('../scenario/harness.js');
const GitHub = require('../github/faults.js');
const { Rng } = require('../github/prng.js');
const Elasticsearch = require('./elastic.js');
const Worlds = require('./worlds.js');

const STORMS = 200;		/* seeds of them */
const STORM_LIVES = 8;
const TIMEOUT_MS = 1000;		/* of a request that is never answered */

/* One after the other, hours are virtual; the last half of each is quiet. */
const SCENARIOS = {
	live: { script: Worlds.live, hours: 0.9 },
	rewritten: { script: Worlds.rewritten, hours: 0.7 },
	history: { script: Worlds.history, hours: 24, since: 400 },
	elastic: { script: Worlds.live, hours: 0.9, elastic: true },
	'elastic-rewritten': { script: Worlds.rewritten, hours: 0.7, elastic: true },
	'elastic-history': { script: Worlds.history, hours: 24, since: 400, elastic: true },
};

/* Ways: what N counts, and what is done then. */
const WAYS = { kill: { counts: 'github', kill: true } };
for (const how of Object.keys(GitHub.HOW)) WAYS[how] = { counts: 'github', how };
for (const [how, times] of [['refused', 3], ['reset', 3], [500, 4], ['garbage', 4],
	['half', 15], ['refused', 30]])
	WAYS[`${how}x${times}`] = { counts: 'github', how, times };
const DISK = ['full', 'io', 'short', 'full-on', 'io-on', 'kill', 'kill-half'];
for (const how of DISK)
	WAYS[`disk-${how}`] = { counts: 'disk', how };
for (const how of Object.keys(Elasticsearch.HOW))
	WAYS[`es-${how}`] = { counts: 'elastic', how };
for (const [how, times] of [['refused', 5], ['timeout', 2], [503, 20], ['letters', 3]])
	WAYS[`es-${how}x${times}`] = { counts: 'elastic', how, times };
WAYS['es-kill'] = { counts: 'elastic', kill: 'onRequest' };
WAYS['es-kill-after'] = { counts: 'elastic', kill: 'onAnswer' };

/* The Nth storm: in each of several lives some of all that. */
WAYS.storm = { counts: 'storm', storm: true };

const wayOf = (name) => ({ name, times: 1, ...WAYS[name] });

/* Which ways a scenario can be tried in: with N at most counts[way.counts]. */
const waysOf = (scenario) => Object.keys(WAYS).filter((w) =>
    SCENARIOS[scenario].elastic || WAYS[w].counts !== 'elastic');

class Torture {
	constructor(stage, way, n) {
		Object.assign(this, { stage, way, n, lives: 0, changes: 0, refilled: false });
		this.spec = SCENARIOS[stage.scenario.of];
	}

	command() {
		const { stage, spec, elastic } = this;
		if (!elastic)
			return spec.since ? stage.args('backfill', '--since', this.since()) :
			    stage.args('run', '--listen', 'off');
		const file = path.join(stage.dir, 'pipeline.conf');
		const org = stage.sim.world.org.login;
		fs.writeFileSync(file, `input { github { org => "${org}" } }\noutput {\n` +
		    `  elasticsearch { hosts => ["${elastic.url}"] index => "torture" }\n}\n`);
		const rest = ['-f', file, '--github-url', stage.sim.apiUrl, '--data', stage.data];
		return spec.since ? ['backfill', '--org', org, ...rest, '--since', this.since()] :
		    ['run', ...rest, '--listen', 'off'];
	}

	since() {
		return new Date(this.stage.start - this.spec.since * DAY).toISOString().slice(0, 10);
	}

	/* Makes the way's trouble ready; gives what the program is told. */
	prepare() {
		const { way, n, stage: { sim }, elastic } = this, told = [];
		if (!way) return '';
		if (way.counts === 'disk') told.push(`disk=${way.how}:${n}`);
		else if (way.kill && way.counts === 'github')
			sim.onRequest = (q) => { if (q.n >= n) this.run.kill(); };
		else if (way.kill)
			elastic[way.kill] = (m) => { if (m === n) this.run.kill(); };
		else if (way.counts === 'github') sim.fail({ n, how: way.how, times: way.times });
		else elastic.fail(n, way.how, way.times);
		if (/timeout/.test(way.name)) told.push(`timeout=${TIMEOUT_MS}`);
		return told.join(',');
	}

	/* Some of each trouble soon, and mostly an end of this life. */
	brew(rng) {
		const { stage: { sim }, elastic } = this, told = [];
		const pick = (from) => rng.pick(Object.keys(from).filter((h) => !/timeout/.test(h)));
		const times = () => rng.pick([1, 1, 1, 2, 4, 12]);
		for (let i = rng.int(6); i > 0; i--)
			sim.fail({ n: 1 + rng.int(60), how: pick(GitHub.HOW), times: times() });
		for (let i = elastic ? rng.int(6) : 0; i > 0; i--)
			elastic.fail(elastic.n + 1 + rng.int(40), pick(Elasticsearch.HOW), times());
		const end = rng.int(10), n = sim.n + 1 + rng.int(60);
		if (end < 5)
			told.push(`disk=${rng.pick(DISK)}:${1 + rng.int(elastic ? 200 : 400)}`);
		else if (end < 8)
			sim.onRequest = (q) => { if (q.n >= n) this.run.kill(); };
		return told.join(',');
	}

	/* Life after life, the last one in peace. */
	async storm() {
		const { stage, n } = this, rng = new Rng(`storm ${n}`), command = this.command();
		for (let life = 0; life < STORM_LIVES; life++) {
			const r = await this.life(command, this.brew(rng));
			if (r.code === 0 || stage.wrong.length) return r;
			await stage.sim.restarted();
			stage.sim.faults.nth = [];
			if (this.elastic) this.elastic.faults = [];
		}
		return this.life(command, '');
	}

	/* One life of the program; what is wrong with its end is said. */
	async life(args, told) {
		const { stage, way } = this, { referee } = stage.sim;
		const before = referee.offences.length;
		this.run = stage.launch(args, { env: { HUBSTASH_TORTURE: told } });
		const r = await this.run.ended;
		this.lives++;
		fs.writeFileSync(path.join(stage.dir, `life-${this.lives}.log`), `${told}\n${r.log}`);
		stage.sim.onRequest = null;
		if (this.elastic) this.elastic.onRequest = this.elastic.onAnswer = null;
		const wrong = (what) => stage.wrong.push(
		    `life ${this.lives} ${what}:\n${r.log.slice(-3000)}`);
		if (r.late) wrong('hung');
		/* A request given up may be seen to end after the next one has come. */
		if (way && /timeout/.test(way.name))
			referee.offences = referee.offences.filter((o) => !/^too-many/.test(o.rule));
		/* A store known only in a later life lacks what was read before. */
		if (/all that is covered is read again/.test(r.log) && this.lives > 1)
			this.refilled = true;
		if (this.refilled)
			referee.offences = referee.offences.filter((o) => o.rule !== 'refetched');
		const offences = referee.offences.slice(before);
		if (offences.length)
			wrong(`broke ${offences.length} rules, ${offences.slice(0, 3).map((o) =>
				`${o.rule}: ${o.url} ${o.detail}`).join('; ')}`);
		if (r.signal === 'SIGKILL') {
			if (!way || (!told.includes('kill') && !way.kill && !way.storm))
				wrong('was killed by another');
			return r;
		}
		const m = /^torture: changes=(\d+)$/m.exec(r.log);
		if (m) this.changes = Number(m[1]);
		const left = r.log.match(/^torture: left open: .*$/mg);
		if (!m || left) wrong(left ? `left descriptors open, ${left}` : 'ended badly');
		if (r.code !== 0 && !(r.code === 75 && /disk=/.test(told)))
			wrong(`left with ${r.signal || r.code}`);
		if (r.code === 75 && !/(state|activity)\.db.*: (the disk is full|disk I\/O error|.*)/
		    .test(r.log)) wrong('does not say why it left');
		return r;
	}

	/* Documents that were stored; both databases are in good order. */
	documents() {
		const { stage, elastic } = this, out = new Map();
		for (const f of ['state.db', 'activity.db'])
			if (fs.existsSync(path.join(stage.data, f)))
				for (const r of rows(path.join(stage.data, f), 'pragma integrity_check'))
					if (r.integrity_check !== 'ok')
						stage.wrong.push(`${f}: ${r.integrity_check}`);
		if (!elastic) return sqliteDocuments(stage.data, stage.wrong);
		for (const [id, d] of elastic.docs) out.set(id, d.source);
		return out;
	}

	letters() {
		return rows(path.join(this.stage.data, 'state.db'), 'select json from dead')
		    .map((r) => JSON.parse(r.json));
	}

	judge(documents) {
		const { stage } = this;
		stage.judge(documents, this.spec.since ? { end: stage.sim.now,
			since: Date.parse(this.since()) } : {});
		if (this.elastic)
			for (const e of this.elastic.errors) stage.wrong.push(`elastic: ${e.stack}`);
	}

	/* Sent again, they are stored. */
	async replay() {
		const { stage } = this;
		this.elastic.faults = [];
		await stage.run(['dlq', 'replay', '--data', stage.data], { until: undefined });
		const left = this.letters();
		if (left.length) stage.wrong.push(`dead letters are left: ${left.map((d) => d.event.id)}`);
		this.judge(this.documents());
	}

	/* A life with the trouble, and if that ended it another one. */
	async once() {
		const command = this.command(), r = await this.life(command, this.prepare());
		if (r.code === 0 || this.stage.wrong.length) return r;
		await this.stage.sim.restarted();
		return this.life(command, '');
	}

	async play() {
		const { stage, spec } = this;
		if (spec.elastic) this.elastic = await new Elasticsearch.Elastic().start();
		try {
			const r = this.way && this.way.storm ? await this.storm() : await this.once();
			if (r.code !== 0 || stage.wrong.length) return;
			if (spec.since) stage.sim.advance(stage.sim.now);
			const documents = this.documents(), dead = this.letters();
			const may = this.way && /letters|413|storm/.test(this.way.name);
			for (const doc of dead) {
				const { id } = doc.event, stored = documents.get(id);
				if (!may) stage.wrong.push(`${id} is a dead letter`);
				else if (stored && stored.hubstash.version > doc.hubstash.version)
					stage.wrong.push(`${id} is a dead letter, stored long since`);
				documents.set(id, doc);
			}
			this.judge(documents);
			if (dead.length && stage.wrong.length === 0) await this.replay();
		} finally {
			fs.writeFileSync(path.join(stage.dir, 'requests'), stage.sim.requests().map((q) =>
				`${q.n} ${iso(q.at)} ${q.method} ${q.url} ${q.status} ${q.fault || ''} ${
				    q.work || ''}\n`).join(''));
			if (this.elastic) await this.elastic.stop();
		}
	}
}

/*
 * Plays a try: { scenario, way, n }, or without a way one in which nothing fails,
 * which tells the counts. Gives { wrong, seconds, counts: { github, disk, elastic } }.
 */
async function attempt({ scenario, way, n }) {
	const { hours, script } = SCENARIOS[scenario];
	let t = null;
	const r = await play({ name: scenario, of: scenario, hours, script, quiet: 30,
		play: (stage) => {
			t = new Torture(stage, way && wayOf(way), n);
			return t.play();
		} });
	return { wrong: r.wrong, seconds: r.seconds, lives: t.lives, counts: {
		github: r.sim.n, disk: t.changes, elastic: t.elastic ? t.elastic.n : 0,
		storm: STORMS } };
}

module.exports = { SCENARIOS, WAYS, waysOf, attempt };

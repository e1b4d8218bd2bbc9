/* SPDX-License-Identifier: Apache-2.0 */
/* command_cases.js - backfill alone and beside a run, dry runs, several outputs. */
'use strict';

const fs = require('fs');
const path = require('path');
const { compare } = require('./truth.js');
const { sqliteDocuments, MINUTE, HOUR, DAY } = require('./harness.js');

const date = (ms) => new Date(ms).toISOString().slice(0, 10);

/* All of the history, by a command that leaves when it is read. */
async function backfill(stage) {
	const since = stage.start - 400 * DAY;
	await stage.run(stage.args('backfill', '--since', date(since)));
	stage.judgeSqlite({ since, end: stage.sim.now });
}

/* Asked for once more, hours later: what has come since is history too. */
async function again(stage) {
	const since = stage.start - 100 * DAY;
	await stage.run(stage.args('backfill', '--since', date(since)));
	stage.sim.advance(stage.start + 8 * HOUR);
	await stage.sim.restarted();
	await stage.run(stage.args('backfill', '--since', date(since)));
	stage.judgeSqlite({ since, end: stage.sim.now, gaps: [[0, stage.end]] });
}

/* The lines of a dry run are documents, and nothing is written anywhere. */
async function dryRun(stage) {
	const r = await stage.run(['dry-run', '--org', stage.sim.world.org.login,
		'--github-url', stage.sim.apiUrl], { until: undefined });
	const docs = new Map(r.stdout.split('\n').filter(Boolean).map((line) => {
		const doc = JSON.parse(line);
		return [doc.event.id, doc];
	}));
	if (docs.size < 20) stage.wrong.push(`only ${docs.size} documents were printed`);
	const truth = stage.truth({ end: stage.sim.now, gaps: [] });
	truth.must.clear();		/* what the feed happens to name */
	stage.wrong.push(...compare(docs, truth));
	stage.documents = docs.size;
	if (fs.readdirSync(stage.data).length)
		stage.wrong.push('a dry run wrote into the data directory');
}

/* SQLite emptied under a run: filled again. */
async function emptied(stage) {
	stage.sim.at(stage.start + 6 * HOUR, () => {
		for (const f of ['', '-wal', '-shm'])
			fs.rmSync(path.join(stage.data, `activity.db${f}`), { force: true });
		stage.sim.referee.fresh();
	});
	await stage.run(stage.args('run', '--listen', 'off'));
	stage.judgeSqlite({ gaps: [...stage.eventGaps(), [0, stage.start + 6 * HOUR]] });
}

/*
 * A backfill beside a running engine, which does the work; the command, on the real
 * clock, leaves when it is done.
 */
async function beside(stage) {
	const since = stage.start - 400 * DAY, real = { env: { HUBSTASH_CLOCK: undefined } };
	let command = null;
	stage.sim.onRequest = (q) => {
		if (command || q.now < stage.start + HOUR) return;
		stage.sim.referee.fresh();	/* older history lies behind the newer */
		command = stage.launch(stage.args('backfill', '--since', date(since)), real);
	};
	await stage.run(stage.args('run', '--listen', 'off'));
	if (!command) throw new Error('the run ended before the backfill began');
	await command.ended;
	if (command.code !== 0)
		stage.wrong.push(`the command left with ${command.signal || command.code}:\n${
		    command.log}`);
	stage.judgeSqlite({ since });
}

/* The engine that does it is killed: the command says so, and the next run goes on. */
async function engineGone(stage) {
	const since = stage.start - 400 * DAY, real = { env: { HUBSTASH_CLOCK: undefined } };
	const run = stage.args('run', '--listen', 'off');
	let command = null;
	const engine = stage.launch(run);
	stage.sim.onRequest = (q) => {
		if (!command && q.now >= stage.start + HOUR) {
			stage.sim.referee.fresh();
			command = stage.launch(stage.args('backfill', '--since', date(since)), real);
		}
		if (/ is wanted /.test(engine.log)) engine.kill();
	};
	await engine.ended;
	stage.sim.onRequest = null;
	if (engine.signal !== 'SIGKILL') throw new Error('the engine ended by itself');
	await command.ended;
	if (command.code !== 75 || !/the engine ended before all was read/.test(command.log))
		stage.wrong.push(`the command left with ${command.signal || command.code}:\n${
		    command.log}`);
	await stage.sim.restarted();
	await stage.run(run);
	stage.judgeSqlite({ since });
}

/*
 * A backfill is given up while its pages are being read; what else is wanted stays.
 * A limit makes the engine commit and wait. Requests that come then are held until
 * the command has written its wish, and a second limit lets the engine notice it.
 */
async function cancelled(stage) {
	const real = { env: { HUBSTASH_CLOCK: undefined } }, commands = [];
	const command = (...more) => {
		commands.push(stage.launch(stage.args('backfill', ...more), real));
		return commands[commands.length - 1].ended;
	};
	let limited = 0, held = null;
	const engine = stage.launch(stage.args('run', '--listen', 'off'));
	stage.sim.onRequest = (q) => {
		if (!commands.length && q.now >= stage.start + HOUR) {
			stage.sim.referee.fresh();
			command('--since', date(stage.start - 400 * DAY));
		} else if (!limited && / is wanted /.test(engine.log)) {
			limited = q.now;
			stage.sim.fail({ n: 0, how: '429' });
		} else if (limited && !held && q.now > limited + MINUTE) {
			stage.sim.fail({ n: 0, how: '429' });
			held = command('--cancel');
		}
		return held;
	};
	await engine.ended;
	if (engine.code !== 0 || !held)
		stage.wrong.push(`the engine left with ${engine.signal || engine.code}, ${
		    held ? '' : 'not '}told to give up:\n${engine.log.slice(-3000)}`);
	if (!/ [1-9]\d* stretches of history are not wanted/.test(engine.log))
		stage.wrong.push('nothing was given up');
	for (const c of commands)
		if ((await c.ended).code !== 0)
			stage.wrong.push(`a command left with ${c.code}:\n${c.log}`);
	stage.judgeSqlite();
}

/* A backfill without -f goes where the directory's pipeline files say. */
async function remembers(stage) {
	const since = stage.start - 400 * DAY, file = path.join(stage.dir, 'other.conf');
	fs.writeFileSync(file, `input { github { org => "${stage.sim.world.org.login}" } }\n` +
	    'output { sqlite { path => "other.db" } }\n');
	await stage.run(['run', '-f', file, '--github-url', stage.sim.apiUrl, '--data',
		stage.data, '--listen', 'off'], { until: stage.start + HOUR });
	await stage.sim.restarted();
	await stage.run(stage.args('backfill', '--since', date(since)));
	if (fs.existsSync(path.join(stage.data, 'activity.db')))
		stage.wrong.push('the backfill went into another store');
	stage.judge(sqliteDocuments(stage.data, stage.wrong, 'other.db'),
	    { since, end: stage.sim.now });
}

/* The file that is shipped, with what it takes from the environment. */
async function shipped(stage) {
	await stage.run(['run', '-f', path.join(__dirname, '../../pipelines/github-sqlite.conf'),
		'--github-url', stage.sim.apiUrl, '--data', stage.data, '--listen', 'off'],
	    { env: { GITHUB_ORG: stage.sim.world.org.login } });
	stage.judgeSqlite();
}

/* forks => true: other people's commits, too. */
async function withForks(stage) {
	const file = path.join(stage.dir, 'forks.conf');
	fs.writeFileSync(file, `input { github { org => "sim-works" forks => true\n` +
	    `api_url => "${stage.sim.apiUrl}" } } output { sqlite { } }\n`);
	await stage.run(['run', '-f', file, '--data', stage.data, '--listen', 'off']);
	stage.judgeSqlite();
}

module.exports = [
	{ name: 'backfill-beside', world: 'week', hours: 24, play: beside },
	{ name: 'engine-gone', world: 'week', hours: 12, play: engineGone },
	{ name: 'backfill-cancelled', world: 'week', hours: 8, play: cancelled },
	{ name: 'backfill-remembers', world: 'small', hours: 12, play: remembers },
	{ name: 'shipped-sqlite', world: 'small', hours: 4, play: shipped },
	{ name: 'backfill', world: 'week', hours: 24, play: backfill },
	{ name: 'backfill-again', world: 'small', hours: 24, play: again },
	{ name: 'dry-run', world: 'small', hours: 2, play: dryRun },
	{ name: 'emptied-sqlite', world: 'small', hours: 14, play: emptied },
	{ name: 'forks-wanted', world: 'small', cases: ['big-fork'], hours: 4, forks: true,
		play: withForks },
];

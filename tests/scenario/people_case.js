/* SPDX-License-Identifier: Apache-2.0 */
/*
 * people_case.js - somebody with two accounts and an address that leads to none: a
 * mapping is written, `hubstash reidentify` puts it into both stores, killed on the way;
 * then it is taken back. What stores hold is held against merged.js.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const { Rng } = require('../github/prng.js');
const { elasticDocuments, sqliteDocuments, DAY } = require('./harness.js');
const { merged, namesOf, ranking } = require('./merged.js');
const { differences } = require('./truth.js');

const KILLS = 12;

/* Two who review each other's work most, and the address most commits lack one for. */
function choose(documents) {
	const pairs = new Map(), mails = new Map();
	for (const d of documents) {
		const { credit_id: ids = [], class: kind, person_id: id } = d.hubstash;
		const r = (d.github || {}).review;
		for (const x of ids) if (x.startsWith('mail:')) mails.set(x, (mails.get(x) || 0) + 1);
		if (!r || kind !== 'human' || r.pull_author_bot || r.self || r.pull_author_id === '10137')
			continue;
		const key = [id, r.pull_author_id].sort().join(' ');
		pairs.set(key, (pairs.get(key) || 0) + 1);
	}
	const most = (m) => [...m].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0][0];
	return [...most(pairs).split(' '), most(mails)];
}

function writeMapping(stage, people) {
	const lines = people.flatMap((p) => [`[${p.name}]`, ...p.ids, `team: ${p.team}`, '']);
	fs.writeFileSync(path.join(stage.dir, 'people.map'), lines.join('\n'));
}

/* Takes away what is only kept to undo it, once it is seen to be what was. */
function unwrapped(documents, was, wrong) {
	for (const [id, d] of documents) {
		const { original } = d.hubstash;
		const wrongs = [];
		const walk = (o, w) => {
			for (const [k, v] of Object.entries(o || {}))
				if (v && typeof v === 'object' && !Array.isArray(v)) walk(v, (w || {})[k]);
				else if (JSON.stringify(v) !== JSON.stringify((w || {})[k] ?? null))
					wrongs.push(k);
		};
		walk(original, was.get(id));
		if (wrongs.length) wrong.push(`${id}: the original ${wrongs} is not what was there`);
		delete d.hubstash.original;
	}
	return documents;
}

function hold(stage, what, documents, want) {
	const say = (s) => stage.wrong.push(`${what}: ${s}`);
	if (documents.size !== want.size) say(`${documents.size} documents, not ${want.size}`);
	for (const [id, doc] of want) {
		const diff = documents.has(id) ? differences(documents.get(id), doc) : ['is missing'];
		if (diff.length) say(`${id}: ${diff[0]}`);
	}
}

async function play(stage, { url, index, conf }) {
	const plain = conf('');
	const with_ = conf(`filter { contributor { mapping => "${
	    path.join(stage.dir, 'people.map')}" } }`);
	await stage.run(plain);
	stage.judgeSqlite();
	const was = sqliteDocuments(stage.data, stage.wrong);
	const names = namesOf(was.values());
	const people = [{ name: 'Somebody With Three', ids: choose(was.values()), team: 'One' }];
	const want = new Map([...was].map(([id, d]) => [id, merged(d, people, names)]));
	const selves = (m) => [...m.values()].filter((d) => (d.github.review || {}).self).length;
	if (selves(want) <= selves(was)) stage.wrong.push('nobody reviewed the other account');

	const command = (file) => ['reidentify', '-f', file[2], '--data', stage.data];
	const rng = new Rng('reidentify');
	const still = { from: stage.end, until: undefined };
	const compare = async (what, wanted) => {
		const lite = unwrapped(sqliteDocuments(stage.data, stage.wrong), was, stage.wrong);
		const es = unwrapped(await elasticDocuments(url, index), was, stage.wrong);
		hold(stage, `${what}, SQLite`, lite, wanted);
		hold(stage, `${what}, Elasticsearch`, es, wanted);
	};
	writeMapping(stage, people);
	let killed = 0, took = 400;
	for (let k = 0; k < KILLS; k++) {
		/* Half of them on the way there, half on the way back. */
		const r = stage.launch(command(k % 2 ? plain : with_), still);
		const timer = setTimeout(() => r.kill(), rng.int(took));
		await r.ended;
		clearTimeout(timer);
		if (r.signal === 'SIGKILL') killed++;
		else if (r.code !== 0) stage.wrong.push(`left with ${r.code}: ${r.log.slice(-2000)}`);
		else took = Math.max(50, took * 0.7);
	}
	if (killed < 3) stage.wrong.push(`only ${killed} were killed`);
	await stage.run(command(with_), still);
	await compare('merged', want);
	const again = await stage.run(command(with_), still);
	if (!/ documents, 0 written anew$/m.test(again.stdout))
		stage.wrong.push(`all was done, and then: ${again.stdout}`);
	const status = await stage.run(['status', '--json', '--data', stage.data], still);
	const list = JSON.parse(status.stdout).people.map((p) => [p.person_id,
		p.person, p.activity]);
	const truth = ranking(want.values(), stage.end - 30 * DAY, stage.end + 1)
	    .slice(0, list.length);
	if (JSON.stringify(list) !== JSON.stringify(truth) || list.length < 5)
		stage.wrong.push(`people are\n${list.join('\n')}\nnot\n${truth.join('\n')}`);
	if (!list.some((p) => p[1] === people[0].name)) stage.wrong.push('the merged one is not there');
	await stage.run(command(plain), still);
	await compare('undone', new Map([...was].map(([id, d]) => [id, merged(d, [], names)])));
	await optOut(stage, { url, index, id: people[0].ids[0], conf, command, still });
}

/* Who opts out leaves both stores, and nothing of theirs stays. */
async function optOut(stage, { url, index, id, conf, command, still }) {
	const had = sqliteDocuments(stage.data, stage.wrong);
	const theirs = [...had].filter(([, d]) => d.hubstash.person_id === id).map(([k]) => k);
	await stage.run(command(conf(`filter { contributor { opt_out => "${
	    id}" opt_out_mode => "drop" } }`)), still);
	for (const [what, left] of [['SQLite', sqliteDocuments(stage.data, stage.wrong)],
		['Elasticsearch', await elasticDocuments(url, index)]]) {
		if (left.size !== had.size - theirs.length || !theirs.length ||
		    theirs.some((k) => left.has(k)))
			stage.wrong.push(`opted out of ${what}: ${left.size} of ${had.size} left, ${
			    theirs.length} were theirs`);
		const text = JSON.stringify([...left.values()]);
		if (text.includes(`"${id}"`)) stage.wrong.push(`${id} is in ${what} still`);
	}
}

module.exports = { play };

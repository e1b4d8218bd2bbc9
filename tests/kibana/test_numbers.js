/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_numbers.js - the numbers that Kibana's panels show: the documents of a simulated
 * world go into a real Elasticsearch that hubstash setup made ready; every search that
 * a panel stands for (hubstash setup --queries) is asked, and held against what this
 * file counts in the documents themselves; and against hubstash's own panels, which
 * tests/store/ask.c asks of a SQLite file with the same documents.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { execFileSync } = require('child_process');
const { startElasticsearch, MAJOR } = require('../elastic/server.js');
const { lacks } = require('../elastic/distribution.js');
const { World, DAY, HOUR } = require('../github/world.js');
const Worlds = require('../github/worlds.js');
const { Truth } = require('../scenario/truth.js');
const { Drive } = require('../elastic/drive.js');
const { ok, is } = require('../github/tap.js');

const PROGRAM = process.env.HUBSTASH ||
    path.join(__dirname, '../../build/san/hubstash');
const ASK = process.env.ASK || path.join(path.dirname(PROGRAM), 'tests/store/ask');
const INDEX = 'hubstash-activity';
const WEEK = 7 * DAY, MONDAY = 4 * DAY;

/* The last two of six weeks that end today; setup's "now-365d" means the real now. */
const END = Math.floor(Date.now() / DAY) * DAY, FROM = END - 14 * DAY;
let es, docs, queries;

const at = (text) => (text === undefined ? NaN : Date.parse(text));
const iso = (ms) => new Date(ms).toISOString().replace('.000Z', 'Z');
const sum = (all, f) => all.reduce((n, x) => n + f(x), 0);
const action = (d) => d.event.action;
const get = (d, field) => field.split('.').reduce((o, k) => (o === undefined ? o : o[k]), d);
const all = (d, field) => [].concat(get(d, field) === undefined ? [] : get(d, field));

/* docs/documents.md, "Activity", written once more. */
const isCommit = (d) => action(d) === 'commit' && d.github.commit.default_branch === true &&
    d.github.commit.merge === false;
const isPull = (d) => action(d) === 'pull_request';
const isReview = (d) => action(d) === 'review' && d.github.review.self !== true &&
    d.github.review.reply !== true;
const counts = (d) => isCommit(d) || isPull(d) || isReview(d);
const isMerged = (d) => isPull(d) && d.github.pull_request.state === 'merged';
const human = (d) => d.hubstash.bot === false;
const by = (field) => (d) => at(get(d, field));
const time = by('@timestamp'), merged = by('github.pull_request.merged_at');
const closed = by('github.pull_request.closed_at');
const within = (f, from = FROM, to = END) => (d) => f(d) >= from && f(d) < to;
const select = (...tests) => docs.filter((d) => tests.every((t) => t(d)));
const distinct = (list, field) => new Set(list.flatMap((d) => all(d, field))).size;
const count = (list, ...tests) => list.filter((d) => tests.every((t) => t(d))).length;
const week = (ms) => Math.floor((ms - MONDAY) / WEEK) * WEEK + MONDAY;

/* A Map of value of the field -> documents that have it. */
function groups(list, field) {
	const out = new Map();
	for (const d of list)
		for (const v of all(d, field)) out.set(v, [...(out.get(v) || []), d]);
	return out;
}

/* As a table sorts: most first, then by key. */
function ranked(rows, size, value = (r) => r[1], up = false) {
	const sign = up ? -1 : 1;
	return rows.sort((a, b) => sign * (value(b) - value(a)) || (a[0] < b[0] ? -1 : 1)).slice(0, size);
}

/* What an aggregation says: a row for each innermost bucket, `_` its documents. */
function rows(node, above = {}, out = [], documents = 0) {
	const row = { ...above, _: documents };
	let inner = false;
	for (const [label, v] of Object.entries(node)) {
		if (!v || typeof v !== 'object') continue;
		if (v.buckets) {
			inner = true;
			const list = Array.isArray(v.buckets) ? v.buckets :
			    Object.entries(v.buckets).map(([key, b]) => ({ key, ...b }));
			for (const b of list) rows(b, { ...above, [label]: b.key }, out, b.doc_count);
		} else {
			const x = v.v || v;
			row[label] = x.values ? Object.values(x.values)[0] :
			    x.value === undefined ? x.doc_count : x.value;
		}
	}
	if (!inner) out.push(row);
	return out;
}

/* Asks what a panel asks, in the period (its own, where the time has one). */
async function asked(panel, { layer = 0, shift = null, dashboard = 'contributors', from = FROM,
	to = END, more = [] } = {}) {
	const q = queries.find((x) => x.dashboard === dashboard && x.panel === panel &&
	    x.layer === layer && x.shift === shift);
	const search = JSON.parse(JSON.stringify(q.search));
	if (q.time_field)
		search.query.bool.filter.push({ range: { [q.time_field]: { gte: iso(from), lt: iso(to) } } });
	search.query.bool.filter.push(...more);
	const r = await es.ask('POST', `/${INDEX}/_search`, search);
	if (r.status !== 200) throw new Error(`${panel}: ${JSON.stringify(r.json)}`);
	return { hits: r.json.hits, rows: rows(r.json.aggregations || {}, {}, [],
	    r.json.hits.total.value), time: q.time_field };
}

const table = (r, ...labels) => r.rows.map((row) => labels.map((l) => row[l]));

async function totals() {
	const before = FROM - (END - FROM);
	const cases = { people: [counts, time, (l) => distinct(l, 'hubstash.credit_id'), 'people'],
		repositories: [counts, time, (l) => distinct(l, 'github.repo_id'), 'repositories'],
		commits: [isCommit, time, (l) => l.length, '_'],
		'pull requests': [isPull, time, (l) => l.length, '_'],
		merged: [isMerged, merged, (l) => l.length, '_'],
		reviews: [isReview, time, (l) => l.length, '_'] };
	for (const [name, [test, when, of, label]] of Object.entries(cases)) {
		const now = await asked(`total ${name}`);
		const then = await asked(`total ${name}`, { shift: 'previous', from: before, to: FROM });
		const want = [of(select(human, test, within(when))),
			of(select(human, test, within(when, before, FROM)))];
		is([now.rows[0][label], then.rows[0][label]], want, `total ${name}: ${want}`);
		ok(want[0] > 0 && want[1] > 0, '  which is something');
	}
}

/* The one that makes the second data view needed. */
async function mergedWithin() {
	const early = select(human, isMerged, within(merged), (d) => time(d) < FROM);
	ok(early.length > 0, 'some were opened before the period and merged in it');
	const id = early[0].event.id;
	const only = { more: [{ term: { 'event.id': id } }] };
	is((await asked('total merged', only)).rows[0]._, 1, 'one of them counts as merged');
	is((await asked('total pull requests', only)).rows[0]._, 0, '  and not as opened');
	const one = async (layer) => sum((await asked('flow', { ...only, layer })).rows, (r) =>
		r[['Opened', 'Merged', 'Closed'][layer]] || 0);
	is([await one(0), await one(1), await one(2)], [0, 1, 0], '  in the flow alike');
	is((await asked('total merged', { ...only, from: merged(early[0]) + 1000 })).rows[0]._, 0,
	    '  but not of a period after the merge');
}

async function people() {
	const r = await asked('people');
	const want = ranked([...groups(select(human, counts, within(time)), 'hubstash.credit')]
	    .map(([name, l]) => [name, l.length, count(l, isCommit), count(l, isPull),
		count(l, isMerged), count(l, isReview),
		sum(l.filter(isCommit), (d) => d.github.commit.additions),
		sum(l.filter(isCommit), (d) => d.github.commit.deletions),
		distinct(l, 'github.repo_id'), Math.max(...l.map(time))]), 100);
	ok(want.length > 9, `${want.length} people`);
	is(table(r, 'Person', '_', 'Commits', 'Pulls', 'Merged', 'Reviews', 'Added', 'Deleted',
	    'Repositories', 'Last active'), want, '  in order of activity, all columns');
}

const kinds = { Commits: isCommit, 'Pull requests': isPull, Reviews: isReview,
	Issues: (d) => action(d) === 'issue', Comments: (d) => /_comment$/.test(action(d)),
	Releases: (d) => action(d) === 'release' };

async function overTime() {
	const documents = select(human, within(time));
	let r = await asked('activity');
	const weeks = (list) => [...new Set(list.map((d) => week(time(d))))].sort((a, b) => a - b);
	const nonzero = (t) => t.filter((x) => x[x.length - 1] > 0);
	is(nonzero(table(r, 'Kind', 'Time', '_')), Object.entries(kinds).sort().flatMap(([kind, test]) =>
		weeks(documents.filter(test)).map((w) => [kind, w,
		    count(documents, test, (d) => week(time(d)) === w)])), 'activity by week and kind');
	r = await asked('activity', { layer: 1 });
	is(table(r, 'Time', 'People'), weeks(documents).map((w) => [w, distinct(documents.filter((d) =>
		counts(d) && week(time(d)) === w), 'hubstash.credit_id')]), '  and how many people');
	r = await asked('series');
	const commits = select(human, isCommit, within(time));
	const first = ranked([...groups(commits, 'hubstash.credit')].map(([n, l]) => [n, l.length]), 12);
	is(nonzero(table(r, 'Person', 'Time', '_')), first.flatMap(([name]) => {
		const own = commits.filter((d) => d.hubstash.credit.includes(name));
		return weeks(own).map((w) => [name, w, count(own, (d) => week(time(d)) === w)]);
	}), 'commits by person and week');
	r = await asked('year', { dashboard: 'person', from: END - 365 * DAY });
	const own = docs.filter((d) => isCommit(d) && within(time, END - 365 * DAY)(d));
	is(nonzero(table(r, 'Kind', 'Time', '_')).filter((x) => x[0] === 'Commits').map((x) => x[2]),
	    [...groups(own.map((d) => ({ day: Math.floor(time(d) / DAY) })), 'day')]
		.sort((a, b) => a[0] - b[0]).map(([, l]) => l.length), 'a year, by day');
}

async function flow() {
	const cases = [['Opened', isPull, time], ['Merged', isMerged, merged],
		['Closed', (d) => isPull(d) && d.github.pull_request.state === 'closed', closed]];
	for (const [layer, [label, test, when]] of cases.entries()) {
		const list = select(human, test, within(when));
		const r = await asked('flow', { layer });
		is(table(r, 'Time', label).filter((x) => x[1] > 0),
		    [...groups(list.map((d) => ({ week: week(when(d)) })), 'week')]
			.map(([w, l]) => [w, l.length]).sort((a, b) => a[0] - b[0]), `flow: ${label}`);
		ok(list.length > 0, '  which is something');
	}
}

/* Percentiles are estimates: near the rank they stand for. */
function near(value, list, share) {
	const sorted = [...list].sort((a, b) => a - b), k = share * (sorted.length - 1);
	return value >= sorted[Math.max(0, Math.floor(k) - 1)] &&
	    value <= sorted[Math.min(sorted.length - 1, Math.ceil(k) + 1)];
}

async function latency() {
	const cases = [['First review', isPull, time, 'github.pull_request.hours_to_first_review'],
		['Merge', isMerged, merged, 'github.pull_request.hours_to_merge']];
	for (const [layer, [label, test, when, field]] of cases.entries()) {
		const list = select(human, test, within(when), (d) => get(d, field) !== undefined);
		const r = await asked('latency', { layer });
		const good = r.rows.filter((row) => row[`${label}, median`] !== null).map((row) => {
			const hours = list.filter((d) => week(when(d)) === row.Time).map((d) => get(d, field));
			return hours.length > 0 && near(row[`${label}, median`], hours, 0.5) &&
			    near(row[`${label}, 85 %`], hours, 0.85);
		});
		ok(good.length > 1 && good.every(Boolean), `hours to ${label.toLowerCase()}`,
		    JSON.stringify(r.rows));
	}
	const r = await asked('time to merge', { dashboard: 'person' });
	ok(near(r.rows[0]['median (estimate)'], select(isMerged, within(merged))
	    .map((d) => d.github.pull_request.hours_to_merge), 0.5), 'one person\'s, of everybody');
}

async function reviews() {
	const list = select(human, isReview, within(time));
	const state = (s) => (d) => d.github.review.state === s;
	let r = await asked('reviewers');
	is(table(r, 'Reviewer', '_', 'Approved', 'Changes', 'Commented', 'Dismissed', 'Authors'),
	    ranked([...groups(list, 'hubstash.credit')].map(([name, l]) => [name, l.length,
		count(l, state('approved')), count(l, state('changes_requested')),
		count(l, state('commented')), count(l, state('dismissed')),
		distinct(l, 'github.review.pull_author')]), 20), 'who reviews most');
	const ofPeople = list.filter((d) => d.github.review.pull_author_bot === false);
	const authors = ranked([...groups(ofPeople, 'github.review.pull_author')]
	    .map(([name, l]) => [name, l.length, l]), 15);
	r = await asked('matrix');
	is(table(r, 'Author', 'Reviewer', '_'), authors.flatMap(([author, , l]) =>
		ranked([...groups(l, 'hubstash.credit')].map(([n, x]) => [n, x.length]), 15)
		    .map(([n, x]) => [author, n, x])), 'whose pull requests who reviews');
	ok(list.length > ofPeople.length, '  without those of bots');
	r = await asked('given', { dashboard: 'person' });
	is(table(r, 'Author', '_', 'Approved'), ranked([...groups(select(isReview, within(time)),
	    'github.review.pull_author')].map(([n, l]) => [n, l.length,
		count(l, state('approved'))]), 20), 'to whom reviews are given');
}

async function comeAndGo() {
	const people_ = [...groups(select(human, counts), 'hubstash.credit')];
	let r = await asked('newcomers');
	is(r.time, undefined, 'newcomers: of any time');
	is(table(r, 'Person', 'Since', '_'), ranked(people_.map(([n, l]) => [n,
		Math.min(...l.map(time)), l.length]), 50), '  newest first');
	r = await asked('quiet');
	is(table(r, 'Person', 'Last active', '_'), ranked(people_.map(([n, l]) => [n,
		Math.max(...l.map(time)), l.length]), 50, (x) => x[1], true), 'gone quiet: longest first');
}

async function lists() {
	let r = await asked('oldest open');
	const open = select(human, isPull, (d) => d.github.pull_request.state === 'open')
	    .sort((a, b) => time(a) - time(b));
	is([r.time, r.hits.total.value], [undefined, open.length],
	    'open pull requests, whatever period is picked');
	is(r.hits.hits.slice(0, 20).map((h) => h.fields['github.pull_request.url'][0]),
	    open.slice(0, 20).map((d) => d.github.pull_request.url), '  the oldest first');
	ok(open.some((d) => time(d) < FROM), '  also of before it');
	r = await asked('contributions', { dashboard: 'person' });
	is(r.hits.total.value, select(within(time)).length, 'contributions, in the period');
	const times = r.hits.hits.map((h) => h.sort[0]);
	is(times, [...times].sort((a, b) => b - a), '  newest first');
}

async function repositories() {
	const r = await asked('repositories');
	const list = select(human, within(time));
	const want = ranked([...groups(list, 'github.repo')].map(([name, l]) => {
		const act = l.filter(counts), commits = l.filter(isCommit);
		return [name, act.length, distinct(act, 'hubstash.credit_id'), commits.length,
			count(l, isPull), count(l, isMerged), count(l, isReview), count(l, kinds.Issues),
			sum(commits, (d) => d.github.commit.additions),
			sum(commits, (d) => d.github.commit.deletions),
			act.length ? Math.max(...act.map(time)) : null];
	}), 100);
	is(table(r, 'Repository', 'Activity', 'People', 'Commits', 'Pulls', 'Merged', 'Reviews',
	    'Issues', 'Added', 'Deleted', 'Last active'), want, 'repositories, all columns');
	ok(r.rows.every((row) => row['Hours to merge'] === null || near(row['Hours to merge'],
	    list.filter((d) => isMerged(d) && d.github.repo === row.Repository)
		.map((d) => d.github.pull_request.hours_to_merge), 0.5)), '  and hours to merge');
}

async function others() {
	let r = await asked('punch card');
	const card = new Map();
	for (const d of select(human, isCommit, within(time)))
		if (d.github.commit.hour !== undefined) {
			const k = d.github.commit.weekday * 100 + d.github.commit.hour;
			card.set(k, (card.get(k) || 0) + 1);
		}
	is(table(r, 'Weekday', 'Hour', '_').map(([w, h, n]) => [w * 100 + h, n]),
	    [...card].sort((a, b) => a[0] - b[0]), 'the punch card, Monday first');
	r = await asked('bots');
	const everything = docs.filter(within(time));
	const share = (test) => sum(r.rows.filter((x) => x.Who === test), (x) => x._);
	is([share('People'), share('Bots and agents')], [count(everything, human),
		count(everything, (d) => !human(d))], 'bots and people, though bots are filtered out');
	r = await asked('agents');
	is(table(r, 'Agent', '_'), ranked([...groups(everything, 'hubstash.agents')]
	    .map(([n, l]) => [n, l.length]), 20), 'which bots');
	r = await asked('issues', { dashboard: 'repository' });
	is(sum(r.rows, (x) => x.Issues), count(select(human, within(time)), kinds.Issues), 'issues');
	r = await asked('names', { dashboard: 'person' });
	ok(r.rows.length > 9 && r.rows.every((x) => x._ === count(docs, isCommit, within(time), (d) =>
		get(d, 'user.name') === x.Account && get(d, 'user.full_name') === x['Signed as'])),
	'accounts and signatures');
}

async function quality() {
	const from = { dashboard: 'data-quality' };
	let r = await asked('kinds', from);
	const written = (l) => [l.length, Math.min(...l.map(time)), Math.max(...l.map(time)),
		Math.max(...l.map(by('event.ingested'))), count(l, (d) => d.hubstash.partial)];
	is(table(r, 'Kind', '_', 'Oldest', 'Newest', 'Last written', 'Partial'),
	    ranked([...groups(docs, 'event.action')].map(([n, l]) => [n, ...written(l)]), 30),
	    'what is held by kind');
	r = await asked('held', from);
	is(table(r, 'Repository', '_', 'Oldest', 'Newest', 'Last written', 'Partial'),
	    ranked([...groups(docs, 'github.repo')].map(([n, l]) => [n, ...written(l)]), 200,
		(x) => x[4]), '  by repository');
	is((await asked('total documents', from)).rows[0]._, docs.length, '  in all');
	is((await asked('total partial', from)).rows[0]._, count(docs, within(time), (d) =>
		d.hubstash.partial), 'partial ones');
	const unlinked = select(isCommit, within(time), (d) => all(d, 'hubstash.credit_id')
	    .some((id) => /^(mail|name):/.test(id)));
	is((await asked('total unlinked', from)).rows[0]._, unlinked.length, 'commits of the unlinked');
	ok(unlinked.length > 0, '  of which there are some');
	r = await asked('unlinked', from);
	is(new Set(r.rows.map((x) => `${x.Name} ${x.Id} ${x._}`)), new Set(unlinked.map((d) =>
		`${d.hubstash.person} ${d.hubstash.person_id} ${count(unlinked, (x) =>
			x.hubstash.person_id === d.hubstash.person_id &&
			x.hubstash.person === d.hubstash.person)}`)), '  by whom');
	r = await asked('sources', from);
	is(sum(r.rows, (x) => x._), count(docs, within(time)), 'sources');
}

/* All that is not asked by name above runs at least. */
async function everyOther() {
	let n = 0;
	for (const q of queries) {
		await asked(q.panel, { layer: q.layer, shift: q.shift, dashboard: q.dashboard });
		n++;
	}
	ok(n > 60, `${n} searches of ${new Set(queries.map((q) => q.dashboard)).size} dashboards run`);
}

/* hubstash's own panels, of a SQLite file with the same documents. */
async function sameAsOurs(dir) {
	const ours = (panel, more = '') => JSON.parse(execFileSync(ASK, ['sqlite',
		path.join(dir, 'activity.db'), `panel=${panel}&from=${iso(FROM)}&to=${iso(END)}${more}`],
	{ encoding: 'utf8' }).trim());
	const last = (row) => (row === null ? undefined : iso(row));
	const total = async (name, label = '_', o = {}) =>
		(await asked(`total ${name}`, o)).rows[0][label];
	const { now, before } = ours('totals');
	const then = { shift: 'previous', from: 2 * FROM - END, to: FROM };
	for (const [t, o, when] of [[now, {}, 'now'], [before, then, 'before']])
		is([await total('people', 'people', o), await total('repositories', 'repositories', o),
			await total('commits', '_', o), await total('pull requests', '_', o),
			await total('merged', '_', o), await total('reviews', '_', o)],
		[t.people, t.repositories, t.commits, t.pull_requests, t.merged, t.reviews],
		`totals as our page has them, ${when}`);
	let r = await asked('people');
	is(r.rows.map((x) => [x.Person, x._, x.Commits, x.Pulls, x.Merged, x.Reviews, x.Added, x.Deleted,
		x.Repositories, last(x['Last active'])]), ours('people').people.map((p) => [p.name,
		p.activity, p.commits, p.pull_requests, p.merged, p.reviews, p.additions, p.deletions,
		p.repositories, p.last]), 'the people, in the same order');
	r = await asked('reviewers');
	is(table(r, 'Reviewer', '_', 'Approved', 'Changes', 'Commented', 'Dismissed', 'Authors'),
	    ours('reviewers').reviewers.map((p) => [p.name, p.reviews, p.approved, p.changes_requested,
		p.commented, p.dismissed, p.authors]), 'reviewers');
	for (const [layer, key] of ['opened', 'merged', 'closed'].entries()) {
		r = await asked('flow', { layer });
		is(sum(r.rows, (x) => x[['Opened', 'Merged', 'Closed'][layer]]),
		    sum(ours('flow').buckets, (b) => b[key]), `flow: ${key}`);
	}
	r = await asked('oldest open');
	is(r.hits.hits.slice(0, 20).map((h) => h.fields['github.pull_request.url'][0]).sort(),
	    ours('open').pull_requests.map((d) => d.url).sort(), 'oldest open');
	r = await asked('punch card');
	is(table(r, 'Weekday', 'Hour', '_'), ours('punch_card').cells.flatMap((row, w) =>
		row.map((n, h) => [w + 1, h, n])).filter((x) => x[2] > 0), 'punch card');
	r = await asked('repositories');
	is(r.rows.filter((x) => x.Activity > 0).map((x) => [x.Repository, x.Activity, x.People,
		x.Commits, x.Pulls, x.Merged, x.Reviews, x.Issues, x.Added, x.Deleted]),
	ours('repositories').repositories.map((p) => [p.name, p.activity, p.people, p.commits,
		p.pull_requests, p.merged, p.reviews, p.issues, p.additions, p.deletions]),
	'repositories');
	const cells = ours('matrix', '&max=15');
	r = await asked('matrix');
	const shown = new Map(r.rows.map((x) => [`${x.Author} ${x.Reviewer}`, x._]));
	is(cells.authors.flatMap((a, i) => cells.reviewers.map((p, j) => [a, p.name, cells.cells[i][j]]))
	    .filter(([a, p, n]) => n > 0 && shown.get(`${a} ${p}`) !== n), [], 'every cell of the matrix');
	r = await asked('newcomers');
	const since = new Map(r.rows.map((x) => [x.Person, iso(x.Since)]));
	is(ours('newcomers').people.filter((p) => since.get(p.name) !== p.since), [],
	    'newcomers are among ours, with the same day');
}

/* Documents of a world; some made partial or by a file, as none are there. */
function make() {
	const w = new World({ seed: 5, start: END, script: Worlds.week });
	w.advance(END);
	const truth = new Truth(w, { start: END, end: END, since: 0 });
	docs = [...truth.may.values()].map((d, i) => {
		const out = JSON.parse(JSON.stringify(d));
		out.event.ingested = iso(END + HOUR + i * 1000);
		if (action(d) === 'push' && i % 7 === 0) {
			out.hubstash.partial = true;
			out.hubstash.source = 'file';
		}
		return out;
	});
}

async function main() {
	const why = lacks(MAJOR);
	if (why) {
		ok(true, `# SKIP ${why}`);
		return;
	}
	make();
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-numbers-'));
	es = await startElasticsearch();
	try {
		const setup = (...args) => execFileSync(PROGRAM, ['setup', ...args], { encoding: 'utf8',
			maxBuffer: 16 << 20, stdio: ['ignore', 'pipe', 'ignore'],
			env: { PATH: process.env.PATH, ELASTICSEARCH_URL: es.url } });
		is(setup(), `made      index template  ${INDEX}\n`, 'setup makes the template');
		is(setup(), `same      index template  ${INDEX}\n`, '  once');
		queries = setup('--queries').trim().split('\n').map((l) => JSON.parse(l));
		const d = new Drive({ hosts: [es.url], index: INDEX },
		    { dir, output: 'sqlite { } elasticsearch' });
		for (let i = 0; i < docs.length; i += 1000)
			await d.store(docs.slice(i, i + 1000).map((body) => ({ id: body.event.id,
				action: action(body), version: 1, ts: time(body), body })));
		is(await d.end(), 0, `${docs.length} documents, by hubstash's own outputs`);
		await es.ask('POST', `/${INDEX}/_refresh`);
		for (const test of [totals, mergedWithin, people, overTime, flow, latency, reviews,
			comeAndGo, lists, repositories, others, quality, everyOther, sameAsOurs]) {
			try {
				await test(dir);
			} catch (e) {
				ok(false, `${test.name} died`, e.stack);
			}
		}
		is(setup('--remove'), `removed   index template  ${INDEX}\n`, 'the template goes');
		is((await es.ask('GET', `/${INDEX}/_count`)).json.count, docs.length, '  the index stays');
	} finally {
		await es.stop();
		fs.rmSync(dir, { recursive: true });
	}
}

main().catch((e) => ok(false, 'it died', e.stack)).then(() => require('../github/tap.js').run([]));

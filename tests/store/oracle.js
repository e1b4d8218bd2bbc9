/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oracle.js - the dashboard's questions answered the slow and plain way: over a list
 * of document bodies, as docs/dashboard.md says. It shares nothing with the stores.
 */
'use strict';

const DAY = 86400000;
const DEFAULTS = {
	people: 100,
	series: 12,
	reviewers: 20,
	matrix: 15,
	open: 20,
	newcomers: 50,
	quiet: 50,
	repositories: 100,
	bus_factor: 50,
	bots: 20,
	recent: 50,
	person: 20,
	search: 10,
	unlinked: 1000,
	contents: 1000,
};

const get = (o, path) => path.split('.').reduce((v, k) => (v == null ? undefined : v[k]), o);
const ms = (text) => (text === undefined ? undefined : Date.parse(text));
const iso = (t) => new Date(t).toISOString().replace('.000Z', 'Z');
const bytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const sum = (list, f) => list.reduce((n, x) => n + f(x), 0);
const uniq = (list) => [...new Set(list)];

const time = (d) => ms(d['@timestamp']);
const kind = (d) => get(d, 'event.action');
const repoId = (d) => get(d, 'github.repo_id');

/* [id, name] of each person credited, the first name of each id. */
function credits(d) {
	const ids = get(d, 'hubstash.credit_id') || [],
		names = get(d, 'hubstash.credit') || [];
	return ids.map((id, i) => [id, names[i]]).filter(([id], i) => ids.indexOf(id) === i);
}

function counted(d) {
	if (kind(d) === 'commit')
		return (
			get(d, 'github.commit.default_branch') === true &&
			get(d, 'github.commit.merge') === false
		);
	if (kind(d) === 'review')
		return (
			get(d, 'github.review.self') !== true &&
			get(d, 'github.review.reply') !== true
		);
	return kind(d) === 'pull_request';
}

function newest(list) {
	return list.reduce(
		(a, b) =>
			a === undefined ||
			time(b) > time(a) ||
			(time(b) === time(a) && bytes(b.event.id, a.event.id) < 0)
				? b
				: a,
		undefined
	);
}

/* All that is asked of a list of documents. */
class Oracle {
	constructor(docs, q) {
		this.all = docs;
		this.q = q;
		this.max = q.max || DEFAULTS[q.panel];
		this.docs = docs.filter((d) => this.passes(d, true));
	}

	passes(d, people) {
		const q = this.q,
			bot = get(d, 'hubstash.bot');
		const listed = (l, v) => !l || !l.length || l.includes(v);
		if (q.panel !== 'bots' && q.who !== 'all' && bot !== (q.who === 'bots'))
			return false;
		return (
			listed(q.org, get(d, 'github.org')) &&
			listed(q.repository, repoId(d)) &&
			listed(q.kind, kind(d)) &&
			(!people ||
				!q.person ||
				!q.person.length ||
				credits(d).some(([id]) => q.person.includes(id)))
		);
	}

	within(from = this.q.from, to = this.q.to, at = time) {
		return this.docs.filter((d) => at(d) >= from && at(d) < to);
	}

	personName(id) {
		const d = newest(this.all.filter((x) => credits(x).some(([i]) => i === id)));
		return credits(d).find(([i]) => i === id)[1];
	}

	repoName(id) {
		return get(newest(this.all.filter((x) => repoId(x) === id)), 'github.repo');
	}

	/* [id, documents] of each, by who is credited; of each, by repository. */
	byPerson(docs) {
		const map = new Map();
		for (const d of docs)
			for (const [id] of credits(d))
				map.set(id, (map.get(id) || []).concat(d));
		return [...map];
	}

	byRepo(docs) {
		const ids = uniq(docs.map(repoId)).filter((id) => id !== undefined);
		return ids.map((id) => [id, docs.filter((d) => repoId(d) === id)]);
	}

	buckets() {
		const e = this.q.edges;
		return e.slice(0, -1).map((from, i) => ({ from, to: e[i + 1] }));
	}
}

/* Greatest first unless said otherwise; ties by name, then id. */
function order(list, by, ascending) {
	const side = ascending ? 1 : -1;
	return list
		.slice()
		.sort(
			(a, b) =>
				(typeof a[by] === 'string'
					? side * bytes(a[by], b[by])
					: side * (a[by] - b[by])) ||
				bytes(a.name, b.name) ||
				bytes(a.id || '', b.id || '')
		);
}

function percentile(buckets, share) {
	const list = buckets.slice().sort((a, b) => a - b);
	const at = Math.ceil((Math.round(share * 1000) * list.length) / 1000);
	return Math.round(10 ** ((list[Math.max(at, 1) - 1] + 0.5) / 50) * 100) / 100;
}

const hours = (b) =>
	b.length
		? { count: b.length, median: percentile(b, 0.5), p85: percentile(b, 0.85) }
		: { count: 0 };
const of = (docs, k) => docs.filter((d) => kind(d) === k);
const state = (d) => get(d, 'github.pull_request.state');
const mergedAt = (d) => ms(get(d, 'github.pull_request.merged_at'));
const lines = (docs, f) => sum(of(docs, 'commit'), (d) => get(d, `github.commit.${f}`) || 0);
const comments = (docs) => docs.filter((d) => /^(issue|review|commit)_comment$/.test(kind(d)));

function work(docs) {
	return {
		activity: docs.length,
		commits: of(docs, 'commit').length,
		pull_requests: of(docs, 'pull_request').length,
		merged: docs.filter((d) => kind(d) === 'pull_request' && state(d) === 'merged')
			.length,
		reviews: of(docs, 'review').length,
		additions: lines(docs, 'additions'),
		deletions: lines(docs, 'deletions'),
	};
}

const last = (docs) => iso(Math.max(...docs.map(time)));
const first = (docs) => iso(Math.min(...docs.map(time)));

function people(o) {
	const q = o.q,
		sort = q.sort || 'activity';
	const list = o
		.byPerson(o.within().filter(counted))
		.map(([id, docs]) => ({
			id,
			name: o.personName(id),
			...work(docs),
			repositories: uniq(docs.map(repoId)).filter((r) => r !== undefined)
				.length,
			last: last(docs),
		}));
	return order(list, sort, q.ascending).map((p, i) => ({ rank: i + 1, ...p }));
}

const pulls = (o) => of(o.docs, 'pull_request');

const panels = {
	totals(o) {
		const t = (from, to) => {
			const docs = o.within(from, to),
				c = docs.filter(counted),
				w = work(c);
			return {
				people: o.byPerson(c).length,
				repositories: o.byRepo(c).length,
				...w,
				merged: pulls(o).filter(
					(d) => mergedAt(d) >= from && mergedAt(d) < to
				).length,
				issues: of(docs, 'issue').length,
				comments: comments(docs).length,
				releases: of(docs, 'release').length,
			};
		};
		const { from, to } = o.q;
		return { now: t(from, to), before: t(from - (to - from), from) };
	},
	people(o) {
		const list = people(o);
		return {
			people: list.slice(0, o.max),
			total: list.length,
			documents: o.all.length,
		};
	},
	activity(o) {
		return {
			buckets: o.buckets().map(({ from, to }) => {
				const docs = o.within(from, to),
					c = docs.filter(counted);
				return {
					from: iso(from),
					commits: of(c, 'commit').length,
					pull_requests: of(c, 'pull_request').length,
					reviews: of(c, 'review').length,
					issues: of(docs, 'issue').length,
					comments: comments(docs).length,
					releases: of(docs, 'release').length,
					people: o.byPerson(c).length,
				};
			}),
		};
	},
	series(o) {
		const count = (id, k) =>
			o
				.buckets()
				.map(
					({ from, to }) =>
						of(
							o.within(from, to).filter(counted),
							k
						).filter((d) =>
							credits(d).some(([i]) => i === id)
						).length
				);
		return {
			buckets: o.buckets().map((b) => iso(b.from)),
			people: people(o)
				.slice(0, o.max)
				.map((p) => ({
					...p,
					series: {
						commits: count(p.id, 'commit'),
						pull_requests: count(p.id, 'pull_request'),
						reviews: count(p.id, 'review'),
					},
				})),
		};
	},
	reviewers(o) {
		const list = o
			.byPerson(of(o.within(), 'review').filter(counted))
			.map(([id, docs]) => {
				const n = (s) =>
					docs.filter((d) => get(d, 'github.review.state') === s)
						.length;
				return {
					id,
					name: o.personName(id),
					reviews: docs.length,
					approved: n('approved'),
					changes_requested: n('changes_requested'),
					commented: n('commented'),
					dismissed: n('dismissed'),
					authors: uniq(
						docs.map((d) =>
							get(d, 'github.review.pull_author')
						)
					).filter((a) => a).length,
				};
			});
		return {
			reviewers: order(list, 'reviews').slice(0, o.max),
			total: list.length,
		};
	},
	matrix(o) {
		const author = (d) => get(d, 'github.review.pull_author');
		const docs = of(o.within(), 'review')
			.filter(counted)
			.filter(
				(d) =>
					author(d) &&
					get(d, 'github.review.pull_author_bot') === false
			);
		const authors = order(
			uniq(docs.map(author)).map((name) => ({
				name,
				n: docs.filter((d) => author(d) === name).length,
			})),
			'n'
		).slice(0, o.max);
		const by = order(
			o
				.byPerson(docs)
				.map(([id, l]) => ({
					id,
					name: o.personName(id),
					n: l.length,
					l,
				})),
			'n'
		).slice(0, o.max);
		return {
			authors: authors.map((a) => a.name),
			reviewers: by.map(({ id, name }) => ({ id, name })),
			cells: authors.map((a) =>
				by.map((r) => r.l.filter((d) => author(d) === a.name).length)
			),
		};
	},
	flow(o) {
		const n = (b, docs, at) =>
			docs.filter((d) => at(d) >= b.from && at(d) < b.to).length;
		return {
			buckets: o.buckets().map((b) => ({
				from: iso(b.from),
				opened: n(b, pulls(o), time),
				merged: n(b, pulls(o), mergedAt),
				closed: n(
					b,
					pulls(o).filter((d) => state(d) === 'closed'),
					(d) => ms(get(d, 'github.pull_request.closed_at'))
				),
			})),
		};
	},
	latency(o) {
		const b = (docs, f) =>
			docs
				.map((d) => get(d, `github.pull_request.${f}`))
				.filter((x) => x !== undefined);
		const l = (from, to) => ({
			first_review: hours(
				b(of(o.within(from, to), 'pull_request'), 'first_review_bucket')
			),
			merge: hours(
				b(
					of(o.within(from, to, mergedAt), 'pull_request'),
					'merge_bucket'
				)
			),
		});
		return {
			all: l(o.q.from, o.q.to),
			buckets: o
				.buckets()
				.map(({ from, to }) => ({ from: iso(from), ...l(from, to) })),
		};
	},
	open(o) {
		const list = pulls(o)
			.filter((d) => state(d) === 'open')
			.sort((a, b) => time(a) - time(b) || bytes(a.event.id, b.event.id));
		return { pull_requests: list.slice(0, o.max).map(row), total: list.length };
	},
	newcomers(o) {
		const list = o
			.byPerson(o.docs.filter(counted))
			.map(([id, docs]) => ({
				id,
				name: o.personName(id),
				at: Math.min(...docs.map(time)),
				since: first(docs),
				activity: docs.filter(
					(d) => time(d) >= o.q.from && time(d) < o.q.to
				).length,
			}))
			.filter((p) => p.at >= o.q.from && p.at < o.q.to);
		return {
			people: order(list, 'at')
				.slice(0, o.max)
				.map(({ at, ...p }) => p),
			total: list.length,
		};
	},
	quiet(o) {
		const now = o.byPerson(o.within().filter(counted)).map(([id]) => id);
		const list = o
			.byPerson(o.within(o.q.from - 365 * DAY, o.q.from).filter(counted))
			.filter(([id]) => !now.includes(id))
			.map(([id, docs]) => ({
				id,
				name: o.personName(id),
				last: last(docs),
				activity: docs.length,
			}));
		return { people: order(list, 'activity').slice(0, o.max), total: list.length };
	},
	punch_card(o) {
		const cells = [...Array(7)].map(() => Array(24).fill(0));
		for (const d of of(o.within(), 'commit').filter(counted)) {
			const { weekday, hour } = d.github.commit;
			if (weekday !== undefined && hour !== undefined)
				cells[weekday - 1][hour]++;
		}
		return { cells };
	},
	repositories(o) {
		const list = o.byRepo(o.within().filter(counted)).map(([id, docs]) => {
			const { activity, ...w } = work(docs);
			const r = {
				id,
				name: o.repoName(id),
				activity,
				people: o.byPerson(docs).length,
				...w,
				issues: of(o.within(), 'issue').filter((d) => repoId(d) === id)
					.length,
				open: pulls(o).filter(
					(d) => repoId(d) === id && state(d) === 'open'
				).length,
				last: last(docs),
			};
			const b = docs
				.filter(
					(d) =>
						kind(d) === 'pull_request' &&
						state(d) === 'merged'
				)
				.map((d) => d.github.pull_request.merge_bucket)
				.filter((x) => x !== undefined);
			return b.length ? { ...r, merge_median: percentile(b, 0.5) } : r;
		});
		return {
			repositories: order(list, 'activity').slice(0, o.max),
			total: list.length,
		};
	},
	bus_factor(o) {
		const list = o
			.byRepo(of(o.within(), 'commit').filter(counted))
			.map(([id, docs]) => {
				const by = order(
					o
						.byPerson(docs)
						.map(([p, l]) => ({
							id: p,
							name: o.personName(p),
							commits: l.length,
						})),
					'commits'
				);
				const commits = sum(by, (p) => p.commits);
				let n = 0,
					factor = 0;
				while (2 * n < commits) n += by[factor++].commits;
				return {
					id,
					name: o.repoName(id),
					commits,
					people: by.length,
					factor,
					top: by.slice(0, Math.min(factor, 10)),
				};
			})
			.filter((r) => r.commits > 0);
		return {
			repositories: order(list, 'commits').slice(0, o.max),
			total: list.length,
		};
	},
	bots(o) {
		const agents = o.within().flatMap((d) => uniq(get(d, 'hubstash.agents') || []));
		return {
			buckets: o
				.buckets()
				.map(({ from, to }) => ({
					from: iso(from),
					human: o
						.within(from, to)
						.filter((d) => get(d, 'hubstash.bot') === false)
						.length,
					bot: o
						.within(from, to)
						.filter((d) => get(d, 'hubstash.bot') === true)
						.length,
				})),
			agents: order(
				uniq(agents).map((name) => ({
					name,
					documents: agents.filter((a) => a === name).length,
				})),
				'documents'
			).slice(0, o.max),
		};
	},
	recent(o) {
		const list = o
			.within()
			.sort((a, b) => time(b) - time(a) || bytes(a.event.id, b.event.id));
		return { documents: list.slice(0, o.max).map(row) };
	},
	person(o) {
		const id = o.q.person[0],
			mine = (d) => credits(d).some(([i]) => i === id);
		if (!o.all.some(mine)) return {};
		const names = uniq(
			o.all.filter(mine).map((d) => credits(d).find(([i]) => i === id)[1])
		).sort(bytes);
		const reviews = of(
			o.all.filter((d) => o.passes(d, false)),
			'review'
		)
			.filter(counted)
			.filter((d) => time(d) >= o.q.from && time(d) < o.q.to);
		const author = (d) => get(d, 'github.review.pull_author');
		const given = reviews
			.filter(mine)
			.map(author)
			.filter((a) => a);
		const c = o.docs.filter(counted);
		return {
			id,
			name: o.personName(id),
			names,
			...(c.length ? { first: first(c), last: last(c) } : {}),
			activity: o.within().filter(counted).length,
			reviews_to: order(
				uniq(given).map((name) => ({
					name,
					reviews: given.filter((a) => a === name).length,
				})),
				'reviews'
			).slice(0, o.max),
			reviews_from: order(
				o
					.byPerson(
						reviews.filter((d) => names.includes(author(d)))
					)
					.map(([by, l]) => ({
						id: by,
						name: o.personName(by),
						reviews: l.length,
					})),
				'reviews'
			).slice(0, o.max),
		};
	},
	search(o) {
		const lower = (s) => s.replace(/[A-Z]/g, (c) => c.toLowerCase());
		const text = lower(o.q.text),
			starts = (s) => lower(s).startsWith(text);
		const p = uniq(
			o.all
				.flatMap(credits)
				.filter(([, n]) => starts(n))
				.map(([id]) => id)
		);
		const r = uniq(
			o.all
				.filter((d) => repoId(d) !== undefined)
				.filter(
					(d) =>
						starts(d.github.repo) ||
						starts(d.github.repo.split('/')[1])
				)
				.map(repoId)
		);
		const list = (ids, name) =>
			order(
				ids.map((id) => ({ id, name: name(id) })),
				'name',
				true
			).slice(0, o.max);
		return {
			people: list(p, (id) => o.personName(id)),
			repositories: list(r, (id) => o.repoName(id)),
		};
	},
	unlinked(o) {
		const list = o
			.byPerson(of(o.within(), 'commit').filter(counted))
			.filter(([id]) => /^(mail|name):/.test(id))
			.map(([id, docs]) => ({
				id,
				name: o.personName(id),
				commits: docs.length,
				first: first(docs),
				last: last(docs),
			}));
		return { people: order(list, 'commits').slice(0, o.max), total: list.length };
	},
	contents(o) {
		const orgs = o.all.map((d) => get(d, 'github.org')).filter((x) => x);
		return {
			documents: o.all.length,
			...(o.all.length ? { first: first(o.all), last: last(o.all) } : {}),
			organizations: order(
				uniq(orgs).map((name) => ({
					name,
					documents: orgs.filter((x) => x === name).length,
				})),
				'documents'
			).slice(0, o.max),
		};
	},
};

/* A document as a row. */
function row(d) {
	const pick = (...paths) => paths.map((p) => get(d, p)).find((v) => v !== undefined);
	const g = (k, f) => `github.${k}.${f}`;
	const all = {
		id: d.event.id,
		kind: kind(d),
		time: d['@timestamp'],
		person: pick('hubstash.person'),
		person_id: pick('hubstash.person_id'),
		repository: pick('github.repo'),
		repository_id: pick('github.repo_id'),
		number: pick(
			...['pull_request', 'review', 'issue', 'comment'].map((k) =>
				g(k, 'number')
			)
		),
		title: pick(
			'github.commit.headline',
			'github.pull_request.title',
			'github.issue.title',
			'github.release.tag',
			'github.push.ref',
			'github.ref.name'
		),
		state: pick(...['pull_request', 'review', 'issue'].map((k) => g(k, 'state'))),
		url: pick(
			...['pull_request', 'review', 'issue', 'comment', 'release'].map((k) =>
				g(k, 'url')
			)
		),
		sha: pick('github.commit.sha', 'github.comment.sha', 'github.push.head'),
		draft: pick('github.pull_request.draft'),
		reviews: pick('github.pull_request.reviews'),
		created: pick(
			...['pull_request', 'issue', 'release'].map((k) => g(k, 'created_at'))
		),
		updated: pick(...['pull_request', 'issue'].map((k) => g(k, 'updated_at'))),
	};
	return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined));
}

/* The moments between buckets, in UTC: of hour, day, week (from Monday), month. */
function edges(from, to, interval) {
	const next = (t) => {
		const day = Math.floor(t / DAY),
			d = new Date(t);
		if (interval === 'hour') return (Math.floor(t / (DAY / 24)) + 1) * (DAY / 24);
		if (interval === 'day') return (day + 1) * DAY;
		if (interval === 'week') return (Math.floor((day + 3) / 7) * 7 + 4) * DAY;
		return Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 1);
	};
	const list = [];
	for (let t = from; t < to; t = next(t)) list.push(t);
	return [...list, to];
}

/*
 * q: { panel, from, to (ms), interval, who, org, repository, person, kind (lists), max,
 * sort, ascending, text }. The answer, but for "next".
 */
function oracle(docs, q) {
	return panels[q.panel](
		new Oracle(docs, { ...q, edges: edges(q.from, q.to, q.interval) })
	);
}

/* As ask.c takes it. */
function question(q) {
	const one = (k, v) => `${k}=${encodeURIComponent(v)}`;
	return Object.entries(q)
		.flatMap(([k, v]) =>
			v === undefined
				? []
				: Array.isArray(v)
					? v.map((x) => one(k, x))
					: [one(k, k === 'from' || k === 'to' ? iso(v) : v)]
		)
		.join('&');
}

module.exports = { oracle, question, names: Object.keys(panels) };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world.js - documents for the dashboard's questions: short notation made whole, and
 * random ones, in which names change hands, moments coincide and fields are missing.
 */
'use strict';

const DAY = 86400000;
const iso = (t) => new Date(t).toISOString().replace('.000Z', 'Z');
const bucket = (hours) => Math.floor(50 * Math.log10(Math.max(hours, 0.01)) + 1e-9);

/* A generator that gives the same for the same seed. */
function random(seed) {
	let s = seed >>> 0;
	const next = () => {
		s = (s + 0x6d2b79f5) >>> 0;
		let t = Math.imul(s ^ (s >>> 15), s | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	return {
		below: (n) => Math.floor(next() * n),
		chance: (p) => next() < p,
		of: (list) => list[Math.floor(next() * list.length)],
	};
}

/*
 * { id: "KIND:…", at, repo: "ID OWNER/NAME", who: ["ID NAME", …], agents, bot, version,
 * and the members of github.KIND } as a body. KIND is the kind, but pr for short.
 */
function body({ id, at, repo, who = [], agents, bot, version = 1, action, ...rest }) {
	const kind = action || id.split(':')[0].replace(/^pr$/, 'pull_request');
	const place = kind.endsWith('_comment') ? 'comment' : kind;
	const d = {
		'@timestamp': at,
		event: { action: kind, id },
		github: {},
		hubstash: { version },
	};
	const split = (s) => [s.slice(0, s.indexOf(' ')), s.slice(s.indexOf(' ') + 1)];

	if (repo) {
		const [number, name] = split(repo);
		Object.assign(d.github, {
			org: name.split('/')[0],
			repo: name,
			repo_id: number,
		});
	}
	if (who.length) {
		d.hubstash.credit_id = who.map((w) => split(w)[0]);
		d.hubstash.credit = who.map((w) => split(w)[1]);
		[d.hubstash.person_id, d.hubstash.person] = split(who[0]);
	}
	if (agents) d.hubstash.agents = agents;
	if (bot !== null) d.hubstash.bot = bot === undefined ? !who.length : bot;
	if (Object.keys(rest).length) d.github[place] = rest;
	return d;
}

const PEOPLE = ['1', '2', '3', '4', '5', '6', 'mail:0a', 'name:0b'];
const NAMES = ['sim-ada', 'sim-bo', 'Sim-Cy', 'sim-bo', 'sim-émile', 'sim-😀', 'Ada', 'Bo'];
const REPOS = [
	'77 sim-works/engine',
	'77 sim-works/motor',
	'78 sim-works/site',
	'79 sim-labs/engine',
	'80 sim-labs/site',
];
const KINDS = [
	'commit',
	'commit',
	'commit',
	'pull_request',
	'pull_request',
	'review',
	'review',
	'issue',
	'issue_comment',
	'review_comment',
	'commit_comment',
	'release',
	'push',
	'star',
];

function members(r, kind, at) {
	const later = () => at + (r.below(400) * 3600000) / 4;
	const state = r.of(['open', 'closed', 'merged', 'merged']);
	switch (kind) {
		case 'commit':
			return {
				default_branch: r.chance(0.9),
				...(r.chance(0.9) && { merge: r.chance(0.1) }),
				...(r.chance(0.9) && {
					additions: r.below(100),
					deletions: r.below(50),
				}),
				...(r.chance(0.8) && {
					hour: r.below(24),
					weekday: 1 + r.below(7),
				}),
				headline: 'say <b>what</b> is wrong',
			};
		case 'pull_request': {
			const end = later(),
				reviewed = later();
			return {
				number: r.below(100),
				title: 'Say "it"',
				...(r.chance(0.95) && { state }),
				created_at: iso(at),
				draft: r.chance(0.2),
				reviews: r.below(4),
				...(r.chance(0.6) && {
					first_review_bucket: bucket((reviewed - at) / 3600000),
				}),
				...(state !== 'open' && { closed_at: iso(end) }),
				...(state === 'merged' && {
					merged_at: iso(end),
					...(r.chance(0.9) && {
						merge_bucket: bucket((end - at) / 3600000),
					}),
				}),
			};
		}
		case 'review':
			return {
				state: r.of([
					'approved',
					'changes_requested',
					'commented',
					'dismissed',
				]),
				...(r.chance(0.9) && { pull_author: r.of(NAMES) }),
				...(r.chance(0.9) && { pull_author_bot: r.chance(0.1) }),
				...(r.chance(0.8) && { self: r.chance(0.15) }),
				reply: r.chance(0.15),
			};
		case 'issue':
			return {
				number: r.below(100),
				title: 'Why?',
				state: r.of(['open', 'closed']),
			};
		case 'release':
			return { tag: `v${r.below(9)}`, url: 'https://github.com/x' };
		default:
			return { number: r.below(100) };
	}
}

/* Document n: another time it is drawn it is another version of it. */
function drawn(r, n, version) {
	const kind = KINDS[(n * 5) % KINDS.length];
	const at =
		Date.UTC(2026, 0, 1) +
		(n % 5 ? r.below(60) * DAY : r.below(500 * 86400) * -1000);
	const who = [];

	for (let i = r.below(4) ? 1 : r.below(4); i > 0; i--) {
		const p = r.below(PEOPLE.length);
		who.push(`${PEOPLE[p]} ${r.chance(0.7) ? NAMES[p] : r.of(NAMES)}`);
	}
	return body({
		id: `${kind}:${n}`,
		action: kind,
		at: iso(at),
		version,
		who,
		...(r.chance(0.95) && { repo: r.of(REPOS) }),
		...(r.chance(0.1) && { bot: null }),
		...(r.chance(0.15) && {
			agents: r.chance(0.8) ? ['Claude'] : ['sim-bot[bot]', 'Claude'],
		}),
		...members(r, kind, at),
	});
}

module.exports = { body, drawn, random, PEOPLE, REPOS, KINDS };

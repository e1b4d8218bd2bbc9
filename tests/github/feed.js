/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed.js - what a feed of events shows at a moment: at most 300 events of the
 * last 30 days, newest first, minutes late, with what the quirks of the feed do
 * to it. Whether an event is lost or late is a property of the event, not of
 * who asks or when.
 */
'use strict';

const { hash01 } = require('./prng.js');
const { DAY, SECOND, HOUR } = require('./world.js');
const S = require('./shapes.js');

const MAX = 300;

/* Latency by quirk `late` (the share of events that are): up to six hours. */
function shownAt(e, quirks) {
	const late = quirks.late;
	if (late && hash01(`late ${e.seq}`) < late)
		return e.at + Math.floor(hash01(`by ${e.seq}`) * 6 * 3600) * SECOND;
	return e.visibleAt;
}

/* GitHub never told anybody of this one. quirks: of Quirks.feed(). */
function lost(e, quirks) {
	const within = (row) => row && e.at >= row.from && e.at < row.to;
	if (within(quirks.lost) && hash01(`lost ${e.seq}`) < quirks.lost.value) return true;
	return !!within(quirks['skipped-feed']);
}

/*
 * kind: org (of an organisation, public alone), user (of one, what the token sees),
 * actor (what a user did; own: private as well), repo.
 */
function belongs(e, world, { kind, org, actor, own, sees, repoId }) {
	if (kind === 'repo') return e.repoId === repoId;
	if (kind === 'actor') return e.actor === actor && (e.public || own);
	if (e.org !== org) return false;
	const repo = world.repos.get(e.repoId);
	return kind === 'org' ? e.public && !repo.private : e.public || sees(repo);
}

function shape(e) {
	const actor = e.actorAs;
	const login = encodeURIComponent(actor.login);
	const out = { id: e.id, type: e.type, actor: { id: actor.id, login: actor.login,
		display_login: actor.login.replace(/\[bot\]$/, ''), gravatar_id: '',
		url: `${S.API}/users/${login}`,
		avatar_url: `https://avatars.githubusercontent.com/u/${actor.id}?` },
		repo: { id: e.repoId, name: e.repoName, url: `${S.API}/repos/${e.repoName}` },
		payload: e.payload, public: e.public, created_at: S.iso(e.at) };
	return out;
}

/* The events of the whole feed at now, in the order it shows them. */
function list(world, now, quirks, what) {
	if (quirks['feed-off']) return [];
	const out = [];
	for (let i = world.events.length - 1; i >= 0; i--) {
		const e = world.events[i];
		if (e.at < now - 30 * DAY - 6 * HOUR) break;
		if (e.at < now - 30 * DAY || shownAt(e, quirks) > now || lost(e, quirks) ||
		    !belongs(e, world, what))
			continue;
		out.push(e);
		if (out.length >= MAX * 2) break;
	}
	let rows = out.sort((a, b) => b.at - a.at || b.seq - a.seq).slice(0, MAX);
	if (quirks.unordered)
		rows = rows.map((e, i) => ({ e, at: i + 30 * hash01(`order ${e.seq}`) }))
		    .sort((a, b) => a.at - b.at).map((x) => x.e);
	if (quirks.duplicated) {
		const share = quirks.duplicated === true ? 0.1 : quirks.duplicated;
		rows = rows.flatMap((e) => (hash01(`twice ${e.seq}`) < share ? [e, e] : [e]))
		    .slice(0, MAX);
	}
	return rows;
}

/* An event as JSON, with the organisation it is of, if any. */
function text(e) {
	const out = shape(e), { org } = e;
	if (org)
		out.org = { id: org.id, login: org.login, gravatar_id: '',
			url: `${S.API}/orgs/${org.login}`,
			avatar_url: `https://avatars.githubusercontent.com/u/${org.id}?` };
	return JSON.stringify(out);
}

/* Page n: { rows, total }. */
function page(world, now, quirks, what, n, perPage) {
	const rows = list(world, now, quirks, what);
	return { rows: rows.slice((n - 1) * perPage, n * perPage), total: rows.length };
}

module.exports = { list, page, lost, shownAt, shape, text, MAX };

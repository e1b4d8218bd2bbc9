/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merged.js - what documents become when people are merged, by docs/documents.md,
 * "Merged people". Written from that page, not from the program.
 */
'use strict';

const HUMAN = 'human';
const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/* What accounts are called today, by the documents: the one made last tells. */
function namesOf(documents) {
	const newest = new Map();
	for (const d of documents) {
		const { credit = [], credit_id: ids = [], person, person_id: id } = d.hubstash;
		const pr = (d.github || {}).pull_request || {}, r = (d.github || {}).review || {};
		const seen = [[id, person], ...ids.map((x, i) => [x, credit[i]]),
			[pr.merged_by_id, pr.merged_by], [r.pull_author_id, r.pull_author],
			...(pr.reviewer_id || []).map((x, i) => [x, pr.reviewer[i]])];
		for (const [key, name] of seen) {
			if (!/^\d+$/.test(key || '')) continue;
			const at = Date.parse(d.event.ingested), was = newest.get(key);
			if (!was || at > was.at || (at === was.at && byBytes(name, was.name) > 0))
				newest.set(key, { at, name });
		}
	}
	return new Map([...newest].map(([k, v]) => [k, v.name]));
}

function hours(seconds) {
	return Math.floor((seconds * 100 + 1800) / 3600) / 100;
}
function bucket(h) {
	return String(BigInt(Math.max(1, Math.round(h * 100))) ** 50n).length - 101;
}

/*
 * A copy of d. people: [{ name, ids: [person ids, the first is what becomes of all],
 * team }]; names: of namesOf.
 */
function merged(d, people, names) {
	const out = structuredClone(d), h = out.hubstash, github = out.github || {};
	const of = new Map(people.flatMap((p) => p.ids.map((id) => [id, p])));
	const renamed = new Map();
	const become = (id, name) => {
		const p = of.get(id);
		const now = p ? { id: p.ids[0], name: p.name, team: p.team } :
		    { id, name: names.get(id) || name };
		renamed.set(name, [...(renamed.get(name) || []), now.name]);
		return now;
	};
	const put = (object, key, value) => {
		if (value === undefined || (Array.isArray(value) && !value.length))
			delete object[key];
		else object[key] = value;
	};

	if (h.person_id) {
		const now = h.class === HUMAN ? become(h.person_id, h.person) :
		    { id: h.person_id, name: names.get(h.person_id) || h.person };
		h.person_id = now.id;
		h.person = now.name;
	}
	const credited = new Map(), teams = new Set();
	(h.credit_id || []).forEach((id, i) => {
		const now = become(id, h.credit[i]);
		if (!credited.has(now.id)) credited.set(now.id, now.name);
		if (now.team) teams.add(now.team);
	});
	put(h, 'credit_id', [...credited.keys()]);
	put(h, 'credit', [...credited.values()]);
	put(h, 'team', [...teams]);
	const { review: r, pull_request: pr } = github;
	if (r && r.pull_author_id) {
		if (!r.pull_author_bot) {
			const now = become(r.pull_author_id, r.pull_author);
			r.pull_author = now.name;
			r.pull_author_id = now.id;
		}
		r.self = r.pull_author_id === h.person_id;
	}
	if (pr && pr.merged_by && !pr.merged_by.endsWith('[bot]')) {
		const now = become(pr.merged_by_id, pr.merged_by);
		pr.merged_by = now.name;
		pr.merged_by_id = now.id;
	}
	if (pr && pr.reviewer) {
		const all = new Map();
		pr.reviewer_id.forEach((id, i) => {
			const now = become(id, pr.reviewer[i]), had = all.get(now.id);
			if (now.id === h.person_id) return;
			all.set(now.id, { name: now.name,
				seconds: Math.min(pr.reviewer_seconds[i], had ? had.seconds : Infinity),
				reviews: pr.reviewer_reviews[i] + (had ? had.reviews : 0) });
		});
		const list = [...all.values()];
		put(pr, 'reviewer', list.map((x) => x.name));
		put(pr, 'reviewer_id', [...all.keys()]);
		put(pr, 'reviewer_seconds', list.map((x) => x.seconds));
		put(pr, 'reviewer_reviews', list.map((x) => x.reviews));
		pr.reviews = list.reduce((n, x) => n + x.reviews, 0);
		const first = list.length ? hours(Math.min(...list.map((x) => x.seconds))) : undefined;
		put(pr, 'hours_to_first_review', first);
		put(pr, 'first_review_bucket', first === undefined ? undefined : bucket(first));
	}
	if (out.related)
		out.related.user = [...new Set(out.related.user.flatMap((n) =>
		    renamed.get(n) || [n]))].sort(byBytes);
	return out;
}

/* As status lists people: [id, name, activity], in order. */
function ranking(documents, from, to) {
	const n = new Map(), newest = new Map();
	for (const d of documents) {
		const t = Date.parse(d['@timestamp']), { action, id } = d.event;
		const { commit = {}, review = {} } = d.github;
		const ids = d.hubstash.credit_id || [];
		ids.forEach((c, i) => {
			const was = newest.get(c);
			if (!was || t > was.t || (t === was.t && byBytes(id, was.id) < 0))
				newest.set(c, { t, id, name: d.hubstash.credit[i] });
		});
		const counts = (action === 'commit' && commit.default_branch && commit.merge === false) ||
		    action === 'pull_request' || (action === 'review' && !review.self && !review.reply);
		if (!counts || t < from || t >= to) continue;
		for (const c of new Set(ids)) n.set(c, (n.get(c) || 0) + 1);
	}
	return [...n].map(([id, activity]) => [id, newest.get(id).name, activity])
	    .sort((a, b) => b[2] - a[2] || byBytes(a[1], b[1]) || byBytes(a[0], b[0]));
}

module.exports = { merged, namesOf, ranking };

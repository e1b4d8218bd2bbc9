/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credits.js - who is credited for what in a simulated world, by docs/documents.md,
 * "Activity", and the people in order of it: what any list of people must show.
 */
'use strict';

const D = require('../scenario/truth_docs.js');

/* Each time somebody is credited: { id, name, kind, at, merged, repo }. */
function credits(world) {
	const out = [];
	const add = (doc, kind) => (doc.hubstash.credit_id || []).forEach((id, i) =>
	    out.push({ id, name: doc.hubstash.credit[i], kind, repo: doc.github.repo_id,
		merged: kind === 'pulls' && doc.github.pull_request.state === 'merged',
		at: Date.parse(doc['@timestamp']) }));
	for (const repo of world.orgRepos()) {
		if (repo.parent || repo.mirror) continue;
		for (const c of world.head(repo) ? repo.git.log(world.head(repo)) : [])
			if (c.parents.length < 2) add(D.commit(world, repo, c, true), 'commits');
		for (const pr of repo.pulls.values()) {
			add(D.pull(world, pr), 'pulls');
			for (const r of D.submitted(pr)) {
				const doc = D.review(world, r), { self, reply } = doc.github.review;
				if (!self && !reply) add(doc, 'reviews');
			}
		}
	}
	return out;
}

/* The people of from <= at < to: { id, name, commits, pulls, merged, reviews, total }. */
function people(all, from, to = Infinity) {
	const found = new Map();
	for (const c of all) {
		if (c.at < from || c.at >= to) continue;
		const p = found.get(c.id) || { id: c.id, last: 0, commits: 0, pulls: 0, merged: 0,
			reviews: 0 };
		found.set(c.id, p);
		p[c.kind]++;
		if (c.merged) p.merged++;
		if (c.at >= p.last) Object.assign(p, { last: c.at, name: c.name });
	}
	for (const p of found.values()) p.total = p.commits + p.pulls + p.reviews;
	return [...found.values()].sort((a, b) => b.total - a.total ||
	    Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

module.exports = { credits, people };

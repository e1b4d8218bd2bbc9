/* SPDX-License-Identifier: Apache-2.0 */
/*
 * truth_docs.js - the document of each thing in a simulated world, by
 * docs/documents.md. Written from that page, not from the program.
 */
'use strict';

const crypto = require('crypto');
const { account, accountOfMail, isGone, identity, authorsOf, hash, lower } =
    require('./who.js');
const { authors } = require('../github/graphql_types.js');

const HTML = 'https://github.com';
const COMPLETE = 2 ** 48;
const MIN = Date.UTC(1990, 0, 1), MAX = Date.UTC(2037, 11, 31, 23, 59, 59);

const iso = (ms) => (ms === null || ms === undefined ? undefined :
    new Date(ms).toISOString().replace('.000Z', 'Z'));
const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const sortedSet = (list) => [...new Set(list)].sort(byBytes);
const some = (list) => (list.length ? list : undefined);

function hours(from, to) {
	if (from === null || to === null || to < from) return undefined;
	const s = Math.floor(to / 1000) - Math.floor(from / 1000);
	return Math.floor((s * 100 + 1800) / 3600) / 100;
}

/* docs/documents.md, "Buckets of hours": the digits of hundredths^50, less 101. */
function bucket(h) {
	if (h === undefined) return undefined;
	return String(BigInt(Math.max(1, Math.round(h * 100))) ** 50n).length - 101;
}

/* At most max bytes of UTF-8, at the end of a whole character. */
function cut(text, max) {
	let s = Buffer.from(text.split('\0')[0]).toString();	/* lone surrogates go */
	while (Buffer.byteLength(s) > max) s = [...s].slice(0, -1).join('');
	return s;
}
const title = (text, max = 1024) =>
    (text ? cut(text, max).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '') || undefined : undefined);

/* Without what is undefined, all the way down. */
function clean(v) {
	if (Array.isArray(v) || v === null || typeof v !== 'object') return v;
	const out = {};
	for (const [k, x] of Object.entries(v)) {
		if (x === undefined) continue;
		const y = clean(x);
		if (y && typeof y === 'object' && !Array.isArray(y) && !Object.keys(y).length)
			continue;
		out[k] = y;
	}
	return out;
}

/*
 * The envelope. people: who is credited, the user first; also: further names
 * for related.user. seconds: of the version, null where only a look knows it.
 */
function envelope(w, repo, { action, id, at, people, also = [], seconds, source = 'api',
    full, mail, github, repoName }) {
	const [user] = people, present = people.filter(Boolean);
	const humans = present.filter((p) => p.class === 'human');
	const name = repoName || w.fullName(repo);
	const org = w.orgOf(repo);
	return clean({
		'@timestamp': iso(at),
		event: { action, kind: 'event', module: 'hubstash', dataset: 'hubstash.activity',
			id, created: seconds === null ? undefined : iso(seconds * 1000) },
		user: { id: user ? user.id : undefined, name: user ? user.login : undefined,
			full_name: full, email: { hash: mail } },
		related: { user: some(sortedSet([...present.map((p) => p.person), ...also]
		    .filter(Boolean))) },
		organization: org ? { id: String(org.id), name: org.login } : undefined,
		github: { org: org ? org.login : undefined, repo: name,
			repo_id: String(repo.id), repository: { name: name.split('/')[1],
				owner: { login: name.split('/')[0] } }, ...github },
		hubstash: { person: user ? user.person : undefined,
			person_id: user ? user.personId : undefined,
			class: user ? user.class : undefined,
			credit: some(humans.map((p) => p.person)),
			credit_id: some(humans.map((p) => p.personId)),
			agents: some(present.filter((p) => p.class !== 'human')
			    .map((p) => p.person)),
			bot: !humans.length, source, partial: false,
			version: seconds === null ? undefined : COMPLETE + seconds, schema: 1 },
	});
}

const seconds = (ms) => Math.floor(ms / 1000);

function commit(w, repo, c, onDefault) {
	const people = authorsOf(c, authors(c), (mail) => accountOfMail(w.people, mail));
	const line = title(c.message.split('\n')[0]);
	const pull = /^Merge pull request #(\d{1,9}) from /.exec(line || '') ||
	    /\(#(\d{1,9})\)$/.exec(line || '');
	const local = new Date(c.author.date + (c.author.tz || 0) * 60000);
	const mail = c.author.email ? hash(lower(c.author.email.trim())) : undefined;
	return envelope(w, repo, { action: 'commit', id: `commit:${repo.id}:${c.sha}`,
		at: Math.min(Math.max(c.committer.date, MIN), MAX), people, seconds: null,
		full: title(c.author.name), mail,
		github: { commit: { sha: c.sha, message: cut(c.message, 8192) || undefined,
			headline: line, authored_at: iso(c.author.date),
			committed_at: iso(c.committer.date), hour: local.getUTCHours(),
			weekday: (local.getUTCDay() + 6) % 7 + 1, additions: c.additions,
			deletions: c.deletions, changed_files: c.files.length,
			parents: c.parents.length, merge: c.parents.length > 1,
			default_branch: onDefault,
			pull_request: pull && Number(pull[1]) ? Number(pull[1]) : undefined } } });
}

const submitted = (pr) => pr.reviews.filter((r) => r.submittedAt !== null &&
    r.state !== 'PENDING');
const isReply = (r) => r.state === 'COMMENTED' && !r.body && r.comments.length > 0 &&
    !!r.comments[0].replyTo;

function pull(w, pr) {
	const author = account(pr.author);
	const by = pr.state === 'MERGED' && !isGone(pr.mergedBy) ? account(pr.mergedBy) : {};
	const merger = by.person;
	const others = submitted(pr).filter((r) => account(r.author).class === 'human' &&
	    account(r.author).personId !== author.personId);
	const reviewers = [...new Map(others.map((r) => [account(r.author).personId,
		account(r.author).person]))].slice(0, 100);
	const ofEach = (make) => some(reviewers.map(([id]) =>
	    make(others.filter((r) => account(r.author).personId === id))));
	const first = others.length ? Math.min(...others.map((r) => r.submittedAt)) : null;
	return envelope(w, pr.repo, { action: 'pull_request',
		id: `pr:${pr.repo.id}:${pr.number}`, at: pr.createdAt, people: [author],
		also: [merger], seconds: seconds(pr.updatedAt),
		github: { pull_request: { number: pr.number, title: title(pr.title),
			state: pr.state.toLowerCase(), draft: pr.draft,
			created_at: iso(pr.createdAt), updated_at: iso(pr.updatedAt),
			merged_at: iso(pr.mergedAt), closed_at: iso(pr.closedAt),
			merged_by: merger, merged_by_id: by.personId, additions: pr.additions, deletions: pr.deletions,
			changed_files: pr.changedFiles, commits: pr.commits.length,
			comments: pr.comments.length, labels: some(sortedSet(pr.labels)),
			reviewer: some(reviewers.map(([, name]) => name)),
			reviewer_id: some(reviewers.map(([id]) => id)),
			reviewer_seconds: ofEach((list) => seconds(Math.min(...list.map((r) =>
			    r.submittedAt)) - pr.createdAt)),
			reviewer_reviews: ofEach((list) => list.filter((r) => !isReply(r)).length),
			reviews: others.filter((r) => !isReply(r)).length,
			hours_to_first_review: hours(pr.createdAt, first),
			first_review_bucket: bucket(hours(pr.createdAt, first)),
			hours_to_merge: hours(pr.createdAt, pr.mergedAt),
			merge_bucket: bucket(hours(pr.createdAt, pr.mergedAt)),
			hours_to_close: hours(pr.createdAt, pr.closedAt),
			url: `${HTML}/${w.fullName(pr.repo)}/pull/${pr.number}` } } });
}

function review(w, r) {
	const who = account(r.author), author = account(r.pr.author);
	return envelope(w, r.pr.repo, { action: 'review', id: `review:${r.id}`,
		at: r.submittedAt, people: [who], also: [author.person],
		seconds: seconds(r.pr.updatedAt),
		github: { review: { id: String(r.id), state: r.state.toLowerCase(),
			number: r.pr.number, pull_author: author.person, pull_author_id: author.personId,
			pull_author_bot: author.class !== 'human',
			self: who.personId === author.personId, reply: isReply(r),
			url: `${HTML}/${w.fullName(r.pr.repo)}/pull/${r.pr.number
			    }#pullrequestreview-${r.id}` } } });
}

function reviewComment(w, c) {
	const { pr } = c.review;
	return envelope(w, pr.repo, { action: 'review_comment', id: `review_comment:${c.id}`,
		at: c.createdAt, people: [account(c.author)], seconds: seconds(c.updatedAt),
		github: { comment: { id: String(c.id), number: pr.number, pull: true,
			reply: !!c.replyTo,
			url: `${HTML}/${w.fullName(pr.repo)}/pull/${pr.number
			    }#discussion_r${c.id}` } } });
}

function issueComment(w, c) {
	const { repo, number } = c.parent, onPull = !!c.parent.head;
	return envelope(w, repo, { action: 'issue_comment', id: `issue_comment:${c.id}`,
		at: c.createdAt, people: [account(c.author)], seconds: seconds(c.updatedAt),
		github: { comment: { id: String(c.id), number, pull: onPull,
			url: `${HTML}/${w.fullName(repo)}/${onPull ? 'pull' : 'issues'}/${number
			    }#issuecomment-${c.id}` } } });
}

function issue(w, i) {
	return envelope(w, i.repo, { action: 'issue', id: `issue:${i.repo.id}:${i.number}`,
		at: i.createdAt, people: [account(i.author)], seconds: seconds(i.updatedAt),
		github: { issue: { number: i.number, title: title(i.title),
			state: i.state.toLowerCase(),
			state_reason: i.stateReason ? i.stateReason.toLowerCase() : undefined,
			created_at: iso(i.createdAt), updated_at: iso(i.updatedAt),
			closed_at: iso(i.closedAt), comments: i.comments.length,
			labels: some(sortedSet(i.labels)),
			hours_to_close: hours(i.createdAt, i.closedAt),
			url: `${HTML}/${w.fullName(i.repo)}/issues/${i.number}` } } });
}

function release(w, r) {
	const known = !isGone(r.author) && r.author.type === 'User';
	return envelope(w, r.repo, { action: 'release', id: `release:${r.id}`,
		at: r.publishedAt, people: known ? [account(r.author)] : [],
		seconds: seconds(r.updatedAt),
		github: { release: { id: String(r.id), tag: r.tag, name: title(r.name),
			prerelease: r.prerelease, created_at: iso(r.createdAt),
			published_at: iso(r.publishedAt),
			url: `${HTML}/${w.fullName(r.repo)}/releases/tag/${r.tag}` } } });
}

const sha1 = (s) => crypto.createHash('sha1').update(s).digest('hex');
const plain = (e) => `event:${e.type}:${e.repoId}:${e.id}:${iso(e.at)}`;

/* Event-only kinds: [action, id, fields of github] by type. */
const EVENTS = {
	PushEvent: (e, p) => ['push', `push:${e.repoId}:${sha1(p.ref)}:${p.before}:${p.head}`,
		{ push: { ref: p.ref, before: p.before, head: p.head } }],
	ForkEvent: (e, p) => ['fork', `fork:${p.forkee.id}`,
		{ fork: { repo: p.forkee.full_name, repo_id: String(p.forkee.id) } }],
	WatchEvent: (e) => ['star', `star:${e.repoId}:${e.actorAs.id}`, {}],
	MemberEvent: (e, p) => ['member', `member:${e.repoId}:${p.member.id}`,
		{ member: { id: String(p.member.id), login: p.member.login } }],
	CommitCommentEvent: (e, p) => ['commit_comment', `commit_comment:${p.comment.id}`,
		{ comment: { id: String(p.comment.id), sha: p.comment.commit_id,
			url: p.comment.html_url } }],
	GollumEvent: (e, p) => ['wiki', plain(e), { wiki: { pages:
		p.pages.map((x) => x.title) } }],
	CreateEvent: (e, p) => ['create', plain(e), { ref: { type: p.ref_type,
		name: p.ref || undefined } }],
	DeleteEvent: (e, p) => ['delete', plain(e), { ref: { type: p.ref_type,
		name: p.ref || undefined } }],
	PublicEvent: (e) => ['public', plain(e), {}],
};

/* Where to look, unless the action is one nobody knows. */
const LOOKED_AT = { PullRequestEvent: /^(opened|closed|merged|reopened|(un)?assigned|(un)?labeled)$/,
	PullRequestReviewEvent: /^(created|updated|dismissed)$/,
	PullRequestReviewCommentEvent: /^created$/, IssueCommentEvent: /^created$/,
	IssuesEvent: /^(opened|closed|reopened|(un)?assigned|(un)?labeled)$/,
	ReleaseEvent: /^published$/ };

const snake = (type) => type.replace(/Event$/, '').replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
const other = (e) => [snake(e.type), plain(e), {}];

/* The document of an event, or null where a look tells it. */
function event(w, e) {
	const look = LOOKED_AT[e.type];
	if (look && look.test(e.payload.action)) return null;
	const make = EVENTS[e.type] || other;
	const [action, id, github] = make(e, e.payload);
	const actor = identity({ id: e.actorAs.id, login: e.actorAs.login });
	if (id.startsWith('event:'))
		github.event = { type: e.type, id: e.id, action: e.payload.action };
	const comment = e.payload.comment;
	return envelope(w, w.repos.get(e.repoId), { action, id, people: [actor],
		at: comment ? Date.parse(comment.created_at) : e.at, github,
		also: [action === 'member' ? e.payload.member.login : undefined],
		seconds: seconds(comment ? Date.parse(comment.updated_at) : e.at),
		source: 'feed', repoName: e.repoName });
}

module.exports = { commit, pull, review, reviewComment, issueComment, issue, release,
	event, submitted, iso };

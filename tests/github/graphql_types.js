/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graphql_types.js - how the fields of schema.graphql are answered from the
 * world. A commit's source is { c, repo }, since what it says depends on the
 * repository it is seen in; everything else is the world's own object.
 * ctx: { world, token, sees(repo), pushes(repo), refused(repo), needs(permission),
 * paged(repo, list, args), fetched(what, repo), rate, work }: see graphql_door.js.
 */
'use strict';

const { connection, history } = require('./graphql_list.js');
const { graphqlLogin } = require('./people.js');
const S = require('./shapes.js');

/*
 * An estimate of GitHub's ten seconds, in milliseconds of work: two for a node;
 * counting a commit's or a pull request's lines is dear.
 */
const WORK = { node: 2, commit_lines: 18, pull_lines: 12, too_much: 60000 };

const byCreation = (x) => [x.createdAt, x.id];
const seen = (ctx) => (n) => { ctx.work += n * WORK.node; };
const int32 = (n) => (n > 2147483647 ? null : n);
const page = (list, args, ctx, more = {}) => connection(list, args,
    { key: byCreation, seen: seen(ctx), ...more });

function notFound(message, type = 'NOT_FOUND') {
	const e = new Error(message);
	e.type = type;
	return e;
}

const actor = (p) => (p && !p.deleted ? p : null);
const htmlOf = (p) => `${S.HTML}/${p.type === 'Bot' ? 'apps/' : ''}${graphqlLogin(p)}`;
const account = {
	id: (p) => p.nodeId, databaseId: (p) => p.id, login: graphqlLogin,
	name: (p) => p.name, url: htmlOf, resourcePath: (p) => htmlOf(p).slice(S.HTML.length),
	avatarUrl: (p) => `https://avatars.githubusercontent.com/u/${p.id}?v=4`,
	createdAt: (p, a, ctx) => p.createdAt || ctx.world.start - 1e11,
	updatedAt: (p, a, ctx) => p.createdAt || ctx.world.start - 1e11,
	email: () => '',
};

const ORDER = { CREATED_AT: (x) => x.createdAt, UPDATED_AT: (x) => x.updatedAt,
	PUSHED_AT: (x) => x.pushedAt || 0, NAME: (x) => x.name || '',
	STARGAZERS: (x) => x.stars.size, COMMENTS: (x) => x.comments.length,
	STARRED_AT: (x) => x[1] };
const by = (orderBy, fallback = 'CREATED_AT', desc = false) => ({
	key: (x) => [ORDER[orderBy ? orderBy.field : fallback](x), x.id],
	desc: orderBy ? orderBy.direction === 'DESC' : desc });

function repositories(owner, args, ctx) {
	const list = [...ctx.world.repos.values()].filter((r) => r.owner === owner && !r.gone &&
	    ctx.sees(r) && (!args.privacy || (args.privacy === 'PRIVATE') === r.private) &&
	    (!args.visibility || (args.visibility === 'PRIVATE') === r.private) &&
	    (args.isFork === null || args.isFork === undefined ||
	    args.isFork === !!r.parent) &&
	    (args.isArchived === null || args.isArchived === undefined ||
	    args.isArchived === r.archived));
	return Object.assign(page(list, args, ctx, by(args.orderBy)), { totalDiskUsage: 1 });
}

const oid = (c) => c.c.sha;
const wrap = (repo) => (c) => ({ c, repo });
const inRepo = (repo, sha) => {
	const c = repo.git.get(sha);
	return c && !repo.gc.has(sha) ? { c, repo } : null;
};

function object(repo, args, ctx) {
	ctx.needs('contents');
	let sha = args.oid;
	if (!sha && args.expression)
		sha = repo.branches.get(args.expression) || repo.tags.get(args.expression) ||
		    (args.expression === 'HEAD' ? repo.branches.get(repo.defaultBranch) :
		    args.expression);
	const s = sha && /^[0-9a-f]{40}$/.test(sha) ? inRepo(repo, sha) : null;
	return s && args.oid ? { ...s, byOid: true } : s;
}

function ref(repo, name) {
	const short = name.replace(/^refs\/heads\//, '');
	const sha = repo.branches.get(short);
	return sha === undefined ? null : { repo, name: short, sha };
}

const numbered = (map, n, what) => {
	const x = map.get(n);
	if (!x) throw notFound(`Could not resolve to ${what} with the number of ${n}.`);
	return x;
};

const Repository = {
	id: (r) => r.nodeId, databaseId: (r) => r.id,
	nameWithOwner: (r, a, ctx) => ctx.world.fullName(r), isFork: (r) => !!r.parent,
	isMirror: (r) => r.mirror, isArchived: (r) => r.archived, isPrivate: (r) => r.private,
	isEmpty: (r) => !r.branches.size, isDisabled: (r) => r.disabled, isLocked: () => false,
	visibility: (r) => (r.private ? 'PRIVATE' : 'PUBLIC'), url: S.repoHtml,
	resourcePath: (r) => S.repoHtml(r).slice(S.HTML.length), diskUsage: (r) => r.nextNumber,
	archivedAt: (r) => (r.archived ? r.updatedAt : null),
	parent: (r, a, ctx) => (r.parent && ctx.sees(r.parent) ? r.parent : null),
	defaultBranchRef: (r) => ref(r, r.defaultBranch),
	ref: (r, a) => ref(r, a.qualifiedName),
	refs: (r, a, ctx) => connection([...r.branches.keys()], a, { key: (n) => [n],
		node: (n) => ref(r, n), seen: seen(ctx) }),
	object,
	pullRequests: (r, a, ctx) => {
		ctx.paged(r, 'pulls', a);
		let list = [...r.pulls.values()];
		if (a.states) list = list.filter((p) => a.states.includes(p.state));
		return page(list, a, ctx, by(a.orderBy));
	},
	pullRequest: (r, a, ctx) => {
		ctx.needs('pull_requests');
		return numbered(r.pulls, a.number, 'a PullRequest');
	},
	issues: (r, a, ctx) => {
		ctx.paged(r, 'issues', a);
		let list = [...r.issues.values()];
		if (a.states) list = list.filter((i) => a.states.includes(i.state));
		if (a.filterBy && a.filterBy.since)
			list = list.filter((i) => i.updatedAt >= Date.parse(a.filterBy.since));
		return page(list, a, ctx, by(a.orderBy));
	},
	issue: (r, a, ctx) => {
		ctx.needs('issues');
		return numbered(r.issues, a.number, 'an Issue');
	},
	issueOrPullRequest: (r, a) => r.issues.get(a.number) ||
	    numbered(r.pulls, a.number, 'an issue or pull request'),
	releases: (r, a, ctx) => page(r.releases.filter((x) => !x.draft || ctx.pushes(r)), a,
	    ctx, by(a.orderBy)),
	release: (r, a) => r.releases.find((x) => x.tag === a.tagName) || null,
	latestRelease: (r, a, ctx) => {
		if (r.heavy) ctx.work += WORK.too_much;
		return r.releases.filter((x) => !x.draft && !x.prerelease)
		    .sort((x, y) => y.createdAt - x.createdAt || y.id - x.id)[0] || null;
	},
	forks: (r, a, ctx) => page(r.forks.filter((f) => !f.gone && ctx.sees(f)), a, ctx,
	    by(a.orderBy)),
	forkCount: (r) => r.forks.filter((f) => !f.gone).length,
	stargazers: (r, a, ctx) => connection([...r.stars], a, { key: (x) => [x[1], x[0].id],
		desc: a.orderBy ? a.orderBy.direction === 'DESC' : false, seen: seen(ctx),
		node: (x) => x[0], edge: (x) => ({ starredAt: x[1] }) }),
	stargazerCount: (r) => r.stars.size,
};

const Ref = {
	id: (f) => `REF_kwDO${Buffer.from(`${f.repo.id}:${f.name}`).toString('base64url')}`,
	prefix: () => 'refs/heads/',
	target: (f, a, ctx) => {
		ctx.needs('contents');
		return inRepo(f.repo, f.sha);
	},
	repository: (f) => f.repo,
};

/* A trailer, in the spelling GitHub reads. */
const TRAILER = /^co-authored-by:\s*(.*?)\s*<([^<>\s]+)>\s*$/gim;

/* The author first, then who the trailers name, each address once. */
function authors(c) {
	const out = [c.author], mails = new Set([c.author.email.toLowerCase()]);
	for (const m of c.message.matchAll(TRAILER)) {
		if (mails.has(m[2].toLowerCase())) continue;
		mails.add(m[2].toLowerCase());
		out.push({ name: m[1], email: m[2], date: c.author.date, tz: c.author.tz });
	}
	return out;
}

function dear(ctx, c) {
	if (ctx.counted.has(c)) return;
	ctx.counted.add(c);
	ctx.work += c.sha ? WORK.commit_lines : WORK.pull_lines;
}

/* What a commit is does not change but by a rewritten branch: see referee.js. */
function unchanging(ctx, s, what, info) {
	if (!s.byOid) return;
	let part = info.path;
	while (part.prev) part = part.prev;
	ctx.fetched({ key: `commit ${s.repo.id} ${s.c.sha} ${what} ${s.repo.rewrites}`,
		part: part.key, spare: s.repo.turns.get(s.c.sha) || 0 }, s.repo);
}

const lines = (field) => (s, a, ctx, info) => {
	dear(ctx, s.c);
	if (field === 'additions') unchanging(ctx, s, 'fields', info);
	return s.c[field];
};

const Commit = {
	id: (s) => S.commitNode(s.repo, s.c.sha), oid, abbreviatedOid: (s) => oid(s).slice(0, 7),
	url: (s) => `${S.repoHtml(s.repo)}/commit/${oid(s)}`,
	commitUrl: (s) => `${S.repoHtml(s.repo)}/commit/${oid(s)}`,
	resourcePath: (s) => `${S.repoHtml(s.repo)}/commit/${oid(s)}`.slice(S.HTML.length),
	message: (s) => s.c.message, messageHeadline: (s) => s.c.message.split('\n')[0],
	messageBody: (s) => s.c.message.split('\n').slice(1).join('\n').replace(/^\n+/, ''),
	authoredDate: (s) => s.c.author.date, committedDate: (s) => s.c.committer.date,
	authoredByCommitter: (s) => s.c.author.email === s.c.committer.email,
	committedViaWeb: (s) => s.c.committer.email === 'noreply@github.com',
	additions: lines('additions'), deletions: lines('deletions'),
	changedFiles: (s, a, ctx) => lines('files')(s, a, ctx).length,
	changedFilesIfAvailable: (s, a, ctx) => lines('files')(s, a, ctx).length,
	parents: (s, a, ctx) => connection(s.c.parents.map((p, i) => ({ p, i })), a, {
		key: (x) => [x.i], node: (x) => ({ c: s.repo.git.get(x.p), repo: s.repo }),
		seen: seen(ctx) }),
	author: (s) => s.c.author, committer: (s) => s.c.committer,
	authors: (s, a, ctx) => connection(authors(s.c).map((x, i) => ({ x, i })), a, {
		key: (x) => [x.i], node: (x) => x.x, seen: seen(ctx) }),
	history: (s, a, ctx, info) => {
		unchanging(ctx, s, `history ${a.first} ${a.after || ''} ${a.since || ''}`, info);
		return history(s.repo.git, s.c.sha, a, { node: wrap(s.repo), seen: seen(ctx) });
	},
	associatedPullRequests: (s, a, ctx) => page([...s.repo.pulls.values()].filter((p) =>
	    p.mergeCommit === s.c.sha || p.commits.some((c) => c.sha === s.c.sha)), a, ctx),
	repository: (s) => s.repo,
};

const GitActor = {
	date: (g) => S.isoTz(g.date, g.tz),
	/* Only people: an address of a bot leads to no user here. */
	user: (g, a, ctx) => {
		const p = ctx.world.people.ofMail(g.email);
		return p && p.type === 'User' ? p : null;
	},
	avatarUrl: () => 'https://avatars.githubusercontent.com/u/0?v=4',
};

const said = {
	id: (x) => x.nodeId, fullDatabaseId: (x) => String(x.id), databaseId: (x) => int32(x.id),
	author: (x) => actor(x.author), authorAssociation: () => 'MEMBER',
	bodyText: (x) => x.body, publishedAt: (x) => x.createdAt, lastEditedAt: () => null,
};

const visible = (pr, ctx) => pr.reviews.filter((r) => r.submittedAt !== null ||
    (ctx.token && r.author === ctx.token.user));
const html = (x) => `${S.repoHtml(x.repo)}/${x.head ? 'pull' : 'issues'}/${x.number}`;
const talk = {
	...said, url: html, resourcePath: (x) => html(x).slice(S.HTML.length),
	repository: (x) => x.repo, closed: (x) => x.state !== 'OPEN',
	labels: (x, a, ctx) => connection(x.labels.map((name, i) => ({ i, name })), a, {
		key: (l) => [l.i], node: (l) => ({ ...S.label(x.repo, l.name), repo: x.repo }),
		seen: seen(ctx) }),
	comments: (x, a, ctx) => page(x.comments, a, ctx,
	    a.orderBy ? by(a.orderBy) : { key: byCreation }),
};

const pullLines = (field) => (p, a, ctx) => {
	dear(ctx, p);
	return p[field];
};

const PullRequest = {
	...talk, isDraft: (p) => p.draft, merged: (p) => p.state === 'MERGED',
	isCrossRepository: (p) => p.head.repo !== p.repo,
	mergedBy: (p) => actor(p.mergedBy), additions: pullLines('additions'),
	deletions: pullLines('deletions'), changedFiles: pullLines('changedFiles'),
	commits: (p, a, ctx) => connection(p.commits.map((c, i) => ({ c, i })), a, {
		key: (x) => [x.i], seen: seen(ctx), node: (x) => ({ pr: p, c: x.c }) }),
	reviews: (p, a, ctx) => {
		if (p.broken) throw notFound('Something went wrong.', 'SERVICE_UNAVAILABLE');
		return page(visible(p, ctx).filter((r) => !a.states ||
		    a.states.includes(r.state)), a, ctx);
	},
	latestReviews: (p, a, ctx) => page(visible(p, ctx).slice(-1), a, ctx),
	mergeCommit: (p) => (p.mergeCommit ? inRepo(p.repo, p.mergeCommit) : null),
	headRefName: (p) => p.head.ref, baseRefName: (p) => p.base.ref,
	headRefOid: (p) => p.head.sha, baseRefOid: (p) => p.base.sha,
	headRepository: (p) => (p.head.repo && !p.head.repo.gone ? p.head.repo : null),
	totalCommentsCount: (p) => p.comments.length +
	    p.reviews.reduce((n, r) => n + r.comments.length, 0),
};

const PullRequestCommit = {
	id: (x) => `PRC_${x.c.sha}`, commit: (x) => ({ c: x.c, repo: x.pr.repo }),
	url: (x) => `${html(x.pr)}/commits/${x.c.sha}`,
	resourcePath: (x) => `${html(x.pr)}/commits/${x.c.sha}`.slice(S.HTML.length),
};

const reviewUrl = (r) => `${html(r.pr)}#pullrequestreview-${r.id}`;
const PullRequestReview = {
	...said, url: reviewUrl, resourcePath: (r) => reviewUrl(r).slice(S.HTML.length),
	publishedAt: (r) => r.submittedAt,
	comments: (r, a, ctx) => page(r.comments, a, ctx), commit: (r) => inRepo(r.pr.repo, r.sha),
	pullRequest: (r) => r.pr, repository: (r) => r.pr.repo,
};

const threadUrl = (c) => `${html(c.review.pr)}#discussion_r${c.id}`;
const PullRequestReviewComment = {
	...said, url: threadUrl, resourcePath: (c) => threadUrl(c).slice(S.HTML.length),
	state: (c) => (c.review.submittedAt === null ? 'PENDING' : 'SUBMITTED'),
	draftedAt: (c) => c.createdAt, commit: (c) => inRepo(c.review.pr.repo, c.review.sha),
	originalCommit: (c) => inRepo(c.review.pr.repo, c.review.sha),
	pullRequest: (c) => c.review.pr, pullRequestReview: (c) => c.review,
	repository: (c) => c.review.pr.repo, outdated: () => false,
};

const commentUrl = (c) => `${html(c.parent)}#issuecomment-${c.id}`;
const IssueComment = {
	...said, url: commentUrl, resourcePath: (c) => commentUrl(c).slice(S.HTML.length),
	/* The issue of a pull request's comment is that pull request's own. */
	issue: (c) => (c.parent.head ? { ...c.parent, stateReason: null,
		state: c.parent.state === 'OPEN' ? 'OPEN' : 'CLOSED' } : c.parent),
	pullRequest: (c) => (c.parent.head ? c.parent : null), repository: (c) => c.parent.repo,
};

const releaseUrl = (r) => `${S.repoHtml(r.repo)}/releases/tag/${r.tag}`;
const Release = {
	id: (r) => r.nodeId, databaseId: (r) => int32(r.id), tagName: (r) => r.tag,
	description: (r) => r.body, isDraft: (r) => r.draft, isPrerelease: (r) => r.prerelease,
	isLatest: (r, a, ctx) => Repository.latestRelease(r.repo, a, ctx) === r,
	/* The official type knows users only: a bot's release has no author here. */
	author: (r) => (actor(r.author) && r.author.type === 'User' ? r.author : null),
	url: releaseUrl, resourcePath: (r) => releaseUrl(r).slice(S.HTML.length),
	repository: (r) => r.repo, tagCommit: (r) => inRepo(r.repo, r.target),
};

const Label = { id: (l) => l.node_id, isDefault: () => false, createdAt: () => null,
	updatedAt: () => null, resourcePath: (l) => l.url.slice(S.API.length) };

module.exports = { Repository, Ref, Commit, GitActor, PullRequest, PullRequestCommit,
	PullRequestReview, PullRequestReviewComment, IssueComment, Issue: { ...talk }, Release,
	Label, User: { ...account, repositories }, Bot: account, Mannequin: account,
	Organization: { ...account, repositories }, notFound, repositories, authors };

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shapes.js - things of the world as GitHub's REST API writes them, whole: the
 * simulator's own tests hold them against the official OpenAPI description.
 * Addresses begin with API, which the server replaces by its own.
 */
'use strict';

const API = 'https://api.sim.invalid';
const HTML = 'https://github.com';

const iso = (ms) => (ms === null || ms === undefined ? null :
    new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z'));

/* A time in a commit, with the offset its author lived by. */
function isoTz(ms, tz = 0) {
	if (!tz) return iso(ms);
	const local = new Date(ms + tz * 60000).toISOString().replace(/\.\d+Z$/, '');
	const a = Math.abs(tz), two = (n) => String(n).padStart(2, '0');
	return `${local}${tz < 0 ? '-' : '+'}${two(Math.floor(a / 60))}:${two(a % 60)}`;
}

const GHOST = { id: 10137, login: 'ghost', type: 'User',
	nodeId: 'MDQ6VXNlcjEwMTM3' };

/* Who wrote it, as REST says: ghost for accounts that are gone. */
function user(p, ifGone = GHOST) {
	if (!p) return null;
	const u = p.deleted ? ifGone : p;
	if (!u) return null;
	const url = `${API}/users/${encodeURIComponent(u.login)}`;
	return { login: u.login, id: u.id, node_id: u.nodeId,
		avatar_url: `https://avatars.githubusercontent.com/u/${u.id}?v=4`,
		gravatar_id: '', url, html_url: `${HTML}/${u.type === 'Bot' ? 'apps/' : ''}${
		    u.login.replace('[bot]', '')}`,
		followers_url: `${url}/followers`,
		following_url: `${url}/following{/other_user}`,
		gists_url: `${url}/gists{/gist_id}`,
		starred_url: `${url}/starred{/owner}{/repo}`,
		subscriptions_url: `${url}/subscriptions`, organizations_url: `${url}/orgs`,
		repos_url: `${url}/repos`, events_url: `${url}/events{/privacy}`,
		received_events_url: `${url}/received_events`, type: u.type || 'User',
		user_view_type: 'public', site_admin: false };
}

const repoUrl = (repo) => `${API}/repos/${repo.owner.login}/${repo.name}`;
const repoHtml = (repo) => `${HTML}/${repo.owner.login}/${repo.name}`;

const LINKS = `forks keys collaborators teams hooks issue_events events assignees branches
tags blobs git_tags git_refs trees statuses languages stargazers contributors subscribers
subscription commits git_commits comments issue_comment contents compare merges archive
downloads issues pulls milestones notifications labels releases deployments`.split(/\s+/);
const PATHS = { keys: 'keys{/key_id}', collaborators: 'collaborators{/collaborator}',
	issue_events: 'issues/events{/number}', assignees: 'assignees{/user}',
	branches: 'branches{/branch}', blobs: 'git/blobs{/sha}', git_tags: 'git/tags{/sha}',
	git_refs: 'git/refs{/sha}', trees: 'git/trees{/sha}', statuses: 'statuses/{sha}',
	commits: 'commits{/sha}', git_commits: 'git/commits{/sha}',
	comments: 'comments{/number}', issue_comment: 'issues/comments{/number}',
	contents: 'contents/{+path}', compare: 'compare/{base}...{head}',
	archive: '{archive_format}{/ref}', issues: 'issues{/number}', pulls: 'pulls{/number}',
	milestones: 'milestones{/number}', labels: 'labels{/name}',
	notifications: 'notifications{?since,all,participating}', releases: 'releases{/id}' };

function repository(w, repo) {
	const url = repoUrl(repo), html = repoHtml(repo), full = w.fullName(repo);
	const out = { id: repo.id, node_id: repo.nodeId, name: repo.name, full_name: full,
		private: repo.private, owner: user(repo.owner), html_url: html,
		description: repo.description, fork: !!repo.parent, url };
	for (const l of LINKS) out[`${l}_url`] = `${url}/${PATHS[l] || l}`;
	const open = [...repo.issues.values()].filter((i) => i.state === 'OPEN').length +
	    repo.openPulls.size;
	return Object.assign(out, { created_at: iso(repo.createdAt),
		updated_at: iso(repo.updatedAt), pushed_at: iso(repo.pushedAt || repo.createdAt),
		git_url: `git://github.com/${full}.git`, ssh_url: `git@github.com:${full}.git`,
		clone_url: `${html}.git`, svn_url: html, homepage: null,
		size: repo.branches.size, stargazers_count: repo.stars.size,
		watchers_count: repo.stars.size, language: 'C', has_issues: true,
		has_projects: true, has_downloads: true, has_wiki: true, has_pages: false,
		has_discussions: false, forks_count: repo.forks.length,
		mirror_url: repo.mirror ? 'https://git.example/mirror.git' : null,
		archived: repo.archived, disabled: repo.disabled, open_issues_count: open,
		license: null, allow_forking: true, is_template: false,
		web_commit_signoff_required: false, topics: [],
		visibility: repo.private ? 'private' : 'public', forks: repo.forks.length,
		open_issues: open, watchers: repo.stars.size,
		default_branch: repo.defaultBranch });
}

const fullRepository = (w, repo) => Object.assign(repository(w, repo), {
	network_count: repo.forks.length, subscribers_count: 1 });

const label = (repo, name) => ({ id: 7100000000 + name.length * 131 + repo.id % 997,
	node_id: `LA_kwDO${name}`, url: `${repoUrl(repo)}/labels/${encodeURIComponent(name)}`,
	name, color: 'ededed', default: false, description: null });

const reactions = (url) => ({ url: `${url}/reactions`, total_count: 0, '+1': 0, '-1': 0,
	laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 });

function issue(w, i) {
	const pull = !!i.head;
	const url = `${repoUrl(i.repo)}/issues/${i.number}`;
	const html = `${repoHtml(i.repo)}/${pull ? 'pull' : 'issues'}/${i.number}`;
	const out = { url, repository_url: repoUrl(i.repo), labels_url: `${url}/labels{/name}`,
		comments_url: `${url}/comments`, events_url: `${url}/events`, html_url: html,
		id: i.id, node_id: i.nodeId, number: i.number, title: i.title,
		user: user(i.author), labels: i.labels.map((l) => label(i.repo, l)),
		state: i.state === 'OPEN' ? 'open' : 'closed', locked: false, assignee: null,
		assignees: [], milestone: null, comments: i.comments.length,
		created_at: iso(i.createdAt), updated_at: iso(i.updatedAt),
		closed_at: iso(i.closedAt), body: i.body, author_association: 'MEMBER',
		active_lock_reason: null, reactions: reactions(url),
		timeline_url: `${url}/timeline`, performed_via_github_app: null,
		state_reason: i.stateReason ? i.stateReason.toLowerCase() : null };
	if (pull) {
		const api = `${repoUrl(i.repo)}/pulls/${i.number}`;
		out.draft = i.draft;
		out.pull_request = { url: api, html_url: html, diff_url: `${html}.diff`,
			patch_url: `${html}.patch`, merged_at: iso(i.mergedAt) };
		out.state_reason = null;
	}
	return out;
}

function issueComment(w, c) {
	const { repo, number } = c.parent;
	const url = `${repoUrl(repo)}/issues/comments/${c.id}`;
	return { url, id: c.id, node_id: c.nodeId, user: user(c.author), body: c.body,
		html_url: `${repoHtml(repo)}/${c.parent.head ? 'pull' : 'issues'}/${number
		}#issuecomment-${c.id}`,
		issue_url: `${repoUrl(repo)}/issues/${number}`, created_at: iso(c.createdAt),
		updated_at: iso(c.updatedAt), author_association: 'MEMBER',
		performed_via_github_app: null, reactions: reactions(url) };
}

function review(w, r) {
	const html = `${repoHtml(r.pr.repo)}/pull/${r.pr.number}#pullrequestreview-${r.id}`;
	const pull = `${repoUrl(r.pr.repo)}/pulls/${r.pr.number}`;
	return { id: r.id, node_id: r.nodeId, user: user(r.author), body: r.body,
		commit_id: r.sha, submitted_at: iso(r.submittedAt), state: r.state.toLowerCase(),
		html_url: html, pull_request_url: pull, updated_at: iso(r.updatedAt),
		_links: { html: { href: html }, pull_request: { href: pull } } };
}

function reviewComment(w, c) {
	const { pr } = c.review;
	const url = `${repoUrl(pr.repo)}/pulls/comments/${c.id}`;
	const html = `${repoHtml(pr.repo)}/pull/${pr.number}#discussion_r${c.id}`;
	const pull = `${repoUrl(pr.repo)}/pulls/${pr.number}`;
	const out = { url, pull_request_review_id: c.review.id, id: c.id, node_id: c.nodeId,
		diff_hunk: '@@ -1,2 +1,3 @@', path: c.path, commit_id: c.review.sha,
		original_commit_id: c.review.sha, user: user(c.author), body: c.body,
		created_at: iso(c.createdAt), updated_at: iso(c.updatedAt), html_url: html,
		pull_request_url: pull, position: 1, original_position: 1,
		subject_type: 'line', author_association: 'MEMBER', reactions: reactions(url),
		_links: { self: { href: url }, html: { href: html },
			pull_request: { href: pull } } };
	if (c.replyTo) out.in_reply_to_id = c.replyTo.id;
	return out;
}

function release(w, r) {
	const url = `${repoUrl(r.repo)}/releases/${r.id}`;
	return { url, assets_url: `${url}/assets`,
		upload_url: `https://uploads.github.com/repos/${w.fullName(r.repo)
		}/releases/${r.id}/assets{?name,label}`,
		html_url: `${repoHtml(r.repo)}/releases/tag/${r.tag}`, id: r.id,
		author: user(r.author), node_id: r.nodeId, tag_name: r.tag,
		target_commitish: r.repo.defaultBranch, name: r.name, draft: r.draft,
		prerelease: r.prerelease, created_at: iso(r.createdAt),
		updated_at: iso(r.updatedAt), published_at: iso(r.publishedAt), assets: [],
		tarball_url: `${repoUrl(r.repo)}/tarball/${r.tag}`,
		zipball_url: `${repoUrl(r.repo)}/zipball/${r.tag}`, body: r.body };
}

/* A commit; stats and files only where one is asked for alone. */
function commit(w, repo, c, alone = false) {
	const url = `${repoUrl(repo)}/commits/${c.sha}`;
	const html = `${repoHtml(repo)}/commit/${c.sha}`;
	const who = (s) => ({ name: s.name, email: s.email, date: iso(s.date) });
	/* An address that leads nowhere: null, or now and then an empty object. */
	const account = (s) => user(w.people.ofMail(s.email), null) ||
	    (c.n % 7 === 3 ? {} : null);
	const out = { sha: c.sha, node_id: commitNode(repo, c.sha),
		commit: { author: who(c.author), committer: who(c.committer),
			message: c.message, tree: { sha: c.sha, url: `${repoUrl(repo)
			}/git/trees/${c.sha}` },
			url: `${repoUrl(repo)}/git/commits/${c.sha}`, comment_count: 0,
			verification: { verified: false, reason: 'unsigned', signature: null,
				payload: null, verified_at: null } },
		url, html_url: html, comments_url: `${url}/comments`,
		author: account(c.author), committer: account(c.committer),
		parents: c.parents.map((p) => ({ sha: p, url: `${repoUrl(repo)}/commits/${p}`,
			html_url: `${repoHtml(repo)}/commit/${p}` })) };
	if (alone) {
		out.stats = { total: c.additions + c.deletions, additions: c.additions,
			deletions: c.deletions };
		out.files = files(repo, c, c.files, c.additions, c.deletions);
	}
	return out;
}

/* Changes are laid to the first file. */
function files(repo, c, names, additions, deletions) {
	return names.map((filename, i) => ({ sha: c.sha, filename, status: 'modified',
		additions: i ? 0 : additions, deletions: i ? 0 : deletions,
		changes: i ? 0 : additions + deletions,
		blob_url: `${repoHtml(repo)}/blob/${c.sha}/${filename}`,
		raw_url: `${repoHtml(repo)}/raw/${c.sha}/${filename}`,
		contents_url: `${repoUrl(repo)}/contents/${filename}?ref=${c.sha}`,
		patch: '@@ -1,1 +1,1 @@\n-old\n+new' }));
}

const commitNode = (repo, sha) => `C_kwDO${
    Buffer.from(`${repo.id}:${sha}`).toString('base64url')}`;

module.exports = { API, HTML, iso, isoTz, GHOST, user, repoUrl, repoHtml, repository,
	fullRepository, label, issue, issueComment, review, reviewComment, release, commit,
	files, commitNode };

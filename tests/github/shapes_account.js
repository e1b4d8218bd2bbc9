/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shapes_account.js - accounts asked for alone: a user, the token's own user,
 * the organisation; and the answer of /rate_limit.
 */
'use strict';

const S = require('./shapes.js');

const since = (w, p) => S.iso(p.createdAt || w.start - 1e11);

function publicUser(w, p) {
	return { ...S.user(p), name: p.name, company: null, blog: '', location: null,
		email: null, notification_email: null, hireable: null, bio: null,
		twitter_username: null, public_repos: 0, public_gists: 0, followers: 0,
		following: 0, created_at: since(w, p), updated_at: since(w, p) };
}

const ownUser = (w, p) => ({ ...publicUser(w, p), private_gists: 0, total_private_repos: 0,
	owned_private_repos: 0, disk_usage: 0, collaborators: 0,
	two_factor_authentication: true });

function organization(w, org) {
	const url = `${S.API}/orgs/${org.login}`;
	const repos = w.orgRepos(org).filter((r) => !r.private).length;
	return { login: org.login, id: org.id, node_id: org.nodeId, url,
		repos_url: `${url}/repos`, events_url: `${url}/events`,
		hooks_url: `${url}/hooks`, issues_url: `${url}/issues`,
		members_url: `${url}/members{/member}`,
		public_members_url: `${url}/public_members{/member}`,
		avatar_url: `https://avatars.githubusercontent.com/u/${org.id}?v=4`,
		description: null, name: org.name, blog: 'https://sim-works.example',
		twitter_username: null, is_verified: false,
		has_organization_projects: true, has_repository_projects: true,
		public_repos: repos, public_gists: 0, followers: 0, following: 0,
		html_url: `${S.HTML}/${org.login}`, created_at: S.iso(org.createdAt),
		updated_at: S.iso(org.createdAt), archived_at: null, type: 'Organization' };
}

/* buckets: resource -> Bucket. */
function rateLimit(buckets) {
	const resources = {};
	for (const [name, b] of Object.entries(buckets))
		resources[name] = { limit: b.limit, used: b.used, remaining: b.remaining,
			reset: Math.floor(b.reset / 1000) };
	resources.search = { limit: 30, used: 0, remaining: 30,
		reset: resources.core.reset };
	return { resources, rate: resources.core };
}

module.exports = { publicUser, ownUser, organization, rateLimit };

/* SPDX-License-Identifier: Apache-2.0 */
/* token_cases.js - who may see what, and other kinds of GitHub. */
'use strict';

const path = require('path');
const { rows, HOUR } = require('./harness.js');

const APP = `ghs_58_${'sim.app_token-'.repeat(36)}`;
const open = (repo) => !repo.private;

/* The run says what is missing, with GitHub's own words. */
const told = (pattern, truth) => async (stage) => {
	await stage.run(stage.args('run', '--listen', 'off'));
	if (!pattern.test(stage.last.log))
		stage.wrong.push(`the log says nothing like ${pattern}:\n${
		    stage.last.log.slice(-1500)}`);
	if (truth) stage.judgeSqlite(truth);
};

/*
 * The token lacks a permission until the third hour: what that is for is said once,
 * the rest is followed meanwhile, and then all of it.
 */
const lacks = (permission) => async (stage) => {
	const kinds = { pull_requests: ['pull_request', 'review'], contents: ['commit'],
		issues: ['issue'] };
	stage.sim.at(stage.start + 3 * HOUR, () => {
		const held = rows(path.join(stage.data, 'activity.db'), 'select action, ' +
		    'count(*) n from documents group by 1').map((r) => [r.action, r.n]);
		stage.early = stage.early || new Map(held);
		stage.sim.tokens.change(stage.token, { missing: [] });
	});
	await told(new RegExp(`the token needs: ${permission}=read`))(stage);
	const early = stage.early || new Map();
	for (const [missing, actions] of Object.entries(kinds))
		for (const a of actions)
			if (missing === permission ? early.has(a) : !early.has(a))
				stage.wrong.push(`after three hours without ${permission} it ` +
				    `held ${early.get(a) || 'no'} documents of ${a}`);
	if (stage.last.log.split('warn ').length !== 2)
		stage.wrong.push(`not said once:\n${stage.last.log}`);
	stage.judgeSqlite();
};

/* The command ends at once with 3 and one clear line. */
const refused = (pattern) => async (stage) => {
	await stage.run(stage.args('run', '--listen', 'off'), { code: 3 });
	if (!pattern.test(stage.last.log))
		stage.wrong.push(`it does not say ${pattern}:\n${stage.last.log}`);
};

module.exports = [
	{ name: 'private', covers: ['private'], world: 'private', hours: 24 },
	{ name: 'token-public', covers: ['token-public', 'goes-public'], hours: 8,
		cases: ['goes-public'], token: 'sim-public', sees: open },
	{ name: 'token-app', covers: ['token-app'], hours: 8, token: APP, personal: false },
	{ name: 'token-no-events', covers: ['token-no-events'], hours: 4,
		token: 'sim-no-events', personal: false },
	{ name: 'token-no-pulls', covers: ['token-no-pulls'], hours: 8, token: 'sim-no-pulls',
		play: lacks('pull_requests') },
	{ name: 'token-no-contents', covers: ['token-no-contents'], hours: 8,
		token: 'sim-no-contents', play: lacks('contents') },
	{ name: 'token-no-sso', covers: ['token-no-sso'], hours: 1, token: 'sim-no-sso',
		play: refused(/SAML|single sign-on/) },
	{ name: 'token-some-sso', covers: ['token-some-sso'], hours: 4,
		token: 'sim-some-sso', play: told(/SAML|single sign-on/) },
	{ name: 'token-wrong', hours: 1, token: 'sim-nobody', play: refused(/GITHUB_TOKEN/) },
	{ name: 'enterprise', covers: ['enterprise'], world: 'enterprise', hours: 24 },
];

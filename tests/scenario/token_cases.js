/* SPDX-License-Identifier: Apache-2.0 */
/* token_cases.js - who may see what, and other kinds of GitHub. */
'use strict';

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
	{ name: 'token-no-pulls', covers: ['token-no-pulls'], hours: 4, token: 'sim-no-pulls',
		play: told(/pull_requests/) },
	{ name: 'token-no-contents', covers: ['token-no-contents'], hours: 4,
		token: 'sim-no-contents', play: told(/contents/) },
	{ name: 'token-no-sso', covers: ['token-no-sso'], hours: 1, token: 'sim-no-sso',
		play: refused(/SAML|single sign-on/) },
	{ name: 'token-some-sso', covers: ['token-some-sso'], hours: 4,
		token: 'sim-some-sso', play: told(/SAML|single sign-on/) },
	{ name: 'token-wrong', hours: 1, token: 'sim-nobody', play: refused(/GITHUB_TOKEN/) },
	{ name: 'enterprise', covers: ['enterprise'], world: 'enterprise', hours: 24 },
];

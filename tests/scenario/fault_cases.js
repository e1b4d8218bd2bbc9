/* SPDX-License-Identifier: Apache-2.0 */
/* fault_cases.js - errors, limits, and what GraphQL can and cannot bear. */
'use strict';

const { usual, HOUR, DAY, START } = require('./harness.js');
const A = require('../github/actions.js');
const T = require('../github/talk.js');
const Worlds = require('../github/worlds.js');

const at = (hours) => Date.parse(START) + hours * HOUR;
const during = (from, to, value = true) => ({ value, from: at(from), to: at(to) });

const LIMITS = ['limit-403-reset', 'limit-429-reset', 'limit-403-retry-after',
	'limit-429-retry-after', 'limit-403-both', 'limit-429-both', 'limit-403-bare',
	'limit-429-bare', 'limit-reset-past', 'limit-reset-missing', 'limit-graphql-200',
	'limit-graphql-secondary-200', 'limit-graphql-secondary-403'];

/* The log must say this of what was wrong. */
const said = (pattern, play = usual) => async (stage) => {
	await play(stage);
	if (!pattern.test(stage.last.log))
		stage.wrong.push(`the log says nothing like ${pattern}:\n${
		    stage.last.log.slice(-1500)}`);
};

/* It happens once, in silence, while lists lag behind what the census sees. */
function oneOfEach(w) {
	Worlds.populate(w, 3);
	Worlds.repositories(w, [['alone', 'Nothing happens', 1]],
	    w.start - 20 * DAY);
	w.at(at(2), () => {
		const repo = w.named('alone'), [one, two] = w.people.all;
		T.openIssue(w, repo, one, { title: 'Is anybody there?' });
		A.release(w, repo, one, 'v1.0');
		A.push(w, repo, 'topic', A.commit(w, repo, { person: two,
			parents: [w.head(repo)], message: 'Something' }), two);
		T.openPull(w, repo, two, { title: 'Something', branch: 'topic' });
	});
}

module.exports = [
	{ name: 'flaky', covers: ['flaky', 'reply-reset', 'reply-half', 'reply-garbage',
		'reply-empty'], hours: 12, quirks: { flaky: during(0, 10, 0.05),
		'reply-reset': during(0, 10, 0.02), 'reply-half': during(0, 10, 0.02),
		'reply-garbage': during(0, 10, 0.02), 'reply-empty': during(0, 10, 0.02) } },
	{ name: 'outage', covers: ['outage'], hours: 12, quirks: { outage: during(3, 6) } },
	...LIMITS.map((name) => ({ name, covers: [name], hours: 4,
		quirks: { [name]: during(0, 3, 150) } })),
	{ name: 'graphql-heavy', covers: ['graphql-ceiling', 'graphql-resource-limits'],
		hours: 6, quirks: { 'graphql-ceiling': 1500,
			'graphql-resource-limits': during(0, 4, 0.1) } },
	{ name: 'graphql-partial', covers: ['graphql-partial'], hours: 8,
		quirks: { 'graphql-partial': during(0, 6, 0.1) } },
	{ name: 'lag', covers: ['lag'], hours: 12,
		quirks: { lag: { value: { share: 0.3, seconds: 30 } } } },
	{ name: 'lag-once', hours: 4, script: oneOfEach, quirks: { 'feed-off': true,
		lag: during(1.9, 2.04, { seconds: 300, only: '\\.\\.\\.(pull|issue|release)}' }) } },
	{ name: 'edit-while-paged', covers: ['edit-while-paged', 'quiet-reviews'], hours: 12,
		quirks: { 'edit-while-paged': during(0, 6), 'quiet-reviews': true } },
	{ name: 'elsewhere', covers: ['redirect-foreign', 'link-foreign'], hours: 6,
		quirks: { 'redirect-foreign': during(0, 4, 50),
			'link-foreign': during(0, 4, 10) } },
	{ name: 'token-refused', covers: ['token-refused'], hours: 6,
		quirks: { 'token-refused': during(2, 3) }, play: said(/GITHUB_TOKEN/) },
	{ name: 'no-answer', covers: ['reply-timeout', 'slow'], hours: 2,
		quirks: { 'reply-timeout': during(0, 1, 150), slow: 2 } },
	{ name: 'all-forbidden', covers: ['all-forbidden'], hours: 6,
		quirks: { 'all-forbidden': during(2, 3) } },
];

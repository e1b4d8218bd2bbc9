/* SPDX-License-Identifier: Apache-2.0 */
/* odd_cases.js - odd cases of branches, repositories, talk and people. */
'use strict';

const { sqliteDocuments, HOUR } = require('./harness.js');

const together = (name, list, hours, more = {}) => ({ name, covers: list, cases: list,
	hours, ...more });

/* While one pull request comes with errors, those beside it are stored. */
async function besideBroken(stage) {
	const run = stage.args('run', '--listen', 'off'), half = stage.start + 6 * HOUR;
	await stage.run(run, { until: half });
	const titles = [...sqliteDocuments(stage.data, []).values()]
	    .filter((d) => d.event.action === 'pull_request')
	    .map((d) => d.github.pull_request.title);
	for (const part of [1, 3, 4])
		if (!titles.includes(`About part-${part}`))
			stage.wrong.push(`part-${part} waits for part-2`);
	if (titles.includes('About part-2')) stage.wrong.push('part-2 is whole');
	await stage.sim.restarted();
	await stage.run(run, { from: half });
	stage.judgeSqlite();
}

/* What lies behind one that cannot be listed is seen, without a feed. */
async function behindHeavy(stage) {
	const run = stage.args('run', '--listen', 'off'), half = stage.start + 4 * HOUR;
	const first = await stage.run(run, { until: half });
	const repos = new Set([...sqliteDocuments(stage.data, []).values()]
	    .map((d) => d.github.repo));
	if (!repos.has('sim-works/case-fresh'))
		stage.wrong.push('a repository behind the heavy one is not seen');
	if (!first.log.includes('cannot be listed; all others are'))
		stage.wrong.push('it is not said');
	await stage.run(run, { from: half });
	stage.judgeSqlite();
}

module.exports = [
	together('branches', ['linear-pushes', 'merges', 'old-branch', 'three-merges',
		'trailers', 'hard-texts', 'wild-dates', 'dated-2001'], 14),
	together('rewritten', ['force-diverges', 'force-diverges-300', 'reset-to-ancestor',
		'reset-and-return', 'unrelated-histories', 'default-changes', 'force-twice',
		'force-collected'], 16),
	together('large-pushes', ['push-300', 'push-1200', 'empty-gets-history'], 8),
	together('push-50000', ['push-50000'], 6),
	together('repositories', ['repo-renamed', 'renamed-and-reused', 'repo-transferred',
		'repo-deleted', 'deleted-and-reused', 'repo-empty', 'repo-archived', 'goes-private',
		'goes-public', 'mirror', 'fresh'], 20),
	together('refused', ['repo-forbidden', 'repo-blocked', 'repo-disabled'], 48),
	together('big-fork', ['big-fork'], 4),
	together('many-repos', ['many-repos'], 30),
	together('talk', ['reviews-120', 'comments-250', 'same-second', 'pending-review',
		'edits', 'turns', 'releases', 'machines'], 20),
	together('repo-heavy', ['repo-heavy', 'fresh'], 10, { play: behindHeavy,
		quirks: { 'feed-off': true } }),
	together('broken-item', ['broken-item'], 26, { play: besideBroken,
		quirks: { 'feed-off': true } }),
	together('imported', ['imported'], 10),
	together('quiet-edits', ['quiet-edits'], 60),
	together('people', ['login-taken', 'ghost', 'fork-gone'], 12),
];

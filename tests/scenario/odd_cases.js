/* SPDX-License-Identifier: Apache-2.0 */
/* odd_cases.js - odd cases of branches, repositories, talk and people. */
'use strict';

const together = (name, list, hours, more = {}) => ({ name, covers: list, cases: list,
	hours, ...more });

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
	together('imported', ['imported'], 10),
	together('quiet-edits', ['quiet-edits'], 60),
	together('people', ['login-taken', 'ghost', 'fork-gone'], 12),
];

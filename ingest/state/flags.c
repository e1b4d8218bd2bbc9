/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flags.c - the newest flagged commits of each repository. What is more than
 * FLAGS_MAX goes before a commit, in the repositories that got new ones: of 50,000
 * commits read in one go the newest stay.
 */
#include "state/sql.h"

#define FLAGS_MAX	"1000"
#define TOUCHED_MAX	64	/* then trimmed at once */

static void
touch(struct state *s, int64_t repo_id)
{
	for (size_t i = 0; i < s->touched_count; i++)
		if (s->touched[i] == repo_id)
			return;
	if (s->touched_count == TOUCHED_MAX)
		flags_trim(s);
	if (s->touched == NULL)
		s->touched = xcalloc(TOUCHED_MAX, sizeof(*s->touched));
	s->touched[s->touched_count++] = repo_id;
}

void
flags_trim(struct state *s)
{
	size_t n = s->touched_count;

	s->touched_count = 0;
	for (size_t i = 0; i < n; i++)
		sql_do(s, "DELETE FROM flags WHERE repo_id=?1 AND (committed_ms, sha) <"
		    " (SELECT committed_ms, sha FROM flags WHERE repo_id=?1"
		    " ORDER BY committed_ms DESC, sha DESC LIMIT 1"
		    " OFFSET " FLAGS_MAX " - 1)", (struct val[]){ I(s->touched[i]) });
}

void
state_flag(struct state *s, int64_t repo_id, const char *sha, int64_t committed_ms)
{
	sql_do(s, "REPLACE INTO flags (repo_id, sha, committed_ms) VALUES (?,?,?)",
	    (struct val[]){ I(repo_id), T(sha), I(committed_ms) });
	touch(s, repo_id);
}

bool
state_flagged(struct state *s, int64_t repo_id, const char *sha)
{
	return sql_one(s, "SELECT 1 FROM flags WHERE repo_id=? AND sha=?",
	    (struct val[]){ I(repo_id), T(sha) }) != 0;
}

void
state_unflag(struct state *s, int64_t repo_id, const char *sha)
{
	sql_do(s, "DELETE FROM flags WHERE repo_id=? AND sha=?",
	    (struct val[]){ I(repo_id), T(sha) });
}

void
state_unflag_all(struct state *s, int64_t repo_id)
{
	sql_do(s, "DELETE FROM flags WHERE repo_id=?", (struct val[]){ I(repo_id) });
}

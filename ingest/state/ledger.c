/* SPDX-License-Identifier: Apache-2.0 */
/* ledger.c - see ledger.h: rows in and out. */
#include "base/str.h"
#include "state/sql.h"

static const char *const repo_states[] = {
	[REPO_FOLLOWED] = "followed", [REPO_SKIPPED] = "skipped",
	[REPO_PARKED] = "parked", [REPO_LEFT] = "left", [REPO_GONE] = "gone",
};

/* A word this version does not know is read as the first one. */
static enum repo_state
repo_state_parse(const char *s)
{
	for (size_t i = 0; i < LEN(repo_states); i++)
		if (str_eq(repo_states[i], s))
			return (enum repo_state)i;
	return REPO_FOLLOWED;
}

void
state_repos(struct state *s, repo_each_fn *each, void *arg)
{
	sqlite3_stmt *st = sql_ask(s, "SELECT id, node_id, org, name, default_branch,"
	    " reason, archived, fork, mirror, private, state, look_s, page_size, org_id"
	    " FROM repos ORDER BY id", NULL);

	while (sql_row(s, st))
		each(arg, &(struct repo_row){ .id = sql_int(st, 0),
		    .node_id = sql_text(st, 1), .org = sql_text(st, 2),
		    .name = sql_text(st, 3), .default_branch = sql_text(st, 4),
		    .reason = sql_text(st, 5), .archived = sql_int(st, 6) != 0,
		    .fork = sql_int(st, 7) != 0, .mirror = sql_int(st, 8) != 0,
		    .is_private = sql_int(st, 9) != 0,
		    .state = repo_state_parse(sql_text(st, 10)),
		    .look_s = sql_int(st, 11), .page_size = sql_int(st, 12),
		    .org_id = sql_int(st, 13) });
}

void
state_save_repo(struct state *s, const struct repo_row *r)
{
	sql_do(s, "REPLACE INTO repos (id, node_id, org, name, default_branch, reason,"
	    " archived, fork, mirror, private, state, look_s, page_size, org_id)"
	    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", (struct val[]){ I(r->id),
	    T(r->node_id), T(r->org), T(r->name), T(r->default_branch), T(r->reason),
	    I(r->archived), I(r->fork), I(r->mirror), I(r->is_private),
	    T(repo_states[r->state]), I(r->look_s), I(r->page_size), I(r->org_id) });
}

void
state_streams(struct state *s, stream_each_fn *each, void *arg)
{
	sqlite3_stmt *st = sql_ask(s, "SELECT repo_id, kind, cursor, seen, settled,"
	    " since_ms, wanted, done, fails, next_ms, parked, settled_ms, numbers"
	    " FROM streams ORDER BY repo_id, kind", NULL);
	enum stream_kind kind;

	while (sql_row(s, st)) {
		if (!stream_kind_parse(str_or(sql_text(st, 1), ""), &kind))
			continue;
		each(arg, &(struct stream_row){ .repo_id = sql_int(st, 0),
		    .kind = kind, .cursor = sql_text(st, 2), .seen = sql_text(st, 3),
		    .settled = sql_text(st, 4), .since_ms = sql_int(st, 5),
		    .wanted = sql_int(st, 6), .done = sql_int(st, 7),
		    .fails = sql_int(st, 8), .next_ms = sql_int(st, 9),
		    .parked = sql_text(st, 10), .settled_ms = sql_int(st, 11),
		    .numbers = sql_text(st, 12) });
	}
}

void
state_save_stream(struct state *s, const struct stream_row *r)
{
	sql_do(s, "REPLACE INTO streams (repo_id, kind, cursor, seen, settled, since_ms,"
	    " wanted, done, fails, next_ms, parked, settled_ms, numbers)"
	    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", (struct val[]){ I(r->repo_id),
	    T(stream_kind_name(r->kind)), T(r->cursor), T(r->seen), T(r->settled),
	    I(r->since_ms), I(r->wanted), I(r->done), I(r->fails), I(r->next_ms),
	    T(r->parked), I(r->settled_ms), T(r->numbers) });
}

void
state_gaps(struct state *s, gap_each_fn *each, void *arg)
{
	sqlite3_stmt *st = sql_ask(s, "SELECT id, repo_id, kind, org, cause, wish,"
	    " from_ms, to_ms, page, keys, opened_ms, total, read, fails, next_ms,"
	    " parked FROM gaps ORDER BY to_ms DESC, from_ms DESC, id", NULL);
	enum stream_kind kind;

	while (sql_row(s, st)) {
		if (!stream_kind_parse(str_or(sql_text(st, 2), ""), &kind))
			continue;
		each(arg, &(struct gap_row){ .id = sql_int(st, 0),
		    .repo_id = sql_int(st, 1), .kind = kind, .org = sql_text(st, 3),
		    .cause = sql_text(st, 4), .wish = sql_int(st, 5),
		    .from_ms = sql_int(st, 6), .to_ms = sql_int(st, 7),
		    .page = sql_text(st, 8), .keys = sql_text(st, 9),
		    .opened_ms = sql_int(st, 10), .total = sql_int(st, 11),
		    .read = sql_int(st, 12), .fails = sql_int(st, 13),
		    .next_ms = sql_int(st, 14), .parked = sql_text(st, 15) });
	}
}

/* An id that was closed is never given again: AUTOINCREMENT. */
int64_t
state_save_gap(struct state *s, const struct gap_row *r)
{
	struct val v[] = { I(r->repo_id), T(stream_kind_name(r->kind)), T(r->org),
	    T(r->cause), I(r->wish), I(r->from_ms), I(r->to_ms), T(r->page),
	    T(r->keys), I(r->opened_ms), I(r->total), I(r->read), I(r->fails),
	    I(r->next_ms), T(r->parked), I(r->id) };

	if (r->id == 0) {
		sql_do(s, "INSERT INTO gaps (repo_id, kind, org, cause, wish, from_ms,"
		    " to_ms, page, keys, opened_ms, total, read, fails, next_ms, parked)"
		    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", v);
		return sqlite3_last_insert_rowid(s->db);
	}
	sql_do(s, "UPDATE gaps SET repo_id=?, kind=?, org=?, cause=?, wish=?,"
	    " from_ms=?, to_ms=?, page=?, keys=?, opened_ms=?, total=?, read=?,"
	    " fails=?, next_ms=?, parked=? WHERE id=?", v);
	return r->id;
}

void
state_close_gap(struct state *s, int64_t id)
{
	sql_do(s, "DELETE FROM gaps WHERE id=?", (struct val[]){ I(id) });
}

bool
state_covers(struct state *s)
{
	return sql_one(s, "SELECT EXISTS (SELECT 1 FROM streams WHERE cursor IS NOT NULL)"
	    " OR EXISTS (SELECT 1 FROM gaps WHERE page IS NOT NULL OR read > 0)",
	    NULL) != 0;
}

int64_t
state_wish(struct state *s, const struct wish_row *w)
{
	sql_do(s, "INSERT INTO wishes (org, repo, kinds, since_ms, at_ms, cancel)"
	    " VALUES (?,?,?,?,?,?)", (struct val[]){ T(w->org), T(w->repo), T(w->kinds),
	    I(w->since_ms), I(w->at_ms), I(w->cancel) });
	return sqlite3_last_insert_rowid(s->db);
}

void
state_wishes(struct state *s, void (*each)(void *arg, const struct wish_row *w),
    void *arg)
{
	sqlite3_stmt *st = sql_ask(s, "SELECT id, org, repo, kinds, since_ms, at_ms,"
	    " cancel FROM wishes ORDER BY id", NULL);

	while (sql_row(s, st))
		each(arg, &(struct wish_row){ .id = sql_int(st, 0),
		    .org = sql_text(st, 1), .repo = sql_text(st, 2),
		    .kinds = sql_text(st, 3), .since_ms = sql_int(st, 4),
		    .at_ms = sql_int(st, 5), .cancel = sql_int(st, 6) != 0 });
}

void
state_wish_del(struct state *s, int64_t id)
{
	sql_do(s, "DELETE FROM wishes WHERE id=?", (struct val[]){ I(id) });
}

/* data_version tells of other connections' commits alone. */
int64_t
state_changes(struct state *s)
{
	return sql_one(s, "PRAGMA data_version", NULL);
}

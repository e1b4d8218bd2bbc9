/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema.c - the tables of state.db, and how older files become today's: one
 * script a version, run in one transaction. PRAGMA user_version is the version.
 */
#include "base/str.h"
#include "state/sql.h"

#include <inttypes.h>

static const char *const scripts[] = {
	/* 1 */
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
	"CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
	"CREATE TABLE identities (output TEXT PRIMARY KEY, identity TEXT NOT NULL);"
	"CREATE TABLE repos (id INTEGER PRIMARY KEY, node_id TEXT, org TEXT, name TEXT,"
	" default_branch TEXT, reason TEXT, archived INTEGER, fork INTEGER,"
	" mirror INTEGER, private INTEGER, state TEXT, look_s INTEGER,"
	" page_size INTEGER);"
	"CREATE TABLE streams (repo_id INTEGER, kind TEXT, cursor TEXT, seen TEXT,"
	" settled TEXT, since_ms INTEGER, wanted INTEGER, done INTEGER, fails INTEGER,"
	" next_ms INTEGER, parked TEXT, settled_ms INTEGER,"
	" PRIMARY KEY (repo_id, kind)) WITHOUT ROWID;"
	"CREATE TABLE gaps (id INTEGER PRIMARY KEY AUTOINCREMENT, repo_id INTEGER,"
	" kind TEXT, org TEXT, cause TEXT, wish INTEGER, from_ms INTEGER,"
	" to_ms INTEGER, page TEXT, keys TEXT, opened_ms INTEGER, total INTEGER,"
	" read INTEGER, fails INTEGER, next_ms INTEGER, parked TEXT);"
	"CREATE TABLE wishes (id INTEGER PRIMARY KEY AUTOINCREMENT, org TEXT, repo TEXT,"
	" kinds TEXT, since_ms INTEGER, at_ms INTEGER, cancel INTEGER);"
	"CREATE TABLE flags (repo_id INTEGER, sha TEXT, committed_ms INTEGER,"
	" PRIMARY KEY (repo_id, sha)) WITHOUT ROWID;"
	"CREATE INDEX flags_by_time ON flags (repo_id, committed_ms, sha);"
	"CREATE TABLE feeds (url TEXT PRIMARY KEY, etag TEXT, keys TEXT,"
	" read_ms INTEGER, full_ms INTEGER, oldest_ms INTEGER);"
	"CREATE TABLE outbox (row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT,"
	" version INTEGER, json TEXT);"
	"CREATE TABLE dead (id INTEGER PRIMARY KEY AUTOINCREMENT, output TEXT,"
	" doc_id TEXT, action TEXT, reason TEXT, json TEXT, version INTEGER,"
	" at_ms INTEGER, times INTEGER, again INTEGER, UNIQUE (output, doc_id));",
	/* 2 */
	"ALTER TABLE repos ADD COLUMN org_id INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE streams ADD COLUMN numbers TEXT;"
	"ALTER TABLE dead ADD COLUMN target TEXT;",
};

/* A file of SQLite without a version, but with tables, is somebody else's. */
static bool
check_stranger(struct state *s, struct err *e)
{
	if (sql_one(s, "SELECT count(*) FROM sqlite_master", NULL) == 0)
		return true;
	return err_set(e, ERR_CONFIG, 0, "state.db was not made by hubstash");
}

static bool
upgrade(struct state *s, size_t from, struct err *e)
{
	char pragma[64];

	if (!sql_exec(s, "BEGIN IMMEDIATE", e))
		return false;
	for (size_t n = from; n < LEN(scripts); n++)
		if (!sql_exec(s, scripts[n], e))
			return false;
	sqlite3_snprintf(sizeof(pragma), pragma, "PRAGMA user_version = %d",
	    (int)LEN(scripts));
	return sql_exec(s, pragma, e) && sql_exec(s, "COMMIT", e);
}

bool
schema_ready(struct state *s, struct err *e)
{
	int64_t version = sql_one(s, "PRAGMA user_version", NULL);

	if (!s->failed && version == 0 && !check_stranger(s, e))
		return false;
	if (s->failed) {
		*e = s->err;
		return false;
	}
	if (version > (int64_t)LEN(scripts))
		return err_set(e, ERR_CONFIG, 0, "state.db is of a newer hubstash: its "
		    "version is %" PRId64 ", this program knows up to %zu", version,
		    LEN(scripts));
	if (version == (int64_t)LEN(scripts))
		return true;
	if (s->mode == STATE_READ || s->mode == STATE_WISH)
		return err_set(e, ERR_CONFIG, 0, version == 0 ?
		    "nothing has run there yet" :
		    "state.db is of an older hubstash: start `hubstash run` once");
	return upgrade(s, (size_t)version, e);
}

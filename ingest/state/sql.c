/* SPDX-License-Identifier: Apache-2.0 */
/* sql.c - see sql.h. */
#include "state/sql.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int
reason(sqlite3 *db)
{
	return sqlite3_extended_errcode(db) & 0xff;
}

bool
sql_err(struct state *s, bool opening, struct err *e)
{
	const char *text = sqlite3_errmsg(s->db);
	int os = sqlite3_system_errno(s->db);

	switch (reason(s->db)) {
	case SQLITE_FULL:
		return err_set(e, ERR_SYSTEM, ENOSPC, "state.db: the disk is full");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(e, ERR_CONFIG, 0, SQL_DAMAGED, text);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(e, ERR_SYSTEM, EAGAIN, "state.db is held by another "
		    "program");
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return err_set(e, opening ? ERR_CONFIG : ERR_SYSTEM, EACCES,
		    "state.db cannot be %s: %s", opening ? "opened" : "written", text);
	case SQLITE_IOERR:
	case SQLITE_NOLFS:
	case SQLITE_PROTOCOL:
	case SQLITE_TOOBIG:
		return err_set(e, ERR_SYSTEM, EIO, "state.db: %s%s%s", text,
		    os != 0 ? ": " : "", os != 0 ? strerror(os) : "");
	case SQLITE_NOMEM:
		die("out of memory");
	default:
		if (opening)
			return err_set(e, ERR_CONFIG, 0, "state.db is not as hubstash "
			    "makes it: %s", text);
		die("state.db: %s", text);	/* ours: wrong SQL, a broken rule */
	}
}

/* Told like a write, or an engine that only reads would never hear of it. */
static void
fail(struct state *s)
{
	if (s->failed)
		return;
	s->failed = true;
	sql_err(s, false, &s->err);
	if (s->on_dirty != NULL)
		s->on_dirty(s->arg);
}

bool
sql_exec(struct state *s, const char *sql, struct err *e)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
	    sql_err(s, true, e);
}

static void
begin(struct state *s)
{
	if (s->writing || s->failed)
		return;
	if (s->mode == STATE_READ)
		die("state.db is open for reading");
	if (sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) {
		fail(s);
		return;
	}
	s->writing = true;
	if (s->on_dirty != NULL)
		s->on_dirty(s->arg);
}

static sqlite3_stmt *
prepare(struct state *s, const char *sql)
{
	sqlite3_stmt *kept = map_get(s->statements, sql), *st;

	if (kept != NULL && !sqlite3_stmt_busy(kept))
		return kept;
	if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st,
	    NULL) != SQLITE_OK) {
		fail(s);
		return NULL;
	}
	if (kept == NULL)
		map_set(s->statements, sql, st);
	return st;
}

sqlite3_stmt *
sql_ask(struct state *s, const char *sql, const struct val *v)
{
	sqlite3_stmt *st = s->failed ? NULL : prepare(s, sql);

	for (int n = 1; st != NULL && n <= sqlite3_bind_parameter_count(st); n++, v++)
		if (v->is_text)	/* NULL is bound as NULL; whole until the end */
			sqlite3_bind_text(st, n, v->s, -1, SQLITE_TRANSIENT);
		else
			sqlite3_bind_int64(st, n, v->i);
	return st;
}

bool
sql_row(struct state *s, sqlite3_stmt *st)
{
	int rc;

	if (st == NULL)
		return false;
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		fail(s);
	sql_end(s, st);
	return false;
}

/* A statement that was busy when it was wanted again was made for that time only. */
void
sql_end(struct state *s, sqlite3_stmt *st)
{
	if (st == NULL)
		return;
	if (map_get(s->statements, sqlite3_sql(st)) != st) {
		sqlite3_finalize(st);
		return;
	}
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
}

void
sql_do(struct state *s, const char *sql, const struct val *v)
{
	begin(s);
	while (sql_row(s, sql_ask(s, sql, v)))
		die("%s gave a row", sql);
}

const char *
sql_text(sqlite3_stmt *st, int column)
{
	return (const char *)sqlite3_column_text(st, column);
}

int64_t
sql_int(sqlite3_stmt *st, int column)
{
	return sqlite3_column_int64(st, column);
}

int64_t
sql_one(struct state *s, const char *sql, const struct val *v)
{
	sqlite3_stmt *st = sql_ask(s, sql, v);
	int64_t i;

	if (!sql_row(s, st))
		return 0;
	i = sql_int(st, 0);
	sql_end(s, st);
	return i;
}

bool
state_dirty(const struct state *s)
{
	return s->writing || s->failed;
}

void
state_on_dirty(struct state *s, void (*fn)(void *arg), void *arg)
{
	s->on_dirty = fn;
	s->arg = arg;
}

bool
state_commit(struct state *s, struct err *e)
{
	if (s->writing && !s->failed)
		flags_trim(s);
	if (s->writing && !s->failed &&
	    sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		fail(s);
	if (s->failed) {
		*e = s->err;
		return false;
	}
	s->writing = false;
	return true;
}

void
sql_fini(struct state *s)
{
	const char *sql;
	size_t i = 0;
	void *st;

	while (map_each(s->statements, &i, &sql, &st))
		sqlite3_finalize(st);
	map_free(s->statements);
	sqlite3_close(s->db);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sql.h - for state/ alone: statements, and the transaction they gather in.
 *
 * A statement is prepared once and kept by its text. After the first failure
 * nothing is read or written any more, and state_commit tells it.
 */
#ifndef STATE_SQL_H
#define STATE_SQL_H

#include "base/map.h"
#include "state/state.h"

#include <sqlite3.h>

struct state {
	sqlite3		*db;
	enum state_mode	 mode;
	int		 lock;		/* fd, or -1 */
	bool		 writing;	/* a transaction is open */
	bool		 failed;	/* for this reason: */
	struct err	 err;
	void		(*on_dirty)(void *arg);
	void		*arg;
	struct map	*statements;
	int64_t		 dead;		/* dead letters; -1: not counted yet */
	int64_t		*touched;	/* repositories with new flags, to be trimmed */
	size_t		 touched_count;
};

struct val {
	bool		 is_text;
	const char	*s;		/* NULL: NULL */
	int64_t		 i;
};
#define I(v)	{ .i = (v) }
#define T(v)	{ .is_text = true, .s = (v) }

/* Writes, opening a transaction if none is. v: as many as the SQL has marks. */
void sql_do(struct state *s, const char *sql, const struct val *v);

/*
 * Reads: sqlite3_stmt *st = sql_ask(…); while (sql_row(s, st)) …; after a false
 * the statement is given back. sql_end gives it back earlier.
 */
sqlite3_stmt *sql_ask(struct state *s, const char *sql, const struct val *v);
bool sql_row(struct state *s, sqlite3_stmt *st);
void sql_end(struct state *s, sqlite3_stmt *st);
const char *sql_text(sqlite3_stmt *st, int column);	/* NULL: NULL */
int64_t sql_int(sqlite3_stmt *st, int column);
int64_t sql_one(struct state *s, const char *sql, const struct val *v);	/* 0: no row */

#define SQL_DAMAGED	"state.db is damaged (%.100s): move it away, and all is read " \
			"again"

/* Several statements without values, at once: for schema.c and open.c. */
bool sql_exec(struct state *s, const char *sql, struct err *e) MUST_CHECK;
/* SQLite's last failure in words. opening: then a read-only file is a setting. */
bool sql_err(struct state *s, bool opening, struct err *e);
void sql_fini(struct state *s);

/* schema.c */
bool schema_ready(struct state *s, struct err *e) MUST_CHECK;

/* flags.c: before a commit */
void flags_trim(struct state *s);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* meta.c - see state.h: small values by name. */
#include "state/sql.h"

static char *
value(struct state *s, const char *sql, const char *key)
{
	sqlite3_stmt *st = sql_ask(s, sql, (struct val[]){ T(key) });
	char *v;

	if (!sql_row(s, st))
		return NULL;
	v = xstrdup(sql_text(st, 0));
	sql_end(s, st);
	return v;
}

char *
state_meta(struct state *s, const char *key)
{
	return value(s, "SELECT value FROM meta WHERE key=?", key);
}

void
state_set_meta(struct state *s, const char *key, const char *v)
{
	sql_do(s, "REPLACE INTO meta (key, value) VALUES (?,?)",
	    (struct val[]){ T(key), T(v) });
}

char *
state_identity(struct state *s, const char *output)
{
	return value(s, "SELECT identity FROM identities WHERE output=?", output);
}

void
state_set_identity(struct state *s, const char *output, const char *identity)
{
	if (identity == NULL)
		sql_do(s, "DELETE FROM identities WHERE output=?",
		    (struct val[]){ T(output) });
	else
		sql_do(s, "REPLACE INTO identities (output, identity) VALUES (?,?)",
		    (struct val[]){ T(output), T(identity) });
}

void
state_identities(struct state *s, void (*each)(void *arg, const char *output),
    void *arg)
{
	sqlite3_stmt *st = sql_ask(s, "SELECT output FROM identities ORDER BY output",
	    NULL);

	while (sql_row(s, st))
		each(arg, sql_text(st, 0));
}

void
state_note(struct state *s, const char *key, const char *v)
{
	if (v == NULL)
		sql_do(s, "DELETE FROM notes WHERE key=?", (struct val[]){ T(key) });
	else
		sql_do(s, "REPLACE INTO notes (key, value) VALUES (?,?)",
		    (struct val[]){ T(key), T(v) });
}

void
state_notes(struct state *s, void (*each)(void *arg, const char *key,
    const char *value), void *arg)
{
	sqlite3_stmt *st = sql_ask(s, "SELECT key, value FROM notes ORDER BY key", NULL);

	while (sql_row(s, st))
		each(arg, sql_text(st, 0), sql_text(st, 1));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* keep.c - see keep.h: feeds, the outbox, dead letters. */
#include "state/sql.h"

#include <inttypes.h>
#include <stdio.h>

bool
state_feed(struct state *s, const char *url, void (*found)(void *arg,
    const struct feed_row *f), void *arg)
{
	sqlite3_stmt *st = sql_ask(s, "SELECT url, etag, keys, read_ms, full_ms,"
	    " oldest_ms FROM feeds WHERE url=?", (struct val[]){ T(url) });

	if (!sql_row(s, st))
		return false;
	found(arg, &(struct feed_row){ .url = sql_text(st, 0), .etag = sql_text(st, 1),
	    .keys = sql_text(st, 2), .read_ms = sql_int(st, 3),
	    .full_ms = sql_int(st, 4), .oldest_ms = sql_int(st, 5) });
	sql_end(s, st);
	return true;
}

void
state_save_feed(struct state *s, const struct feed_row *f)
{
	sql_do(s, "REPLACE INTO feeds (url, etag, keys, read_ms, full_ms, oldest_ms)"
	    " VALUES (?,?,?,?,?,?)", (struct val[]){ T(f->url), T(f->etag), T(f->keys),
	    I(f->read_ms), I(f->full_ms), I(f->oldest_ms) });
}

void
state_outbox_add(struct state *s, const char *id, int64_t version, const char *json)
{
	sql_do(s, "INSERT INTO outbox (id, version, json) VALUES (?,?,?)",
	    (struct val[]){ T(id), I(version), T(json) });
}

void
state_outbox(struct state *s, int64_t after, int max, void (*each)(void *arg,
    int64_t row, const char *id, int64_t version, const char *json), void *arg)
{
	sqlite3_stmt *st = sql_ask(s, "SELECT row, id, version, json FROM outbox"
	    " WHERE row > ? ORDER BY row LIMIT ?", (struct val[]){ I(after), I(max) });

	while (sql_row(s, st))
		each(arg, sql_int(st, 0), sql_text(st, 1), sql_int(st, 2),
		    sql_text(st, 3));
}

void
state_outbox_del(struct state *s, int64_t row)
{
	sql_do(s, "DELETE FROM outbox WHERE row=?", (struct val[]){ I(row) });
}

int64_t
state_outbox_count(struct state *s)
{
	return sql_one(s, "SELECT count(*) FROM outbox", NULL);
}

/* A document that was refused before: the newer copy stays. */
void
state_dead_add(struct state *s, const struct dead_row *d)
{
	struct val v[] = { T(d->action), T(d->reason), T(d->json), I(d->version),
	    I(d->at_ms), I(d->times), I(d->again), T(d->target), T(d->output),
	    T(d->doc_id) };

	state_dead_count(s);
	sql_do(s, "UPDATE dead SET action=?1, reason=?2, json=?3, version=?4, at_ms=?5,"
	    " times=times+?6, again=?7, target=?8 WHERE output=?9 AND doc_id=?10"
	    " AND version<=?4", v);
	if (!s->failed && sqlite3_changes(s->db) == 0)
		sql_do(s, "UPDATE dead SET times=times+? WHERE output=? AND doc_id=?",
		    (struct val[]){ I(d->times), T(d->output), T(d->doc_id) });
	if (s->failed || sqlite3_changes(s->db) > 0)
		return;
	sql_do(s, "INSERT INTO dead (action, reason, json, version, at_ms, times, again,"
	    " target, output, doc_id) VALUES (?,?,?,?,?,?,?,?,?,?)", v);
	s->dead++;
}

#define DEAD	"SELECT id, output, doc_id, action, reason, json, version, at_ms," \
		" times, again, target FROM dead "

static void
each_dead(struct state *s, sqlite3_stmt *st, void (*each)(void *arg,
    const struct dead_row *d), void *arg)
{
	while (sql_row(s, st))
		each(arg, &(struct dead_row){ .id = sql_int(st, 0),
		    .output = sql_text(st, 1), .doc_id = sql_text(st, 2),
		    .action = sql_text(st, 3), .reason = sql_text(st, 4),
		    .json = sql_text(st, 5), .version = sql_int(st, 6),
		    .at_ms = sql_int(st, 7), .times = sql_int(st, 8),
		    .again = sql_int(st, 9) != 0, .target = sql_text(st, 10) });
}

void
state_dead(struct state *s, void (*each)(void *arg, const struct dead_row *d),
    void *arg)
{
	each_dead(s, sql_ask(s, DEAD "ORDER BY id", NULL), each, arg);
}

void
state_dead_newest(struct state *s, int max, void (*each)(void *arg,
    const struct dead_row *d), void *arg)
{
	each_dead(s, sql_ask(s, DEAD "ORDER BY id DESC LIMIT ?",
	    (struct val[]){ I(max) }), each, arg);
}

void
state_dead_again(struct state *s, int64_t after, int max, void (*each)(void *arg,
    const struct dead_row *d), void *arg)
{
	each_dead(s, sql_ask(s, DEAD "WHERE again AND id > ? ORDER BY id LIMIT ?",
	    (struct val[]){ I(after), I(max) }), each, arg);
}

void
state_dead_commits(struct state *s, const char *output, int64_t repo_id,
    void (*each)(void *arg, const struct dead_row *d), void *arg)
{
	char from[64], to[64];		/* commit:ID:SHA lies between */

	if (state_dead_count(s) == 0)
		return;
	snprintf(from, sizeof(from), "commit:%" PRId64 ":", repo_id);
	snprintf(to, sizeof(to), "commit:%" PRId64 ";", repo_id);
	each_dead(s, sql_ask(s, DEAD "WHERE output=? AND doc_id>? AND doc_id<?",
	    (struct val[]){ T(output), T(from), T(to) }), each, arg);
}

int64_t
state_dead_again_count(struct state *s)
{
	return sql_one(s, "SELECT count(*) FROM dead WHERE again", NULL);
}

void
state_dead_mark(struct state *s, int64_t id, bool again)
{
	sql_do(s, "UPDATE dead SET again=? WHERE id=?",
	    (struct val[]){ I(again), I(id) });
}

void
state_dead_stored(struct state *s, const char *output, const char *doc_id,
    int64_t version)
{
	if (state_dead_count(s) == 0)
		return;
	sql_do(s, "DELETE FROM dead WHERE output=? AND doc_id=? AND version<=?",
	    (struct val[]){ T(output), T(doc_id), I(version) });
	if (!s->failed)
		s->dead -= sqlite3_changes(s->db);
}

/* Counted once, then kept: it is asked for each refused document. */
int64_t
state_dead_count(struct state *s)
{
	if (s->dead < 0 || s->mode == STATE_READ)
		s->dead = sql_one(s, "SELECT count(*) FROM dead", NULL);
	return s->dead;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite.c - see sqlite.h: the writer of activity.db. */
#include "store/sqlite.h"
#include "base/str.h"
#include "store/sqlite_facts.h"

#include <errno.h>
#include <stdlib.h>

enum query {
	Q_VERSION, Q_INSERT, Q_UPDATE, Q_COUNT, Q_FLAGGED, Q_PAGE, Q_DELETE, QUERIES
};

static const char *const sql[QUERIES] = {
	[Q_VERSION] = "SELECT version FROM documents WHERE id = ?1",
	[Q_INSERT] = "INSERT INTO documents(id, version, action, ts, body) "
	    "VALUES(?1, ?2, ?3, ?4, ?5)",
	[Q_UPDATE] = "UPDATE documents SET version = ?2, action = ?3, ts = ?4, "
	    "body = ?5 WHERE id = ?1",
	[Q_COUNT] = "UPDATE meta SET value = value + ?1 WHERE key = 'documents'",
	/* its terms are those of the index documents_flagged */
	[Q_FLAGGED] = "SELECT id, action, version, ts, body FROM documents "
	    "WHERE CAST(json_extract(body, '$.github.repo_id') AS INTEGER) = ?1 "
	    "AND version & 281474976710655 < ?2 AND action = 'commit' "
	    "AND json_extract(body, '$.github.commit.default_branch') = 1 LIMIT ?3",
	[Q_PAGE] = "SELECT id, action, version, ts, body FROM documents "
	    "WHERE id > ?1 ORDER BY id LIMIT ?2",
	[Q_DELETE] = "DELETE FROM documents WHERE id = ?1",	/* and a trigger */
};

struct sqlite_store {
	char			*path;
	struct store_file	 file;
	sqlite3_stmt		*query[QUERIES];
	struct facts		 facts;
	char			 identity[STORE_ID_SIZE];
	struct buf		 body;		/* of the document at hand */
};

static void
let_go(struct sqlite_store *s)
{
	for (size_t i = 0; i < QUERIES; i++) {
		sqlite3_finalize(s->query[i]);
		s->query[i] = NULL;
	}
	facts_close(&s->facts);
	store_file_close(&s->file);
}

static bool
take_hold(struct sqlite_store *s, struct err *e)
{
	if (!store_file_open(&s->file, s->path, true, e))
		return false;
	for (size_t i = 0; i < QUERIES; i++)
		if (sqlite3_prepare_v3(s->file.db, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
		    &s->query[i], NULL) != SQLITE_OK)
			goto failed;
	if (facts_open(&s->facts, s->file.db))
		return true;
failed:
	store_file_err(&s->file, e);
	let_go(s);
	return false;
}

struct sqlite_store *
sqlite_open(const char *path, struct err *e)
{
	struct sqlite_store *s = xcalloc(1, sizeof(*s));

	s->path = xstrdup(path);
	s->body = BUF((size_t)1 << 30);
	if (!take_hold(s, e) || !store_file_identity(&s->file, s->identity, e)) {
		sqlite_close(s);
		return NULL;
	}
	return s;
}

void
sqlite_close(struct sqlite_store *s)
{
	if (s == NULL)
		return;
	let_go(s);
	buf_fini(&s->body);
	free(s->path);
	free(s);
}

const char *
sqlite_identity(const struct sqlite_store *s)
{
	return s->identity;
}

/* The statement, ready to be bound. */
static sqlite3_stmt *
ready(struct sqlite_store *s, enum query which)
{
	sqlite3_reset(s->query[which]);
	return s->query[which];
}

static void
bind_str(sqlite3_stmt *q, int at, const char *text)
{
	sqlite3_bind_text(q, at, text, -1, SQLITE_STATIC);
}

static bool
ran(sqlite3_stmt *q)
{
	int code = sqlite3_step(q);

	sqlite3_reset(q);
	return code == SQLITE_DONE;
}

/* Every function below that is false left its reason in the connection. */
static bool
held_version(struct sqlite_store *s, const struct doc *d, bool *held,
    int64_t *version)
{
	sqlite3_stmt *q = ready(s, Q_VERSION);
	int code;

	bind_str(q, 1, d->id);
	code = sqlite3_step(q);
	*held = code == SQLITE_ROW;
	*version = *held ? sqlite3_column_int64(q, 0) : 0;
	sqlite3_reset(q);
	return code == SQLITE_ROW || code == SQLITE_DONE;
}

static bool
put(struct sqlite_store *s, const struct doc *d, int64_t *added)
{
	int64_t version;
	sqlite3_stmt *q;
	bool held;

	if (!held_version(s, d, &held, &version))
		return false;
	if ((held && version > d->version) || (!held && d->body == NULL))
		return true;
	if (d->body == NULL) {
		q = ready(s, Q_DELETE);
		bind_str(q, 1, d->id);
		return ran(q);
	}
	buf_clear(&s->body);
	json_print(d->body, &s->body);
	q = ready(s, held ? Q_UPDATE : Q_INSERT);
	bind_str(q, 1, d->id);
	sqlite3_bind_int64(q, 2, d->version);
	bind_str(q, 3, d->action);
	sqlite3_bind_int64(q, 4, d->ts_ms);
	sqlite3_bind_text64(q, 5, buf_str(&s->body), s->body.len, SQLITE_STATIC,
	    SQLITE_UTF8);
	if (!ran(q))
		return false;
	*added += !held;
	return facts_put(&s->facts, d);
}

/* What the connection complains of (if it does), as an end. */
static enum sqlite_end
failed(struct sqlite_store *s, struct err *e)
{
	int code = sqlite3_errcode(s->file.db) & 0xff;

	if (code != SQLITE_OK && code != SQLITE_DONE)
		store_file_err(&s->file, e);
	if (sqlite3_get_autocommit(s->file.db) == 0)
		sqlite3_exec(s->file.db, "ROLLBACK", NULL, NULL, NULL);
	facts_forget(&s->facts);
	return code == SQLITE_BUSY || code == SQLITE_LOCKED ? WRITE_BUSY : WRITE_FAILED;
}

/*
 * The file at the path is not the one that is open: the store begins anew, with
 * what stands there. What only the log held goes home first, should the
 * database itself still be there.
 */
static enum sqlite_end
reopen(struct sqlite_store *s, struct err *e)
{
	if (s->file.db != NULL) {
		if (sqlite3_wal_checkpoint_v2(s->file.db, NULL,
		    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_BUSY)
			return failed(s, e);
		store_file_clean(&s->file);
		let_go(s);
	}
	if (!take_hold(s, e))
		return WRITE_FAILED;
	if (!store_file_new_identity(&s->file, e) ||
	    !store_file_identity(&s->file, s->identity, e)) {
		let_go(s);
		return WRITE_FAILED;
	}
	err_set(e, ERR_SYSTEM, ENOENT, "%s was deleted or replaced", s->path);
	return WRITE_ANEW;
}

/* Somebody may have emptied it, which made it another store. */
static enum sqlite_end
begin(struct sqlite_store *s, struct err *e)
{
	char identity[STORE_ID_SIZE];

	if (s->file.db == NULL || store_file_moved(&s->file))
		return reopen(s, e);
	if (sqlite3_exec(s->file.db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK ||
	    !store_file_identity(&s->file, identity, e))
		return failed(s, e);
	if (str_eq(identity, s->identity))
		return facts_begin(&s->facts) ? WRITE_DONE : failed(s, e);
	str_copy(s->identity, sizeof(s->identity), identity);
	sqlite3_exec(s->file.db, "ROLLBACK", NULL, NULL, NULL);
	err_set(e, ERR_SYSTEM, ENOENT, "%s was emptied", s->path);
	return WRITE_ANEW;
}

enum sqlite_end
sqlite_write(struct sqlite_store *s, const struct doc *const *docs, size_t n,
    struct err *e)
{
	enum sqlite_end end = begin(s, e);
	sqlite3_stmt *q;
	int64_t added = 0;

	if (end != WRITE_DONE)
		return end;
	for (size_t i = 0; i < n; i++)
		if (!put(s, docs[i], &added))
			return failed(s, e);
	if (added > 0) {
		q = ready(s, Q_COUNT);
		sqlite3_bind_int64(q, 1, added);
		if (!ran(q))
			return failed(s, e);
	}
	if (sqlite3_exec(s->file.db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		return failed(s, e);
	store_file_used(&s->file);
	return WRITE_DONE;
}

static struct doc *
doc_of_row(sqlite3_stmt *q, struct err *e)
{
	const char *body = (const char *)sqlite3_column_text(q, 4);
	struct doc *d = xcalloc(1, sizeof(*d));

	d->id = xstrdup(str_or((const char *)sqlite3_column_text(q, 0), ""));
	d->action = xstrdup(str_or((const char *)sqlite3_column_text(q, 1), ""));
	d->version = sqlite3_column_int64(q, 2);
	d->ts_ms = sqlite3_column_int64(q, 3);
	d->body = json_parse(str_or(body, ""), (size_t)sqlite3_column_bytes(q, 4), e);
	if (d->body != NULL)
		return d;
	err_at(e, "document %s", d->id);
	doc_free(d);
	return NULL;
}

/* All documents of a query that is bound. */
static bool
docs_of(struct sqlite_store *s, sqlite3_stmt *q, struct docs *out, struct err *e)
{
	struct doc *d;
	int code;

	while ((code = sqlite3_step(q)) == SQLITE_ROW) {
		d = doc_of_row(q, e);
		if (d == NULL) {
			sqlite3_reset(q);
			return false;
		}
		docs_add(out, d);
	}
	if (code != SQLITE_DONE)
		store_file_err(&s->file, e);
	sqlite3_reset(q);
	return code == SQLITE_DONE;
}

bool
sqlite_flagged(struct sqlite_store *s, int64_t repo_id, int64_t below, size_t max,
    struct docs *out, struct err *e)
{
	sqlite3_stmt *q;

	if (s->file.db == NULL)
		return err_set(e, ERR_SYSTEM, ENOENT, "%s is not open", s->path);
	q = ready(s, Q_FLAGGED);
	sqlite3_bind_int64(q, 1, repo_id);
	sqlite3_bind_int64(q, 2, below & (((int64_t)1 << 48) - 1));
	sqlite3_bind_int64(q, 3, (int64_t)max);
	return docs_of(s, q, out, e);
}

bool
sqlite_page(struct sqlite_store *s, const char *after, size_t max, struct docs *out,
    struct err *e)
{
	sqlite3_stmt *q;

	if (s->file.db == NULL)
		return err_set(e, ERR_SYSTEM, ENOENT, "%s is not open", s->path);
	q = ready(s, Q_PAGE);
	bind_str(q, 1, after);
	sqlite3_bind_int64(q, 2, (int64_t)max);
	return docs_of(s, q, out, e);
}

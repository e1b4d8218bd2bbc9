/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_file.c - see sqlite_file.h. PRAGMA user_version counts the steps that
 * made the file what it is; a file with more steps than we know is a newer
 * version's, and left alone.
 */
#include "store/sqlite_file.h"
#include "base/log.h"
#include "base/str.h"
#include "store/sqlite_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID	1752523379	/* "hubs" */
#define BUSY_MS		200		/* the loop waits no longer for other writers */

static const char *const steps[] = {
	/* 1 */
	"PRAGMA application_id = 1752523379;"
	"CREATE TABLE documents(id TEXT PRIMARY KEY, version INTEGER NOT NULL,"
	"  action TEXT NOT NULL, ts INTEGER NOT NULL, body TEXT NOT NULL);"
	/* what a repository has on its default branch, by the clock of its look */
	"CREATE INDEX documents_flagged ON documents("
	"    CAST(json_extract(body, '$.github.repo_id') AS INTEGER),"
	"    version & 281474976710655)"
	"  WHERE action = 'commit'"
	"    AND json_extract(body, '$.github.commit.default_branch') = 1;"
	"CREATE TABLE aliases(alias INTEGER PRIMARY KEY, credit_id TEXT NOT NULL,"
	"  name TEXT NOT NULL, UNIQUE(credit_id, name));"
	"CREATE TABLE credits(doc TEXT NOT NULL, alias INTEGER NOT NULL,"
	"  kind INTEGER NOT NULL, merged INTEGER NOT NULL, ts INTEGER NOT NULL);"
	"CREATE INDEX credits_doc ON credits(doc);"
	"CREATE INDEX credits_ts ON credits(ts, alias, kind, merged);"
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value);"
	"INSERT INTO meta VALUES('identity', lower(hex(randomblob(16)))),"
	"  ('documents', 0);"
	/* for people who delete rows by hand; an emptied store is a new one */
	"CREATE TRIGGER documents_deleted AFTER DELETE ON documents BEGIN"
	"  DELETE FROM credits WHERE doc = OLD.id;"
	"  UPDATE meta SET value = value - 1 WHERE key = 'documents';"
	"  UPDATE meta SET value = lower(hex(randomblob(16)))"
	"    WHERE key = 'identity' AND NOT EXISTS (SELECT 1 FROM documents);"
	"END;",
	/* 2: facts and names (sqlite_facts.h) in place of credits and aliases */
	"DROP TRIGGER documents_deleted;"
	"DROP TABLE credits;"
	"DROP TABLE aliases;"
	"CREATE TABLE names(number INTEGER PRIMARY KEY, kind INTEGER NOT NULL,"
	"  id TEXT NOT NULL, name TEXT NOT NULL, org TEXT NOT NULL,"
	"  UNIQUE(kind, id, name, org));"
	"CREATE TABLE facts(doc INTEGER PRIMARY KEY, seq INTEGER NOT NULL,"
	"  id TEXT NOT NULL UNIQUE, kind INTEGER, ts INTEGER, repo INTEGER,"
	"  state INTEGER, flags INTEGER, credit, agents, additions INTEGER,"
	"  deletions INTEGER, punch INTEGER, merged INTEGER, closed INTEGER,"
	"  first_review INTEGER, merge INTEGER, author INTEGER);"
	"CREATE INDEX facts_seq ON facts(seq);"
	"CREATE TRIGGER documents_deleted AFTER DELETE ON documents BEGIN"
	"  UPDATE facts SET seq = (SELECT max(seq) + 1 FROM facts), kind = NULL"
	"    WHERE id = OLD.id;"
	"  UPDATE meta SET value = value - 1 WHERE key = 'documents';"
	"  UPDATE meta SET value = lower(hex(randomblob(16)))"
	"    WHERE key = 'identity' AND NOT EXISTS (SELECT 1 FROM documents);"
	"END;",
};
#define STEP_FACTS	1	/* the one after which facts are made */

static bool
run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

bool
store_file_err(const struct store_file *f, struct err *e)
{
	const char *path = f->path, *why = sqlite3_errmsg(f->db);
	int os = sqlite3_system_errno(f->db);

	switch (sqlite3_errcode(f->db) & 0xff) {
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return err_set(e, ERR_CONFIG, 0, "%s is damaged, or no SQLite database: "
		    "%s. Move it away, and all is read again", path, why);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return err_set(e, ERR_CONFIG, 0, "%s cannot be written: %s", path, why);
	case SQLITE_CANTOPEN:
		return err_set(e, ERR_CONFIG, os, "%s cannot be opened: %s", path,
		    os != 0 ? strerror(os) : why);
	case SQLITE_BUSY:
		return err_set(e, ERR_SYSTEM, EBUSY, "%s: another program writes to it",
		    path);
	case SQLITE_FULL:
		return err_set(e, ERR_SYSTEM, ENOSPC, "%s: the disk is full", path);
	default:
		return err_set(e, ERR_SYSTEM, os != 0 ? os : EIO, "%s: %s%s%s", path, why,
		    os != 0 ? ": " : "", os != 0 ? strerror(os) : "");
	}
}

static bool
ask_int(sqlite3 *db, const char *sql, int64_t *v)
{
	sqlite3_stmt *q = NULL;
	bool good = sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW;

	if (good)
		*v = sqlite3_column_int64(q, 0);
	return sqlite3_finalize(q) == SQLITE_OK && good;
}

static bool
take_step(struct store_file *f, size_t i, struct err *e)
{
	char version[64];
	int64_t documents = 0;

	sqlite3_snprintf(sizeof(version), version, "PRAGMA user_version = %d",
	    (int)i + 1);
	if (!run(f->db, steps[i]) || !run(f->db, version) || !ask_int(f->db,
	    "SELECT value FROM meta WHERE key = 'documents'", &documents))
		return store_file_err(f, e);
	if (i != STEP_FACTS || documents == 0)
		return true;
	log_info("%s: its %lld documents are made ready for the dashboard, once",
	    f->path, (long long)documents);
	return facts_make(f, e);
}

/* Whether it is a store of ours; *version is how far it is made. */
static bool
check_file(struct store_file *f, int64_t *version, struct err *e)
{
	int64_t application, tables;

	if (!ask_int(f->db, "PRAGMA user_version", version) ||
	    !ask_int(f->db, "PRAGMA application_id", &application) ||
	    !ask_int(f->db, "SELECT count(*) FROM sqlite_schema", &tables))
		return store_file_err(f, e);
	if (application != APPLICATION_ID && (tables > 0 || *version != 0))
		return err_set(e, ERR_CONFIG, 0, "%s is a database of another program",
		    f->path);
	if (*version > (int64_t)LEN(steps))
		return err_set(e, ERR_CONFIG, 0, "%s was written by a newer version of "
		    "hubstash (its schema is %lld, this one knows %zu)", f->path,
		    (long long)*version, LEN(steps));
	return true;
}

/* Two processes may come here at once: what is there is read under the lock. */
static bool
migrate(struct store_file *f, struct err *e)
{
	int64_t version = 0;

	if (!run(f->db, "BEGIN IMMEDIATE"))
		return store_file_err(f, e);
	if (!check_file(f, &version, e))
		goto failed;
	for (size_t i = (size_t)version; i < LEN(steps); i++)
		if (!take_step(f, i, e))
			goto failed;
	if (run(f->db, "COMMIT"))
		return true;
	store_file_err(f, e);
failed:
	run(f->db, "ROLLBACK");
	return false;
}

/* SQLite would make it readable by all. */
static bool
make_file(const char *path, struct err *e)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EEXIST ||
		    err_set(e, ERR_CONFIG, errno, "%s cannot be created: %s", path,
		    strerror(errno));
	close(fd);
	return true;
}

static bool
configure(struct store_file *f, bool write, struct err *e)
{
	int64_t version = 0;

	if (write && sqlite3_db_readonly(f->db, "main") != 0)
		return err_set(e, ERR_CONFIG, EACCES, "%s cannot be written: it may "
		    "only be read", f->path);
	if (write)
		return migrate(f, e) && (run(f->db, "PRAGMA journal_mode = WAL;"
		    "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;"
		    "PRAGMA journal_size_limit = 67108864;") || store_file_err(f, e));
	if (!check_file(f, &version, e))
		return false;
	return version == (int64_t)LEN(steps) ||
	    err_set(e, ERR_CONFIG, 0, "%s was written by another version of hubstash",
	    f->path);
}

static ino_t
wal_inode(const struct store_file *f)
{
	char *name = xasprintf("%s-wal", f->path);
	struct stat st;
	ino_t inode = stat(name, &st) == 0 ? st.st_ino : 0;

	free(name);
	return inode;
}

static bool
open_at(struct store_file *f, const char *name, int flags, bool write, struct err *e)
{
	if (sqlite3_open_v2(name, &f->db, flags, NULL) != SQLITE_OK)
		return store_file_err(f, e);
	sqlite3_extended_result_codes(f->db, 1);
	sqlite3_busy_timeout(f->db, BUSY_MS);
	return configure(f, write, e);
}

/* The folder takes no log: a file without one is read as it stands. */
static bool
open_as_it_stands(struct store_file *f, struct err *e)
{
	int code = sqlite3_errcode(f->db) & 0xff;
	char *uri;
	bool good;

	if ((code != SQLITE_CANTOPEN && code != SQLITE_READONLY) ||
	    wal_inode(f) != 0 || access(f->path, R_OK) != 0)
		return false;
	sqlite3_close(f->db);
	f->db = NULL;
	uri = str_file_uri(f->path, "immutable=1");
	good = open_at(f, uri, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READONLY |
	    SQLITE_OPEN_URI, false, e);
	free(uri);
	return good;
}

bool
store_file_open(struct store_file *f, const char *path, bool write, struct err *e)
{
	int flags = SQLITE_OPEN_NOMUTEX |
	    (write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);

	*f = (struct store_file){ .path = xstrdup(path) };
	if ((!write || make_file(path, e)) && (open_at(f, path, flags, write, e) ||
	    (!write && open_as_it_stands(f, e))))
		return true;
	store_file_close(f);
	return false;
}

void
store_file_close(struct store_file *f)
{
	sqlite3_close(f->db);
	free(f->path);
	*f = (struct store_file){ 0 };
}

void
store_file_used(struct store_file *f)
{
	if (f->wal == 0)
		f->wal = wal_inode(f);
}

/* A log that is gone dies with our descriptor, so that counts as moved too. */
bool
store_file_moved(const struct store_file *f)
{
	int moved = 0;

	sqlite3_file_control(f->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved != 0 || (f->wal != 0 && wal_inode(f) != f->wal);
}

void
store_file_clean(const struct store_file *f)
{
	static const char *const ends[] = { "-wal", "-shm" };
	struct stat st;
	char *name;

	if (stat(f->path, &st) == 0 && (f->wal == 0 || wal_inode(f) != f->wal))
		return;
	for (size_t i = 0; i < LEN(ends); i++) {
		name = xasprintf("%s%s", f->path, ends[i]);
		unlink(name);
		free(name);
	}
}

bool
store_file_identity(struct store_file *f, char id[STORE_ID_SIZE], struct err *e)
{
	sqlite3_stmt *q = NULL;
	const char *text = NULL;
	bool good;

	if (sqlite3_prepare_v2(f->db, "SELECT value FROM meta WHERE key = 'identity'",
	    -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
		text = (const char *)sqlite3_column_text(q, 0);
	good = text != NULL && text[0] != '\0' && str_copy(id, STORE_ID_SIZE, text);
	if (sqlite3_finalize(q) != SQLITE_OK)
		return store_file_err(f, e);
	return good || err_set(e, ERR_CONFIG, 0, "%s has no identity", f->path);
}

bool
store_file_new_identity(struct store_file *f, struct err *e)
{
	return run(f->db, "UPDATE meta SET value = lower(hex(randomblob(16))) "
	    "WHERE key = 'identity'") || store_file_err(f, e);
}

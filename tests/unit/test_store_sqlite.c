/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_sqlite.c - activity.db: what is written, and what becomes of it. */
#include "tap.h"

#include "activity.h"
#include "base/str.h"
#include "store/sqlite.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/hubstash-store-XXXXXX";
static char path[128];

static int64_t
ask(const char *sql)
{
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;
	int64_t v = -1;

	if (sqlite3_open(path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		v = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return v;
}

static bool
change(const char *sql)
{
	sqlite3 *db = NULL;
	bool good = sqlite3_open(path, &db) == SQLITE_OK &&
	    sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;

	sqlite3_close(db);
	return good;
}

static void
clear(void)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[160];

	for (size_t i = 0; i < LEN(ends); i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
}

static struct sqlite_store *
open_store(void)
{
	struct err e = { 0 };
	struct sqlite_store *s = sqlite_open(path, &e);

	if (s == NULL)
		printf("# %s\n", e.text);
	return s;
}

static struct doc *
commit(const char *id, int64_t seconds, bool default_branch, const char *repo)
{
	struct doc *d = doc_new(id, "commit", ACTIVITY_START);

	doc_set_version(d, true, seconds);
	doc_bool(d, "github.commit.default_branch", default_branch);
	doc_bool(d, "github.commit.merge", false);
	doc_str(d, "github.repo_id", repo);
	activity_credit(d, 0, false);
	return d;
}

/* Writes one document and frees it. */
static enum sqlite_end
write_one(struct sqlite_store *s, struct doc *d)
{
	struct err e = { 0 };
	const struct doc *docs[] = { d };
	enum sqlite_end end = sqlite_write(s, docs, 1, &e);

	if (end != WRITE_DONE)
		printf("# %s\n", e.text);
	doc_free(d);
	return end;
}

static void
test_made(void)
{
	struct sqlite_store *s = open_store();
	struct stat st;
	struct err e;

	ok(s != NULL, "a store is made");
	ok(strlen(sqlite_identity(s)) == 32, "with an identity");
	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "for the owner's eyes");
	is_int(write_one(s, commit("commit:77:a", 5, true, "77")), WRITE_DONE, "written");
	is_int(ask("SELECT count(*) FROM documents WHERE id = 'commit:77:a' AND version "
	    "= 281474976710661 AND action = 'commit' AND ts = 1767225600000 AND "
	    "json_extract(body, '$.event.id') = id"), 1,
	    "readable by others while it is open");
	ok(sqlite_open("/nonexistent/activity.db", &e) == NULL && e.kind == ERR_CONFIG,
	    "no directory: %s", e.text);
	sqlite_close(s);
	clear();
}

static void
test_versions(void)
{
	struct sqlite_store *s = open_store();
	struct doc *poor = commit("commit:77:a", 99, true, "77");

	write_one(s, commit("commit:77:a", 5, true, "77"));
	write_one(s, commit("commit:77:a", 4, false, "77"));
	is_int(ask("SELECT json_extract(body, '$.github.commit.default_branch') "
	    "FROM documents"), 1, "an older version changes nothing");
	doc_set_version(poor, false, 99);
	write_one(s, poor);
	is_int(ask("SELECT version & 0xffffffffffff FROM documents"), 5,
	    "nor does a partial one of a later time");
	is_int(ask("SELECT sum(flags & 1) FROM facts"), 1, "counted once");
	write_one(s, commit("commit:77:a", 5, false, "77"));
	is_int(ask("SELECT json_extract(body, '$.github.commit.default_branch') "
	    "FROM documents"), 0, "an equal one is accepted");
	is_int(ask("SELECT sum(flags & 1) FROM facts"), 0, "and its facts are its own");
	is_int(ask("SELECT value FROM meta WHERE key = 'documents'"), 1, "counted once");
	sqlite_close(s);
	s = open_store();
	is_int(write_one(s, commit("commit:77:a", 6, true, "77")), WRITE_DONE,
	    "written after being opened again");
	is_int(ask("SELECT count(*) FROM documents"), 1, "the same one");
	sqlite_close(s);
	clear();
}

static void
test_pages(void)
{
	struct sqlite_store *s = open_store();
	struct docs found = { 0 };
	struct doc *d, *gone;
	struct err e = { 0 };
	char id[32];

	for (int i = 0; i < 5; i++) {
		snprintf(id, sizeof(id), "commit:77:%d", i);
		write_one(s, commit(id, 100 + i, true, "77"));
	}
	ok(sqlite_page(s, "", 3, &found, &e) && found.count == 3 &&
	    str_eq(found.doc[2]->id, "commit:77:2"), "the first page, in order");
	docs_fini(&found);
	ok(sqlite_page(s, "commit:77:2", 3, &found, &e) && found.count == 2 &&
	    str_eq(found.doc[0]->id, "commit:77:3") &&
	    found.doc[0]->version == ((int64_t)1 << 48) + 103, "the rest, with versions");
	docs_fini(&found);
	ok(sqlite_page(s, "commit:77:4", 3, &found, &e) && found.count == 0, "the end");
	d = commit("commit:77:1", 100, true, "77");
	gone = doc_gone(d);
	is_int(write_one(s, gone), WRITE_DONE, "an older version of it is to go");
	is_int(ask("SELECT count(*) FROM documents"), 5, "which it does not");
	d->version = ((int64_t)1 << 48) + 101;
	gone = doc_gone(d);
	is_int(write_one(s, gone), WRITE_DONE, "this version of it is to go");
	is_int(ask("SELECT count(*) FROM documents"), 4, "it is gone");
	is_int(ask("SELECT value FROM meta WHERE key = 'documents'"), 4, "and counted");
	is_int(ask("SELECT count(*) FROM documents WHERE id = 'commit:77:1'"), 0, "that one");
	gone = doc_gone(d);
	is_int(write_one(s, gone), WRITE_DONE, "once more");
	is_int(ask("SELECT value FROM meta WHERE key = 'documents'"), 4, "changes nothing");
	doc_free(d);
	sqlite_close(s);
	clear();
}

static void
test_flagged(void)
{
	struct sqlite_store *s = open_store();
	struct docs found = { 0 };
	struct err e = { 0 };
	char id[32];

	for (int i = 0; i < 10; i++) {
		snprintf(id, sizeof(id), "commit:77:%d", i);
		write_one(s, commit(id, 100 + i, i != 3, "77"));
	}
	write_one(s, commit("commit:78:0", 50, true, "78"));
	ok(sqlite_flagged(s, 77, 105, 100, &found, &e), "asked for flagged commits");
	is_int(found.count, 4, "those below a clock, not the unflagged, not others'");
	ok(found.count > 0 && found.doc[0]->version == ((int64_t)1 << 48) + 100 &&
	    str_eq(found.doc[0]->action, "commit") &&
	    found.doc[0]->ts_ms == ACTIVITY_START &&
	    str_eq(json_str(found.doc[0]->body, "event.id"), found.doc[0]->id),
	    "copies, whole");
	docs_fini(&found);
	ok(sqlite_flagged(s, 77, 105, 2, &found, &e) && found.count == 2, "at most so many");
	docs_fini(&found);
	ok(sqlite_flagged(s, 77, ((int64_t)1 << 48) + 105, 9, &found, &e) &&
	    found.count == 4, "a version is as good as its clock");
	docs_fini(&found);
	is_int(ask("SELECT count(*) FROM (SELECT 1 FROM documents INDEXED BY "
	    "documents_flagged WHERE CAST(json_extract(body, '$.github.repo_id') AS "
	    "INTEGER) = 77 AND version & 281474976710655 < 105 AND action = 'commit' AND "
	    "json_extract(body, '$.github.commit.default_branch') = 1)"), 4,
	    "from an index");
	sqlite_close(s);
	clear();
}

/* The end of a write after something happened to the file, and the next. */
static void
test_gone(const char *what, void (*happen)(void))
{
	struct sqlite_store *s = open_store();
	char before[64];

	write_one(s, commit("commit:77:a", 5, true, "77"));
	str_copy(before, sizeof(before), sqlite_identity(s));
	happen();
	is_int(write_one(s, commit("commit:77:b", 5, true, "77")), WRITE_ANEW, what);
	ok(!str_eq(before, sqlite_identity(s)), "… is another store then");
	is_int(write_one(s, commit("commit:77:b", 5, true, "77")), WRITE_DONE,
	    "… which is written to");
	sqlite_close(s);
	is_int(ask("SELECT count(*) FROM documents WHERE id = 'commit:77:b'"), 1,
	    "… and holds it");
	is_int(ask("SELECT count(*) FROM pragma_integrity_check WHERE "
	    "integrity_check = 'ok'"), 1, "… in good order");
	s = open_store();
	ok(s != NULL && strlen(sqlite_identity(s)) == 32, "… also when opened again");
	sqlite_close(s);
	clear();
}

static void
unlink_file(void)
{
	unlink(path);
}

static void
unlink_log(void)
{
	char name[160];

	snprintf(name, sizeof(name), "%s-wal", path);
	unlink(name);
}

static void
replace_file(void)
{
	struct sqlite_store *other;
	char was[128], name[160];
	struct err e;

	str_copy(was, sizeof(was), path);
	snprintf(name, sizeof(name), "%s.other", path);
	str_copy(path, sizeof(path), name);
	other = sqlite_open(path, &e);
	write_one(other, commit("commit:77:x", 5, true, "77"));
	sqlite_close(other);
	str_copy(path, sizeof(path), was);
	ok(rename(name, path) == 0, "another store takes the place");
}

static void
empty_file(void)
{
	ok(change("DELETE FROM documents"), "all documents are deleted by hand");
}

static void
test_by_hand(void)
{
	struct sqlite_store *s = open_store();

	write_one(s, commit("commit:77:a", 5, true, "77"));
	write_one(s, commit("commit:77:b", 5, true, "77"));
	ok(change("DELETE FROM documents WHERE id = 'commit:77:a'"), "one is deleted");
	is_int(ask("SELECT count(kind) FROM facts"), 1, "and its facts");
	is_int(ask("SELECT value FROM meta WHERE key = 'documents'"), 1, "and not counted");
	is_int(write_one(s, commit("commit:77:c", 5, true, "77")), WRITE_DONE,
	    "it is the same store");
	sqlite_close(s);
	clear();
}

static void
test_busy(void)
{
	struct sqlite_store *s = open_store();
	sqlite3 *db = NULL;

	write_one(s, commit("commit:77:a", 5, true, "77"));
	sqlite3_open(path, &db);
	sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	is_int(write_one(s, commit("commit:77:b", 5, true, "77")), WRITE_BUSY,
	    "another program writes");
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
	is_int(write_one(s, commit("commit:77:b", 5, true, "77")), WRITE_DONE,
	    "and no longer");
	sqlite_close(s);
	clear();
}

static void
refused(const char *what, enum err_kind kind)
{
	struct err e = { 0 };
	struct sqlite_store *s = sqlite_open(path, &e);

	ok(s == NULL && e.kind == kind, "%s: %s", what, e.text);
	sqlite_close(s);
	clear();
}

static void
test_refused(void)
{
	FILE *f = fopen(path, "w");

	for (int i = 0; i < 1000; i++)
		fputs("this is no database ", f);
	fclose(f);
	refused("no database", ERR_CONFIG);
	change("CREATE TABLE notes(text)");
	refused("another program's", ERR_CONFIG);
	sqlite_close(open_store());
	change("PRAGMA user_version = 1000");
	refused("a newer version's", ERR_CONFIG);
	sqlite_close(open_store());
	ok(truncate(path, 5000) == 0, "cut off");
	refused("a part of it", ERR_CONFIG);
	if (geteuid() != 0) {
		sqlite_close(open_store());
		chmod(path, 0400);
		refused("read-only", ERR_CONFIG);
	}
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/activity.db", dir);
	test_made();
	test_versions();
	test_flagged();
	test_pages();
	test_gone("the file is deleted", unlink_file);
	test_gone("the log is deleted", unlink_log);
	test_gone("the file is replaced", replace_file);
	test_gone("the file is emptied", empty_file);
	test_by_hand();
	test_busy();
	test_refused();
	rmdir(dir);
	return done();
}

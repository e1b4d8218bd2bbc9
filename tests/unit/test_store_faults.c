/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_store_faults.c - activity.db on a disk that fails at every change of a
 * file in turn: what was promised is there, what was not is there whole or not
 * at all, and the file is in good order.
 */
#include "tap.h"

#include "activity.h"
#include "faults.h"
#include "store/sqlite.h"

#include <unistd.h>

#define WRITES	4
#define EACH	9		/* documents of a write */
#define MOST	2000		/* changes; a run without a fault has fewer */

static char dir[] = "/tmp/hubstash-faults-XXXXXX";
static char path[128];

static void
clear(void)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char name[160];

	for (size_t i = 0; i < LEN(ends); i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
}

static int64_t
ask(sqlite3 *db, const char *sql, int64_t value)
{
	sqlite3_stmt *q = NULL;
	int64_t v = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(q, 1, value);
		if (sqlite3_step(q) == SQLITE_ROW)
			v = sqlite3_column_int64(q, 0);
	}
	sqlite3_finalize(q);
	return v;
}

/* Write number k, in which every second write replaces half of the one before. */
static enum sqlite_end
write_some(struct sqlite_store *s, unsigned k, struct err *e)
{
	struct docs l = { 0 };
	enum sqlite_end end;

	for (unsigned i = 0; i < EACH; i++) {
		struct doc *d = activity_doc(k * EACH + i - (k % 2 ? EACH / 2 : 0));

		doc_set_version(d, true, 1767225600 + k);
		docs_add(&l, d);
	}
	end = sqlite_write(s, (const struct doc *const *)(uintptr_t)l.doc, l.count, e);
	docs_fini(&l);
	return end;
}

/* Works until something fails; how many writes were promised. -1: not opened. */
static int
work(bool *failed)
{
	struct err e = { 0 };
	struct sqlite_store *s = sqlite_open(path, &e);
	int promised = 0;

	*failed = s == NULL;
	for (unsigned k = 0; s != NULL && k < WRITES && !*failed; k++) {
		*failed = write_some(s, k, &e) != WRITE_DONE;
		promised += !*failed;
	}
	if (*failed && e.text[0] == '\0')
		printf("# failed without a reason\n");
	sqlite_close(s);
	return promised;
}

/* What is wrong with the file after that, or NULL. */
static const char *
wrong(int promised)
{
	struct err e = { 0 };
	struct sqlite_store *s = sqlite_open(path, &e);
	const char *what = NULL;
	sqlite3 *db = NULL;

	if (s == NULL)
		return "it cannot be opened";
	sqlite3_open(path, &db);
	if (ask(db, "SELECT count(*) FROM pragma_integrity_check "
	    "WHERE integrity_check <> 'ok'", 0) != 0)
		what = "it is corrupt";
	if (ask(db, "SELECT max(version & 0xffffffff) - 1767225599 FROM documents", 0) >
	    promised + 1)
		what = "more was written than tried";
	for (int k = 0; k < promised; k++)
		if (ask(db, "SELECT count(*) FROM documents WHERE version & 0xffffffff = "
		    "1767225600 + ?1", k) < EACH / 2)
			what = "promised documents are missing";
	if (ask(db, "SELECT count(*) FROM documents WHERE version & 0xffffffff = "
	    "1767225600 + ?1", promised) % EACH != 0)
		what = "a write is half there";
	if (ask(db, "SELECT (SELECT value FROM meta WHERE key = 'documents') - "
	    "(SELECT count(*) FROM documents)", 0) != 0)
		what = "documents are miscounted";
	if (ask(db, "SELECT count(*) FROM documents d FULL JOIN "
	    "(SELECT * FROM facts WHERE kind IS NOT NULL) f ON f.id = d.id "
	    "WHERE f.id IS NULL OR d.id IS NULL", 0) != 0)
		what = "documents without facts, or facts without a document";
	sqlite3_close(db);
	if (write_some(s, WRITES, &e) != WRITE_DONE)
		what = "it cannot be written";
	sqlite_close(s);
	return what;
}

static void
torture(const char *name, int code, bool dead)
{
	const char *what = NULL;
	int promised = 0, n = 0;
	bool failed = true;

	while (what == NULL && n < MOST) {
		faults.changes = 0;
		faults.code = code;
		faults.dead = dead;
		faults.at = ++n;
		promised = work(&failed);
		if (faults.changes < n)
			break;		/* it came to its end before */
		faults.at = 0;
		what = wrong(promised);
		clear();
	}
	faults.at = 0;
	ok(what == NULL && n > 20 && n < MOST && !failed && promised == WRITES,
	    "%s at each of %d changes%s%s", name, n - 1, what != NULL ? ": " : "",
	    what != NULL ? what : "");
	clear();
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/activity.db", dir);
	faults_install();
	torture("a full disk", SQLITE_FULL, false);
	torture("a broken disk", SQLITE_IOERR_WRITE, false);
	torture("a disk full for good", SQLITE_FULL, true);
	torture("a disk that dies", SQLITE_IOERR_WRITE, true);
	rmdir(dir);
	return done();
}

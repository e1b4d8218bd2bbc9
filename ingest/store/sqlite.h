/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite.h - the embedded store: one file, activity.db, that a person can open
 * with any SQLite tool, also while it is written.
 *
 *	documents(id TEXT PRIMARY KEY, version INTEGER, action TEXT,
 *	    ts INTEGER (ms), body TEXT (the JSON document))
 *
 * Beside it stand, kept in the same transaction: facts (what the dashboard needs of
 * each document; sqlite_facts.h), names (whom and what those name), meta (who this
 * store is).
 *
 * A file that is deleted or replaced while we have it open is noticed before
 * each write; the store is then another one, with another identity.
 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "data/doc.h"

struct loop;
struct store;
struct sqlite_store;

/*
 * Creates what is missing. Fails with a reason for: a file that is no database,
 * not ours, corrupt, read-only, or written by a newer version.
 */
struct sqlite_store *sqlite_open(const char *path, struct err *e) MUST_CHECK;
void sqlite_close(struct sqlite_store *s);	/* NULL is fine */

/* Random, made with the file; another one as soon as the file is another. */
const char *sqlite_identity(const struct sqlite_store *s);

enum sqlite_end {
	WRITE_DONE,	/* all of it is on the disk */
	WRITE_BUSY,	/* another program writes to the file; e says so */
	WRITE_ANEW,	/* the file was gone or another: look at the identity */
	WRITE_FAILED,	/* the disk or the file is broken; e says why */
};

/*
 * Writes documents in one transaction, each only if no higher version of it is
 * held; one without a body is deleted. Nothing at all is written unless it is WRITE_DONE.
 */
enum sqlite_end sqlite_write(struct sqlite_store *s, const struct doc *const *docs,
    size_t n, struct err *e) MUST_CHECK;

/*
 * Copies of at most max commits of a repository that are held with
 * github.commit.default_branch true and a clock (the seconds of a version, see
 * doc_set_version) below that of `below`. They keep their versions.
 */
bool sqlite_flagged(struct sqlite_store *s, int64_t repo_id, int64_t below,
    size_t max, struct docs *out, struct err *e) MUST_CHECK;

/* Copies of at most max documents whose ids come after `after`, in their order. */
bool sqlite_page(struct sqlite_store *s, const char *after, size_t max,
    struct docs *out, struct err *e) MUST_CHECK;

/*
 * Answers questions (store.h) about the file at path, on a thread and a
 * connection of its own. The file need not exist yet.
 */
struct store *sqlite_reader(struct loop *l, const char *path) MUST_CHECK;

#endif

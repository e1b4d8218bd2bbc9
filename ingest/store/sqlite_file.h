/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite_file.h - how activity.db is opened, for store/ alone. */
#ifndef STORE_SQLITE_FILE_H
#define STORE_SQLITE_FILE_H

#include "base/err.h"

#include <sqlite3.h>
#include <sys/types.h>

#define STORE_ID_SIZE	40

/* An open file, and the write-ahead log it had when it was first used. */
struct store_file {
	sqlite3	*db;		/* NULL: not open */
	char	*path;
	ino_t	 wal;		/* 0: none seen yet */
};

/*
 * Opens and configures; with write also creates and migrates. path is copied.
 * Where nothing can be written (a file system, a folder) a reader without a log
 * beside the file reads it as it stands.
 */
bool store_file_open(struct store_file *f, const char *path, bool write,
    struct err *e) MUST_CHECK;
void store_file_close(struct store_file *f);

/*
 * Whether what stands at the path is no longer what is open. store_file_used
 * remembers the log; call it after the first transaction.
 */
bool store_file_moved(const struct store_file *f);
void store_file_used(struct store_file *f);
/* Removes a log that our file left behind, lest it be taken for another's. */
void store_file_clean(const struct store_file *f);

bool store_file_identity(struct store_file *f, char id[STORE_ID_SIZE],
    struct err *e) MUST_CHECK;
/* The store is another one from now on. */
bool store_file_new_identity(struct store_file *f, struct err *e) MUST_CHECK;

/* Says what SQLite complains of; false. */
bool store_file_err(const struct store_file *f, struct err *e);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * open.c - opening and closing a data directory: the folder, its lock, the file.
 *
 *	DIR/lock	an engine holds flock on it; its text is the pid
 *	DIR/state.db	with -wal and -shm beside it while somebody has it open
 */
#include "base/str.h"
#include "state/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS		5000	/* the other one commits within milliseconds */

/* The folder and those above it, as far as they are missing. */
static bool
make_dir(const char *dir, struct err *e)
{
	char *path = xstrdup(dir);
	bool good = true;
	struct stat st;

	for (char *s = path + 1; good && *s != '\0'; s++) {
		if (*s != '/')
			continue;
		*s = '\0';
		good = mkdir(path, 0700) == 0 || errno == EEXIST ||
		    stat(path, &st) == 0;
		*s = '/';
	}
	good = good && (mkdir(path, 0700) == 0 || errno == EEXIST);
	if (!good)
		err_set(e, ERR_CONFIG, errno, "cannot make the folder: %s",
		    strerror(errno));
	else if (stat(path, &st) != 0)
		good = err_set(e, ERR_CONFIG, errno, "%s", strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		good = err_set(e, ERR_CONFIG, ENOTDIR, "is not a folder");
	free(path);
	return good;
}

static bool
fail_locked(int fd, struct err *e)
{
	char pid[32];
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? n : 0] = '\0';
	pid[strspn(pid, "0123456789")] = '\0';
	return err_set(e, ERR_CONFIG, EWOULDBLOCK, "another hubstash runs there, "
	    "pid %s", str_or(pid, "unknown"));
}

static bool
lock(struct state *s, const char *dir, struct err *e)
{
	char *path = xasprintf("%s/lock", dir);
	bool good = false;

	s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	free(path);
	if (s->lock < 0)
		return err_set(e, ERR_CONFIG, errno, "cannot be written: %s",
		    strerror(errno));
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0)
		good = errno == EWOULDBLOCK ? fail_locked(s->lock, e) :
		    err_set(e, ERR_CONFIG, errno, "cannot be locked: %s",
		    strerror(errno));
	else
		good = true;
	if (good && (ftruncate(s->lock, 0) != 0 ||
	    dprintf(s->lock, "%ld\n", (long)getpid()) < 0))
		good = err_set(e, ERR_SYSTEM, errno, "lock: %s", strerror(errno));
	if (!good) {
		close(s->lock);
		s->lock = -1;
	}
	return good;
}

bool
state_engine_runs(const char *dir)
{
	char *path = xasprintf("%s/lock", dir);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool runs = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 &&
	    errno == EWOULDBLOCK;

	if (fd >= 0)
		close(fd);
	free(path);
	return runs;
}

/*
 * Opens the file. A reader beside no engine finds no -wal; it then reads the file
 * as it stands (immutable), because SQLite would make files otherwise.
 */
static bool
open_file(struct state *s, const char *dir, struct err *e)
{
	static const int flags[] = {
		[STATE_ENGINE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		[STATE_READ] = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
		[STATE_WISH] = SQLITE_OPEN_READWRITE,
		[STATE_MEMORY] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_MEMORY,
	};
	char *path = s->mode == STATE_MEMORY ? xstrdup(":memory:") :
	    xasprintf("%s/state.db", dir);
	char *wal = xasprintf("%s-wal", path), *name = NULL;
	bool good = true;
	int fd, rc;

	if (s->mode == STATE_ENGINE) {		/* nobody else's to read */
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			good = err_set(e, ERR_CONFIG, errno, "state.db: %s",
			    strerror(errno));
		else
			close(fd);
	} else if (s->mode != STATE_MEMORY && access(path, F_OK) != 0)
		good = err_set(e, ERR_CONFIG, errno, errno == ENOENT ? "nothing has "
		    "run there yet" : errno == ENOTDIR ? "is not a folder" :
		    "state.db: %s", strerror(errno));
	if (good && s->mode == STATE_READ && access(wal, F_OK) != 0)
		name = str_file_uri(path, "immutable=1");
	if (good) {
		rc = sqlite3_open_v2(name != NULL ? name : path, &s->db,
		    flags[s->mode], NULL);
		good = rc == SQLITE_OK || sql_err(s, true, e);
	}
	free(name);
	free(path);
	free(wal);
	return good;
}

static bool
check_sound(struct state *s, struct err *e)
{
	sqlite3_stmt *st = sql_ask(s, "PRAGMA quick_check(1)", NULL);
	bool row = sql_row(s, st);
	const char *said = row ? str_or(sql_text(st, 0), "") : "", *line;

	if (s->failed) {
		*e = s->err;
		return false;
	}
	if (row && str_eq(said, "ok")) {
		sql_end(s, st);
		return true;
	}
	line = strrchr(said, '\n');	/* behind a line that names the database */
	err_set(e, ERR_CONFIG, 0, SQL_DAMAGED, line != NULL ? line + 1 : said);
	sql_end(s, st);
	return false;
}

/* The file is there: is it ours, whole, and in the right mode? */
static bool
settle_file(struct state *s, struct err *e)
{
	sqlite3_busy_timeout(s->db, BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (s->mode == STATE_ENGINE && !sql_exec(s, "PRAGMA journal_mode = WAL;"
	    "PRAGMA journal_size_limit = 67108864", e))
		return false;
	if (s->mode != STATE_READ && !sql_exec(s, "PRAGMA synchronous = FULL", e))
		return false;
	if (!schema_ready(s, e))
		return false;
	if (s->mode != STATE_ENGINE)
		return true;
	return check_sound(s, e) && sql_exec(s, "DELETE FROM notes", e);
}

struct state *
state_open(const char *dir, enum state_mode mode, struct err *e)
{
	struct state *s = xcalloc(1, sizeof(*s));
	bool good = true;

	s->mode = mode;
	s->lock = -1;
	s->dead = -1;
	s->statements = map_new();
	if (mode == STATE_ENGINE)
		good = make_dir(dir, e) && lock(s, dir, e);
	good = good && open_file(s, dir, e) && settle_file(s, e);
	if (good)
		return s;
	if (mode != STATE_MEMORY)
		err_at(e, "%s", dir);
	state_close(s);
	return NULL;
}

void
state_close(struct state *s)
{
	struct err e;

	if (s == NULL)
		return;
	if (s->writing && !state_commit(s, &e))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	sql_fini(s);
	if (s->lock >= 0)
		close(s->lock);
	free(s->touched);
	free(s);
}

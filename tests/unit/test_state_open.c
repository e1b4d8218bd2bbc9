/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a data directory: modes, files, locks, and what is refused with words. */
#include "state/state.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "dir.h"
#include "tap.h"

static void
refused(const char *dir, enum state_mode mode, const char *words, const char *what)
{
	struct err e = { 0 };
	struct state *s = state_open(dir, mode, &e);

	if (!ok(s == NULL && e.kind == ERR_CONFIG && strstr(e.text, words) != NULL &&
	    strstr(e.text, dir) != NULL, "%s: refused", what))
		printf("# got  %s (kind %d)\n# want %s, with %s\n", s != NULL ?
		    "it opened" : e.text, (int)e.kind, words, dir);
	state_close(s);
}

static struct state *
good(const char *dir, enum state_mode mode)
{
	struct err e;
	struct state *s = state_open(dir, mode, &e);

	if (s == NULL)
		die("%s", e.text);
	return s;
}

static void
sql(const char *dir, const char *text)
{
	char *path = xasprintf("%s/state.db", dir);
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		die("%s: %s", text, sqlite3_errmsg(db));
	sqlite3_close(db);
	free(path);
}

/* Makes state.db as an older hubstash did: tests/tables/state/VERSION.sql. */
static void
older(const char *dir, int version)
{
	char *path = xasprintf("tests/tables/state/%d.sql", version), text[8192];
	FILE *f = fopen(path, "re");
	size_t n = f != NULL ? fread(text, 1, sizeof(text) - 1, f) : 0;

	if (n == 0)
		die("cannot read %s", path);
	fclose(f);
	text[n] = '\0';
	sql(dir, text);
	free(path);
}

static void
put(const char *dir, const char *name, const char *text, long at)
{
	char *path = xasprintf("%s/%s", dir, name);
	FILE *f = fopen(path, at < 0 ? "w" : "r+");

	if (f == NULL || (at > 0 && fseek(f, at, SEEK_SET) != 0) || fputs(text, f) < 0)
		die("cannot write %s", path);
	fclose(f);
	free(path);
}

static int
mode_of(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	struct stat st = { 0 };

	if (stat(path, &st) != 0)
		st.st_mode = 0;
	free(path);
	return (int)(st.st_mode & 07777);
}

static void
test_new(void)
{
	char *top = dir_new(), *dir = xasprintf("%s/a/b", top), *names;
	struct state *s, *reader;
	struct err e;

	refused(dir, STATE_READ, "nothing has run there yet", "reading where nothing is");
	refused(dir, STATE_WISH, "nothing has run there yet", "wishing where nothing is");
	names = dir_list(top);
	is_str(names, "", "neither makes anything");
	free(names);
	s = good(dir, STATE_ENGINE);
	is_int(mode_of(top, "a/b"), 0700, "an engine makes the folders");
	is_int(mode_of(dir, "state.db"), 0600, "state.db is nobody else's to read");
	is_int(mode_of(dir, "lock"), 0600, "nor is the lock");
	state_set_meta(s, "a", "1");
	ok(state_commit(s, &e), "commits");
	is_int(mode_of(dir, "state.db-wal"), 0600, "nor the log of changes");
	state_close(s);
	names = dir_list(dir);
	is_str(names, "lock state.db", "a close leaves two files");
	free(names);
	reader = good(dir, STATE_READ);
	names = state_meta(reader, "a");
	is_str(names, "1", "a reader without an engine reads");
	free(names);
	names = dir_list(dir);
	is_str(names, "lock state.db", "and makes no file");
	free(names);
	state_close(reader);
	free(dir);
	dir = xasprintf("%s/odd?name#%%20", top);
	state_close(good(dir, STATE_ENGINE));
	state_close(good(dir, STATE_READ));
	ok(true, "a name with characters of addresses");
	free(dir);
	dir_remove(top);
}

static void
test_lock(void)
{
	char *dir = dir_new(), *pid = xasprintf("pid %ld", (long)getpid());
	struct state *s = good(dir, STATE_ENGINE);
	struct err e;

	refused(dir, STATE_ENGINE, pid, "a second engine");
	ok(state_open(dir, STATE_ENGINE, &e) == NULL && e.code == EWOULDBLOCK,
	    "and can be told from other mistakes");
	state_close(good(dir, STATE_READ));
	state_close(good(dir, STATE_WISH));
	state_close(s);
	state_close(good(dir, STATE_ENGINE));
	ok(true, "after the first has gone the next one opens");
	free(pid);
	dir_remove(dir);
}

/* A process that is killed in the middle leaves what it had committed. */
static void
test_killed(void)
{
	char *dir = dir_new(), *text;
	struct state *s;
	struct err e;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		s = good(dir, STATE_ENGINE);
		state_set_meta(s, "a", "1");
		if (!state_commit(s, &e))
			_exit(1);
		state_set_meta(s, "a", "2");
		raise(SIGKILL);
	}
	waitpid(pid, &status, 0);
	ok(WIFSIGNALED(status), "an engine is killed");
	s = good(dir, STATE_READ);
	text = state_meta(s, "a");
	is_str(text, "1", "a reader finds what was committed");
	free(text);
	state_close(s);
	s = good(dir, STATE_ENGINE);
	text = state_meta(s, "a");
	is_str(text, "1", "and so does the next engine");
	free(text);
	state_close(s);
	dir_remove(dir);
}

static void
test_refused(void)
{
	char *dir = dir_new(), *file = xasprintf("%s/f", dir), *below;

	put(dir, "f", "x", -1);
	refused(file, STATE_ENGINE, "is not a folder", "a file");
	below = xasprintf("%s/below", file);
	refused(below, STATE_ENGINE, "cannot make the folder", "a folder in a file");
	free(below);
	free(file);
	state_close(good(dir, STATE_ENGINE));
	sql(dir, "PRAGMA user_version = 99");
	refused(dir, STATE_ENGINE, "newer hubstash: its version is 99", "a newer version");
	refused(dir, STATE_READ, "newer hubstash", "a newer version, reading");
	sql(dir, "PRAGMA user_version = 0");
	refused(dir, STATE_ENGINE, "not made by hubstash", "another program's file");
	sql(dir, "PRAGMA user_version = 1; DROP TABLE notes");
	refused(dir, STATE_ENGINE, "not as hubstash makes it", "a file without a table");
	put(dir, "state.db", "this is text, and it is long enough to be looked at.....\n"
	    "......................................................................", -1);
	refused(dir, STATE_ENGINE, "state.db is damaged", "a file of text");
	refused(dir, STATE_READ, "state.db is damaged", "a file of text, reading");
	put(dir, "state.db", "", -1);
	refused(dir, STATE_READ, "nothing has run there yet", "an empty file, reading");
	state_close(good(dir, STATE_ENGINE));
	ok(true, "an empty file becomes a state");
	dir_remove(dir);
}

static void
see_name(void *arg, const struct repo_row *r)
{
	buf_printf(arg, "%s %lld ", r->name, (long long)r->org_id);
}

static void
test_older(void)
{
	char *dir = dir_new();
	struct buf seen = BUF(256);
	struct state *s;

	older(dir, 1);
	sql(dir, "INSERT INTO repos (id, name) VALUES (7, 'o/n')");
	refused(dir, STATE_READ, "older hubstash: start `hubstash run` once",
	    "an older version, reading");
	s = good(dir, STATE_ENGINE);
	state_save_repo(s, &(struct repo_row){ .id = 8, .name = "o/m", .org_id = 9 });
	state_close(s);
	s = good(dir, STATE_READ);
	state_repos(s, see_name, &seen);
	is_str(buf_str(&seen), "o/n 0 o/m 9 ", "an older version is brought up to date, "
	    "with what it holds");
	state_close(s);
	buf_fini(&seen);
	dir_remove(dir);
}

static void
test_damaged(void)
{
	char *dir = dir_new();
	struct state *s = good(dir, STATE_ENGINE);

	for (int i = 0; i < 400; i++) {
		char *key = xasprintf("key %d of some length, to fill pages", i);

		state_set_meta(s, key, key);
		free(key);
	}
	state_close(s);
	for (long page = 3; page < 24; page++)
		put(dir, "state.db", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
		    page * 4096);
	refused(dir, STATE_ENGINE, "state.db is damaged", "damaged in the middle");
	dir_remove(dir);
}

static unsigned told;

static void
on_dirty(void *arg)
{
	UNUSED(arg);
	told++;
}

/* A failure while reading would stay unknown if nothing were written after it. */
static void
test_read_fails(void)
{
	char *dir = dir_new(), *text;
	struct state *s = good(dir, STATE_ENGINE);
	struct err e = { 0 };

	state_on_dirty(s, on_dirty, NULL);
	ok(!state_dirty(s), "nothing to commit");
	sql(dir, "CREATE TABLE news (x); PRAGMA wal_checkpoint(TRUNCATE)");
	for (long page = 1; page < 24; page++)
		put(dir, "state.db", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
		    page * 4096);
	text = state_meta(s, "a");
	is_int(told, 1, "a read that fails is told at once");
	ok(text == NULL && state_dirty(s), "a commit waits");
	ok(!state_commit(s, &e) && strstr(e.text, "damaged") != NULL, "and says why");
	state_set_meta(s, "a", "1");
	is_int(told, 1, "once");
	free(text);
	state_close(s);
	dir_remove(dir);
}

/* Root may write everywhere; a child that is nobody may not. */
static void
test_read_only(void)
{
	char *dir = dir_new();
	pid_t pid;
	int status = -1;

	state_close(good(dir, STATE_ENGINE));
	chmod(dir, 0555);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct err e = { 0 };
		struct state *s;

		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(3);
		s = state_open(dir, STATE_ENGINE, &e);
		_exit(s == NULL && e.kind == ERR_CONFIG &&
		    strstr(e.text, "Permission denied") != NULL ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a directory we may not "
	    "write is refused");
	chmod(dir, 0755);
	dir_remove(dir);
}

/* No file may grow any more: as on a full disk. */
static void
test_full(void)
{
	char *dir = dir_new(), *large = xcalloc(1, 200001), *text;
	struct state *s = good(dir, STATE_ENGINE);
	struct rlimit old, tight = { 0 };
	struct err e = { 0 };

	memset(large, 'x', 200000);
	state_set_meta(s, "a", "1");
	ok(state_commit(s, &e), "commits while there is room");
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	tight = old;
	tight.rlim_cur = 65536;
	setrlimit(RLIMIT_FSIZE, &tight);
	state_set_meta(s, "b", large);
	ok(!state_commit(s, &e) && e.kind == ERR_SYSTEM && err_exit(&e) == 75,
	    "a commit that cannot be written fails");
	printf("# %s\n", e.text);
	ok((text = state_meta(s, "a")) == NULL, "nothing is read after that");
	ok(!state_commit(s, &e), "and nothing committed");
	state_close(s);
	setrlimit(RLIMIT_FSIZE, &old);
	s = good(dir, STATE_ENGINE);
	text = state_meta(s, "b");
	ok(text == NULL, "what failed is not there");
	text = state_meta(s, "a");
	is_str(text, "1", "what was committed is");
	free(text);
	state_close(s);
	free(large);
	dir_remove(dir);
}

static void
test_memory(void)
{
	struct err e;
	struct state *s = state_open(NULL, STATE_MEMORY, &e);

	ok(s != NULL, "in memory");
	state_set_meta(s, "a", "1");
	ok(state_commit(s, &e), "commits too");
	state_close(s);
	state_close(NULL);
}

int
main(void)
{
	test_new();
	test_lock();
	test_killed();
	test_refused();
	test_older();
	test_damaged();
	test_read_fails();
	test_read_only();
	test_full();
	test_memory();
	return done();
}

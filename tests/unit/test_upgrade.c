/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_upgrade.c - both databases of the version before, and when they are made,
 * with the process killed in each change of a file, and with a disk
 * that refuses it: the next start finds all that was there.
 */
#include "state/state.h"
#include "store/sqlite.h"

#include <signal.h>
#include <sys/wait.h>

#include "dir.h"
#include "faults.h"
#include "tap.h"

#define CHANGES_MAX	500

static void
see_dead(void *arg, const struct dead_row *d)
{
	buf_printf(arg, "dead %lld %s %s %s %lld;", (long long)d->id, d->output, d->doc_id,
	    d->target != NULL ? d->target : "-", (long long)d->times);
}

static void
see_repo(void *arg, const struct repo_row *r)
{
	buf_printf(arg, "repo %lld %s %lld;", (long long)r->id, r->name,
	    (long long)r->org_id);
}

static void
sql(const char *dir, const char *file, const char *text)
{
	char *path = xasprintf("%s/%s", dir, file);
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		die("%s: %s", text, sqlite3_errmsg(db));
	sqlite3_close(db);
	free(path);
}

static void
sql_file(const char *dir, const char *file, const char *of)
{
	char text[8192];
	FILE *f = fopen(of, "re");
	size_t n = f != NULL ? fread(text, 1, sizeof(text) - 1, f) : 0;

	if (n == 0)
		die("cannot read %s", of);
	fclose(f);
	text[n] = '\0';
	sql(dir, file, text);
}

static void
older_store(const char *dir)
{
	sql_file(dir, "activity.db", "tests/tables/store/1.sql");
	sql(dir, "activity.db", "PRAGMA journal_mode = WAL");
}

/* A state.db of the first version, with something in it. */
static void
older(const char *dir)
{
	sql_file(dir, "state.db", "tests/tables/state/1.sql");
	sql(dir, "state.db", "PRAGMA journal_mode = WAL;"
	    "INSERT INTO repos (id, name) VALUES (7, 'o/n');"
	    "INSERT INTO meta VALUES ('a', '1');"
	    "INSERT INTO dead (output, doc_id, times) VALUES ('out.x#0', 'issue:1:2', 3)");
}

static void
nothing(const char *dir)
{
	UNUSED(dir);
}

static bool
open_state(const char *dir)
{
	struct err e = { 0 };
	struct state *s = state_open(dir, STATE_ENGINE, &e);
	bool good = s != NULL && e.kind == ERR_NONE;

	state_close(s);
	return good;
}

static bool
open_store(const char *dir)
{
	char *path = xasprintf("%s/activity.db", dir);
	struct err e = { 0 };
	struct sqlite_store *s = sqlite_open(path, &e);
	bool good = s != NULL;

	sqlite_close(s);
	free(path);
	return good;
}

static bool
holds_state(const char *dir, const char *want)
{
	struct buf seen = BUF(4096);
	struct err e = { 0 };
	struct state *s = state_open(dir, STATE_ENGINE, &e);
	char *a = s != NULL ? state_meta(s, "a") : NULL;
	bool good;

	if (s != NULL) {
		state_repos(s, see_repo, &seen);
		state_dead(s, see_dead, &seen);
		buf_printf(&seen, "a %s", a != NULL ? a : "-");
	}
	good = s != NULL && str_eq(buf_str(&seen), want);
	if (!good)
		printf("# got  %s\n# want %s\n", s != NULL ? buf_str(&seen) : e.text, want);
	free(a);
	state_close(s);
	buf_fini(&seen);
	return good;
}

static bool
holds_all(const char *dir)
{
	return holds_state(dir, "repo 7 o/n 0;dead 1 out.x#0 issue:1:2 - 3;a 1");
}

static bool
holds_none(const char *dir)
{
	return holds_state(dir, "a -");
}

static bool
is_store(const char *dir)
{
	char *path = xasprintf("%s/activity.db", dir);
	struct err e = { 0 };
	struct sqlite_store *s = sqlite_open(path, &e);
	bool good = s != NULL && strlen(sqlite_identity(s)) == 32;

	if (!good)
		printf("# %s\n", s != NULL ? sqlite_identity(s) : e.text);
	sqlite_close(s);
	free(path);
	return good;
}

/* Each document, with what is known of it. */
static const char facts[] =
    "SELECT group_concat(f.id || ' ' || k.id || ' ' || r.name || ' ' || f.flags || ' ' || "
    "f.state || ' ' || ifnull(f.credit, '-') || ' ' || ifnull(f.agents, '-') || ' ' || "
    "ifnull(f.additions, '-') || ' ' || ifnull(f.punch, '-') || ' ' || "
    "ifnull(f.merged, '-') || ' ' || ifnull(f.merge, '-'), ', ') || '; ' || "
    "(SELECT group_concat(name, ' ') FROM (SELECT name FROM names WHERE kind > 1 "
    "ORDER BY number)) FROM (SELECT * FROM facts ORDER BY id) f "
    "JOIN documents d ON d.id = f.id JOIN names k ON k.number = f.kind "
    "JOIN names r ON r.number = f.repo";

static bool
holds_facts(const char *dir)
{
	static const char want[] =
	    "commit:77:a commit sim-works/engine 3 0 3 4 5 3 81 - -, "
	    "issue:77:2 issue  0 0 - - - - - -, "
	    "pr:77:1 pull_request sim-works/engine 3 3 4 - - - 1767312000000 69; "
	    "sim-ada sim-bo Claude";
	char *path = xasprintf("%s/activity.db", dir);
	const char *got = NULL;
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;
	bool good = is_store(dir);

	if (sqlite3_open(path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, facts, -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		got = (const char *)sqlite3_column_text(q, 0);
	if (!str_eq(got, want)) {
		printf("# got  %s\n# want %s\n", got != NULL ? got : sqlite3_errmsg(db),
		    want);
		good = false;
	}
	sqlite3_finalize(q);
	sqlite3_close(db);
	free(path);
	return good;
}

static const struct what {
	const char	*name;
	void		(*before)(const char *dir);
	bool		(*open)(const char *dir);
	bool		(*holds)(const char *dir);
	int		 least;		/* changes there must be */
} whats[] = {
	{ "state.db of version 1", older, open_state, holds_all, 5 },
	{ "a new state.db", nothing, open_state, holds_none, 5 },
	{ "a new activity.db", nothing, open_store, is_store, 5 },
	{ "activity.db of version 1", older_store, open_store, holds_facts, 5 },
};

static void
die_now(void)
{
	raise(SIGKILL);
}

/* Whether the process was killed in the Nth change, a write half done. */
static bool
killed(const struct what *w, const char *dir, int n)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		faults.changes = 0;
		faults.half = true;
		faults.strike = die_now;
		faults.at = n;
		_exit(w->open(dir) ? 0 : 1);
	}
	if (waitpid(pid, &status, 0) < 0 || (WIFEXITED(status) && WEXITSTATUS(status) != 0))
		die("%s: it did not open (%d)", w->name, status);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void
test_killed(const struct what *w)
{
	int n = 0, bad = 0;
	bool more = true;

	while (more && n < CHANGES_MAX) {
		char *dir = dir_new();

		w->before(dir);
		more = killed(w, dir, ++n);
		if (more && n % 3 == 0)		/* and the next one, too, now and then */
			killed(w, dir, n / 3);
		if (!w->holds(dir)) {
			printf("# killed in change %d\n", n);
			bad++;
		}
		dir_remove(dir);
	}
	ok(bad == 0 && n > w->least && n < CHANGES_MAX, "%s: killed in each of %d changes",
	    w->name, n - 1);
}

/* dead: nothing can be written from then on. In a child, whose disk is its own. */
static void
test_refused(const struct what *w, int code, bool dead)
{
	int n = 0, bad = 0, opened = 0;
	bool more = true;

	while (more && n < CHANGES_MAX) {
		char *dir = dir_new();
		int status = 0;
		pid_t pid;

		w->before(dir);
		n++;
		pid = fork();
		if (pid == 0) {
			faults.changes = 0;
			faults.code = code;
			faults.dead = dead;
			faults.at = n;
			status = w->open(dir) ? 1 : 0;
			_exit(status + (faults.changes >= n ? 2 : 0));
		}
		waitpid(pid, &status, 0);
		if (!WIFEXITED(status))
			bad++;
		more = WIFEXITED(status) && (WEXITSTATUS(status) & 2) != 0;
		opened += WIFEXITED(status) && WEXITSTATUS(status) == 3;
		if (!w->holds(dir)) {
			printf("# change %d failed\n", n);
			bad++;
		}
		dir_remove(dir);
	}
	ok(bad == 0 && n > w->least && n < CHANGES_MAX, "%s: each of %d changes fails, %s "
	    "(%d times it opened all the same)", w->name, n - 1, dead ? "and all after it" :
	    "alone", opened);
}

int
main(void)
{
	faults_install();
	for (size_t i = 0; i < LEN(whats); i++) {
		test_killed(&whats[i]);
		test_refused(&whats[i], SQLITE_FULL, true);
	}
	test_refused(&whats[0], SQLITE_IOERR_WRITE, false);
	return done();
}

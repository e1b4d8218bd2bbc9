/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_store_read.c - activity.db in states a reader may find it in, questions that
 * follow what is written, and what is let go when nobody asks.
 */
#include "tap.h"

#include "activity.h"
#include "base/clock.h"
#include "base/str.h"
#include "dir.h"
#include "io/loop.h"
#include "store/cube.h"
#include "store/sqlite.h"
#include "store/store.h"

#include <dirent.h>
#include <unistd.h>

static struct loop *loop;
static char *path;

static struct {
	bool		failed;
	int64_t		documents, total;
	char		name[64];
	struct err	err;
} last;

static void
on_answer(void *arg, const struct json *answer, const struct err *e)
{
	const struct json *first = json_at(json_get(answer, "people"), 0);

	UNUSED(arg);
	last.failed = answer == NULL;
	last.documents = last.total = -1;
	if (answer == NULL)
		last.err = *e;
	else if (!json_int(answer, "documents", &last.documents) ||
	    !json_int(answer, "total", &last.total))
		last.total = -1;
	str_copy(last.name, sizeof(last.name), str_or(json_str(first, "name"), "-"));
	loop_stop(loop);
}

static void
ask(struct store *s)
{
	store_ask(s, &(struct store_question){ .panel = STORE_PEOPLE,
	    .who = STORE_EVERYBODY, .to_ms = STORE_LAST_MS }, on_answer, NULL);
	loop_run(loop);
}

/* Asked of a reader of its own. */
static void
ask_new(void)
{
	struct store *s = sqlite_reader(loop, path);

	ask(s);
	store_free(s);
}

static void
change(const char *sql)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static struct sqlite_store *
open_store(void)
{
	struct err e = { 0 };
	struct sqlite_store *s = sqlite_open(path, &e);

	if (s == NULL)
		die("%s", e.text);
	return s;
}

static void
write_one(struct sqlite_store *s, struct doc *d)
{
	struct err e = { 0 };

	if (sqlite_write(s, (const struct doc *const *)(uintptr_t)&d, 1, &e) != WRITE_DONE)
		die("%s", e.text);
	doc_free(d);
}

static struct doc *
pull(const char *id, int64_t at, const char *name)
{
	struct doc *d = doc_new(id, "pull_request", at);

	doc_set_version(d, true, 1);
	json_set(d->body, "hubstash.credit_id", json_new_array());
	json_set(d->body, "hubstash.credit", json_new_array());
	json_push(json_get(d->body, "hubstash.credit_id"), json_new_string("1"));
	json_push(json_get(d->body, "hubstash.credit"), json_new_string(name));
	return d;
}

static void
remove_file(void)
{
	static const char *const ends[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < LEN(ends); i++) {
		char *name = xasprintf("%s%s", path, ends[i]);

		unlink(name);
		free(name);
	}
}

static void
says(const char *what, const char *part)
{
	ok(last.failed && strstr(last.err.text, part) != NULL, "%s: %s", what,
	    last.failed ? last.err.text : "it answers");
}

static void
test_states(void)
{
	struct sqlite_store *s;
	FILE *f;

	ask_new();
	says("missing", "No such file");
	f = fopen(path, "we");
	fputs("this was never a database, whatever its name may say, and is long enough "
	    "to be told from one by everybody who looks at its first hundred bytes", f);
	fclose(f);
	ask_new();
	says("no database", "damaged, or no SQLite database");
	remove_file();
	s = open_store();
	ask_new();
	ok(!last.failed && last.total == 0 && last.documents == 0, "empty: nobody");
	write_one(s, pull("pr:77:1", ACTIVITY_START, "sim-ada"));
	sqlite_close(s);
	change("PRAGMA user_version = 99");
	ask_new();
	says("newer", "newer version");
	change("PRAGMA user_version = 1");
	ask_new();
	says("older, and not opened for writing yet", "another version");
	change("PRAGMA user_version = 2");
	ask_new();
	ok(!last.failed && last.total == 1, "and whole again");
}

/* Whatever somebody writes into the tables, it is said, and nothing breaks. */
static void
test_damaged(void)
{
	static const char *const damages[] = {
		"UPDATE facts SET kind = 99", "UPDATE facts SET kind = -1",
		"UPDATE facts SET kind = 'x'", "UPDATE facts SET repo = 1",
		"UPDATE facts SET repo = NULL", "UPDATE facts SET credit = '3 99'",
		"UPDATE facts SET credit = '3 x'", "UPDATE facts SET credit = 1",
		"UPDATE facts SET credit = 0", "UPDATE facts SET agents = 3",
		"UPDATE facts SET agents = x'ff'", "UPDATE facts SET doc = 1 << 40",
		"UPDATE facts SET doc = -3", "UPDATE facts SET author = 3",
		"UPDATE names SET number = 1 << 40 WHERE number = 3",
		"UPDATE names SET number = number - 9", "DELETE FROM names",
		"UPDATE names SET kind = 77", "DELETE FROM meta",
	};
	struct sqlite_store *s;

	for (size_t i = 0; i < LEN(damages); i++) {
		remove_file();
		s = open_store();
		write_one(s, pull("pr:77:1", ACTIVITY_START, "sim-ada"));
		sqlite_close(s);
		change(damages[i]);
		ask_new();
		ok(last.failed && last.err.text[0] != '\0', "%s: %s", damages[i],
		    last.err.text);
	}
}

/* More facts than may be kept: said, not swallowed. */
static void
test_ceiling(void)
{
	struct store_file f;
	struct cube *c = cube_new();
	struct err e = { 0 };

	if (!store_file_open(&f, path, false, &e))
		die("%s", e.text);
	ok(cube_follow(c, &f, &e) && cube_bytes(c) < CUBE_MAX_BYTES, "a few fit");
	cube_free(c);
	c = cube_new();
	c->max_bytes = cube_bytes(c) + 1000;
	ok(!cube_follow(c, &f, &e) && e.kind == ERR_LIMIT, "too many: %s", e.text);
	cube_free(c);
	store_file_close(&f);
}

static void
test_follows(void)
{
	struct sqlite_store *s, *other;
	struct store *r = sqlite_reader(loop, path);
	char *aside = xasprintf("%s.aside", path), *was = path;
	struct err e;

	remove_file();
	s = open_store();
	write_one(s, pull("pr:77:1", ACTIVITY_START, "sim-ada"));
	ask(r);
	is_str(last.name, "sim-ada", "the name that stands there");
	write_one(s, pull("pr:77:2", ACTIVITY_START + 1, "sim-lovelace"));
	ask(r);
	is_str(last.name, "sim-lovelace", "a newer one");
	change("VACUUM");
	write_one(s, pull("pr:77:3", ACTIVITY_START + 2, "sim-byron"));
	ask(r);
	is_str(last.name, "sim-byron", "also when the file was packed between");
	change("DELETE FROM documents WHERE id = 'pr:77:3'");
	ask(r);
	ok(last.documents == 2 && str_eq(last.name, "sim-lovelace"), "deleted by hand");
	write_one(s, pull("pr:77:3", ACTIVITY_START + 2, "sim-king"));
	ask(r);
	ok(last.documents == 3 && str_eq(last.name, "sim-king"), "and written again");
	path = aside;
	other = open_store();
	write_one(other, pull("pr:77:1", ACTIVITY_START, "sim-bo"));
	sqlite_close(other);
	path = was;
	sqlite_close(s);
	remove_file();		/* with its log, as SQLite has it */
	ok(rename(aside, path) == 0, "another file takes its place");
	ask(r);
	ok(last.documents == 1 && str_eq(last.name, "sim-bo"), "it is read, and it alone");
	s = open_store();
	change("DELETE FROM documents");
	ask(r);
	is_int(last.total, 0, "emptied");
	is_int(sqlite_write(s, NULL, 0, &e), WRITE_ANEW, "the writer sees it too");
	sqlite_close(s);
	store_free(r);
	free(aside);
}

/* How many descriptors of this process are of the file. */
static int
held(void)
{
	DIR *d = opendir("/proc/self/fd");
	struct dirent *entry;
	char name[300], to[300];
	int n = 0;

	while ((entry = readdir(d)) != NULL) {
		ssize_t len;

		snprintf(name, sizeof(name), "/proc/self/fd/%s", entry->d_name);
		len = readlink(name, to, sizeof(to) - 1);
		if (len <= 0)
			continue;
		to[len] = '\0';
		n += str_starts(to, path);
	}
	closedir(d);
	return n;
}

static void
on_timer(void *arg)
{
	UNUSED(arg);
	loop_stop(loop);
}

static void
wait_minutes(struct timer *t, int64_t minutes)
{
	timer_set(t, minutes * 60 * 1000);
	loop_run(loop);
}

/* Time is virtual: once nothing is at work it jumps to the next timer. */
static void
test_idle(void)
{
	struct store *r = sqlite_reader(loop, path);
	struct timer *t = timer_new(loop, on_timer, NULL);

	timer_set(t, 1);
	ask(r);
	ok(held() > 0, "the file is open");
	wait_minutes(t, 9);
	ok(held() > 0, "still, after nine minutes");
	timer_set(t, 1);
	ask(r);
	wait_minutes(t, 9);
	ok(held() > 0, "and nine after another question");
	wait_minutes(t, 2);
	is_int(held(), 0, "when nobody has asked for ten it is let go");
	timer_set(t, 1);
	ask(r);
	ok(!last.failed && held() > 0, "and opened again");
	timer_free(t);
	store_free(r);
	is_int(held(), 0, "nothing is left open");
}

int
main(void)
{
	struct err e = { 0 };
	char *dir = dir_new();

	setenv("HUBSTASH_CLOCK", "virtual:2026-01-01T00:00:00Z", 1);
	path = xasprintf("%s/activity.db", dir);
	loop = loop_new(&e);
	test_states();
	test_ceiling();
	test_damaged();
	test_follows();
	test_idle();
	loop_free(loop);
	free(path);
	dir_remove(dir);
	return done();
}

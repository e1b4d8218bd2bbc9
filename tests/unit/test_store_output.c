/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_output.c - the output sqlite in a pipeline: what is settled is there. */
#include "tap.h"

#include "core/plugin.h"

extern const struct output out_sqlite;
#define FAKE_OUTPUTS	&out_sqlite

#include "fake.h"

#include "store/store.h"

#include <dirent.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

static char dir[] = "/tmp/hubstash-output-XXXXXX";
static char path[128];
static struct fake_run run;
static unsigned told;
static void (*next)(struct fake *in);

static int64_t
ask(const char *sql)
{
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;
	int64_t v = -1;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		v = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return v;
}

static void
on_settled(struct origin *o)
{
	UNUSED(o);
	told++;
	if (next != NULL)
		next(fake_in);
	else
		pipeline_stop(run.pipeline);
}
static struct origin origin = { .settled = on_settled };

static void
emit(const char *prefix, size_t n)
{
	struct docs docs = fake_docs(prefix, n);

	for (size_t i = 0; i < docs.count; i++) {
		doc_str(docs.doc[i], "github.repo_id", "7");
		doc_bool(docs.doc[i], "github.commit.default_branch", true);
	}
	host_emit(fake_in->host, &docs, &origin);
}

static void
on_trouble(void *arg, const char *instance, const char *text, int64_t since)
{
	UNUSED(since);
	if (str_starts(instance, "out.") && text != NULL)
		str_set(arg, text);
}

/* Runs a pipeline from its first step to its end. */
static int
play(void (*first)(struct fake *in))
{
	bool good;

	told = 0;
	next = NULL;
	origin = (struct origin){ .settled = on_settled };
	good = fake_open(&run, dir, RUN_FOLLOW,
	    "input { gen { } } output { sqlite { } }");
	fake_step = first;
	if (!good) {
		printf("# %s%s\n", buf_str(&run.said), run.err.text);
		fake_fini(&run);
		return -1;
	}
	pipeline_start(run.pipeline);
	loop_run(run.loop);
	return run.status;
}

static void
step_many(struct fake *in)
{
	UNUSED(in);
	emit("commit:7:", 3000);
}

static void
test_many(void)
{
	char *identity;

	is_int(play(step_many), 0, "three thousand documents");
	is_int(told, 1, "are settled once");
	is_int(ask("SELECT count(*) FROM documents"), 3000, "and all there");
	identity = state_identity(run.state, "out.sqlite#0");
	ok(identity != NULL && str_starts(identity, "sqlite:") &&
	    strlen(identity) == 39, "who it is, is remembered");
	free(identity);
	fake_fini(&run);
}

static void
step_more(struct fake *in)
{
	UNUSED(in);
	next = NULL;
	emit("commit:7:b", 10);
}

static void
step_delete(struct fake *in)
{
	UNUSED(in);
	unlink(path);
	step_more(in);
}

static void
step_gone(struct fake *in)
{
	state_save_repo(run.state, &(struct repo_row){ .id = 7, .node_id = "R_7",
	    .org = "sim", .name = "sim/one" });
	state_save_stream(run.state, &(struct stream_row){ .repo_id = 7,
	    .kind = STREAM_PULLS, .cursor = "x" });
	UNUSED(in);
	next = step_delete;
	emit("commit:7:a", 10);
}

static void
test_gone(void)
{
	char *before, *after;
	struct state *s;
	struct err e;

	s = state_open(dir, STATE_READ, &e);
	before = state_identity(s, "out.sqlite#0");
	state_close(s);
	is_int(play(step_gone), 0, "the file is deleted between two pages");
	is_int(told, 2, "both are settled");
	is_int(ask("SELECT count(*) FROM documents WHERE id GLOB 'commit:7:b*'"), 10,
	    "the second stands in a new file");
	is_int(fake_in->refills, 1, "what stood in the old one is sent for");
	after = state_identity(run.state, "out.sqlite#0");
	ok(before != NULL && after != NULL && !str_eq(before, after),
	    "for it is another store");
	free(before);
	free(after);
	fake_fini(&run);
}

static void
on_flagged(void *arg, struct docs *docs)
{
	size_t *n = arg;

	*n = docs->count;
	docs_fini(docs);
	pipeline_stop(run.pipeline);
}

static size_t flagged;

static void
step_ask(struct fake *in)
{
	host_flagged(in->host, 7, 2, 100, on_flagged, &flagged);
}

static void
test_flagged(void)
{
	is_int(play(step_ask), 0, "asked for flagged commits");
	is_int(flagged, 10, "which are the ten");
	fake_fini(&run);
}

static sqlite3 *other;

static void
on_unlock(void *arg)
{
	char *trouble = NULL;

	UNUSED(arg);
	pipeline_troubles(run.pipeline, on_trouble, &trouble);
	ok(trouble != NULL && strstr(trouble, "another program") != NULL, "is said: %s",
	    str_or(trouble, "nothing"));
	free(trouble);
	is_int(told, 0, "nothing is settled meanwhile");
	sqlite3_exec(other, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(other);
}

static struct timer *unlock;

static void
step_locked(struct fake *in)
{
	UNUSED(in);
	sqlite3_open(path, &other);
	sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	unlock = timer_new(run.loop, on_unlock, NULL);
	timer_set(unlock, 400);
	emit("commit:7:c", 10);
}

static void
test_locked(void)
{
	is_int(play(step_locked), 0, "another program writes for a while");
	is_int(ask("SELECT count(*) FROM documents WHERE id GLOB 'commit:7:c*'"), 10,
	    "then all is there");
	timer_free(unlock);
	fake_fini(&run);
}

static void
step_full(struct fake *in)
{
	struct rlimit low = { .rlim_cur = 16384, .rlim_max = RLIM_INFINITY };

	UNUSED(in);
	setrlimit(RLIMIT_FSIZE, &low);
	emit("commit:7:d", 1000);
}

static void
test_full(void)
{
	struct rlimit no = { RLIM_INFINITY, RLIM_INFINITY };
	int status;

	signal(SIGXFSZ, SIG_IGN);
	status = play(step_full);
	setrlimit(RLIMIT_FSIZE, &no);
	is_int(status, 75, "no room on the disk ends the work");
	is_int(told, 0, "and nothing was promised");
	fake_fini(&run);
	is_int(ask("SELECT count(*) FROM documents WHERE id GLOB 'commit:7:d*'"), 0,
	    "or half done");
	is_int(play(step_more), 0, "with room it goes on");
	fake_fini(&run);
}

static void
test_mistakes(void)
{
	ok(!fake_open(&run, dir, RUN_FOLLOW,
	    "input { gen { } } output { sqlite { path => \"\" } }"), "%s", run.err.text);
	fake_fini(&run);
	ok(!fake_open(&run, NULL, RUN_FOLLOW,
	    "input { gen { } } output { sqlite { } }"), "%s", run.err.text);
	fake_fini(&run);
	ok(!fake_open(&run, dir, RUN_FOLLOW,
	    "input { gen { } } output { sqlite { path => \"state.db\" } }") &&
	    run.err.kind == ERR_CONFIG, "%s", run.err.text);
	fake_fini(&run);
}

static void
clear(void)
{
	struct dirent *entry;
	DIR *d = opendir(dir);
	char name[512];

	while ((entry = readdir(d)) != NULL) {
		snprintf(name, sizeof(name), "%s/%s", dir, entry->d_name);
		unlink(name);
	}
	closedir(d);
	rmdir(dir);
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	UNUSED(fake_output);
	snprintf(path, sizeof(path), "%s/activity.db", dir);
	test_many();
	test_gone();
	test_flagged();
	test_locked();
	test_full();
	test_mistakes();
	clear();
	return done();
}

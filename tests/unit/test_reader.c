/* SPDX-License-Identifier: Apache-2.0 */
/* test_reader.c - with several outputs: which of them the pages ask. */
#include "core/plugin.h"

extern const struct output out_sqlite, out_null;
#define FAKE_OUTPUTS	&out_null, &out_sqlite

#include "tap.h"

#include "dir.h"
#include "fake.h"
#include "store/sqlite.h"
#include "store/store.h"

static char said[600];

static void
on_answer(void *arg, const struct json *answer, const struct err *e)
{
	int64_t n = -1;

	if (json_int(answer, "documents", &n))
		snprintf(said, sizeof(said), "%d documents", (int)n);
	else
		str_copy(said, sizeof(said), answer == NULL ? e->text : "nothing");
	loop_stop(arg);
}

/* What the reader of these outputs says of its contents. */
static const char *
reads(const char *dir, const char *blocks)
{
	char *text = xasprintf("input { gen { } } output { %s }", blocks);
	struct fake_run run;
	struct store *s;

	said[0] = '\0';
	if (!fake_open(&run, dir, RUN_READ, text)) {
		str_copy(said, sizeof(said), buf_str(&run.said));
	} else if ((s = pipeline_reader(run.pipeline)) == NULL) {
		str_copy(said, sizeof(said), "nobody");
	} else {
		store_ask(s, &(struct store_question){ .panel = STORE_CONTENTS }, on_answer,
		    run.loop);
		loop_run(run.loop);
		store_free(s);
	}
	fake_fini(&run);
	free(text);
	return said;
}

static void
fill(const char *dir, const char *name, size_t n)
{
	struct docs docs = fake_docs("d", n);
	char *path = xasprintf("%s/%s", dir, name);
	struct err e = { 0 };
	struct sqlite_store *s = sqlite_open(path, &e);

	is_int(sqlite_write(s, (const struct doc *const *)(uintptr_t)docs.doc, docs.count,
	    &e), WRITE_DONE, name);
	sqlite_close(s);
	docs_fini(&docs);
	free(path);
}

int
main(void)
{
	char dir[] = "/tmp/hubstash-reader-XXXXXX";

	if (mkdtemp(dir) == NULL)
		return 1;
	fill(dir, "a.db", 1);
	fill(dir, "b.db", 2);
	is_str(reads(dir, "null { } sqlite { path => \"a.db\" } sqlite { path => \"b.db\" }"),
	    "1 documents", "the first that can be asked");
	is_str(reads(dir, "sqlite { path => \"a.db\" } "
	    "sqlite { path => \"b.db\" dashboard => true }"), "2 documents",
	    "or the one that says so");
	is_str(reads(dir, "sqlite { path => \"a.db\" dashboard => false } "
	    "sqlite { path => \"b.db\" dashboard => false }"), "1 documents", "not that not");
	is_str(reads(dir, "sqlite { path => \"a.db\" dashboard => true } "
	    "sqlite { path => \"b.db\" dashboard => true }"), "1 documents",
	    "the first that says so");
	is_str(reads(dir, "null { }"), "nobody", "or none");
	dir_remove(xstrdup(dir));
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_people.c - people in order of activity, as activity.db tells. */
#include "tap.h"

#include "activity.h"
#include "base/str.h"
#include "io/loop.h"
#include "store/sqlite.h"
#include "store/store.h"

#include <unistd.h>

#define DOCUMENTS	4000

static char dir[] = "/tmp/hubstash-people-XXXXXX";
static char path[128];
static struct loop *loop;

struct answer {
	struct buf	lines;
	int64_t		people, documents;
	size_t		count;
	struct err	err;
	bool		failed;
	unsigned	times;
};

static void
on_people(void *arg, const struct store_people *p, const struct err *e)
{
	struct answer *a = arg;

	a->times++;
	a->failed = p == NULL;
	if (p == NULL) {
		a->err = *e;
	} else {
		a->people = p->people;
		a->documents = p->documents;
		a->count = p->count;
		for (const struct store_person *x = p->person; x < p->person + p->count; x++)
			buf_printf(&a->lines, "%s %s %lld %lld %lld %lld %lld %lld\n", x->id,
			    x->name, (long long)x->activity, (long long)x->commits,
			    (long long)x->pulls, (long long)x->merged,
			    (long long)x->reviews, (long long)x->last_ms);
	}
	loop_stop(loop);
}

static struct answer
ask(struct store *s, int64_t from, int64_t to, unsigned max)
{
	struct answer a = { .lines = BUF(1 << 20) };

	store_people(s, &(struct store_people_query){ .from_ms = from, .to_ms = to,
	    .max = max }, on_people, &a);
	if (a.times == 0)
		loop_run(loop);
	else
		ok(false, "never from inside");
	return a;
}

static void
fill(struct sqlite_store *s, unsigned from, unsigned to)
{
	struct docs l = { 0 };
	struct err e = { 0 };

	for (unsigned n = from; n < to; n++)
		docs_add(&l, activity_doc(n));
	is_int(sqlite_write(s, (const struct doc *const *)(uintptr_t)l.doc, l.count, &e),
	    WRITE_DONE, "documents are written");
	docs_fini(&l);
}

static void
test_equal(struct store *r)
{
	static const struct {
		int from, to;
	} days[] = { { 0, 200 }, { 0, 400 }, { 50, 80 }, { 100, 101 }, { 0, 100 },
		{ 199, 200 }, { 20, 27 } };

	for (size_t i = 0; i < LEN(days); i++) {
		int64_t from = ACTIVITY_START + days[i].from * ACTIVITY_DAY;
		int64_t to = ACTIVITY_START + days[i].to * ACTIVITY_DAY;
		struct answer a = ask(r, from, to, 1000);
		struct buf want = BUF(1 << 20);

		activity_answer(path, from, to, &want);
		is_str(buf_str(&a.lines), buf_str(&want), "equal to what the bodies say");
		ok(want.len > 100, "which is something");
		is_int(a.people, a.count, "all of them");
		buf_fini(&want);
		buf_fini(&a.lines);
	}
}

static void
test_edges(struct store *r)
{
	struct answer a = ask(r, 0, INT64_MAX, 3);

	is_int(a.count, 3, "three are asked for");
	is_int(a.people, 9, "of nine");
	is_int(a.documents, DOCUMENTS, "all documents are counted");
	buf_fini(&a.lines);
	a = ask(r, 0, ACTIVITY_START, 10);
	ok(!a.failed && a.count == 0 && a.people == 0, "nobody did anything before");
	buf_fini(&a.lines);
}

static void
test_file(struct store *r, struct sqlite_store **s)
{
	struct err e;
	struct answer a;

	sqlite_close(*s);
	unlink(path);
	a = ask(r, 0, INT64_MAX, 10);
	ok(a.failed, "no file: %s", a.err.text);
	*s = sqlite_open(path, &e);
	fill(*s, 0, 10);
	a = ask(r, 0, INT64_MAX, 10);
	ok(!a.failed && a.documents == 10, "another file is found at once");
	buf_fini(&a.lines);
	fill(*s, 10, 20);
	a = ask(r, 0, INT64_MAX, 10);
	is_int(a.documents, 20, "and what is written to it since");
	buf_fini(&a.lines);
	unlink(path);
	is_int(sqlite_write(*s, NULL, 0, &e), WRITE_ANEW, "deleted under a writer");
	fill(*s, 0, 5);
	a = ask(r, 0, INT64_MAX, 10);
	is_int(a.documents, 5, "a reader follows");
	buf_fini(&a.lines);
}

static void
never(void *arg, const struct store_people *p, const struct err *e)
{
	UNUSED(p);
	UNUSED(e);
	(*(int *)arg)++;
}

static void
test_freed(void)
{
	struct store *r = sqlite_reader(loop, path);
	struct store_people_query q = { .to_ms = INT64_MAX, .max = 10 };
	struct answer a = { .lines = BUF(1 << 20) };
	int answers = 0;

	for (int i = 0; i < 3; i++)
		store_people(r, &q, never, &answers);
	store_people(r, &q, on_people, &a);
	loop_run(loop);
	is_int(answers, 3, "questions are answered in order");
	buf_fini(&a.lines);
	answers = 0;
	for (int i = 0; i < 3; i++)
		store_people(r, &q, never, &answers);
	store_free(r);
	loop_free(loop);
	is_int(answers, 0, "freed while asked: no answer");
	store_free(NULL);
}

int
main(void)
{
	struct err e = { 0 };
	struct sqlite_store *s;
	struct store *r;
	char name[160];

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/activity.db", dir);
	loop = loop_new(&e);
	s = sqlite_open(path, &e);
	r = sqlite_reader(loop, path);
	fill(s, 0, DOCUMENTS);
	test_equal(r);
	test_edges(r);
	test_file(r, &s);
	store_free(r);
	test_freed();
	sqlite_close(s);
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path,
		    (const char *const[]){ "", "-wal", "-shm" }[i]);
		unlink(name);
	}
	rmdir(dir);
	return done();
}

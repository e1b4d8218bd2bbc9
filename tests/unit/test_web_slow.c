/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_web_slow.c - a read of the store that takes for ever, while documents go on:
 * below SQLite stands a disk that holds what the helper thread reads until it is
 * told.
 */
#include "core/plugin.h"

extern const struct output out_sqlite;
#define FAKE_OUTPUTS	&out_sqlite

#include "tap.h"

#include "core/metrics.h"
#include "dir.h"
#include "fake.h"
#include "talk.h"
#include "web/web.h"

#include <pthread.h>
#include <sqlite3.h>

static pthread_t loop_thread;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool holding, held;

static sqlite3_vfs disk, *real;
static sqlite3_io_methods methods;
static const sqlite3_io_methods *real_methods;

static int
slow_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	pthread_mutex_lock(&lock);
	while (holding && !pthread_equal(pthread_self(), loop_thread)) {
		held = true;
		pthread_cond_wait(&changed, &lock);
	}
	held = false;
	pthread_mutex_unlock(&lock);
	return real_methods->xRead(f, to, n, at);
}

static int
slow_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *f, int flags, int *out)
{
	int rc = real->xOpen(real, name, f, flags, out);

	UNUSED(v);
	if (rc != SQLITE_OK || f->pMethods == NULL)
		return rc;
	if (real_methods == NULL) {
		real_methods = f->pMethods;
		methods = *real_methods;
		methods.xRead = slow_read;
	}
	if (f->pMethods == real_methods)
		f->pMethods = &methods;
	return rc;
}

static bool
is_held(void)
{
	bool is;

	pthread_mutex_lock(&lock);
	is = held;
	pthread_mutex_unlock(&lock);
	return is;
}

static void
hold(bool on)
{
	pthread_mutex_lock(&lock);
	holding = on;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static struct fake_run run;
static unsigned settled;

static void
on_settled(struct origin *o)
{
	UNUSED(o);
	settled++;
	loop_stop(run.loop);
}
static struct origin origin = { .settled = on_settled };

static void
emit(const char *prefix, size_t n)
{
	struct docs docs = fake_docs(prefix, n);
	unsigned was = settled;

	host_emit(fake_in->host, &docs, &origin);
	while (settled == was)
		loop_run(run.loop);
}

int
main(void)
{
	char dir[] = "/tmp/hubstash-slow-XXXXXX", prefix[32];
	int64_t stored;
	struct err e = { 0 };
	struct talk t, other;
	struct web *web;

	loop_thread = pthread_self();
	real = sqlite3_vfs_find(NULL);
	disk = *real;
	disk.zName = "slow";
	disk.pNext = NULL;
	disk.xOpen = slow_open;
	sqlite3_vfs_register(&disk, 1);
	if (mkdtemp(dir) == NULL || !fake_open(&run, dir, RUN_FOLLOW,
	    "input { gen { } } output { sqlite { } }"))
		return 1;
	web = web_start(run.loop, &(struct web_conf){ .listen = "127.0.0.1:0",
	    .state = run.state, .pipeline = run.pipeline,
	    .store = pipeline_reader(run.pipeline) }, &e);
	pipeline_start(run.pipeline);
	emit("first", 10);
	hold(true);
	talk_open(&t, run.loop, web_address(web));
	talk_say(&t, "GET /api/v1/contents HTTP/1.1\r\nHost: localhost\r\n\r\n");
	while (!is_held())
		event_base_loop(loop_base(run.loop), EVLOOP_NONBLOCK);
	ok(true, "a read is held");
	stored = metric_value(METRIC_OUTPUT_STORED);
	for (int i = 0; i < 50; i++) {
		snprintf(prefix, sizeof(prefix), "page%d-", i);
		emit(prefix, 100);
	}
	is_int(metric_value(METRIC_OUTPUT_STORED) - stored, 5000,
	    "5000 documents are stored meanwhile, in 50 pages");
	talk_open(&other, run.loop, web_address(web));
	talk_say(&other, "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
	ok(str_starts(talk_hear(&other, 1), "HTTP/1.1 200 "),
	    "and what needs no store is answered");
	talk_close(&other);
	ok(is_held() && t.got.len == 0, "it is held still");
	hold(false);
	ok(str_starts(talk_hear(&t, 1), "HTTP/1.1 200 ") &&
	    strstr(buf_str(&t.got), "\"documents\":") != NULL, "then it is answered");
	talk_close(&t);
	web_stop(web);
	pipeline_stop(run.pipeline);
	loop_run(run.loop);
	is_int(run.status, 0, "and all ends well");
	fake_fini(&run);
	dir_remove(xstrdup(dir));
	return done();
}

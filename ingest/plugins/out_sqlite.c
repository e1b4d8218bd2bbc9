/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out_sqlite.c - documents into activity.db.
 *
 * Batches gather for at most GROUP_MS and are one transaction; each is given
 * back when it is on the disk. A file that is gone or emptied under us makes
 * another store, which the host is told, so that all is sent again; a disk that
 * says no ends the process, promising nothing.
 */
#include "base/log.h"
#include "core/batch.h"
#include "core/plugin.h"
#include "io/loop.h"
#include "store/sqlite.h"
#include "store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUP_MS	20	/* what comes within is one transaction */
#define BUSY_RETRY_MS	1000	/* another program writes: not before */
#define LOOK_MS		15000	/* is the file still there, when nothing is written? */
#define MAX_BATCHES	4
#define BATCH_DOCS	500	/* a transaction holds the loop up: 0.1 s, not more */

struct sqlite_conf {
	char	*path;
	bool	 dashboard;
};

static const struct option rows[] = {
	{ "path", OPT_STRING, .fallback = "activity.db",
	    .at = offsetof(struct sqlite_conf, path),
	    .help = "The file; a relative path is one in the data directory." },
	{ "dashboard", OPT_BOOL, .fallback = "false",
	    .at = offsetof(struct sqlite_conf, dashboard),
	    .help = "The pages and the API ask this output; without it the first one of "
	    "the pipeline that can be asked." },
	OPT_END
};

struct sqlite_out {
	struct instance		*host;
	char			*path;
	struct sqlite_store	*store;
	struct batch		*batch[MAX_BATCHES];
	size_t			 batches;
	struct timer		*flush, *look;
	bool			 failed;	/* the process is about to end */
	bool			 stopping;
};

static timer_fn flush, look;

static bool
out_check(const void *conf, struct err *e)
{
	const struct sqlite_conf *c = conf;

	return c->path[0] != '\0' || err_set(e, ERR_CONFIG, 0, "path is empty");
}

static void *
out_open(struct instance *host, const void *conf, struct err *e)
{
	const struct sqlite_conf *c = conf;
	const char *dir = host_data_dir(host);
	struct sqlite_out *o;

	if (dir == NULL && c->path[0] != '/') {
		err_set(e, ERR_CONFIG, 0, "path \"%s\" is relative, but there is no data "
		    "directory", c->path);
		return NULL;
	}
	o = xcalloc(1, sizeof(*o));
	o->host = host;
	o->path = c->path[0] == '/' ? xstrdup(c->path) :
	    xasprintf("%s/%s", dir, c->path);
	if (host_mode(host) != RUN_READ)
		o->store = sqlite_open(o->path, e);
	if (host_mode(host) != RUN_READ && o->store == NULL) {
		free(o->path);
		free(o);
		return NULL;
	}
	o->flush = timer_new(host_loop(host), flush, o);
	o->look = timer_new(host_loop(host), look, o);
	return o;
}

static void
out_start(void *self)
{
	struct sqlite_out *o = self;

	host_identified(o->host);
	timer_set(o->look, LOOK_MS);
}

/* All documents of the batches in hand, in the order they came. */
static const struct doc **
gather(const struct sqlite_out *o, size_t *n)
{
	const struct doc **docs;
	size_t count = 0;

	for (size_t b = 0; b < o->batches; b++)
		count += batch_count(o->batch[b]);
	docs = xcalloc(count + 1, sizeof(*docs));
	*n = 0;
	for (size_t b = 0; b < o->batches; b++)
		for (size_t i = 0; i < batch_count(o->batch[b]); i++)
			docs[(*n)++] = batch_doc(o->batch[b], i);
	return docs;
}

/* They come back with more, maybe at once: the list is emptied first. */
static void
give_back(struct sqlite_out *o, enum outcome outcome, const char *reason)
{
	struct batch *batch[MAX_BATCHES];
	size_t n = o->batches;

	memcpy(batch, o->batch, sizeof(batch));
	o->batches = 0;
	for (size_t b = 0; b < n; b++) {
		for (size_t i = 0; i < batch_count(batch[b]); i++)
			batch_outcome(batch[b], i, outcome, reason);
		batch_done(batch[b]);
	}
	if (o->stopping && o->batches == 0)
		host_stopped(o->host);
}

/* One transaction; with no batch in hand it only looks whether all is well. */
static enum sqlite_end
write_all(struct sqlite_out *o)
{
	struct err e = { 0 };
	size_t n;
	const struct doc **docs = gather(o, &n);
	enum sqlite_end end = sqlite_write(o->store, docs, n, &e);

	free(docs);
	switch (end) {
	case WRITE_DONE:
		host_well(o->host);
		give_back(o, OUTCOME_STORED, NULL);
		break;
	case WRITE_ANEW:
		log_warn("%s: %s; all that is known goes into it again",
		    host_name(o->host), e.text);
		host_well(o->host);
		host_identified(o->host);
		give_back(o, OUTCOME_AGAIN, e.text);
		break;
	case WRITE_BUSY:
		host_trouble(o->host, "%s; documents wait until it is done", e.text);
		break;		/* the batches stay here */
	case WRITE_FAILED:
		o->failed = true;
		give_back(o, OUTCOME_AGAIN, e.text);
		host_fail(o->host, &e);
		break;
	}
	return end;
}

static void
flush(void *arg)
{
	struct sqlite_out *o = arg;

	if (o->batches == 0)
		return;
	if (write_all(o) != WRITE_BUSY)
		return;
	if (o->stopping)
		give_back(o, OUTCOME_AGAIN, "another program writes to the file");
	else
		timer_set(o->flush, BUSY_RETRY_MS);
}

static void
look(void *arg)
{
	struct sqlite_out *o = arg;

	if (o->batches == 0 && !o->failed)
		write_all(o);
	timer_set(o->look, LOOK_MS);
}

static void
out_write(void *self, struct batch *b)
{
	struct sqlite_out *o = self;

	if (o->failed) {
		batch_done(b);		/* again, some other day */
		return;
	}
	o->batch[o->batches++] = b;
	if (o->batches == MAX_BATCHES || o->stopping)
		timer_set(o->flush, 0);
	else if (!timer_waits(o->flush))
		timer_set(o->flush, GROUP_MS);
}

static void
out_stop(void *self)
{
	struct sqlite_out *o = self;

	o->stopping = true;
	timer_cancel(o->look);
	if (o->batches > 0)
		timer_set(o->flush, 0);
	else
		host_stopped(o->host);
}

static void
out_close(void *self)
{
	struct sqlite_out *o = self;

	timer_free(o->flush);
	timer_free(o->look);
	sqlite_close(o->store);
	free(o->path);
	free(o);
}

static bool
out_identity(void *self, char *text, size_t size)
{
	struct sqlite_out *o = self;

	return snprintf(text, size, "sqlite:%s", sqlite_identity(o->store)) < (int)size;
}

static void
out_flagged(void *self, int64_t repo_id, int64_t below, size_t max, found_fn *found,
    void *arg)
{
	struct sqlite_out *o = self;
	struct docs docs = { 0 };
	struct err e;
	bool good = sqlite_flagged(o->store, repo_id, below, max, &docs, &e);

	if (!good) {
		log_warn("%s: cannot be asked which commits it holds, so a look at them "
		    "waits: %s", host_name(o->host), e.text);
		docs_fini(&docs);
	}
	found(arg, &docs, !good);
}

static void
out_page(void *self, const char *after, size_t max, found_fn *found, void *arg)
{
	struct sqlite_out *o = self;
	struct docs docs = { 0 };
	struct err e;
	bool good = sqlite_page(o->store, after, max, &docs, &e);

	if (!good) {
		log_warn("%s: cannot be read, and is asked again: %s",
		    host_name(o->host), e.text);
		docs_fini(&docs);
	}
	found(arg, &docs, !good);
}

static struct store *
out_reader(void *self)
{
	struct sqlite_out *o = self;

	return sqlite_reader(host_loop(o->host), o->path);
}

static const char *
out_target(const void *self)
{
	return ((const struct sqlite_out *)self)->path;
}

const struct output out_sqlite = {
	.plugin = {
		.name = "sqlite",
		.help = "Writes documents to one SQLite file, each thing once.",
		.options = rows,
		.conf_size = sizeof(struct sqlite_conf),
		.check = out_check,
	},
	.open = out_open,
	.start = out_start,
	.write = out_write,
	.stop = out_stop,
	.close = out_close,
	.identity = out_identity,
	.flagged = out_flagged,
	.page = out_page,
	.reader = out_reader,
	.target = out_target,
	.max_batches = MAX_BATCHES,
	.batch_docs = BATCH_DOCS,
};

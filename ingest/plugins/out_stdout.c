/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out_stdout.c - documents on standard output, a batch at a time.
 *
 * Writing may wait for whoever reads (a pager, a slow pipe), so a helper thread
 * does it, in pieces that a pipe takes whole once it takes anything; between two
 * of them it looks whether it should stop. A reader that has gone (`| head`) ends
 * the program as if all had been written.
 */
#include "core/batch.h"
#include "core/plugin.h"
#include "base/str.h"
#include "io/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH_DOCS	1000
#define BATCH_BYTES	((size_t)1 << 20)
#define DOC_MAX		((size_t)4 << 20)	/* larger ones are refused */
#define TEXT_MAX	((size_t)512 << 20)	/* a batch as text, indented */
#define PIECE		4096			/* PIPE_BUF */
#define LOOK_MS		100

struct conf {
	char		*codec;
};

struct out {
	struct instance	*host;
	bool		 pretty;
	struct batch	*batch;		/* in hand */
	struct buf	 text;		/* the thread's while batch is set */
	int		 failed;	/* its errno */
	atomic_bool	 stop;
	bool		 stopping, closed;
};

static void *
stdout_open(struct instance *host, const void *conf, struct err *e)
{
	const struct conf *c = conf;
	struct out *o = xcalloc(1, sizeof(*o));

	UNUSED(e);
	o->host = host;
	o->pretty = str_eq(c->codec, "rubydebug");
	return o;
}

static bool
too_large(const struct doc *d)
{
	return json_weight(d->body) > DOC_MAX;
}

/* On the helper thread. */
static void
put(void *arg)
{
	struct out *o = arg;
	struct pollfd fd = { .fd = STDOUT_FILENO, .events = POLLOUT };
	ssize_t n;

	for (size_t at = 0; at < o->text.len && !atomic_load(&o->stop); ) {
		if (poll(&fd, 1, LOOK_MS) == 0)
			continue;
		n = write(STDOUT_FILENO, o->text.data + at,
		    o->text.len - at < PIECE ? o->text.len - at : PIECE);
		if (n >= 0)
			at += (size_t)n;
		else if (errno != EINTR && errno != EAGAIN) {
			o->failed = errno;
			return;
		}
	}
}

static void
stdout_close(void *self)
{
	struct out *o = self;

	atomic_store(&o->stop, true);
	o->closed = true;
	if (o->batch != NULL)
		return;			/* on_put comes back to this */
	buf_fini(&o->text);
	free(o);
}

/* A batch that was only begun when the stop came stays unsettled. */
static void
on_put(void *arg)
{
	struct out *o = arg;
	struct batch *b = o->batch;
	bool whole = o->failed == 0 && !atomic_load(&o->stop);
	struct err e;

	o->batch = NULL;
	if (o->closed) {		/* the pipeline has gone, and b with it */
		stdout_close(o);
		return;
	}
	for (size_t i = 0; whole && i < batch_count(b); i++)
		if (too_large(batch_doc(b, i)))
			batch_outcome(b, i, OUTCOME_REFUSED, "too large to print");
		else
			batch_outcome(b, i, OUTCOME_STORED, NULL);
	buf_clear(&o->text);
	if (o->failed != 0 && o->failed != EPIPE) {
		err_set(&e, ERR_SYSTEM, o->failed, "cannot write: %s",
		    strerror(o->failed));
		host_fail(o->host, &e);
	}
	if (o->failed != 0)
		host_finished(o->host);
	batch_done(b);
	if (o->stopping)
		host_stopped(o->host);
}

static void
stdout_write(void *self, struct batch *b)
{
	struct out *o = self;

	if (o->failed != 0) {
		batch_done(b);
		return;
	}
	o->text.max = TEXT_MAX;
	for (size_t i = 0; i < batch_count(b); i++) {
		if (too_large(batch_doc(b, i)))
			continue;
		if (o->pretty)
			json_pretty(batch_doc(b, i)->body, &o->text);
		else
			json_print(batch_doc(b, i)->body, &o->text);
		buf_puts(&o->text, "\n");
	}
	if (o->text.failed)
		die("stdout: a batch of more than %zu bytes", TEXT_MAX);
	o->batch = b;
	loop_job(host_loop(o->host), put, on_put, o);
}

static void
stdout_stop(void *self)
{
	struct out *o = self;

	o->stopping = true;
	atomic_store(&o->stop, true);
	if (o->batch == NULL)
		host_stopped(o->host);
}

static const struct option rows[] = {
	{ .name = "codec", .type = OPT_STRING, .fallback = "json_lines",
	    .choices = "json_lines, rubydebug", .at = offsetof(struct conf, codec),
	    .help = "json_lines: a document a line. rubydebug: indented, for eyes." },
	OPT_END
};

extern const struct output out_stdout;
const struct output out_stdout = {
	.plugin = { "stdout", "Prints documents on standard output.", rows,
	    sizeof(struct conf) },
	.open = stdout_open, .write = stdout_write, .stop = stdout_stop,
	.close = stdout_close, .max_batches = 1, .batch_docs = BATCH_DOCS,
	.batch_bytes = BATCH_BYTES,
};

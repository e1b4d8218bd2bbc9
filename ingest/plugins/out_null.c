/* SPDX-License-Identifier: Apache-2.0 */
/* out_null.c - stores nothing and says it is stored: for measuring what is before. */
#include "core/batch.h"
#include "core/plugin.h"

#include <stdlib.h>

struct null {
	struct instance	*host;
};

static void *
null_open(struct instance *host, const void *conf, struct err *e)
{
	struct null *n = xcalloc(1, sizeof(*n));

	UNUSED(conf);
	UNUSED(e);
	n->host = host;
	return n;
}

static void
null_write(void *self, struct batch *b)
{
	UNUSED(self);
	for (size_t i = 0; i < batch_count(b); i++)
		batch_outcome(b, i, OUTCOME_STORED, NULL);
	batch_done(b);
}

static void
null_stop(void *self)
{
	struct null *n = self;

	host_stopped(n->host);
}

static const struct option rows[] = {
	OPT_END
};

extern const struct output out_null;
const struct output out_null = {
	.plugin = { "null", "Throws documents away.", rows, 0 },
	.open = null_open, .write = null_write, .stop = null_stop, .close = free,
};

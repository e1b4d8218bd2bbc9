/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin.h - what an input, a filter and an output are.
 *
 * A plugin is constant. The pipeline makes an instance of it for each block in
 * a file: it fills conf from the option rows, lets check look at it, then calls
 * open, which returns the plugin's own struct (self), or NULL with a reason. A
 * plugin reaches the rest of the program only through its host (core/host.h).
 * conf is borrowed until close; close may come at any time.
 */
#ifndef CORE_PLUGIN_H
#define CORE_PLUGIN_H

#include "base/err.h"
#include "conf/options.h"
#include "data/doc.h"

struct loop;
struct state;
struct instance;	/* one block of a pipeline file: the plugin's host */
struct batch;
struct origin;
struct store;

/* What the program was started for; inputs act accordingly. */
enum run_mode {
	RUN_FOLLOW,	/* for ever */
	RUN_BACKFILL,	/* until what a backfill wants is read, then host_finished */
	RUN_ONCE,	/* a dry run: one pass, then host_finished; write nothing */
	RUN_REPLAY,	/* dead letters go again to the outputs; no inputs */
	RUN_REIDENTIFY,	/* all that is stored goes through the filters again */
	RUN_READ,	/* never started: outputs are opened for their readers alone */
};

struct plugin {
	const char		*name;
	const char		*help;		/* one sentence */
	const struct option	*options;
	size_t			 conf_size;
	/* What is wrong with conf that no row can say; secrets may lack. Or NULL. */
	bool			(*check)(const void *conf, struct err *e);
	/* Mistakes in files that conf names, each at its place. Or NULL. */
	void			(*check_files)(const void *conf, struct diags *d);
	bool			 once;		/* a pipeline has one at most */
};

/*
 * Makes documents: host_emit. After stop, once quiet, host_stopped. One that has
 * said host_finished is stopped too, but not waited for.
 */
struct input {
	struct plugin	 plugin;
	void		*(*open)(struct instance *host, const void *conf, struct err *e);
	void		 (*start)(void *self);
	void		 (*pause)(void *self, bool on);	/* back-pressure */
	/* A store behind an output is new: send what it lacks. NULL: cannot. */
	void		 (*refill)(void *self);
	void		 (*stop)(void *self);
	void		 (*close)(void *self);
};

/* Takes docs. failed: they could not be had now. */
typedef void found_fn(void *arg, struct docs *docs, bool failed);

enum filter_verdict { FILTER_KEEP, FILTER_DROP };

/* Changes one document in place; never waits. */
struct filter {
	struct plugin	 plugin;
	void		*(*open)(struct instance *host, const void *conf, struct err *e);
	enum filter_verdict (*apply)(void *self, struct doc *d);
	void		 (*close)(void *self);
	/* hubstash reidentify: all that is stored, before its apply; d is spoilt. */
	void		 (*learn)(void *self, struct doc *d);	/* NULL: no part in it */
};

/*
 * Stores batches. write borrows the batch and answers for each document
 * (batch_outcome), then gives the batch back with batch_done, exactly once;
 * that may happen inside write or any time later. At most max_batches are
 * handed over before one comes back. After stop: finish what is in hand or give
 * it back as OUTCOME_AGAIN, then host_stopped.
 */
struct output {
	struct plugin	 plugin;
	void		*(*open)(struct instance *host, const void *conf, struct err *e);
	void		 (*start)(void *self);	/* or NULL */
	void		 (*write)(void *self, struct batch *b);
	void		 (*stop)(void *self);
	void		 (*close)(void *self);
	/*
	 * Who the store behind it is: "elasticsearch:UUID"; false while unknown.
	 * When it changes, all that is held must be sent again. NULL: no keys.
	 */
	bool		 (*identity)(void *self, char *text, size_t size);
	/*
	 * Copies of at most max commits of a repository, for found, once: those held
	 * with github.commit.default_branch true and a version below. Or NULL.
	 */
	void		 (*flagged)(void *self, int64_t repo_id, int64_t below,
			    size_t max, found_fn *found, void *arg);
	/* Copies of at most max documents with ids after that, in order. Likewise. */
	void		 (*page)(void *self, const char *after, size_t max,
			    found_fn *found, void *arg);
	/* Whom the dashboard may ask (store/store.h); yours to free. Or NULL. */
	struct store	*(*reader)(void *self);
	/* Where documents go, for people: an index, a file. Or NULL. */
	const char	*(*target)(const void *self);
	unsigned	 max_batches;
	size_t		 batch_docs, batch_bytes;	/* 0: the pipeline's defaults */
};

/* registry.c; the end is NULL. */
extern const struct input *const inputs[];
extern const struct filter *const filters[];
extern const struct output *const outputs[];

#include "core/host.h"

#endif

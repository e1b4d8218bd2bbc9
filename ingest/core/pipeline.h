/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline.h - the instances of a pipeline file, and documents on their way
 * through them: inputs emit, filters change or drop, outputs store.
 *
 * A document is settled when every output stored it, or refused it and the
 * refusal is durable among the dead letters. Past 10,000 documents or 64 MiB
 * unsettled the inputs are paused.
 */
#ifndef CORE_PIPELINE_H
#define CORE_PIPELINE_H

#include "conf/ast.h"
#include "core/plugin.h"

struct pipeline;
struct pipeline_conf {
	struct loop	*loop;
	struct state	*state;		/* borrowed; in memory in a dry run */
	const char	*data_dir;	/* NULL: nothing may be written */
	enum run_mode	 mode;
	bool		 to_stdout;	/* the outputs of the file give way to stdout */
	const char	*codec;		/* of that stdout; NULL: its default */
	/*
	 * Called once from the loop, when all has stopped: the exit status. The
	 * pipeline may be freed in it.
	 */
	void		(*ended)(void *arg, int status);
	void		*arg;
	/* Set by pipeline_watch. */
	void		(*stored)(void *arg, const struct doc *d);
	void		*watcher;
};

/*
 * Makes the instances. NULL with diags when the file has mistakes, or with err
 * when a plugin would not open. The tree may be freed afterwards.
 */
struct pipeline *pipeline_new(const struct pipeline_conf *conf,
    const struct ast_section *sections, struct diags *d, struct err *e) MUST_CHECK;
void pipeline_free(struct pipeline *p);		/* NULL is fine */

/* Only looks for mistakes in the file: plugins, options, sections. Opens nothing. */
bool pipeline_check(const struct ast_section *sections, struct diags *d) MUST_CHECK;

/* Whether one of its blocks is this plugin. */
bool pipeline_has(const struct pipeline *p, const char *plugin);

/*
 * Whom the dashboard may ask: of the first output that has a reader, or of the first
 * whose block says dashboard => true; or NULL.
 * Yours to free, before the pipeline.
 */
struct store *pipeline_reader(struct pipeline *p);

/*
 * The end comes when all inputs have finished, or after pipeline_stop: inputs
 * stop, what is on its way is stored (for at most 6 seconds), outputs stop.
 */
void pipeline_start(struct pipeline *p);
void pipeline_stop(struct pipeline *p);		/* again: without waiting */

/*
 * Who is told of each document when it is settled and an output has stored it; NULL:
 * nobody any more. Borrowed for the call.
 */
void pipeline_watch(struct pipeline *p, void (*stored)(void *arg,
    const struct doc *d), void *arg);

/* How far RUN_REIDENTIFY is. */
struct reidentify_count {
	int64_t		 learned, read;		/* documents, first and second time */
	int64_t		 changed, dropped, refused;
};
struct reidentify_count pipeline_reidentified(const struct pipeline *p);

/* What is wrong right now, an instance each; text is NULL where all is well. */
void pipeline_troubles(const struct pipeline *p, void (*each)(void *arg,
    const char *instance, const char *text, int64_t since_ms), void *arg);

#endif

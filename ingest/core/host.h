/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host.h - what the pipeline offers a plugin. Every function here is for the
 * loop's thread alone.
 */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include "core/plugin.h"

struct loop *host_loop(struct instance *i);
const char *host_name(const struct instance *i);	/* "out.sqlite#0", for logs */
const char *host_data_dir(const struct instance *i);	/* NULL: write nothing */
struct state *host_state(struct instance *i);		/* in memory in a dry run */
enum run_mode host_mode(const struct instance *i);

/*
 * Hands documents over, all from one origin; takes them. Once each is settled
 * (stored by every output, dropped by a filter, or durably a dead letter)
 * origin's settled is called, from the loop, on a later turn. After that the
 * origin may be used again. NULL origin: nobody asks. An origin must live until
 * it is told, forgotten, or its input has said host_stopped.
 */
struct page;
struct origin {
	void		(*settled)(struct origin *o);
	struct page	*page;			/* the pipeline's; NULL at first */
};
void host_emit(struct instance *i, struct docs *docs, struct origin *o);
void host_forget(struct origin *o);		/* it is not told any more */
bool host_full(const struct instance *i);	/* no more documents for now */

/*
 * The flagged commits (see struct output) of all keyed outputs, from the loop;
 * waits and repeats by itself where an output cannot be asked. Of a commit that
 * several hold, the copy with the highest version. After host_stopped nobody is
 * answered.
 */
void host_flagged(struct instance *i, int64_t repo_id, int64_t below, size_t max,
    void (*found)(void *arg, struct docs *docs), void *arg);
void host_flagged_cancel(struct instance *i, void *arg);

void host_stopped(struct instance *i);		/* answer to stop */
/*
 * An input that has come to its end. Of an output: nobody reads on (a closed
 * pipe); the program ends as if all had been done.
 */
void host_finished(struct instance *i);

/* Something of the input was wrong and passed over: the exit status is 1. */
void host_problem(struct instance *i, const char *fmt, ...) PRINTF(2, 3);

/*
 * Trouble that status and /healthz show; NULL text: over. One per instance.
 * Logged when it begins, changes and ends, however often it is told.
 */
void host_trouble(struct instance *i, const char *fmt, ...) PRINTF(2, 3);
void host_well(struct instance *i);

/* The work is impossible: the program ends with err_exit(e), having said why. */
void host_fail(struct instance *i, const struct err *e);

/* The store behind an output has become known or another one. */
void host_identified(struct instance *i);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* instance.h - the inside of a pipeline, for core/ alone. */
#ifndef CORE_INSTANCE_H
#define CORE_INSTANCE_H

#include "core/batch.h"
#include "core/pipeline.h"
#include "io/loop.h"

#include <sys/queue.h>

enum instance_kind { INSTANCE_INPUT, INSTANCE_FILTER, INSTANCE_OUTPUT };

/* What one host_emit brought. Freed when its last document is settled. */
struct page {
	TAILQ_ENTRY(page)	 link;		/* in the list of those to tell */
	struct instance		*in;
	struct origin		*origin;	/* NULL: nobody asks */
	size_t			 left;		/* documents that are not settled */
};
TAILQ_HEAD(pages, page);

/* A document on its way, shared by the outputs. */
struct parcel {
	struct doc	*doc;
	struct page	*page;
	size_t		 bytes;
	unsigned	 left;			/* outputs that have not settled it */
	bool		 again, stored;		/* a dead letter; by an output */
};

/* A parcel in the queue of one output. */
struct ticket {
	TAILQ_ENTRY(ticket)	 link;
	struct parcel		*parcel;
	unsigned		 tries;
	int64_t			 due_ms;	/* in the list of those to try again */
};
TAILQ_HEAD(tickets, ticket);

struct batch {
	TAILQ_ENTRY(batch)	 link;
	struct instance		*out;
	struct ticket		**ticket;
	enum outcome		*outcome;
	char			**reason;
	size_t			 count, bytes;
};
TAILQ_HEAD(batches, batch);

struct instance {
	TAILQ_ENTRY(instance)	 link;
	struct pipeline		*pipeline;
	enum instance_kind	 kind;
	char			 name[96];	/* "out.sqlite#0" */
	char			*where;		/* "github.conf:3", or NULL */
	const struct plugin	*plugin;
	const struct input	*input;		/* by kind, else NULL */
	const struct filter	*filter;
	const struct output	*output;
	void			*conf, *self;
	char			*trouble;
	int64_t			 trouble_ms, trouble_mono_ms;	/* since when */
	bool			 finished, stopping, stopped;
	/* outputs */
	bool			 identified;	/* to be looked at on the next turn */
	struct tickets		 queue, again;
	struct batches		 out;		/* handed over */
	size_t			 queued, queued_bytes;
	unsigned		 batches;
	struct timer		*turn;		/* the next look at the queue */
};
TAILQ_HEAD(instances, instance);
TAILQ_HEAD(asks, ask);

struct pipeline {
	struct pipeline_conf	 conf;
	struct instances	 instances;
	unsigned		 outputs;
	size_t			 unsettled, unsettled_bytes;
	enum { PHASE_NEW, PHASE_RUN, PHASE_OUTPUTS, PHASE_ENDED } phase;
	bool			 paused;
	bool			 asked;		/* to stop, before the inputs' end */
	bool			 failed;	/* status says why */
	bool			 broken;	/* state.db takes nothing more */
	bool			 late;		/* this step's time is over */
	int			 status;
	struct pages		 told;		/* their origins: on the next turn */
	struct asks		 asks;
	bool			 begun;		/* the inputs */
	bool			 covered;	/* something, when it was started */
	struct replay		*replay;
	struct reidentify	*reidentify;
	struct timer		*turn, *deadline, *commit, *grace;
};

/* compile.c */
bool compile(struct pipeline *p, const struct ast_section *sections, struct diags *d,
    struct err *e) MUST_CHECK;
void instance_free(struct instance *i);

/* queue.c: the queue of an output. */
void queue_add(struct instance *out, struct parcel *p);
void queue_kick(struct instance *out);
bool queue_empty(const struct instance *out);
void queue_fini(struct instance *out);

/* settle.c */
void parcel_settled(struct pipeline *p, struct parcel *parcel);
void parcel_drop(struct parcel *parcel);	/* not settled: the end came first */
void settle_tell(struct pipeline *p);
void send_again(struct instance *out, struct doc *d);	/* takes d; past filters */

/* pipeline.c */
void pipeline_turn(struct pipeline *p);		/* something may have come to its end */
void pipeline_fail(struct pipeline *p, const char *who, const struct err *e);
void pipeline_unread(struct pipeline *p);
void pipeline_broken(struct pipeline *p, const struct err *e);

#endif

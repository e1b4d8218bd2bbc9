/* SPDX-License-Identifier: Apache-2.0 */
/* instance.h - the inside of a pipeline, for core/ alone. */
#ifndef CORE_INSTANCE_H
#define CORE_INSTANCE_H

#include "core/batch.h"
#include "core/pipeline.h"
#include "io/loop.h"

#include <sys/queue.h>

enum instance_kind { INSTANCE_INPUT, INSTANCE_FILTER, INSTANCE_OUTPUT };

/* A document on its way, shared by the outputs. */
struct parcel {
	struct doc	*doc;
	struct origin	*origin;
	size_t		 bytes;
	unsigned	 left;		/* outputs that have not settled it */
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
	struct instance	*out;
	struct ticket	**ticket;
	enum outcome	*outcome;
	char		**reason;
	size_t		 count, bytes;
};

struct instance {
	TAILQ_ENTRY(instance)	 link;
	struct pipeline		*pipeline;
	enum instance_kind	 kind;
	char			 name[64];	/* "out.sqlite#0" */
	const struct plugin	*plugin;
	const struct input	*input;		/* by kind, else NULL */
	const struct filter	*filter;
	const struct output	*output;
	void			*conf, *self;
	char			*trouble;
	int64_t			 trouble_ms;
	bool			 stopping, stopped;
	/* outputs */
	struct tickets		 queue, again;
	size_t			 queued, queued_bytes;
	unsigned		 batches;
	struct timer		*turn;		/* the next look at the queue */
};
TAILQ_HEAD(instances, instance);

struct pipeline {
	struct pipeline_conf	 conf;
	struct instances	 instances;
	unsigned		 inputs, outputs;
	size_t			 unsettled, unsettled_bytes;
	bool			 paused, started, stopping, draining;
	int			 status;
	struct origin		**settled;	/* to be told on the next turn */
	size_t			 settled_count, settled_cap;
	struct timer		*turn, *deadline;
};

/* queue.c: the queue of an output. */
void queue_add(struct instance *out, struct parcel *p);
void queue_kick(struct instance *out);
void queue_fini(struct instance *out);

/* settle.c */
void parcel_settled(struct pipeline *p, struct parcel *parcel);
void pipeline_turn(struct pipeline *p);		/* something may have come to its end */

#endif

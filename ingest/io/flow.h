/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flow.h - work that waits, written from top to bottom.
 *
 * A flow is a struct whose first member is a struct flow, and a few steps. A
 * step does its bit and returns what comes next: another step at once, another
 * step after a reply, after a while, or when woken, or the end. Steps run from
 * the loop alone, one at a time. What a later step needs stands in the struct.
 */
#ifndef IO_FLOW_H
#define IO_FLOW_H

#include "io/http.h"
#include "io/loop.h"

struct flow;

enum flow_next { FLOW_AGAIN, FLOW_WAIT, FLOW_END };

typedef enum flow_next flow_step_fn(struct flow *f);

struct flow {
	flow_step_fn		*step;
	const char		*step_name;	/* for logs */
	const char		*name;		/* of the flow, borrowed */
	struct timer		*timer;
	struct http_call	*call;
	struct http_reply	 reply;		/* of the last flow_http */
	void			(*ended)(struct flow *f);	/* may free the flow */
};

void flow_init(struct flow *f, struct loop *l, const char *name,
    void (*ended)(struct flow *f));
void flow_start(struct flow *f, flow_step_fn *step, const char *step_name);
void flow_cancel(struct flow *f);	/* ended is not called; may be started again */
void flow_fini(struct flow *f);
bool flow_runs(const struct flow *f);

/* A step is passed together with its name. */
#define STEP(fn)	fn, #fn

/* What a step may return. */
enum flow_next flow_then(struct flow *f, flow_step_fn *step, const char *name);
enum flow_next flow_sleep(struct flow *f, int64_t ms, flow_step_fn *step,
    const char *name);
enum flow_next flow_http(struct flow *f, struct http *h,
    const struct http_spec *spec, flow_step_fn *step, const char *name);
enum flow_next flow_park(struct flow *f, flow_step_fn *step, const char *name);
enum flow_next flow_end(struct flow *f);

/* Ends a flow_park or cuts a flow_sleep short; nothing otherwise. */
void flow_wake(struct flow *f);

/*
 * Milliseconds to wait before try number n (1, 2, …): base_ms doubling up to
 * max_ms, between half of it and all of it by chance.
 */
int64_t flow_backoff(unsigned n, int64_t base_ms, int64_t max_ms);

#endif

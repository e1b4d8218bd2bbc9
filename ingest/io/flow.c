/* SPDX-License-Identifier: Apache-2.0 */
/* flow.c - see flow.h. */
#include "io/flow.h"
#include "base/clock.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void
flow_run(void *arg)
{
	struct flow *f = arg;
	enum flow_next next;

	do {
		log_debug("flow %s: %s", f->name, f->step_name);
		next = f->step(f);
	} while (next == FLOW_AGAIN);
	if (next == FLOW_WAIT)
		return;
	f->step = NULL;
	f->step_name = "ended";
	f->ended(f);
}

static void
flow_replied(void *arg, struct http_reply *reply)
{
	struct flow *f = arg;

	f->call = NULL;
	buf_fini(&f->reply.body);
	buf_fini(&f->reply.headers);
	f->reply = *reply;
	f->reply.body = buf_take(&reply->body);
	f->reply.headers = buf_take(&reply->headers);
	flow_run(f);
}

enum flow_next
flow_then(struct flow *f, flow_step_fn *step, const char *name)
{
	f->step = step;
	f->step_name = name;
	return FLOW_AGAIN;
}

enum flow_next
flow_park(struct flow *f, flow_step_fn *step, const char *name)
{
	flow_then(f, step, name);
	return FLOW_WAIT;
}

enum flow_next
flow_sleep(struct flow *f, int64_t ms, flow_step_fn *step, const char *name)
{
	timer_set(f->timer, ms);
	return flow_park(f, step, name);
}

enum flow_next
flow_http(struct flow *f, struct http *h, const struct http_spec *spec,
    flow_step_fn *step, const char *name)
{
	timer_cancel(f->timer);		/* woken by its own step: only the reply counts */
	f->call = http_start(h, spec, flow_replied, f);
	return flow_park(f, step, name);
}

enum flow_next
flow_end(struct flow *f)
{
	UNUSED(f);
	return FLOW_END;
}

void
flow_wake(struct flow *f)
{
	if (f->step != NULL && f->call == NULL)
		timer_set(f->timer, 0);
}

void
flow_init(struct flow *f, struct loop *l, const char *name,
    void (*ended)(struct flow *f))
{
	memset(f, 0, sizeof(*f));
	f->name = name;
	f->step_name = "new";
	f->ended = ended;
	f->timer = timer_new(l, flow_run, f);
}

void
flow_start(struct flow *f, flow_step_fn *step, const char *step_name)
{
	flow_then(f, step, step_name);
	timer_set(f->timer, 0);
}

void
flow_cancel(struct flow *f)
{
	http_cancel(f->call);
	f->call = NULL;
	timer_cancel(f->timer);
	f->step = NULL;
	f->step_name = "cancelled";
}

void
flow_fini(struct flow *f)
{
	flow_cancel(f);
	buf_fini(&f->reply.body);
	buf_fini(&f->reply.headers);
	timer_free(f->timer);
	f->timer = NULL;
}

bool
flow_runs(const struct flow *f)
{
	return f->step != NULL;
}

int64_t
flow_backoff(unsigned n, int64_t base_ms, int64_t max_ms)
{
	int64_t ms = base_ms;
	uint32_t dice = 0;

	for (unsigned i = 1; i < n && ms < max_ms; i++)
		ms *= 2;
	if (ms > max_ms)
		ms = max_ms;
	if (clock_is_virtual() || getrandom(&dice, sizeof(dice), GRND_NONBLOCK) < 0)
		return ms;		/* virtual time is the same each time */
	return ms / 2 + (int64_t)(dice % (uint64_t)(ms / 2 + 1));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* host.c - see host.h: what a plugin asks and tells, but for documents. */
#include "core/host.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "core/ask.h"
#include "core/instance.h"
#include "core/metrics.h"
#include "state/state.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX	512	/* bytes of a trouble or problem */

struct loop *
host_loop(struct instance *i)
{
	return i->pipeline->conf.loop;
}

const char *
host_name(const struct instance *i)
{
	return i->name;
}

const char *
host_data_dir(const struct instance *i)
{
	return i->pipeline->conf.data_dir;
}

struct state *
host_state(struct instance *i)
{
	return i->pipeline->conf.state;
}

enum run_mode
host_mode(const struct instance *i)
{
	return i->pipeline->conf.mode;
}

bool
host_full(const struct instance *i)
{
	return i->pipeline->paused;
}

void
host_stopped(struct instance *i)
{
	i->stopped = true;
	ask_forget(i->pipeline, i, NULL);
	pipeline_turn(i->pipeline);
}

void
host_finished(struct instance *i)
{
	i->finished = true;
	if (i->kind == INSTANCE_OUTPUT)
		pipeline_unread(i->pipeline);
	pipeline_turn(i->pipeline);
}

void
host_problem(struct instance *i, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_warn("%s: %s", i->name, text);
	metric_add(METRIC_INPUT_PROBLEMS, 1);
	if (i->pipeline->status == 0)
		i->pipeline->status = 1;
}

/* For `hubstash status`, which is another process. */
static void
note_trouble(struct instance *i)
{
	char *key = xasprintf("trouble:%s", i->name);
	char *value = i->trouble == NULL ? NULL :
	    xasprintf("%" PRId64 " %s", i->trouble_ms, i->trouble);

	state_note(i->pipeline->conf.state, key, value);
	free(key);
	free(value);
}

static void
begin_trouble(struct instance *i)
{
	if (i->trouble != NULL)
		return;
	i->trouble_ms = clock_wall_ms();
	i->trouble_mono_ms = clock_mono_ms();
}

void
host_trouble(struct instance *i, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (str_eq(text, i->trouble))
		return;
	begin_trouble(i);
	str_set(&i->trouble, text);
	log_flush();			/* new trouble is never folded */
	log_warn("%s: %s", i->name, text);
	note_trouble(i);
}

void
host_well(struct instance *i)
{
	if (i->trouble == NULL)
		return;
	log_info("%s: well again after %" PRId64 " s", i->name,
	    (clock_mono_ms() - i->trouble_mono_ms) / 1000);
	str_set(&i->trouble, NULL);
	note_trouble(i);
}

/* What an output has in hand when it fails it will not store by waiting. */
void
host_fail(struct instance *i, const struct err *e)
{
	begin_trouble(i);
	str_set(&i->trouble, e->text);
	note_trouble(i);
	pipeline_fail(i->pipeline, i->name, e);
	if (i->kind == INSTANCE_OUTPUT)
		i->pipeline->late = true;
}

void
host_identified(struct instance *i)
{
	i->identified = true;
	pipeline_turn(i->pipeline);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline.c - see pipeline.h: the life of a pipeline. Its end comes in steps,
 * each of which waits for those before it:
 *
 *	all inputs finished, or asked to stop
 *	──► what is on its way is stored, its origins told
 *	──► inputs stopped ──► outputs stopped ──► state.db committed ──► ended
 *
 * Asked to stop, no step waits longer than its time; what was not stored then
 * is read again next time.
 */
#include "core/pipeline.h"
#include "base/log.h"
#include "base/str.h"
#include "core/ask.h"
#include "core/instance.h"
#include "core/reidentify.h"
#include "core/replay.h"
#include "state/state.h"

#include <stdlib.h>

#define COMMIT_MS	20
#define DRAIN_MS	6000
#define GRACE_MS	5000	/* for stores to say who they are */
#define IDENTITY_MAX	256
#define STOP_MS		1500	/* for inputs, and again for outputs */

static void
on_commit(void *arg)
{
	struct pipeline *p = arg;
	struct err e;

	if (!p->broken && state_dirty(p->conf.state) &&
	    !state_commit(p->conf.state, &e))
		pipeline_broken(p, &e);
}

/* Something was written: what follows within 20 ms goes with it. */
static void
on_dirty(void *arg)
{
	struct pipeline *p = arg;

	if (!timer_waits(p->commit))
		timer_set(p->commit, COMMIT_MS);
}

static bool
all(const struct pipeline *p, enum instance_kind kind,
    bool (*so)(const struct instance *i))
{
	struct instance *i;

	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind == kind && !so(i))
			return false;
	return true;
}

static bool
is_finished(const struct instance *i)
{
	return i->finished || i->stopped;
}

static bool
is_stopped(const struct instance *i)
{
	return i->stopped || (i->stopping && i->finished);
}

static bool
is_drained(const struct instance *i)
{
	return i->finished || queue_empty(i);
}

static void
stop_kind(struct pipeline *p, enum instance_kind kind)
{
	struct instance *i;

	TAILQ_FOREACH(i, &p->instances, link) {
		if (i->kind != kind || i->stopping)
			continue;
		i->stopping = true;
		if (i->stopped)
			continue;
		if (kind == INSTANCE_INPUT)
			i->input->stop(i->self);
		else
			i->output->stop(i->self);
	}
}

static bool
has_refill(const struct instance *i)
{
	return i->kind == INSTANCE_INPUT && i->input->refill != NULL;
}

/*
 * Whether what is covered would be sent again now. If not (the end is near, or
 * only files are read), a store that is new stays new until the next start.
 */
static bool
may_refill(const struct pipeline *p)
{
	struct instance *i;

	TAILQ_FOREACH(i, &p->instances, link)
		if (has_refill(i) && !i->finished && !i->stopping && !i->stopped)
			return true;
	return false;
}

/*
 * A store that is another than before lacks what was stored: send it again. What was
 * read since the start is not stored anywhere: it waits for this one.
 */
static void
identify(struct pipeline *p)
{
	bool again = false;
	struct instance *i;

	TAILQ_FOREACH(i, &p->instances, link) {
		char text[IDENTITY_MAX], *was;

		if (!i->identified)
			continue;
		i->identified = false;
		if (p->conf.mode == RUN_ONCE || i->output->identity == NULL ||
		    !i->output->identity(i->self, text, sizeof(text)))
			continue;
		was = state_identity(p->conf.state, i->name);
		if (!str_eq(was, text) &&
		    (may_refill(p) || !state_covers(p->conf.state))) {
			if (was != NULL)
				log_info("%s: the store is another one now=%s before=%s",
				    i->name, text, was);
			else
				log_info("%s: the store is new to us id=%s", i->name,
				    text);
			state_set_identity(p->conf.state, i->name, text);
			again = again || ((was != NULL || p->covered) &&
			    state_covers(p->conf.state));
		}
		free(was);
	}
	if (!again)
		return;
	TAILQ_FOREACH(i, &p->instances, link)
		if (has_refill(i) && !i->finished && !i->stopping && !i->stopped)
			i->input->refill(i->self);
}

static void
forget_absent(void *arg, const char *output)
{
	struct pipeline *p = arg;
	struct instance *i;

	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind == INSTANCE_OUTPUT && str_eq(i->name, output))
			return;
	state_set_identity(p->conf.state, output, NULL);
}

/* A store that is not written to now will lack what is read now: it is new then. */
static void
forget_identities(struct pipeline *p)
{
	struct instance *i;

	TAILQ_FOREACH(i, &p->instances, link)
		if (has_refill(i))
			break;
	if (i != NULL)
		state_identities(p->conf.state, forget_absent, p);
}

static void
finish(struct pipeline *p)
{
	struct err e;

	p->phase = PHASE_ENDED;
	timer_cancel(p->commit);
	timer_cancel(p->deadline);
	if (!p->broken && !state_commit(p->conf.state, &e)) {
		log_error("%s: %s", str_or(p->conf.data_dir, "state"), e.text);
		p->broken = true;
		p->status = err_exit(&e);
	}
	p->conf.ended(p->conf.arg, p->status);
}

/* False: what is on its way may still arrive. */
static bool
drained(struct pipeline *p)
{
	bool stored = all(p, INSTANCE_OUTPUT, is_drained);

	if (p->asked && !p->late && !all(p, INSTANCE_INPUT, is_stopped))
		return false;
	if (p->broken || (stored && TAILQ_EMPTY(&p->told)))
		return true;
	if (p->late && !stored)
		log_warn("%zu documents could not be stored in time: they are read "
		    "again next time", p->unsettled);
	return p->late;
}

/* Is it time for the next step of the end? */
static void
approach_end(struct pipeline *p)
{
	if (p->phase == PHASE_RUN) {
		if (p->asked)
			stop_kind(p, INSTANCE_INPUT);
		else if (!all(p, INSTANCE_INPUT, is_finished) || !replay_is_done(p) ||
		    !reidentify_is_done(p))
			return;
		if (!drained(p))
			return;
		stop_kind(p, INSTANCE_INPUT);
		p->phase = PHASE_OUTPUTS;
		p->late = false;
		timer_set(p->deadline, STOP_MS);
		stop_kind(p, INSTANCE_OUTPUT);
	}
	if (p->late || all(p, INSTANCE_OUTPUT, is_stopped))
		finish(p);
}

/* Whether it has a store with keys behind it that is not known yet. */
static bool
is_unknown(const struct instance *i)
{
	char text[IDENTITY_MAX];

	return i->kind == INSTANCE_OUTPUT && i->output->identity != NULL &&
	    !i->output->identity(i->self, text, sizeof(text));
}

/*
 * Inputs begin once every store is known, or has had its time to be: what is read
 * before would be read again for a store that turns out to be new.
 */
static void
begin_inputs(struct pipeline *p, bool now)
{
	struct instance *i;

	if (p->begun)
		return;
	TAILQ_FOREACH(i, &p->instances, link)
		if (!now && is_unknown(i))
			return;
	p->begun = true;
	timer_cancel(p->grace);
	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind == INSTANCE_INPUT)
			i->input->start(i->self);
}

static void
on_grace(void *arg)
{
	begin_inputs(arg, true);
}

static void
on_turn(void *arg)
{
	struct pipeline *p = arg;

	settle_tell(p);
	ask_answer(p);
	if (p->phase == PHASE_NEW || p->phase == PHASE_ENDED)
		return;
	begin_inputs(p, false);
	identify(p);
	approach_end(p);		/* last: it may free the pipeline */
}

static void
on_deadline(void *arg)
{
	struct pipeline *p = arg;

	p->late = true;
	pipeline_turn(p);
}

void
pipeline_turn(struct pipeline *p)
{
	timer_set(p->turn, 0);
}

struct pipeline *
pipeline_new(const struct pipeline_conf *conf, const struct ast_section *sections,
    struct diags *d, struct err *e)
{
	struct pipeline *p = xcalloc(1, sizeof(*p));

	p->conf = *conf;
	TAILQ_INIT(&p->instances);
	TAILQ_INIT(&p->told);
	TAILQ_INIT(&p->asks);
	p->turn = timer_new(conf->loop, on_turn, p);
	p->deadline = timer_new(conf->loop, on_deadline, p);
	p->commit = timer_new(conf->loop, on_commit, p);
	p->grace = timer_new(conf->loop, on_grace, p);
	state_on_dirty(conf->state, on_dirty, p);
	if (!compile(p, sections, d, e)) {
		pipeline_free(p);
		return NULL;
	}
	return p;
}

/* Inputs first, then what they handed to the outputs. */
void
pipeline_free(struct pipeline *p)
{
	static const enum instance_kind order[] = { INSTANCE_INPUT, INSTANCE_FILTER,
	    INSTANCE_OUTPUT };
	struct instance *i, *next;
	struct page *g;

	if (p == NULL)
		return;
	state_on_dirty(p->conf.state, NULL, NULL);
	for (size_t k = 0; k < LEN(order); k++)
		for (i = TAILQ_FIRST(&p->instances); i != NULL; i = next) {
			next = TAILQ_NEXT(i, link);
			if (i->kind != order[k])
				continue;
			TAILQ_REMOVE(&p->instances, i, link);
			instance_free(i);
		}
	ask_fini(p);
	replay_free(p->replay);
	reidentify_free(p->reidentify);
	while ((g = TAILQ_FIRST(&p->told)) != NULL) {
		TAILQ_REMOVE(&p->told, g, link);
		free(g);
	}
	timer_free(p->turn);
	timer_free(p->deadline);
	timer_free(p->commit);
	timer_free(p->grace);
	free(p);
}

void
pipeline_start(struct pipeline *p)
{
	struct instance *i;

	p->phase = PHASE_RUN;
	p->covered = state_covers(p->conf.state);
	forget_identities(p);
	if (state_dirty(p->conf.state))
		on_dirty(p);
	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind == INSTANCE_OUTPUT && i->output->start != NULL)
			i->output->start(i->self);
	timer_set(p->grace, GRACE_MS);
	replay_start(p);
	reidentify_start(p);
	begin_inputs(p, false);
	pipeline_turn(p);		/* there may be nothing to do */
}

void
pipeline_stop(struct pipeline *p)
{
	if (p->phase == PHASE_NEW || p->phase == PHASE_ENDED)
		return;
	begin_inputs(p, true);		/* so that they have something to stop */
	if (p->asked)
		p->late = true;
	else if (p->phase == PHASE_RUN) {
		if (p->conf.mode != RUN_FOLLOW && p->status == 0 &&
		    (!all(p, INSTANCE_INPUT, is_finished) || !replay_is_done(p) ||
		    !reidentify_is_done(p)))
			p->status = 75;
		timer_set(p->deadline, DRAIN_MS);
	}
	p->asked = true;
	pipeline_turn(p);
}

/* What nobody reads on is no failure: a closed pipe. */
void
pipeline_unread(struct pipeline *p)
{
	int status = p->status;

	if (!p->asked)
		pipeline_stop(p);
	p->status = status;
}

void
pipeline_fail(struct pipeline *p, const char *who, const struct err *e)
{
	log_error("%s: %s", who, e->text);
	if (!p->asked)
		pipeline_stop(p);
	if (p->failed)
		return;
	p->failed = true;
	p->status = err_exit(e);
}

void
pipeline_broken(struct pipeline *p, const struct err *e)
{
	if (p->broken)
		return;
	p->broken = true;
	pipeline_fail(p, str_or(p->conf.data_dir, "state"), e);
}

void
pipeline_troubles(const struct pipeline *p, void (*each)(void *arg,
    const char *instance, const char *text, int64_t since_ms), void *arg)
{
	struct instance *i;

	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind != INSTANCE_FILTER)
			each(arg, i->name, i->trouble, i->trouble_ms);
}

bool
pipeline_has(const struct pipeline *p, const char *plugin)
{
	struct instance *i;

	TAILQ_FOREACH(i, &p->instances, link)
		if (str_eq(i->plugin->name, plugin))
			return true;
	return false;
}

/* Its block says dashboard => true. */
static bool
is_chosen(const struct instance *i)
{
	for (const struct option *o = i->plugin->options; o->name != NULL; o++)
		if (str_eq(o->name, "dashboard") && o->type == OPT_BOOL) {
			const char *field = (const char *)i->conf + o->at;

			return *(const bool *)(const void *)field;
		}
	return false;
}

struct store *
pipeline_reader(struct pipeline *p)
{
	struct instance *i, *first = NULL;

	TAILQ_FOREACH(i, &p->instances, link)
		if (i->kind == INSTANCE_OUTPUT && i->output->reader != NULL &&
		    (first == NULL || (is_chosen(i) && !is_chosen(first))))
			first = i;
	return first != NULL ? first->output->reader(first->self) : NULL;
}

void
pipeline_watch(struct pipeline *p, void (*stored)(void *arg, const struct doc *d),
    void *arg)
{
	p->conf.stored = stored;
	p->conf.watcher = arg;
}

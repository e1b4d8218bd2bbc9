/* SPDX-License-Identifier: Apache-2.0 */
/* session.c - see cmd.h: a pipeline on a loop, from its text to the exit status. */
#include "base/log.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "core/metrics.h"
#include "io/notify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS	1000
#define NEWS_MS		10000

static void
on_ended(void *arg, int status)
{
	struct session *s = arg;

	s->status = status;
	notify_stopping(s->notify);
	loop_stop(s->loop);
}

static void
on_patience(void *arg)
{
	UNUSED(arg);
	log_info("ending, as soon as what is on its way is stored; asked once more, at "
	    "once");
}

static void
on_stop(void *arg)
{
	struct session *s = arg;

	if (!timer_waits(s->patience))
		timer_set(s->patience, PATIENCE_MS);
	notify_stopping(s->notify);
	pipeline_stop(s->pipeline);
}

static void
on_trouble(void *arg, const char *instance, const char *text, int64_t since_ms)
{
	struct buf *b = arg;

	UNUSED(since_ms);
	if (text != NULL && b->len == 0)
		buf_printf(b, "%s: %s", instance, text);
}

/* What `systemctl status` shows: the first trouble, or how far it is. */
static void
on_news(void *arg)
{
	struct session *s = arg;
	struct buf b = BUF(4096);

	pipeline_troubles(s->pipeline, on_trouble, &b);
	if (b.len == 0)
		buf_printf(&b, "%" PRId64 " documents settled; %" PRId64 " streams due, %"
		    PRId64 " gaps open", metric_value(METRIC_DOCUMENTS_SETTLED),
		    metric_value(METRIC_STREAMS_DUE), metric_value(METRIC_GAPS_OPEN));
	notify_status(s->notify, buf_str(&b));
	buf_fini(&b);
	timer_set(s->news, NEWS_MS);
}

static struct conf *
read_pipeline(const struct session_conf *c, struct diags *d)
{
	struct conf *conf = conf_new();

	for (size_t i = 0; c->pipelines != NULL && i < c->pipelines->n; i++)
		if (!conf_add_file(conf, c->pipelines->s[i], d))
			continue;	/* d has it; all files are looked at */
	if (c->pipelines == NULL || c->pipelines->n == 0)
		if (!conf_add(conf, "(flags)", c->text, strlen(c->text), d))
			return conf;
	if (c->more != NULL && !conf_add(conf, "(flags)", c->more, strlen(c->more), d))
		return conf;
	return conf;
}

/* Before anything is made or locked: is the pipeline one at all? */
static bool
checked(const struct session_conf *c, const struct conf *conf, struct diags *d)
{
	bool good = d->n == 0;

	if (good && conf_sections(conf) == NULL) {
		usage("the pipeline is empty");
		return false;
	}
	if (!c->to_stdout)	/* else pipeline_new tells: an output may be missing */
		good = pipeline_check(conf_sections(conf), d) && good;
	return good;
}

static bool
open_all(struct session *s, const struct session_conf *c, const struct conf *conf,
    struct diags *d, struct err *e)
{
	s->loop = loop_new(e);
	if (s->loop == NULL)
		return false;
	s->notify = notify_new(s->loop);
	s->state = state_open(c->data_dir, c->data_dir != NULL ? STATE_ENGINE :
	    STATE_MEMORY, e);
	if (s->state == NULL)
		return false;
	s->pipeline = pipeline_new(&(struct pipeline_conf){ .loop = s->loop,
	    .state = s->state, .data_dir = c->data_dir, .mode = c->mode,
	    .to_stdout = c->to_stdout, .codec = c->codec, .ended = on_ended, .arg = s },
	    conf_sections(conf), d, e);
	return s->pipeline != NULL;
}

int
session_open(struct session *s, const struct session_conf *c)
{
	struct diags d = { 0 };
	struct conf *conf = read_pipeline(c, &d);
	struct err e = { 0 };
	int status = 0;

	*s = (struct session){ 0 };
	if (!checked(c, conf, &d))
		status = 2;
	else if (!open_all(s, c, conf, &d, &e))
		status = d.n > 0 ? 2 : cmd_fail(&e);
	diags_print(&d, stderr);
	diags_fini(&d);
	conf_free(conf);
	return status;
}

/* For status, and for a backfill beside this engine. */
void
session_remember(struct session *s, const struct args *a, const char *text)
{
	char *name = default_name(a, text);

	state_set_meta(s->state, "pipeline", name);
	free(name);
}

int
session_run(struct session *s)
{
	s->patience = timer_new(s->loop, on_patience, s);
	loop_on_stop(s->loop, on_stop, s);
	pipeline_start(s->pipeline);
	notify_ready(s->notify);
	if (s->notify != NULL) {
		s->news = timer_new(s->loop, on_news, s);
		timer_set(s->news, 0);
	}
	loop_run(s->loop);
	return s->status;
}

void
session_close(struct session *s)
{
	pipeline_free(s->pipeline);
	timer_free(s->patience);
	timer_free(s->news);
	notify_free(s->notify);
	state_close(s->state);
	loop_free(s->loop);
	*s = (struct session){ 0 };
}

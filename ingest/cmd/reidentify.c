/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reidentify.c - hubstash reidentify: what the filter contributor says now of people
 * is put into what is stored, in every store of the pipeline, without a request to
 * GitHub. An engine has read its files already and writes by them, so there may be
 * none.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/screen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVERY_MS	1000
#define LOG_MS		60000
#define FILTER		"filter { contributor { } }\n"

struct shown {
	struct session	*session;
	struct timer	*timer;
	bool		 terminal;
	int64_t		 logged_ms;
};

static void
on_timer(void *arg)
{
	struct shown *s = arg;
	struct reidentify_count c = pipeline_reidentified(s->session->pipeline);
	struct buf line = BUF(512);

	if (c.read == 0)
		buf_printf(&line, "reidentify: %" PRId64 " documents read", c.learned);
	else
		buf_printf(&line, "reidentify: %" PRId64 " of %" PRId64 " documents "
		    "looked at, %" PRId64 " written anew", c.read, c.learned, c.changed);
	if (s->terminal)
		screen_draw(&line);
	else if (clock_mono_ms() - s->logged_ms >= LOG_MS) {
		log_info("%s", buf_str(&line));
		s->logged_ms = clock_mono_ms();
	}
	buf_fini(&line);
	timer_set(s->timer, EVERY_MS);
}

/* Whether a filter of these files says who people are; mistakes are told later. */
static bool
has_filter(const struct strings *files, const char *text)
{
	struct conf *conf = conf_new();
	struct diags d = { 0 };
	bool found = false;

	for (size_t i = 0; i < files->n; i++)
		if (!conf_add_file(conf, files->s[i], &d))
			found = true;
	if (files->n == 0 && !conf_add(conf, "(flags)", text, strlen(text), &d))
		found = true;
	for (const struct ast_section *s = conf_sections(conf); s != NULL; s = s->next)
		for (const struct ast_step *t = s->body; t != NULL; t = t->next)
			if (s->kind == AST_FILTER && t->plugin != NULL &&
			    str_eq(t->plugin->name, "contributor"))
				found = true;
	diags_fini(&d);
	conf_free(conf);
	return found;
}

/* Without -f the pipeline that ran there. */
static int
find_pipeline(const char *dir, struct args *a, struct buf *text)
{
	struct state *s;
	struct err e;
	bool ran;

	if (a->pipelines.n > 0)
		return 0;
	s = state_open(dir, STATE_READ, &e);
	if (s == NULL)
		return cmd_fail(&e);
	ran = default_remembered(s, &a->pipelines, text);
	state_close(s);
	return ran ? 0 : usage("%s: nothing has run there yet", dir);
}

static int
work(struct session *session)
{
	struct shown s = { .session = session, .terminal = screen_open(),
	    .logged_ms = clock_mono_ms() };
	struct reidentify_count c;
	int status;

	s.timer = timer_new(session->loop, on_timer, &s);
	timer_set(s.timer, EVERY_MS);
	status = session_run(session);
	if (s.terminal)
		screen_close();
	timer_free(s.timer);
	c = pipeline_reidentified(session->pipeline);
	printf("%" PRId64 " documents, %" PRId64 " written anew", c.read, c.changed);
	if (c.dropped > 0)
		printf(", %" PRId64 " deleted", c.dropped);
	if (c.refused > 0)
		printf(", %" PRId64 " refused", c.refused);
	printf("%s\n", status == 75 ? "; not done: run it again" : "");
	return status;
}

int
cmd_reidentify(struct args *a)
{
	struct buf text = BUF(1u << 20);
	struct session s = { 0 };
	struct err e;
	char *dir = cmd_data_dir(a, &e);
	const char *more = NULL;
	int status = 75;

	if (dir == NULL)
		return cmd_fail(&e);
	if (state_engine_runs(dir)) {
		usage("%s: an engine runs there, and what it writes is by what it read "
		    "at its start: stop it, run reidentify, start it again", dir);
		goto out;
	}
	if ((status = find_pipeline(dir, a, &text)) != 0)
		goto out;
	if (!has_filter(&a->pipelines, buf_str(&text)))
		more = FILTER;		/* names of today; what others merged is undone */
	status = session_open(&s, &(struct session_conf){ .pipelines = &a->pipelines,
	    .text = buf_str(&text), .more = more, .data_dir = dir,
	    .mode = RUN_REIDENTIFY });
	if (status == 0)
		status = work(&s);
out:
	session_close(&s);
	buf_fini(&text);
	free(dir);
	return status;
}

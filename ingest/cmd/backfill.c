/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backfill.c - hubstash backfill: older history. What is wanted is written into
 * state.db; where an engine runs it does the work and this command only shows how
 * far it is, else this command is the engine until all is read.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WATCH_MS	2000	/* does the engine still run? */

/* "2025-01-01", a whole time, or "90d" before now; NULL: the beginning. */
static bool
parse_since(const char *s, int64_t *ms, struct err *e)
{
	int64_t seconds;

	*ms = 0;
	if (s != NULL && !clock_parse_iso(s, ms, NULL)) {
		if (!str_duration_s(s, &seconds))
			return err_set(e, ERR_CONFIG, 0, "--since takes a date "
			    "(2025-01-01) or a time before now (90d, 2y), not "
			    "\"%.60s\"", s);
		*ms = clock_wall_ms() - seconds * 1000;
	}
	if (*ms < 0)		/* the beginning, to all who read it */
		*ms = 0;
	return true;
}

static bool
check_kinds(const char *kinds, struct err *e)
{
	char *copy = xstrdup(str_or(kinds, "commits")), *rest = copy, *name;
	enum stream_kind kind;
	bool good = true;

	while (good && (name = strsep(&rest, ",")) != NULL)
		if (!stream_kind_parse(name, &kind) || kind >= STREAM_COMMENTS)
			good = err_set(e, ERR_CONFIG, 0, "--kinds takes some of commits,"
			    "pulls,issues,releases, not \"%.60s\"", name);
	free(copy);
	return good;
}

/* A wish for each organisation and repository that was named. */
static void
wish(struct state *s, const struct args *a, int64_t since_ms)
{
	struct wish_row w = { .kinds = a->kinds, .since_ms = since_ms,
	    .at_ms = clock_wall_ms(), .cancel = a->cancel };

	for (size_t i = 0; i < a->orgs.n; i++) {
		w.org = a->orgs.s[i];
		state_wish(s, &w);
	}
	for (size_t i = 0; i < a->repos.n; i++) {
		char *org = xstrndup(a->repos.s[i], strcspn(a->repos.s[i], "/"));

		w.org = org;
		w.repo = a->repos.s[i];
		state_wish(s, &w);
		free(org);
	}
}

/* Waiting for the engine that does the work. */
struct wait {
	struct loop	*loop;
	const char	*dir;
	struct timer	*watch;
	bool		 missed;	/* the engine was gone at the last look */
	int		 status;
};

static void
on_all_read(void *arg)
{
	struct wait *w = arg;

	log_info("backfill: done; what could not be read stands in hubstash status");
	loop_stop(w->loop);
}

static void
on_interrupt(void *arg)
{
	struct wait *w = arg;

	log_info("the engine goes on with it; backfill --cancel ends that");
	loop_stop(w->loop);
}

/* Gone twice: between the two on_all_read would have been told. */
static void
on_watch(void *arg)
{
	struct wait *w = arg;
	bool gone = !state_engine_runs(w->dir);

	if (gone && w->missed) {
		log_warn("the engine ended before all was read: the next run, or "
		    "backfill, goes on with it");
		w->status = 75;
		loop_stop(w->loop);
		return;
	}
	w->missed = gone;
	timer_set(w->watch, WATCH_MS);
}

/* An engine runs on this directory: another pipeline than its own is a mistake. */
static bool
same_pipeline(struct state *s, const struct args *a, struct err *e)
{
	char *runs, *given;
	bool same;

	if (a->pipelines.n == 0)
		return true;
	runs = state_meta(s, "pipeline");
	given = default_name(a, "");
	same = runs == NULL || str_eq(runs, given);
	if (!same)
		err_set(e, ERR_CONFIG, 0, "the engine that runs there has the pipeline "
		    "%.150s, not %.150s", runs, given);
	free(runs);
	free(given);
	return same;
}

static int
beside(const char *dir, const struct args *a, int64_t since_ms)
{
	struct wait w = { .dir = dir };
	struct progress *p = NULL;
	struct state *s;
	struct err e;

	s = state_open(dir, STATE_WISH, &e);
	if (s == NULL || !same_pipeline(s, a, &e)) {
		w.status = cmd_fail(&e);
		goto out;
	}
	wish(s, a, since_ms);
	w.loop = loop_new(&e);
	if (w.loop == NULL || !state_commit(s, &e)) {
		w.status = cmd_fail(&e);
		goto out;
	}
	if (a->cancel)
		goto out;
	loop_on_stop(w.loop, on_interrupt, &w);
	p = progress_new(w.loop, s, on_all_read, &w);
	w.watch = timer_new(w.loop, on_watch, &w);
	timer_set(w.watch, WATCH_MS);
	loop_run(w.loop);
out:
	progress_free(p);
	timer_free(w.watch);
	state_close(s);
	loop_free(w.loop);
	return w.status;
}

/* Whether these pipeline files ask GitHub; mistakes in them are told later. */
static bool
ask_github(const struct strings *files)
{
	struct conf *conf = conf_new();
	struct diags d = { 0 };
	bool found = false;

	for (size_t i = 0; i < files->n; i++)
		if (!conf_add_file(conf, files->s[i], &d))
			found = true;
	for (const struct ast_section *s = conf_sections(conf); s != NULL; s = s->next)
		for (const struct ast_step *t = s->body; t != NULL; t = t->next)
			if (s->kind == AST_INPUT && t->plugin != NULL &&
			    str_eq(t->plugin->name, "github"))
				found = true;
	diags_fini(&d);
	conf_free(conf);
	return found;
}

/*
 * Without -f the pipeline files that ran there last count, not a default one: the
 * documents belong into the same store.
 */
static void
remembered_files(const char *dir, struct args *a)
{
	struct err e;
	struct state *s = state_open(dir, STATE_READ, &e);
	struct buf text = BUF(1u << 20);

	if (s != NULL)
		default_remembered(s, &a->pipelines, &text);
	buf_fini(&text);
	state_close(s);
	if (ask_github(&a->pipelines))
		log_info("the pipeline is the one that ran there, %s",
		    a->pipelines.s[0]);
	else
		strings_fini(&a->pipelines);
}

/* Nobody else is there: the engine is this process. */
static int
alone(const char *dir, struct args *a, int64_t since_ms)
{
	struct buf text = BUF(1u << 20);
	struct session s = { 0 };
	struct progress *p;
	struct err e;
	int status;

	if (a->pipelines.n == 0)
		remembered_files(dir, a);
	else if (!ask_github(&a->pipelines)) {
		status = usage("the pipeline has no input github: nothing can be read "
		    "from there");
		goto out;
	}
	if (a->pipelines.n == 0 && !default_github(a, &text, &e)) {
		status = cmd_fail(&e);
		goto out;
	}
	default_output(&text);
	status = session_open(&s, &(struct session_conf){ .pipelines = &a->pipelines,
	    .text = buf_str(&text), .data_dir = dir, .mode = RUN_BACKFILL });
	if (status != 0)
		goto out;
	session_remember(&s, a, buf_str(&text));
	wish(s.state, a, since_ms);
	p = progress_new(s.loop, s.state, NULL, NULL);
	status = session_run(&s);
	progress_free(p);
	if (status == 0)
		log_info(a->cancel ? "backfill: nothing is wanted any more" :
		    "backfill: all that was wanted is read");
out:
	session_close(&s);
	buf_fini(&text);
	return status;
}

int
cmd_backfill(struct args *a)
{
	struct err e;
	char *dir = NULL;
	int64_t since_ms;
	int status;

	if (a->orgs.n + a->repos.n == 0)
		return usage("backfill of what? Give --org ORG or --repo OWNER/NAME");
	if (!parse_since(a->since, &since_ms, &e) ||
	    (a->kinds != NULL && !check_kinds(a->kinds, &e)) ||
	    (dir = cmd_data_dir(a, &e)) == NULL) {
		free(dir);
		return cmd_fail(&e);
	}
	status = state_engine_runs(dir) ? beside(dir, a, since_ms) :
	    alone(dir, a, since_ms);
	free(dir);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.c - hubstash run: follow for ever. Beside the pipeline stand the web door,
 * and on a terminal the list of the most active people.
 */
#include "base/log.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/display.h"
#include "store/store.h"
#include "web/web.h"

#include <stdio.h>
#include <stdlib.h>

/* What stands above the list: whom we follow. */
static char *
title(const struct args *a)
{
	struct buf b = BUF(4096);
	char *s;

	if (a->title != NULL)
		return xstrdup(a->title);
	for (size_t i = 0; i < a->orgs.n; i++)
		buf_printf(&b, "%s%s", i > 0 ? ", " : "", a->orgs.s[i]);
	for (size_t i = 0; i < a->repos.n; i++)
		buf_printf(&b, "%s%s", b.len > 0 ? ", " : "", a->repos.s[i]);
	for (size_t i = 0; i < a->pipelines.n; i++)
		buf_printf(&b, "%s%s", b.len > 0 ? ", " : "", a->pipelines.s[i]);
	s = xstrdup(buf_str(&b));
	buf_fini(&b);
	return s;
}

static int
follow(struct session *s, struct args *a)
{
	struct store *for_display = NULL;
	struct display *display = NULL;
	struct web *web = NULL;
	struct err e;
	char *name = title(a);
	const char **names = xcalloc(a->names.n + 1, sizeof(*names));
	int status;

	for (size_t i = 0; i < a->names.n; i++)
		names[i] = a->names.s[i];
	if (!str_eq(a->listen, "off")) {
		web = web_start(s->loop, &(struct web_conf){ .listen = a->listen,
		    .pipeline = s->pipeline, .state = s->state,
		    .store = pipeline_reader(s->pipeline), .title = name,
		    .names = names, .auth_file = a->auth_file, .insecure = a->insecure,
		    .follows = pipeline_has(s->pipeline, "github") }, &e);
		if (web == NULL) {
			status = cmd_fail(&e);
			goto out;
		}
		log_info("the dashboard is at http://%s/", web_address(web));
	}
	for_display = pipeline_reader(s->pipeline);
	display = display_new(&(struct display_conf){ .loop = s->loop,
	    .store = for_display, .state = s->state, .title = name,
	    .address = web != NULL ? web_address(web) : NULL });
	status = session_run(s);
out:
	web_stop(web);
	store_free(for_display);
	display_free(display);
	free(names);
	free(name);
	return status;
}

int
cmd_run(struct args *a)
{
	struct buf text = BUF(1u << 20);
	struct session s = { 0 };
	struct err e;
	char *dir = cmd_data_dir(a, &e);
	int status = dir == NULL ? cmd_fail(&e) : 0;

	if (status == 0 && a->pipelines.n == 0) {
		if (a->orgs.n + a->repos.n == 0)
			status = usage("run what? Give --org ORG, --repo OWNER/NAME or "
			    "-f PIPELINE");
		else if (!default_github(a, &text, &e))
			status = cmd_fail(&e);
		default_output(&text);
	} else if (status == 0 && a->orgs.n + a->repos.n > 0)
		status = usage("with -f PIPELINE the file says whom to follow, not --org "
		    "or --repo");
	if (status == 0)
		status = session_open(&s, &(struct session_conf){
		    .pipelines = &a->pipelines, .text = buf_str(&text),
		    .data_dir = dir, .mode = RUN_FOLLOW });
	if (status == 0) {
		session_remember(&s, a, buf_str(&text));
		status = follow(&s, a);
	}
	session_close(&s);
	buf_fini(&text);
	free(dir);
	return status;
}

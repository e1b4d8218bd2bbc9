/* SPDX-License-Identifier: Apache-2.0 */
/* setup_target.c - see setup_target.h. */
#include "cmd/setup_target.h"
#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TARGETS	16
#define MAX_TEMPLATE	((size_t)1 << 20)
#define FIRST_RETRY_MS	1000		/* what fails ends setup: never reached */

extern const struct output out_elasticsearch;

static void *
option_at(const struct setup_target *t, const char *name)
{
	const struct option *row = out_elasticsearch.plugin.options;

	for (; row->name != NULL; row++)
		if (str_eq(row->name, name))
			return (char *)t->options + row->at;
	die("setup: the output elasticsearch has no option %s", name);
}

const char *
setup_option(const struct setup_target *t, const char *name)
{
	return str_or(*(char *const *)option_at(t, name), NULL);
}

static bool
read_template(struct setup_target *t, struct err *e)
{
	const char *path = setup_option(t, "template");
	struct buf text = BUF(MAX_TEMPLATE);
	FILE *f = path != NULL ? fopen(path, "re") : NULL;
	char chunk[4096];
	size_t n;

	if (path == NULL)
		buf_add(&text, es_template, es_template_len);
	while (f != NULL && (n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(&text, chunk, n);
	if (f != NULL)
		fclose(f);
	t->template = text.failed ? NULL : json_parse(buf_str(&text), text.len, e);
	buf_fini(&text);
	return t->template != NULL || err_at(e, "template %s", str_or(path, "built in"));
}

static void
read_headers(struct setup_target *t)
{
	const struct pairs *pairs = option_at(t, "custom_headers");

	t->header = xcalloc(pairs->n + 1, sizeof(*t->header));
	for (size_t i = 0; i < pairs->n; i++)
		t->header[i] = xasprintf("%s: %s", pairs->p[i].name, pairs->p[i].value);
	t->client.headers = t->header;
	t->client.header_count = pairs->n;
}

/* What the rows say, as the client and the index take it. */
static bool
read_conf(struct setup_target *t, struct err *e)
{
	const struct strings *hosts = option_at(t, "hosts");
	const struct strings *ca = option_at(t, "ssl_certificate_authorities");
	int64_t timeout = *(int64_t *)option_at(t, "timeout");

	t->client = (struct es_conf){
		.hosts = hosts->s, .host_count = hosts->n,
		.tls = *(bool *)option_at(t, "ssl_enabled"),
		.user = setup_option(t, "user"), .password = setup_option(t, "password"),
		.api_key = setup_option(t, "api_key"),
		.ca_file = ca->n > 0 ? ca->s[0] : NULL,
		.insecure = str_eq(setup_option(t, "ssl_verification_mode"), "none"),
		.gzip = 0, .max_inflight = 2, .timeout_ms = (unsigned)timeout * 1000,
		.rest_ms = FIRST_RETRY_MS,
	};
	read_headers(t);
	if (!read_template(t, e))
		return false;
	t->index = (struct es_index_conf){
		.name = setup_option(t, "index"),
		.template_name = setup_option(t, "template_name"),
		.log_name = "setup", .manage_template = true, .template = t->template,
		.own_patterns = setup_option(t, "template") != NULL,
		.retry_ms = FIRST_RETRY_MS, .retry_max_ms = FIRST_RETRY_MS,
	};
	return true;
}

static void
add_target(struct setup_targets *t, const struct ast_plugin *block, struct diags *d)
{
	const struct plugin *plugin = &out_elasticsearch.plugin;
	struct setup_target *target = &t->target[t->n];
	struct err e = { 0 };

	if (!str_eq(block->name, plugin->name) || t->n == MAX_TARGETS)
		return;
	t->n++;
	target->options = xcalloc(1, plugin->conf_size);
	if (options_fill(plugin->options, block, target->options, d) &&
	    (!plugin->check(target->options, &e) || !read_conf(target, &e)))
		diags_add(d, block->at, "%s: %s", plugin->name, e.text);
}

static void
add_steps(struct setup_targets *t, const struct ast_step *step, struct diags *d)
{
	for (; step != NULL; step = step->next) {
		if (step->plugin != NULL)
			add_target(t, step->plugin, d);
		for (const struct ast_arm *arm = step->arms; arm != NULL; arm = arm->next)
			add_steps(t, arm->body, d);
	}
}

static struct conf *
read_pipeline(const struct args *a, struct diags *d)
{
	struct conf *conf = conf_new();
	struct buf text = BUF(64 << 10);

	for (size_t i = 0; i < a->pipelines.n; i++)
		if (!conf_add_file(conf, a->pipelines.s[i], d))
			continue;	/* d has it; all files are looked at */
	if (a->pipelines.n == 0) {
		default_output(&text);
		if (!conf_add(conf, "(environment)", buf_str(&text), text.len, d))
			die("setup: its own pipeline cannot be read");
	}
	buf_fini(&text);
	return conf;
}

int
setup_targets_read(struct setup_targets *t, const struct args *a)
{
	struct diags d = { 0 };
	struct conf *conf = read_pipeline(a, &d);
	const struct ast_section *section = conf_sections(conf);
	int status = 0;

	t->target = xcalloc(MAX_TARGETS, sizeof(*t->target));
	for (; d.n == 0 && section != NULL; section = section->next)
		if (section->kind == AST_OUTPUT)
			add_steps(t, section->body, &d);
	if (d.n > 0)
		status = 2;
	else if (t->n == 0)
		status = usage("nothing to set up: %s; the SQLite file needs no setup",
		    a->pipelines.n > 0 ? "the pipeline has no output elasticsearch" :
		    "set ELASTICSEARCH_URL, or give -f PIPELINE");
	diags_print(&d, stderr);
	diags_fini(&d);
	conf_free(conf);
	return status;
}

void
setup_targets_fini(struct setup_targets *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct setup_target *target = &t->target[i];

		options_free(out_elasticsearch.plugin.options, target->options);
		for (char **h = target->header; h != NULL && *h != NULL; h++)
			free(*h);
		free(target->header);
		free(target->options);
		json_free(target->template);
	}
	free(t->target);
	*t = (struct setup_targets){ 0 };
}

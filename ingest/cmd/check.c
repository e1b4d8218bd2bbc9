/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c - hubstash check: all mistakes of pipeline files at once, as
 * `logstash -t`; or what plugins there are and what options they take.
 */
#include "base/str.h"
#include "cmd/cmd.h"
#include "core/metrics.h"
#include "core/plugin.h"

#include <stdio.h>

#define PLUGINS_MAX	128

static int
check_files(const struct strings *files)
{
	struct conf *c = conf_new();
	struct diags d = { 0 };
	bool good = true;

	for (size_t i = 0; i < files->n; i++)
		good = conf_add_file(c, files->s[i], &d) && good;
	if (good && conf_sections(c) == NULL)
		usage("%s: the pipeline is empty", files->s[0]);
	good = pipeline_check(conf_sections(c), &d) && good;
	diags_print(&d, stderr);
	diags_fini(&d);
	conf_free(c);
	if (good)
		printf("Configuration OK\n");
	return good ? 0 : 2;
}

struct listed {
	const char		*section;
	const struct plugin	*plugin;
};

static size_t
list(struct listed all[PLUGINS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; inputs[i] != NULL && n < PLUGINS_MAX; i++)
		all[n++] = (struct listed){ "input", &inputs[i]->plugin };
	for (size_t i = 0; filters[i] != NULL && n < PLUGINS_MAX; i++)
		all[n++] = (struct listed){ "filter", &filters[i]->plugin };
	for (size_t i = 0; outputs[i] != NULL && n < PLUGINS_MAX; i++)
		all[n++] = (struct listed){ "output", &outputs[i]->plugin };
	return n;
}

static int
explain_all(void)
{
	struct listed all[PLUGINS_MAX];
	size_t n = list(all);

	for (size_t i = 0; i < n; i++)
		printf("%-6s  %-14s  %s\n", all[i].section, all[i].plugin->name,
		    all[i].plugin->help);
	return 0;
}

static int
explain_metrics(void)
{
	for (int m = 0; m < METRICS; m++) {
		const struct metric_row *r = metric_row((enum metric)m);

		printf("hubstash_%-26s  %-7s  %s\n", r->name, r->gauge ? "gauge" :
		    "counter", r->help);
	}
	return 0;
}

static int
explain_one(const char *name)
{
	struct listed all[PLUGINS_MAX];
	const char *names[PLUGINS_MAX], *near;
	size_t n = list(all), found = 0;

	for (size_t i = 0; i < n; i++) {
		names[i] = all[i].plugin->name;
		if (!str_eq(names[i], name))
			continue;
		printf("%s%s %s: %s\n", found++ > 0 ? "\n" : "", all[i].section, name,
		    all[i].plugin->help);
		options_explain(all[i].plugin->options, stdout);
	}
	if (found > 0)
		return 0;
	if (str_eq(name, "metrics"))
		return explain_metrics();
	near = str_nearest(name, names, n);
	return near != NULL ? usage("there is no plugin \"%s\"; did you mean \"%s\"?",
	    name, near) : usage("there is no plugin \"%s\"; hubstash check --explain "
	    "lists them", name);
}

int
cmd_check(struct args *a)
{
	if (a->explain && (a->pipelines.n > 0 || a->rest.n > 1))
		return usage("check --explain takes the name of one plugin");
	if (a->explain)
		return a->rest.n > 0 ? explain_one(a->rest.s[0]) : explain_all();
	if (a->rest.n > 0)
		return usage("check -f PIPELINE: \"%s\" stands there without -f",
		    a->rest.s[0]);
	if (a->pipelines.n == 0)
		return usage("check of what? Give -f PIPELINE or --explain");
	return check_files(&a->pipelines);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setup.c - hubstash setup: what documents go to (the index template, the index) and
 * what shows them (Kibana's data views and dashboards), made ready; or printed; or
 * taken away again. Each thing is a line on stdout.
 */
#include "base/str.h"
#include "cmd/setup_target.h"
#include "conf/env.h"
#include "store/es_setup.h"
#include "store/kibana.h"
#include "store/kibana_door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_OBJECTS	((size_t)4 << 20)

struct setup {
	const struct args	*args;
	struct loop		*loop;
	struct setup_targets	 targets;
	struct json		*description;
	/* of Kibana, where it is asked: flags, else the environment */
	bool			 has_kibana;
	struct kibana_address	 address;
	char			*user, *password, *api_key, *ca_file;
	struct err		 err;		/* of what just ended */
	bool			 failed;
};

static char *
setting(const char *flag, const char *variable)
{
	char *value = flag != NULL ? xstrdup(flag) : env_variable(variable);

	if (str_or(value, NULL) != NULL)
		return value;
	free(value);
	return NULL;
}

static bool
read_settings(struct setup *s, struct err *e)
{
	char *url = setting(s->args->kibana_url, "KIBANA_URL");
	char *space = setting(s->args->kibana_space, "KIBANA_SPACE");
	bool good = true;

	s->user = setting(NULL, "KIBANA_USERNAME");
	s->password = setting(NULL, "KIBANA_PASSWORD");
	s->api_key = setting(NULL, "KIBANA_API_KEY");
	s->ca_file = setting(NULL, "KIBANA_CA");
	s->has_kibana = url != NULL;
	if (url != NULL || space != NULL)	/* a dry run needs no address */
		good = kibana_address(&s->address, str_or(url, "http://localhost"),
		    space, e);
	if (good && s->api_key != NULL && s->user != NULL)
		good = err_set(e, ERR_CONFIG, 0, "both KIBANA_API_KEY and "
		    "KIBANA_USERNAME are set: which one is meant?");
	free(url);
	free(space);
	return good;
}

static struct kibana_conf
kibana_conf(const struct setup *s, const struct setup_target *t)
{
	return (struct kibana_conf){ .index = t->index.name, .space = s->address.space,
	    .description = s->description, .template = t->template };
}

/* Template and objects as lines of JSON; asks nobody. */
static bool
print_target(const struct setup *s, const struct setup_target *t, struct err *e)
{
	struct kibana_conf conf = kibana_conf(s, t);
	struct buf out = BUF(MAX_OBJECTS);
	struct json *template = es_index_template(&t->index);
	bool good;

	if (s->args->queries) {
		good = kibana_queries(&conf, &out, e);
	} else {
		buf_puts(&out, "{\"index_template\":{\"name\":");
		buf_json(&out, str_or(t->index.template_name, t->index.name));
		buf_puts(&out, ",\"body\":");
		json_print(template, &out);
		buf_puts(&out, "}}\n");
		good = kibana_objects(&conf, &out, e);
	}
	if (good)
		fwrite(buf_str(&out), 1, out.len, stdout);
	json_free(template);
	buf_fini(&out);
	return good;
}

static void
line(const char *what, const char *type, const char *id, const char *title)
{
	printf("%-8s  %-14s  %s", what, type, id);
	printf(title[0] != '\0' ? "  (%s)\n" : "%s\n", title);
	fflush(stdout);
}

static void
on_ended(struct setup *s, const struct err *err)
{
	s->failed = err != NULL;
	if (err != NULL)
		s->err = *err;
	loop_stop(s->loop);
}

struct waiting {
	struct setup		*setup;
	const struct setup_target *target;
};

static void
on_template(void *arg, enum es_setup_what what, const struct err *err)
{
	static const char *const words[] = { [ES_SETUP_SAME] = "same",
	    [ES_SETUP_MADE] = "made", [ES_SETUP_REPLACED] = "replaced",
	    [ES_SETUP_REMOVED] = "removed", [ES_SETUP_ABSENT] = "absent",
	    [ES_SETUP_KEPT] = "kept" };
	const struct waiting *w = arg;
	const struct es_index_conf *ix = &w->target->index;

	if (err == NULL)
		line(words[what], "index template", str_or(ix->template_name, ix->name),
		    what == ES_SETUP_KEPT ? "it is not hubstash's" : "");
	on_ended(w->setup, err);
}

static bool
do_template(struct setup *s, const struct setup_target *t, struct err *e)
{
	struct waiting w = { s, t };
	struct es *es = es_new(s->loop, &t->client, e);
	struct es_setup *setup;

	if (es == NULL)
		return false;
	setup = es_setup_new(es, &(struct es_setup_conf){ .index = t->index,
	    .remove = s->args->remove, .ended = on_template, .arg = &w });
	es_setup_start(setup);
	loop_run(s->loop);
	es_setup_free(setup);
	es_free(es);
	*e = s->err;
	return !s->failed;
}

static void
on_object(void *arg, enum kibana_what what, const char *type, const char *id,
    const char *title, const char *why)
{
	static const char *const words[] = { [KIBANA_SAME] = "same",
	    [KIBANA_MADE] = "made", [KIBANA_REPLACED] = "replaced",
	    [KIBANA_REMOVED] = "removed", [KIBANA_ABSENT] = "absent",
	    [KIBANA_REFUSED] = "refused" };

	UNUSED(arg);
	line(words[what], str_eq(type, "index-pattern") ? "data view" : type, id, title);
	if (why[0] != '\0')
		fprintf(stderr, "hubstash: %s %s: %s\n", type, id, why);
}

static void
on_kibana(void *arg, const struct err *err)
{
	on_ended(arg, err);
}

/* Who we are to Kibana: what is said for it, else who we are to Elasticsearch. */
static bool
do_kibana(struct setup *s, const struct setup_target *t, struct err *e)
{
	bool own = s->user != NULL || s->api_key != NULL || s->address.host.user != NULL;
	struct kibana_conf conf = kibana_conf(s, t);
	struct buf objects = BUF(MAX_OBJECTS);
	struct kibana_door *door = NULL;

	if (kibana_objects(&conf, &objects, e))
		door = kibana_door_new(s->loop, &(struct kibana_door_conf){
		    .address = &s->address, .user = own ? s->user : t->client.user,
		    .password = own ? s->password : t->client.password,
		    .api_key = own ? s->api_key : t->client.api_key,
		    .ca_file = str_or(s->ca_file, t->client.ca_file),
		    .insecure = t->client.insecure, .objects = buf_str(&objects),
		    .remove = s->args->remove, .each = on_object, .ended = on_kibana,
		    .arg = s }, e);
	if (door == NULL) {
		buf_fini(&objects);
		return false;
	}
	kibana_door_start(door);
	loop_run(s->loop);
	kibana_door_free(door);
	buf_fini(&objects);
	*e = s->err;
	return !s->failed;
}

/* Kibana goes last, and first when things are taken away. */
static bool
do_target(struct setup *s, const struct setup_target *t, struct err *e)
{
	if (s->args->dry_run || s->args->queries)
		return print_target(s, t, e);
	if (s->args->remove)
		return (!s->has_kibana || do_kibana(s, t, e)) && do_template(s, t, e);
	return do_template(s, t, e) && (!s->has_kibana || do_kibana(s, t, e));
}

int
cmd_setup(struct args *a)
{
	struct setup s = { .args = a };
	struct err e = { 0 };
	int status = 0;

	if (a->dry_run + a->queries + a->remove > 1)
		return usage("setup takes one of --dry-run, --queries and --remove");
	status = setup_targets_read(&s.targets, a);
	s.description = json_parse(kibana_dashboards, kibana_dashboards_len, &e);
	if (status == 0 && (s.description == NULL || !read_settings(&s, &e) ||
	    (s.loop = loop_new(&e)) == NULL))
		status = cmd_fail(&e);
	for (size_t i = 0; status == 0 && i < s.targets.n; i++)
		if (!do_target(&s, &s.targets.target[i], &e))
			status = cmd_fail(&e);
	if (status == 0 && !s.has_kibana && !a->dry_run && !a->queries)
		fprintf(stderr, "hubstash: KIBANA_URL is not set: %s\n", a->remove ?
		    "data views and dashboards, if there are any, stay" :
		    "no data views, no dashboards");
	setup_targets_fini(&s.targets);
	json_free(s.description);
	kibana_address_fini(&s.address);
	free(s.user);
	free(s.password);
	free(s.api_key);
	free(s.ca_file);
	loop_free(s.loop);
	return status;
}

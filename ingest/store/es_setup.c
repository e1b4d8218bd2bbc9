/* SPDX-License-Identifier: Apache-2.0 */
/* es_setup.c - see es_setup.h. */
#include "store/es_setup.h"
#include "base/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct es_setup {
	struct es_talk		 talk;		/* first */
	struct es_setup_conf	 conf;
	struct es_index		*index;
	struct buf		 path;
	enum es_setup_what	 what;
	struct err		 err;
	bool			 failed, told;
};

static flow_step_fn setup_look, setup_looked, setup_removed;

static struct es_setup *
setup_of(struct flow *f)
{
	return (struct es_setup *)f;
}

static enum flow_next
setup_refused(struct es_setup *s)
{
	bool later = s->talk.verdict == ES_DOWN || s->talk.verdict == ES_BUSY;

	s->failed = true;
	err_set(&s->err, later ? ERR_SYSTEM : ERR_REMOTE, later ? EIO : s->talk.status,
	    "%.400s", s->talk.why);
	return flow_end(&s->talk.flow);
}

static enum flow_next
setup_look(struct flow *f)
{
	struct es_setup *s = setup_of(f);

	return es_ask(&s->talk, &(struct es_request){ .path = buf_str(&s->path) },
	    STEP(setup_looked));
}

/* The same value: a cluster gives false back as "false". */
static bool
same_scalar(const struct json *a, const struct json *b)
{
	struct buf x = BUF(4096), y = BUF(4096);
	bool same;

	if (json_text(a) != NULL)
		buf_puts(&x, json_text(a));
	else
		json_print(a, &x);
	if (json_text(b) != NULL)
		buf_puts(&y, json_text(b));
	else
		json_print(b, &y);
	same = str_eq(buf_str(&x), buf_str(&y));
	buf_fini(&x);
	buf_fini(&y);
	return same;
}

static bool
same(const struct json *a, const struct json *b)
{
	struct json_iter it = { 0 };

	if (a == NULL || b == NULL || json_len(a) != json_len(b))
		return false;
	if (json_is(a, JSON_ARRAY)) {
		for (size_t i = 0; i < json_len(a); i++)
			if (!same(json_at(a, i), json_at(b, i)))
				return false;
		return true;
	}
	if (!json_is(a, JSON_OBJECT))
		return same_scalar(a, b);
	while (json_each(a, &it))
		if (!same(it.value, json_get(b, it.key)))
			return false;
	return true;
}

/* The cluster may have added what it goes by anyway (composed_of: []). */
static bool
same_template(const struct json *ours, const struct json *theirs)
{
	struct json_iter it = { 0 };

	while (json_each(ours, &it))
		if (!same(it.value, json_get(theirs, it.key)))
			return false;
	return true;
}

/* The template that is there, or NULL. */
static const struct json *
template_there(const struct es_setup *s)
{
	return json_get(json_at(json_get(s->talk.answer, "index_templates"), 0),
	    "index_template");
}

static enum flow_next
setup_remove(struct es_setup *s)
{
	const struct json *there = template_there(s);

	s->what = there == NULL ? ES_SETUP_ABSENT : ES_SETUP_KEPT;
	if (there == NULL || !str_eq(json_str(there, "_meta.managed_by"), "hubstash"))
		return flow_end(&s->talk.flow);
	return es_ask(&s->talk, &(struct es_request){ .method = "DELETE",
	    .path = buf_str(&s->path) }, STEP(setup_removed));
}

static enum flow_next
setup_looked(struct flow *f)
{
	struct es_setup *s = setup_of(f);
	const struct json *there;
	struct json *ours;

	if (s->talk.verdict != ES_OK && s->talk.verdict != ES_MISSING)
		return setup_refused(s);
	if (s->conf.remove)
		return setup_remove(s);
	there = template_there(s);
	ours = es_index_template(&s->conf.index);
	s->what = there == NULL ? ES_SETUP_MADE :
	    same_template(ours, there) ? ES_SETUP_SAME : ES_SETUP_REPLACED;
	json_free(ours);
	es_index_start(s->index);
	return flow_end(f);
}

static enum flow_next
setup_removed(struct flow *f)
{
	struct es_setup *s = setup_of(f);

	if (s->talk.verdict != ES_OK && s->talk.verdict != ES_MISSING)
		return setup_refused(s);
	s->what = ES_SETUP_REMOVED;
	return flow_end(f);
}

static void
tell(struct es_setup *s)
{
	if (s->told)
		return;
	s->told = true;
	s->conf.ended(s->conf.arg, s->what, s->failed ? &s->err : NULL);
}

/* Ready, or in the first trouble, which here is the end. */
static void
index_changed(void *arg)
{
	struct es_setup *s = arg;
	const char *trouble = es_index_trouble(s->index);

	if (trouble != NULL && !s->told) {
		s->failed = true;
		err_set(&s->err, ERR_REMOTE, 0, "%.450s", trouble);
	}
	if (trouble != NULL || es_index_ready(s->index))
		tell(s);
}

static void
setup_ended(struct flow *f)
{
	struct es_setup *s = setup_of(f);

	if (s->failed || s->conf.remove)
		tell(s);		/* else the index goes on */
}

struct es_setup *
es_setup_new(struct es *es, const struct es_setup_conf *conf)
{
	struct es_setup *s = xcalloc(1, sizeof(*s));

	es_talk_init(&s->talk, es, "es.setup", setup_ended);
	s->conf = *conf;
	s->conf.index.changed = index_changed;
	s->conf.index.arg = s;
	s->conf.index.manage_template = true;
	s->path = BUF(4096);
	buf_puts(&s->path, "/_index_template/");
	es_path_add(&s->path, str_or(conf->index.template_name, conf->index.name));
	s->index = es_index_new(es, &s->conf.index);
	return s;
}

void
es_setup_start(struct es_setup *s)
{
	flow_start(&s->talk.flow, STEP(setup_look));
}

void
es_setup_free(struct es_setup *s)
{
	if (s == NULL)
		return;
	es_index_free(s->index);
	es_talk_fini(&s->talk);
	buf_fini(&s->path);
	free(s);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compile.c - from the tree of a pipeline file to instances: which plugin a
 * block means, its options, its name. All mistakes are told, then nothing is
 * opened; without mistakes the instances are opened in the order of the file.
 */
#include "base/str.h"
#include "conf/env.h"
#include "core/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_MAX		64
#define PLUGINS_MAX	128

static const struct {
	const char		*section, *prefix;
} kinds[] = {
	[INSTANCE_INPUT] = { "input", "in" },
	[INSTANCE_FILTER] = { "filter", "filter" },
	[INSTANCE_OUTPUT] = { "output", "out" },
};

struct compile {
	struct pipeline	*p;		/* NULL: only checked */
	struct diags	*diags;
	struct buf	 names;		/* lines, of all instances so far */
	bool		 broken;	/* the grammar had mistakes already */
	bool		 failed;
};

/* The plugin number n of a section, or NULL behind the last. */
static const struct plugin *
plugin_at(enum instance_kind kind, size_t n)
{
	switch (kind) {
	case INSTANCE_INPUT:
		return inputs[n] != NULL ? &inputs[n]->plugin : NULL;
	case INSTANCE_FILTER:
		return filters[n] != NULL ? &filters[n]->plugin : NULL;
	case INSTANCE_OUTPUT:
		break;
	}
	return outputs[n] != NULL ? &outputs[n]->plugin : NULL;
}

static const struct plugin *
find(enum instance_kind kind, const char *name, size_t *n)
{
	const struct plugin *plugin;

	for (*n = 0; (plugin = plugin_at(kind, *n)) != NULL; (*n)++)
		if (str_eq(plugin->name, name))
			return plugin;
	return NULL;
}

static void
fail_unknown(struct compile *c, const struct ast_plugin *block,
    enum instance_kind kind)
{
	const char *names[PLUGINS_MAX];
	const struct plugin *plugin;
	size_t n = 0, at;

	c->failed = true;
	for (size_t k = 0; k < LEN(kinds); k++)
		if (find((enum instance_kind)k, block->name, &at) != NULL) {
			diags_add(c->diags, block->at, "there is no %s \"%s\"; there "
			    "is an %s of that name", kinds[kind].section,
			    block->name, kinds[k].section);
			return;
		}
	while (n < LEN(names) && (plugin = plugin_at(kind, n)) != NULL)
		names[n++] = plugin->name;
	diags_add(c->diags, block->at, "there is no %s \"%.60s\"", kinds[kind].section,
	    block->name);
	diags_mean(c->diags, block->name, names, n);
}

/* The id given in the block, checked, or NULL. */
static char *
block_id(struct compile *c, const struct ast_plugin *block)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789_.-";
	const struct ast_attribute *a = ast_attribute(block, "id");
	struct buf text = BUF(ID_MAX);
	char *id = NULL;

	if (a == NULL)
		return NULL;
	if (a->value->kind != AST_WORD && a->value->kind != AST_STRING &&
	    a->value->kind != AST_NUMBER) {
		diags_add(c->diags, a->value->at, "\"id\" takes a string, not %s",
		    ast_value_kind_name(a->value->kind));
		c->failed = true;
	} else if (!env_value(a->value, &text, c->diags)) {
		c->failed = true;
	} else if (text.failed || text.len == 0 ||
	    strspn(text.data, good) != text.len) {
		diags_add(c->diags, a->value->at, "\"id\" takes up to %d letters, "
		    "digits, _, . and -", ID_MAX);
		c->failed = true;
	} else
		id = xstrdup(buf_str(&text));
	buf_fini(&text);
	return id;
}

static bool
has_name(const struct compile *c, const char *name)
{
	size_t n = strlen(name);

	for (const char *s = buf_str(&c->names); *s != '\0'; s = strchr(s, '\n') + 1)
		if (strncmp(s, name, n) == 0 && s[n] == '\n')
			return true;
	return false;
}

/* "out.sqlite#main" by its id, or "out.sqlite#0" by its number. */
static void
name_block(struct compile *c, const struct ast_plugin *block,
    enum instance_kind kind, char *name, size_t size)
{
	char *id = block_id(c, block);
	unsigned n = 0;

	if (id != NULL)
		snprintf(name, size, "%s.%.20s#%s", kinds[kind].prefix, block->name, id);
	if (id != NULL && has_name(c, name)) {
		diags_add(c->diags, ast_attribute(block, "id")->value->at,
		    "another %s has the id \"%s\"", block->name, id);
		c->failed = true;
	}
	if (id == NULL)
		do
			snprintf(name, size, "%s.%.20s#%u", kinds[kind].prefix,
			    block->name, n++);
		while (has_name(c, name));
	free(id);
	buf_printf(&c->names, "%s\n", name);
}

static void
instance_bind(struct instance *i, size_t n)
{
	i->plugin = plugin_at(i->kind, n);
	i->conf = xcalloc(1, i->plugin->conf_size + 1);
	switch (i->kind) {
	case INSTANCE_INPUT:
		i->input = inputs[n];
		break;
	case INSTANCE_FILTER:
		i->filter = filters[n];
		break;
	case INSTANCE_OUTPUT:
		i->output = outputs[n];
		break;
	}
	TAILQ_INIT(&i->queue);
	TAILQ_INIT(&i->again);
	TAILQ_INIT(&i->out);
}

static void
instance_close(struct instance *i)
{
	if (i->self == NULL)
		return;
	switch (i->kind) {
	case INSTANCE_INPUT:
		i->input->close(i->self);
		break;
	case INSTANCE_FILTER:
		i->filter->close(i->self);
		break;
	case INSTANCE_OUTPUT:
		i->output->close(i->self);
		break;
	}
}

void
instance_free(struct instance *i)
{
	instance_close(i);
	queue_fini(i);
	options_free(i->plugin->options, i->conf);
	free(i->conf);
	free(i->trouble);
	free(i->where);
	free(i);
}

/* A mistake that belongs to the block as a whole. */
static bool
fail_block(struct compile *c, const struct ast_plugin *block, const char *why)
{
	diags_add(c->diags, block->at, "%s: %s", block->name, why);
	return false;
}

static bool
checked(const struct instance *i, struct err *e)
{
	return i->plugin->check == NULL || i->plugin->check(i->conf, e);
}

/* What stands in the files that its options name. */
static bool
files_checked(struct compile *c, const struct instance *i)
{
	size_t before = c->diags->n + c->diags->more;

	if (i->plugin->check_files != NULL)
		i->plugin->check_files(i->conf, c->diags);
	return c->diags->n + c->diags->more == before;
}

/* Its options, and, if they are to be used, what they mean together. */
static bool
fill_block(struct compile *c, const struct ast_plugin *block, struct instance *i,
    bool used)
{
	struct err e;

	if (!options_fill(i->plugin->options, block, i->conf, c->diags))
		return false;
	if (!used || i->where == NULL)
		return true;
	return checked(i, &e) ? files_checked(c, i) : fail_block(c, block, e.text);
}

/* False where it stands beside another one that it cannot stand beside. */
static bool
may_stand(struct compile *c, const struct ast_plugin *block,
    const struct instance *i)
{
	char first[ID_MAX];

	snprintf(first, sizeof(first), "%s.%.20s#", kinds[i->kind].prefix, block->name);
	return !i->plugin->once || strstr(buf_str(&c->names), first) == NULL ||
	    fail_block(c, block, "a pipeline has one at most; its options take lists");
}

static void
compile_block(struct compile *c, const struct ast_plugin *block,
    enum instance_kind kind, bool keep)
{
	struct instance *i = xcalloc(1, sizeof(*i));
	struct where at = place_where(block->at);
	size_t n;

	if (find(kind, block->name, &n) == NULL) {
		fail_unknown(c, block, kind);
		free(i);
		return;
	}
	i->kind = kind;
	i->pipeline = c->p;
	if (at.file[0] != '(')		/* (flags): no file to look into */
		i->where = xasprintf("%s:%u", at.file, at.line);
	instance_bind(i, n);
	if (!may_stand(c, block, i))
		c->failed = true;
	name_block(c, block, kind, i->name, sizeof(i->name));
	if (!fill_block(c, block, i, c->p == NULL || keep))
		c->failed = true;
	if (c->p == NULL || !keep)
		instance_free(i);
	else
		TAILQ_INSERT_TAIL(&c->p->instances, i, link);
}

static void
compile_body(struct compile *c, const struct ast_step *body,
    enum instance_kind kind, bool keep)
{
	for (const struct ast_step *s = body; s != NULL; s = s->next) {
		if (s->plugin != NULL) {
			compile_block(c, s->plugin, kind, keep);
			continue;
		}
		diags_add(c->diags, s->arms->at, "conditions are not available yet");
		c->failed = true;
		for (const struct ast_arm *a = s->arms; a != NULL; a = a->next)
			compile_body(c, a->body, kind, keep);
	}
}

/*
 * A pipeline without an input, or without an output, does nothing. Behind mistakes
 * of grammar they may only not have been understood.
 */
static void
want_section(struct compile *c, const struct ast_section *sections,
    enum ast_section_kind kind)
{
	for (const struct ast_section *s = sections; s != NULL; s = s->next)
		if (s->kind == kind && s->body != NULL)
			return;
	if (c->broken)
		return;
	c->failed = true;
	if (sections != NULL)
		diags_add(c->diags, sections->at, "the pipeline has no %s",
		    kind == AST_INPUT ? "input" : "output");
}

/* Stored documents go past inputs, and dead letters past filters, too. */
static bool
takes_part(const struct pipeline *p, enum ast_section_kind kind)
{
	switch (p->conf.mode) {
	case RUN_READ:
	case RUN_REPLAY:
		return false;
	case RUN_REIDENTIFY:
		return kind == AST_FILTER;
	case RUN_FOLLOW:
	case RUN_BACKFILL:
	case RUN_ONCE:
		break;
	}
	return true;
}

static void
compile_sections(struct compile *c, const struct ast_section *sections,
    bool to_stdout)
{
	static const enum instance_kind of[] = { [AST_INPUT] = INSTANCE_INPUT,
	    [AST_FILTER] = INSTANCE_FILTER, [AST_OUTPUT] = INSTANCE_OUTPUT };

	c->broken = c->diags->n > 0;
	for (const struct ast_section *s = sections; s != NULL; s = s->next)
		compile_body(c, s->body, of[s->kind], s->kind == AST_OUTPUT ?
		    !to_stdout : c->p == NULL || takes_part(c->p, s->kind));
	want_section(c, sections, AST_INPUT);
	if (!to_stdout)
		want_section(c, sections, AST_OUTPUT);
	buf_fini(&c->names);
}

bool
pipeline_check(const struct ast_section *sections, struct diags *d)
{
	struct compile c = { .diags = d, .names = BUF(1u << 20) };

	compile_sections(&c, sections, false);
	return !c.failed;
}

/* What stands in for the outputs of the file. */
static bool
add_stdout(struct pipeline *p, struct err *e)
{
	struct instance *i = xcalloc(1, sizeof(*i));
	size_t n;

	i->kind = INSTANCE_OUTPUT;
	i->pipeline = p;
	snprintf(i->name, sizeof(i->name), "out.stdout#0");
	if (find(INSTANCE_OUTPUT, "stdout", &n) == NULL)
		die("there is no output stdout");
	instance_bind(i, n);
	TAILQ_INSERT_TAIL(&p->instances, i, link);
	return options_default(i->plugin->options, i->conf, e) &&
	    (p->conf.codec == NULL || options_set_text(i->plugin->options, i->conf,
	    "codec", p->conf.codec, e));
}

/* What no file tells of was not checked: no place of a file could be shown. */
static bool
instance_open(struct instance *i, struct err *e)
{
	if (i->where == NULL && !checked(i, e))
		return err_at(e, "%s", i->name);
	switch (i->kind) {
	case INSTANCE_INPUT:
		i->self = i->input->open(i, i->conf, e);
		break;
	case INSTANCE_FILTER:
		i->self = i->filter->open(i, i->conf, e);
		break;
	case INSTANCE_OUTPUT:
		i->self = i->output->open(i, i->conf, e);
		i->pipeline->outputs++;
		break;
	}
	if (i->self != NULL)
		return true;
	return i->where != NULL ? err_at(e, "%s: %s", i->where, i->name) :
	    err_at(e, "%s", i->name);
}

bool
compile(struct pipeline *p, const struct ast_section *sections, struct diags *d,
    struct err *e)
{
	struct compile c = { .p = p, .diags = d, .names = BUF(1u << 20) };
	struct instance *i;

	if (sections == NULL)
		return err_set(e, ERR_CONFIG, 0, "the pipeline is empty");
	compile_sections(&c, sections, p->conf.to_stdout);
	if (c.failed)
		return err_set(e, ERR_CONFIG, 0, "the pipeline has mistakes");
	if (p->conf.to_stdout && !add_stdout(p, e))
		return false;
	TAILQ_FOREACH(i, &p->instances, link)
		if (!instance_open(i, e))
			return false;
	return true;
}

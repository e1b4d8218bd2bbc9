/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf.c - any bytes as a pipeline file: no crash, no leak; a refusal always
 * has a diagnostic; every node lies within the text; options and variables of
 * each plugin are tried too.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"
#include "base/buf.h"
#include "conf/conf.h"
#include "conf/options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct fuzz_self {
	char		*string, *secret;
	int64_t		 number, size, duration;
	double		 real;
	bool		 yes;
	struct strings	 list;
	struct pairs	 hash;
};

static const struct option fuzz_rows[] = {
	{ .name = "aa", .type = OPT_STRING, .at = offsetof(struct fuzz_self, string) },
	{ .name = "bb", .type = OPT_SECRET, .at = offsetof(struct fuzz_self, secret) },
	{ .name = "cc", .type = OPT_INT, .at = offsetof(struct fuzz_self, number) },
	{ .name = "dd", .type = OPT_SIZE, .at = offsetof(struct fuzz_self, size) },
	{ .name = "k", .type = OPT_DURATION, .at = offsetof(struct fuzz_self, duration) },
	{ .name = "kk", .type = OPT_HASH, .at = offsetof(struct fuzz_self, hash) },
	{ .name = "k1", .type = OPT_DOUBLE, .at = offsetof(struct fuzz_self, real) },
	{ .name = "k2", .type = OPT_BOOL, .at = offsetof(struct fuzz_self, yes) },
	{ .name = "org", .type = OPT_LIST, .at = offsetof(struct fuzz_self, list) },
	OPT_END
};

static void
within(struct place p, size_t n)
{
	if (p.at > n || p.len > n + 1 - p.at)
		die("a node at %zu, %zu long, in a text of %zu", p.at, p.len, n);
}

static void
walk_value(const struct ast_value *v, size_t n)
{
	within(v->at, n);
	if (v->text[v->len] != '\0')
		die("a text without its end");
	for (const struct ast_value *i = v->items; i != NULL; i = i->next)
		walk_value(i, n);
}

static void
walk_plugin(const struct ast_plugin *p, size_t n, struct diags *d)
{
	struct fuzz_self self = { 0 };
	size_t before = d->n + d->more;

	within(p->at, n);
	for (const struct ast_attribute *a = p->attributes; a != NULL; a = a->next) {
		within(a->at, n);
		walk_value(a->value, n);
	}
	if (options_fill(fuzz_rows, p, &self, d) != (d->n + d->more == before))
		die("options_fill and its diagnostics differ");
	options_free(fuzz_rows, &self);
}

static void
walk_cond(const struct ast_cond *c, size_t n)
{
	within(c->at, n);
	if (c->a != NULL)
		walk_value(c->a, n);
	if (c->b != NULL)
		walk_value(c->b, n);
	if (c->left != NULL)
		walk_cond(c->left, n);
	if (c->right != NULL)
		walk_cond(c->right, n);
}

static void
walk_body(const struct ast_step *body, size_t n, struct diags *d)
{
	for (const struct ast_step *s = body; s != NULL; s = s->next) {
		if (s->plugin != NULL)
			walk_plugin(s->plugin, n, d);
		for (const struct ast_arm *a = s->arms; a != NULL; a = a->next) {
			if (a->cond != NULL)
				walk_cond(a->cond, n);
			walk_body(a->body, n, d);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = n > 0 ? (const char *)data : "";
	struct diags d = { 0 };
	struct buf out = BUF(64 << 20);
	struct conf *c = conf_parse("fuzz", text, n, &d);
	bool good = conf_grammar(text, n);

	if (!good && d.n == 0)
		die("refused without a diagnostic");
	for (const struct ast_section *s = conf_sections(c); s != NULL; s = s->next)
		walk_body(s->body, n, &d);
	ast_print(conf_sections(c), &out);
	diags_text(&d, &out);
	buf_fini(&out);
	diags_fini(&d);
	conf_free(c);
	return 0;
}

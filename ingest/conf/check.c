/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c - what Logstash's grammar takes and its next steps refuse, or get
 * wrong in silence: that is a mistake at its place here.
 */
#include "conf/parse.h"

#include <string.h>

static void check_plugin(const struct ast_plugin *p, struct diags *d);

/* 010 is eight to Logstash, 08 and `1.` are errors; nobody means any of them. */
static void
check_number(const struct ast_value *v, struct diags *d)
{
	size_t sign = v->text[0] == '-', n = v->len;

	if (v->text[n - 1] == '.')
		diags_add(d, v->at, "a digit must follow the point");
	else if (n > sign + 1 && v->text[sign] == '0' && v->text[sign + 1] != '.')
		diags_add(d, v->at, "a number must not begin with 0 (it would be octal)");
}

static bool
same_text(struct place a, struct place b)
{
	return a.len == b.len &&
	    memcmp(a.source->text + a.at, b.source->text + b.at, a.len) == 0;
}

/* Logstash compares keys as written, so "a" and 'a' are two. */
static void
check_keys(const struct ast_value *hash, struct diags *d)
{
	const struct ast_value *a, *b;
	size_t n = 0;

	for (a = hash->items; a != NULL && n++ < 1000; a = a->next)
		for (b = hash->items; b != a; b = b->next)
			if (same_text(a->key->at, b->key->at)) {
				diags_add(d, a->key->at, "this key stands in the hash "
				    "twice");
				break;
			}
}

static void
check_value(const struct ast_value *v, struct diags *d)
{
	if (v->kind == AST_NUMBER)
		check_number(v, d);
	if (v->kind == AST_HASH)
		check_keys(v, d);
	if (v->kind == AST_PLUGIN)
		check_plugin(v->plugin, d);
	if (v->kind == AST_CALL && v->len == 3 && memcmp(v->text, "not", 3) == 0)
		diags_add(d, v->at, "there is no \"not\"; a negation is written !(…)");
	else if (v->kind == AST_CALL)
		diags_add(d, v->at, "there is no function \"%.40s\"", v->text);
	for (const struct ast_value *i = v->items; i != NULL; i = i->next)
		check_value(i, d);
}

static void
check_name(struct place at, struct diags *d)
{
	if (memchr(at.source->text + at.at, '\0', at.len) != NULL)
		diags_add(d, at, "a name must not hold a NUL character");
}

static void
check_plugin(const struct ast_plugin *p, struct diags *d)
{
	check_name(p->at, d);
	for (const struct ast_attribute *a = p->attributes; a != NULL; a = a->next) {
		check_name(a->at, d);
		check_value(a->value, d);
	}
}

static bool
is_exclusive(const struct ast_cond *c)
{
	return c->kind == AST_XOR || c->kind == AST_NAND;
}

static void
check_cond(const struct ast_cond *c, struct diags *d)
{
	const struct ast_cond *sides[] = { c->left, c->right };

	for (size_t i = 0; i < LEN(sides) && c->kind != AST_NOT; i++) {
		const struct ast_cond *s = sides[i];

		if (s == NULL || s->parens || s->right == NULL)
			continue;
		if (is_exclusive(c) || is_exclusive(s))
			diags_add(d, is_exclusive(s) ? s->at : c->at,
			    "%s beside another operator needs parentheses",
			    ast_cond_kind_name(is_exclusive(s) ? s->kind : c->kind));
	}
	if (c->a != NULL)
		check_value(c->a, d);
	if (c->b != NULL)
		check_value(c->b, d);
	if (c->left != NULL)
		check_cond(c->left, d);
	if (c->right != NULL)
		check_cond(c->right, d);
}

static void
check_body(const struct ast_step *body, struct diags *d)
{
	for (const struct ast_step *s = body; s != NULL; s = s->next) {
		if (s->plugin != NULL)
			check_plugin(s->plugin, d);
		for (const struct ast_arm *a = s->arms; a != NULL; a = a->next) {
			if (a->cond != NULL)
				check_cond(a->cond, d);
			check_body(a->body, d);
		}
	}
}

void
check_sections(const struct ast_section *list, struct diags *d)
{
	for (const struct ast_section *s = list; s != NULL; s = s->next)
		check_body(s->body, d);
}

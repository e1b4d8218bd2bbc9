/* SPDX-License-Identifier: Apache-2.0 */
/* ast.c - see ast.h: names, and the tree as text. */
#include "conf/ast.h"

#include <string.h>

#include "base/str.h"

static void print_plugin(const struct ast_plugin *p, unsigned depth, struct buf *out);

const struct ast_attribute *
ast_attribute(const struct ast_plugin *p, const char *name)
{
	const struct ast_attribute *found = NULL;

	for (const struct ast_attribute *a = p->attributes; a != NULL; a = a->next)
		if (str_eq(a->name, name))
			found = a;
	return found;
}

const char *
ast_value_kind_name(enum ast_value_kind kind)
{
	static const char *const names[] = {
		[AST_WORD] = "a word", [AST_STRING] = "a string",
		[AST_NUMBER] = "a number", [AST_ARRAY] = "an array",
		[AST_HASH] = "a hash", [AST_PLUGIN] = "a plugin",
		[AST_SELECTOR] = "a field", [AST_REGEXP] = "a regular expression",
		[AST_CALL] = "a call",
	};

	return names[kind];
}

const char *
ast_cond_kind_name(enum ast_cond_kind kind)
{
	static const char *const names[] = {
		[AST_AND] = "and", [AST_OR] = "or", [AST_XOR] = "xor",
		[AST_NAND] = "nand", [AST_NOT] = "!", [AST_EQ] = "==", [AST_NE] = "!=",
		[AST_LT] = "<", [AST_GT] = ">", [AST_LE] = "<=", [AST_GE] = ">=",
		[AST_MATCH] = "=~", [AST_NO_MATCH] = "!~", [AST_IN] = "in",
		[AST_NOT_IN] = "not in", [AST_TRUTH] = "",
	};

	return names[kind];
}

static void
indent(unsigned depth, struct buf *out)
{
	for (unsigned i = 0; i < depth; i++)
		buf_puts(out, "  ");
}

/* Between quotes, so that what is invisible shows. */
static void
print_text(const char *s, size_t n, char quote, struct buf *out)
{
	buf_add(out, &quote, 1);
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < ' ')
			buf_printf(out, "<%02x>", (unsigned char)s[i]);
		else
			buf_add(out, s + i, 1);
	buf_add(out, &quote, 1);
}

static void
print_value(const struct ast_value *v, unsigned depth, struct buf *out)
{
	const char *open = v->kind == AST_ARRAY ? "[" : v->kind == AST_HASH ? "{" : "(";
	const char *close = v->kind == AST_ARRAY ? "]" : v->kind == AST_HASH ? "}" : ")";

	if (v->kind == AST_STRING || v->kind == AST_REGEXP) {
		print_text(v->text, v->len, v->kind == AST_REGEXP ? '/' : '"', out);
		return;
	}
	if (v->kind == AST_PLUGIN) {
		print_plugin(v->plugin, depth, out);
		return;
	}
	if (v->kind != AST_ARRAY && v->kind != AST_HASH)
		buf_add(out, v->text, v->len);
	if (v->kind != AST_ARRAY && v->kind != AST_HASH && v->kind != AST_CALL)
		return;
	buf_puts(out, open);
	for (const struct ast_value *i = v->items; i != NULL; i = i->next) {
		if (i->key != NULL) {
			print_value(i->key, depth, out);
			buf_puts(out, " => ");
		}
		print_value(i, depth, out);
		if (i->next != NULL)
			buf_puts(out, v->kind == AST_HASH ? " " : ", ");
	}
	buf_puts(out, close);
}

/* (left op right) at every level, so that the grouping can be read. */
static void
print_cond(const struct ast_cond *c, struct buf *out)
{
	bool boolean = c->left != NULL && c->right != NULL;

	if (c->kind == AST_TRUTH) {
		print_value(c->a, 0, out);
		return;
	}
	buf_puts(out, "(");
	if (c->kind == AST_NOT) {
		buf_puts(out, "! ");
		print_cond(c->left, out);
	} else {
		if (boolean)
			print_cond(c->left, out);
		else
			print_value(c->a, 0, out);
		buf_printf(out, " %s ", ast_cond_kind_name(c->kind));
		if (boolean)
			print_cond(c->right, out);
		else
			print_value(c->b, 0, out);
	}
	buf_puts(out, ")");
}

static void
print_plugin(const struct ast_plugin *p, unsigned depth, struct buf *out)
{
	print_text(p->name, strlen(p->name), '"', out);
	buf_puts(out, " {");
	for (const struct ast_attribute *a = p->attributes; a != NULL; a = a->next) {
		buf_puts(out, "\n");
		indent(depth + 1, out);
		print_text(a->name, strlen(a->name), '"', out);
		buf_puts(out, " => ");
		print_value(a->value, depth + 1, out);
	}
	buf_puts(out, "}");
}

static void
print_body(const struct ast_step *body, unsigned depth, struct buf *out)
{
	for (const struct ast_step *s = body; s != NULL; s = s->next) {
		if (s->plugin != NULL) {
			indent(depth, out);
			print_plugin(s->plugin, depth, out);
			buf_puts(out, "\n");
			continue;
		}
		for (const struct ast_arm *a = s->arms; a != NULL; a = a->next) {
			indent(depth, out);
			buf_puts(out, a == s->arms ? "if " : a->cond != NULL ?
			    "else if " : "else");
			if (a->cond != NULL)
				print_cond(a->cond, out);
			buf_puts(out, "\n");
			print_body(a->body, depth + 1, out);
		}
	}
}

void
ast_print(const struct ast_section *sections, struct buf *out)
{
	static const char *const names[] = { "input", "filter", "output" };

	for (const struct ast_section *s = sections; s != NULL; s = s->next) {
		buf_printf(out, "%s\n", names[s->kind]);
		print_body(s->body, 1, out);
	}
}

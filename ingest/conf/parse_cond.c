/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parse_cond.c - conditions. The grammar gives a flat row of expressions and
 * operators; group() makes the tree of it that Logstash makes.
 */
#include "conf/parse.h"

#include <stdio.h>
#include <string.h>

#include "conf/conf.h"

/* Longer ones first where one begins another. */
static const struct operator {
	const char		*text;
	enum ast_cond_kind	 kind;
} compares[] = {
	{ "==", AST_EQ }, { "!=", AST_NE }, { "<=", AST_LE }, { ">=", AST_GE },
	{ "<", AST_LT }, { ">", AST_GT }, { "=~", AST_MATCH }, { "!~", AST_NO_MATCH },
}, booleans[] = {
	{ "and", AST_AND }, { "or", AST_OR }, { "xor", AST_XOR }, { "nand", AST_NAND },
};

/* What people write who come from elsewhere. */
static const struct {
	const char	*found, *meant;
} foreign[] = {
	{ "&&", "and" }, { "||", "or" }, { "==", NULL }, { "!=", NULL },
	{ "<=", NULL }, { ">=", NULL }, { "=~", NULL }, { "!~", NULL }, { "in", NULL },
	{ "<", NULL }, { ">", NULL }, { "=", "==" }, { "AND", "and" }, { "OR", "or" },
	{ "XOR", "xor" }, { "NAND", "nand" }, { "IN", "in" }, { "NOT IN", "not in" },
	{ "!in", "not in" }, { "not\tin", "not in" },
};

/* One stretch of a condition: an operator and the expression behind it. */
struct link {
	enum ast_cond_kind	 kind;
	struct place		 at;
	struct ast_cond		*cond;
	struct link		*next;
};

static struct ast_value *parse_operand(struct parser *ps);

bool
fail_cond_end(struct parser *ps, const char *expected)
{
	size_t from = ps->pos;
	char text[64];

	for (size_t i = 0; i < LEN(foreign); i++) {
		struct place p = place(ps, from, from + strlen(foreign[i].found));

		if (!look_word(ps, from, foreign[i].found))
			continue;
		if (foreign[i].meant != NULL)
			return fail(ps, p, "\"%s\" is written \"%s\"",
			    foreign[i].found, foreign[i].meant);
		return fail(ps, p, "one comparison cannot be compared again; join two "
		    "by and, or, xor or nand");
	}
	snprintf(text, sizeof(text), "and, or, xor, nand or %s", expected);
	return fail_found(ps, text);
}

static struct ast_cond *
new_cond(struct parser *ps, enum ast_cond_kind kind, struct place at)
{
	struct ast_cond *c = arena_get(ps->arena, sizeof(*c));

	c->kind = kind;
	c->at = at;
	return c;
}

/* method_call: bareword _ "(" _ (rvalue (_ "," _ rvalue)*)? _ ")" */
static struct ast_value *
parse_call(struct parser *ps)
{
	size_t from = ps->pos, end = after_bareword(ps, from);
	size_t name_end = after_name(ps, from);
	struct ast_value *call, **list, *v;

	if (name_end == from + 3 && look_word(ps, from, "not") &&
	    look(ps, after_blanks(ps, end)) != '(') {
		fail(ps, place(ps, from, name_end), "a negation is written !(…) or "
		    "![field]");
		return NULL;
	}
	if (end == from || look(ps, after_blanks(ps, end)) != '(') {
		fail(ps, place(ps, from, name_end), "\"%.*s\" is a bare word, which "
		    "cannot stand in a condition; a text needs quotes, a field brackets",
		    (int)(name_end - from < 60 ? name_end - from : 60),
		    ps->source->text + from);
		return NULL;
	}
	if (!enter(ps, from))
		return NULL;
	call = new_value(ps, AST_CALL, from, end);
	list = &call->items;
	skip_blanks(ps);
	take(ps, "(");
	for (skip_blanks(ps); !take(ps, ")"); ) {
		if ((v = parse_operand(ps)) == NULL)
			return NULL;
		*list = v;
		list = &v->next;
		skip_blanks(ps);
		if (look(ps, ps->pos) == ')')
			continue;
		if (!take(ps, ",")) {
			fail_found(ps, ", or )");
			return NULL;
		}
		skip_blanks(ps);
		if (look(ps, ps->pos) == ')')
			fail(ps, place(ps, ps->pos, ps->pos),
			    "no comma may stand before )");
	}
	call->at = place(ps, from, ps->pos);
	leave(ps);
	return call;
}

/* rvalue: string / number / selector / array / method_call / regexp */
static struct ast_value *
parse_operand(struct parser *ps)
{
	size_t from = ps->pos, end;
	int c = look(ps, from);

	if (c == '"' || c == '\'')
		return parse_quoted(ps, AST_STRING);
	if (c == '/')
		return parse_quoted(ps, AST_REGEXP);
	if ((end = after_number(ps, from)) > from)
		return new_value(ps, AST_NUMBER, from, end);
	if ((end = after_selector(ps, from)) > from)
		return new_value(ps, AST_SELECTOR, from, end);
	if (c == '[')
		return parse_array(ps);
	if (is_word(c))
		return parse_call(ps);
	fail_found(ps, "a field, a string, a number, an array or a regular expression");
	return NULL;
}

/* "(" _ condition _ ")" */
static struct ast_cond *
parse_parens(struct parser *ps)
{
	struct ast_cond *c;

	if (!enter(ps, ps->pos))
		return NULL;
	take(ps, "(");
	skip_blanks(ps);
	if ((c = parse_cond(ps)) == NULL)
		return NULL;
	skip_blanks(ps);
	if (!take(ps, ")")) {
		fail_cond_end(ps, ")");
		return NULL;
	}
	c->parens = true;
	leave(ps);
	return c;
}

/* negative_expression: "!" _ ("(" _ condition _ ")" / selector) */
static struct ast_cond *
parse_not(struct parser *ps)
{
	size_t from = ps->pos, end;
	struct ast_cond *c = new_cond(ps, AST_NOT, place(ps, from, from + 1));

	take(ps, "!");
	skip_blanks(ps);
	if (look(ps, ps->pos) == '(') {
		c->left = parse_parens(ps);
		return c->left != NULL ? c : NULL;
	}
	end = after_selector(ps, ps->pos);
	if (end == ps->pos) {
		fail_found(ps, "a field or ( behind !");
		return NULL;
	}
	c->left = new_cond(ps, AST_TRUTH, place(ps, ps->pos, end));
	c->left->a = new_value(ps, AST_SELECTOR, ps->pos, end);
	return c;
}

/* The operator at pos, taken: "in", "not " _ "in", or one of compares. */
static bool
take_operator(struct parser *ps, enum ast_cond_kind *kind)
{
	size_t end;

	if (take(ps, "in")) {
		*kind = AST_IN;
		return true;
	}
	if (look_word(ps, ps->pos, "not ")) {
		end = after_blanks(ps, ps->pos + 4);
		if (look_word(ps, end, "in")) {
			ps->pos = end + 2;
			*kind = AST_NOT_IN;
			return true;
		}
	}
	for (size_t i = 0; i < LEN(compares); i++)
		if (take(ps, compares[i].text)) {
			*kind = compares[i].kind;
			return true;
		}
	return false;
}

/*
 * expression: "(" … ")" / negative / rvalue _ in _ rvalue / rvalue _ not in _
 * rvalue / rvalue _ compare _ rvalue / rvalue _ ("=~" / "!~") _ (string /
 * regexp) / rvalue
 */
static struct ast_cond *
parse_expression(struct parser *ps)
{
	enum ast_cond_kind kind;
	struct ast_value *a;
	struct ast_cond *c;
	size_t from, end;

	if (look(ps, ps->pos) == '(')
		return parse_parens(ps);
	if (look(ps, ps->pos) == '!')
		return parse_not(ps);
	if ((a = parse_operand(ps)) == NULL)
		return NULL;
	end = ps->pos;
	skip_blanks(ps);
	from = ps->pos;
	if (!take_operator(ps, &kind)) {
		ps->pos = end;
		c = new_cond(ps, AST_TRUTH, a->at);
		c->a = a;
		return c;
	}
	c = new_cond(ps, kind, place(ps, from, ps->pos));
	c->a = a;
	skip_blanks(ps);
	if ((kind == AST_MATCH || kind == AST_NO_MATCH) &&
	    look(ps, ps->pos) != '"' && look(ps, ps->pos) != '\'' &&
	    look(ps, ps->pos) != '/') {
		fail_found(ps, "a regular expression or a string");
		return NULL;
	}
	c->b = parse_operand(ps);
	return c->b != NULL ? c : NULL;
}

static int
binding(enum ast_cond_kind kind)
{
	return kind == AST_AND ? 2 : 1;
}

/*
 * Logstash's shunting yard takes at most one operator off its stack when a
 * weaker one comes, so `a and b and c or d` is a and ((b and c) or d). Filters
 * in use rely on what it does, so this does the same.
 */
static struct ast_cond *
group(struct parser *ps, struct ast_cond *first, struct link *links, size_t n)
{
	struct ast_cond **out = arena_get(ps->arena, (n + 1) * sizeof(struct ast_cond *));
	struct link **stack = arena_get(ps->arena, (n + 1) * sizeof(struct link *));
	size_t outs = 0, ops = 0;
	struct ast_cond *c;

	out[outs++] = first;
	for (struct link *l = links; l != NULL || ops > 0; ) {
		if (l == NULL || (ops > 0 &&
		    binding(stack[ops - 1]->kind) > binding(l->kind))) {
			ops--;
			c = new_cond(ps, stack[ops]->kind, stack[ops]->at);
			c->right = out[--outs];
			c->left = out[outs - 1];
			out[outs - 1] = c;
		}
		if (l == NULL)
			continue;
		stack[ops++] = l;
		out[outs++] = l->cond;
		l = l->next;
	}
	return out[0];
}

/* condition: expression (_ ("and" / "or" / "xor" / "nand") _ expression)* */
struct ast_cond *
parse_cond(struct parser *ps)
{
	struct link *links = NULL, **list = &links, *l;
	struct ast_cond *first = parse_expression(ps);
	size_t n = 0, i, end;

	if (first == NULL)
		return NULL;
	for (;;) {
		end = ps->pos;
		skip_blanks(ps);
		for (i = 0; i < LEN(booleans); i++)
			if (look_word(ps, ps->pos, booleans[i].text))
				break;
		if (i == LEN(booleans)) {
			ps->pos = end;
			return n > 0 ? group(ps, first, links, n) : first;
		}
		l = arena_get(ps->arena, sizeof(*l));
		l->kind = booleans[i].kind;
		l->at = place(ps, ps->pos, ps->pos + strlen(booleans[i].text));
		if (++n > CONF_MAX_OPERATORS) {
			fail(ps, l->at, "more than %d operators in one condition",
			    CONF_MAX_OPERATORS);
			return NULL;
		}
		ps->pos += l->at.len;
		skip_blanks(ps);
		if ((l->cond = parse_expression(ps)) == NULL)
			return NULL;
		*list = l;
		list = &l->next;
	}
}

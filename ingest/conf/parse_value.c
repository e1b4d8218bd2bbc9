/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parse_value.c - plugins, their attributes, and values. Small mistakes that
 * leave no doubt about what follows (a comma, a missing space) are reported and
 * stepped over, so that the rest of the plugin is looked at too.
 */
#include "conf/parse.h"

#include <string.h>

#include "base/str.h"

struct ast_value *
new_value(struct parser *ps, enum ast_value_kind kind, size_t from, size_t to)
{
	struct ast_value *v = arena_get(ps->arena, sizeof(*v));

	v->kind = kind;
	v->at = place(ps, from, to);
	v->len = to - from;
	v->text = arena_text(ps->arena, ps->source->text + from, v->len);
	ps->pos = to;
	return v;
}

/* "…", '…' or /…/ */
struct ast_value *
parse_quoted(struct parser *ps, enum ast_value_kind kind)
{
	size_t from = ps->pos, end = after_quoted(ps, from);
	struct ast_value *v;

	if (end == from) {
		fail_quoted(ps);
		return NULL;
	}
	v = new_value(ps, kind, from + 1, end - 1);
	v->at = place(ps, from, end);
	ps->pos = end;
	return v;
}

/* The text of a name that ends at `end`, without its quotes. */
static const char *
name_text(struct parser *ps, size_t from, size_t end)
{
	if (look(ps, from) == '"' || look(ps, from) == '\'')
		return arena_text(ps->arena, ps->source->text + from + 1,
		    end - from - 2);
	return arena_text(ps->arena, ps->source->text + from, end - from);
}

/* array: "[" _ (value (_ "," _ value)*)? _ "]" */
struct ast_value *
parse_array(struct parser *ps)
{
	size_t from = ps->pos;
	struct ast_value *array, **list, *v;

	if (!enter(ps, from))
		return NULL;
	array = new_value(ps, AST_ARRAY, from, from);
	list = &array->items;
	take(ps, "[");
	skip_blanks(ps);
	while (!take(ps, "]")) {
		if ((v = parse_value(ps)) == NULL)
			return NULL;
		*list = v;
		list = &v->next;
		skip_blanks(ps);
		if (look(ps, ps->pos) == ']')
			continue;
		if (!take(ps, ",")) {
			fail_found(ps, ", or ]");
			return NULL;
		}
		skip_blanks(ps);
		if (look(ps, ps->pos) == ']')
			fail(ps, place(ps, ps->pos, ps->pos),
			    "no comma may stand before ]");
	}
	array->at = place(ps, from, ps->pos);
	leave(ps);
	return array;
}

/* hashentry: (number / bareword / string) _ "=>" _ value */
static struct ast_value *
parse_entry(struct parser *ps)
{
	size_t from = ps->pos, end;
	struct ast_value *key, *v;
	int c = look(ps, from);

	if (c == '"' || c == '\'')
		key = parse_quoted(ps, AST_STRING);
	else if ((end = after_number(ps, from)) > from)
		key = new_value(ps, AST_NUMBER, from, end);
	else if ((end = after_bareword(ps, from)) > from)
		key = new_value(ps, AST_WORD, from, end);
	else
		key = NULL;
	if (key == NULL) {
		if (ps->pos == from)
			fail_found(ps, is_word(c) ? "a key of two letters or more, "
			    "or one in quotes" : "a key or }");
		return NULL;
	}
	skip_blanks(ps);
	if (!take(ps, "=>")) {
		fail_found(ps, "=> behind the key");
		return NULL;
	}
	skip_blanks(ps);
	if ((v = parse_value(ps)) != NULL)
		v->key = key;
	return v;
}

/* hash: "{" _ (hashentry (_ hashentry)*)? _ "}" */
static struct ast_value *
parse_hash(struct parser *ps)
{
	size_t from = ps->pos;
	struct ast_value *hash, **list, *v;

	if (!enter(ps, from))
		return NULL;
	hash = new_value(ps, AST_HASH, from, from);
	list = &hash->items;
	take(ps, "{");
	ps->braces++;
	for (skip_blanks(ps); !take(ps, "}"); skip_blanks(ps)) {
		if ((v = parse_entry(ps)) == NULL)
			return NULL;
		*list = v;
		list = &v->next;
		skip_blanks(ps);
		if (look(ps, ps->pos) == ',') {
			fail(ps, place(ps, ps->pos, ps->pos),
			    "entries of a hash are separated by blanks, not commas");
			ps->pos++;
		}
	}
	ps->braces--;
	hash->at = place(ps, from, ps->pos);
	leave(ps);
	return hash;
}

/* What is no value: say what would help; if only quotes are missing, go on. */
static struct ast_value *
fail_value(struct parser *ps)
{
	size_t from = ps->pos, end = from;
	int c = look(ps, from);

	while ((c = look(ps, end)) > ' ' && c != ',' && c != ']' && c != '}' &&
	    c != '{' && c != '#')
		end++;
	c = look(ps, from);
	if (c == '/')
		fail(ps, place(ps, from, from),
		    "a regular expression can stand in a condition only");
	else if (c == '$' || c == '%')
		fail(ps, place(ps, from, end), "%c{…} must stand in quotes", c);
	else if (end > from && end - from < 60 &&
	    (is_name(c) || c == '.' || c == '+' || c >= 0x80)) {
		fail(ps, place(ps, from, end), "this value needs quotes: \"%.*s\"",
		    (int)(end - from), ps->source->text + from);
		return new_value(ps, AST_STRING, from, end);
	} else {
		fail_found(ps, "a value");
	}
	return NULL;
}

static struct ast_value *
parse_nested(struct parser *ps)
{
	size_t from = ps->pos;
	struct ast_value *v;

	if (!enter(ps, from))
		return NULL;
	v = new_value(ps, AST_PLUGIN, from, from);
	if ((v->plugin = parse_plugin(ps)) == NULL)
		return NULL;
	v->at = place(ps, from, ps->pos);
	leave(ps);
	return v;
}

/* value: plugin / bareword / string / number / array / hash */
struct ast_value *
parse_value(struct parser *ps)
{
	size_t from = ps->pos, end;

	end = after_name(ps, from);
	if (end > from && look(ps, after_blanks(ps, end)) == '{')
		return parse_nested(ps);
	if ((end = after_bareword(ps, from)) > from)
		return new_value(ps, AST_WORD, from, end);
	if ((end = after_number(ps, from)) > from)
		return new_value(ps, AST_NUMBER, from, end);
	switch (look(ps, from)) {
	case '"':
	case '\'':
		return parse_quoted(ps, AST_STRING);
	case '[':
		return parse_array(ps);
	case '{':
		return parse_hash(ps);
	default:
		return fail_value(ps);
	}
}

/* attribute: name _ "=>" _ value */
static struct ast_attribute *
parse_attribute(struct parser *ps)
{
	struct ast_attribute *a = arena_get(ps->arena, sizeof(*a));
	size_t from = ps->pos, end = after_name(ps, from);
	int c = look(ps, from);

	if (end == from) {
		if (c == '"' || c == '\'')
			fail_quoted(ps);
		else
			fail_found(ps, "an option or }");
		return NULL;
	}
	a->name = name_text(ps, from, end);
	a->at = place(ps, from, end);
	ps->pos = after_blanks(ps, end);
	if (!take(ps, "=>")) {
		if (look(ps, ps->pos) == '{' || str_eq(a->name, "if"))
			fail(ps, a->at, "a plugin holds options only; is a } missing "
			    "before this?");
		else
			fail_found(ps, "=> behind the option's name");
		ps->pos = from;
		return NULL;
	}
	skip_blanks(ps);
	a->value = parse_value(ps);
	return a->value != NULL ? a : NULL;
}

/* Between two attributes a blank must follow the value at once. */
static void
parse_gap(struct parser *ps, const struct ast_value *v)
{
	size_t from = v->at.at, end = ps->pos;
	int c = look(ps, ps->pos);
	bool blank = is_blank(c);

	skip_blanks(ps);
	c = look(ps, ps->pos);
	if (c == '}' || c == -1)
		return;
	if (c == ',' || c == ';') {
		fail(ps, place(ps, ps->pos, ps->pos),
		    "options are separated by blanks, not by \"%c\"", c);
		ps->pos++;
		skip_blanks(ps);
		return;
	}
	if (blank)
		return;
	if (v->kind == AST_STRING && memchr(v->text, '\n', v->len) != NULL) {
		fail(ps, place(ps, from, from), "this string goes on to line %u and "
		    "ends there in an odd place; is its closing quote missing?",
		    place_where(place(ps, end, end)).line);
		return;
	}
	if (ps->pos > end || (v->kind != AST_WORD && v->kind != AST_NUMBER)) {
		fail(ps, place(ps, end, end), "a blank is missing behind this value");
		return;
	}
	while ((c = look(ps, end)) > ' ' && c != '}')
		end++;
	fail(ps, place(ps, from, end), "this value needs quotes: \"%.*s\"",
	    (int)(end - from < 60 ? end - from : 60), ps->source->text + from);
	ps->pos = end;
	skip_blanks(ps);
}

/* Not a plugin, as no { follows its name. */
static struct ast_plugin *
fail_plugin(struct parser *ps, const struct ast_plugin *p)
{
	if (str_eq(p->name, "else"))
		fail(ps, p->at, "this else has no if before it");
	else if (str_eq(p->name, "elsif") || str_eq(p->name, "elif"))
		fail(ps, p->at, "\"%s\" is written \"else if\"", p->name);
	else if (look_word(ps, ps->pos, "=>"))
		fail(ps, p->at, "an option can stand in a plugin only");
	else
		fail_found(ps, "{ behind the plugin's name");
	return NULL;
}

/* plugin: name _ "{" _ (attribute (blank _ attribute)*)? _ "}" */
struct ast_plugin *
parse_plugin(struct parser *ps)
{
	size_t from = ps->pos, end = after_name(ps, from), brace;
	struct ast_plugin *p = arena_get(ps->arena, sizeof(*p));
	struct ast_attribute *a, **list = &p->attributes;

	if (end == from) {
		if (look(ps, from) == '"' || look(ps, from) == '\'')
			fail_quoted(ps);
		else
			fail_found(ps, "a plugin, if or }");
		return NULL;
	}
	p->name = name_text(ps, from, end);
	p->at = place(ps, from, end);
	ps->pos = brace = after_blanks(ps, end);
	if (!take(ps, "{"))
		return fail_plugin(ps, p);
	ps->braces++;
	for (skip_blanks(ps); !take(ps, "}"); ) {
		if (look(ps, ps->pos) == -1) {
			ps->ended = true;
			fail(ps, place(ps, brace, brace), "this { is never closed");
			return NULL;
		}
		if ((a = parse_attribute(ps)) == NULL)
			return NULL;
		*list = a;
		list = &a->next;
		parse_gap(ps, a->value);
	}
	ps->braces--;
	return p;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lex.c - where things end. Each after_x returns the offset behind the x that
 * starts at `at`, or `at` itself if none does.
 */
#include "conf/parse.h"

#include <string.h>

int
look(const struct parser *ps, size_t at)
{
	return at < ps->source->len ? (unsigned char)ps->source->text[at] : -1;
}

bool
look_word(const struct parser *ps, size_t at, const char *word)
{
	size_t n = strlen(word);

	return at <= ps->source->len && n <= ps->source->len - at &&
	    memcmp(ps->source->text + at, word, n) == 0;
}

bool
is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
is_word(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '_';
}

bool
is_name(int c)
{
	return is_word(c) || c == '-';
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/*
 * comment: "#" [^\r\n]* (("\r"? "\n") / end of file)
 * A CR alone does not end it, and then it is no comment at all.
 */
static size_t
after_comment(const struct parser *ps, size_t at)
{
	size_t i = at;

	if (look(ps, i) != '#')
		return at;
	while (look(ps, i) != -1 && look(ps, i) != '\r' && look(ps, i) != '\n')
		i++;
	if (look(ps, i) == -1)
		return i;
	if (look(ps, i) == '\r')
		i++;
	return look(ps, i) == '\n' ? i + 1 : at;
}

/* _: (comment / [ \t\r\n])* */
size_t
after_blanks(const struct parser *ps, size_t at)
{
	size_t end;

	for (;; at = end) {
		for (end = at; is_blank(look(ps, end)); end++)
			;
		end = after_comment(ps, end);
		if (end == at)
			return at;
	}
}

/* string: '"' ('\"' / !'"' .)* '"', alike for ' and / */
size_t
after_quoted(const struct parser *ps, size_t at)
{
	int quote = look(ps, at), c;

	if (quote != '"' && quote != '\'' && quote != '/')
		return at;
	for (size_t i = at + 1; (c = look(ps, i)) != -1; i++) {
		if (c == quote)
			return i + 1;
		if (c == '\\' && look(ps, i + 1) == quote)
			i++;
	}
	return at;
}

/* name: [A-Za-z0-9_-]+ / string */
size_t
after_name(const struct parser *ps, size_t at)
{
	size_t i = at;

	if (look(ps, at) == '"' || look(ps, at) == '\'')
		return after_quoted(ps, at);
	while (is_name(look(ps, i)))
		i++;
	return i;
}

/* bareword: [A-Za-z_] [A-Za-z0-9_]+ */
size_t
after_bareword(const struct parser *ps, size_t at)
{
	size_t i = at;

	if (is_digit(look(ps, at)))
		return at;
	while (is_word(look(ps, i)))
		i++;
	return i > at + 1 ? i : at;
}

/* number: "-"? [0-9]+ ("." [0-9]*)? */
size_t
after_number(const struct parser *ps, size_t at)
{
	size_t i = at;

	if (look(ps, i) == '-')
		i++;
	if (!is_digit(look(ps, i)))
		return at;
	while (is_digit(look(ps, i)))
		i++;
	if (look(ps, i) != '.')
		return i;
	for (i++; is_digit(look(ps, i)); i++)
		;
	return i;
}

/* selector: ("[" [^\],\[]+ "]")+ */
size_t
after_selector(const struct parser *ps, size_t at)
{
	size_t end = at, i;
	int c;

	while (look(ps, end) == '[') {
		i = end + 1;
		while ((c = look(ps, i)) != -1 && c != '[' && c != ']' && c != ',')
			i++;
		if (c != ']' || i == end + 1)
			break;
		end = i + 1;
	}
	return end;
}

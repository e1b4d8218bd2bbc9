/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parse.h - inside conf: the parser's state and the parts it consists of.
 *
 * There is no token stream, because what a character means depends on where it
 * stands: [a] is an array in a plugin and a selector in a condition, `a` is a
 * name but not yet a bareword, word operators need no space. So each function
 * here looks at the text at ->pos, moves it over what it understood and returns
 * true (or a node); or it reports a mistake and returns false (or NULL).
 */
#ifndef CONF_PARSE_H
#define CONF_PARSE_H

#include "conf/arena.h"
#include "conf/ast.h"

struct parser {
	struct arena		*arena;
	const struct source	*source;
	struct diags		*diags;	/* NULL while something is only tried */
	bool			 failed;
	size_t			 pos;
	unsigned		 depth;	/* see enter */
	unsigned		 braces;	/* open { at pos */
	bool			 ended;	/* all open blocks end here */
};

/* lex.c: questions about the text; none of them reports. */
int look(const struct parser *ps, size_t at);	/* the byte there, or -1 */
bool look_word(const struct parser *ps, size_t at, const char *word);
bool is_blank(int c);
bool is_name(int c);				/* of a name: [A-Za-z0-9_-] */
bool is_word(int c);				/* of a bareword: [A-Za-z0-9_] */
size_t after_blanks(const struct parser *ps, size_t at);	/* and comments */
size_t after_name(const struct parser *ps, size_t at);	/* at: there is none */
size_t after_bareword(const struct parser *ps, size_t at);
size_t after_number(const struct parser *ps, size_t at);
size_t after_selector(const struct parser *ps, size_t at);
size_t after_quoted(const struct parser *ps, size_t at);	/* "…" '…' /…/ */

/* parse.c: reporting, and what the parts share. */
struct place place(const struct parser *ps, size_t from, size_t to);
bool fail(struct parser *ps, struct place p, const char *fmt, ...) PRINTF(3, 4);
bool fail_found(struct parser *ps, const char *expected);	/* at pos */
bool fail_quoted(struct parser *ps);	/* the string at pos never ends */
void skip_blanks(struct parser *ps);
bool take(struct parser *ps, const char *word);	/* if it stands at pos */
bool enter(struct parser *ps, size_t from);	/* one level deeper, or too deep */
void leave(struct parser *ps);
bool parse_sections(struct parser *ps, struct ast_section **list);

/* parse_value.c */
struct ast_value *parse_value(struct parser *ps);
struct ast_plugin *parse_plugin(struct parser *ps);
struct ast_value *new_value(struct parser *ps, enum ast_value_kind kind,
    size_t from, size_t to);
struct ast_value *parse_quoted(struct parser *ps, enum ast_value_kind kind);
struct ast_value *parse_array(struct parser *ps);

/* parse_cond.c */
struct ast_cond *parse_cond(struct parser *ps);
bool fail_cond_end(struct parser *ps, const char *expected);	/* ) or { */

/* check.c: what Logstash refuses after its grammar. */
void check_sections(const struct ast_section *list, struct diags *d);

#endif

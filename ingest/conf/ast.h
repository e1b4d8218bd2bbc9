/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ast.h - what a pipeline file says, as a tree. It lives in the arena of its
 * struct conf, does not change after parsing, and is freed with it.
 *
 * Lists are linked by ->next and NULL when empty. A text is kept as written:
 * without its quotes or slashes, with its backslashes (the language has no
 * escapes but that of a quote by itself, and keeps the backslash even then),
 * and with `${VAR}` not yet replaced (conf/env.h). It is followed by a NUL and
 * may hold others; len is the truth.
 */
#ifndef CONF_AST_H
#define CONF_AST_H

#include "conf/diag.h"

enum ast_value_kind {
	AST_WORD,		/* bareword: text */
	AST_STRING,		/* "…" or '…': text */
	AST_NUMBER,		/* text, as written: -?digits(.digits*)? */
	AST_ARRAY,		/* items */
	AST_HASH,		/* items, each with its key */
	AST_PLUGIN,		/* plugin: a codec, say */
	/* in conditions only: */
	AST_SELECTOR,		/* text with its brackets: [a][b] */
	AST_REGEXP,		/* text between the slashes */
	AST_CALL,		/* text is the name, items the arguments */
};

struct ast_value {
	enum ast_value_kind	 kind;
	struct place		 at;	/* the whole value */
	const char		*text;
	size_t			 len;
	struct ast_value	*items;
	struct ast_plugin	*plugin;
	struct ast_value	*key;	/* in a hash; a word, string or number */
	struct ast_value	*next;	/* in an array, a hash, arguments */
};

struct ast_attribute {
	const char		*name;
	struct place		 at;	/* the name */
	struct ast_value	*value;
	struct ast_attribute	*next;
};

struct ast_plugin {
	const char		*name;
	struct place		 at;	/* the name */
	struct ast_attribute	*attributes;
};

enum ast_cond_kind {
	AST_AND, AST_OR, AST_XOR, AST_NAND,	/* left, right */
	AST_NOT,				/* left */
	AST_EQ, AST_NE, AST_LT, AST_GT, AST_LE, AST_GE,	/* a, b */
	AST_MATCH, AST_NO_MATCH,		/* a, b: a regexp or a string */
	AST_IN, AST_NOT_IN,			/* a, b */
	AST_TRUTH,				/* a, standing alone */
};

/* Grouped as Logstash groups: and before or, equals to the right. */
struct ast_cond {
	enum ast_cond_kind	 kind;
	struct place		 at;	/* the operator; of AST_TRUTH, the value */
	bool			 parens;	/* stood in parentheses */
	struct ast_cond		*left, *right;
	struct ast_value	*a, *b;
};

struct ast_arm {		/* if, else if, else */
	struct place		 at;	/* the word */
	struct ast_cond		*cond;	/* NULL: else */
	struct ast_step		*body;
	struct ast_arm		*next;
};

struct ast_step {		/* a plugin or a branch; the other is NULL */
	struct ast_plugin	*plugin;
	struct ast_arm		*arms;
	struct ast_step		*next;
};

enum ast_section_kind { AST_INPUT, AST_FILTER, AST_OUTPUT };

struct ast_section {
	enum ast_section_kind	 kind;
	struct place		 at;	/* the word */
	struct ast_step		*body;
	struct ast_section	*next;
};

/* The last attribute of that name, or NULL. */
const struct ast_attribute *ast_attribute(const struct ast_plugin *p,
    const char *name);

const char *ast_value_kind_name(enum ast_value_kind kind);	/* "an array" */
const char *ast_cond_kind_name(enum ast_cond_kind kind);	/* "not in" */

/* The tree as text, indented, conditions in full parentheses. */
void ast_print(const struct ast_section *sections, struct buf *out);

#endif

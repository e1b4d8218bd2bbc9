/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf.h - reads the pipeline language: that of Logstash, sections of plugins
 * and branches. What Logstash's grammar takes is taken here with the same tree,
 * and what it refuses is refused (elastic/logstash, compiler/lscl).
 *
 * Mistakes go to the diags, all at once: after one the parser goes on at the
 * next plugin, branch or section. The tree is then what could be understood;
 * check its plugins for further mistakes, but run it only if diags.n is 0.
 * Beyond the grammar, what Logstash refuses later is refused here too: a hash
 * key twice, xor or nand beside another operator, numbers such as 08 and `1.`.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include "conf/ast.h"
#include "conf/diag.h"

#define CONF_MAX_FILE		(1 << 20)	/* bytes */
#define CONF_MAX_DEPTH		200		/* of blocks and values */
#define CONF_MAX_OPERATORS	1000		/* and/or… in one condition */

struct conf;

struct conf *conf_new(void);
void conf_free(struct conf *c);			/* NULL is fine */

/* conf_new and conf_add. */
struct conf *conf_parse(const char *name, const char *text, size_t n,
    struct diags *d);

/*
 * Adds a file's sections behind those already there. The first copies the
 * text; the others read it. False, with diags, if it has mistakes or cannot be
 * read. A path may be a folder (all its files that end in .conf, by name).
 */
bool conf_add(struct conf *c, const char *name, const char *text, size_t n,
    struct diags *d);
bool conf_add_file(struct conf *c, const char *path, struct diags *d);

const struct ast_section *conf_sections(const struct conf *c);

/* What the grammar alone says of a text: for tests. */
bool conf_grammar(const char *text, size_t n);

#endif

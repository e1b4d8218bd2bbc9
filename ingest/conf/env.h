/* SPDX-License-Identifier: Apache-2.0 */
/*
 * env.h - `${VAR}` and `${VAR:default}` in values, replaced from the
 * environment, else from the file of that name among systemd's credentials, in
 * $CREDENTIALS_DIRECTORY, without the line ends behind it. Names are letters,
 * digits, _ and dots, no digit first; anything else that looks similar stays as
 * it is. A variable set to nothing is set.
 */
#ifndef CONF_ENV_H
#define CONF_ENV_H

#include "conf/ast.h"

/* The value of a variable, to be freed by the caller; NULL: it is not set. */
char *env_variable(const char *name) MUST_CHECK;

/* Is there anything to replace in it? */
bool env_has(const char *text, size_t n);

/*
 * The text of a word, string, number or selector with its variables replaced,
 * appended to out. A variable that is not set and has no default is a mistake
 * at its place: false.
 */
bool env_value(const struct ast_value *v, struct buf *out, struct diags *d);

/* The same for a text from elsewhere; *missing (may be NULL) names what is not
 * set, to be freed by the caller. */
bool env_text(const char *text, size_t n, struct buf *out, char **missing);

#endif

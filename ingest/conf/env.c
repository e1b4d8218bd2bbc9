/* SPDX-License-Identifier: Apache-2.0 */
/* env.c - see env.h. Logstash's rule: \$\{[a-zA-Z_.][a-zA-Z0-9_.]*(:[^}]*)?\} */
#include "conf/env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CREDENTIAL_MAX	(1u << 20)	/* bytes; systemd takes no more */

struct variable {
	size_t		 from, end;	/* ${ … } */
	size_t		 name_end;
	bool		 has_default;
};

static bool
is_name_byte(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    c == '.' || (!first && c >= '0' && c <= '9');
}

/* The next variable at or after `at`. */
static bool
next_variable(const char *s, size_t n, size_t at, struct variable *v)
{
	for (; at + 3 < n; at++) {
		size_t i = at + 2;

		if (s[at] != '$' || s[at + 1] != '{' || !is_name_byte(s[i], true))
			continue;
		while (i < n && is_name_byte(s[i], false))
			i++;
		*v = (struct variable){ .from = at, .name_end = i };
		v->has_default = i < n && s[i] == ':';
		while (v->has_default && i < n && s[i] != '}')
			i++;
		if (i == n)
			return false;	/* no } anywhere behind */
		if (s[i] != '}')
			continue;
		v->end = i + 1;
		return true;
	}
	return false;
}

bool
env_has(const char *text, size_t n)
{
	struct variable v;

	return next_variable(text, n, 0, &v);
}

/* What stands in a file; NULL when it is not there, not a file, or too long. */
static char *
credential(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name), *text = NULL;
	FILE *f = fopen(path, "re");
	size_t n = 0;

	free(path);
	if (f == NULL)
		return NULL;
	text = xcalloc(1, CREDENTIAL_MAX + 1);
	n = fread(text, 1, CREDENTIAL_MAX + 1, f);
	if (ferror(f) != 0 || n > CREDENTIAL_MAX) {
		free(text);
		text = NULL;
	}
	fclose(f);
	for (; text != NULL && n > 0 && strchr("\r\n", text[n - 1]) != NULL; n--)
		text[n - 1] = '\0';
	return text;
}

char *
env_variable(const char *name)
{
	const char *value = getenv(name), *dir = getenv("CREDENTIALS_DIRECTORY");

	if (value != NULL)
		return xstrdup(value);
	return dir != NULL && dir[0] == '/' ? credential(dir, name) : NULL;
}

/* Replaces the variable; false if it is not set. */
static bool
add_variable(const char *text, const struct variable *v, struct buf *out)
{
	char *name = xstrndup(text + v->from + 2, v->name_end - v->from - 2);
	char *value = env_variable(name);
	bool set = value != NULL || v->has_default;

	if (value != NULL)
		buf_puts(out, value);
	else if (v->has_default)
		buf_add(out, text + v->name_end + 1, v->end - v->name_end - 2);
	free(value);
	free(name);
	return set;
}

bool
env_value(const struct ast_value *val, struct buf *out, struct diags *d)
{
	const char *s = val->text;
	size_t done = 0, inside = val->kind == AST_STRING;
	struct variable v;
	bool good = true;

	while (next_variable(s, val->len, done, &v)) {
		buf_add(out, s + done, v.from - done);
		done = v.end;
		if (add_variable(s, &v, out))
			continue;
		good = false;
		diags_add(d, (struct place){ val->at.source, val->at.at + inside + v.from,
		    v.end - v.from }, "the environment variable %.*s is not set and "
		    "has no default", (int)(v.name_end - v.from - 2), s + v.from + 2);
	}
	buf_add(out, s + done, val->len - done);
	return good;
}

bool
env_text(const char *text, size_t n, struct buf *out, char **missing)
{
	size_t done = 0;
	struct variable v;

	while (next_variable(text, n, done, &v)) {
		buf_add(out, text + done, v.from - done);
		done = v.end;
		if (add_variable(text, &v, out))
			continue;
		if (missing != NULL)
			*missing = xstrndup(text + v.from + 2, v.name_end - v.from - 2);
		return false;
	}
	buf_add(out, text + done, n - done);
	return true;
}

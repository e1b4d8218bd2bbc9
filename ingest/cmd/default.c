/* SPDX-License-Identifier: Apache-2.0 */
/*
 * default.c - see cmd.h: flags as a pipeline. It goes the way of every pipeline
 * file, so nothing can be done by flags that a file could not say.
 */
#include "base/str.h"
#include "cmd/cmd.h"
#include "conf/env.h"

#include <stdlib.h>
#include <string.h>

/*
 * The language has no escapes: a quote inside calls for the other kind of quotes,
 * a backslash at the end would swallow the quote, `${` would be replaced.
 */
bool
default_quote(const char *s, struct buf *out, struct err *e)
{
	const char *quote = strchr(s, '"') == NULL ? "\"" : "'";
	size_t n = strlen(s);

	if (strchr(s, quote[0]) != NULL || (n > 0 && s[n - 1] == '\\') ||
	    strstr(s, "\\'") != NULL || strstr(s, "${") != NULL)
		return err_set(e, ERR_CONFIG, 0, "%.200s: a name with both kinds of "
		    "quotes, with ${, or with a backslash at its end cannot stand in a "
		    "pipeline", s);
	buf_printf(out, "%s%s%s", quote, s, quote);
	return true;
}

static bool
list(const char *option, const struct strings *l, struct buf *out, struct err *e)
{
	buf_printf(out, "    %s => [", option);
	for (size_t i = 0; i < l->n; i++) {
		if (i > 0)
			buf_puts(out, ", ");
		if (!default_quote(l->s[i], out, e))
			return false;
	}
	buf_puts(out, "]\n");
	return true;
}

/* A login: what GitHub takes as the name of an account. */
static bool
check_login(const char *s, size_t n, struct err *e)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_";

	if (n > 0 && n <= 39 && strspn(s, good) >= n)
		return true;
	return err_set(e, ERR_CONFIG, 0, "\"%.*s\" cannot be the name of an account on "
	    "GitHub", (int)(n < 100 ? n : 100), s);
}

bool
default_github(const struct args *a, struct buf *out, struct err *e)
{
	for (size_t i = 0; i < a->orgs.n; i++)
		if (!check_login(a->orgs.s[i], strlen(a->orgs.s[i]), e))
			return err_at(e, "--org");
	for (size_t i = 0; i < a->repos.n; i++) {
		const char *slash = strchr(a->repos.s[i], '/');

		if (slash == NULL || slash[1] == '\0' || strchr(slash + 1, '/') != NULL)
			return err_set(e, ERR_CONFIG, 0, "--repo takes OWNER/NAME, not "
			    "\"%.100s\"", a->repos.s[i]);
		if (!check_login(a->repos.s[i], (size_t)(slash - a->repos.s[i]), e))
			return err_at(e, "--repo");
	}
	buf_puts(out, "input {\n  github {\n");
	if (a->orgs.n > 0 && !list("org", &a->orgs, out, e))
		return false;
	if (a->repos.n > 0 && !list("repos", &a->repos, out, e))
		return false;
	buf_puts(out, "  }\n}\n");
	return true;
}

/* "-" among them is standard input, as everywhere. */
bool
default_files(const struct args *a, struct buf *out, struct err *e)
{
	bool good;

	buf_puts(out, "input {\n  file {\n");
	good = list("path", &a->rest, out, e);
	buf_puts(out, "  }\n}\n");
	return good;
}

static bool
is_set(const char *variable)
{
	char *value = env_variable(variable);
	bool is = !str_eq(str_or(value, ""), "");

	free(value);
	return is;
}

void
default_output(struct buf *out)
{
	if (!is_set("ELASTICSEARCH_URL")) {
		buf_puts(out, "output {\n  sqlite { }\n}\n");
		return;
	}
	buf_puts(out, "output {\n  elasticsearch {\n"
	    "    hosts => [\"${ELASTICSEARCH_URL}\"]\n");
	if (is_set("ELASTICSEARCH_API_KEY"))
		buf_puts(out, "    api_key => \"${ELASTICSEARCH_API_KEY}\"\n");
	else if (is_set("ELASTICSEARCH_USERNAME"))
		buf_puts(out, "    user => \"${ELASTICSEARCH_USERNAME}\"\n"
		    "    password => \"${ELASTICSEARCH_PASSWORD:}\"\n");
	buf_puts(out, "  }\n}\n");
}

char *
default_name(const struct args *a, const char *text)
{
	struct buf name = BUF(1u << 20);
	char *s;

	if (a->pipelines.n == 0)
		return xstrdup(text);
	for (size_t i = 0; i < a->pipelines.n; i++) {
		char *path = realpath(a->pipelines.s[i], NULL);

		buf_printf(&name, "%s%s", i > 0 ? "\n" : "",
		    path != NULL ? path : a->pipelines.s[i]);
		free(path);
	}
	s = xstrdup(buf_str(&name));
	buf_fini(&name);
	return s;
}

bool
default_remembered(struct state *s, struct strings *files, struct buf *text)
{
	char *name = state_meta(s, "pipeline"), *rest = name, *line;

	if (name != NULL && name[0] != '/')
		buf_puts(text, name);
	while (name != NULL && name[0] == '/' && (line = strsep(&rest, "\n")) != NULL)
		strings_add(files, line);
	free(name);
	return files->n > 0 || text->len > 0;
}

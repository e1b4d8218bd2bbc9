/* SPDX-License-Identifier: Apache-2.0 */
/*
 * args.c - flags as rows of one table: parsing, help and "did you mean" come of
 * it. A flag is --name VALUE or --name=VALUE; -- ends them.
 */
#include "base/log.h"
#include "base/str.h"
#include "cmd/cmd.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOR_ALL		(~0u)
#define FOR_ENGINE	(FOR_RUN | FOR_BACKFILL)
#define FOR_GITHUB	(FOR_ENGINE | FOR_DRY_RUN)
#define FOR_WORDS	(FOR_DRY_RUN | FOR_CHECK | FOR_DLQ) /* files, a plugin, ids */

enum flag_type { FLAG_SET, FLAG_TEXT, FLAG_LIST };

static const struct flag {
	const char	*name;
	char		 letter;
	enum flag_type	 type;
	const char	*value;		/* what stands for it in the help */
	size_t		 at;
	unsigned	 commands;
	const char	*help;
} flags[] = {
	{ "pipeline", 'f', FLAG_LIST, "PIPELINE", offsetof(struct args, pipelines),
	    FOR_GITHUB | FOR_CHECK | FOR_SETUP,
	    "a pipeline file or a folder of them; repeatable" },
	{ "org", 0, FLAG_LIST, "ORG", offsetof(struct args, orgs), FOR_GITHUB,
	    "an organisation on GitHub; repeatable" },
	{ "repo", 0, FLAG_LIST, "OWNER/NAME", offsetof(struct args, repos), FOR_GITHUB,
	    "a repository, also if it is a fork; repeatable" },
	{ "since", 0, FLAG_TEXT, "TIME", offsetof(struct args, since), FOR_BACKFILL,
	    "from when on: 2025-01-01, or 90d before now; by default from the start" },
	{ "kinds", 0, FLAG_TEXT, "LIST", offsetof(struct args, kinds), FOR_BACKFILL,
	    "of commits,pulls,issues,releases; by default all" },
	{ "cancel", 0, FLAG_SET, NULL, offsetof(struct args, cancel), FOR_BACKFILL,
	    "give up what an earlier backfill still wants" },
	{ "kibana-url", 0, FLAG_TEXT, "URL", offsetof(struct args, kibana_url), FOR_SETUP,
	    "Kibana's address; by default $KIBANA_URL, without it no dashboards" },
	{ "space", 0, FLAG_TEXT, "NAME", offsetof(struct args, kibana_space), FOR_SETUP,
	    "a space of Kibana; by default $KIBANA_SPACE, else the one whose "
	    "/s/NAME ends the address, else the default one" },
	{ "dry-run", 0, FLAG_SET, NULL, offsetof(struct args, dry_run), FOR_SETUP,
	    "print the template and all objects, a line of JSON each, and ask nobody" },
	{ "queries", 0, FLAG_SET, NULL, offsetof(struct args, queries), FOR_SETUP,
	    "print the searches that the panels stand for, a line of JSON each" },
	{ "remove", 0, FLAG_SET, NULL, offsetof(struct args, remove), FOR_SETUP,
	    "take away what setup made: dashboards, data views, the template; never the "
	    "index" },
	{ "output", 0, FLAG_TEXT, "NAME", offsetof(struct args, output), FOR_DLQ,
	    "only what this output refused, as out.elasticsearch#0" },
	{ "action", 0, FLAG_TEXT, "ACTION", offsetof(struct args, action), FOR_DLQ,
	    "only documents of this kind, as pull_request" },
	{ "reason", 0, FLAG_TEXT, "TEXT", offsetof(struct args, reason), FOR_DLQ,
	    "only those whose reason has this in it" },
	{ "json", 0, FLAG_SET, NULL, offsetof(struct args, json), FOR_STATUS | FOR_DLQ,
	    "as JSON" },
	{ "coverage", 0, FLAG_SET, NULL, offsetof(struct args, coverage), FOR_STATUS,
	    "what is held of each repository, from when on, and what is missing" },
	{ "pretty", 0, FLAG_SET, NULL, offsetof(struct args, pretty), FOR_DRY_RUN,
	    "documents indented, for eyes" },
	{ "explain", 0, FLAG_SET, NULL, offsetof(struct args, explain), FOR_CHECK,
	    "print every plugin, or the options of one; or metrics: what /metrics "
	    "counts" },
	{ "data", 0, FLAG_TEXT, "DIR", offsetof(struct args, data),
	    FOR_ENGINE | FOR_STATUS | FOR_DLQ | FOR_REIDENTIFY,
	    "where state and store are; by default $STATE_DIRECTORY, else "
	    "$XDG_STATE_HOME/hubstash" },
	{ "listen", 0, FLAG_TEXT, "ADDR:PORT", offsetof(struct args, listen), FOR_RUN,
	    "where the web door is, or off; by default the first free port of "
	    "127.0.0.1:9600-9700" },
	{ "auth-file", 0, FLAG_TEXT, "FILE", offsetof(struct args, auth_file), FOR_RUN,
	    "who may read behind the web door: lines user:hash, the hash by `openssl "
	    "passwd -6`; the file must not be readable by others" },
	{ "insecure", 0, FLAG_SET, NULL, offsetof(struct args, insecure), FOR_RUN,
	    "let everybody read who reaches the web door, also from other machines" },
	{ "name", 0, FLAG_LIST, "HOST", offsetof(struct args, names), FOR_RUN,
	    "a further name the web door is reached by, as behind a proxy; repeatable" },
	{ "title", 0, FLAG_TEXT, "TEXT", offsetof(struct args, title), FOR_RUN,
	    "what stands above the dashboard; by default whom it follows" },
	{ "github-url", 0, FLAG_TEXT, "URL", offsetof(struct args, github_url),
	    FOR_GITHUB, "the API's address; by default $GITHUB_API_URL, else "
	    "https://api.github.com" },
	{ "log-level", 0, FLAG_TEXT, "LEVEL", offsetof(struct args, log_level), FOR_ALL,
	    "error, warn, info (the default) or debug" },
	{ "log-format", 0, FLAG_TEXT, "FORMAT", offsetof(struct args, log_format),
	    FOR_ALL, "text (the default) or json" },
	{ "help", 'h', FLAG_SET, NULL, offsetof(struct args, help), FOR_ALL,
	    "this text" },
};

__attribute__((format(printf, 1, 0)))
static void
say(const char *fmt, va_list ap)
{
	fprintf(stderr, "%shubstash: ", log_priority(LOG_ERROR));
	vfprintf(stderr, fmt, ap);
	fputs("\n", stderr);
}

int
usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	return 2;
}

int
cmd_fail(const struct err *e)
{
	fprintf(stderr, "%shubstash: %s\n", log_priority(LOG_ERROR), e->text);
	return err_exit(e);
}

static const struct flag *
find(const struct command *c, const char *name, size_t n)
{
	for (size_t i = 0; i < LEN(flags); i++)
		if ((flags[i].commands & c->flags) != 0 &&
		    strlen(flags[i].name) == n && strncmp(flags[i].name, name, n) == 0)
			return &flags[i];
	return NULL;
}

static const struct flag *
find_letter(const struct command *c, char letter)
{
	for (size_t i = 0; i < LEN(flags); i++)
		if ((flags[i].commands & c->flags) != 0 && letter != '\0' &&
		    flags[i].letter == letter)
			return &flags[i];
	return NULL;
}

/* What nobody should type where others can read it. */
static const char *
secret_variable(const char *name, size_t n)
{
	static const struct {
		const char	*flag, *variable;
	} rows[] = {
		{ "token", "GITHUB_TOKEN" }, { "github-token", "GITHUB_TOKEN" },
		{ "api-key", "ELASTICSEARCH_API_KEY" },
		{ "password", "ELASTICSEARCH_PASSWORD" },
		{ "kibana-api-key", "KIBANA_API_KEY" },
		{ "kibana-password", "KIBANA_PASSWORD" },
	};

	for (size_t i = 0; i < LEN(rows); i++)
		if (strlen(rows[i].flag) == n && strncmp(rows[i].flag, name, n) == 0)
			return rows[i].variable;
	return NULL;
}

static bool
fail_unknown(const struct command *c, const char *word, size_t n)
{
	const char *names[LEN(flags)], *near;
	char *name = xstrndup(word, n);
	const char *variable = secret_variable(name, n);
	size_t count = 0;

	for (size_t i = 0; i < LEN(flags); i++)
		if ((flags[i].commands & c->flags) != 0)
			names[count++] = flags[i].name;
	near = str_nearest(name, names, count);
	if (variable != NULL)
		usage("--%s: secrets are not taken from the command line, where others "
		    "can read them; set %s in the environment", name, variable);
	else if (near != NULL)
		usage("%s takes no --%s; did you mean --%s?", c->name, name, near);
	else
		usage("%s takes no --%s; see hubstash %s --help", c->name, name,
		    c->name);
	free(name);
	return false;
}

void
strings_add(struct strings *l, const char *s)
{
	l->s = xrealloc(l->s, (l->n + 1) * sizeof(*l->s));
	l->s[l->n++] = xstrdup(s);
}

void
strings_fini(struct strings *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->s[i]);
	free(l->s);
	*l = (struct strings){ 0 };
}

static bool
set(const struct flag *f, struct args *a, const char *value)
{
	void *field = (char *)a + f->at;

	if (f->type == FLAG_SET)
		*(bool *)field = true;
	else if (f->type == FLAG_LIST)
		strings_add(field, value);
	else if (*(char **)field != NULL && !str_eq(*(char **)field, value)) {
		usage("--%s is given twice", f->name);
		return false;
	} else
		str_set(field, value);
	return true;
}

/* One word that begins with a dash; *next is the word behind it, or NULL. */
static bool
parse_flag(const struct command *c, struct args *a, const char *word, char ***next)
{
	bool whole = word[1] == '-';
	size_t n = whole ? strcspn(word + 2, "=") : 1;
	const struct flag *f = whole ? find(c, word + 2, n) : find_letter(c, word[1]);
	const char *value = NULL;

	if (f == NULL && whole)
		return fail_unknown(c, word + 2, n);
	if (f == NULL) {
		usage("%s takes no -%c; see hubstash %s --help", c->name, word[1],
		    c->name);
		return false;
	}
	if (whole && word[2 + n] == '=')
		value = word + 2 + n + 1;
	else if (!whole && word[2] != '\0')
		value = word + 2;
	if (f->type == FLAG_SET && value != NULL) {
		usage("%s takes no value", word);
		return false;
	}
	if (f->type != FLAG_SET && value == NULL)
		value = *(*next) != NULL ? *(*next)++ : NULL;
	if (f->type != FLAG_SET && str_eq(str_or(value, ""), "")) {
		usage("%.*s takes a value: %s", whole ? (int)n + 2 : 2, word, f->value);
		return false;
	}
	return set(f, a, value);
}

static bool
set_log(const struct args *a)
{
	enum log_level level;

	if (a->log_level != NULL && !log_parse_level(a->log_level, &level)) {
		usage("--log-level is error, warn, info or debug, not \"%s\"",
		    a->log_level);
		return false;
	}
	if (a->log_level != NULL)
		log_set_level(level);
	if (a->log_format != NULL && !str_eq(a->log_format, "json") &&
	    !str_eq(a->log_format, "text")) {
		usage("--log-format is text or json, not \"%s\"", a->log_format);
		return false;
	}
	log_set_json(str_eq(a->log_format, "json"));
	log_set_journal(getenv("JOURNAL_STREAM"));
	return true;
}

bool
args_parse(const struct command *c, char **argv, struct args *a)
{
	bool flags_ended = false;
	const char *word;

	*a = (struct args){ 0 };
	while (*argv != NULL) {
		word = *argv++;
		if (!flags_ended && str_eq(word, "--"))
			flags_ended = true;
		else if (flags_ended || word[0] != '-' || word[1] == '\0')
			strings_add(&a->rest, word);
		else if (!parse_flag(c, a, word, &argv))
			return false;
	}
	if (a->rest.n > 0 && (c->flags & FOR_WORDS) == 0) {
		usage("%s: what is \"%s\"? See hubstash %s --help", c->name,
		    a->rest.s[0], c->name);
		return false;
	}
	if (a->github_url != NULL)	/* as if it had been set there */
		setenv("GITHUB_API_URL", a->github_url, 1);
	return set_log(a);
}

void
args_fini(struct args *a)
{
	for (size_t i = 0; i < LEN(flags); i++) {
		void *field = (char *)a + flags[i].at;
		struct strings *l = field;

		if (flags[i].type == FLAG_TEXT)
			str_set(field, NULL);
		if (flags[i].type == FLAG_LIST)
			strings_fini(l);
	}
	strings_fini(&a->rest);
}

/* Words of text from column at, no line beyond column 80. */
static void
print_wrapped(const char *text, int at)
{
	int column = at;

	while (*text != '\0') {
		int n = (int)strcspn(text, " ");

		if (column > at && column + 1 + n > 80) {
			printf("\n%*s", at, "");
			column = at;
		} else if (column > at) {
			printf(" ");
			column++;
		}
		printf("%.*s", n, text);
		column += n;
		text += n;
		text += strspn(text, " ");
	}
	printf("\n");
}

void
args_help(const struct command *c)
{
	printf("hubstash %s %s\n\n", c->name, c->usage);
	print_wrapped(c->help, 0);
	printf("\n");
	for (size_t i = 0; i < LEN(flags); i++) {
		const struct flag *f = &flags[i];
		char letter[8] = "";

		if ((f->commands & c->flags) == 0)
			continue;
		if (f->letter != 0)
			snprintf(letter, sizeof(letter), "-%c, ", f->letter);
		printf("  %4s--%-10s %-10s  ", letter, f->name, str_or(f->value, ""));
		print_wrapped(f->help, 31);
	}
}

char *
cmd_data_dir(const struct args *a, struct err *e)
{
	const char *state = getenv("STATE_DIRECTORY"), *xdg = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (a->data != NULL)
		return xstrdup(a->data);
	if (!str_eq(str_or(state, ""), ""))	/* systemd separates several by : */
		return xstrndup(state, strcspn(state, ":"));
	if (!str_eq(str_or(xdg, ""), ""))
		return xasprintf("%s/hubstash", xdg);
	if (!str_eq(str_or(home, ""), ""))
		return xasprintf("%s/.local/state/hubstash", home);
	err_set(e, ERR_CONFIG, 0, "where should state and store be? Give --data DIR");
	return NULL;
}

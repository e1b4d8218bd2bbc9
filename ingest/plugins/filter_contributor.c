/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter_contributor.c - one person of many names. What is done to a document is
 * github/contributor.c's; here are the options, and the names of today that are
 * learned when what is stored is identified anew.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "github/contributor.h"
#include "github/roles.h"
#include "plugins/filter_contributor_files.h"

#include <stdlib.h>
#include <string.h>

#define KEY_MIN		16	/* bytes */
#define HINTS_MAX	20	/* then a person knows */

struct conf {
	char		*mapping, *mailmap, *rules, *mode, *key;
	struct strings	 out;
	bool		 pseudonyms;
};

/* What an account is called, and since when that is known. */
struct name {
	char		*name;
	int64_t		 at_ms;
};

struct who {
	struct who_files	 files;
	struct contributor	 c;
	struct map		*learned;	/* struct name by account */
	struct map		*names;		/* char *, of c */
	struct instance		*host;
	struct map		*hinted;	/* accounts that were told of */
};

#define AT(field)	.at = offsetof(struct conf, field)

static const struct option rows[] = {
	{ "mapping", OPT_STRING, AT(mapping),
	    .help = "A file of people: [NAME], then lines of what the person is known by "
	    "(id: NUMBER, login: LOGIN, mail: ADDRESS, or a person id as it is shown, as "
	    "mail:HASH), team: and company:. See docs/people.md." },
	{ "mailmap", OPT_STRING, AT(mailmap),
	    .help = "A file as git's .mailmap; for who has no account." },
	{ "rules", OPT_STRING, AT(rules),
	    .help = "A file of rules that say who is a bot, an agent, a human, beyond "
	    "the list that is built in; the last rule that matches decides." },
	{ "opt_out", OPT_LIST, AT(out),
	    .help = "Who is not to be told of: logins, account numbers, addresses, "
	    "person ids, or files (with a / or . in the name) of them, one a line." },
	{ "opt_out_mode", OPT_STRING, .fallback = "nobody", .choices = "nobody, drop",
	    AT(mode), .help = "nobody: their documents stay and credit nobody. drop: "
	    "they are dropped." },
	{ "pseudonyms", OPT_BOOL, .fallback = "false", AT(pseudonyms),
	    .help = "People are told apart but not named: person-3f2a…" },
	{ "pseudonym_key", OPT_SECRET, .fallback = "${HUBSTASH_PSEUDONYM_KEY:}", AT(key),
	    .help = "What pseudonyms are made with, 16 bytes or more; another key, other "
	    "pseudonyms." },
	OPT_END
};

static struct who_paths
paths_of(const struct conf *c)
{
	return (struct who_paths){ .mapping = str_or(c->mapping, NULL),
	    .mailmap = str_or(c->mailmap, NULL), .rules = str_or(c->rules, NULL),
	    .out = &c->out };
}

static bool
check(const void *conf, struct err *e)
{
	const struct conf *c = conf;
	bool file;

	for (size_t i = 0; i < c->out.n; i++)
		if (!who_out_is(c->out.s[i], &file))
			return err_set(e, ERR_CONFIG, 0, "opt_out: \"%.100s\" is no "
			    "login, account number, address or person id, and no file",
			    c->out.s[i]);
	if (!c->pseudonyms || str_or(c->key, NULL) == NULL ||
	    strlen(c->key) >= KEY_MIN)
		return true;
	return err_set(e, ERR_CONFIG, 0, "pseudonym_key has less than %d bytes: it "
	    "could be guessed", KEY_MIN);
}

static void
check_files(const void *conf, struct diags *d)
{
	struct who_paths paths = paths_of(conf);
	struct who_files files;

	(void)!who_files_read(&files, &paths, d);
	who_files_fini(&files);
}

static void
learned_free(struct map *m)
{
	const char *key;
	void *value;

	for (size_t i = 0; m != NULL && map_each(m, &i, &key, &value); ) {
		struct name *n = value;

		free(n->name);
		free(n);
	}
	map_free(m);
}

static void
who_close(void *self)
{
	struct who *w = self;

	who_files_fini(&w->files);
	learned_free(w->learned);
	map_free(w->names);
	map_free(w->hinted);
	free(w);
}

static void
on_hint(void *arg, const char *person, const char *account, const char *login)
{
	struct who *w = arg;

	if (map_count(w->hinted) >= HINTS_MAX || map_get(w->hinted, account) != NULL)
		return;
	map_set(w->hinted, account, w);
	log_warn("%s: an address of %.100s is that of account %s (%.100s), which the "
	    "mapping does not know, so it stays another person: add id: %s",
	    host_name(w->host), person, account, login, account);
}

/* The later one, and of one moment the one whose bytes come last. */
static void
learn_name(struct who *w, const char *key, const char *name, int64_t ms)
{
	struct name *n;

	if (w->learned == NULL) {
		w->learned = map_new();
		w->c.names = w->names = map_new();
	}
	n = map_get(w->learned, key);
	if (n == NULL) {
		n = xcalloc(1, sizeof(*n));
		map_set(w->learned, key, n);
	} else if (ms < n->at_ms || (ms == n->at_ms && strcmp(name, n->name) <= 0))
		return;
	n->at_ms = ms;
	str_set(&n->name, name);
	map_set(w->names, key, n->name);
}

/* The mistakes of files were told before the pipeline was made; but for races. */
static void *
who_open(struct instance *host, const void *conf, struct err *e)
{
	const struct conf *c = conf;
	struct who_paths paths = paths_of(c);
	struct diags d = { 0 };
	struct buf text = BUF(1u << 20);
	struct who *w;

	if (c->pseudonyms && str_or(c->key, NULL) == NULL) {
		err_set(e, ERR_CONFIG, 0, "pseudonyms need a key: set "
		    "HUBSTASH_PSEUDONYM_KEY to 16 bytes or more, and keep it");
		return NULL;
	}
	w = xcalloc(1, sizeof(*w));
	w->host = host;
	w->hinted = map_new();
	if (!who_files_read(&w->files, &paths, &d)) {
		diags_text(&d, &text);
		err_set(e, ERR_CONFIG, 0, "%.*s", (int)strcspn(buf_str(&text), "\n"),
		    buf_str(&text));
		who_close(w);
		w = NULL;
	} else {
		w->c = (struct contributor){ .mapping = w->files.mapping,
		    .mailmap = w->files.mailmap, .rules = w->files.rules,
		    .out = w->files.out, .drop = str_eq(c->mode, "drop"),
		    .key = c->pseudonyms ? c->key : NULL, .hint = on_hint,
		    .arg = w };
	}
	diags_fini(&d);
	buf_fini(&text);
	return w;
}

/* A document tells what its people were called when it was made. */
static void
who_learn(void *self, struct doc *d)
{
	struct who *w = self;
	const char *at = json_str(d->body, "event.ingested");
	struct roles l;
	int64_t ms;

	if (at == NULL || !clock_parse_iso(at, &ms, NULL) ||
	    json_true(d->body, "hubstash.pseudonym"))
		return;
	contributor_undo(d);
	l = roles_of(d);
	for (size_t i = 0; i < l.n; i++)
		if (role_id(&l.role[i]) != 0 && l.role[i].kind != ROLE_MEMBER)
			learn_name(w, l.role[i].key, l.role[i].name, ms);
	roles_fini(&l);
}

static enum filter_verdict
who_apply(void *self, struct doc *d)
{
	struct who *w = self;

	return contributor_apply(&w->c, d) ? FILTER_KEEP : FILTER_DROP;
}

const struct filter filter_contributor = {
	.plugin = {
		.name = "contributor",
		.help = "Makes one person of many names, by what files say of people.",
		.options = rows,
		.conf_size = sizeof(struct conf),
		.check = check,
		.check_files = check_files,
		.once = true,	/* two would undo each other */
	},
	.open = who_open,
	.apply = who_apply,
	.close = who_close,
	.learn = who_learn,
};

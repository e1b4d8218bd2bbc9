/* SPDX-License-Identifier: Apache-2.0 */
/*
 * in_github.c - follows organisations, users and repositories on GitHub. The
 * work is the engine's (sync/follow.h); here are its options.
 */
#include "base/str.h"
#include "core/plugin.h"
#include "github/people.h"
#include "sync/client.h"
#include "sync/follow.h"

#include <stdlib.h>
#include <string.h>

struct github_conf {
	struct strings	 org, repos;
	char		*token, *api_url, *people;
	int64_t		 since, census_interval;
	double		 quota;
	bool		 forks, keep_email;
};

struct github_in {
	struct people_rules	*rules;
	struct engine		*engine;
};

#define AT(field)	.at = offsetof(struct github_conf, field)

static const struct option rows[] = {
	{ "org", OPT_LIST, AT(org),
	    .help = "Organisations or users to follow, by login." },
	{ "repos", OPT_LIST, AT(repos),
	    .help = "Single repositories to follow, as owner/name, forks too." },
	{ "token", OPT_SECRET, .fallback = "${GITHUB_TOKEN:}", AT(token),
	    .help = "A token that may read them." },
	{ "api_url", OPT_STRING, .fallback = "${GITHUB_API_URL:}", AT(api_url),
	    .help = "The API: https://api.github.com by default, "
	    "https://HOST/api/v3 for GitHub Enterprise Server." },
	{ "since", OPT_DURATION, .fallback = "30d", AT(since),
	    .help = "How much history is read of what is followed anew." },
	{ "census_interval", OPT_DURATION, AT(census_interval),
	    .help = "Time between two lists of all repositories; by default a minute, "
	    "or as much as keeps it under a tenth of the budget." },
	{ "quota", OPT_DOUBLE, .fallback = "0.8", AT(quota),
	    .help = "The share of the token's hourly budget that may be spent." },
	{ "forks", OPT_BOOL, .fallback = "false", AT(forks),
	    .help = "Follow forks and mirrors too." },
	{ "keep_email", OPT_BOOL, .fallback = "false", AT(keep_email),
	    .help = "Keep addresses of people without an account, instead of hashes." },
	{ "people", OPT_STRING, AT(people),
	    .help = "A file of rules that say who is a bot, an agent, a human." },
	OPT_END
};

static bool
check_repos(const struct strings *repos, struct err *e)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_./";

	for (size_t i = 0; i < repos->n; i++) {
		const char *s = repos->s[i], *slash = strchr(s, '/');

		if (slash == NULL || slash == s || slash[1] == '\0' ||
		    strchr(slash + 1, '/') != NULL || strlen(s) > 250 ||
		    s[strspn(s, good)] != '\0')
			return err_set(e, ERR_CONFIG, 0, "repos takes owner/name, not "
			    "\"%.100s\"", s);
	}
	return true;
}

static bool
check_orgs(const struct strings *orgs, struct err *e)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_";

	for (size_t i = 0; i < orgs->n; i++) {
		size_t n = strlen(orgs->s[i]);

		if (n == 0 || n > 100 || strspn(orgs->s[i], good) != n)
			return err_set(e, ERR_CONFIG, 0, "org takes the login of an "
			    "organisation or user, not \"%.100s\"", orgs->s[i]);
	}
	return true;
}

/* What people know GitHub as is not where its API is. */
static const char *
api_url(const struct github_conf *c)
{
	static const char *const same[] = { "", "github.com", "https://github.com",
		"https://github.com/", "https://api.github.com/" };

	for (size_t i = 0; i < LEN(same); i++)
		if (str_eq(str_or(c->api_url, ""), same[i]))
			return "https://api.github.com";
	return c->api_url;
}

static bool
in_check(const void *conf, struct err *e)
{
	const struct github_conf *c = conf;
	struct people_rules *rules;
	bool good;

	if (c->org.n + c->repos.n == 0)
		return err_set(e, ERR_CONFIG, 0, "nothing to follow: org or repos must "
		    "name something");
	if (!check_orgs(&c->org, e) || !check_repos(&c->repos, e))
		return false;
	if (!(c->quota >= 0.05 && c->quota <= 1.0))
		return err_set(e, ERR_CONFIG, 0, "quota is a share of the budget, from "
		    "0.05 to 1");
	if (!client_check(api_url(c), str_or(c->token, ""), e))
		return false;
	rules = people_rules_new();
	good = c->people == NULL || people_rules_add_file(rules, c->people, e);
	people_rules_free(rules);
	return good;
}

static bool
has_token(const struct github_conf *c, struct err *e)
{
	if (*str_or(c->token, "") != '\0')
		return true;
	return err_set(e, ERR_CONFIG, 0, "no token: set GITHUB_TOKEN to one from "
	    "https://github.com/settings/personal-access-tokens (fine-grained: read "
	    "access to Contents, Issues, Pull requests and Metadata of the repositories, "
	    "and to the organisation's Events; or classic: public_repo or repo, and "
	    "read:org)");
}

static void
in_close(void *self)
{
	struct github_in *g = self;

	engine_free(g->engine);
	people_rules_free(g->rules);
	free(g);
}

static void *
in_open(struct instance *host, const void *conf, struct err *e)
{
	const struct github_conf *c = conf;
	struct github_in *g;

	if (!has_token(c, e))
		return NULL;
	g = xcalloc(1, sizeof(*g));
	g->rules = people_rules_new();
	if (c->people == NULL || people_rules_add_file(g->rules, c->people, e))
		g->engine = engine_new(&(struct engine_conf){ .host = host,
		    .orgs = &c->org, .repos = &c->repos, .token = c->token,
		    .api_url = api_url(c), .since_s = c->since,
		    .census_s = c->census_interval, .quota = c->quota,
		    .forks = c->forks, .keep_email = c->keep_email,
		    .rules = g->rules }, e);
	if (g->engine == NULL) {
		in_close(g);
		return NULL;
	}
	return g;
}

static void
in_start(void *self)
{
	engine_start(((struct github_in *)self)->engine);
}

static void
in_pause(void *self, bool on)
{
	engine_pause(((struct github_in *)self)->engine, on);
}

static void
in_refill(void *self)
{
	engine_refill(((struct github_in *)self)->engine);
}

static void
in_stop(void *self)
{
	engine_stop(((struct github_in *)self)->engine);
}

const struct input in_github = {
	.plugin = {
		.name = "github",
		.help = "Follows what people do in organisations on GitHub.",
		.options = rows,
		.conf_size = sizeof(struct github_conf),
		.check = in_check,
		.once = true,	/* state.db knows repositories, not who follows them */
	},
	.open = in_open,
	.start = in_start,
	.pause = in_pause,
	.refill = in_refill,
	.stop = in_stop,
	.close = in_close,
};

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * owner.c - who is followed, and what they are called. An account is asked for by
 * its node id as soon as that is known, as repositories are: then another login
 * needs nothing from anybody, and one who takes the old login is not mistaken for
 * it. state.db remembers under the name that was asked for.
 */
#include "sync/inside.h"
#include "base/log.h"
#include "base/str.h"
#include "github/query.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_SIZE	300

static void
key_of(const char *what, const char *name, char key[KEY_SIZE])
{
	snprintf(key, KEY_SIZE, "%s:%.280s", what, name);
	for (char *p = key; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
}

struct owner *
owner_find(struct engine *e, const char *login)
{
	struct owner *o;

	TAILQ_FOREACH(o, &e->owners, link)
		if (o->login != NULL && login != NULL && str_eqi(o->login, login))
			return o;
	return NULL;
}

struct owner *
owner_asked_as(struct engine *e, const char *login)
{
	struct owner *o;

	TAILQ_FOREACH(o, &e->owners, link)
		if (o->asked_as != NULL && login != NULL && str_eqi(o->asked_as, login))
			return o;
	return owner_find(e, login);
}

/* "NODE_ID LOGIN", as it was when it last answered. */
static void
recall(struct owner *o)
{
	char key[KEY_SIZE], *was, *login;

	key_of("owner", o->asked_as, key);
	was = state_meta(o->engine->state, key);
	login = was != NULL ? strchr(was, ' ') : NULL;
	if (login != NULL) {
		*login++ = '\0';
		str_set(&o->node_id, was);
		str_set(&o->login, login);
	}
	free(was);
}

static void
remember(const struct owner *o)
{
	char key[KEY_SIZE], *text = xasprintf("%s %s", o->node_id, o->login);

	key_of("owner", o->asked_as, key);
	state_set_meta(o->engine->state, key, text);
	free(text);
}

struct owner *
owner_new(struct engine *e, const char *login, bool followed)
{
	struct owner *o = xcalloc(1, sizeof(*o));

	o->engine = e;
	o->followed = followed;
	str_set(&o->asked_as, login);
	str_set(&o->login, login);
	if (login != NULL)
		recall(o);
	TAILQ_INIT(&o->feeds);
	TAILQ_INSERT_TAIL(&e->owners, o, link);
	return o;
}

void
owner_free(struct owner *o)
{
	census_free(o);
	feeds_free(o);
	free(o->asked_as);
	free(o->login);
	free(o->node_id);
	free(o);
}

void
owner_ask(const struct owner *o, struct buf *b)
{
	if (o->node_id != NULL) {
		buf_puts(b, "node(id:");
		query_string(b, o->node_id);
	} else {
		buf_puts(b, "repositoryOwner(login:");
		query_string(b, o->login);
	}
	buf_puts(b, "){...on RepositoryOwner{__typename id login ");
}

/* Everything that was known under the old login goes by the new one. */
static void
called_now(struct owner *o, const char *login)
{
	struct engine *e = o->engine;
	struct repo *r;
	struct gap *g;

	log_info("github: %s is called %s now", o->login, login);
	TAILQ_FOREACH(r, &e->repos, link)
		if (r->org != NULL && str_eqi(r->org, o->login)) {
			repo_set_name(e, &r->org, login);
			engine_save_repo(e, r);
		}
	TAILQ_FOREACH(g, &e->gaps, link)
		if (g->kind == STREAM_EVENTS && g->org != NULL &&
		    str_eqi(g->org, o->login)) {
			str_set(&g->org, login);
			engine_save_gap(e, g);
		}
	if (e->doubt_login != NULL && str_eqi(e->doubt_login, o->login))
		str_set(&e->doubt_login, login);
	str_set(&o->login, login);
	feeds_renamed(o);
}

void
owner_answered(struct owner *o, const struct json *answer)
{
	const char *id = json_str(answer, "id"), *login = json_str(answer, "login");
	bool renamed;

	if (id == NULL || login == NULL || strpbrk(login, " /?#%") != NULL)
		return;
	renamed = !str_eq(login, o->login);
	if (!renamed && str_eq(id, o->node_id))
		return;
	str_set(&o->node_id, id);
	if (renamed && !str_eqi(login, o->login))
		called_now(o, login);
	else
		str_set(&o->login, login);
	if (o->engine->mode != RUN_ONCE)
		remember(o);
}

/* A name used again by another repository must not confuse the next start. */
void
owner_remember_name(struct engine *e, const char *name, int64_t id)
{
	char key[KEY_SIZE], text[32];

	key_of("repo", name, key);
	snprintf(text, sizeof(text), "%" PRId64, id);
	state_set_meta(e->state, key, text);
}

bool
owner_name(struct engine *e, const char *name, bool wish)
{
	struct owner *o;
	struct repo *r;
	char key[KEY_SIZE], *was;
	int64_t id;

	TAILQ_FOREACH(o, &e->owners, link)
		if (o->login == NULL)
			break;
	for (size_t i = 0; i < e->named.n; i++)
		if (str_eqi(e->named.s[i], name))
			return o->named_read > i;
	e->named.s = xrealloc(e->named.s, (e->named.n + 1) * sizeof(char *));
	e->named_wish = xrealloc(e->named_wish, (e->named.n + 1) * sizeof(bool));
	e->named_wish[e->named.n] = wish;
	e->named.s[e->named.n++] = xstrdup(name);
	key_of("repo", name, key);
	was = state_meta(e->state, key);
	if (was != NULL && str_i64(was, &id) && (r = repo_find(e, id)) != NULL) {
		str_set(&r->asked_as, name);
		r->named = !wish;
	}
	free(was);
	if (o == NULL)
		o = owner_new(e, NULL, true);
	if (e->started && o->census == NULL)
		census_start(o);
	else
		census_now(o);
	return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * owner.h - who is followed: organisations, users, repositories that are named;
 * their censuses and their feeds. The inside of sync/.
 */
#ifndef SYNC_OWNER_H
#define SYNC_OWNER_H

#include "sync/engine.h"

struct census;
struct feed;

/* Whom a census lists: an organisation, a user, or the repositories named. */
struct owner {
	TAILQ_ENTRY(owner)	 link;
	struct engine		*engine;
	char			*asked_as;	/* by whom it was named; else as login */
	char			*login;		/* now; NULL: of the repositories named */
	char			*node_id;	/* NULL: never answered yet */
	int64_t			 id;
	bool			 is_user;
	bool			 followed;	/* else a wish alone wants it */
	bool			 known;		/* a whole census came, ever */
	size_t			 named_read;	/* of engine.named, by a whole census */
	int64_t			 census_ms;	/* the last whole one; GitHub's clock */
	struct census		*census;
	TAILQ_HEAD(, feed)	 feeds;
};

/* census.c */
void census_start(struct owner *o);
void census_now(struct owner *o);	/* do not wait for the interval */
bool census_runs(const struct owner *o);
void census_stop(struct owner *o);
void census_free(struct owner *o);

/* owner.c */
struct owner *owner_find(struct engine *e, const char *login);	/* as it is now */
/* By the login it was asked for with, or the one it has now. */
struct owner *owner_asked_as(struct engine *e, const char *login);
struct owner *owner_new(struct engine *e, const char *login, bool followed);
void owner_free(struct owner *o);

/* Begins a question to it: "node(id:…){...on RepositoryOwner{… "; two } end it. */
void owner_ask(const struct owner *o, struct buf *b);
/* What it answered: who it is, and what it is called now. */
void owner_answered(struct owner *o, const struct json *answer);
void owner_remember_name(struct engine *e, const char *name, int64_t id);

/*
 * A repository that is named, by the configuration or by a wish: the census of
 * those begins. True when there was one already since it was named.
 */
bool owner_name(struct engine *e, const char *name, bool wish);

/* feed.c */
void feeds_start(struct owner *o);	/* once; later calls do nothing */
void feeds_stop(struct owner *o);
void feeds_free(struct owner *o);
void feeds_renamed(struct owner *o);	/* its login is another one */
bool feeds_are_read(const struct owner *o);	/* each of them once */
int64_t feeds_read_ms(const struct owner *o);	/* the last answer; 0: none */
int64_t feeds_since_ms(const struct owner *o);	/* what they told begins; 0: nothing */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* feed_in.h - the inside of feeds, for feed.c (reading) and feed_apply.c. */
#ifndef SYNC_FEED_IN_H
#define SYNC_FEED_IN_H

#include "sync/inside.h"

enum feed_kind { FEED_OWN, FEED_VIEWER };

struct feed {
	struct flow	 flow;		/* first */
	TAILQ_ENTRY(feed) link;
	struct owner	*owner;
	enum feed_kind	 kind;
	char		*login;		/* whose activity it shows */
	char		*path, *key;	/* key: in state.db, with the token's identity */
	struct request	*request;
	/* the last answer */
	enum verdict	 verdict;
	struct json	*page;
	char		 next[LINK_SIZE], why[256], new_etag[256];
	/* what is known of it */
	char		*etag;
	struct map	*keys;		/* of its last complete read */
	int64_t		 read_ms, full_ms, since_ms;	/* GitHub's clock */
	int64_t		 delay_ms;	/* before the first poll */
	int64_t		 interval_ms;	/* as GitHub last said */
	unsigned	 max_pages;	/* there is nothing beyond; 0: not known */
	bool		 read;		/* once, in this process */
	bool		 failing;
	/* this read */
	struct json	*events;
	unsigned	 pages;
	bool		 beyond;	/* GitHub named a page that it does not give */
	bool		 asked_census;
	int64_t		 asked_census_ms;	/* clock_mono_ms */
	int64_t		 asked_ms;
};

/* Is an event that nobody has seen before of a repository nobody knows? */
bool feed_is_puzzled(const struct feed *f);
/* The read is complete: hints, outbox, gaps, and what is remembered of it. */
void feed_apply(struct feed *f);
void feed_save(const struct feed *f);
char *feed_path(const char *login, bool is_user);	/* yours to free */
void feed_load(struct feed *f);		/* its path is known */
void feed_rename(struct feed *f);	/* is another one: what it knew stays */
bool engine_knows_event(const struct engine *e, const char *key);

#endif

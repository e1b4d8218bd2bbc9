/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside.h - the inside of the engine, for sync/ alone.
 *
 *	engine.c	life, health, what is committed when
 *	ledger.c	repositories, streams, gaps: in memory and in state.db
 *	schedule.c	which look begins now
 *	look.c		what looks ask, hand over, and how they end
 *	doubt.c		a repository is refused: it, or the token?
 *	owner.c		who; census.c: what they have; feed.c: what just happened
 *	outbox.c	what only the feed tells; notes.c: what status shows
 *	wish.c		older history, and stores that are new
 */
#ifndef SYNC_INSIDE_H
#define SYNC_INSIDE_H

#include "core/plugin.h"
#include "sync/client.h"
#include "sync/engine.h"
#include "sync/follow.h"
#include "sync/look.h"
#include "sync/ledger.h"
#include "sync/owner.h"
#include "sync/pack.h"

struct outbox;

struct engine {
	struct instance		*host;
	struct loop		*loop;
	struct state		*state;
	enum run_mode		 mode;
	struct engine_conf	 conf;		/* orgs and repos NULL: see owners */
	struct strings		 named;		/* owner/name */
	bool			*named_wish;	/* ... that a wish alone names */
	struct client		*client;
	struct pack		*pack;
	TAILQ_HEAD(, owner)	 owners;
	TAILQ_HEAD(, repo)	 repos;
	struct map		*by_id;
	TAILQ_HEAD(, stream)	 due;
	TAILQ_HEAD(gaps, gap)	 gaps;		/* newest period first */
	TAILQ_HEAD(, look_inside) looks;
	unsigned		 live_looks, gap_looks;
	struct strings		 old_names;	/* looks may still point to them */
	struct outbox		*outbox;
	bool			 started, paused, stopping, stopped;
	bool			 wished;	/* a wish waits for a census */
	char			*doubted;	/* the token's trouble: nothing begins */
	char			*doubt_login;
	struct part		*doubt_part;
	struct timer		*doubt_timer;
	char			*health_why, *lacks;
	const struct owner	*lacks_of;
	int64_t			 poll_ms;	/* X-Poll-Interval; 0: not told yet */
	struct timer		*turn;		/* the schedule's */
	struct timer		*tick;
	bool			 finished;
	struct map		*noted;		/* notes as they stand in state.db */
	int64_t			*wish_done;
	size_t			 wishes_done;
	uint64_t		 round;
	int64_t			 changes;	/* state_changes, when wishes were read */
	int64_t			 error_ms;
	char			*error;
};

/* schedule.c */
void schedule(void *engine);		/* a timer's; engine_kick asks for it */
void engine_kick(struct engine *e);
void schedule_count(struct engine *e, int64_t *due, int64_t *gaps, int64_t *parked);

/* look.c */
struct look_inside {
	TAILQ_ENTRY(look_inside) link;
	struct look		*look;
	struct part		*part;
	struct request		*request;
	struct origin		 origin;
	bool			 held;		/* waits for the host's answer */
	bool			 of_gap;
	int64_t			 took_ms;	/* of the last answer */
	int64_t			 began_ms;	/* GitHub's clock */
};
void look_orphan(struct look *l);	/* its gap is closed, by somebody else */
void looks_stop(struct engine *e);	/* ends those that wait for GitHub */
void looks_free(struct engine *e);
/* doubt.c */
void failure_count(struct engine *e, struct stream *s, struct gap *g, const char *why);
void doubt_repo(struct engine *e, struct stream *s, struct gap *g, const char *why);
void doubt_token(struct engine *e, const char *login, const char *why);
void doubt_forget_gap(struct engine *e, const struct gap *g);
void doubt_again(void *engine);		/* a timer's */
void doubts_free(struct engine *e);
void repo_unpark(struct engine *e, struct repo *r);

/* outbox.c */
void outbox_kick(struct engine *e);
bool outbox_is_empty(struct engine *e);
bool outbox_is_full(struct engine *e);
void outbox_free(struct engine *e);

/* wish.c */
void wishes_read(struct engine *e);	/* if another process wrote something */
void wishes_apply(struct engine *e);

/* notes.c */
void notes_write(struct engine *e);
void notes_free(struct engine *e);

/* engine.c */
void engine_trouble(struct engine *e, const char *why);	/* NULL: over */
bool engine_lacks(struct engine *e, const struct owner *o, const char *what);
void engine_error(struct engine *e, const char *text);	/* status shows the last */
void engine_fail(struct engine *e, enum err_kind kind, int code, const char *fmt, ...)
    PRINTF(4, 5);
void engine_check_end(struct engine *e);	/* a run that ends: is all done? */
void engine_census_done(struct owner *o);

#endif

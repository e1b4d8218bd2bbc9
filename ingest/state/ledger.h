/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger.h - the part of state.db that says what is held and what is not:
 * repositories, streams, gaps, and wishes for more. See state.h for the rules.
 */
#ifndef STATE_LEDGER_H
#define STATE_LEDGER_H

#include "base/stream.h"

struct state;

enum repo_state {
	REPO_FOLLOWED,
	REPO_SKIPPED,		/* a fork or mirror, and forks are not wanted */
	REPO_PARKED,		/* the API refuses it: reason */
	REPO_LEFT,		/* belongs to an owner we do not follow */
	REPO_GONE,		/* deleted */
};

struct repo_row {
	int64_t		 id;
	const char	*node_id, *org, *name /* owner/name */;
	const char	*default_branch;	/* NULL: empty */
	const char	*reason;		/* NULL unless parked */
	bool		 archived, fork, mirror, is_private;
	enum repo_state	 state;
	int64_t		 look_s;		/* newest version given to a commit */
	int64_t		 page_size;		/* what GraphQL bears; 0: unknown */
	int64_t		 org_id;		/* 0: its owner is a user */
};

struct stream_row {
	int64_t		 repo_id;
	enum stream_kind kind;
	const char	*cursor;		/* the look's own; NULL: no contact yet */
	const char	*seen;			/* what the census saw last */
	const char	*settled;		/* ... when this was last settled */
	int64_t		 since_ms;		/* covered from here, but for open gaps */
	int64_t		 wanted, done;		/* due while wanted > done */
	int64_t		 fails, next_ms;	/* not before */
	const char	*parked;		/* the reason; NULL: not parked */
	int64_t		 settled_ms;		/* when it was last settled */
	const char	*numbers;		/* what hints named, not read yet */
};

struct gap_row {
	int64_t		 id;			/* 0: not saved yet */
	int64_t		 repo_id;		/* 0: of a whole organisation (events) */
	enum stream_kind kind;
	const char	*org;
	const char	*cause;			/* "first contact", "backfill", … */
	int64_t		 wish;			/* the wish it was opened for; 0: none */
	int64_t		 from_ms, to_ms;	/* by the data's own clock */
	const char	*page;			/* how far it is read; the look's own */
	const char	*keys;			/* single things; NULL: all of it */
	int64_t		 opened_ms;
	int64_t		 total, read;		/* progress; total -1: unknown */
	int64_t		 fails, next_ms;
	const char	*parked;
};

typedef void repo_each_fn(void *arg, const struct repo_row *r);
typedef void stream_each_fn(void *arg, const struct stream_row *r);
typedef void gap_each_fn(void *arg, const struct gap_row *r);

void state_repos(struct state *s, repo_each_fn *each, void *arg);
void state_save_repo(struct state *s, const struct repo_row *r);
void state_streams(struct state *s, stream_each_fn *each, void *arg);
void state_save_stream(struct state *s, const struct stream_row *r);
void state_gaps(struct state *s, gap_each_fn *each, void *arg);	/* newest first */
int64_t state_save_gap(struct state *s, const struct gap_row *r);	/* its id */
void state_close_gap(struct state *s, int64_t id);

/*
 * What another process wants of the engine: older history, or to forget that.
 * The engine turns a wish into gaps (cause "backfill", with the wish's id) and
 * deletes it in the same transaction.
 */
struct wish_row {
	int64_t		 id;
	const char	*org;			/* login */
	const char	*repo;			/* owner/name; NULL: all of the org */
	const char	*kinds;			/* "commits,pulls"; NULL: all */
	int64_t		 since_ms, at_ms;
	bool		 cancel;		/* close the backfill gaps instead */
};
int64_t state_wish(struct state *s, const struct wish_row *w);	/* its id */
void state_wishes(struct state *s, void (*each)(void *arg, const struct wish_row *w),
    void *arg);
void state_wish_del(struct state *s, int64_t id);
/* Changes whenever another process has written something. */
int64_t state_changes(struct state *s);

/* Is anything held at all? */
bool state_covers(struct state *s);

#endif

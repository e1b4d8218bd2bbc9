/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.h - the engine that follows organisations, as looks see it: what is
 * due, who looks at it, and what may be said of it afterwards.
 *
 * Repositories, streams and gaps stand in memory, written through to state.db.
 * A look is one piece of work on one stream (a refresh, or a gap of it); there
 * is at most one look at a stream at a time, and one at all of a repository's
 * commits. A look reads a page, hands its documents over, and only when all of
 * them are settled moves the cursor or shrinks the gap.
 */
#ifndef SYNC_ENGINE_H
#define SYNC_ENGINE_H

#include "base/stream.h"
#include "data/doc.h"
#include "github/normal.h"
#include "io/flow.h"
#include "state/state.h"

#include <sys/queue.h>

struct engine;
struct repo;

/* Strings are owned; engine_save_* writes a struct through to state.db. */
struct stream {
	struct repo		*repo;
	enum stream_kind	 kind;
	char			*cursor, *seen, *settled, *parked;
	int64_t			 since_ms, wanted, done, fails, next_ms, settled_ms;
	struct look		*look;		/* at work on it or one of its gaps */
	/* What hints named and no look has read yet, see numbers.h. */
	int64_t			*number, *taken;
	size_t			 numbers, takens;
	/* the engine's own */
	TAILQ_ENTRY(stream)	 due;
	bool			 is_due;	/* on the list of those */
	bool			 backfill;	/* a wish wants its history */
	int64_t			 began_ms;	/* the last refresh; clock_mono_ms */
	int64_t			 read_ms;	/* GitHub's time when it began */
	bool			 fewer;		/* it showed fewer items than before */
	unsigned		 behind;	/* refreshes that lagged */
};

struct gap {
	TAILQ_ENTRY(gap)	 link;		/* newest period first */
	struct repo		*repo;		/* NULL: of a whole organisation */
	enum stream_kind	 kind;
	char			*org, *cause, *page, *keys, *parked;
	int64_t			 id, wish, from_ms, to_ms, opened_ms, total, read;
	int64_t			 fails, next_ms;
	struct look		*look;
};

struct repo {
	int64_t			 id;
	char			*node_id, *org, *name, *default_branch, *reason;
	bool			 archived, fork, mirror, is_private;
	enum repo_state		 state;
	int64_t			 look_s, page_size;
	int64_t			 org_id;	/* 0: its owner, org, is a user */
	struct stream		 stream[STREAM_KINDS];
	/* the engine's own */
	TAILQ_ENTRY(repo)	 link;
	struct doubt		*doubt;		/* GitHub is asked whether it is there */
	uint64_t		 round;		/* the census that listed it last */
	bool			 named;		/* by --repo, ... */
	char			*asked_as;	/* ... with this name */
	bool			 absent;	/* the last census did not list it */
	bool			 behind;	/* some of its history is not read */
	int64_t			 retry_ms;	/* parked: not before; clock_mono_ms */
};

/* For looks. */
void engine_save_repo(struct engine *e, struct repo *r);
void engine_save_stream(struct engine *e, struct stream *s);
void engine_save_gap(struct engine *e, struct gap *g);
struct gap *engine_open_gap(struct engine *e, struct repo *r, enum stream_kind kind,
    const char *cause, int64_t from_ms, int64_t to_ms, const char *page);
void engine_close_gap(struct engine *e, struct gap *g);	/* frees g */
struct state *engine_state(struct engine *e);
const struct people_rules *engine_rules(const struct engine *e);

/* A stream is due (again): the census or a hint says so, or a look found out. */
void engine_want(struct engine *e, struct stream *s);

/* The first gap of a repository's stream, or the next one after g. */
struct gap *engine_gap_of(struct engine *e, const struct repo *r,
    enum stream_kind kind, const struct gap *after);

#endif

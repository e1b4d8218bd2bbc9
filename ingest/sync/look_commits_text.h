/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_commits_text.h - what looks at commits remember, as texts in state.db,
 * and the decision about what comes after a walk. Pure.
 */
#ifndef SYNC_LOOK_COMMITS_TEXT_H
#define SYNC_LOOK_COMMITS_TEXT_H

#include "sync/walk.h"

#define BRANCH_SIZE	256
#define AFTER_SIZE	256

/* See look_commits.h. NONE: there is no target. */
enum commits_mode {
	MODE_NONE, MODE_WALK, MODE_AHEAD, MODE_LOST, MODE_SWEEP, MODE_UNFLAG, MODE_BEHIND,
};

/* A cursor. An empty head is that of the empty set. */
struct commits_cursor {
	char		 branch[BRANCH_SIZE], head[SHA_SIZE];
	/*
	 * The head at first contact: what came later is held whatever its date.
	 * Empty when all of the history is.
	 */
	char		 first[SHA_SIZE];
	enum commits_mode mode;
	char		 to_branch[BRANCH_SIZE], to[SHA_SIZE];
	int64_t		 look_s;		/* when the target was fixed */
	int64_t		 page;			/* of compare, the next one */
	char		 after[AFTER_SIZE];	/* of the history, in a sweep */
	int64_t		 old;			/* see commits_place */
	bool		 gone;			/* not all that was lost could be read */
	bool		 whole;			/* a sweep down to the root */
	char		 doubt[SHA_SIZE];	/* a head not believed at once ... */
	int64_t		 doubt_s;		/* ... and when it was seen first */
};
bool cursor_parse(const char *text, struct commits_cursor *c) MUST_CHECK;
char *cursor_text(const struct commits_cursor *c) MUST_CHECK;

/* How far a history is read. */
struct commits_place {
	char		 head[SHA_SIZE], after[AFTER_SIZE];
	int64_t		 old;			/* commits in a row behind the bound */
	int64_t		 page;			/* see look_commits_gap.c */
	bool		 whole;			/* there is no bound */
	bool		 swept;			/* a sweep reads it from the head */
};
bool place_parse(const char *text, struct commits_place *p) MUST_CHECK;
char *place_text(const struct commits_place *p) MUST_CHECK;

/* The bound where there is none. (0 is that of a stream nobody has looked at.) */
#define EVER_MS		1

/*
 * The next commit of a history: whether it is wanted, from_ms or newer. Where a
 * page leaves p->old at PLACE_OLD or more, nothing as new as stop_ms follows.
 */
#define PLACE_OLD	100
bool place_wants(struct commits_place *p, int64_t from_ms, int64_t stop_ms,
    int64_t committed_ms);

bool sha_valid(const char *s);	/* SHA-1 or SHA-256 in hex; NULL is not */

/* What a walk, as far as it is, says should come next. */
enum commits_way { WAY_MORE, WAY_AHEAD, WAY_LOST, WAY_COMPARE, WAY_WHOLE };
struct walk_facts {
	bool	 closed, met;	/* the old head was met */
	bool	 more;		/* there are further pages */
	bool	 empty;		/* the old head is that of the empty set */
	size_t	 walked;
};
enum commits_way commits_way(const struct walk_facts *w);

#endif

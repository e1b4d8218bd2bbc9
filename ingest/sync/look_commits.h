/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_commits.h - the inside of looks at commits, for sync/look_commits*.c.
 *
 * A refresh moves a cursor from one head to another. The new head, its target,
 * is written into the cursor's text before a document of it is emitted, and
 * stays until all of the target is held: a kill finds it there. How far it is
 * stands beside it.
 *
 *	WALK	which commits are new: the closed walk, at most 1,000
 *	AHEAD	compare OLD...NEW names the new ones, a page of 100 at a time
 *	LOST	compare NEW...OLD names those that lost the branch, alike
 *	SWEEP	all that is covered is read again from the new head ...
 *	UNFLAG	... and what the stores hold flagged from before is looked into
 *	BEHIND	it lies behind the old one: not believed yet, nothing is written
 *
 * While a cursor has a target no gap of the repository's commits is read, so a
 * gap's pinned head is always an ancestor of the cursor's head. What is flagged
 * in state.db is one too, unless a target is half read: then nobody walks.
 */
#ifndef SYNC_LOOK_COMMITS_H
#define SYNC_LOOK_COMMITS_H

#include "sync/look.h"
#include "sync/look_commits_text.h"
#include "sync/walk.h"

/* A commit whose fields are wanted, or that was read. */
struct want {
	char		 sha[SHA_SIZE];		/* "": it could not be had */
	int64_t		 committed_ms;
	const struct json *node;		/* the walk's; NULL: to be asked for */
};
struct wants {
	struct want	*want;
	size_t		 count, cap;
};

struct commits {
	struct look		 look;		/* first */
	struct commits_cursor	 at;
	bool			 contact;	/* there was no cursor */
	bool			 resumed;	/* a look before this fixed the target */
	bool			 vanished;	/* the target is lost: sweep */
	bool			 written;	/* documents carry look_s already */
	bool			 refreshed;	/* a gap's look has looked at the head */
	/* the walk, and comparisons */
	struct walk		*walk;
	enum commits_way	 way;
	size_t			 walked;
	bool			 more, diverged;
	char			 base[SHA_SIZE], after[AFTER_SIZE];
	unsigned		 size;		/* of the page that is asked for */
	/* fields of commits: look_commits_fetch.c */
	struct wants		 wants;
	bool			 flag;		/* on the default branch, or no longer */
	bool			 without;	/* nothing had to be asked */
	size_t			 pos, asked, missing;
	unsigned		 batch;
	struct docs		 docs;
	flow_step_fn		*then;
	const char		*then_name;
	/* a history: look_commits_fetch.c */
	struct commits_place	 place;
	int64_t			 from_ms, stop_ms, read, total;
	bool			 count, last;
	void			(*saved)(struct commits *c);
	/* un-flagging: look_commits_sweep.c */
	struct docs		 held;
	size_t			 held_pos;
	char			 stuck[SHA_SIZE];
};

#define COMMITS_FIRST		10	/* commits that come with the head */
#define COMMITS_DURABLE_MS	25	/* state.db commits within 20 */
flow_step_fn commits_ask_head, commits_walk_again, commits_compare, commits_sweep,
    commits_gap;

/* look_commits.c */
void commits_save(struct commits *c);		/* c->at, into the stream */
enum flow_next commits_rewritten(struct commits *c, enum commits_mode mode);
enum flow_next commits_reached(struct commits *c);	/* the target is held */
enum flow_next commits_vanished(struct commits *c);	/* GitHub knows it no more */
#define DOUBT_S	30	/* what speaks against a head is believed if said again then */
enum flow_next commits_doubt(struct commits *c, const char *head);
enum flow_next commits_behind(struct commits *c);
bool commits_doubted(const struct commits *c, const char *head, int64_t seconds);

/* look_commits_compare.c: are these heads there? ->answer: old, new */
enum flow_next commits_ask_two(struct commits *c, const char *old, const char *new,
    flow_step_fn *step, const char *name);
/* look_commits_walk.c: from a target, with the newest of its history. */
enum flow_next commits_walk_begin(struct commits *c, const struct json *commit);
/* look_commits_fetch.c */
struct want *wants_add(struct wants *l, const char *sha);
void wants_clear(struct wants *l);
void commits_part(const struct commits *c, struct buf *b);	/* "node(id:…){… " */
void commits_add_history(struct buf *b, unsigned first, const char *after,
    const char *fragment);
/*
 * Whether there is an answer to read. If not, *next is what to do: ask again
 * with a smaller *size, or end with the verdict.
 */
bool commits_answered(struct commits *c, unsigned *size, flow_step_fn *ask,
    const char *name, enum flow_next *next);
enum flow_next commits_garbage(struct commits *c, const char *what);
/* Reads and emits the fields of all in c->wants, as c->flag says ... */
enum flow_next commits_fetch(struct commits *c, flow_step_fn *then, const char *name);
/* ... and when that is settled, the flags in state.db follow. */
void commits_flag(struct commits *c);
/*
 * Reads the history from c->place on: what is from_ms or newer, until nothing as
 * new as stop_ms follows; calls saved when a page is settled and c->place moved,
 * and goes to then at the end.
 */
enum flow_next commits_history(struct commits *c, void (*saved)(struct commits *c),
    flow_step_fn *then, const char *name);
enum flow_next commits_gap_lost(struct commits *c);	/* its head is not there */

#endif

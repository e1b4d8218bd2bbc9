/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep.h - the part of state.db that keeps things over the end of the process:
 * flagged commits, feeds, the outbox, dead letters. See state.h for the rules.
 */
#ifndef STATE_KEEP_H
#define STATE_KEEP_H

#include "base/base.h"

struct state;

/* The newest 1,000 SHAs (by committer date) flagged as on the default branch. */
void state_flag(struct state *s, int64_t repo_id, const char *sha,
    int64_t committed_ms);
bool state_flagged(struct state *s, int64_t repo_id, const char *sha);
void state_unflag(struct state *s, int64_t repo_id, const char *sha);
void state_unflag_all(struct state *s, int64_t repo_id);

struct feed_row {
	const char	*url;			/* with the token's identity: the key */
	const char	*etag;
	const char	*keys;		/* lines, of the last complete read */
	int64_t		 read_ms, full_ms;	/* last answer; last unconditional one */
	int64_t		 oldest_ms;	/* created_at of that read's oldest event */
};
bool state_feed(struct state *s, const char *url, void (*found)(void *arg,
    const struct feed_row *f), void *arg);	/* false: none */
void state_save_feed(struct state *s, const struct feed_row *f);

/* Documents that only the feed tells, until they are settled. */
void state_outbox_add(struct state *s, const char *id, int64_t version,
    const char *json);
void state_outbox(struct state *s, int64_t after, int max, void (*each)(void *arg,
    int64_t row, const char *id, int64_t version, const char *json), void *arg);
void state_outbox_del(struct state *s, int64_t row);
int64_t state_outbox_count(struct state *s);

struct dead_row {
	int64_t		 id;
	const char	*output;		/* "out.elasticsearch#0" */
	const char	*target;		/* its index or file; NULL: unknown */
	const char	*doc_id, *action, *reason, *json;
	int64_t		 version, at_ms, times;
	bool		 again;			/* asked to be sent again */
};
void state_dead_add(struct state *s, const struct dead_row *d);	/* same doc: times+1 */
void state_dead(struct state *s, void (*each)(void *arg, const struct dead_row *d),
    void *arg);
/* The newest first, at most max. */
void state_dead_newest(struct state *s, int max, void (*each)(void *arg,
    const struct dead_row *d), void *arg);
/* Those behind row after that are to be sent again, at most max. */
void state_dead_again(struct state *s, int64_t after, int max, void (*each)(void *arg,
    const struct dead_row *d), void *arg);
/* Those of an output whose documents are commits of a repository. */
void state_dead_commits(struct state *s, const char *output, int64_t repo_id,
    void (*each)(void *arg, const struct dead_row *d), void *arg);
int64_t state_dead_again_count(struct state *s);
void state_dead_mark(struct state *s, int64_t id, bool again);
/* This version is stored after all: an older one is no dead letter any more. */
void state_dead_stored(struct state *s, const char *output, const char *doc_id,
    int64_t version);
int64_t state_dead_count(struct state *s);

#endif

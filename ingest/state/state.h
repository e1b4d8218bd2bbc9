/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.h - state.db: how far each stream has been read, what is known not to
 * be held (gaps), and what must survive the process. The only folder, beside
 * store/, that knows SQLite.
 *
 * Writes gather in one transaction: state_commit ends it. The engine commits
 * within 20 ms of the first write, and at once where something is promised
 * (a dead letter, an answer to a client). Losing what was not committed is
 * harmless: the same page is read again. A commit that fails (full disk) is an
 * err, after which the process must end.
 *
 * Rows are plain structs. What a load function hands to each() is borrowed for
 * that call; strings in rows that are saved are copied.
 */
#ifndef STATE_STATE_H
#define STATE_STATE_H

#include "base/err.h"
#include "base/stream.h"

struct state;

enum state_mode {
	STATE_ENGINE,	/* read and write; one engine per directory (a lock) */
	STATE_READ,	/* beside an engine or without one; creates nothing */
	STATE_WISH,	/* beside an engine: adds gaps and replays, nothing else */
	STATE_MEMORY,	/* a dry run: nowhere */
};

/*
 * Fails with a reason for: a newer version, a corrupt file, a locked directory
 * (naming the pid), a read-only one, another API host than before.
 * dir is NULL for STATE_MEMORY.
 */
struct state *state_open(const char *dir, enum state_mode mode, struct err *e)
    MUST_CHECK;
void state_close(struct state *s);		/* commits; NULL is fine */
bool state_dirty(const struct state *s);	/* a commit waits */
bool state_commit(struct state *s, struct err *e) MUST_CHECK;
/* Called at the first write after a commit: time to plan the next commit. */
void state_on_dirty(struct state *s, void (*fn)(void *arg), void *arg);

/* What the directory remembers: "api_host", "pipeline", … NULL: nothing yet. */
char *state_meta(struct state *s, const char *key) MUST_CHECK;	/* yours to free */
void state_set_meta(struct state *s, const char *key, const char *value);

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
	int64_t		 page_size;		/* what GraphQL bears for it; 0: unknown */
};

struct stream_row {
	int64_t		 repo_id;
	enum stream_kind kind;
	const char	*cursor;		/* text of the look's own; NULL: no contact yet */
	const char	*seen;			/* what the census saw last */
	const char	*settled;		/* ... when this was last settled */
	int64_t		 since_ms;		/* covered from here, but for open gaps */
	int64_t		 wanted, done;		/* due while wanted > done */
	int64_t		 fails, next_ms;	/* not before */
	const char	*parked;		/* the reason; NULL: not parked */
	int64_t		 settled_ms;		/* when it was last settled */
};

struct gap_row {
	int64_t		 id;			/* 0: not saved yet */
	int64_t		 repo_id;		/* 0: of a whole organisation (events) */
	enum stream_kind kind;
	const char	*org;
	const char	*cause;			/* "first contact", "backfill", "store", ... */
	int64_t		 wish;			/* the wish it was opened for; 0: none */
	int64_t		 from_ms, to_ms;	/* by the data's own clock */
	const char	*page;			/* how far it is read: text of the look's own */
	const char	*keys;			/* of single things; NULL: the whole period */
	int64_t		 opened_ms, total, read;	/* for progress; total -1: unknown */
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

/* The newest 1,000 SHAs (by committer date) flagged as on the default branch. */
void state_flag(struct state *s, int64_t repo_id, const char *sha,
    int64_t committed_ms);
bool state_flagged(struct state *s, int64_t repo_id, const char *sha);
void state_unflag(struct state *s, int64_t repo_id, const char *sha);
void state_unflag_all(struct state *s, int64_t repo_id);

struct feed_row {
	const char	*url;			/* with the token's identity: the key */
	const char	*etag, *keys;		/* keys: lines, of the last complete read */
	int64_t		 read_ms, full_ms;	/* last answer; last unconditional one */
	int64_t		 oldest_ms;		/* created_at of the oldest event of that read */
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
	const char	*output, *doc_id, *action, *reason, *json;
	int64_t		 version, at_ms, times;
	bool		 again;			/* asked to be sent again */
};
void state_dead_add(struct state *s, const struct dead_row *d);	/* same doc: times+1 */
void state_dead(struct state *s, void (*each)(void *arg, const struct dead_row *d),
    void *arg);
void state_dead_del(struct state *s, int64_t id);
int64_t state_dead_count(struct state *s);

/* Who the store behind an output was: "elasticsearch:UUID". NULL: new. */
char *state_identity(struct state *s, const char *output) MUST_CHECK;
void state_set_identity(struct state *s, const char *output, const char *identity);

/* What status shows of a running engine: small values by name, overwritten. */
void state_note(struct state *s, const char *key, const char *value);
void state_notes(struct state *s, void (*each)(void *arg, const char *key,
    const char *value), void *arg);

#endif

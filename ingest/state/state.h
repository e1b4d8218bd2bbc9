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
 * that call; strings in rows that are saved are copied. each() may write.
 */
#ifndef STATE_STATE_H
#define STATE_STATE_H

#include "base/err.h"
#include "base/stream.h"
#include "state/keep.h"
#include "state/ledger.h"

struct state;

enum state_mode {
	STATE_ENGINE,	/* read and write; one engine per directory (a lock) */
	STATE_READ,	/* beside an engine or without one; creates nothing */
	STATE_WISH,	/* beside an engine: adds gaps and replays, nothing else */
	STATE_MEMORY,	/* a dry run: nowhere */
};

/*
 * Fails with a reason for: a newer version, a corrupt file, a locked directory
 * (naming the pid; the code is EWOULDBLOCK), a read-only one, one without state
 * for READ and WISH. An engine makes dir and the folders above it.
 * dir is NULL for STATE_MEMORY.
 */
struct state *state_open(const char *dir, enum state_mode mode, struct err *e)
    MUST_CHECK;
/* Whether an engine holds the directory now. */
bool state_engine_runs(const char *dir);
void state_close(struct state *s);		/* commits; NULL is fine */
bool state_dirty(const struct state *s);	/* a commit waits, or a failure */
bool state_commit(struct state *s, struct err *e) MUST_CHECK;
/*
 * Called at the first write after a commit: time to plan the next commit. And at
 * the first failure, of a read too: that commit tells it.
 */
void state_on_dirty(struct state *s, void (*fn)(void *arg), void *arg);

/* What the directory remembers: "api_host", "pipeline", … NULL: nothing yet. */
char *state_meta(struct state *s, const char *key) MUST_CHECK;	/* yours to free */
void state_set_meta(struct state *s, const char *key, const char *value);

/* Who the store behind an output was: "elasticsearch:UUID". NULL: new, to both. */
char *state_identity(struct state *s, const char *output) MUST_CHECK;
void state_set_identity(struct state *s, const char *output, const char *identity);
void state_identities(struct state *s, void (*each)(void *arg, const char *output),
    void *arg);

/*
 * What status shows of a running engine: small values by name, overwritten; NULL
 * takes one back. An engine begins without any.
 */
void state_note(struct state *s, const char *key, const char *value);
void state_notes(struct state *s, void (*each)(void *arg, const char *key,
    const char *value), void *arg);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.h - what an operator reads, on stderr and nowhere else.
 *
 * A line is: who first ("out.elasticsearch#0: "), then a sentence, then
 * key=value pairs. error: a person must act. warn: something was lost or
 * delayed. info: life cycle, in steady state no more than a line a minute.
 * debug: each transition. Never bodies, never secrets. Control characters in
 * arguments are shown as \xNN: what GitHub's users write reaches terminals.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/base.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);
bool log_parse_level(const char *s, enum log_level *level) MUST_CHECK;
void log_set_json(bool on);
/*
 * What systemd says in $JOURNAL_STREAM, or NULL. If that is where stderr goes, a
 * line begins with its priority, <4>, for journald, which knows the time itself.
 */
void log_set_journal(const char *stream);
/* What a line of that level begins with there, for who writes one without us. */
const char *log_priority(enum log_level level);		/* "" elsewhere */

/*
 * Called around each line, so that a terminal display can clear itself first
 * and draw itself again after. NULL: nobody.
 */
void log_set_around(void (*around)(bool before));

bool log_wants(enum log_level level);
void log_error(const char *fmt, ...) PRINTF(1, 2);
void log_warn(const char *fmt, ...) PRINTF(1, 2);
void log_info(const char *fmt, ...) PRINTF(1, 2);
void log_debug(const char *fmt, ...) PRINTF(1, 2);

/* "… 41 more of these in 9 s", if any wait; what comes next is not folded. */
void log_flush(void);
/* Called by the loop, so that they wait for ten seconds at most. */
void log_turn(void);

#endif

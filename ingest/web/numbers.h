/* SPDX-License-Identifier: Apache-2.0 */
/* numbers.h - the numbers of the process and how well it is, as texts. */
#ifndef WEB_NUMBERS_H
#define WEB_NUMBERS_H

#include "base/buf.h"

struct web_conf;

/* Prometheus' text format 0.0.4. */
void numbers_metrics(const struct web_conf *c, struct buf *out);
/* Of it, what Prometheus' own clients tell of a process (numbers_process.c). */
void numbers_process(struct buf *out);
/* JSON; where Logstash's /_node/stats has a number, it stands at the same place. */
void numbers_stats(const struct web_conf *c, const char *address, struct buf *out);

/* JSON with all reasons; false when there is one. */
bool numbers_health(const struct web_conf *c, struct buf *out);

#endif

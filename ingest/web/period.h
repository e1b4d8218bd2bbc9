/* SPDX-License-Identifier: Apache-2.0 */
/*
 * period.h - a stretch of time in a zone, and the buckets it is cut into: days,
 * weeks from Monday, months, as the calendar there has them. Pure.
 */
#ifndef WEB_PERIOD_H
#define WEB_PERIOD_H

#include "base/base.h"

struct zone;

enum period_interval {
	INTERVAL_AUTO,		/* days up to 62 of them, weeks up to 106, else months */
	INTERVAL_DAY, INTERVAL_WEEK, INTERVAL_MONTH
};

/* So many days of the calendar, the last of them that of now. */
void period_days(const struct zone *z, int64_t now_ms, int64_t days, int64_t *from_ms,
    int64_t *to_ms);

enum period_interval period_choose(const struct zone *z, int64_t from_ms,
    int64_t to_ms, enum period_interval wanted);

/*
 * The edges of the buckets, from_ms the first and to_ms the last (the first and the
 * last bucket may be cut): how many, or 0 if they are more than max.
 */
size_t period_edges(const struct zone *z, int64_t from_ms, int64_t to_ms,
    enum period_interval interval, int64_t *edges, size_t max) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* period.c - see period.h. */
#include "web/period.h"
#include "base/clock.h"
#include "base/zone.h"

#define AUTO_DAYS	62
#define AUTO_WEEKS	106

void
period_days(const struct zone *z, int64_t now_ms, int64_t days, int64_t *from_ms,
    int64_t *to_ms)
{
	int64_t today = zone_day(z, now_ms);

	*from_ms = zone_midnight(z, today - days + 1);
	*to_ms = zone_midnight(z, today + 1);
}

enum period_interval
period_choose(const struct zone *z, int64_t from_ms, int64_t to_ms,
    enum period_interval wanted)
{
	int64_t days = zone_day(z, to_ms - 1) - zone_day(z, from_ms) + 1;

	if (wanted != INTERVAL_AUTO)
		return wanted;
	return days <= AUTO_DAYS ? INTERVAL_DAY :
	    days <= AUTO_WEEKS * 7 ? INTERVAL_WEEK : INTERVAL_MONTH;
}

/* The day the bucket behind this day's begins. */
static int64_t
next_day(int64_t day, enum period_interval interval)
{
	int year, month, d;

	switch (interval) {
	case INTERVAL_WEEK:		/* day 0 was a Thursday */
		return day + 7 - ((day + 3) % 7 + 7) % 7;
	case INTERVAL_MONTH:
		clock_date(day, &year, &month, &d);
		return month == 12 ? clock_days(year + 1, 1, 1) :
		    clock_days(year, month + 1, 1);
	case INTERVAL_AUTO:
	case INTERVAL_DAY:
		break;
	}
	return day + 1;
}

size_t
period_edges(const struct zone *z, int64_t from_ms, int64_t to_ms,
    enum period_interval interval, int64_t *edges, size_t max)
{
	int64_t day = zone_day(z, from_ms), at;
	size_t n = 0;

	edges[n++] = from_ms;
	for (;;) {
		day = next_day(day, interval);
		at = zone_midnight(z, day);
		if (at >= to_ms)
			break;
		if (at <= edges[n - 1])		/* a day that was left out */
			continue;
		if (n + 1 >= max)
			return 0;
		edges[n++] = at;
	}
	edges[n++] = to_ms;
	return n;
}

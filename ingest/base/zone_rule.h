/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_rule.h - what a zone does for ever, in the words of POSIX's TZ variable
 * (with RFC 8536's hours from -167 to 167). For zone.c alone. Pure.
 */
#ifndef BASE_ZONE_RULE_H
#define BASE_ZONE_RULE_H

#include "base/base.h"

/* When in a year clocks change. */
struct zone_change {
	enum { CHANGE_WEEKDAY, CHANGE_JULIAN, CHANGE_DAY } kind;
	int	month, week, day;	/* of a weekday; else day alone */
	int	time_s;			/* of that day, by the clock until then */
};

struct zone_rule {
	int			 std_s, dst_s;	/* east of Greenwich */
	bool			 dst;
	struct zone_change	 start, end;	/* of daylight saving time */
};

bool zone_rule_parse(const char *s, struct zone_rule *r) MUST_CHECK;

/* The offset at t (seconds), and the next moment that may have another. */
int zone_rule_at(const struct zone_rule *r, int64_t t, int64_t *until);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* zone_rule.c - see zone_rule.h. */
#include "base/zone_rule.h"
#include "base/clock.h"

#include <string.h>

#define DAY_S	86400

/* A name of three letters or more, or <…>: read over. */
static bool
parse_name(const char **s)
{
	size_t n;

	if (**s == '<') {
		n = strcspn(*s, ">");
		if ((*s)[n] != '>' || n < 2)
			return false;
		*s += n + 1;
		return true;
	}
	n = strspn(*s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
	*s += n;
	return n >= 3;
}

/* A number without sign, of at most three digits. */
static bool
parse_number(const char **s, int least, int most, int *v)
{
	int n = 0;

	*v = 0;
	for (; **s >= '0' && **s <= '9' && n < 3; ++*s, n++)
		*v = *v * 10 + (**s - '0');
	return n > 0 && *v >= least && *v <= most;
}

/* [+-]hh[:mm[:ss]] */
static bool
parse_time(const char **s, int most_hours, int *seconds)
{
	int sign = **s == '-' ? -1 : 1, h, m = 0, sec = 0;

	if (**s == '-' || **s == '+')
		++*s;
	if (!parse_number(s, 0, most_hours, &h))
		return false;
	if (**s == ':' && (++*s, !parse_number(s, 0, 59, &m)))
		return false;
	if (**s == ':' && (++*s, !parse_number(s, 0, 59, &sec)))
		return false;
	*seconds = sign * ((h * 60 + m) * 60 + sec);
	return true;
}

static bool
skip(const char **s, char c)
{
	if (**s != c)
		return false;
	++*s;
	return true;
}

/* ,Mm.w.d[/time] or ,Jn[/time] or ,n[/time] */
static bool
parse_change(const char **s, struct zone_change *c)
{
	bool good;

	if (!skip(s, ','))
		return false;
	if (skip(s, 'M')) {
		c->kind = CHANGE_WEEKDAY;
		good = parse_number(s, 1, 12, &c->month) && skip(s, '.') &&
		    parse_number(s, 1, 5, &c->week) && skip(s, '.') &&
		    parse_number(s, 0, 6, &c->day);
	} else if (skip(s, 'J')) {
		c->kind = CHANGE_JULIAN;
		good = parse_number(s, 1, 365, &c->day);
	} else {
		c->kind = CHANGE_DAY;
		good = parse_number(s, 0, 365, &c->day);
	}
	c->time_s = 2 * 3600;
	return good && (!skip(s, '/') || parse_time(s, 167, &c->time_s));
}

bool
zone_rule_parse(const char *s, struct zone_rule *r)
{
	*r = (struct zone_rule){ 0 };
	if (!parse_name(&s) || !parse_time(&s, 24, &r->std_s))
		return false;
	r->std_s = -r->std_s;		/* POSIX counts to the west */
	if (*s == '\0')
		return true;
	r->dst = true;
	r->dst_s = r->std_s + 3600;
	if (!parse_name(&s))
		return false;
	if (*s != ',') {
		if (!parse_time(&s, 24, &r->dst_s))
			return false;
		r->dst_s = -r->dst_s;
	}
	return parse_change(&s, &r->start) && parse_change(&s, &r->end) && *s == '\0';
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* The moment of a change in a year, by a clock that is offset_s ahead of UTC. */
static int64_t
change_in(const struct zone_change *c, int year, int offset_s)
{
	int64_t day = clock_days(year, 1, 1), next, first;

	switch (c->kind) {
	case CHANGE_JULIAN:		/* 29 February is never counted */
		day += c->day - 1 + (c->day > 59 && is_leap(year));
		break;
	case CHANGE_DAY:
		day += c->day;
		break;
	case CHANGE_WEEKDAY:
		first = clock_days(year, c->month, 1);
		next = c->month == 12 ? clock_days(year + 1, 1, 1) :
		    clock_days(year, c->month + 1, 1);
		/* day 0 was a Thursday; Sunday is 0 */
		day = first + ((c->day - (first + 4)) % 7 + 7) % 7 + 7 * (c->week - 1);
		if (day >= next)
			day -= 7;	/* the fifth is the last */
		break;
	}
	return day * DAY_S + c->time_s - offset_s;
}

static int
year_of(int64_t t)
{
	int year = (int)(t / 31556952) + 1970;	/* of the mean; may be one off */

	while (clock_days(year, 1, 1) * DAY_S > t)
		year--;
	while (clock_days(year + 1, 1, 1) * DAY_S <= t)
		year++;
	return year;
}

int
zone_rule_at(const struct zone_rule *r, int64_t t, int64_t *until)
{
	int64_t last = INT64_MIN, at;
	int year, offset = r->std_s;

	*until = INT64_MAX;
	if (!r->dst)
		return r->std_s;
	/* A change may lie a week beyond its year: look at those around. */
	year = year_of(t);
	for (int y = year - 1; y <= year + 1; y++)
		for (int start = 0; start < 2; start++) {
			at = start ? change_in(&r->start, y, r->std_s) :
			    change_in(&r->end, y, r->dst_s);
			if (at <= t && at >= last) {
				last = at;
				offset = start ? r->dst_s : r->std_s;
			} else if (at > t && at < *until) {
				*until = at;
			}
		}
	return offset;
}

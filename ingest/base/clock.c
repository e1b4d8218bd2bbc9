/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c - see clock.h. Calendar arithmetic is ours: no zone, no locale. */
#include "base/clock.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY_MS	86400000LL

static struct {
	bool	 on;
	int64_t	 wall_ms, mono_ms;
} pretend;			/* the one piece of state: time itself is global */

static int64_t
read_clock(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts) != 0)
		die("clock_gettime");
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_wall_ms(void)
{
	return pretend.on ? pretend.wall_ms : read_clock(CLOCK_REALTIME);
}

int64_t
clock_mono_ms(void)
{
	return pretend.on ? pretend.mono_ms : read_clock(CLOCK_MONOTONIC);
}

void
clock_virtual(int64_t wall_ms)
{
	pretend.on = true;
	pretend.wall_ms = wall_ms;
	pretend.mono_ms = 1000;
}

bool
clock_is_virtual(void)
{
	return pretend.on;
}

void
clock_jump(int64_t ms)
{
	pretend.wall_ms += ms;
	pretend.mono_ms += ms;
}

int64_t
clock_days(int year, int month, int day)
{
	/* Count from 1 March of year 0, so that the leap day comes last. */
	int64_t y = month > 2 ? year : year - 1;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
	    719468;
}

void
clock_date(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* v in n digits at p, and after it c; where that ends. */
static char *
put_digits(char *p, int n, int v, char c)
{
	for (int i = n; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	p[n] = c;
	return p + n + 1;
}

char *
clock_iso(int64_t ms, char text[CLOCK_TEXT])
{
	int64_t days = floor_div(ms, DAY_MS), left = ms - days * DAY_MS;
	int year, month, day, s = (int)(left / 1000), milli = (int)(left % 1000);
	char *p = text;

	clock_date(days, &year, &month, &day);
	if (year < 0 || year > 9999) {
		year = year < 0 ? 0 : 9999;
	}
	p = put_digits(p, 4, year, '-');
	p = put_digits(p, 2, month, '-');
	p = put_digits(p, 2, day, 'T');
	p = put_digits(p, 2, s / 3600, ':');
	p = put_digits(p, 2, s / 60 % 60, ':');
	p = put_digits(p, 2, s % 60, milli != 0 ? '.' : 'Z');
	if (milli != 0)
		p = put_digits(p, 3, milli, 'Z');
	*p = '\0';
	return text;
}

/* Exactly n digits at *s, a number up to max; moves *s on. */
static bool
digits(const char **s, int n, int max, int *v)
{
	*v = 0;
	for (int i = 0; i < n; i++, ++*s) {
		if (**s < '0' || **s > '9')
			return false;
		*v = *v * 10 + (**s - '0');
	}
	return *v <= max;
}

static bool
literal(const char **s, char c)
{
	if (**s != c)
		return false;
	++*s;
	return true;
}

static int
days_in_month(int year, int month)
{
	return (int)(clock_days(month == 12 ? year + 1 : year,
	    month == 12 ? 1 : month + 1, 1) - clock_days(year, month, 1));
}

/* Z, +hh:mm, +hhmm or nothing, to the end of the text. */
static bool
parse_zone(const char *s, int *offset_min)
{
	int sign = *s == '-' ? -1 : 1, h, m;

	*offset_min = 0;
	if (*s == '\0' || str_eq(s, "Z") || str_eq(s, "z"))
		return true;
	if (*s != '+' && *s != '-')
		return false;
	s++;
	if (!digits(&s, 2, 23, &h))
		return false;
	literal(&s, ':');
	if (!digits(&s, 2, 59, &m))
		return false;
	*offset_min = sign * (h * 60 + m);
	return *s == '\0';
}

static bool
parse_time(const char **s, int *h, int *m, int *sec, int *milli)
{
	int scale = 100;

	if (!digits(s, 2, 23, h) || !literal(s, ':') || !digits(s, 2, 59, m) ||
	    !literal(s, ':') || !digits(s, 2, 60, sec))
		return false;
	if (**s != '.')
		return true;
	for (++*s; **s >= '0' && **s <= '9'; ++*s, scale /= 10)
		*milli += (**s - '0') * scale;
	return true;
}

bool
clock_parse_iso(const char *s, int64_t *ms, int *offset_min)
{
	int year, month, day, h = 0, m = 0, sec = 0, milli = 0, zone = 0;

	if (!digits(&s, 4, 9999, &year) || !literal(&s, '-') ||
	    !digits(&s, 2, 12, &month) || !literal(&s, '-') ||
	    !digits(&s, 2, 31, &day) || month < 1 || day < 1 ||
	    day > days_in_month(year, month))
		return false;
	if (*s != '\0') {
		if (*s != 'T' && *s != 't' && *s != ' ')
			return false;
		s++;
		if (!parse_time(&s, &h, &m, &sec, &milli) || !parse_zone(s, &zone))
			return false;
	}
	*ms = clock_days(year, month, day) * DAY_MS +
	    ((h * 60LL + m - zone) * 60 + sec) * 1000 + milli;
	if (offset_min != NULL)
		*offset_min = zone;
	return true;
}

bool
clock_parse_http(const char *s, int64_t *ms)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *p, *month;
	int day, year, h, m, sec, milli = 0, n;
	char name[4];

	if ((p = strchr(s, ',')) == NULL || p[1] != ' ')
		return false;
	p += 2;
	if (!digits(&p, 2, 31, &day) || !literal(&p, ' ') || day < 1)
		return false;
	snprintf(name, sizeof(name), "%.3s", p);
	month = strstr(months, name);
	if (strlen(name) != 3 || month == NULL || (month - months) % 3 != 0)
		return false;
	n = (int)(month - months) / 3 + 1;
	p += 3;
	if (!literal(&p, ' ') || !digits(&p, 4, 9999, &year) || !literal(&p, ' ') ||
	    !parse_time(&p, &h, &m, &sec, &milli) || !str_eq(p, " GMT") ||
	    day > days_in_month(year, n))
		return false;
	*ms = clock_days(year, n, day) * DAY_MS + ((h * 60LL + m) * 60 + sec) * 1000;
	return true;
}

void
clock_local(int64_t ms, int offset_min, int *hour, int *weekday)
{
	int64_t local = ms + offset_min * 60000LL, days = floor_div(local, DAY_MS);

	*hour = (int)((local - days * DAY_MS) / 3600000);
	*weekday = (int)(((days + 3) % 7 + 7) % 7) + 1;	/* day 0 was a Thursday */
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.h - what time it is, and times as text. Milliseconds since 1970, UTC,
 * as int64_t, everywhere.
 *
 * Time can be virtual: clock_virtual() freezes it at a given moment and only
 * clock_jump() moves it on. io/loop.c does that when the environment says so,
 * and a week of polling passes in seconds; nobody else may.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/base.h"

#define CLOCK_TEXT	32	/* room for any time as text */

int64_t clock_wall_ms(void);	/* for dates; may be set back */
int64_t clock_mono_ms(void);	/* for waiting; never goes back */

void clock_virtual(int64_t wall_ms);
bool clock_is_virtual(void);
void clock_jump(int64_t ms);	/* forward by ms; virtual time only */

/* 2026-01-31T23:59:59Z, with .123 when ms is not whole seconds. Years 0-9999. */
char *clock_iso(int64_t ms, char text[CLOCK_TEXT]);

/*
 * ISO 8601 as GitHub and git write it: date alone, or date T time, fraction
 * optional, Z or +hh:mm (no zone: UTC). *offset_min (may be NULL) is the zone
 * as written. False on anything else.
 */
bool clock_parse_iso(const char *s, int64_t *ms, int *offset_min) MUST_CHECK;

/* The Date header of HTTP (IMF-fixdate): Sun, 06 Nov 1994 08:49:37 GMT. */
bool clock_parse_http(const char *s, int64_t *ms) MUST_CHECK;

/* Hour 0-23 and weekday 1-7 (Monday first) of a moment in a zone. */
void clock_local(int64_t ms, int offset_min, int *hour, int *weekday);

/* Days since 1970 of a date of the Gregorian calendar. */
int64_t clock_days(int year, int month, int day);
void clock_date(int64_t days, int *year, int *month, int *day);	/* and back */

#endif

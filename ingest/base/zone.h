/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone.h - time zones of the IANA database, as days begin in them. Read from the
 * system's own files (/usr/share/zoneinfo) without touching TZ of the process:
 * several may be in use at once. Times after a file's last change follow its rule
 * ("CET-1CEST,M3.5.0,M10.5.0/3").
 *
 * A day is a date as days since 1970, as clock_days counts them.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/err.h"

struct zone;

/* "UTC", or a name of the database, "Europe/Berlin"; err says a sentence. */
struct zone *zone_open(const char *name, struct err *e) MUST_CHECK;
/* The bytes of a TZif file, version 2 or later (RFC 8536). Hostile ones are fine. */
struct zone *zone_parse(const void *bytes, size_t n, struct err *e) MUST_CHECK;
void zone_free(struct zone *z);			/* NULL is fine */

int zone_offset_s(const struct zone *z, int64_t ms);	/* east of Greenwich */
int64_t zone_day(const struct zone *z, int64_t ms);	/* the date of a moment there */
/*
 * The first moment there whose date is that day or, where a whole day was left
 * out, a later one. Where clocks jump over midnight it is not 00:00.
 */
int64_t zone_midnight(const struct zone *z, int64_t day);

#endif

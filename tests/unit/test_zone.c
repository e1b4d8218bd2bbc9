/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_zone.c - offsets as the C library has them, days as they begin, and files
 * that are none.
 */
#include "tap.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/zone.h"
#include "base/zone_rule.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_MS	((int64_t)86400 * 1000)

static struct zone *
open_zone(const char *name)
{
	struct err e = { 0 };
	struct zone *z = zone_open(name, &e);

	if (z == NULL)
		printf("# %s: %s\n", name, e.text);
	return z;
}

static int64_t
at(const char *text)
{
	int64_t ms = 0;

	if (!clock_parse_iso(text, &ms, NULL))
		printf("# no time: %s\n", text);
	return ms;
}

/* Every seven hours of 1900 to 2100, and the seconds around each change. */
static void
test_library(void)
{
	static const char *const names[] = { "UTC", "Europe/Berlin", "America/New_York",
		"Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia", "Europe/Dublin",
		"Africa/Casablanca", "America/Nuuk", "Asia/Kathmandu", "Africa/Cairo",
		"America/Havana", "Asia/Tehran", "Antarctica/Troll", "Asia/Gaza" };

	for (size_t i = 0; i < LEN(names); i++) {
		struct zone *z = open_zone(names[i]);
		unsigned wrong = 0;

		setenv("TZ", names[i], 1);
		tzset();
		for (int64_t t = -2208988800; z != NULL && t < 4102444800; t += 7 * 3600) {
			time_t libc = (time_t)t;
			struct tm tm;

			localtime_r(&libc, &tm);
			if (tm.tm_gmtoff != zone_offset_s(z, t * 1000) && wrong++ < 3)
				printf("# %lld: %ld, not %d\n", (long long)t, tm.tm_gmtoff,
				    zone_offset_s(z, t * 1000));
		}
		ok(z != NULL && wrong == 0, "%s is as the C library has it", names[i]);
		wrong = 0;
		for (int64_t day = 0; z != NULL && day < 40000; day++) {
			int64_t begins = zone_midnight(z, day);

			if (zone_day(z, begins) < day || zone_day(z, begins - 1) >= day)
				if (wrong++ < 3)
					printf("# day %lld\n", (long long)day);
		}
		ok(z != NULL && wrong == 0, "%s: no day begins late", names[i]);
		zone_free(z);
	}
	setenv("TZ", "UTC", 1);
	tzset();
}

static void
test_midnights(void)
{
	static const struct {
		const char	*zone, *day, *begins;
	} rows[] = {
		{ "UTC", "2026-03-29", "2026-03-29T00:00:00Z" },
		{ "Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z" },
		{ "Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z" },
		{ "Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z" },
		{ "Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z" },
		{ "Europe/Berlin", "2035-03-26", "2035-03-25T22:00:00Z" },
		{ "Europe/Berlin", "2035-10-29", "2035-10-28T23:00:00Z" },
		{ "Europe/Berlin", "2199-07-01", "2199-06-30T22:00:00Z" },
		{ "Australia/Sydney", "2035-04-02", "2035-04-01T14:00:00Z" },
		{ "Australia/Sydney", "2035-10-08", "2035-10-07T13:00:00Z" },
		{ "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z" },
		{ "America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z" },
		{ "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z" },
		{ "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z" },
		{ "Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z" },
		{ "America/Nuuk", "2035-03-25", "2035-03-25T01:00:00Z" },
		{ "America/Havana", "2026-03-08", "2026-03-08T05:00:00Z" },
	};
	char text[CLOCK_TEXT];

	for (size_t i = 0; i < LEN(rows); i++) {
		struct zone *z = open_zone(rows[i].zone);

		is_str(z == NULL ? NULL : clock_iso(zone_midnight(z,
		    at(rows[i].day) / DAY_MS), text), rows[i].begins, "begins");
		zone_free(z);
	}
}

static void
test_names(void)
{
	static const char *const bad[] = { "", "Europe/Nowhere", "../../etc/passwd", "/",
		"/etc/localtime", "Europe/", "Europe//Berlin", "Europe", "zone1970.tab",
		"Europe/../Europe/Berlin", "./UTC", "Europe/Berlin\n", "%s", "tzdata.zi",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };

	for (size_t i = 0; i < LEN(bad); i++) {
		struct err e = { 0 };
		struct zone *z = zone_open(bad[i], &e);

		ok(z == NULL && strstr(e.text, "zone") != NULL, "no zone: %s", bad[i]);
		zone_free(z);
	}
}

static void
test_rules(void)
{
	static const char *const good[] = { "CET-1CEST,M3.5.0,M10.5.0/3", "UTC0",
		"<+0545>-5:45", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "EST5EDT,J60,300/-167",
		"IST-1GMT0,M10.5.0,M3.5.0/1", "XXX3EDT4,0/0,J365/23" };
	static const char *const bad[] = { "", "CE-1", "CET", "CET-25", "CET-1CEST",
		"CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
		"CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J1", "CET-1CEST,366,1",
		"CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0 ", "<>1", "<+1",
		"CET-1:60", "CET--1", "CET-1CEST,M3.5.0/,M10.5.0", "CET-0001" };
	struct zone_rule r;
	int64_t until;

	for (size_t i = 0; i < LEN(good); i++)
		ok(zone_rule_parse(good[i], &r), "a rule: %s", good[i]);
	is_int(zone_rule_at(&r, 1e9, &until), -4 * 3600, "summer the whole year");
	for (size_t i = 0; i < LEN(bad); i++)
		ok(!zone_rule_parse(bad[i], &r), "no rule: %s", bad[i]);
}

/* A file of one change, that can be broken at each byte. */
static size_t
make_file(unsigned char *to)
{
	static const unsigned char head[44] = { 'T', 'Z', 'i', 'f', '2',
		[39] = 1, [43] = 4 };
	static const unsigned char small[] = { 0, 0, 0, 0, 0, 0, 'U', 'T', 'C', 0 };
	static const unsigned char head2[44] = { 'T', 'Z', 'i', 'f', '2', [35] = 1,
		[39] = 2, [43] = 8 };
	static const unsigned char data[] = { 0, 0, 0, 0, 0x40, 0, 0, 0, 1,
		0, 0, 0x0e, 0x10, 0, 0, 0, 0, 0x1c, 0x20, 1, 4,
		'C', 'E', 'T', 0, 'S', 'U', 'M', 0 };
	static const char rule[] = "\nCET-1\n";
	unsigned char *p = to;

	memcpy(p, head, sizeof(head));
	memcpy(p += sizeof(head), small, sizeof(small));
	memcpy(p += sizeof(small), head2, sizeof(head2));
	memcpy(p += sizeof(head2), data, sizeof(data));
	memcpy(p += sizeof(data), rule, sizeof(rule) - 1);
	return (size_t)(p - to) + sizeof(rule) - 1;
}

static void
test_files(void)
{
	unsigned char whole[256], *bytes;
	size_t n = make_file(whole), taken = 0;
	struct err e = { 0 };
	struct zone *z = zone_parse(whole, n, &e);

	ok(z != NULL, "a file of two offsets");
	is_int(z == NULL ? 0 : zone_offset_s(z, 0), 3600, "the first");
	is_int(z == NULL ? 0 : zone_offset_s(z, INT64_C(0x40000000) * 1000), 3600,
	    "behind the last change the rule");
	zone_free(z);
	for (size_t i = 0; i < n; i++) {	/* of its own size: ASan looks */
		bytes = xcalloc(1, i + 1);
		memcpy(bytes, whole, i);
		z = zone_parse(bytes, i, &e);
		taken += z != NULL;
		zone_free(z);
		free(bytes);
	}
	is_int(taken, 0, "none of it cut short is one");
	for (size_t i = 0; i < n; i++)
		for (int bit = 0; bit < 8; bit++) {
			bytes = xcalloc(1, n);
			memcpy(bytes, whole, n);
			bytes[i] ^= (unsigned char)(1 << bit);
			z = zone_parse(bytes, n, &e);
			if (z != NULL && zone_midnight(z, 20000) == 0)
				taken++;
			zone_free(z);
			free(bytes);
		}
	is_int(taken, 0, "each bit wrong: refused, or a zone");
}

int
main(void)
{
	test_library();
	test_midnights();
	test_names();
	test_rules();
	test_files();
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/* tap.h - the whole unit-test harness: prints TAP, main ends with done(). */
#ifndef UNIT_TAP_H
#define UNIT_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

__attribute__((format(printf, 4, 5), unused)) static bool
tap_check(bool good, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	tap_failed += !good;
	printf("%sok %d - ", good ? "" : "not ", ++tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	if (!good)
		printf("# %s:%d\n", file, line);
	fflush(stdout);
	return good;
}

__attribute__((unused)) static void
tap_str(const char *got, const char *want, const char *file, int line,
    const char *what)
{
	bool same = got != NULL && want != NULL ? strcmp(got, want) == 0 : got == want;

	if (!tap_check(same, file, line, "%s", what))
		printf("# got  %s\n# want %s\n", got ? got : "(null)",
		    want ? want : "(null)");
}

#define ok(cond, ...)		tap_check((cond), __FILE__, __LINE__, __VA_ARGS__)
#define is_str(got, want, what)	tap_str((got), (want), __FILE__, __LINE__, (what))
#define is_int(got, want, what)						\
	do {								\
		long long got_ = (long long)(got), want_ = (long long)(want); \
		if (!tap_check(got_ == want_, __FILE__, __LINE__, "%s", (what))) \
			printf("# got  %lld\n# want %lld\n", got_, want_); \
	} while (0)
#define done()	(printf("1..%d\n", tap_count), tap_failed != 0)

#endif

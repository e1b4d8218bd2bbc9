/* SPDX-License-Identifier: Apache-2.0 */
/*
 * str.h - the few string questions asked all over the program. Everything is
 * NUL-terminated bytes; a NULL where a string is expected is a bug, but for
 * str_eq, str_eqi and str_or.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/base.h"

bool str_eq(const char *a, const char *b);	/* NULL equals only NULL */
bool str_eqi(const char *a, const char *b);	/* ... letters in either case */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
const char *str_or(const char *s, const char *otherwise);	/* for NULL or "" */

/* Copies what fits, always ends with NUL; false when something was cut. */
bool str_copy(char *to, size_t size, const char *from);

/* Replaces *field by a copy of s (NULL: by NULL). */
void str_set(char **field, const char *s);

/* The whole of s must be a decimal number that fits; else false, *v untouched. */
bool str_i64(const char *s, int64_t *v) MUST_CHECK;

/* "90", "30s", "15m", "12h", "30d", "8w", "3y" (bare: seconds), up to "1000y". */
bool str_duration_s(const char *s, int64_t *seconds) MUST_CHECK;

/* file:PATH?QUERY, what means something in an address escaped: yours to free. */
char *str_file_uri(const char *path, const char *query) MUST_CHECK;

/* The candidate nearest to s by edit distance, or NULL if none is near. */
const char *str_nearest(const char *s, const char *const *candidates, size_t n);

/*
 * How many bytes at s are a control character, which a terminal might obey: of
 * ASCII, or in UTF-8 one of U+0080 to U+009F. 0: none begins there.
 */
size_t str_control(const char *s);

bool str_utf8(const char *s);	/* well formed: no surrogates, nothing overlong */

#endif

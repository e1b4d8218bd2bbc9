/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.h - JSON trees. Text is read by json-c, which only json_read.c knows,
 * because it coerces and saturates in ways one wrapper must know; what it read
 * becomes a tree of ours, small and cheap to make.
 *
 *   - A struct json * is a value of any kind; JSON null is a value too (NULL
 *     means "not there"). Functions that read accept NULL and any kind: asking
 *     an array for a member gives NULL, asking a number for its text gives NULL.
 *     Nothing is coerced.
 *   - What json_parse, json_new_* and json_copy give is yours: json_free it or
 *     hand it to json_set/json_push, which take it always. What json_get and
 *     json_at give belongs to its parent.
 *   - Accepted: RFC 8259, UTF-8 checked, at most JSON_DEPTH deep. Refused with a
 *     reason: NaN, infinities, integers beyond 64 bits, trailing bytes.
 */
#ifndef DATA_JSON_H
#define DATA_JSON_H

#include "base/buf.h"
#include "base/err.h"

#define JSON_DEPTH	32

struct json;

enum json_kind {
	JSON_NULL, JSON_BOOL, JSON_INT, JSON_DOUBLE, JSON_STRING, JSON_ARRAY,
	JSON_OBJECT,
};

struct json *json_parse(const char *p, size_t n, struct err *e) MUST_CHECK;
struct json *json_copy(const struct json *j) MUST_CHECK;
void json_free(struct json *j);			/* NULL is fine */

struct json *json_new_object(void);
struct json *json_new_array(void);
struct json *json_new_string(const char *s);	/* NULL makes a JSON null */
struct json *json_new_int(int64_t v);
struct json *json_new_double(double v);		/* two decimals; finite */
struct json *json_new_bool(bool v);
struct json *json_new_null(void);

/* Reading. A path has members separated by dots: "user.login". */
enum json_kind json_kind(const struct json *j);
bool json_is(const struct json *j, enum json_kind kind);	/* false for NULL */
struct json *json_get(const struct json *j, const char *path);
const char *json_str(const struct json *j, const char *path);	/* NULL: no string */
bool json_int(const struct json *j, const char *path, int64_t *v);
bool json_double(const struct json *j, const char *path, double *v);
bool json_true(const struct json *j, const char *path);	/* true only for true */
size_t json_len(const struct json *j);		/* of an array or object, else 0 */
struct json *json_at(const struct json *j, size_t i);
const char *json_text(const struct json *j);	/* of a string value, else NULL */
bool json_value_int(const struct json *j, int64_t *v);

/*
 * Walks an object's members: struct json_iter it = {0};
 * while (json_each(obj, &it)) … it.key, it.value. Change nothing meanwhile.
 */
struct json_iter {
	const char	*key;
	struct json	*value;
	size_t		 next;
};
bool json_each(const struct json *obj, struct json_iter *it);

/*
 * Writing. Dots in path make the objects on the way; where something that is
 * not an object stands in the way nothing is set, and the value is freed.
 */
void json_set(struct json *obj, const char *path, struct json *value);
void json_set_str(struct json *obj, const char *path, const char *s); /* NULL: nothing */
void json_set_text(struct json *obj, const char *path, const char *p, size_t n);
void json_set_int(struct json *obj, const char *path, int64_t v);
void json_set_bool(struct json *obj, const char *path, bool v);
void json_del(struct json *obj, const char *path);
struct json *json_take(struct json *obj, const char *key);	/* no path; yours */
void json_push(struct json *array, struct json *value);
void json_cut(struct json *array, size_t n);	/* keeps the first n */

/* Compact text, no newline in it, "/" unescaped. */
void json_print(const struct json *j, struct buf *out);
void json_pretty(const struct json *j, struct buf *out);

/* About how many bytes the compact text has; cheaper than printing it. */
size_t json_weight(const struct json *j);

/* Equal values; members in any order. */
bool json_equal(const struct json *a, const struct json *b);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_in.h - what stands behind a struct json, for data/json*.c alone.
 *
 * The tree is ours: json-c keeps a hash table of 784 bytes even for an empty
 * object, and most objects of documents have three members. Here an object is an
 * array of members in order, looked through from the front; names of up to 19
 * bytes stand in it. Nulls and truths are shared, and belong to nobody.
 */
#ifndef DATA_JSON_IN_H
#define DATA_JSON_IN_H

#include "data/json.h"

union json_name {
	uint32_t	 len;
	struct {
		uint32_t	 len;
		char		 text[20];
	}		 in;		/* where the name and its NUL fit */
	struct {
		uint32_t	 len;
		char		*text;	/* else */
	}		 out;
};

struct json_member {
	struct json	*value;
	union json_name	 name;
};

struct json {
	enum json_kind	 kind;
	bool		 truth;		/* of JSON_BOOL; JSON_INT: u, not i */
	uint32_t	 len, cap;	/* items, members; bytes of text */
	union {
		int64_t			  i;
		uint64_t		  u;
		double			  d;
		struct json		**item;
		struct json_member	 *member;
	};
	char		 text[];	/* of a string; of a double, as it was written */
};

const char *json_name(const struct json_member *m);
size_t json_path_name(const char *path);	/* how long the first name of it is */
/* The member of an object; NULL: there is none. */
struct json_member *json_find(const struct json *obj, const char *name, size_t n);

struct json *json_make_text(const char *p, size_t n);
struct json *json_make_double(double v, const char *text);
struct json *json_make_unsigned(uint64_t v);
/* Room for n at once; then json_push, and json_append for a name not there yet. */
struct json *json_make_array(size_t n);
struct json *json_make_object(size_t n);
void json_append(struct json *obj, const char *name, size_t n, struct json *value);

#endif

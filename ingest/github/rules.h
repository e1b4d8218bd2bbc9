/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.h - what the rules say of somebody, for people.c; and the built-in list.
 * How a rule is written stands in people.h.
 */
#ifndef GITHUB_RULES_H
#define GITHUB_RULES_H

#include "github/people.h"

/* rules_list.c: rules as lines, the end is NULL. */
extern const char *const rules_list[];

/* The last rule that matches; NULL strings and id 0 match nothing. False: none. */
bool rules_find(const struct people_rules *r, int64_t id, const char *login,
    const char *mail, enum person_class *class, const char **name);

/* Whether a rule by number names this account: its login has no [bot] then. */
bool rules_name_id(const struct people_rules *r, int64_t id);

#endif

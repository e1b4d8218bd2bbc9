/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mapping.h - the mapping: one person of many names. A file says, for each person,
 * by which identities he or she is known:
 *
 *	[Ada Example]
 *	id: 4217
 *	login: sim-ada-work
 *	mail: ada@example.org
 *	mail:09fa7a62651c…		# as unlinked people are shown
 *	team: Storage
 *	company: Example Ltd
 *
 * A line is a person id as it is shown anywhere (4217, mail:HASH, name:HASH,
 * login:LOGIN), or KEY: VALUE. Whatever stands twice for two people is a mistake.
 */
#ifndef GITHUB_MAPPING_H
#define GITHUB_MAPPING_H

#include "github/people_file.h"

struct mapping;

struct mapped {
	const char		*name;		/* hubstash.person */
	const char		*key;		/* hubstash.person_id */
	bool			 account;	/* an account's number is among it */
	const char *const	*team, *const *company;
	size_t			 teams, companies;
};

/* NULL where the file has mistakes. */
struct mapping *mapping_read(struct people_file *f) MUST_CHECK;
void mapping_free(struct mapping *m);		/* NULL is fine */
size_t mapping_count(const struct mapping *m);	/* people */

/* Whose identity this is, by its key (people_key); m may be NULL. NULL: nobody's. */
const struct mapped *mapping_find(const struct mapping *m, const char *key);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * contributor.h - one person of many names: what is said in a mapping, a .mailmap,
 * rules and an opt-out list, put into one document. Pure. What changes is told in
 * docs/documents.md, "Merged people".
 *
 * What a document said before is kept in it (hubstash.original), so that applying
 * other files later begins from there: apply undoes first, and applied twice it
 * changes nothing. What was opted out or became a pseudonym is gone for good.
 */
#ifndef GITHUB_CONTRIBUTOR_H
#define GITHUB_CONTRIBUTOR_H

#include "data/doc.h"
#include "github/people.h"

struct map;
struct mapping;
struct mailmap;

/* All borrowed; NULL: none. */
struct contributor {
	const struct mapping		*mapping;
	const struct mailmap		*mailmap;
	const struct people_rules	*rules;	/* beyond those of the input */
	const struct map		*out;	/* by people_key: who opted out */
	bool				 drop;	/* their documents, too */
	const char			*key;	/* of pseudonyms */
	/* char * by account number: names of today, of who is in no mapping */
	const struct map		*names;
	/*
	 * Told whenever an account that is in no mapping signs with an address that is
	 * a person's there: most likely its number is missing.
	 */
	void	(*hint)(void *arg, const char *person, const char *account,
		    const char *login);
	void				*arg;
};

/* Whoever opted out under one identity did so under all of the mapping. */
void contributor_out(struct map *out, const struct mapping *mapping);

/* False: the document is to be dropped. Its id may change (pseudonyms). */
bool contributor_apply(const struct contributor *c, struct doc *d) MUST_CHECK;

/* As it was before any of it, as far as it can be had. */
void contributor_undo(struct doc *d);

#endif

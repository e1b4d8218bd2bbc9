/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roles.h - the people of one document, for contributor*.c: who each is by the
 * document, who they become, and the document written anew with that.
 */
#ifndef GITHUB_ROLES_H
#define GITHUB_ROLES_H

#include "data/doc.h"
#include "github/mapping.h"
#include "github/people.h"

enum role_kind {
	ROLE_USER, ROLE_CREDIT, ROLE_PULL_AUTHOR, ROLE_MERGED_BY, ROLE_REVIEWER,
	ROLE_MEMBER,
};

struct role {
	enum role_kind	  kind;
	enum person_class class;
	/* by the document; NULL: not told */
	char		 *name, *key;		/* person name, person id */
	char		 *login;
	char		 *mail;			/* "mail:HASH" of the address */
	char		 *full_name;
	int64_t		  seconds, reviews;	/* of ROLE_REVIEWER */
	/* what becomes of it: at first the same */
	enum person_class new_class;
	char		 *new_name, *new_key;
	const struct mapped *person;		/* NULL: in no mapping */
	bool		  gone;			/* may not be told any more */
};

struct roles {
	struct role	*role;
	size_t		 n;
};

struct roles roles_of(const struct doc *d);
void roles_fini(struct roles *l);
void roles_write(const struct roles *l, struct doc *d);

/* The account's number; 0: none is known. */
int64_t role_id(const struct role *r);

/* Takes away a field, and the objects that are empty then. */
void doc_drop(struct doc *d, const char *path);

#endif

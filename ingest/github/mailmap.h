/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mailmap.h - git's .mailmap (gitmailmap(5)), in all its four forms:
 *
 *	Proper Name <commit@example.org>
 *	<proper@example.org> <commit@example.org>
 *	Proper Name <proper@example.org> <commit@example.org>
 *	Proper Name <proper@example.org> Commit Name <commit@example.org>
 *
 * Read as git reads it, with two differences. git lets the last of two lines win
 * that say different things of one address; here that is a mistake. And git follows
 * a line once, where we follow to the end (who is b is c, so who is a and b is c), so
 * a circle is a mistake.
 */
#ifndef GITHUB_MAILMAP_H
#define GITHUB_MAILMAP_H

#include "github/people_file.h"

struct mailmap;

/* Who somebody is. NULL: nothing is said of it. */
struct mailmap_who {
	const char	*name;
	const char	*key;		/* of the proper address, as people_mail_key's */
};

/* NULL where the file has mistakes. */
struct mailmap *mailmap_read(struct people_file *f) MUST_CHECK;
void mailmap_free(struct mailmap *m);		/* NULL is fine */

/* key: people_mail_key of the address; name: as signed, or NULL. m may be NULL. */
bool mailmap_find(const struct mailmap *m, const char *key, const char *name,
    struct mailmap_who *who);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * people_file.h - files in which people say who is who, read by lines: the mapping
 * (mapping.h), git's .mailmap (mailmap.h), lists of identities. Pure: text in,
 * mistakes out, each with its place.
 */
#ifndef GITHUB_PEOPLE_FILE_H
#define GITHUB_PEOPLE_FILE_H

#include "base/base.h"

#define PEOPLE_FILE_MAX		((size_t)16 << 20)	/* bytes */
#define PEOPLE_LINE_MAX		1024			/* bytes of a line */
#define PEOPLE_ENTRIES_MAX	1000000			/* of a file */

/* Bytes at … at + len of the text. What is said is borrowed for the call. */
typedef void mistake_fn(void *arg, size_t at, size_t len, const char *said);

struct people_file {
	const char	*name;		/* as mistakes call it */
	const char	*text;		/* len bytes */
	size_t		 len;
	mistake_fn	*mistake;
	void		*arg;
	/* the reader's own, zero at first */
	size_t		 next, mistakes, entries;
	unsigned	 line;
};

struct people_line {
	size_t		 at;		/* of text in the file */
	unsigned	 number;	/* from 1 */
	size_t		 len;
	char		 text[PEOPLE_LINE_MAX + 1];	/* without blanks around it */
};

/*
 * The next line that is not empty and does not begin with #. One that is too long,
 * or no UTF-8, or holds a NUL, is a mistake and passed over. False at the end.
 */
bool people_line(struct people_file *f, struct people_line *l);
/* Cuts off what follows a # behind a blank. */
void people_line_uncomment(struct people_line *l);

/* part points into l->text; the place of the mistake is there. */
void people_mistake(struct people_file *f, const struct people_line *l,
    const char *part, size_t len, const char *fmt, ...) PRINTF(5, 6);
/* One entry more; false, with a mistake, beyond the ceiling. */
bool people_entry(struct people_file *f, const struct people_line *l);

/*
 * The key an identity is looked up by, as person ids are written: "4217",
 * "login:sim-ada" (lower case), "mail:HASH", "name:HASH". word is such an id, an
 * address, a number or a login. NULL: none of these. Yours to free.
 */
char *people_key(const char *word) MUST_CHECK;
char *people_login_key(const char *login) MUST_CHECK;
char *people_mail_key(const char *mail) MUST_CHECK;	/* a noreply's number first */
bool people_is_account(const char *key);	/* a number; NULL is none */

/* Identities, one a line or word, for a list of them. */
struct map;
void people_list_read(struct people_file *f, struct map *keys, void *value);

#endif

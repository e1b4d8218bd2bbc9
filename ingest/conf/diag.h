/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diag.h - the mistakes of a pipeline file, all of them, each at its place.
 *
 *	github.conf:3:2: error: github has no option "orgs"; did you mean "org"?
 *		orgs => "elastic"
 *		^~~~
 *
 * A struct diags starts zeroed, copies whatever it needs (the files may be gone
 * before it is printed) and keeps the first DIAGS_MAX; the rest are counted. It
 * prints in the order of the files, not in that of discovery. What stands where
 * a password or a key belongs is shown as stars.
 */
#ifndef CONF_DIAG_H
#define CONF_DIAG_H

#include <stdio.h>

#include "base/base.h"
#include "base/buf.h"

#define DIAGS_MAX	50

struct source {			/* one file as it was read */
	const char	*name;
	const char	*text;	/* len bytes, then a NUL */
	size_t		 len;
	unsigned	 number;	/* order of reading, from 0 */
};

struct place {			/* bytes at … at + len of a source */
	const struct source	*source;
	size_t			 at, len;
};

struct where {			/* both count from 1; col in characters */
	const char	*file;
	unsigned	 line, col;
};

struct diag;
struct diags {
	struct diag	*list;
	size_t		 n;		/* 0: no mistake */
	size_t		 more;		/* found, but beyond DIAGS_MAX */
};

struct where place_where(struct place p);

/* The text is a sentence without full stop; a NULL diags swallows it. */
void diags_add(struct diags *d, struct place p, const char *fmt, ...) PRINTF(3, 4);

/* Adds `; did you mean "…"?` to the last text if a candidate is near. */
void diags_mean(struct diags *d, const char *word, const char *const *candidates,
    size_t n);

void diags_text(struct diags *d, struct buf *out);
void diags_print(struct diags *d, FILE *out);
void diags_fini(struct diags *d);

#endif

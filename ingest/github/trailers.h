/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trailers.h - co-authors named in a commit's message, in the spellings people
 * use: docs/documents.md, "Co-authors".
 */
#ifndef GITHUB_TRAILERS_H
#define GITHUB_TRAILERS_H

#include "base/base.h"

struct trailer {
	const char	*name, *mail;		/* inside the message; not ended by NUL */
	size_t		 name_len, mail_len;	/* name_len may be 0 */
};

/* The next one from *at on, which moves past it. Begin with *at the message. */
bool trailer_next(const char **at, struct trailer *t);

#endif

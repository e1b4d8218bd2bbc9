/* SPDX-License-Identifier: Apache-2.0 */
/* filter_contributor_files.h - the files the filter contributor is given, as read. */
#ifndef PLUGINS_FILTER_CONTRIBUTOR_FILES_H
#define PLUGINS_FILTER_CONTRIBUTOR_FILES_H

#include "core/plugin.h"
#include "github/mailmap.h"
#include "github/mapping.h"
#include "github/people.h"

struct who_paths {
	const char	*mapping, *mailmap, *rules;	/* NULL: none */
	const struct strings *out;		/* identities, or files of them */
};

struct who_files {
	struct mapping		*mapping;
	struct mailmap		*mailmap;
	struct people_rules	*rules;
	struct map		*out;		/* keys of who opted out */
};

/* Whether an item of opt_out is a file, or an identity; false: neither. */
bool who_out_is(const char *item, bool *file);

/* False, with diags, where a file has mistakes; f is to be freed all the same. */
bool who_files_read(struct who_files *f, const struct who_paths *paths,
    struct diags *d) MUST_CHECK;
void who_files_fini(struct who_files *f);

#endif

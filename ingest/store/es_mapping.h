/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_mapping.h - does the mapping of an index do for our documents? Pure.
 *
 * Every field we map must be there with our type, and searchable where ours is.
 * What else is mapped there does no harm.
 */
#ifndef STORE_ES_MAPPING_H
#define STORE_ES_MAPPING_H

#include "data/json.h"

enum es_fit {
	ES_FITS,
	ES_LACKS,	/* only fields that can still be added */
	ES_DIFFERS,	/* a field is something else there */
};

/* Unless it fits, why names the first field in the way. */
enum es_fit es_mapping_fit(const struct json *ours, const struct json *theirs,
    char *why, size_t size);

/* An index of somebody else: it has fields, and not the one all of ours have. */
bool es_mapping_foreign(const struct json *theirs);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out_elasticsearch_bulk.h - documents into a bulk request, and its reply into
 * an outcome for each of them. Pure.
 */
#ifndef PLUGINS_OUT_ELASTICSEARCH_BULK_H
#define PLUGINS_OUT_ELASTICSEARCH_BULK_H

#include "base/buf.h"
#include "core/batch.h"

#define ES_BULK_QUERY \
	"filter_path=errors,items.*.status,items.*.error,items.*.failure_store"

/* What became of one document. */
struct es_outcome {
	enum outcome	 outcome;
	int		 status;	/* of the item */
	char		*reason;	/* NULL when stored */
	const char	*id;		/* of the document, borrowed; NULL: any */
};

/*
 * Adds one document, as the operation index with its version (delete, where it has no
 * body; that it is gone already is no error: 404); nothing is added
 * and false returned, with a reason, if Elasticsearch would refuse the whole
 * request for its sake (an id of more than 512 bytes, a negative version), or it
 * does not fit into an empty out.
 */
bool es_bulk_add(struct buf *out, const struct doc *d, const char **reason) MUST_CHECK;

/*
 * Fills n outcomes from a reply to n documents. False if it is no such reply
 * (not an object, fewer or more items, an item that is none, or is of another id
 * than the document in its place): then nothing may be believed, and no outcome
 * was touched.
 */
bool es_bulk_outcomes(const struct json *reply, struct es_outcome *outcome, size_t n)
    MUST_CHECK;

/* Was all of it refused, and not for the documents' sake? */
bool es_bulk_all_refused(const struct es_outcome *outcome, size_t n);

void es_outcome_set(struct es_outcome *o, enum outcome outcome, const char *reason);

#endif

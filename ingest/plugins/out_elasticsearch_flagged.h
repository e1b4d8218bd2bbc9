/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out_elasticsearch_flagged.h - what an index holds: which commits as on the default
 * branch, or all of it, page by page (see struct output, flagged and page).
 */
#ifndef PLUGINS_OUT_ELASTICSEARCH_FLAGGED_H
#define PLUGINS_OUT_ELASTICSEARCH_FLAGGED_H

#include "data/doc.h"
#include "store/es.h"

struct es_flagged;		/* the questions that are open */

typedef void es_flagged_fn(void *arg, struct docs *docs, bool failed);

struct es_flagged *es_flagged_new(struct es *es, const char *index);
void es_flagged_free(struct es_flagged *f);	/* open questions are not answered */

/*
 * What was written before is made visible first (a refresh). The answer comes from
 * the loop, never from inside the call.
 */
void es_flagged_ask(struct es_flagged *f, int64_t repo_id, int64_t below, size_t max,
    es_flagged_fn *fn, void *arg);
void es_flagged_page(struct es_flagged *f, const char *after, size_t max,
    es_flagged_fn *fn, void *arg);
void es_flagged_fail(struct es_flagged *f);	/* answers all that are open: failed */

/* Pure: the body of the search, and the documents of its answer. */
void es_flagged_query(struct buf *out, int64_t repo_id, int64_t below, size_t max);
void es_page_query(struct buf *out, const char *after, size_t max);
bool es_flagged_docs(const struct json *answer, struct docs *out) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doc.h - one document: one real thing on GitHub, as it is stored.
 *
 * A document owns its body, a JSON object as described in docs/documents.md.
 * What every store needs to know stands beside it: id, version, action, time.
 * A document is in exactly one place at a time (a page, a batch, a filter);
 * whoever has it frees it.
 */
#ifndef DATA_DOC_H
#define DATA_DOC_H

#include "data/json.h"

struct doc {
	char		*id;		/* "commit:1296269:6dcb…": Elasticsearch's _id */
	char		*action;	/* event.action */
	int64_t		 version;	/* grows, never reused for less */
	int64_t		 ts_ms;		/* @timestamp */
	struct json	*body;		/* NULL: what is stored under the id is to go */
};

/* A document with its id, action and time set in the body too. */
struct doc *doc_new(const char *id, const char *action, int64_t ts_ms);
struct doc *doc_copy(const struct doc *d);
struct doc *doc_gone(const struct doc *d);	/* the same without a body */
/* One that was stored: takes body. NULL, and body freed, when it has no id or time. */
struct doc *doc_stored(struct json *body, int64_t version) MUST_CHECK;
void doc_free(struct doc *d);		/* NULL is fine */

/*
 * Versions order copies of one document: complete beats partial, then the
 * later clock (seconds since 1970) wins; equal is accepted by every store.
 * Sets d->version and hubstash.version.
 */
void doc_set_version(struct doc *d, bool complete, int64_t seconds);

void doc_str(struct doc *d, const char *path, const char *s);	/* NULL: nothing */
void doc_text(struct doc *d, const char *path, const char *p, size_t n);
void doc_int(struct doc *d, const char *path, int64_t v);
void doc_bool(struct doc *d, const char *path, bool v);
void doc_time(struct doc *d, const char *path, int64_t ms);	/* ISO 8601 */

/* A growing list of documents. */
struct docs {
	struct doc	**doc;
	size_t		  count, cap;
};

void docs_add(struct docs *l, struct doc *d);	/* takes d */
void docs_fini(struct docs *l);			/* frees the documents too */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_names.h - what people and repositories are called today: the name that stands
 * beside the id in the newest document. It stands in parallel arrays, which no
 * aggregation can pair, so that document itself is read (top_hits) and the pairing
 * done here; among the newest documents first, which are few. Names are remembered
 * for a minute.
 */
#ifndef STORE_ES_NAMES_H
#define STORE_ES_NAMES_H

#include "data/json.h"

#include <sys/types.h>

struct es_question;
struct es_names;

enum es_named { ES_PERSON, ES_REPO, ES_NAMED };

struct es_names *es_names_new(void);
void es_names_free(struct es_names *n);		/* NULL is fine */

/* Names a question waits for. */
struct es_wants {
	struct es_want	*want;
	size_t		 n, cap;
};

/* The name, now or before the next round; both stay where they are until then. */
void es_want(struct es_question *q, char **name, const char *id, enum es_named kind);
void es_wants_fini(struct es_wants *w);

/* The searches of one request, and their answers; as long as wants.n is not 0. */
void es_wants_ask(struct es_question *q);
bool es_wants_take(struct es_question *q);

/* The name beside the id in a document's body; NULL: none. */
const char *es_name_beside(const struct json *body, const char *id);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_index.h - the one index documents go to: made ready, watched, and doubted
 * when something is wrong.
 *
 *	product ► template ► index (made if missing) ► mapping ► READY ─┐
 *	   ▲                                                       ▲    │ a minute
 *	   └──── a while, longer each time ◄── es_index_doubt      └────┘ or a doubt
 *
 * Who an index is, is its UUID. An index that is deleted under us would be made
 * anew by the next bulk request, silently without all that was in it; neither
 * the request nor its reply shows that. But a UUID is never used again: if the
 * index has the UUID we know AFTER a bulk request was answered, then the request
 * went into that index. So a writer asks for it (es_index_uuid_path) after each
 * bulk, before it says that anything is stored, and an idle index is asked for
 * its UUID once a minute. No setting of the cluster, template or alias needs to
 * help, and nothing is believed on the way.
 */
#ifndef STORE_ES_INDEX_H
#define STORE_ES_INDEX_H

#include "store/es.h"

struct es_index;

struct es_index_conf {
	const char	*name;			/* of the index, or of an alias of one */
	const char	*template_name;		/* NULL: as the index */
	const char	*log_name;		/* "out.elasticsearch#0" */
	bool		 manage_template;
	const struct json *template;		/* body of _index_template; borrowed */
	bool		 own_patterns;		/* its index_patterns stay as they are */
	int64_t		 retry_ms, retry_max_ms;
	/* ready or not, another UUID, another trouble: look again. */
	void		(*changed)(void *arg);
	void		*arg;
};

/* The template as it would be put: for this index alone. New. */
struct json *es_index_template(const struct es_index_conf *conf) MUST_CHECK;

struct es_index *es_index_new(struct es *es, const struct es_index_conf *conf);
void es_index_free(struct es_index *ix);	/* before the es; NULL is fine */
void es_index_start(struct es_index *ix);

bool es_index_ready(const struct es_index *ix);
const char *es_index_uuid(const struct es_index *ix);		/* NULL: unknown yet */
const char *es_index_trouble(const struct es_index *ix);	/* NULL: none */

/*
 * Something was refused: not ready until all has been looked at again, at once or
 * after a while that grows until es_index_fine. A person: somebody must act.
 */
enum es_doubt { ES_DOUBT_NOW, ES_DOUBT_PASSING, ES_DOUBT_PERSON };
void es_index_doubt(struct es_index *ix, enum es_doubt doubt, const char *fmt, ...)
    PRINTF(3, 4);
void es_index_fine(struct es_index *ix);	/* documents are taken */
/* Trouble that stops nobody, shown until es_index_fine. */
void es_index_worry(struct es_index *ix, const char *text);

/* Which of the two an answer calls for. */
enum es_doubt es_doubt_of(enum es_verdict v);

/* Where to ask for the UUID; for the answer: es_index_uuid_of in es.h. */
const char *es_index_uuid_path(const struct es_index *ix);

/* pipelines/index-template.json, built in. */
extern const char es_template[];
extern const unsigned es_template_len;

#endif

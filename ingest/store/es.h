/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es.h - talking to Elasticsearch or OpenSearch: which server of the cluster, who
 * we say we are, and what came back, in one word and in a sentence.
 *
 * What asks is a flow that begins with a struct es_talk (whose first member is its
 * struct flow). es_ask sends a request to the next server in turn. One that cannot
 * be reached, breaks off or is not up to it (5xx) rests for a while and the next
 * one is asked, until all were; every request made here may be sent twice.
 */
#ifndef STORE_ES_H
#define STORE_ES_H

#include "data/json.h"
#include "io/flow.h"

struct es;

struct es_conf {		/* all borrowed for es_new */
	char *const	*hosts;			/* see es_host.h */
	size_t		 host_count;
	bool		 tls;			/* for hosts without a scheme */
	const char	*user, *password, *api_key;
	const char	*ca_file;		/* PEM; NULL: the system's */
	bool		 insecure;
	char *const	*headers;		/* "Name: value", more of them */
	size_t		 header_count;
	int		 gzip;		/* level 0 to 9; -1: 1 to other machines */
	unsigned	 max_inflight, timeout_ms;
	int64_t		 rest_ms;		/* of a server that is down */
};

/* Whether es_new could make something of it. */
bool es_check(const struct es_conf *conf, struct err *e) MUST_CHECK;
struct es *es_new(struct loop *l, const struct es_conf *conf, struct err *e) MUST_CHECK;
void es_free(struct es *es);			/* NULL is fine */
const char *es_first_host(const struct es *es);	/* for logs: no secret in it */

enum es_verdict {
	ES_OK,			/* 2xx, and ->answer */
	ES_DOWN,		/* no server could be reached or was up to it */
	ES_GARBAGE,		/* something that is no answer of a cluster */
	ES_DENIED,		/* 401, 403 */
	ES_MISSING,		/* 404 */
	ES_TOO_LARGE,		/* 413: the request */
	ES_BUSY,		/* 429 */
	ES_BAD,			/* any other status: see ->status */
};

struct es_request {
	const char	*method;		/* NULL: GET, or POST with a body */
	const char	*path;			/* "/_bulk?…"; copied */
	const char	*body;			/* borrowed until the next step */
	size_t		 body_len;
	size_t		 max_reply;		/* 0: 4 MiB */
	bool		 lines;			/* the body is NDJSON */
};

struct es_talk {
	struct flow	 flow;			/* first */
	struct es	*es;
	/* the last answer, until the next es_ask */
	enum es_verdict	 verdict;
	int		 status;
	bool		 cut;			/* ES_DOWN: broke off, or took too long */
	struct json	*answer;		/* of any status; NULL: none, no JSON */
	char		 why[640];		/* a sentence, unless ES_OK */
	/* es.c's own */
	struct es_request request;
	struct buf	 path, packed;
	size_t		 host;
	unsigned	 asked;
	flow_step_fn	*next;
	const char	*next_name;
};

void es_talk_init(struct es_talk *t, struct es *es, const char *name,
    void (*ended)(struct flow *f));
void es_talk_fini(struct es_talk *t);		/* cancels; before es_free */

enum flow_next es_ask(struct es_talk *t, const struct es_request *q,
    flow_step_fn *step, const char *name);

/* The error of an answer or of an item of it: "mapper_parsing_exception", … */
const char *es_error_type(const struct json *error);	/* "" when it has none */
const char *es_error_reason(const struct json *error);
/* The UUID an answer to INDEX/_settings/index.uuid tells; NULL if nothing good. */
const char *es_index_uuid_of(const struct json *answer);

/* Adds a part of a path, percent-coded. */
void es_path_add(struct buf *path, const char *part);

#endif

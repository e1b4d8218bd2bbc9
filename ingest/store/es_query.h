/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_query.h - how the searches of a question are written, and their answers read,
 * between the files es_*.c that read.
 */
#ifndef STORE_ES_QUERY_H
#define STORE_ES_QUERY_H

#include "store/es_question.h"

/* What counts (docs/documents.md, "Activity"), as a clause. */
#define ES_COMMITS "{\"bool\":{\"filter\":["						\
	"{\"term\":{\"event.action\":\"commit\"}},"					\
	"{\"term\":{\"github.commit.default_branch\":true}},"				\
	"{\"term\":{\"github.commit.merge\":false}}]}}"
#define ES_PULLS "{\"term\":{\"event.action\":\"pull_request\"}}"
#define ES_REVIEWS "{\"bool\":{\"filter\":["						\
	"{\"term\":{\"event.action\":\"review\"}}],\"must_not\":["			\
	"{\"term\":{\"github.review.self\":true}},"					\
	"{\"term\":{\"github.review.reply\":true}}]}}"
#define ES_COUNTED "{\"bool\":{\"minimum_should_match\":1,\"should\":["		\
	ES_COMMITS "," ES_PULLS "," ES_REVIEWS "]}}"

/* The documents of a search: the question's filters, but for what is said here. */
struct es_docs {
	const char	*clause;		/* one more; NULL: none */
	const char	*time;			/* of the period; NULL: @timestamp */
	int64_t		 from_ms, to_ms;	/* both 0: the question's */
	bool		 any_time, anybodys, any_person, all;
	unsigned	 hits;			/* documents to show */
	bool		 count;			/* how many there are */
};

/*
 * A search is written from top to bottom: es_docs, more clauses, es_aggs, what is
 * to be counted (members of an object), es_end. Or es_docs, clauses, es_end_hits.
 */
void es_docs(struct es_question *q, const struct es_docs *docs);
void es_clause(struct es_question *q, const char *fmt, ...) PRINTF(2, 3);
void es_only(struct es_question *q, const char *field, const struct panel_row *row,
    size_t n);
void es_only_text(struct es_question *q, const char *field, const char *text);
void es_next_clause(struct es_question *q);	/* which is written then */
void es_aggs(struct es_question *q);
void es_end(struct es_question *q);
/* after: the values of the sort after which to begin; NULL: at the top. */
void es_end_hits(struct es_question *q, const char *sort, const char *after);
/* Documents, in no order, that have none of q->seen in the field. */
void es_end_unseen(struct es_question *q, const char *field);
void es_add_keys(struct es_question *q, const struct map *set);

/*
 * What is to be counted: everybody, as "all"; the ids of these rows alone; by the
 * question's edges, as "time". The last two are open until es_under, which says
 * what is counted in each (NULL: nothing more).
 */
void es_add_all(struct es_question *q, const char *field, const char *sub);
void es_add_rows(struct es_question *q, const char *name, const char *field,
    const struct panel_row *row, size_t n);
void es_add_time(struct es_question *q, const char *field, size_t first, size_t last);
void es_under(struct es_question *q, const char *sub);
#define ES_KINDS	"\"kinds\":{\"terms\":{\"field\":\"event.action\",\"size\":10}}"

/* The answer of a search: its aggregations, its hits, buckets of an aggregation. */
const struct json *es_answer(const struct es_question *q, size_t i);
const struct json *es_hits(const struct es_question *q, size_t i);
const struct json *es_buckets(const struct json *aggs, const char *name);
int64_t es_number(const struct json *j, const char *path);	/* 1.0E3 is one too */
int64_t es_kind(const struct json *j, const char *kind);	/* of ES_KINDS */
void es_hours(const struct json *bucket, struct panel_hours *h);	/* of "hours" */

/*
 * Everybody, of "all" in the first searches of the round: add is told of each, list
 * by list. ES_TOOK_ROUND: that was the last part. Rows and q->seen begin empty.
 */
typedef void es_add_fn(struct es_question *q, size_t list, const char *id,
    const struct json *bucket);
enum es_took es_take_all(struct es_question *q, size_t lists, es_add_fn *add);

/* Sorts; how many names can move into what is shown. */
size_t es_ranked(struct es_question *q, struct panel_rows *rows, enum panel_column by);
/* To find rows by their ids. */
void es_index_rows(struct es_question *q, const struct panel_rows *rows, size_t from,
    size_t to);
struct panel_row *es_row(struct es_question *q, struct panel_rows *rows, const char *id);

#endif

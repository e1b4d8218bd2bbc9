/* SPDX-License-Identifier: Apache-2.0 */
/* es_query.c - see es_question.h: how searches are written, and answers read. */
#include "base/map.h"
#include "base/str.h"
#include "store/es_query.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define ALL		20000	/* ids in one answer; more come in parts */
#define MAX_PARTS	4096
#define MAX_ALL		1000000	/* rows in memory */

/* Numbers before 1970 are not read as milliseconds everywhere. */
static long long
moment(int64_t ms)
{
	return ms > 0 ? ms : 0;
}

void
es_next_clause(struct es_question *q)
{
	buf_puts(&q->body, q->clauses++ > 0 ? "," : "");
}

void
es_clause(struct es_question *q, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	es_next_clause(q);
	va_start(ap, fmt);
	if (vsnprintf(text, sizeof(text), fmt, ap) >= (int)sizeof(text))
		die("a clause of a query is too long");
	va_end(ap);
	buf_puts(&q->body, text);
}

static void
add_list(struct es_question *q, const char *field, const struct store_list *l)
{
	if (l->n == 0)
		return;
	es_next_clause(q);
	buf_printf(&q->body, "{\"terms\":{\"%s\":[", field);
	for (size_t i = 0; i < l->n; i++) {
		buf_puts(&q->body, i > 0 ? "," : "");
		buf_json(&q->body, l->s[i]);
	}
	buf_puts(&q->body, "]}}");
}

static void
add_filters(struct es_question *q, const struct es_docs *docs)
{
	const struct store_question *of = q->of;
	bool own = docs->from_ms == 0 && docs->to_ms == 0;

	if (!docs->any_time)
		es_clause(q, "{\"range\":{\"%s\":{\"gte\":%lld,\"lt\":%lld,"
		    "\"format\":\"epoch_millis\"}}}", str_or(docs->time, "@timestamp"),
		    moment(own ? of->from_ms : docs->from_ms),
		    moment(own ? of->to_ms : docs->to_ms));
	if (!docs->anybodys && of->who != STORE_EVERYBODY)
		es_clause(q, "{\"term\":{\"hubstash.bot\":%s}}",
		    of->who == STORE_BOTS_ONLY ? "true" : "false");
	add_list(q, "github.org", &of->orgs);
	add_list(q, "github.repo_id", &of->repos);
	add_list(q, "event.action", &of->kinds);
	if (!docs->any_person)
		add_list(q, "hubstash.credit_id", &of->people);
}

void
es_docs(struct es_question *q, const struct es_docs *docs)
{
	q->clauses = 0;
	buf_printf(&q->body, "{}\n{\"size\":%u,\"track_total_hits\":%s,"
	    "\"query\":{\"bool\":{\"filter\":[", docs->hits,
	    docs->count ? "true" : "false");
	if (!docs->all)
		add_filters(q, docs);
	if (docs->clause != NULL) {
		es_next_clause(q);
		buf_puts(&q->body, docs->clause);
	}
}

/* Takes the rows' ids as a JSON list. */
static void
add_ids(struct es_question *q, const struct panel_row *row, size_t n)
{
	buf_puts(&q->body, "[");
	for (size_t i = 0; i < n; i++) {
		buf_puts(&q->body, i > 0 ? "," : "");
		buf_json(&q->body, row[i].id);
	}
	buf_puts(&q->body, "]");
}

void
es_only(struct es_question *q, const char *field, const struct panel_row *row, size_t n)
{
	es_next_clause(q);
	buf_printf(&q->body, "{\"terms\":{\"%s\":", field);
	add_ids(q, row, n);
	buf_puts(&q->body, "}}");
}

void
es_only_text(struct es_question *q, const char *field, const char *text)
{
	es_next_clause(q);
	buf_printf(&q->body, "{\"term\":{\"%s\":", field);
	buf_json(&q->body, text);
	buf_puts(&q->body, "}}");
}

void
es_aggs(struct es_question *q)
{
	buf_puts(&q->body, "]}},\"aggs\":{");
}

void
es_end(struct es_question *q)
{
	buf_puts(&q->body, "}}\n");
	q->searches++;
}

void
es_end_hits(struct es_question *q, const char *sort, const char *after)
{
	buf_printf(&q->body, "]}},\"_source\":{\"excludes\":[\"github.commit.message\","
	    "\"organization\",\"related\",\"user\"]},\"sort\":[%s]", sort);
	if (after != NULL)
		buf_printf(&q->body, ",\"search_after\":[%s]", after);
	buf_puts(&q->body, "}\n");
	q->searches++;
}

void
es_add_keys(struct es_question *q, const struct map *set)
{
	const char *key;
	void *value;

	for (size_t i = 0, n = 0; map_each(set, &i, &key, &value); n++) {
		buf_puts(&q->body, n > 0 ? "," : "");
		buf_json(&q->body, key);
	}
}

void
es_end_unseen(struct es_question *q, const char *field)
{
	es_clause(q, "{\"bool\":{\"must_not\":{\"terms\":{\"%s\":[", field);
	es_add_keys(q, q->seen);
	buf_puts(&q->body, "]}}}}");
	es_end_hits(q, "\"_doc\"", NULL);
}

void
es_under(struct es_question *q, const char *sub)
{
	if (sub != NULL)
		buf_printf(&q->body, ",\"aggs\":{%s}", sub);
	buf_puts(&q->body, "}");
}

void
es_add_all(struct es_question *q, const char *field, const char *sub)
{
	buf_printf(&q->body, "\"all\":{\"terms\":{\"field\":\"%s\",\"size\":%d", field,
	    ALL);
	if (q->parts > 1)
		buf_printf(&q->body, ",\"include\":{\"partition\":%zu,"
		    "\"num_partitions\":%zu}", q->part, q->parts);
	buf_puts(&q->body, "}");
	es_under(q, sub);
}

void
es_add_rows(struct es_question *q, const char *name, const char *field,
    const struct panel_row *row, size_t n)
{
	buf_printf(&q->body, "\"%s\":{\"terms\":{\"field\":\"%s\",\"size\":%zu,"
	    "\"include\":", name, field, n > 0 ? n : 1);
	add_ids(q, row, n);
	buf_puts(&q->body, "}");
}

void
es_add_time(struct es_question *q, const char *field, size_t first, size_t last)
{
	const int64_t *edges = q->of->edges;

	buf_printf(&q->body, "\"time\":{\"date_range\":{\"field\":\"%s\","
	    "\"format\":\"epoch_millis\",\"ranges\":[", field);
	for (size_t i = first; i < last; i++)
		buf_printf(&q->body, "%s{\"from\":%lld,\"to\":%lld}",
		    i > first ? "," : "", moment(edges[i]), moment(edges[i + 1]));
	buf_puts(&q->body, "]}");
}

const struct json *
es_answer(const struct es_question *q, size_t i)
{
	return json_get(json_at(json_get(q->talk.answer, "responses"), i),
	    "aggregations");
}

const struct json *
es_hits(const struct es_question *q, size_t i)
{
	return json_get(json_at(json_get(q->talk.answer, "responses"), i), "hits");
}

const struct json *
es_buckets(const struct json *aggs, const char *name)
{
	return json_get(json_get(aggs, name), "buckets");
}

int64_t
es_number(const struct json *j, const char *path)
{
	int64_t v = 0;
	double d;

	if (json_int(j, path, &v))
		return v;
	return json_double(j, path, &d) && d > -9e18 && d < 9e18 ? (int64_t)d : 0;
}

int64_t
es_kind(const struct json *j, const char *kind)
{
	const struct json *buckets = es_buckets(j, "kinds");

	for (size_t i = 0; i < json_len(buckets); i++)
		if (str_eq(json_str(json_at(buckets, i), "key"), kind))
			return es_number(json_at(buckets, i), "doc_count");
	return 0;
}

/* More than fit in one answer: all of it anew, in more parts. */
static enum es_took
in_more_parts(struct es_question *q)
{
	panel_rows_fini(&q->p.rows);
	panel_rows_fini(&q->p.more);
	map_free(q->seen);
	q->seen = map_new();
	q->part = 0;
	q->parts = q->parts > 1 ? q->parts * 2 : 4;
	return q->parts <= MAX_PARTS ? ES_TOOK_PART : ES_TOOK_BAD;
}

enum es_took
es_take_all(struct es_question *q, size_t lists, es_add_fn *add)
{
	const struct json *list, *bucket;
	const char *id;
	int64_t others;

	for (size_t l = 0; l < lists; l++) {
		list = json_get(es_answer(q, l), "all");
		if (!json_int(list, "sum_other_doc_count", &others))
			return ES_TOOK_BAD;
		if (others > 0)
			return in_more_parts(q);
	}
	for (size_t l = 0; l < lists; l++) {
		list = es_buckets(es_answer(q, l), "all");
		for (size_t i = 0; i < json_len(list); i++) {
			bucket = json_at(list, i);
			id = json_str(bucket, "key");
			if (id == NULL || q->p.rows.n + map_count(q->seen) > MAX_ALL)
				return ES_TOOK_BAD;
			add(q, l, id, bucket);
		}
	}
	if (++q->part < q->parts)
		return ES_TOOK_PART;
	q->part = q->parts = 0;
	return ES_TOOK_ROUND;
}

size_t
es_ranked(struct es_question *q, struct panel_rows *rows, enum panel_column by)
{
	size_t n = panel_max(q->of);

	panel_sort(rows, by, false);
	n = n < rows->n ? n : rows->n;
	while (n > 0 && n < rows->n && rows->row[n].n[by] == rows->row[n - 1].n[by])
		n++;
	return n;
}

void
es_index_rows(struct es_question *q, const struct panel_rows *rows, size_t from,
    size_t to)
{
	map_free(q->seen);
	q->seen = map_new();
	for (size_t i = from; i < to; i++)
		map_set(q->seen, rows->row[i].id, (void *)(uintptr_t)(i + 1));
}

struct panel_row *
es_row(struct es_question *q, struct panel_rows *rows, const char *id)
{
	size_t at = id != NULL ? (size_t)(uintptr_t)map_get(q->seen, id) : 0;

	return at > 0 ? &rows->row[at - 1] : NULL;
}

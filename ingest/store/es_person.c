/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_person.c - see es_question.h: one person, and who a text may mean.
 *
 * Names stand beside ids in parallel arrays, which no aggregation can pair. But the
 * author of a document stands alone in hubstash.person and person_id, so what an
 * author was called is counted exactly; what is left are co-authors, whose
 * documents are read: a page at a time, each without those known by then.
 */
#include "base/map.h"
#include "base/str.h"
#include "store/es_query.h"

#define CREDIT		"hubstash.credit_id"
#define PAGE		200	/* documents */
#define NAMES		5000
#define MAX_PAGES	100

/* The searches of the first round of a person. */
enum { P_COAUTHOR, P_AUTHOR, P_COUNTED, P_PERIOD, P_REVIEWS };

static const char *
person_id(const struct es_question *q)
{
	return q->of->people.s[0];
}

static void
ask_names(struct es_question *q)
{
	struct es_docs all = { .all = true };

	all.hits = PAGE;
	es_docs(q, &all);
	es_only_text(q, CREDIT, person_id(q));
	es_clause(q, "{\"bool\":{\"must_not\":");
	buf_puts(&q->body, "{\"term\":{\"hubstash.person_id\":");
	buf_json(&q->body, person_id(q));
	buf_puts(&q->body, "}}}}");
	es_end_unseen(q, "hubstash.credit");
	if (q->part > 0)
		return;
	all.hits = 0;
	es_docs(q, &all);
	es_only_text(q, CREDIT, person_id(q));
	es_only_text(q, "hubstash.person_id", person_id(q));
	es_aggs(q);
	buf_printf(&q->body, "\"names\":{\"terms\":{\"field\":\"hubstash.person\","
	    "\"size\":%d}}", NAMES);
	es_end(q);
}

static void
ask_work(struct es_question *q)
{
	es_docs(q, &(struct es_docs){ .clause = ES_COUNTED, .any_time = true });
	es_aggs(q);
	buf_puts(&q->body, "\"first\":{\"min\":{\"field\":\"@timestamp\"}},"
	    "\"last\":{\"max\":{\"field\":\"@timestamp\"}}");
	es_end(q);
	es_docs(q, &(struct es_docs){ .clause = ES_COUNTED, .count = true });
	es_aggs(q);
	es_end(q);
	es_docs(q, &(struct es_docs){ .clause = ES_REVIEWS });
	es_aggs(q);
	buf_puts(&q->body, "\"authors\":{\"terms\":{\"field\":"
	    "\"github.review.pull_author\",\"size\":20000}}");
	es_end(q);
}

static void
person_ask(struct es_question *q)
{
	if (q->round == 0) {
		ask_names(q);
		if (q->part == 0)
			ask_work(q);
		return;
	}
	es_docs(q, &(struct es_docs){ .clause = ES_REVIEWS, .any_person = true });
	es_clause(q, "{\"terms\":{\"github.review.pull_author\":[");
	es_add_keys(q, q->seen);
	buf_puts(&q->body, "]}}");
	es_aggs(q);
	buf_puts(&q->body, "\"reviewers\":{\"terms\":{\"field\":\"" CREDIT "\","
	    "\"size\":20000}}");
	es_end(q);
}

/* The names beside the id in the documents read; true: there may be more. */
static bool
take_names(struct es_question *q)
{
	const struct json *hits = json_get(es_hits(q, P_COAUTHOR), "hits");
	const char *name;

	for (size_t i = 0; i < json_len(hits); i++) {
		name = es_name_beside(json_get(json_at(hits, i), "_source"),
		    person_id(q));
		if (name != NULL)
			map_set(q->seen, name, q);
	}
	return json_len(hits) == PAGE && q->part < MAX_PAGES;
}

static void
take_work(struct es_question *q)
{
	struct panel_row *r = panel_add(&q->p.rows, person_id(q), NULL);
	const struct json *counted = es_answer(q, P_COUNTED);
	const struct json *authors = es_buckets(es_answer(q, P_REVIEWS), "authors");
	const struct json *names = es_buckets(es_answer(q, P_AUTHOR), "names");
	const char *name;

	r->n[COL_FIRST] = es_number(counted, "first.value");
	r->n[COL_LAST] = es_number(counted, "last.value");
	r->n[COL_ACTIVITY] = es_number(es_hits(q, P_PERIOD), "total.value");
	q->p.documents = json_new_array();
	for (size_t i = 0; i < json_len(authors); i++) {
		struct json *j = json_new_object();

		json_set_str(j, "name", json_str(json_at(authors, i), "key"));
		json_set_int(j, "reviews", es_number(json_at(authors, i), "doc_count"));
		json_push(q->p.documents, j);
	}
	for (size_t i = 0; i < json_len(names); i++) {
		name = json_str(json_at(names, i), "key");
		if (name != NULL)
			map_set(q->seen, name, q);
	}
}

static enum es_took
take_reviewers(struct es_question *q)
{
	const struct json *reviewers = es_buckets(es_answer(q, 0), "reviewers");
	const char *name, *id;
	void *value;
	size_t n;

	for (size_t i = 0; map_each(q->seen, &i, &name, &value);)
		panel_add(&q->p.rows, NULL, name);
	for (size_t i = 0; i < json_len(reviewers); i++) {
		id = json_str(json_at(reviewers, i), "key");
		if (id != NULL)
			panel_add(&q->p.more, id, NULL)->n[COL_REVIEWS] =
			    es_number(json_at(reviewers, i), "doc_count");
	}
	es_want(q, &q->p.rows.row[0].name, q->p.rows.row[0].id, ES_PERSON);
	n = es_ranked(q, &q->p.more, COL_REVIEWS);
	for (size_t i = 0; i < n; i++)
		es_want(q, &q->p.more.row[i].name, q->p.more.row[i].id, ES_PERSON);
	return ES_TOOK_ALL;
}

static enum es_took
person_take(struct es_question *q)
{
	bool more;

	if (q->round > 0)
		return take_reviewers(q);
	more = take_names(q);
	if (q->part++ == 0)
		take_work(q);
	if (more)
		return ES_TOOK_PART;
	if (map_count(q->seen) > 0)
		return ES_TOOK_ROUND;
	panel_rows_fini(&q->p.rows);	/* nobody is called that */
	return ES_TOOK_ALL;
}

const struct es_panel es_person = { person_ask, person_take };

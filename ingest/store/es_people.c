/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_people.c - see es_people.h. One question is one flow:
 *
 *	begin ► count ► page ► page … ► rank ► names ► names … ► answer
 *
 * A page is a composite aggregation over hubstash.credit_id, which walks through
 * everybody without a limit or an estimate. A name stands beside its id in two
 * parallel arrays, which no aggregation can pair; so the newest document of an id
 * is read (top_hits) and the pairing done here.
 */
#include "store/es_people.h"
#include "base/str.h"
#include "store/panel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define PAGE		5000		/* people; 5 buckets each, of 65,536 allowed */
#define NAMES		500		/* at a time */
#define MAX_PEOPLE	1000000		/* in memory */
#define MAX_REPLY	((size_t)32 << 20)
#define MAX_QUERY	((size_t)4 << 20)

struct reader {
	struct store	 store;		/* first */
	struct loop	*loop;
	struct es	*es;
	struct buf	 count, search;	/* paths */
	LIST_HEAD(, question) open;
};

struct question {
	struct es_talk		 talk;		/* first */
	LIST_ENTRY(question)	 link;
	struct reader		*reader;
	struct store_question	*query;		/* owned */
	store_answer_fn		*fn;
	void			*arg;
	struct buf		 body;
	char			*after;		/* the last id of the page before */
	struct store_person	*person;	/* ids and names are owned */
	size_t			 count, cap;
	size_t			 named, to_name;
	int64_t			 documents;
	bool			 failed;
	struct err		 err;
};

static flow_step_fn people_begin, people_count, people_counted, people_page,
    people_paged, people_rank, people_names, people_named;

static struct question *
question_of(struct flow *f)
{
	return (struct question *)f;
}

static enum flow_next
people_fail(struct question *q, const char *why)
{
	q->failed = true;
	if (q->talk.verdict == ES_DENIED)
		err_set(&q->err, ERR_REMOTE, q->talk.status, "%s", why);
	else
		err_set(&q->err, ERR_SYSTEM, EIO, "%s", why);
	return flow_end(&q->talk.flow);
}

/* A part of an answer is no answer. */
static bool
answer_is_whole(const struct json *answer)
{
	int64_t failed;

	return !json_true(answer, "timed_out") &&
	    json_int(answer, "_shards.failed", &failed) && failed == 0;
}

static enum flow_next
people_search(struct question *q, flow_step_fn *step, const char *name)
{
	if (q->body.failed)
		return people_fail(q, "a question too long to ask");
	return es_ask(&q->talk, &(struct es_request){ .method = "POST",
	    .path = buf_str(&q->reader->search), .body = q->body.data,
	    .body_len = q->body.len, .max_reply = MAX_REPLY }, step, name);
}

/* What counts, as store.h says, in the period asked for. */
static void
add_filters(struct question *q)
{
	buf_printf(&q->body, "{\"range\":{\"@timestamp\":{\"gte\":%lld,\"lt\":%lld,"
	    "\"format\":\"epoch_millis\"}}},", (long long)q->query->from_ms,
	    (long long)q->query->to_ms);
	buf_puts(&q->body, "{\"bool\":{\"minimum_should_match\":1,\"should\":["
	    "{\"bool\":{\"filter\":[{\"term\":{\"event.action\":\"commit\"}},"
	    "{\"term\":{\"github.commit.default_branch\":true}},"
	    "{\"term\":{\"github.commit.merge\":false}}]}},"
	    "{\"term\":{\"event.action\":\"pull_request\"}},"
	    "{\"bool\":{\"filter\":[{\"term\":{\"event.action\":\"review\"}}],"
	    "\"must_not\":[{\"term\":{\"github.review.self\":true}},"
	    "{\"term\":{\"github.review.reply\":true}}]}}]}}");
}

static enum flow_next
people_count(struct flow *f)
{
	struct question *q = question_of(f);

	return es_ask(&q->talk, &(struct es_request){
	    .path = buf_str(&q->reader->count) }, STEP(people_counted));
}

static enum flow_next
people_counted(struct flow *f)
{
	struct question *q = question_of(f);

	if (q->talk.verdict != ES_OK)
		return people_fail(q, q->talk.why);
	if (!answer_is_whole(q->talk.answer) ||
	    !json_int(q->talk.answer, "count", &q->documents))
		return people_fail(q, "the documents could not all be counted");
	return flow_then(f, STEP(people_page));
}

static enum flow_next
people_page(struct flow *f)
{
	struct question *q = question_of(f);

	buf_clear(&q->body);
	buf_puts(&q->body, "{\"size\":0,\"track_total_hits\":false,"
	    "\"query\":{\"bool\":{\"filter\":[");
	add_filters(q);
	buf_printf(&q->body, "]}},\"aggs\":{\"people\":{\"composite\":{\"size\":%d,"
	    "\"sources\":[{\"id\":{\"terms\":{\"field\":\"hubstash.credit_id\"}}}]",
	    PAGE);
	if (q->after != NULL) {
		buf_puts(&q->body, ",\"after\":{\"id\":");
		buf_json(&q->body, q->after);
		buf_puts(&q->body, "}");
	}
	buf_puts(&q->body, "},\"aggs\":{"
	    "\"commits\":{\"filter\":{\"term\":{\"event.action\":\"commit\"}}},"
	    "\"pulls\":{\"filter\":{\"term\":{\"event.action\":\"pull_request\"}}},"
	    "\"merged\":{\"filter\":{\"bool\":{\"filter\":["
	    "{\"term\":{\"event.action\":\"pull_request\"}},"
	    "{\"term\":{\"github.pull_request.state\":\"merged\"}}]}}},"
	    "\"reviews\":{\"filter\":{\"term\":{\"event.action\":\"review\"}}},"
	    "\"last\":{\"max\":{\"field\":\"@timestamp\"}}}}}}");
	return people_search(q, STEP(people_paged));
}

static bool
add_person(struct question *q, const struct json *bucket)
{
	const char *id = json_str(bucket, "key.id");
	struct store_person p = { 0 };
	double last;

	if (id == NULL || !json_int(bucket, "commits.doc_count", &p.commits) ||
	    !json_int(bucket, "pulls.doc_count", &p.pulls) ||
	    !json_int(bucket, "merged.doc_count", &p.merged) ||
	    !json_int(bucket, "reviews.doc_count", &p.reviews))
		return false;
	if (json_double(bucket, "last.value", &last))
		p.last_ms = (int64_t)last;
	else if (!json_int(bucket, "last.value", &p.last_ms))
		return false;
	p.activity = p.commits + p.pulls + p.reviews;
	p.id = xstrdup(id);
	if (q->count == q->cap) {
		q->cap = q->cap > 0 ? q->cap * 2 : 256;
		q->person = xrealloc(q->person, q->cap * sizeof(*q->person));
	}
	q->person[q->count++] = p;
	str_set(&q->after, id);
	return true;
}

static enum flow_next
people_paged(struct flow *f)
{
	struct question *q = question_of(f);
	const struct json *buckets = json_get(q->talk.answer,
	    "aggregations.people.buckets");
	size_t n = json_len(buckets);

	if (q->talk.verdict != ES_OK)
		return people_fail(q, q->talk.why);
	if (!answer_is_whole(q->talk.answer))
		return people_fail(q, "not all of the index could be asked");
	for (size_t i = 0; i < n; i++)
		if (!add_person(q, json_at(buckets, i)))
			return people_fail(q, "an answer that is not understood");
	if (q->count > MAX_PEOPLE)
		return people_fail(q, "more than a million people");
	return n == PAGE ? flow_then(f, STEP(people_page)) :
	    flow_then(f, STEP(people_rank));
}

static int
by_activity(const void *x, const void *y)
{
	const struct store_person *a = x, *b = y;
	int order = 0;

	if (a->activity != b->activity)
		return a->activity > b->activity ? -1 : 1;
	if (a->name != NULL && b->name != NULL)
		order = strcmp(a->name, b->name);
	return order != 0 ? order : strcmp(a->id, b->id);
}

/* Whose names are needed: those shown, and all who share the last one's rank. */
static enum flow_next
people_rank(struct flow *f)
{
	struct question *q = question_of(f);
	size_t n = panel_max(q->query) < q->count ? panel_max(q->query) : q->count;

	if (q->count > 0)
		qsort(q->person, q->count, sizeof(*q->person), by_activity);
	while (n > 0 && n < q->count &&
	    q->person[n].activity == q->person[n - 1].activity)
		n++;
	q->to_name = n;
	return flow_then(f, STEP(people_names));
}

/* The ids whose names are asked for now, as a JSON list. */
static void
add_ids(struct question *q)
{
	size_t end = q->named + NAMES < q->to_name ? q->named + NAMES : q->to_name;

	for (size_t i = q->named; i < end; i++) {
		buf_puts(&q->body, i > q->named ? "," : "");
		buf_json(&q->body, q->person[i].id);
	}
}

static enum flow_next
people_names(struct flow *f)
{
	struct question *q = question_of(f);

	if (q->named == q->to_name) {
		if (q->to_name > 0)
			qsort(q->person, q->to_name, sizeof(*q->person), by_activity);
		return flow_end(f);
	}
	buf_clear(&q->body);
	buf_puts(&q->body, "{\"size\":0,\"track_total_hits\":false,"
	    "\"query\":{\"bool\":{\"filter\":[");
	add_filters(q);
	buf_puts(&q->body, ",{\"terms\":{\"hubstash.credit_id\":[");
	add_ids(q);
	buf_printf(&q->body, "]}}]}},\"aggs\":{\"people\":{\"terms\":{"
	    "\"field\":\"hubstash.credit_id\",\"size\":%d,\"include\":[", NAMES);
	add_ids(q);
	buf_puts(&q->body, "]},\"aggs\":{\"newest\":{\"top_hits\":{\"size\":1,"
	    "\"_source\":[\"hubstash.credit\",\"hubstash.credit_id\"],"
	    "\"sort\":[{\"@timestamp\":\"desc\"},{\"event.id\":\"asc\"}]}}}}}}");
	return people_search(q, STEP(people_named));
}

static struct store_person *
person_of(struct question *q, const char *id)
{
	for (size_t i = q->named; id != NULL && i < q->to_name; i++)
		if (str_eq(q->person[i].id, id))
			return &q->person[i];
	return NULL;
}

/* What stands beside the id in the newest document. */
static const char *
name_in(const struct json *bucket, const char *id)
{
	const struct json *hits = json_get(bucket, "newest.hits.hits");
	const struct json *source = json_get(json_at(hits, 0), "_source.hubstash");
	const struct json *ids = json_get(source, "credit_id");
	const char *name = NULL;

	for (size_t i = 0; i < json_len(ids) && name == NULL; i++)
		if (str_eq(json_text(json_at(ids, i)), id))
			name = json_text(json_at(json_get(source, "credit"), i));
	return name;
}

static enum flow_next
people_named(struct flow *f)
{
	struct question *q = question_of(f);
	const struct json *buckets = json_get(q->talk.answer,
	    "aggregations.people.buckets");

	if (q->talk.verdict != ES_OK)
		return people_fail(q, q->talk.why);
	if (!answer_is_whole(q->talk.answer))
		return people_fail(q, "not all of the index could be asked");
	for (size_t i = 0; i < json_len(buckets); i++) {
		const struct json *bucket = json_at(buckets, i);
		const char *id = json_str(bucket, "key");
		struct store_person *p = person_of(q, id);

		if (p != NULL && p->name == NULL)
			p->name = xstrdup(str_or(name_in(bucket, id), id));
	}
	for (size_t n = 0; n < NAMES && q->named < q->to_name; n++, q->named++)
		if (q->person[q->named].name == NULL)
			q->person[q->named].name = xstrdup(q->person[q->named].id);
	return flow_then(f, STEP(people_names));
}

static void
question_free(struct question *q)
{
	es_talk_fini(&q->talk);
	buf_fini(&q->body);
	for (size_t i = 0; i < q->count; i++) {
		free((char *)(uintptr_t)q->person[i].id);
		free((char *)(uintptr_t)q->person[i].name);
	}
	free(q->person);
	free(q->query);
	free(q->after);
	free(q);
}

/* Everybody, as rows: only those who may be shown have their names. */
static struct json *
people_answer(const struct question *q)
{
	struct panel panel = { .document_count = q->documents };
	struct json *answer;
	struct panel_row *r;

	for (const struct store_person *x = q->person; x < q->person + q->count; x++) {
		r = panel_add(&panel.rows, x->id, x->name);
		r->n[COL_ACTIVITY] = x->activity;
		r->n[COL_COMMITS] = x->commits;
		r->n[COL_PULLS] = x->pulls;
		r->n[COL_MERGED] = x->merged;
		r->n[COL_REVIEWS] = x->reviews;
		r->n[COL_LAST] = x->last_ms;
	}
	answer = panel_answer(q->query, &panel);
	panel_fini(&panel);
	return answer;
}

static void
people_ended(struct flow *f)
{
	struct question *q = question_of(f);
	struct json *answer = q->failed ? NULL : people_answer(q);

	LIST_REMOVE(q, link);		/* fn may free the reader */
	q->fn(q->arg, answer, &q->err);
	json_free(answer);
	question_free(q);
}

/* What cannot be told yet is not made up. */
static enum flow_next
people_begin(struct flow *f)
{
	struct question *q = question_of(f);
	const struct store_question *s = q->query;

	if (!store_check(s, &q->err)) {
		q->failed = true;
		return flow_end(f);
	}
	if (s->panel != STORE_PEOPLE || s->who == STORE_BOTS_ONLY || s->after != NULL ||
	    s->sort != STORE_BY_ACTIVITY || s->ascending || s->orgs.n + s->repos.n +
	    s->people.n + s->kinds.n > 0)
		return people_fail(q, "Elasticsearch is asked for people in order of "
		    "activity alone, so far");
	return flow_then(f, STEP(people_count));
}

static void
reader_ask(struct store *s, const struct store_question *query, store_answer_fn *fn,
    void *arg)
{
	struct reader *r = (struct reader *)s;
	struct question *q = xcalloc(1, sizeof(*q));

	es_talk_init(&q->talk, r->es, "es.people", people_ended);
	q->reader = r;
	q->query = panel_question_copy(query);
	q->fn = fn;
	q->arg = arg;
	q->body = BUF(MAX_QUERY);
	LIST_INSERT_HEAD(&r->open, q, link);
	flow_start(&q->talk.flow, STEP(people_begin));
}

static void
reader_free(struct store *s)
{
	struct reader *r = (struct reader *)s;
	struct question *q;

	while ((q = LIST_FIRST(&r->open)) != NULL) {
		LIST_REMOVE(q, link);
		question_free(q);
	}
	es_free(r->es);
	buf_fini(&r->count);
	buf_fini(&r->search);
	free(r);
}

struct store *
es_reader(struct loop *l, const struct es_conf *conf, const char *index, struct err *e)
{
	struct reader *r;
	struct es *es = es_new(l, conf, e);

	if (es == NULL)
		return NULL;
	r = xcalloc(1, sizeof(*r));
	r->store = (struct store){ .ask = reader_ask, .free = reader_free };
	r->loop = l;
	r->es = es;
	LIST_INIT(&r->open);
	r->count = BUF(4096);
	r->search = BUF(4096);
	buf_puts(&r->count, "/");
	es_path_add(&r->count, index);
	buf_puts(&r->count, "/_count");
	buf_puts(&r->search, "/");
	es_path_add(&r->search, index);
	buf_puts(&r->search, "/_search");
	return &r->store;
}

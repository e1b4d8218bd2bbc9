/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_read.c - see es_read.h: a question from the first step to its answer. Each is
 * a flow of its own (es_question.h says which way it goes); several may run.
 */
#include "store/es_read.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "store/es_query.h"
#include "store/es_reader.h"

#include <errno.h>
#include <stdlib.h>

#define MAX_REPLY	((size_t)64 << 20)
#define MAX_QUERY	((size_t)16 << 20)
#define MAX_REQUESTS	5000	/* requests of one question */
#define LOOK_MS		60000	/* at the fields of the index */

static const struct es_panel *const panels[STORE_PANELS] = {
	[STORE_TOTALS] = &es_totals, [STORE_PEOPLE] = &es_people,
	[STORE_ACTIVITY] = &es_activity, [STORE_SERIES] = &es_series,
	[STORE_REVIEWERS] = &es_reviewers, [STORE_MATRIX] = &es_matrix,
	[STORE_FLOW] = &es_flow, [STORE_LATENCY] = &es_latency,
	[STORE_OPEN] = &es_open, [STORE_NEWCOMERS] = &es_newcomers,
	[STORE_QUIET] = &es_quiet, [STORE_PUNCH_CARD] = &es_punch_card,
	[STORE_REPOSITORIES] = &es_repositories, [STORE_BUS_FACTOR] = &es_bus_factor,
	[STORE_BOTS] = &es_bots, [STORE_RECENT] = &es_recent,
	[STORE_PERSON] = &es_person, [STORE_SEARCH] = &es_search,
	[STORE_UNLINKED] = &es_unlinked, [STORE_CONTENTS] = &es_contents,
};

static flow_step_fn question_look, question_looked, question_ask, question_answered,
    question_names, question_named;

static struct es_question *
question_of(struct flow *f)
{
	return (struct es_question *)f;
}

static enum flow_next
fail(struct es_question *q, const char *why)
{
	q->failed = true;
	if (q->err.kind == ERR_NONE)
		err_set(&q->err, ERR_SYSTEM, EIO, "%s", why);
	return flow_end(&q->talk.flow);
}

static enum flow_next
fail_missing(struct es_question *q)
{
	q->reader->looked = false;
	err_set(&q->err, ERR_SYSTEM, ENOENT, "the index %s is not there yet: it comes "
	    "with the first documents", q->reader->index);
	return fail(q, "");
}

/* The request itself went wrong. */
static enum flow_next
fail_talk(struct es_question *q)
{
	struct es_talk *t = &q->talk;

	if (t->verdict == ES_MISSING &&
	    str_eq(es_error_type(json_get(t->answer, "error")),
	    "index_not_found_exception"))
		return fail_missing(q);
	if (t->flow.reply.failure == HTTP_TOO_LARGE)
		err_set(&q->err, ERR_LIMIT, 0, "the answer would be larger than %zu MiB: "
		    "ask for a shorter period, or fewer rows", MAX_REPLY >> 20);
	else if (t->verdict == ES_TOO_LARGE)
		err_set(&q->err, ERR_LIMIT, 0, "the question is larger than the server "
		    "takes (http.max_content_length)");
	else if (t->verdict == ES_DENIED)
		err_set(&q->err, ERR_REMOTE, t->status, "%s", t->why);
	return fail(q, t->why);
}

/* A search of several went wrong: its error, and the cause in it. */
static enum flow_next
fail_search(struct es_question *q, const struct json *response)
{
	const struct json *error = json_get(response, "error");
	const struct json *root = json_at(json_get(error, "root_cause"), 0);
	int64_t status = es_number(response, "status");

	if (root != NULL)
		error = root;
	if (str_eq(es_error_type(error), "index_not_found_exception"))
		return fail_missing(q);
	if (status == 401 || status == 403)
		err_set(&q->err, ERR_REMOTE, (int)status, "the cluster answers %d: %.80s"
		    ": %.100s", (int)status, es_error_type(error),
		    es_error_reason(error));
	else
		err_set(&q->err, ERR_SYSTEM, EIO, "a search of the index %.100s failed: "
		    "%.80s: %.200s", q->reader->index, es_error_type(error),
		    es_error_reason(error));
	return fail(q, "");
}

/* A part of an answer is no answer. */
static bool
search_is_whole(const struct json *response)
{
	int64_t failed;

	return json_get(response, "error") == NULL &&
	    !json_true(response, "timed_out") &&
	    json_int(response, "_shards.failed", &failed) && failed == 0;
}

/* Whether all searches were answered; if not, the question has failed. */
static bool
all_answered(struct es_question *q)
{
	const struct json *responses = json_get(q->talk.answer, "responses");

	if (q->talk.verdict != ES_OK) {
		fail_talk(q);
		return false;
	}
	if (json_len(responses) != q->searches) {
		fail(q, "an answer that is not understood");
		return false;
	}
	for (size_t i = 0; i < json_len(responses); i++) {
		const struct json *r = json_at(responses, i);

		if (json_get(r, "error") != NULL)
			fail_search(q, r);
		else if (!search_is_whole(r))
			fail(q, "not all of the index could be asked");
		if (q->failed)
			return false;
	}
	return true;
}

static enum flow_next
send_searches(struct es_question *q, flow_step_fn *step, const char *name)
{
	if (q->body.failed || ++q->requests > MAX_REQUESTS)
		return fail(q, "a question too long to ask");
	return es_ask(&q->talk, &(struct es_request){ .method = "POST", .lines = true,
	    .path = buf_str(&q->reader->searches), .body = q->body.data,
	    .body_len = q->body.len, .max_reply = MAX_REPLY }, step, name);
}

/* Fields of the index, now and then. */
static enum flow_next
question_look(struct flow *f)
{
	struct es_question *q = question_of(f);
	struct es_reader *r = q->reader;

	if (!store_check(q->of, &q->err))
		return fail(q, "");
	q->panel = panels[q->of->panel];
	if (r->looked && clock_mono_ms() - r->looked_ms < LOOK_MS)
		return flow_then(f, STEP(question_ask));
	return es_ask(&q->talk, &(struct es_request){
	    .path = buf_str(&r->caps) }, STEP(question_looked));
}

static enum flow_next
question_looked(struct flow *f)
{
	struct es_question *q = question_of(f);
	struct es_reader *r = q->reader;

	if (q->talk.verdict != ES_OK)
		return fail_talk(q);
	if (!es_fields_fit(q->talk.answer, r->index, &q->err))
		return fail(q, "");
	r->looked = true;
	r->looked_ms = clock_mono_ms();
	return flow_then(f, STEP(question_ask));
}

static enum flow_next
question_ask(struct flow *f)
{
	struct es_question *q = question_of(f);

	buf_clear(&q->body);
	q->searches = 0;
	q->panel->ask(q);
	return send_searches(q, STEP(question_answered));
}

static enum flow_next
question_answered(struct flow *f)
{
	struct es_question *q = question_of(f);

	if (!all_answered(q))
		return flow_end(f);
	switch (q->panel->take(q)) {
	case ES_TOOK_ROUND:
		q->round++;
		break;
	case ES_TOOK_PART:
		break;
	case ES_TOOK_ALL:
		q->taken = true;
		break;
	case ES_TOOK_BAD:
		return fail(q, "an answer that is not understood");
	}
	return flow_then(f, STEP(question_names));
}

/* Names that what comes next needs, then that. */
static enum flow_next
question_names(struct flow *f)
{
	struct es_question *q = question_of(f);

	if (q->wants.n == 0)
		return q->taken ? flow_end(f) : flow_then(f, STEP(question_ask));
	buf_clear(&q->body);
	q->searches = 0;
	es_wants_ask(q);
	return send_searches(q, STEP(question_named));
}

static enum flow_next
question_named(struct flow *f)
{
	struct es_question *q = question_of(f);

	if (!all_answered(q))
		return flow_end(f);
	es_wants_take(q);
	return flow_then(f, STEP(question_names));
}

static void
question_free(struct es_question *q)
{
	es_talk_fini(&q->talk);
	buf_fini(&q->body);
	panel_fini(&q->p);
	es_wants_fini(&q->wants);
	map_free(q->seen);
	map_free(q->names);
	free(q->of);
	free(q);
}

static void
question_ended(struct flow *f)
{
	struct es_question *q = question_of(f);
	struct json *answer = q->failed ? NULL : panel_answer(q->of, &q->p);

	LIST_REMOVE(q, link);		/* fn may free the reader */
	q->fn(q->arg, answer, &q->err);
	json_free(answer);
	question_free(q);
}

static void
reader_ask(struct store *s, const struct store_question *of, store_answer_fn *fn,
    void *arg)
{
	struct es_reader *r = (struct es_reader *)s;
	struct es_question *q = xcalloc(1, sizeof(*q));

	es_talk_init(&q->talk, r->es, "es.question", question_ended);
	q->reader = r;
	q->of = panel_question_copy(of);
	q->fn = fn;
	q->arg = arg;
	q->body = BUF(MAX_QUERY);
	q->seen = map_new();
	q->names = map_new();
	LIST_INSERT_HEAD(&r->open, q, link);
	flow_start(&q->talk.flow, STEP(question_look));
}

static void
reader_free(struct store *s)
{
	struct es_reader *r = (struct es_reader *)s;
	struct es_question *q;

	while ((q = LIST_FIRST(&r->open)) != NULL) {
		LIST_REMOVE(q, link);
		question_free(q);
	}
	es_free(r->es);
	es_names_free(r->names);
	buf_fini(&r->searches);
	buf_fini(&r->caps);
	free(r->index);
	free(r);
}

struct store *
es_reader(struct loop *l, const struct es_conf *conf, const char *index, struct err *e)
{
	struct es *es = es_new(l, conf, e);
	struct es_reader *r;

	if (es == NULL)
		return NULL;
	r = xcalloc(1, sizeof(*r));
	r->store = (struct store){ .ask = reader_ask, .free = reader_free };
	r->es = es;
	r->index = xstrdup(index);
	r->names = es_names_new();
	LIST_INIT(&r->open);
	r->searches = BUF(4096);
	r->caps = BUF(8192);
	buf_puts(&r->searches, "/");
	es_path_add(&r->searches, index);
	/* What is never read is not sent either; OpenSearch then leaves out all
	 * that is empty, too. */
	buf_puts(&r->searches, "/_msearch?filter_path=-responses.aggregations.hidden."
	    "buckets,-**.from,-**.to,-**.from_as_string,-**.to_as_string,"
	    "-**.value_as_string");
	buf_puts(&r->caps, "/");
	es_path_add(&r->caps, index);
	buf_puts(&r->caps, "/_field_caps?fields=");
	es_fields_path(&r->caps);
	return &r->store;
}

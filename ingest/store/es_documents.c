/* SPDX-License-Identifier: Apache-2.0 */
/* es_documents.c - see es_question.h: documents themselves, and what there is. */
#include "base/clock.h"
#include "store/es_query.h"

#define DAY_MS	86400000LL

static void
open_ask(struct es_question *q)
{
	es_docs(q, &(struct es_docs){ .any_time = true, .count = true,
	    .clause = ES_PULLS ",{\"term\":{\"github.pull_request.state\":\"open\"}}",
	    .hits = (unsigned)panel_max(q->of) });
	es_end_hits(q, "{\"@timestamp\":\"asc\"},{\"event.id\":\"asc\"}", NULL);
}

static enum es_took
take_documents(struct es_question *q)
{
	const struct json *hits = json_get(es_hits(q, 0), "hits");

	q->p.documents = json_new_array();
	for (size_t i = 0; i < json_len(hits); i++)
		json_push(q->p.documents,
		    panel_document(json_get(json_at(hits, i), "_source")));
	q->p.document_count = es_number(es_hits(q, 0), "total.value");
	return ES_TOOK_ALL;
}

const struct es_panel es_open = { open_ask, take_documents };

/*
 * The newest are sought in the last days first: the whole period would be sorted
 * through from its beginning. From when, in this round.
 */
static int64_t
recent_from(const struct es_question *q, int64_t last_ms)
{
	static const int64_t days[] = { 2, 30, 365 };
	int64_t now_ms = clock_wall_ms() + DAY_MS;
	int64_t end_ms = last_ms < now_ms ? last_ms : now_ms, from_ms;

	if (q->round >= LEN(days))
		return q->of->from_ms;
	from_ms = end_ms - days[q->round] * DAY_MS;
	return from_ms > q->of->from_ms ? from_ms : q->of->from_ms;
}

/* One more than is shown, to know whether they go on. */
static void
recent_ask(struct es_question *q)
{
	struct buf after = BUF(4 * STORE_MAX_TEXT + 64);
	int64_t ms = q->of->to_ms;
	char id[STORE_MAX_TEXT];

	if (q->of->after != NULL && panel_place(q->of->after, &ms, id)) {
		buf_printf(&after, "%lld,", (long long)ms);
		buf_json(&after, id);
	}
	q->from_ms = recent_from(q, ms);
	es_docs(q, &(struct es_docs){ .hits = (unsigned)panel_max(q->of) + 1,
	    .from_ms = q->from_ms, .to_ms = q->of->to_ms });
	es_end_hits(q, "{\"@timestamp\":\"desc\"},{\"event.id\":\"asc\"}",
	    after.len > 0 ? buf_str(&after) : NULL);
	buf_fini(&after);
}

static enum es_took
recent_take(struct es_question *q)
{
	size_t n = json_len(json_get(es_hits(q, 0), "hits"));

	return n <= panel_max(q->of) && q->from_ms > q->of->from_ms ? ES_TOOK_ROUND :
	    take_documents(q);
}

const struct es_panel es_recent = { recent_ask, recent_take };

static void
contents_ask(struct es_question *q)
{
	es_docs(q, &(struct es_docs){ .all = true, .count = true });
	es_aggs(q);
	buf_puts(&q->body, "\"first\":{\"min\":{\"field\":\"@timestamp\"}},"
	    "\"last\":{\"max\":{\"field\":\"@timestamp\"}},"
	    "\"orgs\":{\"terms\":{\"field\":\"github.org\",\"size\":10000}}");
	es_end(q);
}

static enum es_took
contents_take(struct es_question *q)
{
	const struct json *answer = es_answer(q, 0);
	const struct json *orgs = es_buckets(answer, "orgs");

	q->p.document_count = es_number(es_hits(q, 0), "total.value");
	if (q->p.document_count > 0) {
		q->p.cell_count = 2;
		q->p.cells = xcalloc(q->p.cell_count, sizeof(*q->p.cells));
		q->p.cells[0] = es_number(answer, "first.value");
		q->p.cells[1] = es_number(answer, "last.value");
	}
	for (size_t i = 0; i < json_len(orgs); i++) {
		const char *org = json_str(json_at(orgs, i), "key");

		if (org != NULL)
			panel_add(&q->p.rows, org, org)->n[COL_DOCUMENTS] =
			    es_number(json_at(orgs, i), "doc_count");
	}
	return ES_TOOK_ALL;
}

const struct es_panel es_contents = { contents_ask, contents_take };

/* SPDX-License-Identifier: Apache-2.0 */
/* out_elasticsearch_flagged.c - see out_elasticsearch_flagged.h. */
#include "plugins/out_elasticsearch_flagged.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#include <stdlib.h>
#include <sys/queue.h>

#define MAX_HITS	10000		/* of a search, by default */
#define MAX_REPLY	((size_t)96 << 20)
#define COMPLETE	((int64_t)1 << 48)

struct asking {
	struct es_talk		 talk;		/* first */
	LIST_ENTRY(asking)	 link;
	struct es_flagged	*home;
	struct buf		 query;
	es_flagged_fn		*fn;
	void			*arg;
	struct docs		 docs;
	bool			 failed;
};

struct es_flagged {
	struct es		*es;
	struct buf		 refresh, search;	/* paths */
	LIST_HEAD(, asking)	 open;
};

static flow_step_fn flagged_refresh, flagged_refreshed, flagged_search, flagged_found;

static enum flow_next
flagged_refresh(struct flow *f)
{
	struct asking *a = (struct asking *)f;

	return es_ask(&a->talk, &(struct es_request){ .method = "POST",
	    .path = buf_str(&a->home->refresh) }, STEP(flagged_refreshed));
}

static enum flow_next
flagged_failed(struct asking *a)
{
	log_debug("es.flagged: %s", a->talk.why);
	a->failed = true;
	return flow_end(&a->talk.flow);
}

/* The index shows what was written before. */
static enum flow_next
flagged_refreshed(struct flow *f)
{
	struct asking *a = (struct asking *)f;

	return a->talk.verdict == ES_OK ? flow_then(f, STEP(flagged_search)) :
	    flagged_failed(a);
}

static enum flow_next
flagged_search(struct flow *f)
{
	struct asking *a = (struct asking *)f;

	return es_ask(&a->talk, &(struct es_request){ .method = "POST",
	    .path = buf_str(&a->home->search), .body = a->query.data,
	    .body_len = a->query.len, .max_reply = MAX_REPLY }, STEP(flagged_found));
}

static enum flow_next
flagged_found(struct flow *f)
{
	struct asking *a = (struct asking *)f;

	if (a->talk.verdict != ES_OK || !es_flagged_docs(a->talk.answer, &a->docs))
		return flagged_failed(a);
	return flow_end(f);
}

static void
asking_free(struct asking *a)
{
	LIST_REMOVE(a, link);
	es_talk_fini(&a->talk);
	buf_fini(&a->query);
	docs_fini(&a->docs);
	free(a);
}

static void
flagged_ended(struct flow *f)
{
	struct asking *a = (struct asking *)f;
	struct docs docs = a->docs;
	es_flagged_fn *fn = a->fn;
	void *arg = a->arg;
	bool failed = a->failed;

	a->docs = (struct docs){ 0 };
	asking_free(a);
	if (failed)
		docs_fini(&docs);
	fn(arg, &docs, failed);
}

static struct asking *
asking_new(struct es_flagged *f, es_flagged_fn *fn, void *arg)
{
	struct asking *a = xcalloc(1, sizeof(*a));

	es_talk_init(&a->talk, f->es, "es.flagged", flagged_ended);
	a->home = f;
	a->fn = fn;
	a->arg = arg;
	a->query = BUF(4096);
	LIST_INSERT_HEAD(&f->open, a, link);
	return a;
}

void
es_flagged_ask(struct es_flagged *f, int64_t repo_id, int64_t below, size_t max,
    es_flagged_fn *fn, void *arg)
{
	struct asking *a = asking_new(f, fn, arg);

	es_flagged_query(&a->query, repo_id, below, max);
	flow_start(&a->talk.flow, STEP(flagged_refresh));
}

/* What was written since the first page need not be seen: it has been looked at. */
void
es_flagged_page(struct es_flagged *f, const char *after, size_t max,
    es_flagged_fn *fn, void *arg)
{
	struct asking *a = asking_new(f, fn, arg);

	es_page_query(&a->query, after, max);
	if (after[0] == '\0')
		flow_start(&a->talk.flow, STEP(flagged_refresh));
	else
		flow_start(&a->talk.flow, STEP(flagged_search));
}

void
es_flagged_fail(struct es_flagged *f)
{
	struct asking *a;

	while ((a = LIST_FIRST(&f->open)) != NULL) {
		flow_cancel(&a->talk.flow);
		a->failed = true;
		flagged_ended(&a->talk.flow);
	}
}

struct es_flagged *
es_flagged_new(struct es *es, const char *index)
{
	struct es_flagged *f = xcalloc(1, sizeof(*f));

	f->es = es;
	f->refresh = BUF(4096);
	f->search = BUF(4096);
	buf_puts(&f->refresh, "/");
	es_path_add(&f->refresh, index);
	buf_puts(&f->refresh, "/_refresh");
	buf_puts(&f->search, "/");
	es_path_add(&f->search, index);
	buf_puts(&f->search, "/_search?filter_path=timed_out,_shards.failed,"
	    "hits.hits._id,hits.hits._version,hits.hits._source");
	LIST_INIT(&f->open);
	return f;
}

void
es_flagged_free(struct es_flagged *f)
{
	struct asking *a;

	if (f == NULL)
		return;
	while ((a = LIST_FIRST(&f->open)) != NULL)
		asking_free(a);
	buf_fini(&f->refresh);
	buf_fini(&f->search);
	free(f);
}

void
es_flagged_query(struct buf *out, int64_t repo_id, int64_t below, size_t max)
{
	long long clock = below & (COMPLETE - 1);

	/* The clock of a version is what is left without the complete bit. */
	buf_printf(out, "{\"size\":%zu,\"version\":true,\"track_total_hits\":false,"
	    "\"sort\":[\"_doc\"],\"query\":{\"bool\":{\"filter\":["
	    "{\"term\":{\"github.repo_id\":\"%lld\"}},"
	    "{\"term\":{\"event.action\":\"commit\"}},"
	    "{\"term\":{\"github.commit.default_branch\":true}},"
	    "{\"bool\":{\"should\":["
	    "{\"range\":{\"hubstash.version\":{\"lt\":%lld}}},"
	    "{\"range\":{\"hubstash.version\":{\"gte\":%lld,\"lt\":%lld}}}]}}]}}}",
	    max < MAX_HITS ? max : MAX_HITS, (long long)repo_id, clock,
	    (long long)COMPLETE, (long long)COMPLETE + clock);
}

void
es_page_query(struct buf *out, const char *after, size_t max)
{
	buf_printf(out, "{\"size\":%zu,\"version\":true,\"track_total_hits\":false,"
	    "\"sort\":[\"event.id\"]", max < MAX_HITS ? max : MAX_HITS);
	if (after[0] != '\0') {
		buf_puts(out, ",\"search_after\":[");
		buf_json(out, after);
		buf_puts(out, "]");
	}
	buf_puts(out, "}");
}

/* A document as it was, or NULL if it is none of ours. */
static struct doc *
doc_of(const struct json *hit)
{
	const char *id = json_str(hit, "_id");
	const struct json *source = json_get(hit, "_source");
	const char *action = json_str(source, "event.action");
	const char *when = json_str(source, "@timestamp");
	struct doc *d;
	int64_t version, ts;

	if (id == NULL || action == NULL || when == NULL ||
	    !json_int(hit, "_version", &version) || !clock_parse_iso(when, &ts, NULL))
		return NULL;
	d = doc_new(id, action, ts);
	json_free(d->body);
	d->body = json_copy(source);
	d->version = version;
	return d;
}

bool
es_flagged_docs(const struct json *answer, struct docs *out)
{
	const struct json *hits = json_get(answer, "hits.hits");
	int64_t failed;

	if (json_true(answer, "timed_out") ||
	    !json_int(answer, "_shards.failed", &failed) || failed > 0)
		return false;		/* a part of the answer is no answer */
	for (size_t i = 0; i < json_len(hits); i++) {
		struct doc *d = doc_of(json_at(hits, i));

		if (d == NULL)
			return false;
		docs_add(out, d);
	}
	return true;
}

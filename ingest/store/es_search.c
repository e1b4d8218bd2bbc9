/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_search.c - see es_question.h: whom a text may mean. As in es_person.c, authors
 * are told by aggregations and co-authors by reading:
 *
 *	round 0	authors who are called so, all names like it, repositories
 *	round 1	documents with such a name that credit nobody found so far, by pages
 *	round 2	one document of each name that is nobody's even then: of people who
 *		never stand alone
 */
#include "base/map.h"
#include "base/str.h"
#include "store/es_query.h"

#include <string.h>
#include <strings.h>

#define CREDIT		"hubstash.credit_id"
#define PAGE		200	/* documents; names of round 2 */
#define NAMES		5000
#define MAX_PAGES	100
#define MAX_REGEX	900	/* bytes; the server takes 1000 */

/* Whose a name is. */
static char nobodys, somebodys;

static bool
begins(const struct es_question *q, const char *name)
{
	return strncasecmp(name, q->of->text, strlen(q->of->text)) == 0;
}

/* As the server's regular expressions have it: letters of ASCII in either case. */
static void
add_regex(struct buf *out, const char *text)
{
	struct buf b = BUF(2048);

	for (const char *s = text; *s != '\0' && b.len < MAX_REGEX; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c | 32) >= 'a' && (c | 32) <= 'z')
			buf_printf(&b, "[%c%c]", c | 32, c & ~32);
		else if (c < 128 && (c < '0' || c > '9'))
			buf_printf(&b, "\\%c", c);
		else
			buf_add(&b, s, 1);
	}
	buf_puts(&b, ".*");
	buf_json(out, buf_str(&b));
	buf_fini(&b);
}

static void
add_prefix(struct es_question *q, const char *field)
{
	buf_printf(&q->body, "{\"prefix\":{\"%s\":{\"case_insensitive\":true,\"value\":",
	    field);
	buf_json(&q->body, q->of->text);
	buf_puts(&q->body, "}}}");
}

/* "names": what is called so, and under each what sub says. */
static void
ask_called(struct es_question *q, const char *field, const char *clause, const char *sub)
{
	es_docs(q, &(struct es_docs){ .all = true, .clause = clause });
	es_next_clause(q);
	add_prefix(q, field);
	es_aggs(q);
	buf_printf(&q->body, "\"names\":{\"terms\":{\"field\":\"%s\",\"size\":%d,"
	    "\"order\":{\"_key\":\"asc\"},\"include\":", field, NAMES);
	add_regex(&q->body, q->of->text);
	buf_puts(&q->body, "}");
	es_under(q, sub);
	es_end(q);
}

static void
ask_repos(struct es_question *q)
{
	es_docs(q, &(struct es_docs){ .all = true });
	es_clause(q, "{\"bool\":{\"minimum_should_match\":1,\"should\":[");
	add_prefix(q, "github.repo");
	buf_puts(&q->body, ",");
	add_prefix(q, "github.repository.name");
	buf_puts(&q->body, "]}}");
	es_aggs(q);
	buf_printf(&q->body, "\"repos\":{\"terms\":{\"field\":\"github.repo_id\","
	    "\"size\":%d}}", NAMES);
	es_end(q);
}

/* A document of each of some names that are nobody's yet. */
static void
ask_rest(struct es_question *q)
{
	const char *name;
	void *value;

	for (size_t i = 0; q->searches < PAGE && map_each(q->names, &i, &name, &value);) {
		if (value != &nobodys)
			continue;
		es_docs(q, &(struct es_docs){ .all = true, .hits = 1 });
		es_only_text(q, "hubstash.credit", name);
		es_end_hits(q, "\"_doc\"", NULL);
	}
}

static void
search_ask(struct es_question *q)
{
	if (q->round == 0) {
		ask_called(q, "hubstash.person", "{\"term\":{\"hubstash.class\":"
		    "\"human\"}}", "\"ids\":{\"terms\":{\"field\":"
		    "\"hubstash.person_id\",\"size\":1000}}");
		ask_called(q, "hubstash.credit", NULL, NULL);
		ask_repos(q);
	} else if (q->round == 1) {
		es_docs(q, &(struct es_docs){ .all = true, .hits = PAGE });
		es_next_clause(q);
		add_prefix(q, "hubstash.credit");
		es_end_unseen(q, CREDIT);
	} else {
		ask_rest(q);
	}
}

static void
found(struct es_question *q, const char *id, const char *name)
{
	if (id == NULL || name == NULL)
		return;
	map_set(q->names, name, &somebodys);
	if (map_get(q->seen, id) == NULL) {
		map_set(q->seen, id, q);
		panel_add(&q->p.rows, id, NULL);
	}
}

static void
take_called(struct es_question *q)
{
	const struct json *authors = es_buckets(es_answer(q, 0), "names");
	const struct json *names = es_buckets(es_answer(q, 1), "names");
	const struct json *repos = es_buckets(es_answer(q, 2), "repos"), *ids;
	const char *text;

	for (size_t i = 0; i < json_len(names); i++) {
		text = json_str(json_at(names, i), "key");
		if (text != NULL && begins(q, text))
			map_set(q->names, text, &nobodys);
	}
	for (size_t i = 0; i < json_len(authors); i++) {
		text = json_str(json_at(authors, i), "key");
		ids = es_buckets(json_at(authors, i), "ids");
		for (size_t k = 0; text != NULL && begins(q, text) && k < json_len(ids);
		    k++)
			found(q, json_str(json_at(ids, k), "key"), text);
	}
	for (size_t i = 0; i < json_len(repos); i++) {
		text = json_str(json_at(repos, i), "key");
		if (text != NULL)
			panel_add(&q->p.more, text, NULL);
	}
}

/* Who is called so in the documents of a search. */
static size_t
take_hits(struct es_question *q, size_t search)
{
	const struct json *hits = json_get(es_hits(q, search), "hits");

	for (size_t i = 0; i < json_len(hits); i++) {
		const struct json *body = json_get(json_at(hits, i), "_source.hubstash");
		const struct json *ids = json_get(body, "credit_id");
		const struct json *names = json_get(body, "credit");

		for (size_t k = 0; k < json_len(ids); k++) {
			const char *name = json_text(json_at(names, k));

			if (name != NULL && begins(q, name))
				found(q, json_text(json_at(ids, k)), name);
		}
	}
	return json_len(hits);
}

static bool
any_nobodys(const struct es_question *q)
{
	const char *name;
	void *value;

	for (size_t i = 0; map_each(q->names, &i, &name, &value);)
		if (value == &nobodys)
			return true;
	return false;
}

static enum es_took
search_end(struct es_question *q)
{
	struct panel_rows *people = &q->p.rows, *repos = &q->p.more;

	for (size_t i = 0; i < people->n; i++)
		es_want(q, &people->row[i].name, people->row[i].id, ES_PERSON);
	for (size_t i = 0; i < repos->n; i++)
		es_want(q, &repos->row[i].name, repos->row[i].id, ES_REPO);
	return ES_TOOK_ALL;
}

static enum es_took
search_take(struct es_question *q)
{
	bool more = false;

	q->part++;
	if (q->round == 0) {
		take_called(q);
		return ES_TOOK_ROUND;
	}
	for (size_t i = 0; i < q->searches; i++)
		more = take_hits(q, i) == PAGE;
	if (q->round == 1 && more && q->part < MAX_PAGES)
		return ES_TOOK_PART;
	if (!any_nobodys(q) || q->part >= 2 * MAX_PAGES)
		return search_end(q);
	return q->round == 1 ? ES_TOOK_ROUND : ES_TOOK_PART;
}

const struct es_panel es_search = { search_ask, search_take };

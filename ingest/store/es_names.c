/* SPDX-License-Identifier: Apache-2.0 */
/* es_names.c - see es_names.h. */
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "store/es_query.h"
#include "store/es_reader.h"

#include <stdlib.h>

#define TOGETHER	500	/* names in one search */
#define REMEMBER_MS	60000
#define MAX_REMEMBERED	20000
#define DAY_MS		86400000LL

/* How far back is looked, one after the other. */
static const int64_t windows_ms[] = { 30 * DAY_MS, 365 * DAY_MS, 0 /* all */ };

static const char *const fields[ES_NAMED] = {
	[ES_PERSON] = "hubstash.credit_id", [ES_REPO] = "github.repo_id",
};

struct es_want {
	char			**name;
	const char		*id;
	enum es_named		 kind;
	unsigned		 window;
	bool			 asked;
};

struct name {
	char	*text;
	int64_t	 until_ms;
};

struct es_names {
	struct map	*known[ES_NAMED];	/* struct name */
};

struct es_names *
es_names_new(void)
{
	struct es_names *n = xcalloc(1, sizeof(*n));

	for (size_t i = 0; i < ES_NAMED; i++)
		n->known[i] = map_new();
	return n;
}

static void
forget(struct map *known)
{
	const char *key;
	void *value;
	size_t i = 0;

	while (map_each(known, &i, &key, &value)) {
		free(((struct name *)value)->text);
		free(value);
	}
	map_free(known);
}

void
es_names_free(struct es_names *n)
{
	for (size_t i = 0; n != NULL && i < ES_NAMED; i++)
		forget(n->known[i]);
	free(n);
}

static void
remember(struct es_names *n, enum es_named kind, const char *id, const char *text)
{
	struct name *name = map_get(n->known[kind], id);

	if (name == NULL && map_count(n->known[kind]) >= MAX_REMEMBERED) {
		forget(n->known[kind]);
		n->known[kind] = map_new();
	}
	if (name == NULL) {
		name = xcalloc(1, sizeof(*name));
		map_set(n->known[kind], id, name);
	}
	str_set(&name->text, text);
	name->until_ms = clock_mono_ms() + REMEMBER_MS;
}

void
es_want(struct es_question *q, char **to, const char *id, enum es_named kind)
{
	const struct name *name = map_get(q->reader->names->known[kind], id);
	struct es_wants *w = &q->wants;

	if (*to != NULL)
		return;
	if (name != NULL && name->until_ms > clock_mono_ms()) {
		*to = xstrdup(name->text);
		return;
	}
	if (w->n == w->cap) {
		w->cap = w->cap > 0 ? w->cap * 2 : 64;
		w->want = xrealloc(w->want, w->cap * sizeof(*w->want));
	}
	w->want[w->n++] = (struct es_want){ .name = to, .id = id, .kind = kind };
}

void
es_wants_fini(struct es_wants *w)
{
	free(w->want);
	*w = (struct es_wants){ 0 };
}

/* Who is asked for now: those of one kind, looked for equally far back. */
static size_t
choose(struct es_wants *w, struct map *ids)
{
	const struct es_want *first = &w->want[0];
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct es_want *t = &w->want[i];

		t->asked = t->kind == first->kind && t->window == first->window &&
		    (n < TOGETHER || map_get(ids, t->id) != NULL);
		if (t->asked && map_get(ids, t->id) == NULL) {
			map_set(ids, t->id, t);
			n++;
		}
	}
	return n;
}

static void
add_ids(struct buf *b, const struct map *ids)
{
	const char *id;
	void *value;

	for (size_t i = 0, n = 0; map_each(ids, &i, &id, &value); n++) {
		buf_puts(b, n > 0 ? "," : "");
		buf_json(b, id);
	}
}

void
es_wants_ask(struct es_question *q)
{
	enum es_named kind = q->wants.want[0].kind;
	int64_t back_ms = windows_ms[q->wants.want[0].window];
	struct map *ids = map_new();
	size_t n = choose(&q->wants, ids);

	es_docs(q, &(struct es_docs){ .all = true });
	if (back_ms > 0)
		es_clause(q, "{\"range\":{\"@timestamp\":{\"gte\":%lld,"
		    "\"format\":\"epoch_millis\"}}}",
		    (long long)(clock_wall_ms() - back_ms));
	es_clause(q, "{\"terms\":{\"%s\":[", fields[kind]);
	add_ids(&q->body, ids);
	buf_puts(&q->body, "]}}");
	es_aggs(q);
	buf_printf(&q->body, "\"names\":{\"terms\":{\"field\":\"%s\",\"size\":%zu,"
	    "\"include\":[", fields[kind], n);
	add_ids(&q->body, ids);
	buf_puts(&q->body, "]},\"aggs\":{\"newest\":{\"top_hits\":{\"size\":1,"
	    "\"_source\":[\"hubstash.credit\",\"hubstash.credit_id\",\"github.repo\"],"
	    "\"sort\":[{\"@timestamp\":\"desc\"},{\"event.id\":\"asc\"}]}}}}");
	es_end(q);
	map_free(ids);
}

const char *
es_name_beside(const struct json *body, const char *id)
{
	const struct json *ids = json_get(body, "hubstash.credit_id");
	const struct json *names = json_get(body, "hubstash.credit");

	for (size_t i = 0; i < json_len(ids); i++)
		if (str_eq(json_text(json_at(ids, i)), id))
			return json_text(json_at(names, i));
	return NULL;
}

/* Those told by the answer are remembered; found: id to the text, in the answer. */
static struct map *
read_names(struct es_question *q, enum es_named kind)
{
	const struct json *buckets = es_buckets(es_answer(q, 0), "names");
	struct map *found = map_new();

	for (size_t i = 0; i < json_len(buckets); i++) {
		const struct json *bucket = json_at(buckets, i);
		const struct json *hit = json_at(json_get(bucket, "newest.hits.hits"), 0);
		const struct json *body = json_get(hit, "_source");
		const char *id = json_str(bucket, "key"), *text;

		if (id == NULL || hit == NULL)
			continue;
		text = str_or(kind == ES_REPO ? json_str(body, "github.repo") :
		    es_name_beside(body, id), id);
		remember(q->reader->names, kind, id, text);
		map_set(found, id, (void *)(uintptr_t)text);
	}
	return found;
}

bool
es_wants_take(struct es_question *q)
{
	struct es_wants *w = &q->wants;
	enum es_named kind = w->want[0].kind;
	struct map *found = read_names(q, kind);
	size_t left = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct es_want *t = &w->want[i];
		const char *text = t->asked ? map_get(found, t->id) : NULL;

		if (text != NULL) {
			*t->name = xstrdup(text);
			continue;
		}
		t->window += t->asked;
		if (t->window < LEN(windows_ms))
			w->want[left++] = *t;
	}
	w->n = left;
	map_free(found);
	return true;
}

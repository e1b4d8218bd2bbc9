/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_releases.c - releases. GitHub lists them by creation, and a draft may be
 * published long after, so the cursor holds what was seen of each: a refresh
 * reads newest first until a page brings nothing new, and all of them once a
 * week, or when a hint names one that no page showed.
 *
 *	cursor: {"full":MS,"held":{"ID":"UPDATED_AT",…}}
 *	page of a gap: the GraphQL cursor behind what is read
 */
#include "base/clock.h"
#include "base/str.h"
#include "github/query.h"
#include "sync/look.h"
#include "sync/numbers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_MAX	100
#define FULL_MS		((int64_t)7 * 24 * 3600 * 1000)
#define HELD_MAX	20000

struct releases {
	struct look	 l;		/* first */
	struct json	*held;		/* id -> updatedAt */
	int64_t		 full_ms;
	bool		 all;		/* read to the end whatever a page brings */
	bool		 contact;	/* the first: note them, the gap reads them */
	bool		 brought;	/* the page had something new */
	bool		 reached;	/* a gap: the page went below its bound */
	char		*after;		/* where the next page begins; NULL: the end */
	int64_t		*number;	/* ids that hints named */
	size_t		 numbers;
};

static flow_step_fn releases_ask, releases_page, releases_settled;

static const char *
release_id(const struct json *node, char *id, size_t size)
{
	int64_t n;

	if (!json_int(node, "databaseId", &n))
		return json_str(node, "id");	/* beyond 32 bits */
	snprintf(id, size, "%" PRId64, n);
	return id;
}

static enum flow_next
releases_begin(struct flow *f)
{
	struct releases *r = (struct releases *)f;
	struct stream *s = r->l.stream;
	struct json *cursor = NULL, *held;
	struct err e;

	r->numbers = numbers_take(s, &r->number);
	r->contact = s->cursor == NULL;
	if (s->cursor != NULL)
		cursor = json_parse(s->cursor, strlen(s->cursor), &e);
	held = json_get(cursor, "held");
	r->held = json_is(held, JSON_OBJECT) ? json_copy(held) : json_new_object();
	if (!json_int(cursor, "full", &r->full_ms))
		r->full_ms = clock_wall_ms();
	json_free(cursor);
	r->all = r->contact || clock_wall_ms() - r->full_ms > FULL_MS ||
	    r->numbers > 0;
	return releases_ask(f);
}

static enum flow_next
releases_ask(struct flow *f)
{
	struct releases *r = (struct releases *)f;
	unsigned first = r->contact ? PAGE_MAX : look_page(&r->l, PAGE_MAX);
	const char *after = r->l.gap != NULL ? r->l.gap->page : r->after;
	struct buf part = BUF(8192);
	enum flow_next next;

	buf_puts(&part, "node(id:");
	query_string(&part, r->l.repo->node_id);
	buf_printf(&part, "){...on Repository{releases(first:%u,orderBy:{field:"
	    "CREATED_AT,direction:DESC}", first);
	if (after != NULL) {
		buf_puts(&part, ",after:");
		query_string(&part, after);
	}
	buf_printf(&part, "){pageInfo{hasNextPage endCursor}nodes{%s}}}}", r->contact ?
	    "id databaseId updatedAt" : "createdAt ...release");
	next = look_graphql(&r->l, &part, first, STEP(releases_page));
	buf_fini(&part);
	return next;
}

/* Whether this one is new or was changed; forgets a number that it answers. */
static bool
is_news(struct releases *r, const struct json *node)
{
	char text[32];
	const char *id = release_id(node, text, sizeof(text));
	int64_t n;

	if (id == NULL)
		return false;
	for (size_t i = 0; i < r->numbers; i++)
		if (str_i64(id, &n) && r->number[i] == n)
			r->number[i--] = r->number[--r->numbers];
	return !str_eq(json_str(r->held, id), json_str(node, "updatedAt"));
}

static void
hold(struct releases *r, const struct json *node)
{
	char text[32];
	const char *id = release_id(node, text, sizeof(text));

	if (id != NULL && json_len(r->held) < HELD_MAX)
		json_set_str(r->held, id, json_str(node, "updatedAt"));
}

/* One of a page: into docs if it is wanted. False: it is no release. */
static bool
take(struct releases *r, const struct json *node, struct docs *docs)
{
	const struct gap *g = r->l.gap;
	const char *created = json_str(node, "createdAt");
	int64_t ms;

	if (g == NULL && !is_news(r, node))
		return true;
	r->brought = true;
	if (g == NULL)
		hold(r, node);
	if (r->contact)
		return true;
	if (created == NULL || !clock_parse_iso(created, &ms, NULL))
		return false;
	if (g != NULL && ms < g->from_ms) {
		r->reached = true;
		return true;
	}
	if (json_str(node, "publishedAt") == NULL)
		return true;			/* a draft is nobody's work yet */
	return normal_release(&r->l.normal, node, docs);
}

static enum flow_next
releases_page(struct flow *f)
{
	struct releases *r = (struct releases *)f;
	const struct json *list = json_get(r->l.answer, "releases");
	const struct json *nodes = json_get(list, "nodes");
	struct docs docs = { 0 };

	if (r->l.verdict == LOOK_TOO_HEAVY || r->l.verdict == LOOK_PARTIAL) {
		if (!look_smaller(&r->l))
			return look_failed(&r->l, str_or(r->l.why, "too heavy"));
		return flow_then(f, STEP(releases_ask));
	}
	if (r->l.verdict != LOOK_OK || !json_is(nodes, JSON_ARRAY))
		return look_failed(&r->l, str_or(r->l.why, "no list of releases came"));
	r->brought = false;
	for (size_t i = 0; i < json_len(nodes); i++)
		if (!take(r, json_at(nodes, i), &docs)) {
			docs_fini(&docs);
			return look_failed(&r->l, "a release came without id or date");
		}
	str_set(&r->after, json_true(list, "pageInfo.hasNextPage") ?
	    json_str(list, "pageInfo.endCursor") : NULL);
	if (docs.count == 0)
		return releases_settled(f);
	return look_emit(&r->l, &docs, STEP(releases_settled));
}

/* Did the census see one that the list does not show yet? */
static bool
is_behind(const struct releases *r)
{
	char id[32];

	return r->l.seen != NULL && json_len(r->held) < HELD_MAX &&
	    sscanf(r->l.seen, "%*s %31s", id) == 1 && !str_eq(id, "0") &&
	    json_get(r->held, id) == NULL;
}

static enum flow_next
gap_settled(struct releases *r)
{
	struct gap *g = r->l.gap;

	if (r->after == NULL || r->reached)
		return look_closed(&r->l);
	str_set(&g->page, r->after);
	engine_save_gap(r->l.engine, g);
	return look_done(&r->l);
}

static enum flow_next
releases_settled(struct flow *f)
{
	struct releases *r = (struct releases *)f;
	struct stream *s = r->l.stream;
	struct json *cursor;
	struct buf text = BUF(4 << 20);

	if (r->l.gap != NULL)
		return gap_settled(r);
	if (r->after != NULL && (r->brought || r->all))
		return flow_then(f, STEP(releases_ask));
	cursor = json_new_object();
	json_set_int(cursor, "full", r->all ? clock_wall_ms() : r->full_ms);
	json_set(cursor, "held", json_copy(r->held));
	json_print(cursor, &text);
	json_free(cursor);
	numbers_done(s);
	str_set(&s->cursor, buf_str(&text));
	buf_fini(&text);
	engine_save_stream(r->l.engine, s);
	return is_behind(r) ? look_lagged(&r->l) : look_done(&r->l);
}

static void
releases_fini(struct look *l)
{
	struct releases *r = (struct releases *)l;

	if (l->gap == NULL)
		numbers_give_back(l->stream);
	json_free(r->held);
	free(r->after);
	free(r->number);
}

struct look *
look_releases(struct engine *e, struct stream *s, struct gap *g)
{
	struct releases *r = look_new(e, s, g, sizeof(*r), releases_fini);

	if (g != NULL)
		look_start(&r->l, STEP(releases_ask));
	else
		look_start(&r->l, STEP(releases_begin));
	return &r->l;
}

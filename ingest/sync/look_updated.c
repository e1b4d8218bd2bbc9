/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_updated.c - pull requests and issues, with what hangs on them: lists that
 * GitHub orders by updatedAt, read newest first until older than the cursor.
 *
 * The clock is the data's own: what happened to an item until T is in the item
 * as of an updatedAt of T or later, so reading all that was updated since T
 * covers it. A refresh reads one page; the rest becomes a gap that begins at
 * the next page's cursor, in the transaction that moves the stream's cursor.
 */
#include "sync/updated.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "github/query.h"
#include "sync/nested.h"
#include "sync/numbers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OVERLAP_MS	(5 * 60 * 1000)	/* replicas lag, and seconds are whole */
#define PAGE_MAX	100
#define SPARE		5		/* items that may have come meanwhile */
#define NESTED_FIRST	100
#define PULL_NODES	20		/* about how many nodes one brings along */
#define ISSUE_NODES	6

const char *
updated_list(const struct updated *u)
{
	return u->pulls ? "pullRequests" : "issues";
}

const char *
updated_one(const struct updated *u)
{
	return u->pulls ? "pullRequest" : "issue";
}

const char *
updated_fragment(const struct updated *u)
{
	return u->pulls ? "pull" : "issue";
}

/*
 * How many items a page may have. GitHub's price goes by what is asked for, so the
 * last page of a gap asks for what is left, and some that may have come since.
 */
static unsigned
page_size(const struct updated *u)
{
	unsigned first = look_page(&u->l, PAGE_MAX);
	struct updated_cursor c;
	int64_t left;

	if (u->l.gap == NULL || !updated_cursor_parse(u->l.stream->cursor, &c))
		return first;
	left = c.count - u->l.gap->read;
	return left > 0 && left + SPARE < first ? (unsigned)(left + SPARE) : first;
}

enum flow_next
updated_ask(struct updated *u, const char *after, flow_step_fn *step,
    const char *name)
{
	struct buf part = BUF(16 << 10);
	unsigned first = page_size(u);
	enum flow_next next;

	buf_puts(&part, "node(id:");
	query_string(&part, u->l.repo->node_id);
	buf_printf(&part, "){...on Repository{%s(first:%u,orderBy:{field:UPDATED_AT,"
	    "direction:DESC}", updated_list(u), first);
	if (after != NULL) {
		buf_puts(&part, ",after:");
		query_string(&part, after);
	}
	buf_printf(&part, "){totalCount pageInfo{hasNextPage endCursor}nodes{...%s}}}}",
	    updated_fragment(u));
	next = look_graphql(&u->l, &part, first * (u->pulls ? PULL_NODES : ISSUE_NODES),
	    step, name);
	buf_fini(&part);
	return next;
}

enum flow_next
updated_less(struct updated *u, flow_step_fn *again, const char *name)
{
	if (!look_smaller(&u->l))
		return look_failed(&u->l, "GitHub cannot answer for a single item");
	return flow_then(&u->l.flow, again, name);
}

static void
forget_number(struct updated *u, int64_t number)
{
	for (size_t i = 0; i < u->numbers; i++)
		if (u->number[i] == number)
			u->number[i--] = u->number[--u->numbers];
}

bool
updated_take(struct updated *u, struct json *list)
{
	struct json *nodes = json_take(list, "nodes");
	int64_t ms, number;

	json_free(u->nodes);
	u->nodes = nodes;
	if (!json_is(nodes, JSON_ARRAY))
		return false;
	u->reached = false;
	u->fresh = 0;
	if (!json_int(list, "totalCount", &u->count))
		u->count = -1;
	for (size_t i = 0; i < json_len(nodes) && !u->reached; i++) {
		const struct json *node = json_at(nodes, i);
		const char *updated = json_str(node, "updatedAt");

		if (updated == NULL || !clock_parse_iso(updated, &ms, NULL) ||
		    !json_int(node, "number", &number))
			return false;
		if (ms > u->newest_ms)
			u->newest_ms = ms, u->newest_number = number;
		if (ms < u->floor_ms) {
			u->reached = true;
			json_cut(nodes, i);
			break;
		}
		u->oldest_ms = ms;
		u->fresh += number > u->known_top;
		if (number > u->top)
			u->top = number;
		forget_number(u, number);
	}
	str_set(&u->after, json_true(list, "pageInfo.hasNextPage") ?
	    json_str(list, "pageInfo.endCursor") : NULL);
	return true;
}

static flow_step_fn updated_nested_page, updated_emit;

/* The lists inside of the page's items that have further pages. */
enum flow_next
updated_nested(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct buf part = BUF(4096);
	struct nested n;
	enum flow_next next;

	if (!nested_next(u->nodes, u->pulls, u->floor_ms, &n))
		return flow_then(f, STEP(updated_emit));
	if (u->nested_first == 0)
		u->nested_first = NESTED_FIRST;
	nested_part(&n, u->nested_first, &part);
	next = look_graphql(&u->l, &part, u->nested_first, STEP(updated_nested_page));
	buf_fini(&part);
	return next;
}

static enum flow_next
updated_nested_page(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct nested n;

	if (u->l.verdict == LOOK_TOO_HEAVY) {
		if (u->nested_first <= 1)
			return look_failed(&u->l, "GitHub cannot answer for a single "
			    "review or comment");
		u->nested_first /= 2;
		return flow_then(f, STEP(updated_nested));
	}
	if (u->l.verdict != LOOK_OK && u->l.verdict != LOOK_GONE)
		return look_failed(&u->l, u->l.why);
	if (nested_next(u->nodes, u->pulls, u->floor_ms, &n))
		nested_put(&n, u->l.verdict == LOOK_OK ? u->l.answer : NULL);
	return flow_then(f, STEP(updated_nested));
}

static enum flow_next
updated_emit(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct docs docs = { 0 };
	bool good;

	for (size_t i = 0; i < json_len(u->nodes); i++) {
		const struct json *node = json_at(u->nodes, i);

		good = u->pulls ? normal_pull(&u->l.normal, node, &docs) :
		    normal_issue(&u->l.normal, node, &docs);
		if (!good) {
			docs_fini(&docs);
			return look_failed(&u->l, "an item came without number or date");
		}
	}
	u->emitted = json_len(u->nodes);
	json_free(u->nodes);		/* while the documents are on their way */
	u->nodes = NULL;
	return look_emit(&u->l, &docs, u->settled, u->settled_name);
}

/* Refresh. */

static flow_step_fn updated_top, updated_first, updated_settled;

static enum flow_next
ask_top(struct updated *u)
{
	struct buf part = BUF(4096);
	enum flow_next next;

	buf_puts(&part, "node(id:");
	query_string(&part, u->l.repo->node_id);
	buf_printf(&part, "){...on Repository{%s(first:1,orderBy:{field:UPDATED_AT,"
	    "direction:DESC}){totalCount nodes{number updatedAt}}last:%s(first:1,"
	    "orderBy:{field:CREATED_AT,direction:DESC}){nodes{number}}}}",
	    updated_list(u), updated_list(u));
	next = look_graphql(&u->l, &part, 1, STEP(updated_top));
	buf_fini(&part);
	return next;
}

enum flow_next
updated_begin(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct stream *s = u->l.stream;
	struct updated_cursor c;

	u->numbers = numbers_take(s, &u->number);
	if (!updated_cursor_parse(s->cursor, &c))
		return ask_top(u);
	u->floor_ms = c.ms > OVERLAP_MS ? c.ms - OVERLAP_MS : 0;
	u->known_top = c.top;
	u->settled = updated_settled;
	u->settled_name = "updated_settled";
	return updated_ask(u, NULL, STEP(updated_first));
}

/*
 * First contact: the cursor begins at the newest item. All that is older is the
 * business of the gap that the engine opened; it must reach up to there.
 */
static enum flow_next
updated_top(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct look *l = &u->l;
	const struct json *nodes;
	struct gap *g, *newest = NULL;
	struct updated_cursor c = { .count = -1 };
	const char *updated;

	if (l->verdict != LOOK_OK)
		return look_failed(l, l->why);
	nodes = json_get(json_get(l->answer, updated_list(u)), "nodes");
	updated = json_str(json_at(nodes, 0), "updatedAt");
	if (!json_is(nodes, JSON_ARRAY) || (json_len(nodes) > 0 &&
	    (!json_int(json_at(nodes, 0), "number", &c.number) || updated == NULL ||
	    !clock_parse_iso(updated, &c.ms, NULL))))
		return look_failed(l, "the list came without number or date");
	for (g = engine_gap_of(l->engine, l->repo, l->stream->kind, NULL); g != NULL;
	    g = engine_gap_of(l->engine, l->repo, l->stream->kind, g))
		if (g->keys == NULL && (newest == NULL || g->to_ms > newest->to_ms))
			newest = g;
	if (newest != NULL && newest->to_ms < c.ms) {
		newest->to_ms = c.ms;
		engine_save_gap(l->engine, newest);
	}
	json_int(json_get(l->answer, updated_list(u)), "totalCount", &c.count);
	json_int(json_at(json_get(json_get(l->answer, "last"), "nodes"), 0), "number",
	    &c.top);
	free(l->stream->cursor);
	l->stream->cursor = updated_cursor_text(&c);
	engine_save_stream(l->engine, l->stream);
	return look_done(l);
}

static enum flow_next
updated_again(struct flow *f)
{
	struct updated *u = (struct updated *)f;

	return updated_ask(u, NULL, STEP(updated_first));
}

static enum flow_next
updated_first(struct flow *f)
{
	struct updated *u = (struct updated *)f;

	if (updated_apart(u, json_get(u->l.answer, updated_list(u))))
		return updated_nested(f);
	if (u->l.verdict == LOOK_TOO_HEAVY || u->l.verdict == LOOK_PARTIAL)
		return updated_less(u, STEP(updated_again));
	if (u->l.verdict != LOOK_OK)
		return look_failed(&u->l, u->l.why);
	if (!updated_take(u, json_get(u->l.answer, updated_list(u))))
		return look_failed(&u->l, "the list came without number or date");
	look_larger(&u->l);
	return updated_nested(f);
}

/* A gap of their own, which reads by number. */
static void
keep_numbers(struct updated *u, const int64_t *number, size_t n, const char *cause)
{
	struct look *l = &u->l;
	struct buf keys = BUF(STREAM_NUMBERS * 24);
	struct gap *g;

	for (size_t i = 0; i < n; i++)
		buf_printf(&keys, "%s%" PRId64, i > 0 ? " " : "", number[i]);
	if (n > 0) {
		g = engine_open_gap(l->engine, l->repo, l->stream->kind, cause,
		    l->date_ms, l->date_ms, NULL);
		str_set(&g->keys, buf_str(&keys));
		g->total = (int64_t)n;
		engine_save_gap(l->engine, g);
	}
	buf_fini(&keys);
}

/* Whether a gap waits to read just this number. */
static bool
is_kept(const struct updated *u, int64_t number)
{
	const struct look *l = &u->l;
	struct gap *g;
	char key[32];

	snprintf(key, sizeof(key), "%" PRId64, number);
	for (g = engine_gap_of(l->engine, l->repo, l->stream->kind, NULL); g != NULL;
	    g = engine_gap_of(l->engine, l->repo, l->stream->kind, g))
		if (str_eq(g->keys, key))
			return true;
	return false;
}

bool
updated_apart(struct updated *u, struct json *list)
{
	int64_t number;

	if ((u->l.verdict != LOOK_PARTIAL && u->l.verdict != LOOK_TOO_HEAVY) ||
	    u->l.answer == NULL || look_page(&u->l, PAGE_MAX) > 1 ||
	    !updated_take(u, list))
		return false;
	if (json_int(json_at(u->nodes, 0), "number", &number) && !is_kept(u, number)) {
		log_warn("github: %s: %s %" PRId64 " comes with errors and is tried "
		    "again apart: %s", u->l.repo->name, updated_fragment(u), number,
		    u->l.why);
		keep_numbers(u, &number, 1, "errors within");
	}
	json_free(u->nodes);
	u->nodes = json_new_array();
	return true;
}

static enum flow_next
updated_settled(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct look *l = &u->l;
	struct updated_cursor c;
	char *page;

	if (u->after != NULL && !u->reached) {
		page = xasprintf("read %s", u->after);
		engine_open_gap(l->engine, l->repo, l->stream->kind, "more than a page",
		    u->floor_ms, u->oldest_ms, page);
		free(page);
	}
	/* What no page showed. */
	keep_numbers(u, u->number, u->numbers, "hint");
	numbers_done(l->stream);
	if (updated_cursor_parse(l->stream->cursor, &c)) {
		updated_account(u, &c);
		if (u->newest_ms > c.ms)
			c.ms = u->newest_ms, c.number = u->newest_number;
		free(l->stream->cursor);
		l->stream->cursor = updated_cursor_text(&c);
	}
	engine_save_stream(l->engine, l->stream);
	return updated_is_behind(u) ? look_lagged(l) : look_done(l);
}

static void
updated_fini(struct look *l)
{
	struct updated *u = (struct updated *)l;

	if (l->gap == NULL)
		numbers_give_back(l->stream);
	free(u->number);
	free(u->after);
	json_free(u->nodes);
}

struct look *
look_updated(struct engine *e, struct stream *s, struct gap *g)
{
	struct updated *u = look_new(e, s, g, sizeof(*u), updated_fini);

	u->pulls = s->kind == STREAM_PULLS;
	if (g != NULL)
		look_start(&u->l, STEP(updated_gap_begin));
	else
		look_start(&u->l, STEP(updated_begin));
	return &u->l;
}

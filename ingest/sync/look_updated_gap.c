/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_updated_gap.c - older pull requests and issues: a period, read a page a
 * look, or a list of numbers. How far a period is read stands in the gap's page:
 *
 *	(none)		from the top of the list
 *	skim CURSOR	all before is younger than the period; only dates are asked
 *	read CURSOR	all before is read
 *
 * An item that is updated meanwhile moves to the top of the list, where the
 * refresh reads it. A cursor that GitHub does not take any more: from the top.
 */
#include "sync/updated.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "github/query.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SKIM_FIRST	100
#define KEYS_MAX	20

static flow_step_fn gap_read, gap_page, gap_settled, gap_skim, gap_skimmed;
static flow_step_fn keys_ask, keys_page, keys_settled;

static const char *
page_cursor(const struct gap *g, const char *how)
{
	size_t n = strlen(how);

	return g->page != NULL && strncmp(g->page, how, n) == 0 ? g->page + n : NULL;
}

static void
set_page(struct updated *u, const char *how, const char *cursor)
{
	struct gap *g = u->l.gap;
	char *page = cursor != NULL ? xasprintf("%s%s", how, cursor) : NULL;

	free(g->page);			/* cursor may lie in it */
	g->page = page;
	engine_save_gap(u->l.engine, g);
}

enum flow_next
updated_gap_begin(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct gap *g = u->l.gap;
	int64_t at;

	if (g->keys != NULL)
		return keys_ask(f);
	u->floor_ms = g->from_ms;
	u->settled = gap_settled;
	u->settled_name = "gap_settled";
	if (page_cursor(g, "read ") == NULL && (page_cursor(g, "skim ") != NULL ||
	    (updated_cursor_ms(u->l.stream->cursor, &at) && g->to_ms < at)))
		return gap_skim(f);
	return gap_read(f);
}

/* Dates alone, to where the period begins. */
static enum flow_next
gap_skim(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct buf part = BUF(8192);
	const char *after = page_cursor(u->l.gap, "skim ");
	enum flow_next next;

	buf_puts(&part, "node(id:");
	query_string(&part, u->l.repo->node_id);
	buf_printf(&part, "){...on Repository{%s(first:%d,orderBy:{field:UPDATED_AT,"
	    "direction:DESC}", updated_list(u), SKIM_FIRST);
	if (after != NULL) {
		buf_puts(&part, ",after:");
		query_string(&part, after);
	}
	buf_puts(&part, "){pageInfo{hasNextPage}edges{cursor node{updatedAt}}}}}");
	next = look_graphql(&u->l, &part, SKIM_FIRST, STEP(gap_skimmed));
	buf_fini(&part);
	return next;
}

static enum flow_next
from_the_top(struct updated *u)
{
	if (u->restarted || u->l.gap->page == NULL)
		return look_failed(&u->l, str_or(u->l.why, "GitHub did not give the "
		    "list"));
	u->restarted = true;
	set_page(u, "", NULL);
	return flow_then(&u->l.flow, STEP(updated_gap_begin));
}

static enum flow_next
gap_skimmed(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct look *l = &u->l;
	const struct json *list = json_get(l->answer, updated_list(u));
	const struct json *edges = json_get(list, "edges");
	const char *last = page_cursor(l->gap, "skim "), *updated, *cursor;
	int64_t ms;

	if (l->verdict == LOOK_PARTIAL)
		return from_the_top(u);
	if (l->verdict != LOOK_OK || !json_is(edges, JSON_ARRAY))
		return look_failed(l, str_or(l->why, "the list came without edges"));
	if (json_len(edges) == 0 && json_true(list, "pageInfo.hasNextPage"))
		return look_failed(l, "a page without items, and more behind it");
	for (size_t i = 0; i < json_len(edges); i++) {
		updated = json_str(json_at(edges, i), "node.updatedAt");
		cursor = json_str(json_at(edges, i), "cursor");
		if (updated == NULL || cursor == NULL ||
		    !clock_parse_iso(updated, &ms, NULL))
			return look_failed(l, "the list came without dates or cursors");
		if (ms > l->gap->to_ms) {
			last = cursor;
			continue;
		}
		if (ms < l->gap->from_ms)
			return look_closed(l);
		if (last == NULL)
			return gap_read(f);
		set_page(u, "read ", last);
		return gap_read(f);
	}
	if (!json_true(list, "pageInfo.hasNextPage"))
		return look_closed(l);
	set_page(u, "skim ", last);
	return gap_skim(f);
}

static enum flow_next
gap_read(struct flow *f)
{
	struct updated *u = (struct updated *)f;

	return updated_ask(u, page_cursor(u->l.gap, "read "), STEP(gap_page));
}

static enum flow_next
gap_page(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct look *l = &u->l;
	struct json *list = json_get(l->answer, updated_list(u));

	if (l->verdict == LOOK_PARTIAL && !json_is(list, JSON_OBJECT) &&
	    l->gap->page != NULL)
		return from_the_top(u);
	if (updated_apart(u, list))
		return updated_nested(f);
	if (l->verdict == LOOK_TOO_HEAVY || l->verdict == LOOK_PARTIAL)
		return updated_less(u, STEP(gap_read));
	if (l->verdict != LOOK_OK)
		return look_failed(l, l->why);
	if (!updated_take(u, list))
		return look_failed(l, "the list came without number or date");
	look_larger(l);
	return updated_nested(f);
}

static enum flow_next
gap_settled(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct look *l = &u->l;

	if (u->reached || u->after == NULL)
		return look_closed(l);
	l->gap->read += (int64_t)u->emitted;
	if (u->oldest_ms < l->gap->to_ms)
		l->gap->to_ms = u->oldest_ms;
	set_page(u, "read ", u->after);
	return look_done(l);
}

/* Numbers. */

/* The first of the gap's keys, at most KEYS_MAX and what GitHub bears. */
static enum flow_next
keys_ask(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct buf part = BUF(16 << 10);
	const char *p = u->l.gap->keys;
	enum flow_next next;
	char *end;

	u->settled = keys_settled;
	u->settled_name = "keys_settled";
	free(u->number);
	u->number = xcalloc(KEYS_MAX, sizeof(*u->number));
	u->numbers = 0;
	buf_puts(&part, "node(id:");
	query_string(&part, u->l.repo->node_id);
	buf_puts(&part, "){...on Repository{");
	for (; u->numbers < look_page(&u->l, KEYS_MAX); p = end) {
		int64_t n = strtoll(p, &end, 10);

		if (end == p)
			break;
		u->number[u->numbers++] = n;
		buf_printf(&part, "n%" PRId64 ":%s(number:%" PRId64 "){...%s}", n,
		    updated_one(u), n, updated_fragment(u));
	}
	buf_puts(&part, "}}");
	if (u->numbers == 0)
		next = look_closed(&u->l);
	else
		next = look_graphql(&u->l, &part, (unsigned)u->numbers *
		    (u->pulls ? 20 : 6), STEP(keys_page));
	buf_fini(&part);
	return next;
}

/* A number that is an issue's or nobody's is told as NOT_FOUND. */
static bool
only_not_found(const struct json *errors)
{
	for (size_t i = 0; i < json_len(errors); i++)
		if (!str_eq(json_str(json_at(errors, i), "type"), "NOT_FOUND"))
			return false;
	return true;
}

static enum flow_next
keys_page(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct look *l = &u->l;
	char alias[32];

	if (l->verdict == LOOK_TOO_HEAVY ||
	    (l->verdict == LOOK_PARTIAL && !only_not_found(l->errors)))
		return updated_less(u, STEP(keys_ask));
	if (l->verdict != LOOK_OK && l->verdict != LOOK_PARTIAL)
		return look_failed(l, l->why);
	json_free(u->nodes);
	u->nodes = json_new_array();
	for (size_t i = 0; i < u->numbers; i++) {
		const struct json *node;

		snprintf(alias, sizeof(alias), "n%" PRId64, u->number[i]);
		node = json_get(l->answer, alias);
		if (json_is(node, JSON_OBJECT))
			json_push(u->nodes, json_copy(node));
	}
	return updated_nested(f);
}

static enum flow_next
keys_settled(struct flow *f)
{
	struct updated *u = (struct updated *)f;
	struct gap *g = u->l.gap;
	const char *rest = g->keys;
	char *end;

	for (size_t i = 0; i < u->numbers; i++) {
		if (strtoll(rest, &end, 10) != u->number[i] || end == rest)
			break;
		rest = end;
	}
	rest += strspn(rest, " ");
	if (*rest == '\0')
		return look_closed(&u->l);
	g->read += (int64_t)u->numbers;
	end = xstrdup(rest);
	free(g->keys);
	g->keys = end;
	engine_save_gap(u->l.engine, g);
	return look_done(&u->l);
}

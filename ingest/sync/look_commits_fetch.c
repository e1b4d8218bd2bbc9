/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_commits_fetch.c - commits with all their fields, emitted: those of a list
 * of SHAs, at most 50 a query, or those of a history, a page at a time.
 */
#include "sync/look_commits.h"
#include "base/clock.h"
#include "base/str.h"
#include "github/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WEIGHT	4	/* nodes of a commit: itself, parents, authors */

static flow_step_fn fetch_ask, fetch_answer, fetch_settled, history_ask, history_page,
    history_settled;

struct want *
wants_add(struct wants *l, const char *sha)
{
	struct want *w;

	if (l->count == l->cap) {
		l->cap = l->cap > 0 ? l->cap * 2 : 64;
		l->want = xrealloc(l->want, l->cap * sizeof(*l->want));
	}
	w = &l->want[l->count++];
	memset(w, 0, sizeof(*w));
	str_copy(w->sha, sizeof(w->sha), sha);
	return w;
}

void
wants_clear(struct wants *l)
{
	free(l->want);
	memset(l, 0, sizeof(*l));
}

void
commits_part(const struct commits *c, struct buf *b)
{
	buf_puts(b, "node(id:");
	query_string(b, c->look.repo->node_id);
	buf_puts(b, "){...on Repository{");
}

void
commits_add_history(struct buf *b, unsigned first, const char *after,
    const char *fragment)
{
	buf_printf(b, "history(first:%u", first);
	if (after[0] != '\0') {
		buf_puts(b, ",after:");
		query_string(b, after);
	}
	buf_printf(b, "){pageInfo{hasNextPage endCursor} nodes{...%s}}", fragment);
}

enum flow_next
commits_garbage(struct commits *c, const char *what)
{
	char why[128];

	snprintf(why, sizeof(why), "GitHub's answer is not %s", what);
	return look_failed(&c->look, why);
}

bool
commits_answered(struct commits *c, unsigned *size, flow_step_fn *ask,
    const char *name, enum flow_next *next)
{
	struct look *l = &c->look;
	bool partial = l->verdict == LOOK_PARTIAL;

	if (l->verdict == LOOK_OK || (partial && *size <= 1)) {
		if (json_is(l->answer, JSON_OBJECT))
			return true;
		*next = commits_garbage(c, "an object");
	} else if ((partial || l->verdict == LOOK_TOO_HEAVY) && *size > 1) {
		*size /= 2;
		*next = flow_then(&l->flow, ask, name);
	} else {
		*next = look_failed(l, l->why);
	}
	return false;
}

enum flow_next
commits_fetch(struct commits *c, flow_step_fn *then, const char *name)
{
	c->then = then;
	c->then_name = name;
	c->pos = 0;
	c->missing = 0;
	return flow_then(&c->look.flow, STEP(fetch_ask));
}

static enum flow_next
fetch_ask(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	struct buf b = BUF(1 << 16);
	enum flow_next next;
	unsigned asked = 0;

	if (c->pos >= c->wants.count)
		return flow_then(f, c->then, c->then_name);
	commits_part(c, &b);
	buf_puts(&b, "id ");
	for (c->asked = 0; asked < c->batch; c->asked++) {
		size_t i = c->pos + c->asked;

		if (i >= c->wants.count)
			break;
		if (c->wants.want[i].node != NULL)
			continue;
		buf_printf(&b, "o%zu:object(oid:\"%s\"){...on Commit{...commit}} ",
		    c->asked, c->wants.want[i].sha);
		asked++;
	}
	buf_puts(&b, "}}");
	if (asked == 0)
		next = flow_then(f, STEP(fetch_answer));
	else
		next = look_graphql(&c->look, &b, 1 + WEIGHT * asked, STEP(fetch_answer));
	c->without = asked == 0;
	buf_fini(&b);
	return next;
}

/* A node of a commit into c->docs; false when it is none. */
static bool
take(struct commits *c, const struct json *node, bool flag, int64_t *committed_ms)
{
	const char *date = json_str(node, "committedDate");

	c->written = true;
	return sha_valid(json_str(node, "oid")) && date != NULL &&
	    clock_parse_iso(date, committed_ms, NULL) &&
	    normal_commit(&c->look.normal, node, flag, &c->docs);
}

static enum flow_next
fetch_answer(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	enum flow_next next;
	char alias[24];

	if (!c->without && !commits_answered(c, &c->batch, STEP(fetch_ask), &next))
		return next;
	for (size_t i = 0; i < c->asked; i++) {
		struct want *w = &c->wants.want[c->pos + i];
		const struct json *node = w->node;

		snprintf(alias, sizeof(alias), "o%zu", i);
		if (node == NULL)
			node = json_get(c->look.answer, alias);
		if (json_is(node, JSON_NULL) && c->look.verdict == LOOK_OK) {
			w->sha[0] = '\0';
			c->missing++;
		} else if (!take(c, node, c->flag, &w->committed_ms)) {
			return commits_garbage(c, "a commit");
		}
	}
	return look_emit(&c->look, &c->docs, STEP(fetch_settled));
}

static enum flow_next
fetch_settled(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	c->pos += c->asked;
	return flow_then(f, STEP(fetch_ask));
}

void
commits_flag(struct commits *c)
{
	struct state *s = engine_state(c->look.engine);
	int64_t repo = c->look.repo->id;

	for (size_t i = 0; i < c->wants.count; i++) {
		const struct want *w = &c->wants.want[i];

		if (w->sha[0] == '\0')
			continue;
		if (c->flag)
			state_flag(s, repo, w->sha, w->committed_ms);
		else
			state_unflag(s, repo, w->sha);
	}
}

enum flow_next
commits_history(struct commits *c, void (*saved)(struct commits *c),
    flow_step_fn *then, const char *name)
{
	c->saved = saved;
	c->then = then;
	c->then_name = name;
	c->size = 100;
	return flow_then(&c->look.flow, STEP(history_ask));
}

static enum flow_next
history_ask(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	struct buf b = BUF(4096);
	char since[CLOCK_TEXT];
	enum flow_next next;

	commits_part(c, &b);
	buf_printf(&b, "object(oid:\"%s\"){...on Commit{", c->place.head);
	if (c->count && c->from_ms > EVER_MS)
		buf_printf(&b, "all:history(since:\"%s\"){totalCount} ",
		    clock_iso(c->from_ms / 1000 * 1000, since));
	else if (c->count)
		buf_puts(&b, "all:history{totalCount} ");
	commits_add_history(&b, c->size, c->place.after, "commit");
	buf_puts(&b, "}}}}");
	next = look_graphql(&c->look, &b, 1 + WEIGHT * c->size, STEP(history_page));
	buf_fini(&b);
	return next;
}

/* The commits of a page into c->docs and c->wants. */
static bool
take_page(struct commits *c, const struct json *nodes)
{
	struct commits_place p = c->place;

	wants_clear(&c->wants);
	for (size_t i = 0; i < json_len(nodes); i++) {
		const struct json *node = json_at(nodes, i);
		const char *date = json_str(node, "committedDate"), *sha;
		struct want *w;
		int64_t ms;

		sha = json_str(node, "oid");
		if (!sha_valid(sha) || !clock_parse_iso(str_or(date, ""), &ms, NULL))
			return false;
		if (place_wants(&p, c->from_ms, c->stop_ms, ms) &&
		    !take(c, node, true, &ms))
			return false;
		w = wants_add(&c->wants, sha);
		w->committed_ms = ms;
	}
	c->place.old = p.old;
	return true;
}

static enum flow_next
history_page(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	const struct json *commit, *h;
	const char *after;
	enum flow_next next;

	if (c->count && c->look.verdict != LOOK_OK) {
		c->count = false;		/* the count is a courtesy */
		return flow_then(f, STEP(history_ask));
	}
	if (!commits_answered(c, &c->size, STEP(history_ask), &next))
		return next;
	commit = json_get(c->look.answer, "object");
	if (!json_is(commit, JSON_OBJECT))
		return c->at.mode == MODE_NONE ? commits_gap_lost(c) :
		    commits_vanished(c);
	h = json_get(commit, "history");
	if (!json_is(json_get(h, "nodes"), JSON_ARRAY) ||
	    !take_page(c, json_get(h, "nodes")))
		return commits_garbage(c, "a history");
	if (c->count)
		UNUSED(json_int(commit, "all.totalCount", &c->total));
	c->count = false;
	c->read = (int64_t)c->docs.count;
	c->last = !json_true(h, "pageInfo.hasNextPage") || c->place.old >= PLACE_OLD;
	after = str_or(json_str(h, "pageInfo.endCursor"), c->last ? c->place.after : "");
	if (after[0] == '\0' || !str_copy(c->place.after, sizeof(c->place.after), after))
		return commits_garbage(c, "a page of a history");
	return look_emit(&c->look, &c->docs, STEP(history_settled));
}

static enum flow_next
history_settled(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	c->flag = true;
	commits_flag(c);
	if (c->last)
		return flow_then(f, c->then, c->then_name);
	c->saved(c);
	return flow_then(f, STEP(history_ask));
}

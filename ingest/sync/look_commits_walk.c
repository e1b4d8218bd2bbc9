/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_commits_walk.c - which commits are new, by the closed walk: the newest 10
 * came with the head, the links of up to 1,000 are asked for. What closes is
 * emitted here; what does not is left to compare or to a sweep.
 */
#include "sync/look_commits.h"
#include "base/clock.h"
#include "base/str.h"
#include "github/query.h"

#include <stdlib.h>

#define PAGE	100

static flow_step_fn walk_target, walk_on, walk_ask_links, walk_links, walk_arrived;

/* A page of a history, into the walk. */
static bool
take_history(struct commits *c, const struct json *commit, bool full)
{
	const struct json *nodes = json_get(commit, "history.nodes");

	if (json_len(nodes) == 0)
		return false;
	for (size_t i = 0; i < json_len(nodes); i++) {
		if (!sha_valid(json_str(json_at(nodes, i), "oid")))
			return false;
		walk_add(c->walk, json_at(nodes, i), full);
		c->walked++;
	}
	c->more = json_true(commit, "history.pageInfo.hasNextPage");
	return str_copy(c->after, sizeof(c->after),
	    str_or(json_str(commit, "history.pageInfo.endCursor"), ""));
}

enum flow_next
commits_walk_begin(struct commits *c, const struct json *commit)
{
	walk_free(c->walk);
	c->walk = walk_new(c->at.to);
	c->walked = 0;
	if (!take_history(c, commit, true))
		return commits_garbage(c, "a history");
	c->size = PAGE;
	return flow_sleep(&c->look.flow, COMMITS_DURABLE_MS, STEP(walk_on));
}

/* A target that an older look fixed: from its head again. */
enum flow_next
commits_walk_again(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	struct buf b = BUF(4096);
	enum flow_next next;

	commits_part(c, &b);
	buf_printf(&b, "object(oid:\"%s\"){...on Commit{oid ", c->at.to);
	commits_add_history(&b, c->size, "", "commit");
	buf_puts(&b, "}}}}");
	next = look_graphql(&c->look, &b, 1 + 4 * c->size, STEP(walk_target));
	buf_fini(&b);
	return next;
}

static enum flow_next
walk_target(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	const struct json *commit;
	enum flow_next next;

	if (!commits_answered(c, &c->size, STEP(commits_walk_again), &next))
		return next;
	commit = json_get(c->look.answer, "object");
	if (!json_is(commit, JSON_OBJECT))
		return commits_vanished(c);
	return commits_walk_begin(c, commit);
}

static bool
known(void *arg, const char *sha)
{
	struct commits *c = arg;

	return str_eq(sha, c->at.head) ||
	    state_flagged(engine_state(c->look.engine), c->look.repo->id, sha);
}

/* An empty repository's first push is large: a gap of its own reads it. */
static enum flow_next
whole(struct commits *c)
{
	struct commits_place p = { .old = 0 };
	char *text;

	str_copy(p.head, sizeof(p.head), c->at.to);
	text = place_text(&p);
	engine_open_gap(c->look.engine, c->look.repo, STREAM_COMMITS, "first push",
	    EVER_MS, clock_wall_ms(), text);
	free(text);
	return commits_reached(c);
}

/* Oldest first, as far as the walk tells. */
static enum flow_next
emit_walk(struct commits *c)
{
	wants_clear(&c->wants);
	for (size_t i = walk_count(c->walk); i-- > 0;)
		wants_add(&c->wants, walk_sha(c->walk, i))->node = walk_node(c->walk, i);
	c->flag = true;
	return commits_fetch(c, STEP(walk_arrived));
}

static enum flow_next
walk_on(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	struct walk_facts w = { .more = c->more, .walked = c->walked };

	w.closed = walk_close(c->walk, known, c);
	w.met = walk_met(c->walk, c->at.head);
	w.empty = c->at.head[0] == '\0';
	c->way = commits_way(&w);
	if (w.closed && walk_count(c->walk) == 0)
		return commits_behind(c);
	switch (c->way) {
	case WAY_MORE:
		return flow_then(f, STEP(walk_ask_links));
	case WAY_AHEAD:
	case WAY_LOST:
		return emit_walk(c);
	case WAY_WHOLE:
		return whole(c);
	case WAY_COMPARE:
		break;
	}
	c->at.mode = MODE_AHEAD;
	c->at.page = 1;
	commits_save(c);
	return flow_then(f, STEP(commits_compare));
}

static enum flow_next
walk_ask_links(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	struct buf b = BUF(4096);
	enum flow_next next;

	commits_part(c, &b);
	buf_printf(&b, "object(oid:\"%s\"){...on Commit{", c->at.to);
	commits_add_history(&b, c->size, c->after, "link");
	buf_puts(&b, "}}}}");
	next = look_graphql(&c->look, &b, 1 + 2 * c->size, STEP(walk_links));
	buf_fini(&b);
	return next;
}

static enum flow_next
walk_links(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	const struct json *commit;
	enum flow_next next;

	if (!commits_answered(c, &c->size, STEP(walk_ask_links), &next))
		return next;
	commit = json_get(c->look.answer, "object");
	if (!json_is(commit, JSON_OBJECT))
		return commits_vanished(c);
	if (!take_history(c, commit, false))
		return commits_garbage(c, "a history");
	return flow_then(f, STEP(walk_on));
}

static enum flow_next
walk_arrived(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	if (c->missing > 0)
		return commits_vanished(c);
	commits_flag(c);
	return c->way == WAY_LOST ? commits_rewritten(c, MODE_LOST) : commits_reached(c);
}

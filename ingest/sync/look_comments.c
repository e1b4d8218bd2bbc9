/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_comments.c - the daily net: comments, and comments of reviews, whose
 * issue or pull request did not move when they came or were edited. REST lists
 * them by updated_at, oldest first. The next page begins at the last one's
 * updated_at, not at a page number: an item that is edited meanwhile moves to
 * the end, and what is behind it would be skipped by number.
 *
 *	cursor: "ISSUES_MS PULLS_MS", the newest updated_at read of each
 *	page of a gap: the same
 */
#include "base/clock.h"
#include "base/str.h"
#include "sync/look.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define PER_PAGE	100
#define CONTACT_MS	((int64_t)24 * 3600 * 1000)

struct comments {
	struct look	 l;		/* first */
	int64_t		 at_ms[2];	/* issues, pulls: read up to here */
	int		 which;
	unsigned	 page;		/* above 1: more than a page of one second */
	int64_t		 last_ms;	/* of the page in hand */
	bool		 end;		/* it was the last */
};

static flow_step_fn comments_ask, comments_page, comments_settled;

static bool
parse_at(const char *text, int64_t at_ms[2])
{
	return text != NULL &&
	    sscanf(text, "%" SCNd64 " %" SCNd64, &at_ms[0], &at_ms[1]) == 2;
}

static enum flow_next
comments_begin(struct flow *f)
{
	struct comments *c = (struct comments *)f;
	struct gap *g = c->l.gap;

	c->page = 1;
	if (g != NULL) {
		if (!parse_at(g->page, c->at_ms))
			c->at_ms[0] = c->at_ms[1] = g->from_ms;
		if (c->at_ms[0] > g->to_ms)
			c->which = 1;
	} else if (!parse_at(c->l.stream->cursor, c->at_ms)) {
		/* What is older is the first contact's gap; a day for clocks. */
		c->at_ms[0] = c->at_ms[1] = clock_wall_ms() - CONTACT_MS;
	}
	return comments_ask(f);
}

static enum flow_next
comments_ask(struct flow *f)
{
	struct comments *c = (struct comments *)f;
	char url[512], since[CLOCK_TEXT];
	int64_t at = c->at_ms[c->which] > 0 ? c->at_ms[c->which] : 0;
	int n;

	n = snprintf(url, sizeof(url), "/repositories/%" PRId64 "/%s/comments?"
	    "since=%s&sort=updated&direction=asc&per_page=%d", c->l.repo->id,
	    c->which == 0 ? "issues" : "pulls", clock_iso(at / 1000 * 1000, since),
	    PER_PAGE);
	if (c->page > 1)
		snprintf(url + n, sizeof(url) - (size_t)n, "&page=%u", c->page);
	return look_rest(&c->l, url, STEP(comments_page));
}

static bool
take(struct comments *c, const struct json *item, struct docs *docs)
{
	const char *updated = json_str(item, "updated_at");
	int64_t ms;

	if (updated == NULL || !clock_parse_iso(updated, &ms, NULL))
		return false;
	c->last_ms = ms;
	if (c->l.gap != NULL && ms > c->l.gap->to_ms) {
		c->end = true;
		return true;
	}
	return c->which == 0 ? normal_rest_issue_comment(&c->l.normal, item, docs) :
	    normal_rest_review_comment(&c->l.normal, item, docs);
}

static enum flow_next
comments_page(struct flow *f)
{
	struct comments *c = (struct comments *)f;
	const struct json *list = c->l.answer;
	struct docs docs = { 0 };

	c->end = true;
	if (c->l.verdict == LOOK_END || c->l.verdict == LOOK_GONE ||
	    c->l.verdict == LOOK_EMPTY)
		return comments_settled(f);	/* issues may be switched off */
	if (c->l.verdict != LOOK_OK || !json_is(list, JSON_ARRAY))
		return look_failed(&c->l, str_or(c->l.why, "no list of comments came"));
	c->end = json_len(list) < PER_PAGE;
	c->last_ms = c->at_ms[c->which];
	for (size_t i = 0; i < json_len(list); i++)
		if (!take(c, json_at(list, i), &docs)) {
			docs_fini(&docs);
			return look_failed(&c->l, "a comment came without id or date");
		}
	if (docs.count == 0)
		return comments_settled(f);
	return look_emit(&c->l, &docs, STEP(comments_settled));
}

/* Moves on; false when both lists are at their end. */
static bool
advance(struct comments *c)
{
	int64_t *at = &c->at_ms[c->which];

	if (!c->end && c->last_ms <= *at) {
		c->page++;
		return true;
	}
	c->page = 1;
	if (c->last_ms > *at)
		*at = c->last_ms;
	if (!c->end)
		return true;
	return c->which++ == 0;
}

static enum flow_next
comments_settled(struct flow *f)
{
	struct comments *c = (struct comments *)f;
	struct gap *g = c->l.gap;
	bool more;
	char *text;

	c->last_ms = c->last_ms > 0 ? c->last_ms : c->at_ms[c->which];
	more = advance(c);
	if (g != NULL && !more)
		return look_closed(&c->l);
	if (g != NULL && c->which == 1 && c->at_ms[0] <= g->to_ms)
		c->at_ms[0] = g->to_ms + 1;	/* the first list is done */
	text = xasprintf("%" PRId64 " %" PRId64, c->at_ms[0], c->at_ms[1]);
	if (g != NULL) {
		free(g->page);
		g->page = text;
		engine_save_gap(c->l.engine, g);
	} else {
		free(c->l.stream->cursor);
		c->l.stream->cursor = text;
		engine_save_stream(c->l.engine, c->l.stream);
	}
	if (!more || (g != NULL && c->page == 1))
		return look_done(&c->l);
	return flow_then(f, STEP(comments_ask));
}

struct look *
look_comments(struct engine *e, struct stream *s, struct gap *g)
{
	struct comments *c = look_new(e, s, g, sizeof(*c), NULL);

	look_start(&c->l, STEP(comments_begin));
	return &c->l;
}

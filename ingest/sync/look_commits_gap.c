/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_commits_gap.c - a gap of commits: the history of the head that the cursor
 * had when the gap was begun, down to the gap's bound. By committer date, and
 * without `since`, which may stop at one commit that carries an old date.
 *
 * What came after first contact is held whatever its date. So where a store is
 * new, compare names all of that first, page by page (place.page, -1 when done),
 * and what is older than the bound is read by name.
 *
 * A target that a refresh left half read is finished before, by the same look:
 * reading two heads at once would flag what one of them has lost.
 */
#include "sync/look_commits.h"
#include "base/clock.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define AGAIN_MS	60000
#define PAGE		100

static flow_step_fn gap_ask_late, gap_late, gap_late_settled, gap_ask_why, gap_why,
    gap_history, gap_read;

static void
gap_saved(struct commits *c)
{
	struct gap *g = c->look.gap;

	free(g->page);
	g->page = place_text(&c->place);
	g->read += c->read;
	if (c->total >= 0)
		g->total = c->total;
	engine_save_gap(c->look.engine, g);
}

enum flow_next
commits_gap(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	struct gap *g = c->look.gap;

	if (!place_parse(g->page, &c->place)) {
		if (c->at.head[0] == '\0')
			return flow_then(f, STEP(gap_read));
		str_copy(c->place.head, sizeof(c->place.head), c->at.head);
	}
	c->total = -1;
	c->count = g->total < 0;
	if (str_eq(g->cause, "store") && c->at.first[0] != '\0' && c->place.page >= 0)
		return flow_then(f, STEP(gap_ask_late));
	return flow_then(f, STEP(gap_history));
}

static enum flow_next
gap_ask_late(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	char url[320];

	if (c->place.page == 0)
		c->place.page = 1;
	snprintf(url, sizeof(url), "/repositories/%" PRId64 "/compare/%s...%s"
	    "?per_page=%d&page=%" PRId64, c->look.repo->id, c->at.first, c->place.head,
	    PAGE, c->place.page);
	return look_rest(&c->look, url, STEP(gap_late));
}

/* Those of a page that the history, read down to the bound, would not bring. */
static bool
take_late(struct commits *c, const struct json *list)
{
	int64_t ms;

	wants_clear(&c->wants);
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *commit = json_at(list, i);
		const char *sha = json_str(commit, "sha");
		const char *date = json_str(commit, "commit.committer.date");

		if (!sha_valid(sha) || !clock_parse_iso(str_or(date, ""), &ms, NULL))
			return false;
		if (ms < c->look.gap->from_ms)
			wants_add(&c->wants, sha);
	}
	return json_is(list, JSON_ARRAY);
}

static enum flow_next
gap_late(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	struct look *l = &c->look;
	int64_t total;

	if (l->verdict == LOOK_GONE)
		return flow_then(f, STEP(gap_ask_why));
	if (l->verdict != LOOK_OK && l->verdict != LOOK_TOO_HEAVY &&
	    l->verdict != LOOK_END)
		return look_failed(l, l->why);
	c->more = false;
	wants_clear(&c->wants);
	if (l->verdict == LOOK_OK) {
		if (!json_int(l->answer, "total_commits", &total) ||
		    !take_late(c, json_get(l->answer, "commits")))
			return commits_garbage(c, "a comparison");
		c->more = c->place.page * PAGE < total &&
		    json_len(json_get(l->answer, "commits")) > 0;
	}
	c->flag = true;
	return commits_fetch(c, STEP(gap_late_settled));
}

static enum flow_next
gap_late_settled(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	if (c->missing > 0)
		return commits_gap_lost(c);
	c->read = (int64_t)c->wants.count;
	c->place.page = c->more ? c->place.page + 1 : -1;
	gap_saved(c);
	if (c->more)
		return flow_then(f, STEP(gap_ask_late));
	return flow_then(f, STEP(gap_history));
}

/* 404: if both are there they are unrelated, and all is later than contact. */
static enum flow_next
gap_ask_why(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	return commits_ask_two(c, c->at.first, c->place.head, STEP(gap_why));
}

static enum flow_next
gap_why(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	unsigned size = 1;
	enum flow_next next;

	if (!commits_answered(c, &size, STEP(gap_ask_why), &next))
		return next;
	if (!json_is(json_get(c->look.answer, "new"), JSON_OBJECT))
		return commits_gap_lost(c);
	c->place.whole = json_is(json_get(c->look.answer, "old"), JSON_OBJECT);
	c->place.page = -1;
	c->read = 0;
	gap_saved(c);
	return flow_then(f, STEP(gap_history));
}

static enum flow_next
gap_history(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	UNUSED(f);
	c->from_ms = c->stop_ms = c->place.whole ? EVER_MS : c->look.gap->from_ms;
	return commits_history(c, gap_saved, STEP(gap_read));
}

static enum flow_next
gap_read(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	UNUSED(f);
	return look_closed(&c->look);
}

/*
 * GitHub does not know the gap's head: forced away, most likely, and collected.
 * If so the refresh that this look becomes finds it, and the gap starts again.
 */
enum flow_next
commits_gap_lost(struct commits *c)
{
	if (c->refreshed)
		return look_again(&c->look, AGAIN_MS);
	c->refreshed = true;
	c->size = COMMITS_FIRST;
	return flow_then(&c->look.flow, STEP(commits_ask_head));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_commits_gap.c - a gap of commits: the history of the head that the cursor
 * had when the gap was begun, down to the gap's bound. By committer date, and
 * without `since`, which may stop at one commit that carries an old date.
 *
 * A target that a refresh left half read is finished first, by the same look:
 * reading two heads at once would flag what one of them has lost.
 */
#include "sync/look_commits.h"
#include "base/str.h"

#include <stdlib.h>

#define AGAIN_MS	60000

static flow_step_fn gap_read;

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
	c->from_ms = g->from_ms;
	c->total = -1;
	c->count = g->total < 0;
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

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_commits_sweep.c - mark and sweep, when nobody can say what a head lost:
 * unrelated histories, an old head that is gone.
 *
 * All that is covered is read again from the new head. Then the stores are asked
 * for commits that are flagged and were not written by this: they have lost the
 * branch, and are un-flagged from the stores' own copies. One that is older
 * than what is covered is held because it was seen being pushed; the history
 * was not read down to it, so compare says whether it is still there.
 */
#include "sync/look_commits.h"
#include "base/log.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS		((int64_t)86400000)
#define FOUND		500

static flow_step_fn sweep_read, unflag_ask, unflag_found, unflag_check,
    unflag_checked, unflag_emit, unflag_kept, unflag_settled;

static void
sweep_saved(struct commits *c)
{
	str_copy(c->at.after, sizeof(c->at.after), c->place.after);
	c->at.old = c->place.old;
	commits_save(c);
}

/* From where on commits are covered and in no gap that is open to the past. */
static int64_t
covered_from(struct commits *c)
{
	struct look *l = &c->look;
	int64_t from_ms = l->stream->since_ms;
	struct gap *g;
	bool moved;

	do {
		moved = false;
		g = engine_gap_of(l->engine, l->repo, STREAM_COMMITS, NULL);
		for (; g != NULL; g = engine_gap_of(l->engine, l->repo,
		    STREAM_COMMITS, g))
			if (g->keys == NULL && g->from_ms <= from_ms &&
			    g->to_ms > from_ms) {
				from_ms = g->to_ms;
				moved = true;
			}
	} while (moved);
	return from_ms;
}

enum flow_next
commits_sweep(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	struct commits_place p = { .old = c->at.old };

	if (c->at.mode == MODE_UNFLAG)
		return flow_then(f, STEP(unflag_ask));
	str_copy(p.head, sizeof(p.head), c->at.to);
	str_copy(p.after, sizeof(p.after), c->at.after);
	c->place = p;
	c->from_ms = c->at.whole ? EVER_MS : c->look.stream->since_ms;
	c->stop_ms = c->at.whole ? EVER_MS : covered_from(c);
	return commits_history(c, sweep_saved, STEP(sweep_read));
}

/* Gaps that were open before the sweep go on where it ends. */
static void
hand_over(struct commits *c)
{
	struct look *l = &c->look;
	struct commits_place p;
	struct gap *g = NULL;

	while ((g = engine_gap_of(l->engine, l->repo, STREAM_COMMITS, g)) != NULL) {
		if (!place_parse(g->page, &p) || !p.swept)
			continue;
		p.swept = false;
		str_copy(p.after, sizeof(p.after), c->place.after);
		free(g->page);
		g->page = place_text(&p);
		engine_save_gap(l->engine, g);
	}
}

static enum flow_next
sweep_read(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	hand_over(c);
	c->at.mode = MODE_UNFLAG;
	commits_save(c);
	return flow_then(f, STEP(unflag_ask));
}

static enum flow_next
unflag_ask(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	return look_flagged(&c->look, c->at.look_s, FOUND, STEP(unflag_found));
}

static const char *
sha_of(const struct doc *d)
{
	return str_or(json_str(d->body, "github.commit.sha"), "");
}

/* Each is un-flagged at once, or held until compare has spoken. */
static enum flow_next
unflag_found(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	struct docs found = c->look.found;
	int64_t since_ms = c->at.whole ? EVER_MS : c->look.stream->since_ms;

	memset(&c->look.found, 0, sizeof(c->look.found));
	if (found.count == 0)
		return commits_reached(c);
	if (str_eq(c->stuck, sha_of(found.doc[0]))) {
		log_warn("github: %s: commits that lost the default branch stay as they "
		    "are in the store, which gives them back as if they had not been "
		    "written; does something else write to it?", c->look.repo->name);
		docs_fini(&found);
		return commits_reached(c);
	}
	str_copy(c->stuck, sizeof(c->stuck), sha_of(found.doc[0]));
	for (size_t i = 0; i < found.count; i++) {
		struct doc *d = found.doc[i];

		found.doc[i] = NULL;
		if (c->at.to[0] != '\0' && since_ms > EVER_MS &&
		    d->ts_ms < since_ms - DAY_MS &&
		    sha_valid(sha_of(d))) {
			docs_add(&c->held, d);
		} else {
			normal_unflag(d);
			docs_add(&c->docs, d);
		}
	}
	docs_fini(&found);
	wants_clear(&c->wants);
	c->held_pos = 0;
	return flow_then(f, STEP(unflag_check));
}

/* Page 2 of a comparison says how two commits stand, and names none. */
static enum flow_next
unflag_check(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	char url[320];

	if (c->held_pos >= c->held.count) {
		docs_fini(&c->held);
		return flow_then(f, STEP(unflag_emit));
	}
	snprintf(url, sizeof(url), "/repositories/%" PRId64 "/compare/%s...%s"
	    "?per_page=1&page=2", c->look.repo->id, c->at.to,
	    sha_of(c->held.doc[c->held_pos]));
	return look_rest(&c->look, url, STEP(unflag_checked));
}

static enum flow_next
unflag_checked(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	struct doc *d = c->held.doc[c->held_pos];
	const char *status = json_str(c->look.answer, "status");

	if (c->look.verdict != LOOK_OK && c->look.verdict != LOOK_GONE)
		return look_failed(&c->look, c->look.why);
	if (c->look.verdict == LOOK_OK &&
	    (str_eq(status, "behind") || str_eq(status, "identical"))) {
		wants_add(&c->wants, sha_of(d));
	} else {
		c->held.doc[c->held_pos] = NULL;
		normal_unflag(d);
		docs_add(&c->docs, d);
	}
	c->held_pos++;
	return flow_then(f, STEP(unflag_check));
}

static enum flow_next
unflag_emit(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	return look_emit(&c->look, &c->docs, STEP(unflag_kept));
}

/* Those that are still on the branch are written by this walk after all. */
static enum flow_next
unflag_kept(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	UNUSED(f);
	c->flag = true;
	return commits_fetch(c, STEP(unflag_settled));
}

static enum flow_next
unflag_settled(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	if (c->missing > 0)
		return look_again(&c->look, 60000);
	commits_flag(c);
	return flow_then(f, STEP(unflag_ask));
}

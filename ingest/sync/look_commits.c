/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_commits.c - a refresh of the commits of a default branch: its beginning,
 * when the head is asked for, and its end. See look_commits.h.
 *
 * Two things GitHub says are not believed at once, since its replicas lag: that
 * the head lies behind ours, and that a head we know of is not there.
 */
#include "sync/look_commits.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "github/query.h"

#include <stdlib.h>
#include <string.h>

#define AGAIN_MS	60000
#define VANISHED_S	600		/* a head that is not there, after that */

static flow_step_fn commits_begin, commits_head;

void
commits_save(struct commits *c)
{
	struct stream *s = c->look.stream;

	free(s->cursor);
	s->cursor = cursor_text(&c->at);
	engine_save_stream(c->look.engine, s);
}

static int64_t
now_s(const struct commits *c)
{
	return (c->look.date_ms > 0 ? c->look.date_ms : clock_wall_ms()) / 1000;
}

bool
commits_doubted(const struct commits *c, const char *head, int64_t seconds)
{
	return str_eq(c->at.doubt, head) && now_s(c) >= c->at.doubt_s + seconds;
}

/* Later: what GitHub says of this head is not believed yet. */
enum flow_next
commits_doubt(struct commits *c, const char *head)
{
	if (!str_eq(c->at.doubt, head)) {
		str_copy(c->at.doubt, sizeof(c->at.doubt), head);
		c->at.doubt_s = now_s(c);
	}
	commits_save(c);
	return look_again(&c->look, AGAIN_MS);
}

/* The head lies behind ours: that has to be seen twice. */
enum flow_next
commits_behind(struct commits *c)
{
	if (commits_doubted(c, c->at.to, DOUBT_S))
		return commits_rewritten(c, MODE_LOST);
	c->at.mode = MODE_BEHIND;
	return commits_doubt(c, c->at.to);
}

/*
 * GitHub does not know the target: a replica that lags, or it was forced away
 * and collected. What was written of it is on no branch then: all is swept.
 */
enum flow_next
commits_vanished(struct commits *c)
{
	if (!commits_doubted(c, c->at.to, VANISHED_S))
		return commits_doubt(c, c->at.to);
	log_info("%s: the head %.12s is gone, reading its successor", c->look.repo->name,
	    c->at.to);
	c->vanished = true;
	c->size = COMMITS_FIRST;
	return flow_then(&c->look.flow, STEP(commits_ask_head));
}

static enum flow_next
commits_begin(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	const char *text = c->look.stream->cursor;

	c->contact = text == NULL;
	if (!c->contact && !cursor_parse(text, &c->at))
		return look_failed(&c->look, "the cursor in state.db cannot be read");
	c->resumed = c->at.mode != MODE_NONE && c->at.mode != MODE_BEHIND;
	switch (c->at.mode) {
	case MODE_NONE:
		if (c->look.gap != NULL && !c->contact)
			return flow_then(f, STEP(commits_gap));
		return flow_then(f, STEP(commits_ask_head));
	case MODE_BEHIND:
		return flow_then(f, STEP(commits_ask_head));
	case MODE_WALK:
		return flow_then(f, STEP(commits_walk_again));
	case MODE_AHEAD:
	case MODE_LOST:
		return flow_then(f, STEP(commits_compare));
	case MODE_SWEEP:
	case MODE_UNFLAG:
		break;
	}
	return flow_then(f, STEP(commits_sweep));
}

/* Which head has the default branch, and its newest commits. */
enum flow_next
commits_ask_head(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	struct buf b = BUF(4096);
	enum flow_next next;

	commits_part(c, &b);
	buf_puts(&b, "isEmpty defaultBranchRef{name target{...on Commit{oid "
	    "committedDate ");
	commits_add_history(&b, c->size, "", "commit");
	buf_puts(&b, "}}}}}");
	next = look_graphql(&c->look, &b, 1 + 4 * c->size, STEP(commits_head));
	buf_fini(&b);
	return next;
}

static void
contact(struct commits *c, const char *branch, const char *head, int64_t committed_ms)
{
	struct look *l = &c->look;

	str_copy(c->at.branch, sizeof(c->at.branch), branch);
	str_copy(c->at.head, sizeof(c->at.head), head);
	str_copy(c->at.first, sizeof(c->at.first), head);
	if (head[0] != '\0')
		state_flag(engine_state(l->engine), l->repo->id, head, committed_ms);
	else
		l->stream->since_ms = EVER_MS;	/* all that comes is read */
	commits_save(c);
}

/*
 * The census saw a head that is not ours and that we do not know: one of the two
 * answers came from a replica that lags. Until they agree there is news.
 */
static bool
is_behind_census(const struct commits *c)
{
	const struct look *l = &c->look;
	char seen[SHA_SIZE];

	str_copy(seen, sizeof(seen), str_or(l->seen, ""));
	seen[strcspn(seen, " ")] = '\0';
	return sha_valid(seen) && !str_eq(seen, c->at.head) &&
	    !state_flagged(engine_state(l->engine), l->repo->id, seen);
}

/* What there was to find out about the head is found out. */
static enum flow_next
settled(struct commits *c)
{
	if (c->look.gap != NULL)
		return flow_then(&c->look.flow, STEP(commits_gap));
	if (is_behind_census(c))
		engine_want(c->look.engine, c->look.stream);
	return look_done(&c->look);
}

static void
fix_target(struct commits *c, const char *branch, const char *head)
{
	struct look *l = &c->look;

	if (c->written)			/* by this look, of another head */
		l->normal.look_s = ++l->repo->look_s;
	c->written = false;
	engine_save_repo(l->engine, l->repo);
	if (c->vanished || !str_eq(c->at.doubt, head))
		c->at.doubt[0] = '\0';
	str_copy(c->at.to_branch, sizeof(c->at.to_branch), branch);
	str_copy(c->at.to, sizeof(c->at.to), head);
	c->at.mode = MODE_WALK;
	c->at.whole = false;
	c->at.look_s = l->normal.look_s;
	commits_save(c);
}

/* The default branch has no commit: empty, or about to be renamed. */
static enum flow_next
no_head(struct commits *c)
{
	const char *gone = c->vanished ? c->at.to : c->at.head;

	if (c->contact)
		contact(c, "", "", 0);
	else if (gone[0] != '\0') {
		if (c->at.mode == MODE_BEHIND)
			c->at.mode = MODE_NONE;
		if (!json_true(c->look.answer, "isEmpty") ||
		    !commits_doubted(c, gone, VANISHED_S))
			return commits_doubt(c, gone);
		fix_target(c, "", "");
		return commits_rewritten(c, MODE_UNFLAG);
	}
	return settled(c);
}

static enum flow_next
same_head(struct commits *c, const char *branch)
{
	if (!str_eq(c->at.branch, branch) || c->at.doubt[0] != '\0') {
		str_copy(c->at.branch, sizeof(c->at.branch), branch);
		c->at.doubt[0] = '\0';
		c->at.doubt_s = 0;
		c->at.mode = MODE_NONE;
		commits_save(c);
	}
	return settled(c);
}

static enum flow_next
commits_head(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	const struct json *ref, *commit;
	const char *branch, *head;
	enum flow_next next;
	int64_t ms;

	if (!commits_answered(c, &c->size, STEP(commits_ask_head), &next))
		return next;
	ref = json_get(c->look.answer, "defaultBranchRef");
	if (!json_is(ref, JSON_OBJECT))
		return no_head(c);
	commit = json_get(ref, "target");
	branch = json_str(ref, "name");
	head = json_str(commit, "oid");
	if (branch == NULL || !sha_valid(head) ||
	    !clock_parse_iso(str_or(json_str(commit, "committedDate"), ""), &ms, NULL))
		return commits_garbage(c, "a default branch");
	if (c->contact) {
		contact(c, branch, head, ms);
		return settled(c);
	}
	if (str_eq(head, c->at.head) && !c->vanished)
		return same_head(c, branch);
	if (c->at.mode == MODE_BEHIND && str_eq(head, c->at.to))
		return commits_behind(c);
	fix_target(c, branch, head);
	if (c->vanished)
		return commits_rewritten(c, MODE_SWEEP);
	return commits_walk_begin(c, commit);
}

/*
 * Gaps read the history of a head that has lost the branch: from the new one, or
 * from where a sweep of it ends.
 */
static void
restart_gaps(struct commits *c, bool swept)
{
	struct look *l = &c->look;
	struct commits_place p = { .swept = true };
	struct gap *g = NULL;

	str_copy(p.head, sizeof(p.head), c->at.to);
	while ((g = engine_gap_of(l->engine, l->repo, STREAM_COMMITS, g)) != NULL) {
		free(g->page);
		g->page = swept ? place_text(&p) : NULL;
		g->read = 0;
		g->total = -1;
		engine_save_gap(l->engine, g);
	}
}

enum flow_next
commits_rewritten(struct commits *c, enum commits_mode mode)
{
	struct look *l = &c->look;

	log_info("%s: the default branch was rewritten from %.12s to %.12s",
	    l->repo->name, str_or(c->at.head, "nothing"), str_or(c->at.to, "nothing"));
	c->at.mode = mode;
	c->at.page = 1;
	c->at.after[0] = '\0';
	c->at.old = 0;
	c->at.gone = false;
	c->vanished = false;
	restart_gaps(c, mode == MODE_SWEEP);
	if (mode == MODE_LOST) {
		commits_save(c);
		return flow_sleep(&l->flow, COMMITS_DURABLE_MS, STEP(commits_compare));
	}
	state_unflag_all(engine_state(l->engine), l->repo->id);
	commits_save(c);
	return flow_sleep(&l->flow, COMMITS_DURABLE_MS, STEP(commits_sweep));
}

/*
 * The stream is done only if its head was asked for by this look: a target that
 * was found in the cursor may be an old one.
 */
enum flow_next
commits_reached(struct commits *c)
{
	struct commits_cursor at = { .mode = MODE_NONE };

	str_copy(at.branch, sizeof(at.branch), c->at.to_branch);
	str_copy(at.head, sizeof(at.head), c->at.to);
	str_copy(at.first, sizeof(at.first), c->at.first);
	if (c->at.head[0] == '\0' || c->at.whole) {
		c->look.stream->since_ms = EVER_MS;	/* all of its history is held */
		at.first[0] = '\0';
	}
	c->at = at;
	commits_save(c);
	if (!c->resumed || c->look.gap != NULL)
		return settled(c);
	c->resumed = false;
	c->size = COMMITS_FIRST;
	return flow_then(&c->look.flow, STEP(commits_ask_head));
}

static void
commits_fini(struct look *l)
{
	struct commits *c = (struct commits *)l;

	walk_free(c->walk);
	wants_clear(&c->wants);
	docs_fini(&c->docs);
	docs_fini(&c->held);
}

struct look *
look_commits(struct engine *e, struct stream *s, struct gap *g)
{
	struct commits *c = look_new(e, s, g, sizeof(*c), commits_fini);

	c->size = COMMITS_FIRST;
	c->batch = 50;
	look_start(&c->look, STEP(commits_begin));
	return &c->look;
}

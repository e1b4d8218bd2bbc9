/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_commits_compare.c - what one head has that another has not, as REST's
 * compare names it, oldest first, page by page: what a large push brought
 * (MODE_AHEAD), what a forced one took away (MODE_LOST). The cursor moves to the
 * next page when the documents of this one are settled.
 */
#include "sync/look_commits.h"
#include "base/clock.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>

#define PAGE		100

static flow_step_fn compare_page, compare_settled, compare_ask_why, compare_why;

/* Ask for the next page. */
enum flow_next
commits_compare(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	bool ahead = c->at.mode == MODE_AHEAD;
	char url[320];

	if (c->at.page < 1)
		c->at.page = 1;
	snprintf(url, sizeof(url), "/repositories/%" PRId64 "/compare/%s...%s"
	    "?per_page=%d&page=%" PRId64, c->look.repo->id, ahead ? c->at.head : c->at.to,
	    ahead ? c->at.to : c->at.head, PAGE, c->at.page);
	return look_rest(&c->look, url, STEP(compare_page));
}

/* The commits of a page into c->wants. */
static bool
take_page(struct commits *c, const struct json *list)
{
	wants_clear(&c->wants);
	for (size_t i = 0; i < json_len(list); i++) {
		const char *sha = json_str(json_at(list, i), "sha");

		if (!sha_valid(sha))
			return false;
		wants_add(&c->wants, sha);
	}
	return json_is(list, JSON_ARRAY);
}

static enum flow_next
compare_read(struct commits *c)
{
	const struct json *answer = c->look.answer;
	const struct json *list = json_get(answer, "commits");
	const char *status = json_str(answer, "status");
	bool ahead = c->at.mode == MODE_AHEAD, behind = str_eq(status, "behind");
	const char *base = json_str(answer, "merge_base_commit.sha");
	int64_t total;

	if (status == NULL || !json_int(answer, "total_commits", &total) ||
	    !take_page(c, list))
		return commits_garbage(c, "a comparison");
	if (ahead && behind)
		return commits_behind(c);
	c->diverged = behind || str_eq(status, "diverged");
	c->more = c->at.page * PAGE < total;
	str_copy(c->base, sizeof(c->base), sha_valid(base) ? base : "");
	if (c->more && c->wants.count < PAGE)
		return commits_rewritten(c, MODE_SWEEP);	/* it names not all */
	c->flag = ahead;
	return commits_fetch(c, STEP(compare_settled));
}

static enum flow_next
compare_page(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	struct look *l = &c->look;

	switch (l->verdict) {
	case LOOK_OK:
		return compare_read(c);
	case LOOK_GONE:
		return flow_then(f, STEP(compare_ask_why));
	case LOOK_TOO_HEAVY:
	case LOOK_END:
		return commits_rewritten(c, MODE_SWEEP);
	case LOOK_EMPTY:
	case LOOK_PARTIAL:
	case LOOK_FORBIDDEN:
	case LOOK_GARBAGE:
		break;
	}
	return look_failed(l, l->why);
}

/* The head of first contact may be among what was lost. */
static void
keep_first(struct commits *c)
{
	for (size_t i = 0; i < c->wants.count; i++)
		if (str_eq(c->wants.want[i].sha, c->at.first))
			str_copy(c->at.first, sizeof(c->at.first), c->base);
}

/* All documents of this page are settled. */
static enum flow_next
compare_settled(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	bool ahead = c->at.mode == MODE_AHEAD;

	if (ahead && c->missing > 0)
		return commits_vanished(c);
	if (c->missing > 0)
		c->at.gone = true;
	if (!ahead && c->base[0] != '\0')
		keep_first(c);
	commits_flag(c);
	c->at.page++;
	if (c->more) {
		commits_save(c);
		return flow_then(f, STEP(commits_compare));
	}
	if (ahead)
		return c->diverged ? commits_rewritten(c, MODE_LOST) : commits_reached(c);
	return c->at.gone ? commits_rewritten(c, MODE_SWEEP) : commits_reached(c);
}

enum flow_next
commits_ask_two(struct commits *c, const char *old, const char *new,
    flow_step_fn *step, const char *name)
{
	struct buf b = BUF(4096);
	enum flow_next next;

	commits_part(c, &b);
	buf_printf(&b, "old:object(oid:\"%s\"){oid} new:object(oid:\"%s\"){oid}}}",
	    old, new);
	next = look_graphql(&c->look, &b, 1, step, name);
	buf_fini(&b);
	return next;
}

/* 404: no common ancestor, the old head is gone, or the new one not there yet. */
static enum flow_next
compare_ask_why(struct flow *f)
{
	struct commits *c = (struct commits *)f;

	return commits_ask_two(c, c->at.head, c->at.to, STEP(compare_why));
}

static enum flow_next
compare_why(struct flow *f)
{
	struct commits *c = (struct commits *)f;
	unsigned size = 1;
	enum flow_next next;

	if (!commits_answered(c, &size, STEP(compare_ask_why), &next))
		return next;
	if (!json_is(json_get(c->look.answer, "new"), JSON_OBJECT))
		return commits_vanished(c);
	/* Both are there: unrelated, and all of the new one's history is new. */
	if (json_is(json_get(c->look.answer, "old"), JSON_OBJECT))
		c->at.whole = true;
	if (!commits_doubted(c, c->at.to, DOUBT_S))
		return commits_doubt(c, c->at.to);
	return commits_rewritten(c, MODE_SWEEP);
}

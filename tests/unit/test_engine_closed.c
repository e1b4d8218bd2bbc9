/* SPDX-License-Identifier: Apache-2.0 */
/* What is closed while a look is at work on it: gaps, and repositories. */
#include "hub.h"

#define DAY	(24 * 3600)

static void
close_gap(void)
{
	struct repo *r = repo_find(hub.engine, 1);

	engine_close_gap(hub.engine, engine_gap_of(hub.engine, r, STREAM_ISSUES, NULL));
}

static void
wish(int64_t days)
{
	state_wish(hub.state, &(struct wish_row){ .org = "o", .kinds = "issues",
	    .since_ms = clock_wall_ms() - days * DAY * 1000 });
	wishes_apply(hub.engine);
}

static void
test_closed(void)
{
	struct stream *s;
	char *cursor;

	hub_begin();
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(120);
	s = hub_stream(1, STREAM_ISSUES);
	cursor = xstrdup(s->cursor);
	hub.end[STREAM_ISSUES] = HUB_HOLD;
	wish(90);
	hub_run(5);
	is_int(hub_lines(&hub.began, "issues 1 gap"), 2, "history, and older history");
	is_int(hub.engine->gap_looks, 1, "a look is at work on a gap");
	close_gap();
	is_int(hub_gaps("backfill"), 0, "the gap is closed");
	is_int(hub.engine->gap_looks, 0, "... and so is the look");
	ok(s->look == NULL, "... and the stream is free");
	hub.end[STREAM_ISSUES] = HUB_EMIT;
	wish(120);
	hub_run(5);
	is_int((int)hub.origins, 1, "a look waits for outputs");
	close_gap();
	hub.end[STREAM_ISSUES] = HUB_DONE;
	is_int(hub.engine->gap_looks, 1, "closed: it may not go before them");
	hub.origin[0]->settled(hub.origin[0]);
	hub_run(1);
	is_int(hub.engine->gap_looks, 0, "... but then it ends");
	is_str(s->cursor, cursor, "and has not become a refresh");
	free(cursor);
	hub_finish();
}

/* A repository that went to somebody else, who is then deleted. */
static void
test_left(void)
{
	struct repo *r;

	hub_begin();
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(120);
	r = repo_find(hub.engine, 1);
	hub.end[STREAM_ISSUES] = HUB_HOLD;
	wish(90);
	hub_run(5);
	hub.repo[0].owner = "others";
	hub_run(70);
	ok(r->state == REPO_LEFT, "it left, amid a look at its history");
	hub.repo[0].refused = hub.others_refused = true;
	hub.end[STREAM_ISSUES] = HUB_GONE;
	hub_run(30);
	ok(hub.engine->doubted == NULL, "its new owner is gone: nobody's trouble");
	ok(r->state == REPO_LEFT, "... and it is not parked: it left");
	ok(engine_gap_of(hub.engine, r, STREAM_ISSUES, NULL)->fails == 1,
	    "the period alone failed");
	hub_run(3 * DAY);
	ok(engine_gap_of(hub.engine, r, STREAM_ISSUES, NULL)->parked != NULL,
	    "... and is given up in the end");
	hub_finish();
}

/* What a look finds out of a repository that a census saw vanish before. */
static void
test_gone(void)
{
	struct repo *r;

	hub_begin();
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(120);
	r = repo_find(hub.engine, 1);
	hub.end[STREAM_COMMITS] = HUB_HOLD;
	engine_want(hub.engine, hub_stream(1, STREAM_COMMITS));
	hub_run(5);
	hub.repo[0].name = NULL;
	hub_run(70);
	ok(r->state == REPO_GONE, "deleted, amid a look");
	hub.end[STREAM_COMMITS] = HUB_GONE;
	hub_run(10);
	ok(r->state == REPO_GONE, "the look's end does not park it");
	hub_finish();
}

int
main(void)
{
	setenv("HUBSTASH_CLOCK", "virtual:2026-01-01T00:00:00Z", 1);
	log_set_level(LOG_ERROR);
	test_closed();
	test_left();
	test_gone();
	return done();
}

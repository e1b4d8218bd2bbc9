/* SPDX-License-Identifier: Apache-2.0 */
/* What is due and when it is looked at; failures; first contact; wishes. */
#include "hub.h"

#define DAY	(24 * 3600)

static void
test_first_contact(void)
{
	hub_begin();
	hub.repo[1] = (struct hub_repo){ .name = "two", .head = 1 };
	hub.repo[2] = (struct hub_repo){ .name = "copy", .head = 1, .fork = true };
	hub.end[STREAM_COMMITS] = HUB_HOLD;
	hub_open(RUN_FOLLOW, 30 * DAY);
	engine_start(hub.engine);
	hub_run(10);
	is_int(hub_lines(&hub.began, "commits 1"), 1, "a repository that is new: looked at");
	is_int(hub_lines(&hub.began, "pulls 2"), 1, "... and the other");
	is_int(hub_lines(&hub.began, "pulls 1 gap"), 1, "its history is a gap");
	is_int(hub_lines(&hub.began, "commits 1 gap"), 0,
	    "which waits for the refresh of the same stream");
	is_int(hub_lines(&hub.began, "commits 3"), 0, "a fork is not followed");
	ok(repo_find(hub.engine, 3)->state == REPO_SKIPPED, "... but remembered");
	is_int(hub_gaps("first contact"), 2, "gaps that are read are closed");
	hub.end[STREAM_COMMITS] = HUB_DONE;
	hub_run(10);
	is_int(hub_lines(&hub.began, "commits 1 gap"), 1, "after the refresh the gap");
	is_int(hub_gaps("first contact"), 0, "all history is read");
	hub_finish();
}

static void
test_due(void)
{
	struct stream *s;

	hub_begin();
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(300);
	is_int(hub_lines(&hub.began, "commits 1"), 1, "nothing differs: one look");
	hub.repo[0].head = 2;
	hub_run(70);
	is_int(hub_lines(&hub.began, "commits 1"), 2, "another head: another look");
	is_int(hub_lines(&hub.began, "pulls 1"), 1, "... at nothing else");
	hub_run(300);
	is_int(hub_lines(&hub.began, "commits 1"), 2, "it is settled");
	s = hub_stream(1, STREAM_PULLS);
	hub.end[STREAM_PULLS] = HUB_HOLD;
	for (int i = 0; i < 10; i++)
		engine_want(hub.engine, s);
	hub_run(5);
	is_int(hub_lines(&hub.began, "pulls 1"), 2, "ten hints are one refresh");
	engine_want(hub.engine, s);
	hub.end[STREAM_PULLS] = HUB_DONE;
	hub_run(30);
	ok(stream_is_due(s), "news during the work is not lost");
	is_int(hub_lines(&hub.began, "pulls 1"), 2, "... but waits for its minute");
	hub_run(60);
	is_int(hub_lines(&hub.began, "pulls 1"), 3, "... and is read then");
	ok(!stream_is_due(s), "and settled");
	hub_run(DAY);
	ok(hub_lines(&hub.began, "comments 1") == 2, "the net is cast daily: %d",
	    hub_lines(&hub.began, "comments 1"));
	hub_finish();
}

static void
test_full(void)
{
	hub_begin();
	hub.full = true;
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(30);
	is_str(buf_str(&hub.began), "", "outputs that are full: nothing begins");
	hub.full = false;
	engine_pause(hub.engine, true);
	hub_run(30);
	is_str(buf_str(&hub.began), "", "nor while paused");
	engine_pause(hub.engine, false);
	hub_run(1);
	ok(hub_lines(&hub.began, "commits 1") == 1, "then it goes on");
	hub_finish();
}

static void
test_failures(void)
{
	struct stream *s;
	int n;

	hub_begin();
	hub.end[STREAM_ISSUES] = HUB_FAIL;
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(12 * 3600);
	s = hub_stream(1, STREAM_ISSUES);
	ok(s->parked == NULL && s->fails > 5, "a failure is tried again: %lld in 12 h",
	    (long long)s->fails);
	hub_run(2 * DAY);
	n = hub_lines(&hub.began, "issues 1");
	ok(s->parked != NULL, "after 12 it is parked: %s", str_or(s->parked, "no"));
	is_int(hub_gaps("parked"), 1, "... as a gap");
	ok(n >= 12 && n <= 14, "... over a day and more: %d", n);
	hub_run(DAY + 60);
	is_int(hub_lines(&hub.began, "issues 1"), n + 1, "and tried daily");
	hub.end[STREAM_ISSUES] = HUB_DONE;
	hub_run(DAY + 60);
	ok(s->parked == NULL && !stream_is_due(s), "until it works");
	is_int(hub_gaps("parked"), 0, "then nothing is missing");
	hub_finish();
}

static void
test_refused(void)
{
	struct repo *r;

	hub_begin();
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(100);
	hub.end[STREAM_COMMITS] = HUB_GONE;
	hub.repo[0].refused = true;
	engine_want(hub.engine, hub_stream(1, STREAM_COMMITS));
	hub_run(30);
	r = repo_find(hub.engine, 1);
	ok(r->state == REPO_PARKED, "refused, and its owner is not: parked");
	hub.end[STREAM_COMMITS] = HUB_DONE;
	hub_run(3600);
	ok(r->state == REPO_PARKED, "listed all the time: not at once");
	hub.repo[0].refused = false;
	hub_run(DAY);
	ok(r->state == REPO_FOLLOWED, "... but daily");
	hub.end[STREAM_COMMITS] = HUB_GONE;
	engine_want(hub.engine, hub_stream(1, STREAM_COMMITS));
	hub_run(90);
	ok(r->state == REPO_FOLLOWED && hub_stream(1, STREAM_COMMITS)->fails == 1,
	    "there after all: a failure of the stream");
	hub.end[STREAM_COMMITS] = HUB_DONE;
	hub_run(600);
	hub.end[STREAM_COMMITS] = HUB_GONE;
	hub.repo[0].refused = hub.owner_refused = true;
	engine_want(hub.engine, hub_stream(1, STREAM_COMMITS));
	hub_run(90);
	ok(strstr(buf_str(&hub.said), "trouble: ") != NULL && r->state == REPO_FOLLOWED,
	    "the owner is refused too: it is the token");
	buf_clear(&hub.began);
	engine_want(hub.engine, hub_stream(1, STREAM_PULLS));
	hub_run(600);
	is_str(buf_str(&hub.began), "", "everything waits");
	hub.repo[0].refused = hub.owner_refused = false;
	hub.end[STREAM_COMMITS] = HUB_DONE;
	hub_run(600);
	ok(strstr(buf_str(&hub.said), "well") != NULL &&
	    hub_lines(&hub.began, "pulls 1") == 1, "until it is answered again");
	hub_finish();
}

static void
test_census(void)
{
	struct repo *one, *two;

	hub_begin();
	hub.repo[1] = (struct hub_repo){ .name = "two", .head = 1 };
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(100);
	one = repo_find(hub.engine, 1);
	two = repo_find(hub.engine, 2);
	hub.repo[0].name = "uno";
	hub_run(70);
	is_str(one->name, "o/uno", "renamed: the id stays");
	is_int(hub_lines(&hub.began, "commits 1"), 1, "... nothing is read for it");
	hub.repo[0].owner = "others";
	hub_run(70);
	ok(one->state == REPO_LEFT, "transferred to somebody else: left");
	hub.repo[1].name = NULL;
	hub_run(70);
	ok(two->state == REPO_GONE, "deleted: gone");
	hub.repo[0].owner = NULL;
	hub.repo[1].name = "two";
	hub_run(70);
	ok(one->state == REPO_FOLLOWED && two->state == REPO_FOLLOWED, "back again");
	ok(hub_lines(&hub.began, "commits 1") == 2 && hub_lines(&hub.began, "commits 2")
	    == 2, "... and read");
	hub.repo[3] = (struct hub_repo){ .name = "new", .head = 1 };
	hub_run(70);
	is_int(hub_lines(&hub.began, "commits 4 gap"), 1, "a new one: first contact");
	hub_finish();
}

static void
test_unknown_owner(void)
{
	hub_begin();
	hub.owner_refused = true;
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(5);
	ok(str_starts(buf_str(&hub.said), "fail 3: there is no o "),
	    "nobody of that name: %s", buf_str(&hub.said));
	hub_finish();
}

static void
test_named(void)
{
	char name[] = "o/copy";

	hub_begin();
	hub.repo[2] = (struct hub_repo){ .name = "copy", .head = 1, .fork = true };
	hub_open_named(RUN_FOLLOW, DAY, name);
	engine_start(hub.engine);
	hub_run(100);
	is_int(hub_lines(&hub.began, "commits 3"), 1, "one that is named: a fork too");
	is_int(hub_lines(&hub.began, "commits 1"), 0, "... and no other");
	hub.repo[2].name = "moved";
	hub.repo[3] = (struct hub_repo){ .name = "copy", .head = 9 };
	hub_run(100);
	is_str(repo_find(hub.engine, 3)->name, "o/moved", "renamed: still the same");
	engine_free(hub.engine);
	hub_open_named(RUN_FOLLOW, DAY, name);
	engine_start(hub.engine);
	hub_run(100);
	ok(repo_find(hub.engine, 4) == NULL, "its name used again: not confused");
	hub.repo[2].name = NULL;
	hub_run(100);
	ok(repo_find(hub.engine, 3)->state == REPO_GONE, "deleted: gone");
	hub_finish();
}

static void
test_named_unknown(void)
{
	char name[] = "o/nothing";

	hub_begin();
	hub_open_named(RUN_FOLLOW, DAY, name);
	engine_start(hub.engine);
	hub_run(5);
	ok(str_starts(buf_str(&hub.said), "fail 3: there is no o/nothing "),
	    "no such repository: %s", buf_str(&hub.said));
	hub_finish();
}

static void
test_wishes(void)
{
	struct stream *s;
	struct gap *g;
	int64_t now;

	hub_begin();
	hub.end[STREAM_COMMITS] = hub.end[STREAM_PULLS] = HUB_HOLD;
	hub_open(RUN_FOLLOW, 30 * DAY);
	engine_start(hub.engine);
	hub_run(20);
	now = clock_wall_ms();
	s = hub_stream(1, STREAM_COMMITS);
	state_wish(hub.state, &(struct wish_row){ .org = "o", .kinds = "commits,issues",
	    .since_ms = now - INT64_C(90) * DAY * 1000 });
	wishes_apply(hub.engine);
	g = engine_gap_of(hub.engine, s->repo, STREAM_COMMITS, NULL);
	ok(g != NULL && g->wish != 0 && g->from_ms == s->since_ms &&
	    engine_gap_of(hub.engine, s->repo, STREAM_COMMITS, g) == NULL,
	    "a gap that is open reaches further back");
	is_int(engine_gap_of(hub.engine, s->repo, STREAM_PULLS, NULL)->wish, 0,
	    "only kinds that are wished");
	hub_run(10);
	is_int(hub_lines(&hub.began, "issues 1 gap"), 2, "what was read gets a new one");
	state_wish(hub.state, &(struct wish_row){ .org = "o", .cancel = true });
	wishes_apply(hub.engine);
	is_int(hub_gaps("backfill"), 0, "cancelled: not wanted any more");
	ok(s->since_ms > now - INT64_C(90) * DAY * 1000, "... and not covered");
	hub_finish();
}

static void
test_backfill(void)
{
	hub_begin();
	hub.repo[1] = (struct hub_repo){ .name = "two", .head = 1 };
	state_wish(hub.state, &(struct wish_row){ .org = "o", .repo = "o/two",
	    .kinds = "commits", .since_ms = 1000 });
	hub_open(RUN_BACKFILL, 30 * DAY);
	engine_start(hub.engine);
	hub_run(60);
	is_str(buf_str(&hub.began), "commits 2\ncommits 2 gap\n",
	    "a backfill reads what is wished, and nothing else");
	is_int(hub_lines(&hub.said, "finished"), 1, "and ends");
	hub_finish();
}

static void
test_refill(void)
{
	hub_begin();
	hub_open(RUN_FOLLOW, 30 * DAY);
	engine_start(hub.engine);
	hub_run(120);
	buf_clear(&hub.began);
	hub.end[STREAM_COMMITS] = HUB_HOLD;
	engine_refill(hub.engine);
	engine_refill(hub.engine);
	hub_run(5);
	is_int(hub_lines(&hub.began, "pulls 1 gap"), 1, "a new store: all is a gap, once");
	is_int(hub_lines(&hub.began, "commits 1 gap"), 1, "... of each stream");
	hub_finish();
}

static void
test_stop(void)
{
	hub_begin();
	hub.end[STREAM_COMMITS] = HUB_HOLD;
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(10);
	engine_stop(hub.engine);
	ok(hub_lines(&hub.said, "stopped") == 1, "stops at once, whatever waits");
	ok(TAILQ_EMPTY(&hub.engine->looks), "no look is left");
	hub_finish();
}

int
main(void)
{
	setenv("HUBSTASH_CLOCK", "virtual:2026-01-01T00:00:00Z", 1);
	log_set_level(LOG_ERROR);
	test_first_contact();
	test_due();
	test_full();
	test_failures();
	test_refused();
	test_census();
	test_unknown_owner();
	test_named();
	test_named_unknown();
	test_wishes();
	test_backfill();
	test_refill();
	test_stop();
	return done();
}

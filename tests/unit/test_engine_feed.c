/* SPDX-License-Identifier: Apache-2.0 */
/* What a feed's read means: hints, documents that only it tells, what it skipped. */
#include "hub.h"
#include "sync/feed_in.h"

#define DAY	(24 * 3600)

static struct buf events;

static void
event(const char *type, int repo, int id, int64_t ms, const char *payload)
{
	char at[CLOCK_TEXT];

	buf_printf(&events, "%s{\"id\":\"%d\",\"type\":\"%s\",\"actor\":{\"id\":7,\"login\":"
	    "\"sim-ann\"},\"repo\":{\"id\":%d,\"name\":\"o/one\"},\"org\":{\"id\":9,"
	    "\"login\":\"o\"},\"public\":true,\"created_at\":\"%s\",\"payload\":%s}",
	    events.len > 1 ? "," : "", id, type, repo, clock_iso(ms / 1000 * 1000, at),
	    payload);
}

static void
feed_begin(void)
{
	buf_clear(&events);
	buf_puts(&events, "[");
}

static void
feed_end(void)
{
	buf_puts(&events, "]");
	hub.events = buf_str(&events);
}

static void
push(int id, const char *ref, const char *head)
{
	char payload[512];

	snprintf(payload, sizeof(payload), "{\"repository_id\":1,\"push_id\":%d,\"ref\":"
	    "\"%s\",\"head\":\"%040d\",\"before\":\"%s\"}", id, ref, 1, head);
	event("PushEvent", 1, id, clock_wall_ms(), payload);
}

static void
open_up(void)
{
	hub_begin();
	events = BUF(1 << 20);
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(90);
}

static void
close_up(void)
{
	hub_finish();
	buf_fini(&events);
}

static char *kept;

static void
see_numbers(void *arg, const struct stream_row *s)
{
	UNUSED(arg);
	if (s->repo_id == 1 && s->kind == STREAM_PULLS && s->numbers != NULL)
		kept = xstrdup(s->numbers);
}

static void
test_hints(void)
{
	static const char old[] = "00000000000000000000000000000000000000ff";
	int pulls;

	open_up();
	hub.end[STREAM_PULLS] = HUB_HOLD;
	feed_begin();
	push(1, "refs/heads/topic", old);
	event("PullRequestEvent", 1, 2, clock_wall_ms(), "{\"action\":\"opened\","
	    "\"number\":5,\"pull_request\":{\"id\":50,\"number\":5}}");
	feed_end();
	pulls = hub_lines(&hub.began, "pulls 1");
	hub_run(65);
	is_int(hub_lines(&hub.began, "commits 1"), 1, "a push to a branch: nothing");
	is_int(hub_lines(&hub.began, "pulls 1"), pulls + 1, "a pull request: a look");
	ok(hub_stream(1, STREAM_PULLS)->numbers == 1 &&
	    hub_stream(1, STREAM_PULLS)->number[0] == 5, "... at its number");
	kept = NULL;
	state_streams(hub.state, see_numbers, NULL);
	is_str(kept, "5 ", "... which is kept for after a kill");
	free(kept);
	hub.end[STREAM_PULLS] = HUB_DONE;
	feed_begin();
	push(3, "refs/heads/main", old);
	feed_end();
	hub_run(65);
	is_int(hub_lines(&hub.began, "commits 1"), 2, "a push to the default branch");
	hub_run(130);
	is_int(hub_lines(&hub.began, "commits 1"), 2, "told again: no news");
	state_flag(hub.state, 1, "0000000000000000000000000000000000000001", 0);
	feed_begin();
	push(4, "refs/heads/main", old);
	feed_end();
	hub_run(65);
	is_int(hub_lines(&hub.began, "commits 1"), 2, "a head that is held: nothing");
	pulls = hub_lines(&hub.began, "pulls 1");
	feed_begin();
	event("PullRequestEvent", 1, 6, clock_wall_ms() - 3600000, "{\"action\":"
	    "\"opened\",\"number\":6,\"pull_request\":{\"id\":60,\"number\":6}}");
	feed_end();
	hub_run(65);
	is_int(hub_lines(&hub.began, "pulls 1"), pulls, "older than what was read: nothing");
	hub.newest_ms = clock_wall_ms() - 2 * 3600000;
	feed_begin();
	event("PullRequestEvent", 1, 7, clock_wall_ms(), "{\"action\":\"opened\","
	    "\"number\":7,\"pull_request\":{\"id\":70,\"number\":7}}");
	feed_end();
	hub_run(65);
	feed_begin();
	event("PullRequestEvent", 1, 8, clock_wall_ms() - 3600000, "{\"action\":"
	    "\"opened\",\"number\":8,\"pull_request\":{\"id\":80,\"number\":8}}");
	feed_end();
	hub_run(65);
	is_int(hub_lines(&hub.began, "pulls 1"), pulls + 2, "newer than what was seen, "
	    "though from before the last look");
	close_up();
}

static void
test_outbox(void)
{
	int before;

	open_up();
	feed_begin();
	event("WatchEvent", 1, 1, clock_wall_ms(), "{\"action\":\"started\"}");
	feed_end();
	hub_run(65);
	is_str(buf_str(&hub.emitted), "star:1:7\n", "a star is a document");
	is_int(state_outbox_count(hub.state), 1, "kept until it is settled");
	before = (int)hub.origins;
	hub_run(65);
	is_int(hub.origins, before, "... and sent once");
	hub.origin[(hub.origins - 1) % LEN(hub.origin)]->settled(
	    hub.origin[(hub.origins - 1) % LEN(hub.origin)]);
	hub_run(5);
	is_int(state_outbox_count(hub.state), 0, "then forgotten");
	feed_begin();
	event("WatchEvent", 77, 2, clock_wall_ms(), "{\"action\":\"started\"}");
	event("WatchEvent", 3, 3, clock_wall_ms(), "{\"action\":\"started\"}");
	feed_end();
	hub.repo[2] = (struct hub_repo){ .name = "copy", .head = 1, .fork = true };
	hub_run(70);
	ok(strstr(buf_str(&hub.emitted), "star:77:7") != NULL,
	    "of a repository nobody knows: kept");
	ok(strstr(buf_str(&hub.emitted), "star:3:7") == NULL, "of a fork: not");
	close_up();
}

static void
fill(int from, int64_t at)
{
	feed_begin();
	for (int i = 0; i < 295; i++)
		event("WatchEvent", 1, from + i, at + i, "{\"action\":\"started\"}");
	feed_end();
}

static void
test_skipped(void)
{
	int64_t at;

	open_up();
	fill(1000, clock_wall_ms() - 20 * 60 * 1000);
	hub_run(65);
	is_int(hub_gaps("feed skipped"), 0, "the first full read: nothing skipped");
	fill(1200, clock_wall_ms() - 60 * 60 * 1000);
	hub_run(65);
	is_int(hub_gaps("feed skipped"), 0, "it shares some with the one before");
	at = clock_wall_ms();
	fill(5000, at);
	hub_run(65);
	is_int(hub_gaps("feed skipped"), 1, "it shares none: skipped");
	fill(9000, clock_wall_ms());
	hub_run(65);
	is_int(hub_gaps("feed skipped"), 1, "again right after: one gap that grows");
	close_up();
}

static void
test_restart(void)
{
	struct err e;

	open_up();
	feed_begin();
	event("WatchEvent", 1, 1, clock_wall_ms(), "{\"action\":\"started\"}");
	feed_end();
	hub_run(65);
	engine_free(hub.engine);
	ok(state_commit(hub.state, &e), "committed");
	buf_clear(&hub.emitted);
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(65);
	is_str(buf_str(&hub.emitted), "star:1:7\n", "after a restart the outbox goes on");
	ok(repo_find(hub.engine, 1) != NULL && !stream_is_due(hub_stream(1,
	    STREAM_PULLS)) && hub_stream(1, STREAM_PULLS)->cursor != NULL,
	    "and what was read stays read");
	is_int(hub_lines(&hub.began, "pulls 1 gap"), 1, "... once");
	close_up();
}

/* GitHub has trouble with its feeds alone; that is no refusal. */
static void
test_trouble(void)
{
	const struct owner *o;
	const struct feed *f;
	int named = 0;

	hub_begin();
	events = BUF(1 << 20);
	hub.feed_down = true;
	hub_open(RUN_FOLLOW, DAY);
	engine_start(hub.engine);
	hub_run(200);
	hub.repo[0].head = 2;
	hub_run(1000);
	is_int(hub_lines(&hub.began, "commits 1"), 2, "feeds fail: all else goes on");
	hub.feed_down = false;
	feed_begin();
	event("WatchEvent", 1, 50, clock_wall_ms(), "{\"action\":\"started\"}");
	feed_end();
	hub_run(900);
	is_str(buf_str(&hub.emitted), "star:1:7\n", "trouble is over: the feed is read");
	o = TAILQ_FIRST(&hub.engine->owners);
	TAILQ_FOREACH(f, &o->feeds, link)
		named += f->path != NULL;
	is_int(named, 2, "... and so is the view of whom the token belongs to");
	close_up();
}

int
main(void)
{
	setenv("HUBSTASH_CLOCK", "virtual:2026-01-01T00:00:00Z", 1);
	log_set_level(LOG_ERROR);
	test_hints();
	test_outbox();
	test_skipped();
	test_restart();
	test_trouble();
	return done();
}

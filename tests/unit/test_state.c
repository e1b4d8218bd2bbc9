/* SPDX-License-Identifier: Apache-2.0 */
/* state.db: what is written comes back, after a close, in a real file. */
#include "state/state.h"

#include <string.h>

#include "dir.h"
#include "tap.h"

static char *dir;

static struct state *
open_mode(enum state_mode mode)
{
	struct err e;
	struct state *s = state_open(dir, mode, &e);

	if (!ok(s != NULL, "opens"))
		die("%s", e.text);
	return s;
}

/* What each() was given, as lines. */
static struct buf seen;

static const char *
take_seen(void)
{
	static char text[4096];

	str_copy(text, sizeof(text), buf_str(&seen));
	buf_clear(&seen);
	return text;
}

static void
see_repo(void *arg, const struct repo_row *r)
{
	UNUSED(arg);
	buf_printf(&seen, "%lld %s %s %s %s %s %d%d%d%d %d %lld %lld %lld\n",
	    (long long)r->id, r->node_id, r->org, r->name,
	    str_or(r->default_branch, "-"), str_or(r->reason, "-"), r->archived,
	    r->fork, r->mirror, r->is_private, (int)r->state, (long long)r->look_s,
	    (long long)r->page_size, (long long)r->org_id);
}

static void
see_stream(void *arg, const struct stream_row *r)
{
	UNUSED(arg);
	buf_printf(&seen, "%lld %s %s %s %s %lld %lld %lld %lld %lld %s %lld %s\n",
	    (long long)r->repo_id, stream_kind_name(r->kind), str_or(r->cursor, "-"),
	    str_or(r->seen, "-"), str_or(r->settled, "-"), (long long)r->since_ms,
	    (long long)r->wanted, (long long)r->done, (long long)r->fails,
	    (long long)r->next_ms, str_or(r->parked, "-"), (long long)r->settled_ms,
	    str_or(r->numbers, "-"));
}

static void
see_gap(void *arg, const struct gap_row *r)
{
	UNUSED(arg);
	buf_printf(&seen, "%lld %lld %s %s %s %lld %lld-%lld %s %s %lld %lld %lld "
	    "%lld %lld %s\n", (long long)r->id, (long long)r->repo_id,
	    stream_kind_name(r->kind), r->org, r->cause, (long long)r->wish,
	    (long long)r->from_ms, (long long)r->to_ms, str_or(r->page, "-"),
	    str_or(r->keys, "-"), (long long)r->opened_ms, (long long)r->total,
	    (long long)r->read, (long long)r->fails, (long long)r->next_ms,
	    str_or(r->parked, "-"));
}

static void
see_wish(void *arg, const struct wish_row *w)
{
	struct state *s = arg;

	buf_printf(&seen, "%lld %s %s %s %lld %lld %d\n", (long long)w->id,
	    str_or(w->org, "-"), str_or(w->repo, "-"), str_or(w->kinds, "-"),
	    (long long)w->since_ms, (long long)w->at_ms, w->cancel);
	if (s != NULL)
		state_wish_del(s, w->id);	/* each may write */
}

static void
see_feed(void *arg, const struct feed_row *f)
{
	UNUSED(arg);
	buf_printf(&seen, "%s %s %s %lld %lld %lld\n", f->url, str_or(f->etag, "-"),
	    f->keys, (long long)f->read_ms, (long long)f->full_ms,
	    (long long)f->oldest_ms);
}

static void
see_outbox(void *arg, int64_t row, const char *id, int64_t version, const char *json)
{
	UNUSED(arg);
	buf_printf(&seen, "%lld %s %lld %s\n", (long long)row, id, (long long)version,
	    json);
}

static void
see_dead(void *arg, const struct dead_row *d)
{
	UNUSED(arg);
	buf_printf(&seen, "%lld %s %s %s %s %s %lld %lld %lld %d\n", (long long)d->id,
	    d->output, d->doc_id, d->action, d->reason, d->json,
	    (long long)d->version, (long long)d->at_ms, (long long)d->times, d->again);
}

static void
see_note(void *arg, const char *key, const char *value)
{
	UNUSED(arg);
	buf_printf(&seen, "%s=%s\n", key, value);
}

static void
test_ledger(void)
{
	struct state *s = open_mode(STATE_ENGINE);
	struct gap_row gap = { .repo_id = 7, .kind = STREAM_PULLS, .org = "o",
	    .cause = "first contact", .wish = 3, .from_ms = 10, .to_ms = 20,
	    .opened_ms = 5, .total = -1 };
	int64_t first, second;

	ok(!state_covers(s), "a new directory covers nothing");
	state_save_repo(s, &(struct repo_row){ .id = 9007199254740993, .node_id = "R_1",
	    .org = "o", .name = "o/n", .fork = true, .is_private = true,
	    .state = REPO_PARKED, .reason = "no \"way\"", .look_s = 1, .page_size = 5,
	    .org_id = 77 });
	state_save_repo(s, &(struct repo_row){ .id = 2, .node_id = "R_2", .org = "o",
	    .name = "o/m", .default_branch = "main", .archived = true, .mirror = true,
	    .state = REPO_GONE });
	state_save_stream(s, &(struct stream_row){ .repo_id = 2, .kind = STREAM_COMMITS,
	    .wanted = 3, .done = 1 });
	ok(!state_covers(s), "a stream without a cursor covers nothing");
	first = state_save_gap(s, &gap);
	gap.to_ms = 30;
	gap.page = "p2";
	second = state_save_gap(s, &gap);
	ok(state_covers(s), "a gap that is half read does");
	gap = (struct gap_row){ .id = first, .repo_id = 8, .kind = STREAM_EVENTS,
	    .org = "q", .cause = "feed", .keys = "1\n2", .from_ms = 1, .to_ms = 15,
	    .opened_ms = 6, .total = 9, .read = 4, .fails = 2, .next_ms = 77,
	    .parked = "why" };
	is_int(state_save_gap(s, &gap), first, "a gap that is saved again keeps its id");
	state_save_stream(s, &(struct stream_row){ .repo_id = 2, .kind = STREAM_COMMITS,
	    .cursor = "main@1", .seen = "a", .settled = "b", .since_ms = 11,
	    .wanted = 4, .done = 4, .fails = 1, .next_ms = 12, .parked = "p",
	    .settled_ms = 13, .numbers = "7 8" });
	state_close(s);

	s = open_mode(STATE_ENGINE);
	ok(state_covers(s), "what is covered is remembered");
	state_repos(s, see_repo, NULL);
	is_str(take_seen(), "2 R_2 o o/m main - 1010 4 0 0 0\n"
	    "9007199254740993 R_1 o o/n - no \"way\" 0101 2 1 5 77\n", "repositories");
	state_streams(s, see_stream, NULL);
	is_str(take_seen(), "2 commits main@1 a b 11 4 4 1 12 p 13 7 8\n", "streams");
	state_gaps(s, see_gap, NULL);
	is_str(take_seen(), "2 7 pulls o first contact 3 10-30 p2 - 5 -1 0 0 0 -\n"
	    "1 8 events q feed 0 1-15 - 1\n2 6 9 4 2 77 why\n", "gaps, newest first");
	state_close_gap(s, second);
	gap.id = 0;
	ok(state_save_gap(s, &gap) > second, "the id of a closed gap is not used again");
	state_close(s);
}

static void
test_keep(void)
{
	struct state *s = open_mode(STATE_ENGINE);
	struct dead_row dead = { .output = "out.x#0", .doc_id = "a", .action = "commit",
	    .reason = "bad", .json = "{}", .version = 5, .at_ms = 6, .times = 1 };
	char *text;

	ok(!state_feed(s, "u", see_feed, NULL), "a feed nobody saved");
	state_save_feed(s, &(struct feed_row){ .url = "u", .keys = "k" });
	state_save_feed(s, &(struct feed_row){ .url = "u", .etag = "W/\"1\"",
	    .keys = "k\nl", .read_ms = 1, .full_ms = 2, .oldest_ms = 3 });
	ok(state_feed(s, "u", see_feed, NULL), "a feed");
	is_str(take_seen(), "u W/\"1\" k\nl 1 2 3\n", "with all of it");
	state_outbox_add(s, "star:1", 5, "{\"a\":1}");
	state_outbox_add(s, "star:2", 6, "{}");
	state_outbox_add(s, "star:3", 7, "{}");
	state_outbox_del(s, 2);
	is_int(state_outbox_count(s), 2, "the outbox holds two");
	state_outbox(s, 0, 1, see_outbox, NULL);
	state_outbox(s, 1, 10, see_outbox, NULL);
	is_str(take_seen(), "1 star:1 5 {\"a\":1}\n3 star:3 7 {}\n", "read in steps");
	state_dead_add(s, &dead);
	dead.json = "{\"b\":2}";
	dead.version = 9;
	state_dead_add(s, &dead);
	dead.json = "{\"a\":1}";
	dead.version = 8;
	state_dead_add(s, &dead);
	dead.json = "{\"b\":2}";
	dead.version = 9;
	dead.output = "out.y#0";
	state_dead_add(s, &dead);
	is_int(state_dead_count(s), 2, "a document that is refused again counts once");
	state_dead(s, see_dead, NULL);
	is_str(take_seen(), "1 out.x#0 a commit bad {\"b\":2} 9 6 3 0\n"
	    "2 out.y#0 a commit bad {\"b\":2} 9 6 1 0\n", "and keeps its newest copy");
	state_close(s);

	s = open_mode(STATE_ENGINE);
	is_int(state_dead_count(s), 2, "dead letters stay");
	state_dead_stored(s, "out.x#0", "a", 8);
	is_int(state_dead_count(s), 2, "also when an older copy is stored");
	state_dead_stored(s, "out.x#0", "a", 9);
	is_int(state_dead_count(s), 1, "until they are stored");
	state_dead_mark(s, 2, true);
	is_int(state_dead_again_count(s), 1, "or marked to be sent again");
	state_dead_again(s, 0, 9, see_dead, NULL);
	state_dead_again(s, 2, 9, see_dead, NULL);
	is_str(take_seen(), "2 out.y#0 a commit bad {\"b\":2} 9 6 1 1\n", "in steps");
	ok((text = state_identity(s, "out.x#0")) == NULL, "an output that is new");
	state_set_identity(s, "out.x#0", "sqlite:1");
	state_set_identity(s, "out.x#0", "sqlite:2");
	text = state_identity(s, "out.x#0");
	is_str(text, "sqlite:2", "an output's store");
	free(text);
	state_set_meta(s, "api_host", "api.github.com");
	text = state_meta(s, "api_host");
	is_str(text, "api.github.com", "what the directory remembers");
	free(text);
	state_note(s, "a", "1");
	state_note(s, "b", "2");
	state_note(s, "a", "3");
	state_note(s, "b", NULL);
	state_notes(s, see_note, NULL);
	is_str(take_seen(), "a=3\n", "notes are overwritten and taken back");
	state_close(s);
	s = open_mode(STATE_ENGINE);
	state_notes(s, see_note, NULL);
	is_str(take_seen(), "", "an engine begins without notes");
	state_close(s);
}

static void
test_flags(void)
{
	struct state *s = open_mode(STATE_ENGINE);
	char sha[41];
	struct err e;
	int left = 0;

	for (int i = 0; i < 2500; i++) {	/* old ones last, many of one time */
		snprintf(sha, sizeof(sha), "%040d", i);
		state_flag(s, 1, sha, i < 1500 ? 5000 : 4000 - i);
	}
	state_flag(s, 2, "x", 1);
	ok(state_commit(s, &e), "commits");
	for (int i = 0; i < 2500; i++) {
		snprintf(sha, sizeof(sha), "%040d", i);
		left += state_flagged(s, 1, sha);
	}
	is_int(left, 1000, "the newest thousand of a repository stay");
	snprintf(sha, sizeof(sha), "%040d", 1600);
	ok(!state_flagged(s, 1, sha), "an older one is gone");
	ok(state_flagged(s, 2, "x"), "another repository is not touched");
	snprintf(sha, sizeof(sha), "%040d", 1499);
	ok(state_flagged(s, 1, sha), "one of the newest is there");
	state_flag(s, 1, "new", 6000);
	ok(state_commit(s, &e) && state_flagged(s, 1, "new"), "a newer one");
	state_unflag(s, 1, "new");
	ok(!state_flagged(s, 1, "new"), "is un-flagged");
	state_unflag_all(s, 1);
	ok(!state_flagged(s, 1, sha) && state_flagged(s, 2, "x"), "or all of them");
	state_close(s);
}

static unsigned dirty;

static void
on_dirty(void *arg)
{
	UNUSED(arg);
	dirty++;
}

static void
test_beside(void)
{
	struct state *engine = open_mode(STATE_ENGINE);
	struct state *wish, *reader;
	struct err e;
	int64_t before, id;

	state_on_dirty(engine, on_dirty, NULL);
	ok(!state_dirty(engine), "nothing waits");
	state_set_meta(engine, "k", "1");
	state_set_meta(engine, "k", "2");
	is_int(dirty, 1, "the first write of a transaction is told");
	ok(state_dirty(engine) && state_commit(engine, &e) && !state_dirty(engine),
	    "a commit settles it");
	before = state_changes(engine);
	state_set_meta(engine, "k", "3");
	ok(state_commit(engine, &e), "our own commit");
	is_int(state_changes(engine), before, "is no news to us");
	reader = open_mode(STATE_READ);
	wish = open_mode(STATE_WISH);
	id = state_wish(wish, &(struct wish_row){ .org = "o", .since_ms = 5, .at_ms = 6 });
	state_wish(wish, &(struct wish_row){ .repo = "o/n", .kinds = "pulls",
	    .cancel = true });
	ok(state_commit(wish, &e), "a wish beside an engine");
	ok(state_changes(engine) != before, "changes something");
	state_wishes(reader, see_wish, NULL);
	is_str(take_seen(), "1 o - - 5 6 0\n2 - o/n pulls 0 0 1\n", "a reader sees it");
	state_wishes(engine, see_wish, engine);
	ok(state_commit(engine, &e), "the engine takes the wishes");
	take_seen();
	state_wishes(reader, see_wish, NULL);
	is_str(take_seen(), "", "and they are gone");
	id = state_wish(wish, &(struct wish_row){ .org = "o" }) - id;
	ok(id == 2, "the next one has another id");
	state_close(wish);
	state_close(reader);
	state_close(engine);
}

int
main(void)
{
	dir = dir_new();
	seen = BUF(1u << 16);
	test_ledger();
	test_keep();
	test_flags();
	test_beside();
	buf_fini(&seen);
	dir_remove(dir);
	return done();
}

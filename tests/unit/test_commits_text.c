/* SPDX-License-Identifier: Apache-2.0 */
/* What looks at commits remember, and what they decide after a walk. */
#include "sync/look_commits_text.h"
#include "base/str.h"
#include "sync/look.h"
#include "tap.h"

#include <stdlib.h>

#define A	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define DAY_MS	((int64_t)86400000)

static void
test_cursors(void)
{
	struct commits_cursor c, d;
	char head[SHA_SIZE], *text;

	text = commits_cursor("main", A);
	is_str(text, "{\"branch\":\"main\",\"head\":\"" A "\"}", "a cursor");
	ok(commits_cursor_head(text, head, sizeof(head)), "it has a head");
	is_str(head, A, "which is read");
	free(text);
	text = commits_cursor(NULL, NULL);
	is_str(text, "{}", "the empty set");
	ok(cursor_parse(text, &c) && c.head[0] == '\0', "is read as such");
	ok(!commits_cursor_head(text, head, sizeof(head)), "and has no head");
	free(text);
	ok(!commits_cursor_head(NULL, head, sizeof(head)), "nor has no cursor");

	memset(&c, 0, sizeof(c));
	str_copy(c.branch, sizeof(c.branch), "main");
	str_copy(c.head, sizeof(c.head), A);
	str_copy(c.first, sizeof(c.first), B);
	c.mode = MODE_SWEEP;
	str_copy(c.to_branch, sizeof(c.to_branch), "we\"ird/bränch");
	str_copy(c.to, sizeof(c.to), B);
	c.look_s = 1700000000;
	c.page = 7;
	str_copy(c.after, sizeof(c.after), B " 99");
	c.old = 12;
	c.gone = c.whole = true;
	str_copy(c.doubt, sizeof(c.doubt), B);
	c.doubt_s = 5;
	text = cursor_text(&c);
	ok(cursor_parse(text, &d), "a cursor with a target is read");
	ok(memcmp(&c, &d, sizeof(c)) == 0, "and nothing of it is lost");
	ok(commits_cursor_head(text, head, sizeof(head)) && str_eq(head, A),
	    "its head is the one that was reached");
	free(text);
}

static void
test_bad_cursors(void)
{
	static const char *const bad[] = {
		"", "x", "[]", "null", "{\"head\":\"main\"}", "{\"head\":\"" A "; rm\"}",
		"{\"head\":\"" A "\",\"to\":{}}", "{\"to\":{\"mode\":\"none\"}}",
		"{\"to\":{\"mode\":\"dance\",\"head\":\"" A "\"}}",
		"{\"to\":{\"mode\":\"walk\",\"head\":\"../..\"}}", "{\"doubt\":\"\"}",
	};
	struct commits_cursor c;

	for (size_t i = 0; i < LEN(bad); i++)
		ok(!cursor_parse(bad[i], &c), "no cursor: %s", bad[i]);
	ok(!cursor_parse(NULL, &c), "no cursor: none");
	ok(!sha_valid(NULL) && !sha_valid("") && !sha_valid("abc"), "short is no SHA");
	ok(!sha_valid("A" A), "capitals neither");
	ok(sha_valid(A) && sha_valid(A "0123456789abcdef01234567"), "SHA-1, SHA-256");
	ok(!sha_valid(A A), "but nothing longer");
}

static void
test_places(void)
{
	struct commits_place p = { .head = A, .after = A " 199", .old = 3,
	    .page = -1, .whole = true, .swept = true }, q;
	char *text = place_text(&p);

	ok(place_parse(text, &q) && memcmp(&p, &q, sizeof(p)) == 0, "a place and back");
	free(text);
	ok(!place_parse(NULL, &q) && !place_parse("{}", &q), "none without a head");
	p.old = 0;
	ok(place_wants(&p, 10 * DAY_MS, 10 * DAY_MS, 10 * DAY_MS), "at the bound: wanted");
	ok(!place_wants(&p, 10 * DAY_MS, 10 * DAY_MS, 10 * DAY_MS - 1), "before it: not");
	is_int(p.old, 0, "within a day it does not count as old");
	ok(!place_wants(&p, 10 * DAY_MS, 10 * DAY_MS, 9 * DAY_MS - 1), "a day before: not");
	is_int(p.old, 1, "and it counts");
	UNUSED(place_wants(&p, 10 * DAY_MS, 10 * DAY_MS, 2 * DAY_MS));
	is_int(p.old, 2, "the next too");
	ok(place_wants(&p, 10 * DAY_MS, 10 * DAY_MS, 30 * DAY_MS), "a new one behind them: wanted");
	is_int(p.old, 0, "and the count begins anew");
	ok(place_wants(&p, EVER_MS, EVER_MS, -DAY_MS * 400), "without a bound all are wanted");
	is_int(p.old, 0, "and none is old");
	ok(place_wants(&p, 5 * DAY_MS, 10 * DAY_MS, 6 * DAY_MS), "wanted, and yet");
	is_int(p.old, 1, "behind the bound where reading stops");
}

static enum commits_way
way(bool closed, bool met, bool more, bool empty, size_t walked)
{
	return commits_way(&(struct walk_facts){ .closed = closed, .met = met,
	    .more = more, .empty = empty, .walked = walked });
}

static void
test_ways(void)
{
	is_int(way(1, 1, 1, 0, 10), WAY_AHEAD, "met the old head: ahead");
	is_int(way(1, 0, 0, 1, 10), WAY_AHEAD, "the first push, to its root");
	is_int(way(1, 0, 1, 0, 10), WAY_LOST, "closed without it: something was lost");
	is_int(way(0, 0, 1, 0, 10), WAY_MORE, "open: the next page");
	is_int(way(0, 1, 1, 0, 910), WAY_MORE, "met, and a side is open: too");
	is_int(way(0, 1, 1, 0, 1010), WAY_COMPARE, "open after 1,000: compare");
	is_int(way(0, 0, 0, 0, 50), WAY_COMPARE, "open and no more pages: compare");
	is_int(way(0, 0, 1, 1, 1010), WAY_WHOLE, "a large first push: as a gap");
}

int
main(void)
{
	test_cursors();
	test_bad_cursors();
	test_places();
	test_ways();
	return done();
}

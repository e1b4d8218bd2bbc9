/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The events of samples/, each spoiled in a few places by chance: nothing crashes,
 * nothing leaks, and whatever documents come out keep the contract. So do their
 * payloads as deliveries of webhooks under any name. And the files themselves,
 * spoiled by bytes: they are read to the end. The seed is fixed; SEED=n in the
 * environment is another one.
 */
#include "../fuzz/event.c"
#include "corpus.h"
#include "samples.h"

static struct people_rules *rules;
static uint64_t state;

static uint32_t
chance(uint32_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % below;
}

/* What stands where something else should. */
static struct json *
strange(void)
{
	static const char *const texts[] = { "", "x", "0", "-1", "7", "created_at",
	    "2026-01-02T03:04:05Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59+23:59",
	    "99999999999999999999", "a/b/c", "/", "a:b", "\n", "\xef\xbf\xbd", "merged",
	    "[bot]", "refs/heads/", "Co-authored-by: a <b@c>", "@", "<@>" };
	static const int64_t numbers[] = { 0, -1, 1, INT64_MAX, INT64_MIN, 253402300800 };
	struct json *j;
	char *s;

	switch (chance(8)) {
	case 0:
		return json_new_null();
	case 1:
		return json_new_bool(chance(2) == 0);
	case 2:
		return json_new_int(numbers[chance(LEN(numbers))]);
	case 3:
		return json_new_double(0.5);
	case 4:
		return json_new_array();
	case 5:
		return json_new_object();
	case 6:
		s = xcalloc(1, 20000);
		memset(s, "a\xc3/:\n"[chance(5)], 1 + chance(19000));
		j = json_new_string(strchr(s, '\xc3') != NULL ? "\xc3\xbc" : s);
		free(s);
		return j;
	default:
		return json_new_string(texts[chance(LEN(texts))]);
	}
}

/* A copy in which one of so many members is another, missing or of another name. */
static struct json *
spoiled(const struct json *j, uint32_t rarely)
{
	struct json_iter it = { 0 };
	struct json *copy;

	if (chance(rarely) == 0)
		return strange();
	if (json_is(j, JSON_ARRAY)) {
		copy = json_new_array();
		for (size_t i = 0; i < json_len(j); i++)
			for (uint32_t n = chance(rarely) == 0 ? chance(4) : 1; n > 0; n--)
				json_push(copy, spoiled(json_at(j, i), rarely));
		return copy;
	}
	if (!json_is(j, JSON_OBJECT))
		return json_copy(j);
	copy = json_new_object();
	while (json_each(j, &it))
		if (chance(rarely) != 0)
			json_set(copy, chance(rarely) == 0 ? "id" : it.key,
			    spoiled(it.value, rarely));
	return copy;
}

struct tried {
	size_t	events, documents, hints;
};

static void
try_hook(const struct normal *n, const struct json *event, struct docs *docs,
    struct hints *hints)
{
	static const char *const names[] = { "push", "pull_request",
	    "pull_request_review", "pull_request_review_comment", "issues",
	    "issue_comment", "release", "create", "delete", "fork", "star", "watch",
	    "member", "gollum", "commit_comment", "public", "repository", "ping", "x" };
	struct json *payload = json_copy(json_get(event, "payload"));
	struct err e;

	json_set(payload, "sender", json_copy(json_get(event, "actor")));
	json_set(payload, "repository", json_copy(json_get(event, "repo")));
	json_set(payload, "repository.full_name", json_new_string("a/b"));
	(void)!webhook_read(n, names[chance(LEN(names))], payload,
	    chance(2) == 0 ? EVENT_LIVE : EVENT_RECORDED, docs, hints, &e);
	json_free(payload);
}

static void
try_event(const struct json *event, void *arg)
{
	struct tried *t = arg;
	struct normal n = case_normal(rules, chance(2) == 0);

	for (int i = 0; i < 6; i++) {
		struct json *bad = spoiled(event, 3 + chance(60));
		struct docs docs = { 0 };
		struct hints hints = { 0 };
		struct err e;

		(void)!event_read(&n, bad, i % 2 == 0 ? EVENT_RECORDED : EVENT_LIVE,
		    &docs, &hints, &e);
		if (json_is(json_get(bad, "payload"), JSON_OBJECT))
			try_hook(&n, bad, &docs, &hints);
		contract_check(&docs, false);
		for (size_t k = 0; k < docs.count; k++)
			if (strlen(docs.doc[k]->id) > 512)
				ok(false, "an id that is too long: %s", docs.doc[k]->id);
		t->events++;
		t->documents += docs.count;
		t->hints += hints.count;
		docs_fini(&docs);
		hints_fini(&hints);
		json_free(bad);
	}
}

/* A sample as a file with bytes spoiled, cut off or of JSON's own. */
static void
try_file(const char *sample)
{
	struct buf text = case_file(sample);

	for (int i = 0; i < 20; i++) {
		struct buf bad = BUF(text.len + 1);
		uint8_t how = (uint8_t)chance(256);
		uint32_t size = chance((uint32_t)text.len) + 1;

		if (chance(3) != 0)
			size = (uint32_t)text.len;
		buf_add(&bad, &how, 1);
		buf_add(&bad, text.data, size);
		for (uint32_t n = chance(5); n > 0; n--)
			bad.data[1 + chance(size)] = (char)chance(256);
		for (uint32_t n = chance(3); n > 0; n--)
			bad.data[1 + chance(size)] = "\"{}[],\n\\"[chance(8)];
		LLVMFuzzerTestOneInput((const uint8_t *)bad.data, bad.len);
		buf_fini(&bad);
	}
	ok(true, "%s, spoiled, is read to its end", sample);
	buf_fini(&text);
}

int
main(void)
{
	const char *seed = getenv("SEED");
	struct tried t = { 0 };
	int64_t n = 20260102;

	if (seed != NULL && !str_i64(seed, &n))
		die("SEED");
	state = (uint64_t)n;
	rules = people_rules_new();
	contract_read();
	for (size_t i = 0; i < LEN(samples); i++)
		sample_each(samples[i], try_event, &t);
	ok(t.documents > 1000 && t.hints > 1000,
	    "seed %lld: %zu events, %zu documents, %zu hints", (long long)n, t.events,
	    t.documents, t.hints);
	try_file("samples/archive-2021-07-21.json.gz");
	try_file("samples/feed-2025-11-01.json");
	try_file("tests/tables/events/live.in");
	people_rules_free(rules);
	corpus_replay("event");
	return done();
}

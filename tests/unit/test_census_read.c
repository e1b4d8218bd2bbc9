/* SPDX-License-Identifier: Apache-2.0 */
/* What the census' answer says of a repository, and what differs. */
#include "sync/census_read.h"
#include "base/str.h"
#include "tap.h"

#include <stdlib.h>

#define LIST(l, n, u, t)	"\"" l "\":{\"totalCount\":" t ",\"nodes\":[{" n "," \
	"\"updatedAt\":\"" u "\"}]}"
#define PULLS(n, u, t)		LIST("pullRequests", "\"number\":" n, u, t)

static struct json *
parse(const char *text)
{
	struct err e;
	struct json *j = json_parse(text, strlen(text), &e);

	if (j == NULL)
		die("%s: %s", text, e.text);
	return j;
}

static void
test_repo(void)
{
	struct json *j = parse("{\"id\":\"R_1\",\"databaseId\":7,\"nameWithOwner\":\"o/r\","
	    "\"owner\":{\"__typename\":\"User\",\"login\":\"o\"},\"isFork\":true,"
	    "\"defaultBranchRef\":null}");
	struct census_repo r;
	char *seen, name[1000];

	ok(census_repo(j, &r) && r.id == 7 && r.fork && !r.mirror && r.is_user &&
	    r.head == NULL && r.org_id == 0, "an empty fork of a user");
	seen = census_seen(j, STREAM_COMMITS);
	is_str(seen, "- -", "its default branch is nothing");
	free(seen);
	ok(census_seen(j, STREAM_PULLS) == NULL, "what is not said is not seen");
	ok(census_seen(j, STREAM_COMMENTS) == NULL, "nor what nobody asks for");
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	json_set_str(j, "id", name);
	ok(!census_repo(j, &r), "an id without end is none");
	json_set_str(j, "id", "R_1");
	json_set(j, "databaseId", json_new_string("7"));
	ok(!census_repo(j, &r), "without its number it is no repository");
	ok(!census_repo(NULL, &r), "nor is nothing");
	json_free(j);
}

/* Do two answers differ in what is seen of a stream? */
static bool
differ(const char *a, const char *b, enum stream_kind kind)
{
	struct json *ja = parse(a), *jb = parse(b);
	char *sa = census_seen(ja, kind), *sb = census_seen(jb, kind);
	bool so = !str_eq(sa, sb);

	free(sa);
	free(sb);
	json_free(ja);
	json_free(jb);
	return so;
}

static void
test_differences(void)
{
	static const char pulls[] = "{" PULLS("5", "2026-01-01T00:00:00Z", "9") "}";

	ok(!differ(pulls, pulls, STREAM_PULLS), "the same is the same");
	ok(differ(pulls, "{" PULLS("5", "2026-01-01T00:00:01Z", "9") "}", STREAM_PULLS),
	    "another time differs");
	ok(differ(pulls, "{" PULLS("5", "2025-01-01T00:00:00Z", "9") "}", STREAM_PULLS),
	    "an older one too");
	ok(differ(pulls, "{" PULLS("6", "2026-01-01T00:00:00Z", "9") "}", STREAM_PULLS),
	    "another number");
	ok(differ(pulls, "{" PULLS("5", "2026-01-01T00:00:00Z", "8") "}", STREAM_PULLS),
	    "another count");
	ok(differ("{\"releases\":{\"totalCount\":1,\"nodes\":[]}}", "{\"releases\":{"
	    "\"totalCount\":1,\"nodes\":[]},\"latestRelease\":{\"databaseId\":3,"
	    "\"updatedAt\":\"x\"}}", STREAM_RELEASES), "another latest release");
}

static void
test_lacks(void)
{
	struct json *j = parse("[{\"type\":\"FORBIDDEN\",\"message\":\"no\",\"path\":["
	    "\"a0\",\"repositories\",\"nodes\",3,\"pullRequests\"]}]");
	struct json *other = parse("[{\"type\":\"FORBIDDEN\",\"path\":[\"a0\",\"nodes\",3]},"
	    "{\"type\":\"NOT_FOUND\",\"path\":[\"issues\"]},{\"type\":\"FORBIDDEN\"},7]");
	struct json *inside = parse("[{\"type\":\"FORBIDDEN\",\"message\":\"no\",\"path\":"
	    "[\"a0\",\"repositories\",\"nodes\",3,\"issues\",\"nodes\",0]}]");
	const char *message = NULL;

	ok(census_lacks(j, CENSUS_PULLS, &message), "what the token lacks");
	is_str(message, "no", "in GitHub's words");
	is_str(census_permission(CENSUS_PULLS), "pull_requests", "and what it needs");
	ok(census_lacks(inside, CENSUS_ISSUES, &message), "also when each item is refused");
	for (int i = 0; i < CENSUS_PARTS; i++) {
		enum census_part part = (enum census_part)i;

		ok(i == CENSUS_PULLS || !census_lacks(j, part, &message), "no other");
		ok(!census_lacks(other, part, &message), "a repository refused is no lack");
		ok(!census_lacks(NULL, part, &message), "nothing, nothing");
	}
	json_free(j);
	json_free(other);
	json_free(inside);
}

int
main(void)
{
	test_repo();
	test_differences();
	test_lacks();
	return done();
}

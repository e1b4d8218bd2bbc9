/* SPDX-License-Identifier: Apache-2.0 */
/* Lists inside pull requests and issues: which page is next, and where it goes. */
#include "sync/nested.h"
#include "tap.h"

static struct json *
parse(const char *text)
{
	struct err e;
	struct json *j = json_parse(text, strlen(text), &e);

	if (j == NULL)
		printf("# %s\n", e.text);
	return j;
}

static void
put(const struct nested *n, const char *answer)
{
	struct json *a = parse(answer);

	nested_put(n, a);
	json_free(a);
}

static void
test_pull(void)
{
	struct json *nodes = parse("[{\"id\":\"PR_1\",\"comments\":{\"pageInfo\":"
	    "{\"hasPreviousPage\":false},\"nodes\":[]},\"reviews\":{\"pageInfo\":"
	    "{\"hasNextPage\":true,\"endCursor\":\"c1\"},\"nodes\":[{\"id\":\"R_1\","
	    "\"comments\":{\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":\"k1\"},"
	    "\"nodes\":[{\"id\":1}]}}]}}]");
	struct buf part = BUF(4096);
	struct nested n;

	ok(nested_next(nodes, true, 0, &n), "a pull request's reviews go on");
	nested_part(&n, 100, &part);
	is_str(buf_str(&part), "node(id:\"PR_1\"){...on PullRequest{reviews(first:100,"
	    "after:\"c1\"){pageInfo{hasNextPage endCursor}nodes{...review}}}}",
	    "the next page of reviews");
	put(&n, "{\"reviews\":{\"pageInfo\":{\"hasNextPage\":false,\"endCursor\":\"c2\"},"
	    "\"nodes\":[{\"id\":\"R_2\"},{\"id\":\"R_3\"}]}}");
	is_int(json_len(json_get(json_at(nodes, 0), "reviews.nodes")), 3,
	    "reviews are appended");
	ok(nested_next(nodes, true, 0, &n), "a review's comments go on");
	is_str(n.owner, "R_1", "of that review");
	put(&n, "{\"comments\":{\"pageInfo\":{\"hasNextPage\":false},\"nodes\":"
	    "[{\"id\":2}]}}");
	ok(!nested_next(nodes, true, 0, &n), "then all is read");
	buf_fini(&part);
	json_free(nodes);
}

static void
test_comments(void)
{
	struct json *nodes = parse("[{\"id\":\"I_1\",\"comments\":{\"pageInfo\":"
	    "{\"hasPreviousPage\":true,\"startCursor\":\"s1\"},\"nodes\":"
	    "[{\"createdAt\":\"2026-01-02T00:00:00Z\"}]}}]");
	struct buf part = BUF(4096);
	struct nested n;
	const int64_t jan3 = 1767398400000, jan1 = 1767225600000;

	ok(!nested_next(nodes, false, jan3, &n), "older than the floor: not read on");
	ok(nested_next(nodes, false, jan1, &n), "younger than the floor: read on");
	nested_part(&n, 50, &part);
	is_str(buf_str(&part), "node(id:\"I_1\"){...on Issue{comments(last:50,before:"
	    "\"s1\"){pageInfo{hasPreviousPage startCursor}nodes{...issueComment}}}}",
	    "the page before");
	put(&n, "{\"comments\":{\"pageInfo\":{\"hasPreviousPage\":true,\"startCursor\":"
	    "\"s0\"},\"nodes\":[{\"createdAt\":\"2025-12-31T00:00:00Z\"}]}}");
	ok(!nested_next(nodes, false, jan1, &n), "a page that goes below the floor ends");
	ok(nested_next(nodes, false, 0, &n), "without floor it goes on");
	nested_put(&n, NULL);
	ok(!nested_next(nodes, false, 0, &n), "an owner that is gone ends its list");
	buf_fini(&part);
	json_free(nodes);
}

static void
test_garbage(void)
{
	static const char *const pages[] = { "[]", "{}", "[null,1,\"x\",[]]",
		"[{\"reviews\":1,\"comments\":[]}]",
		"[{\"id\":\"P\",\"reviews\":{\"pageInfo\":{\"hasNextPage\":true}}}]",
		"[{\"comments\":{\"pageInfo\":{\"hasPreviousPage\":true,"
		"\"startCursor\":\"s\"},\"nodes\":[]}}]" };
	struct nested n;

	for (size_t i = 0; i < LEN(pages); i++) {
		struct json *nodes = parse(pages[i]);

		ok(!nested_next(nodes, true, 0, &n), "nothing to read in %s", pages[i]);
		json_free(nodes);
	}
}

int
main(void)
{
	test_pull();
	test_comments();
	test_garbage();
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/* normal_commit.c - see normal.h: commits, and what becomes of them. */
#include "base/str.h"
#include "github/envelope.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool
is_sha(const char *s)
{
	size_t n = s != NULL ? strspn(s, "0123456789abcdef") : 0;

	return s != NULL && s[n] == '\0' && (n == 40 || n == 64);
}

static void
put_parents(struct doc *d, const struct json *node)
{
	const struct json *nodes = json_get(node, "links.nodes");
	int64_t count;

	if (!json_int(node, "links.totalCount", &count)) {
		if (!json_is(nodes, JSON_ARRAY))
			return;
		count = (int64_t)json_len(nodes);
	}
	doc_int(d, "github.commit.parents", count);
	doc_bool(d, "github.commit.merge", count > 1);
}

static void
put_people(struct doc *d, const struct normal *n, const struct json *node)
{
	const struct json *author = json_get(node, "author");
	struct people people = { 0 };

	people_of_commit(n->rules, &(struct signature){
	    .name = json_str(author, "name"), .mail = json_str(author, "email"),
	    .user = json_get(author, "user") }, json_get(node, "authors.nodes"),
	    json_str(node, "message"), n->keep_email, &people);
	envelope_people(d, n, &people);
	people_fini(&people);
}

bool
normal_commit(const struct normal *n, const struct json *node, bool default_branch,
    struct docs *out)
{
	const char *sha = json_str(node, "oid"), *date;
	struct doc *d;
	int64_t ms;
	char *id;

	if (!is_sha(sha) || !read_date(node, "committedDate", &ms))
		return false;
	id = xasprintf("commit:%" PRId64 ":%s", n->repo_id, sha);
	d = envelope_new(n, id, "commit", ms, ENVELOPE_API);
	free(id);
	put_people(d, n, node);
	doc_str(d, "github.commit.sha", sha);
	put_commit_message(d, json_str(node, "message"));
	date = json_str(node, "author.date");
	put_date(d, "github.commit.authored_at", node, "authoredDate");
	put_commit_authored(d, date);
	doc_time(d, "github.commit.committed_at", ms);
	put_count(d, "github.commit.additions", node, "additions");
	put_count(d, "github.commit.deletions", node, "deletions");
	put_count(d, "github.commit.changed_files", node, "changedFilesIfAvailable");
	put_parents(d, node);
	doc_bool(d, "github.commit.default_branch", default_branch);
	envelope_finish(d, n, true, n->look_s);
	docs_add(out, d);
	return true;
}

void
normal_unflag(struct doc *commit)
{
	doc_bool(commit, "github.commit.default_branch", false);
}

int64_t
normal_version(bool complete, int64_t seconds)
{
	return (complete ? (int64_t)1 << 48 : 0) + (seconds > 0 ? seconds : 0);
}

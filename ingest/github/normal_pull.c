/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal_pull.c - see normal.h: a pull request, its reviews, and all comments on
 * it. What the pull request's document says of its reviews is counted here, from
 * all of them.
 */
#include "base/str.h"
#include "github/envelope.h"
#include "github/normal_talk.h"

#include <inttypes.h>
#include <stdlib.h>

#define REVIEWERS_MAX	100

/* A human who reviewed somebody else's pull request. */
struct reviewer {
	char			*name, *key;
	int64_t			 first_ms, reviews;
};

struct pull {
	const struct normal	*n;
	const struct json	*node;
	struct person		 author;
	int64_t			 number, created_ms, updated_ms;
	int64_t			 reviews;		/* by humans, of others' work */
	int64_t			 first_review_ms;	/* 0: none yet */
	struct reviewer		*reviewer;
	size_t			 reviewers;
};

/* What stands in a review, before it is a document. */
struct review {
	const struct json	*node;
	struct person		 author;
	int64_t			 id, submitted_ms;
	bool			 self, reply;
};

/* False: no review, or one that is not submitted. */
static bool
review_read(const struct pull *p, const struct json *node, struct review *r)
{
	const char *state = json_str(node, "state"), *body = json_str(node, "body");
	const struct json *first = json_at(json_get(node, "comments.nodes"), 0);

	*r = (struct review){ .node = node, .id = read_id(node, "fullDatabaseId") };
	if (r->id == 0 || !read_date(node, "submittedAt", &r->submitted_ms) ||
	    str_eq(state, "PENDING"))
		return false;
	r->reply = str_eq(state, "COMMENTED") && str_eq(body, "") &&
	    json_is(json_get(first, "replyTo"), JSON_OBJECT);
	person_or_ghost(p->n->rules, json_get(node, "author"), &r->author);
	r->self = r->author.key != NULL && str_eq(r->author.key, p->author.key);
	return true;
}

static void
reviewer_count(struct pull *p, const struct review *r)
{
	struct reviewer *v = NULL;

	for (size_t i = 0; i < p->reviewers && v == NULL; i++)
		if (str_eq(p->reviewer[i].key, r->author.key))
			v = &p->reviewer[i];
	if (v == NULL && p->reviewers == REVIEWERS_MAX)
		return;
	if (v == NULL) {
		p->reviewer = xrealloc(p->reviewer,
		    (p->reviewers + 1) * sizeof(*p->reviewer));
		v = &p->reviewer[p->reviewers++];
		*v = (struct reviewer){ .name = xstrdup(r->author.name),
		    .key = xstrdup(r->author.key), .first_ms = r->submitted_ms };
	}
	if (r->submitted_ms < v->first_ms)
		v->first_ms = r->submitted_ms;
	v->reviews += !r->reply;
}

static void
review_count(struct pull *p, const struct review *r)
{
	if (r->author.key == NULL || r->author.class != PERSON_HUMAN || r->self)
		return;
	if (!r->reply)
		p->reviews++;
	if (p->first_review_ms == 0 || r->submitted_ms < p->first_review_ms)
		p->first_review_ms = r->submitted_ms;
	reviewer_count(p, r);
}

/* Four arrays in one order: that of GitHub's list. */
static void
put_reviewers(struct doc *d, const struct pull *p)
{
	struct json *name, *id, *seconds, *reviews;

	if (p->reviewers == 0)
		return;
	name = json_new_array();
	id = json_new_array();
	seconds = json_new_array();
	reviews = json_new_array();
	for (size_t i = 0; i < p->reviewers; i++) {
		const struct reviewer *v = &p->reviewer[i];

		json_push(name, json_new_string(v->name));
		json_push(id, json_new_string(v->key));
		json_push(seconds, json_new_int((v->first_ms - p->created_ms) / 1000));
		json_push(reviews, json_new_int(v->reviews));
	}
	json_set(d->body, "github.pull_request.reviewer", name);
	json_set(d->body, "github.pull_request.reviewer_id", id);
	json_set(d->body, "github.pull_request.reviewer_seconds", seconds);
	json_set(d->body, "github.pull_request.reviewer_reviews", reviews);
}

static void
pull_fini(struct pull *p)
{
	for (size_t i = 0; i < p->reviewers; i++) {
		free(p->reviewer[i].name);
		free(p->reviewer[i].key);
	}
	free(p->reviewer);
	person_fini(&p->author);
}

static void
review_add(const struct pull *p, const struct review *r, struct docs *out)
{
	char *id = xasprintf("review:%" PRId64, r->id);
	struct doc *d = envelope_new(p->n, id, "review", r->submitted_ms, ENVELOPE_API);

	free(id);
	envelope_person(d, p->n, &r->author);
	put_id(d, "github.review.id", r->id);
	put_lower(d, "github.review.state", json_str(r->node, "state"));
	doc_int(d, "github.review.number", p->number);
	if (p->author.key != NULL) {
		doc_str(d, "github.review.pull_author", p->author.name);
		doc_str(d, "github.review.pull_author_id", p->author.key);
		doc_bool(d, "github.review.pull_author_bot",
		    p->author.class != PERSON_HUMAN);
		envelope_related(d, p->author.name);
	}
	doc_bool(d, "github.review.self", r->self);
	doc_bool(d, "github.review.reply", r->reply);
	put_text(d, "github.review.url", json_str(r->node, "url"), TEXT_URL);
	envelope_finish(d, p->n, true, p->updated_ms / 1000);
	docs_add(out, d);
}

static void
pull_reviews(struct pull *p, struct docs *out)
{
	const struct json *nodes = json_get(p->node, "reviews.nodes");

	for (size_t i = 0; i < json_len(nodes); i++) {
		const struct json *node = json_at(nodes, i);
		const struct json *comments = json_get(node, "comments.nodes");
		struct review r;

		if (!review_read(p, node, &r))
			continue;
		review_count(p, &r);
		review_add(p, &r, out);
		person_fini(&r.author);
		for (size_t k = 0; k < json_len(comments); k++)
			(void)!talk_node(p->n, "review_comment",
			    json_at(comments, k), p->number, true, out);
	}
}

/* A date and the hours until it; bucket may be NULL. */
static void
put_end(struct doc *d, const struct pull *p, const char *member, const char *field,
    const char *hours, const char *bucket)
{
	int64_t ms;

	if (!read_date(p->node, member, &ms))
		return;
	doc_time(d, field, ms);
	put_hours(d, hours, p->created_ms, ms);
	if (bucket != NULL)
		put_hours_bucket(d, bucket, p->created_ms, ms);
}

static void
put_first_review(struct doc *d, const struct pull *p)
{
	put_hours(d, "github.pull_request.hours_to_first_review", p->created_ms,
	    p->first_review_ms);
	put_hours_bucket(d, "github.pull_request.first_review_bucket", p->created_ms,
	    p->first_review_ms);
}

static void
put_merged_by(struct doc *d, const struct pull *p)
{
	struct person by;

	if (person_account(p->n->rules, json_get(p->node, "mergedBy"), &by)) {
		doc_str(d, "github.pull_request.merged_by", by.name);
		doc_str(d, "github.pull_request.merged_by_id", by.key);
		envelope_related(d, by.name);
	}
	person_fini(&by);
}

static struct doc *
pull_doc(const struct pull *p)
{
	const struct json *node = p->node;
	char *id = xasprintf("pr:%" PRId64 ":%" PRId64, p->n->repo_id, p->number);
	struct doc *d = envelope_new(p->n, id, "pull_request", p->created_ms,
	    ENVELOPE_API);

	free(id);
	envelope_person(d, p->n, &p->author);
	doc_int(d, "github.pull_request.number", p->number);
	put_name(d, "github.pull_request.title", json_str(node, "title"));
	put_lower(d, "github.pull_request.state", json_str(node, "state"));
	put_bool(d, "github.pull_request.draft", node, "isDraft");
	doc_time(d, "github.pull_request.created_at", p->created_ms);
	put_date(d, "github.pull_request.updated_at", node, "updatedAt");
	put_end(d, p, "mergedAt", "github.pull_request.merged_at",
	    "github.pull_request.hours_to_merge", "github.pull_request.merge_bucket");
	put_end(d, p, "closedAt", "github.pull_request.closed_at",
	    "github.pull_request.hours_to_close", NULL);
	put_merged_by(d, p);
	put_count(d, "github.pull_request.additions", node, "additions");
	put_count(d, "github.pull_request.deletions", node, "deletions");
	put_count(d, "github.pull_request.changed_files", node, "changedFiles");
	put_count(d, "github.pull_request.commits", node, "commits.totalCount");
	put_count(d, "github.pull_request.comments", node, "comments.totalCount");
	put_labels(d, "github.pull_request.labels", json_get(node, "labels.nodes"));
	put_text(d, "github.pull_request.url", json_str(node, "url"), TEXT_URL);
	return d;
}

bool
normal_pull(const struct normal *n, const struct json *node, struct docs *out)
{
	struct pull p = { .n = n, .node = node, .number = read_id(node, "number") };
	struct docs reviews = { 0 };
	struct doc *d;

	if (p.number == 0 || !read_date(node, "createdAt", &p.created_ms))
		return false;
	if (!read_date(node, "updatedAt", &p.updated_ms))
		p.updated_ms = p.created_ms;
	person_or_ghost(n->rules, json_get(node, "author"), &p.author);
	pull_reviews(&p, &reviews);
	d = pull_doc(&p);
	doc_int(d, "github.pull_request.reviews", p.reviews);
	if (p.first_review_ms != 0)
		put_first_review(d, &p);
	put_reviewers(d, &p);
	envelope_finish(d, n, true, p.updated_ms / 1000);
	docs_add(out, d);
	for (size_t i = 0; i < reviews.count; i++)
		docs_add(out, reviews.doc[i]);
	reviews.count = 0;
	docs_fini(&reviews);
	talk_nodes(n, json_get(node, "comments"), p.number, true, out);
	pull_fini(&p);
	return true;
}

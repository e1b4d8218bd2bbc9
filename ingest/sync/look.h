/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look.h - what the flows that read a stream have in common.
 *
 * A look begins with a struct look (whose first member is its flow). It asks
 * GitHub through look_graphql and look_rest, which pack, pay, wait and repeat:
 * host trouble, limits and a bad token never reach a look. What does reach it is
 * an answer, or a verdict about the thing asked for.
 */
#ifndef SYNC_LOOK_H
#define SYNC_LOOK_H

#include "sync/engine.h"

enum look_verdict {
	LOOK_OK,		/* ->answer */
	LOOK_PARTIAL,		/* GraphQL: an answer, and errors inside it */
	LOOK_TOO_HEAVY,		/* alone in its query and still too much: ask for less */
	LOOK_GONE,		/* 404, 410, null: not there (for this token) */
	LOOK_FORBIDDEN,		/* 403, 451 for this thing alone */
	LOOK_EMPTY,		/* 409: an empty repository */
	LOOK_END,		/* 422: the list ends here */
	LOOK_GARBAGE,		/* a 200 that is not what it should be */
};

struct look {
	struct flow		 flow;		/* first */
	struct engine		*engine;
	struct repo		*repo;
	struct stream		*stream;
	struct gap		*gap;		/* NULL: a refresh */
	int64_t			 wanted;	/* the stream's, at the start */
	char			*seen;		/* the stream's, at the start */
	struct normal		 normal;	/* for the normalisers */
	/* the last answer; the look's until the next question */
	enum look_verdict	 verdict;
	struct json		*answer;	/* the part's value; REST: the body */
	struct json		*errors;	/* of the part, or NULL */
	char			 next[512];	/* REST: Link rel="next", or "" */
	char			 why[256];	/* a sentence, unless LOOK_OK */
	int64_t			 date_ms;	/* GitHub's clock when it answered */
	struct docs		 found;		/* by look_flagged */
	void			(*fini)(struct look *l);	/* frees what follows */
	struct look_inside	*in;		/* the engine's */
};

/*
 * part is a GraphQL field without alias, e.g. node(id:"R_1"){...on Repository{…}};
 * weight is about how many nodes it may bring (a query holds some 500). Many
 * parts share one query; answer is the field's value.
 */
enum flow_next look_graphql(struct look *l, const struct buf *part, unsigned weight,
    flow_step_fn *step, const char *name);

/* url: a path such as /repositories/1/compare/a...b?per_page=100, or l->next. */
enum flow_next look_rest(struct look *l, const char *url, flow_step_fn *step,
    const char *name);

/* Hands documents over (takes them all) and goes on when all are settled. */
enum flow_next look_emit(struct look *l, struct docs *docs, flow_step_fn *step,
    const char *name);

/*
 * Asks the stores behind the outputs for at most max of this repository's
 * commits that they hold as on the default branch with a clock (see
 * doc_set_version) below look_s: ->found, copies that keep their versions.
 */
enum flow_next look_flagged(struct look *l, int64_t look_s, size_t max,
    flow_step_fn *step, const char *name);

/* Goes on at once, but on the next turn of the loop: for long pure work. */
enum flow_next look_yield(struct look *l, flow_step_fn *step, const char *name);

/* The page size GraphQL bears for this repository: 5 at first, at most max. */
unsigned look_page(const struct look *l, unsigned max);
bool look_smaller(struct look *l);	/* halve it; false: it was 1, give up */
void look_larger(struct look *l);	/* after a quick success */

/*
 * The ends of a look. done, of a refresh: the stream is settled for all that was
 * wanted at the start. done, of a gap: a page of it is settled and saved
 * (engine_save_gap), more is to come; the engine starts a new look at it when
 * its turn comes, so that live work on the stream is never kept waiting. closed,
 * of a gap alone: all of it is read; it is deleted. failed: a verdict about this
 * stream or gap, counted; after 12 it is parked. again: nothing counted. lagged, of
 * a refresh: done with what was shown, which is less than the census saw; another
 * one follows soon, some times.
 */
enum flow_next look_done(struct look *l);
enum flow_next look_lagged(struct look *l);
enum flow_next look_closed(struct look *l);
enum flow_next look_failed(struct look *l, const char *why);
enum flow_next look_again(struct look *l, int64_t ms);

/*
 * Makers, one a kind: a new look for a stream (gap NULL) or a gap of it, made by
 * look_new and started (look_start: from the next turn on).
 * size >= sizeof(struct look).
 */
void *look_new(struct engine *e, struct stream *s, struct gap *g, size_t size,
    void (*fini)(struct look *l));
void look_start(struct look *l, flow_step_fn *step, const char *name);

struct look *look_commits(struct engine *e, struct stream *s, struct gap *g);
struct look *look_updated(struct engine *e, struct stream *s, struct gap *g);
struct look *look_releases(struct engine *e, struct stream *s, struct gap *g);
struct look *look_comments(struct engine *e, struct stream *s, struct gap *g);

/* A cursor of pull requests and issues: the newest updatedAt read, its number. */
char *updated_cursor(int64_t updated_ms, int64_t number) MUST_CHECK;
bool updated_cursor_ms(const char *cursor, int64_t *updated_ms) MUST_CHECK;

/* A cursor of commits: a branch and its head, both NULL for the empty set. */
char *commits_cursor(const char *branch, const char *head) MUST_CHECK;
/* The head in such a cursor; false when there is none. size >= 65. */
bool commits_cursor_head(const char *cursor, char *head, size_t size);

#endif

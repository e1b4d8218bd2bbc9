/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h - the dashboard's questions, asked of what outputs have stored. Two
 * implementations answer them with equal results: the SQLite file (sqlite.h) and
 * Elasticsearch (es.h). What each panel says is in docs/dashboard.md.
 *
 * Answers come from the loop, exactly once a question, never from inside the
 * call. What an answer points to is borrowed for that call.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/err.h"

#include <sys/queue.h>

struct json;
struct store;

enum store_panel {
	STORE_TOTALS, STORE_PEOPLE, STORE_ACTIVITY, STORE_SERIES, STORE_REVIEWERS,
	STORE_MATRIX, STORE_FLOW, STORE_LATENCY, STORE_OPEN, STORE_NEWCOMERS,
	STORE_QUIET, STORE_PUNCH_CARD, STORE_REPOSITORIES, STORE_BUS_FACTOR,
	STORE_BOTS, STORE_RECENT, STORE_PERSON, STORE_SEARCH, STORE_UNLINKED,
	STORE_CONTENTS, STORE_PANELS
};

enum store_who { STORE_HUMANS, STORE_BOTS_ONLY, STORE_EVERYBODY };

enum store_sort {		/* of STORE_PEOPLE */
	STORE_BY_ACTIVITY, STORE_BY_COMMITS, STORE_BY_PULLS, STORE_BY_MERGED,
	STORE_BY_REVIEWS, STORE_BY_ADDITIONS, STORE_BY_DELETIONS,
	STORE_BY_REPOSITORIES, STORE_BY_LAST, STORE_BY_NAME, STORE_SORTS
};

#define STORE_MAX_EDGES		1001	/* 1000 buckets */
#define STORE_MAX_ROWS		1000
#define STORE_MAX_LIST		50	/* ids, or names, in one filter */
#define STORE_MAX_TEXT		256	/* bytes of an id, a name, a text */
#define STORE_FIRST_MS		INT64_C(-62135596800000)	/* of the year 1 */
#define STORE_LAST_MS		INT64_C(253402300800000)	/* after the year 9999 */

struct store_list {
	const char *const	*s;
	size_t			 n;	/* 0: all */
};

/* All of it is copied by store_ask. */
struct store_question {
	enum store_panel	 panel;
	int64_t			 from_ms, to_ms;	/* from <= time < to */
	struct store_list	 orgs;		/* github.org */
	struct store_list	 repos;		/* github.repo_id */
	struct store_list	 people;	/* hubstash.credit_id */
	struct store_list	 kinds;		/* event.action */
	enum store_who		 who;
	/* Of panels over time: bucket i is edges[i] <= time < edges[i + 1]. */
	const int64_t		*edges;
	size_t			 edge_count;
	unsigned		 max;		/* rows; 0: the panel's own number */
	enum store_sort		 sort;
	bool			 ascending;
	const char		*after;		/* "next" of an answer; NULL: the top */
	const char		*text;		/* of STORE_SEARCH */
};

/*
 * Whether it can be asked at all, before it is: lists and texts within their
 * limits, edges ascending from from_ms to to_ms, a place that "next" gave for this
 * order. If it cannot, the answer is an error with the same reason.
 */
bool store_check(const struct store_question *q, struct err *e) MUST_CHECK;

/* answer is NULL when it could not be asked: err says why. */
typedef void store_answer_fn(void *arg, const struct json *answer, const struct err *e);
void store_ask(struct store *s, const struct store_question *q, store_answer_fn *fn,
    void *arg);
void store_free(struct store *s);	/* open questions are not answered; NULL fine */

/* "totals", "people", …: as in the API's paths and in docs/dashboard.md. */
const char *store_panel_name(enum store_panel panel);
bool store_panel_of(const char *name, enum store_panel *panel);

/* STORE_PEOPLE in order of activity, as structs. NULL: it could not be asked. */
struct store_people_query {
	int64_t		 from_ms, to_ms;
	unsigned	 max;			/* people; at most 1000 */
};

struct store_person {
	const char	*id;			/* hubstash.credit_id */
	const char	*name;			/* the newest; the id where none stands */
	int64_t		 activity;		/* commits + pulls + reviews */
	int64_t		 commits, pulls, reviews;
	int64_t		 merged;		/* of pulls, those that are merged now */
	int64_t		 last_ms;		/* newest of the counted */
};

/* In order of activity, then of name, then of id, both byte by byte. */
struct store_people {
	const struct store_person *person;
	size_t		 count;
	int64_t		 people;		/* all of them, shown or not */
	int64_t		 documents;		/* in the store, of any time */
};

typedef void store_people_fn(void *arg, const struct store_people *people,
    const struct err *err);
void store_people(struct store *s, const struct store_people_query *q,
    store_people_fn *fn, void *arg);

/* For the implementations: the first member of theirs; zeros, but for the two. */
struct store {
	void	(*ask)(struct store *s, const struct store_question *q,
		    store_answer_fn *fn, void *arg);
	void	(*free)(struct store *s);
	LIST_HEAD(, store_wrap) wraps;	/* store.c's own */
};

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h - the dashboard's questions, asked of what outputs have stored. Two
 * implementations answer them with equal results: the SQLite file (sqlite.h) and
 * Elasticsearch (es.h).
 *
 * Answers come from the loop, exactly once a question, never from inside the
 * call. What an answer points to is borrowed for that call.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/err.h"

struct store;

/*
 * Activity has one definition (docs/documents.md, "Activity"). A document counts
 * once for each credit_id in it when its event.action is
 *	commit		and github.commit.default_branch is true and .merge is false
 *	pull_request	(merged: github.pull_request.state is "merged")
 *	review		and neither github.review.self nor .reply is true
 */
struct store_people_query {
	int64_t		 from_ms, to_ms;	/* from <= @timestamp < to */
	unsigned	 max;			/* people; at most 1000 */
};

struct store_person {
	const char	*id;			/* hubstash.credit_id */
	/*
	 * hubstash.credit beside that id in the newest of the counted documents
	 * (of one moment: the one whose id comes first); the id where none stands.
	 */
	const char	*name;
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

/* people is NULL when it could not be asked: err says why. */
typedef void store_people_fn(void *arg, const struct store_people *people,
    const struct err *err);
void store_people(struct store *s, const struct store_people_query *q,
    store_people_fn *fn, void *arg);
void store_free(struct store *s);	/* open questions are not answered; NULL fine */

/* For the implementations: the first member of theirs. */
struct store {
	void	(*people)(struct store *s, const struct store_people_query *q,
		    store_people_fn *fn, void *arg);
	void	(*free)(struct store *s);
};

#endif

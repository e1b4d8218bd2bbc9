/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_facts.h - what the dashboard needs of each document, as a narrow row
 * beside it, for store/ alone:
 *
 *	facts(doc INTEGER PRIMARY KEY, seq, id, kind, ts, repo, state, flags, credit,
 *	    agents, additions, deletions, punch, merged, closed, first_review, merge,
 *	    author)
 *	names(number INTEGER PRIMARY KEY, kind, id, name, org)
 *
 * Whatever changes a row gives it the next seq, so whoever has read up to one can
 * go on after it. A document that is deleted leaves its row, without a kind. kind,
 * repo, credit, agents and author are numbers of names, which stay for ever; of
 * several, credit and agents are texts, "3 17".
 */
#ifndef STORE_SQLITE_FACTS_H
#define STORE_SQLITE_FACTS_H

#include "base/map.h"
#include "data/doc.h"
#include "store/sqlite_file.h"

enum name_kind {		/* of names: what id, name and org stand for */
	NAME_ACTION,		/* id: event.action */
	NAME_REPO,		/* github.repo_id, github.repo, github.org; '' none */
	NAME_PERSON,		/* hubstash.credit_id, hubstash.credit */
	NAME_PLAIN,		/* name: github.review.pull_author, hubstash.agents */
};

enum fact_flag {
	FACT_COUNTED = 1,	/* as activity */
	FACT_HUMAN = 2,		/* hubstash.bot is false */
	FACT_BOT = 4,		/* ... is true */
	FACT_PEER = 8,		/* github.review.pull_author_bot is false */
};

enum fact_state {
	FACT_NO_STATE,
	FACT_OPEN, FACT_CLOSED, FACT_MERGED,	/* of pull requests */
	FACT_APPROVED, FACT_CHANGES, FACT_COMMENTED, FACT_DISMISSED,	/* of reviews */
};

/* Writes facts in its owner's transactions. Zeros are a closed one. */
struct facts {
	sqlite3		*db;
	sqlite3_stmt	*put, *find, *name;
	struct map	*numbers;	/* of names written or found before */
	struct buf	 key, credit, agents;
	int64_t		 seq;		/* given last */
};

/* False: the reason is the connection's. */
bool facts_open(struct facts *f, sqlite3 *db) MUST_CHECK;
void facts_close(struct facts *f);
/* After BEGIN IMMEDIATE: goes on after what others wrote. */
bool facts_begin(struct facts *f) MUST_CHECK;
bool facts_put(struct facts *f, const struct doc *d) MUST_CHECK;
/* After a transaction that failed: what it named is not there. */
void facts_forget(struct facts *f);

/* The rows of all documents of a file that has none yet, in its transaction. */
bool facts_make(struct store_file *file, struct err *e) MUST_CHECK;

#endif

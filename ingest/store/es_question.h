/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_question.h - a question on its way through Elasticsearch, between the files
 * es_*.c that read. A panel is asked for in rounds. A round is one _msearch:
 *
 *	fields? ► ask ► _msearch ► take ─► names? ─► ask ► _msearch ► take … ► answer
 *	                  (round 0)                        (round 1)
 *
 * ask writes the searches of a round; take reads their answers into the panel, says
 * whose names the next step needs, and what comes next.
 */
#ifndef STORE_ES_QUESTION_H
#define STORE_ES_QUESTION_H

#include "store/es.h"
#include "store/es_names.h"
#include "store/panel.h"

#include <sys/queue.h>

struct es_reader;
struct es_question;

enum es_took {
	ES_TOOK_ALL,	/* the panel is whole */
	ES_TOOK_ROUND,	/* on with the next round */
	ES_TOOK_PART,	/* this round once more */
	ES_TOOK_BAD,	/* an answer that is not understood */
};

struct es_panel {
	void		(*ask)(struct es_question *q);
	enum es_took	(*take)(struct es_question *q);
};

struct es_question {
	struct es_talk		 talk;		/* first */
	LIST_ENTRY(es_question)	 link;
	struct es_reader	*reader;
	struct store_question	*of;		/* a copy; owned */
	store_answer_fn		*fn;
	void			*arg;
	const struct es_panel	*panel;
	struct panel		 p;
	unsigned		 round, requests;
	size_t			 from, shown;	/* rows [from, shown) are shown */
	int64_t			 from_ms;	/* of the round, where it has its own */
	/* the searches of the round at hand */
	struct buf		 body;
	size_t			 searches, clauses;
	/* lists of everybody are read in parts, as many as it takes */
	size_t			 part, parts;
	struct es_wants		 wants;		/* names */
	struct map		*seen, *names;	/* of the panel's own */
	bool			 taken, failed;
	struct err		 err;
};

/* The panels, by the file they stand in. */
extern const struct es_panel es_people, es_series, es_reviewers, es_unlinked;
extern const struct es_panel es_newcomers, es_quiet;
extern const struct es_panel es_totals, es_activity, es_flow, es_latency, es_bots,
    es_punch_card;
extern const struct es_panel es_repositories, es_bus_factor, es_matrix;
extern const struct es_panel es_open, es_recent, es_contents, es_person, es_search;

#endif

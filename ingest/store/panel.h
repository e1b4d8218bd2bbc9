/* SPDX-License-Identifier: Apache-2.0 */
/*
 * panel.h - the part of answering that both stores share: what was counted goes
 * in as plain rows and cells, ranking, cutting, percentiles and the shape of the
 * JSON are made here, once. Pure. What each panel needs is in docs/dashboard.md.
 */
#ifndef STORE_PANEL_H
#define STORE_PANEL_H

#include "data/json.h"
#include "store/store.h"

enum panel_column {
	COL_ACTIVITY, COL_COMMITS, COL_PULLS, COL_MERGED, COL_CLOSED, COL_REVIEWS,
	COL_ISSUES, COL_COMMENTS, COL_RELEASES, COL_ADDITIONS, COL_DELETIONS,
	COL_REPOS, COL_PEOPLE, COL_OPEN, COL_FIRST, COL_LAST,	/* the last two: ms */
	COL_APPROVED, COL_CHANGES, COL_COMMENTED, COL_DISMISSED, COL_AUTHORS,
	COL_HUMAN, COL_BOT, COL_DOCUMENTS, PANEL_COLUMNS
};

/* Hours as a histogram of fixed buckets: the middle of b is 10^((b + 0.5) / 50). */
#define PANEL_HOURS_LOW		(-100)	/* 0.01 hours, and all below */
#define PANEL_HOURS		500	/* up to 10^8 hours */
struct panel_hours {
	int64_t		 n[PANEL_HOURS];	/* of bucket i + PANEL_HOURS_LOW */
};

struct panel_row {
	char		*id, *name;	/* owned; name NULL: the id stands for it */
	int64_t		 n[PANEL_COLUMNS];
	struct panel_hours *hours;	/* owned; of those merged; or NULL */
};

struct panel_rows {
	struct panel_row *row;
	size_t		 n, cap;
};

/* The new row, valid until the next; id and name are copied, NULL is fine. */
struct panel_row *panel_add(struct panel_rows *rows, const char *id,
    const char *name);
void panel_rows_fini(struct panel_rows *rows);

struct panel {
	struct panel_rows	 rows;		/* what the panel lists, in any order */
	struct panel_rows	 more;		/* its second list, if it has one */
	/* of STORE_SERIES rows x buckets x 3, of others as docs/dashboard.md says */
	int64_t			*cells;
	size_t			 cell_count;
	struct panel_hours	*hours;		/* of STORE_LATENCY */
	size_t			 hours_count;
	struct json		*documents;	/* array: of STORE_OPEN, STORE_RECENT */
	int64_t			 document_count;	/* in the store */
	bool			 further;	/* documents go on after these */
};

void panel_fini(struct panel *p);

/* Ranks, cuts, and says it. Takes nothing; p may be reordered. */
struct json *panel_answer(const struct store_question *q, struct panel *p);

/*
 * Order of STORE_PEOPLE and how many of the first rows are wanted, also for
 * implementations that read names only for those: ranks without names, then
 * returns how many rows names can move into what is shown.
 */
size_t panel_rank(const struct store_question *q, struct panel_rows *rows);
void panel_order(const struct store_question *q, struct panel_rows *rows); /* named */
void panel_sort(struct panel_rows *rows, enum panel_column by, bool ascending);
void panel_sort_names(struct panel_rows *rows);

/* How many rows it may have: asked for, or the panel's own number. */
size_t panel_max(const struct store_question *q);
/* A copy of all of it, in one piece: free() it. */
struct store_question *panel_question_copy(const struct store_question *q) MUST_CHECK;

/* A document (its body) as a row of STORE_OPEN or STORE_RECENT. New. */
struct json *panel_document(const struct json *body);
/* The opaque place after a row of STORE_RECENT, read. */
bool panel_place(const char *after, int64_t *ms, char id[STORE_MAX_TEXT]);

/* Smallest value with at least share (0.5) of them at or below; -1: none. */
double panel_percentile(const struct panel_hours *h, double share);

#endif

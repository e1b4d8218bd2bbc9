/* SPDX-License-Identifier: Apache-2.0 */
/* census.h - the inside of the census, for census.c, _apply.c and _lack.c. */
#ifndef SYNC_CENSUS_H
#define SYNC_CENSUS_H

#include "sync/census_read.h"
#include "sync/inside.h"

struct census {
	struct flow	 flow;		/* first */
	struct owner	*owner;
	struct part	*part;
	struct part_answer answer;	/* the last one */
	char		*after;		/* where the next page begins */
	unsigned	 first;		/* repositories a page */
	unsigned	 tries;		/* of a page of one */
	char		*heavy;		/* the cursor before one that is stepped over */
	int64_t		 heavy_ms;	/* until then; clock_mono_ms */
	size_t		 next_name;	/* of those named */
	int64_t		 cost;		/* of this round */
	int64_t		 began_ms;	/* clock_mono_ms */
	uint64_t	 round;
	bool		 again;		/* somebody wants one at once */
	bool		 working;	/* not between two */
	bool		 whole;		/* this round came to its end */
	bool		 some;		/* ... but for some that were refused */
	struct repo	*absent;	/* being asked for */
	bool		 lacks[CENSUS_PARTS];	/* the token may not read it */
	bool		 lacked[CENSUS_PARTS];	/* ... in the round before */
	bool		 without[CENSUS_PARTS];	/* ... so it is not asked for */
	int64_t		 without_ms;	/* until then; clock_mono_ms */
	char		 refusal[256];	/* in GitHub's words */
};

/* census_lack.c: what is asked of each repository, "{...census …}". */
void census_fields(const struct census *c, struct buf *b);
void census_lack_begin(struct census *c);
/* True when the answer was refused for what can be left out: it is asked again. */
bool census_lack_page(struct census *c);
void census_lack_end(struct census *c);


/* What the census saw of one repository: false when it is none. */
bool census_apply(struct census *c, const struct json *node, bool named);
/* Those that were not listed; the next one to be asked for, or NULL. */
struct repo *census_absent(struct census *c);
/* What became of it: node is NULL when it is not there any more. */
void census_absent_told(struct census *c, struct repo *r, const struct json *node);

#endif

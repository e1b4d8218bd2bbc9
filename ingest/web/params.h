/* SPDX-License-Identifier: Apache-2.0 */
/*
 * params.h - the parameters of the API: one table says which there are, which of
 * them a panel takes and what is wrong with one. docs/api.yaml says the same, and
 * is held against it.
 */
#ifndef WEB_PARAMS_H
#define WEB_PARAMS_H

#include "base/buf.h"
#include "store/store.h"
#include "web/period.h"

struct httpd_request;
struct json;
struct zone;

/* What a route takes. */
enum params_set {
	PARAMS_PERIOD = 1,	/* from, to, days, zone */
	PARAMS_INTERVAL = 2,
	PARAMS_WHERE = 4,	/* org, repository */
	PARAMS_WHAT = 8,	/* person, kind, who */
	PARAMS_MAX = 16,
	PARAMS_ORDER = 32,	/* sort, order */
	PARAMS_AFTER = 64,
	PARAMS_TEXT = 128,	/* q */
	PARAMS_TABLE = 256,
	PARAMS_FILTERS = PARAMS_WHERE | PARAMS_WHAT,
};

struct params_wrong {
	char		 parameter[64];		/* "": of no single one */
	struct buf	 reason;
};

/* What a request asks. Texts are borrowed from it. */
struct params {
	unsigned		 set;
	struct store_question	 q;		/* all but its panel */
	const char		*zone;
	enum period_interval	 interval;	/* chosen, never auto */
	const char		*table;		/* NULL: the first */
	/* the inside */
	const char		*list[4][STORE_MAX_LIST];
	int64_t			 edges[STORE_MAX_EDGES];
	const char		*from, *to;
	int64_t			 days;
	bool			 ordered;
	unsigned		 given;
};

/*
 * A route's own: what it takes, and the most rows. False: wrong says which parameter
 * and why; its reason is yours to free then.
 */
bool params_read(struct params *p, const struct httpd_request *r, unsigned set,
    unsigned max, int64_t now_ms, struct params_wrong *wrong) MUST_CHECK;

/* The answer's head: {"from", "to", "zone", "interval", "filters"}, into o. */
void params_say(const struct params *p, struct json *o);
/* All that makes an answer this one, as text: equal questions have equal texts. */
void params_key(const struct params *p, struct buf *out);

#endif

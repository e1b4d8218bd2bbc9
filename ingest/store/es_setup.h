/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_setup.h - the index template and the index, made ready once, without a writer:
 * what is there is looked at, then es_index.h does the rest. Or the template taken
 * away again, if it is ours; the index never is.
 */
#ifndef STORE_ES_SETUP_H
#define STORE_ES_SETUP_H

#include "store/es_index.h"

enum es_setup_what {
	ES_SETUP_SAME, ES_SETUP_MADE, ES_SETUP_REPLACED, ES_SETUP_REMOVED,
	ES_SETUP_ABSENT, ES_SETUP_KEPT,		/* it is somebody else's */
};

struct es_setup;
struct es_setup_conf {
	struct es_index_conf index;	/* but for changed and arg; borrowed */
	bool		 remove;
	/* Once, from the loop; err is NULL when all went well. */
	void		(*ended)(void *arg, enum es_setup_what what,
			    const struct err *err);
	void		*arg;
};

struct es_setup *es_setup_new(struct es *es, const struct es_setup_conf *conf);
void es_setup_start(struct es_setup *s);
void es_setup_free(struct es_setup *s);		/* before the es; NULL is fine */

#endif

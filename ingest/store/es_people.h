/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_people.h - the dashboard's questions (store.h), answered by Elasticsearch or
 * OpenSearch with aggregations and without scripts, exactly: everybody is counted,
 * page by page; names are read for those who are shown and for those whose rank
 * hangs on their name.
 */
#ifndef STORE_ES_PEOPLE_H
#define STORE_ES_PEOPLE_H

#include "store/es.h"
#include "store/store.h"

/* NULL with a reason if the cluster's addresses or the CA file are no good. */
struct store *es_reader(struct loop *l, const struct es_conf *conf, const char *index,
    struct err *e) MUST_CHECK;

#endif

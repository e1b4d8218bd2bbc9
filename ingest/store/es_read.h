/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_read.h - the dashboard's questions (store.h), answered by Elasticsearch or
 * OpenSearch with aggregations and without scripts. What is exact there and what is
 * not stands in docs/dashboard.md.
 */
#ifndef STORE_ES_READ_H
#define STORE_ES_READ_H

#include "store/es.h"
#include "store/store.h"

/* NULL with a reason if the cluster's addresses or the CA file are no good. */
struct store *es_reader(struct loop *l, const struct es_conf *conf, const char *index,
    struct err *e) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv.h - the tables of an answer as CSV (RFC 4180), the first line the members'
 * names (a.b is a_b). Texts that a spreadsheet would take for a formula begin with
 * an apostrophe. Pure.
 */
#ifndef WEB_CSV_H
#define WEB_CSV_H

#include "base/buf.h"

struct json;
struct csv_table;

/* A table of a panel ("people") by its name; NULL: the first. NULL: none such. */
const struct csv_table *csv_find(const char *panel, const char *table) MUST_CHECK;
const char *csv_name(const struct csv_table *t);
/* "buckets, agents"; "": the panel has none. */
void csv_names(const char *panel, struct buf *out);

void csv_print(const struct csv_table *t, const struct json *data, struct buf *out);

#endif

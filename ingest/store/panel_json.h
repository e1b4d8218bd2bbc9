/* SPDX-License-Identifier: Apache-2.0 */
/* panel_json.h - rows as JSON, and the answers, between the panel files alone. */
#ifndef STORE_PANEL_JSON_H
#define STORE_PANEL_JSON_H

#include "store/panel.h"

/* Which column stands under which name; a NULL name ends the list. */
struct panel_member {
	const char		*name;
	enum panel_column	 column;
};

/* COL_FIRST and COL_LAST as dates, and absent when they are 0. */
void panel_members(struct json *j, const struct panel_row *r,
    const struct panel_member *members);
void panel_time(struct json *j, const char *member, int64_t ms);
void panel_id_name(struct json *j, const struct panel_row *r);
const char *panel_name(const struct panel_row *r);

/* The first max rows: {id, name, members}; {name, members}. */
struct json *panel_list(const struct panel_rows *rows, size_t max,
    const struct panel_member *members);
struct json *panel_names(const struct panel_rows *rows, size_t max,
    const struct panel_member *members);
/* The cells as an array of arrays; those that are not there are 0. */
struct json *panel_cells(const struct panel *p, size_t lines, size_t columns);

struct json *answer_people(const struct store_question *q, struct panel *p);
struct json *answer_series(const struct store_question *q, struct panel *p);
struct json *answer_reviewers(const struct store_question *q, struct panel *p);
struct json *answer_matrix(const struct store_question *q, struct panel *p);
struct json *answer_open(const struct store_question *q, struct panel *p);
struct json *answer_newcomers(const struct store_question *q, struct panel *p);
struct json *answer_quiet(const struct store_question *q, struct panel *p);
struct json *answer_repositories(const struct store_question *q, struct panel *p);
struct json *answer_bus_factor(const struct store_question *q, struct panel *p);
struct json *answer_recent(const struct store_question *q, struct panel *p);
struct json *answer_person(const struct store_question *q, struct panel *p);
struct json *answer_search(const struct store_question *q, struct panel *p);
struct json *answer_unlinked(const struct store_question *q, struct panel *p);

#endif

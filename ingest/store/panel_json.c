/* SPDX-License-Identifier: Apache-2.0 */
/* panel_json.c - see panel_json.h. */
#include "store/panel_json.h"
#include "base/clock.h"
#include "base/str.h"

void
panel_time(struct json *j, const char *member, int64_t ms)
{
	char text[CLOCK_TEXT];

	json_set_str(j, member, clock_iso(ms, text));
}

void
panel_members(struct json *j, const struct panel_row *r,
    const struct panel_member *members)
{
	for (const struct panel_member *m = members; m->name != NULL; m++) {
		if (m->column != COL_FIRST && m->column != COL_LAST)
			json_set_int(j, m->name, r->n[m->column]);
		else if (r->n[m->column] != 0)
			panel_time(j, m->name, r->n[m->column]);
	}
}

const char *
panel_name(const struct panel_row *r)
{
	return str_or(r->name, r->id);
}

void
panel_id_name(struct json *j, const struct panel_row *r)
{
	json_set_str(j, "id", r->id);
	json_set_str(j, "name", panel_name(r));
}

struct json *
panel_list(const struct panel_rows *rows, size_t max, const struct panel_member *members)
{
	struct json *list = json_new_array(), *j;

	for (size_t i = 0; i < rows->n && i < max; i++) {
		j = json_new_object();
		panel_id_name(j, &rows->row[i]);
		panel_members(j, &rows->row[i], members);
		json_push(list, j);
	}
	return list;
}

struct json *
panel_names(const struct panel_rows *rows, size_t max, const struct panel_member *members)
{
	struct json *list = json_new_array(), *j;

	for (size_t i = 0; i < rows->n && i < max; i++) {
		j = json_new_object();
		json_set_str(j, "name", panel_name(&rows->row[i]));
		panel_members(j, &rows->row[i], members);
		json_push(list, j);
	}
	return list;
}

struct json *
panel_cells(const struct panel *p, size_t lines, size_t columns)
{
	struct json *list = json_new_array(), *line;

	for (size_t i = 0; i < lines; i++) {
		line = json_new_array();
		for (size_t k = 0; k < columns; k++) {
			size_t at = i * columns + k;

			json_push(line, json_new_int(at < p->cell_count ?
			    p->cells[at] : 0));
		}
		json_push(list, line);
	}
	return list;
}

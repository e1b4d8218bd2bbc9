/* SPDX-License-Identifier: Apache-2.0 */
/*
 * panel_rank.h - rows in the order of STORE_PEOPLE, between the panel files and
 * es_people.c.
 */
#ifndef STORE_PANEL_RANK_H
#define STORE_PANEL_RANK_H

#include "store/panel_place.h"

/* Sorts them; how many come before what is shown, which is after q->after. */
size_t rank_people(const struct store_question *q, struct panel_rows *rows);

/* "next" after that row; free it. NULL: it would be too long. */
char *rank_place(const struct store_question *q, const struct panel_row *r) MUST_CHECK;

#endif

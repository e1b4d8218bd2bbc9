/* SPDX-License-Identifier: Apache-2.0 */
/*
 * panel_place.h - "next" of an answer: a place in an order, as a text that can
 * stand in a URL. It says after what to go on, so it holds while rows come and go.
 */
#ifndef STORE_PANEL_PLACE_H
#define STORE_PANEL_PLACE_H

#include "store/panel.h"

/* In the order of STORE_PEOPLE. */
struct panel_place {
	int64_t		 value;		/* of the column it is sorted by */
	char		*name, *id;	/* owned */
};

/* False: no place, or one of another order. */
bool place_read(const struct store_question *q, struct panel_place *at) MUST_CHECK;
void place_fini(struct panel_place *at);

/* The text of a place; free it. NULL: longer than we would read again. */
char *place_of_person(const struct store_question *q, const struct panel_place *at)
    MUST_CHECK;
char *place_of_document(int64_t ms, const char *id) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cube_panels.h - the panels as counts over a cube. What each counts is in
 * docs/dashboard.md; what is made of it is in panel.h.
 */
#ifndef STORE_CUBE_PANELS_H
#define STORE_CUBE_PANELS_H

#include "store/cube_walk.h"

struct cube_ask {
	const struct cube		*cube;
	const struct store_question	*q;
	struct cube_filter		 filter;
	struct store_file		*file;	/* for what is not in the cube */
};

/* Fills the panel, within the transaction the cube was followed in. */
bool cube_answer(const struct cube *c, struct store_file *file,
    const struct store_question *q, struct panel *p, struct err *e) MUST_CHECK;

/* Walks: all that the filters let through from a moment to another. */
struct cube_walk cube_walk_from(const struct cube_ask *a, int64_t from_ms, int64_t to_ms,
    bool counted);

/* Between the files of panels. */
void cube_totals(const struct cube_ask *a, struct panel *p);
void cube_activity(const struct cube_ask *a, struct panel *p);
void cube_flow(const struct cube_ask *a, struct panel *p);
void cube_latency(const struct cube_ask *a, struct panel *p);
void cube_punch_card(const struct cube_ask *a, struct panel *p);
void cube_bots(const struct cube_ask *a, struct panel *p);
void cube_people(const struct cube_ask *a, struct panel *p);
void cube_series(const struct cube_ask *a, struct panel *p);
void cube_newcomers(const struct cube_ask *a, struct panel *p);
void cube_quiet(const struct cube_ask *a, struct panel *p);
void cube_unlinked(const struct cube_ask *a, struct panel *p);
void cube_one_person(const struct cube_ask *a, struct panel *p);
void cube_search(const struct cube_ask *a, struct panel *p);
void cube_repositories(const struct cube_ask *a, struct panel *p);
void cube_bus_factor(const struct cube_ask *a, struct panel *p);
void cube_reviewers(const struct cube_ask *a, struct panel *p);
void cube_matrix(const struct cube_ask *a, struct panel *p);
void cube_contents(const struct cube_ask *a, struct panel *p);
bool cube_open(const struct cube_ask *a, struct panel *p, struct err *e) MUST_CHECK;
bool cube_recent(const struct cube_ask *a, struct panel *p, struct err *e) MUST_CHECK;

#endif

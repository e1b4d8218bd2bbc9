/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live.h - what arrives, told to browsers as it does: Server-Sent Events.
 *
 *	hello	first: {"version", "now"}
 *	change	documents that were stored, folded: {"documents", "kinds": {"commit": 3},
 *		"people": [ID…], "repositories": [ID…], "more": true if there were others}
 *	reload	something may have been missed: ask again
 *
 * The id of an event is this run's name and a number that grows with each change,
 * also while nobody listens. Who comes back with an older one is told to reload.
 */
#ifndef WEB_LIVE_H
#define WEB_LIVE_H

struct httpd;
struct httpd_request;
struct live;
struct pipeline;

struct live *live_new(struct pipeline *p);	/* borrowed; NULL: nothing arrives */
void live_open(struct live *l, struct httpd *d, struct httpd_request *r);
void live_tick(struct live *l, struct httpd *d);	/* four times a second */
void live_free(struct live *l);			/* before the pipeline; NULL is fine */

#endif

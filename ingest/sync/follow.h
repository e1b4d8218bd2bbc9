/* SPDX-License-Identifier: Apache-2.0 */
/*
 * follow.h - the engine that follows organisations, as the github input sees it.
 * It finds its mode, its state and its outputs through the host.
 */
#ifndef SYNC_FOLLOW_H
#define SYNC_FOLLOW_H

#include "core/plugin.h"

struct engine;
struct people_rules;

struct engine_conf {
	struct instance		*host;
	const struct strings	*orgs;		/* logins of organisations or users */
	const struct strings	*repos;		/* owner/name, also of other owners */
	const char		*token, *api_url;
	int64_t			 since_s;	/* how far back at first contact */
	int64_t			 census_s;	/* 0: chosen by the budget */
	double			 quota;		/* of each hour's budget, 0.05 to 1 */
	bool			 forks, keep_email;
	const struct people_rules *rules;	/* borrowed */
};

struct engine *engine_new(const struct engine_conf *conf, struct err *e) MUST_CHECK;
void engine_start(struct engine *e);
void engine_pause(struct engine *e, bool on);
void engine_refill(struct engine *e);	/* a store is new: all covered is a gap */
void engine_stop(struct engine *e);	/* host_stopped, once quiet */
void engine_free(struct engine *e);	/* NULL is fine */

#endif

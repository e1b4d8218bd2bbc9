/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web.h - the web door: what a running hubstash shows to browsers and monitors.
 *
 *	/		people in order of activity, ?days=7|30|90|365
 *	/metrics	all numbers of the process, for Prometheus
 *	/healthz	200 while all is well, else 503; why, as JSON
 *	/_node/stats	numbers of the pipeline, named as Logstash names them
 *	/style.css
 *
 * Everything is read; nothing is changed by any request.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "base/err.h"

struct loop;
struct pipeline;
struct state;
struct store;
struct web;

/* All but store is borrowed until web_stop. */
struct web_conf {
	const char		*listen;	/* as httpd.h has it, or NULL */
	const char *const	*names;		/* further names of this host, or NULL */
	struct pipeline		*pipeline;	/* NULL: none to tell of */
	struct state		*state;
	struct store		*store;		/* taken; NULL: no list of people */
	const char		*title;		/* whom it is about; NULL: nothing */
	const char		*notice;	/* "Simulated data."; NULL: nothing */
	bool			 follows;	/* well only while a feed is fresh */
};

struct web *web_start(struct loop *l, const struct web_conf *conf, struct err *e)
    MUST_CHECK;
const char *web_address(const struct web *w);	/* "127.0.0.1:9600" */
void web_stop(struct web *w);			/* NULL is fine */

#endif

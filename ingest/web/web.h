/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web.h - the web door: what a running hubstash shows to browsers and monitors.
 *
 *	/		the dashboard; without scripts the people in order of activity,
 *			?days=7|30|90|365. Its views have paths of their own, /data and
 *			those below /person/ and /repository/: the same document
 *	/assets/...	the dashboard's files, named by their content
 *	/api/v1/...	what it shows, as JSON and CSV (docs/api.yaml); live, as events
 *	/metrics	all numbers of the process, for Prometheus
 *	/healthz	200 while all is well, else 503; why, as JSON
 *	/_node/stats	numbers of the pipeline, named as Logstash names them
 *	/style.css	of the list of people
 *
 * Everything is read; nothing is changed by any request. With auth_file all of it
 * asks for a password, monitors included.
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
	/* Who may read, as httpd.h has it; without one, others than loopback only if
	 * insecure. */
	const char		*auth_file;
	bool			 insecure;
};

struct web *web_start(struct loop *l, const struct web_conf *conf, struct err *e)
    MUST_CHECK;
const char *web_address(const struct web *w);	/* "127.0.0.1:9600" */
void web_stop(struct web *w);			/* NULL is fine */

#endif

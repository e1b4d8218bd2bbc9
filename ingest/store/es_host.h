/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_host.h - the address of a server of a cluster, and who we say we are. Pure.
 *
 * Addresses are read as Logstash reads them: the scheme may be missing, the port
 * is 9200 unless given, user and password may stand before an @ (percent-coded),
 * and a path is a prefix of every request. No text made here holds a secret but
 * the Authorization line.
 */
#ifndef STORE_ES_HOST_H
#define STORE_ES_HOST_H

#include "base/err.h"

struct es_host {
	char	*base;			/* "https://es1:9200/prefix" */
	char	*user, *password;	/* of the address; NULL: none */
	bool	 tls, loopback;
	int64_t	 rests_until_ms;	/* by the monotonic clock */
};

/* tls: what an address without scheme means. h is to be zero. */
bool es_host_parse(struct es_host *h, const char *text, bool tls, struct err *e)
    MUST_CHECK;
void es_host_fini(struct es_host *h);

/*
 * The line "Authorization: …", or NULL where nothing is given. An API key is
 * "id:key", or that in base64, or a cloud key (essu_…). Yours to free.
 */
char *es_authorization(const char *user, const char *password, const char *api_key);

/* A name for an index: lower case, none of \ / * ? " < > | , # : or blanks. */
bool es_index_name_ok(const char *name);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* httpd_text.h - what a server writes, and addresses as text; for httpd.c alone. */
#ifndef IO_HTTPD_TEXT_H
#define IO_HTTPD_TEXT_H

#include "io/httpd.h"

#include <sys/socket.h>

#define HTTPD_ETAG	64

/* An answer as its head says it. */
struct httpd_text {
	const struct httpd_answer *a;
	int		 status;		/* 304 instead of 200 */
	size_t		 length;
	char		 etag[HTTPD_ETAG];	/* "": none */
	bool		 packed, varies;	/* with gzip; by Accept-Encoding */
	bool		 endless;		/* no length: until it is closed */
};

/* Status line and headers of an answer. */
void httpd_head_text(struct buf *out, const struct httpd_text *t, bool last);
/* A body that says a status and why. */
void httpd_status_text(struct buf *out, int status, const char *why);

/* "127.0.0.1:9600-9700": an address without port, and its ports. */
bool httpd_listen_parse(const char *text, struct sockaddr_storage *ss,
    socklen_t *len, unsigned *from, unsigned *to, struct err *e) MUST_CHECK;
/* *others: it is reached by more than loopback. */
void httpd_listen_text(const struct sockaddr_storage *ss, char *text, size_t size,
    bool *others);

#endif

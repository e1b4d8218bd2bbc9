/* SPDX-License-Identifier: Apache-2.0 */
/* httpd_text.h - what a server writes, and addresses as text; for httpd.c alone. */
#ifndef IO_HTTPD_TEXT_H
#define IO_HTTPD_TEXT_H

#include "io/httpd.h"

#include <sys/socket.h>

/* Status line and headers of an answer. */
void httpd_head_text(struct buf *out, const struct httpd_answer *a, bool last);
/* A body that says a status and why. */
void httpd_status_text(struct buf *out, int status, const char *why);

/* "127.0.0.1:9600-9700": an address without port, and its ports. */
bool httpd_listen_parse(const char *text, struct sockaddr_storage *ss,
    socklen_t *len, unsigned *from, unsigned *to, struct err *e) MUST_CHECK;
/* *others: it is reached by more than loopback. */
void httpd_listen_text(const struct sockaddr_storage *ss, char *text, size_t size,
    bool *others);

#endif

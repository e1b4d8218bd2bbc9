/* SPDX-License-Identifier: Apache-2.0 */
/* httpd_users.h - the file of who may read, for httpd_auth.c alone. */
#ifndef IO_HTTPD_USERS_H
#define IO_HTTPD_USERS_H

#include "base/err.h"

struct httpd_users;

struct httpd_users *httpd_users_new(const char *file);
void httpd_users_free(struct httpd_users *u);

/* Reads it if it is another than before; false while it cannot be used. */
bool httpd_users_ready(struct httpd_users *u, struct err *e) MUST_CHECK;
unsigned httpd_users_edition(const struct httpd_users *u);	/* grows with each */

/* The user's hash; of somebody unknown another's, so that checking takes as long. */
const char *httpd_users_hash(const struct httpd_users *u, const char *name,
    bool *known);

#endif

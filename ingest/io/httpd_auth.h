/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd_auth.h - who may read: a file of names and password hashes, asked with HTTP
 * Basic. Lines are user:hash; blank ones and those that begin with # are passed
 * over. A hash is what crypt(3) makes, of a kind that is slow to guess:
 *
 *	printf 'sim-ada:%s\n' "$(openssl passwd -6)" >>FILE
 *
 * (SHA-512, SHA-256, yescrypt as of mkpasswd, bcrypt as of htpasswd -B.) The file is
 * ours or root's, others may not read it, nobody else may write it; it is read again
 * when it changes. While it cannot be read nobody is let in.
 *
 * A password is checked on a thread, one at a time, and remembered while the file
 * stays as it is: only the first request waits for it. HTTPD_CHECKS wait at most,
 * also of those who left meanwhile, so that guessing costs no memory.
 */
#ifndef IO_HTTPD_AUTH_H
#define IO_HTTPD_AUTH_H

#include "base/err.h"

#define HTTPD_CHECKS	64

struct httpd_auth;
struct loop;

struct httpd_auth *httpd_auth_new(struct loop *l, const char *file, struct err *e)
    MUST_CHECK;
void httpd_auth_free(struct httpd_auth *a);	/* who waits is answered; NULL is fine */

enum httpd_verdict {
	VERDICT_NO, VERDICT_YES,
	VERDICT_AWAY,		/* the file cannot be read; too many wait */
	VERDICT_LATER,		/* fn is called, from the loop, exactly once */
};
typedef void httpd_verdict_fn(void *arg, enum httpd_verdict v);

/* What the header Authorization says, or NULL. */
enum httpd_verdict httpd_auth_ask(struct httpd_auth *a, const char *header,
    httpd_verdict_fn *fn, void *arg) MUST_CHECK;

/*
 * "Basic dXNlcjpwYXNz": user and password, at most HTTPD_LOGIN bytes, in text (the
 * password behind the user's NUL). False for anything else. Pure.
 */
#define HTTPD_LOGIN	512
bool httpd_auth_parse(const char *header, char text[HTTPD_LOGIN]) MUST_CHECK;

#endif

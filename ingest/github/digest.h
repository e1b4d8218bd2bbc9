/* SPDX-License-Identifier: Apache-2.0 */
/* digest.h - SHA-1, SHA-256 and its HMAC as hexadecimal text. For one thread. */
#ifndef GITHUB_DIGEST_H
#define GITHUB_DIGEST_H

#include <stddef.h>

#define DIGEST_SHA1	41		/* bytes of text, with its end */
#define DIGEST_SHA256	65

void digest_sha1(const void *p, size_t n, char hex[DIGEST_SHA1]);
void digest_sha256(const void *p, size_t n, char hex[DIGEST_SHA256]);
void digest_hmac_sha256(const char *key, const void *p, size_t n,
    char hex[DIGEST_SHA256]);

#endif

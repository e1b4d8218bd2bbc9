/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digest.c - see digest.h. OpenSSL 3 looks an algorithm up by its name at each use
 * of EVP_sha1(), which takes longer than the sum of a line: it is fetched once.
 */
#include "github/digest.h"
#include "base/base.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

static void
print_hex(const unsigned char *sum, unsigned n, char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (unsigned i = 0; i < n; i++) {
		*hex++ = digits[sum[i] >> 4];
		*hex++ = digits[sum[i] & 15];
	}
	*hex = '\0';
}

static void
hex_digest(EVP_MD **md, const char *name, const void *p, size_t n, char *hex)
{
	static EVP_MD_CTX *ctx;
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (ctx == NULL)
		ctx = EVP_MD_CTX_new();
	if (*md == NULL)
		*md = EVP_MD_fetch(NULL, name, NULL);
	if (ctx == NULL || *md == NULL || EVP_DigestInit_ex2(ctx, *md, NULL) != 1 ||
	    EVP_DigestUpdate(ctx, p, n) != 1 || EVP_DigestFinal_ex(ctx, sum, &len) != 1)
		die("OpenSSL has no %s", name);
	print_hex(sum, len, hex);
}

void
digest_sha1(const void *p, size_t n, char hex[DIGEST_SHA1])
{
	static EVP_MD *md;

	hex_digest(&md, "SHA1", p, n, hex);
}

void
digest_sha256(const void *p, size_t n, char hex[DIGEST_SHA256])
{
	static EVP_MD *md;

	hex_digest(&md, "SHA256", p, n, hex);
}

void
digest_hmac_sha256(const char *key, const void *p, size_t n, char hex[DIGEST_SHA256])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (HMAC(EVP_sha256(), key, (int)strlen(key), p, n, sum, &len) == NULL)
		die("OpenSSL has no HMAC");
	print_hex(sum, len, hex);
}

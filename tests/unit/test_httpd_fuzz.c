/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fuzzer's entry point over heads of requests: each cut off at every byte,
 * and with bytes changed in a fixed pseudo-random way.
 */
#include "../fuzz/httpd.c"
#include "corpus.h"

#include "tap.h"

static void
try_all(const char *head, uint32_t *seed)
{
	static const char bytes[] = " \r\n\t:/?&=%#+0aZ\x7f\x80\x01[]*.,";
	size_t n = strlen(head);

	for (size_t i = 0; i <= n; i++) {
		char *copy = xcalloc(1, i + 1);

		memcpy(copy, head, i);
		LLVMFuzzerTestOneInput((const uint8_t *)copy, i);
		for (int round = 0; round < 40; round++) {
			memcpy(copy, head, i);
			for (int k = 0; k < 1 + round % 3 && i > 0; k++) {
				*seed = *seed * 1664525 + 1013904223;
				copy[(*seed >> 8) % i] = bytes[(*seed >> 20) % sizeof(bytes)];
			}
			LLVMFuzzerTestOneInput((const uint8_t *)copy, i);
		}
		free(copy);
	}
	ok(true, "%.*s", (int)strcspn(head, "\r"), head);
}

int
main(void)
{
	static const char *const heads[] = {
		"GET / HTTP/1.1\r\nHost: localhost:9600",
		"GET /?days=30&x=%41+b&&c= HTTP/1.1\r\nHost: [::1]:80\r\nConnection: a, close",
		"HEAD http://localhost:1/a/b%2fc?d#e HTTP/1.1\r\nhost:\tlocalhost \r\n"
		    "Content-Length: 0\r\nTransfer-Encoding: chunked",
		"GET http://127.0.0.1 HTTP/1.0\r\nX: y\r\n folded",
		"GET /a HTTP/1.1\r\nHost: localhost\r\n"
		    "Accept: text/csv;h=\"a,b\";q=0.5, */*;q=0\r\n"
		    "Accept-Encoding: gzip;q=0.1,*\r\nIf-None-Match: W/\"a\", \"b\\\"c\"\r\n"
		    "Authorization: Basic c2ltLWFkYTpzZXNhbWU=\r\nLast-Event-ID: 1-2",
		"POST * HTTP/2.0\r\n: empty\r\nContent-Length: 00005",
	};
	uint32_t seed = 1;

	for (size_t i = 0; i < LEN(heads); i++)
		try_all(heads[i], &seed);
	corpus_replay("httpd");
	return done();
}

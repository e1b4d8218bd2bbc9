/* SPDX-License-Identifier: Apache-2.0 */
/* Headers and dates of the corpus, each cut everywhere and spoiled by chance. */
#include "../fuzz/text.c"

#include "corpus.h"

static void
try_all(const char *text, uint32_t *seed)
{
	static const char bytes[] = " \r\n\t:/?<>;=\"%+0-9TZ\x7f\x80[]{}*.,";
	size_t n = strlen(text);

	for (size_t i = 0; i <= n; i++) {
		char *copy = xcalloc(1, i + 1);

		for (int round = 0; round < 60; round++) {
			memcpy(copy, text, i);
			for (int k = 0; k < round % 4 && i > 1; k++) {
				*seed = *seed * 1664525 + 1013904223;
				copy[1 + (*seed >> 8) % (i - 1)] =
				    bytes[(*seed >> 20) % sizeof(bytes)];
			}
			LLVMFuzzerTestOneInput((const uint8_t *)copy, i);
		}
		free(copy);
	}
	ok(true, "%.60s", text);
}

int
main(void)
{
	static const char *const texts[] = {
		"0<https://api.github.com/organizations/9/events?page=2>; rel=\"next\", "
		    "<https://api.github.com/x>; rel=last",
		"0/repositories/7", "0https://api.github.com:443/a?b=%2f#c",
		"1Sun, 06 Nov 1994 08:49:37 GMT", "12026-02-29T23:59:60.123+23:59",
		"12y", "1-0001-01-01T00:00:00Z",
		"2429\n60\n5000\n0\n1767225660\n\n{\"message\":\"secondary rate limit\"}",
		"2000\n\n\n0\n-5\npartial-results; organizations=1\n{\"errors\":[{\"type\":"
		    "\"RATE_LIMITED\"}]}",
	};
	uint32_t seed = 1;

	for (size_t i = 0; i < LEN(texts); i++)
		try_all(texts[i], &seed);
	corpus_replay("text");
	return done();
}

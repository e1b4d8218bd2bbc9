/* SPDX-License-Identifier: Apache-2.0 */
/* The fuzzer's entry point over its corpus: whole, and cut off at every byte. */
#include "../fuzz/people.c"
#include "corpus.h"

static void
cut(const char *path)
{
	char text[4096], *copy;
	FILE *f = fopen(path, "re");
	size_t n = f != NULL ? fread(text, 1, sizeof(text), f) : 0;

	if (f != NULL)
		fclose(f);
	for (size_t i = 0; i <= n; i++) {
		copy = xcalloc(1, i + 1);
		memcpy(copy, text, i);
		LLVMFuzzerTestOneInput((const uint8_t *)copy, i);
		free(copy);
	}
	ok(n > 0, "%s", path);
}

int
main(void)
{
	cut("tests/fuzz/corpus/people/mapping");
	cut("tests/fuzz/corpus/people/mailmap");
	cut("tests/fuzz/corpus/people/list");
	corpus_replay("people");
	return done();
}

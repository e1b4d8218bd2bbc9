/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fuzzer's entry point over tests/tables/normal: each answer whole, and with
 * bytes changed in a fixed pseudo-random way, as an answer of each kind.
 */
#include "../fuzz/normal.c"
#include "corpus.h"
#include "normal_case.h"

static void
try_case(const char *path, struct normal_case *c, void *arg)
{
	static const char bytes[] = "{}[]\",:0-\\un19xe .";
	uint32_t *seed = arg;
	struct buf text = BUF(1 << 20);
	char *copy;

	json_print(c->node, &text);
	copy = xcalloc(1, text.len + 2);
	for (int i = 0; i < 140; i++) {
		copy[0] = (char)(i % 7);
		memcpy(copy + 1, buf_str(&text), text.len + 1);
		for (int k = 0; k < i / 14; k++) {
			*seed = *seed * 1664525 + 1013904223;
			copy[1 + (*seed >> 8) % text.len] =
			    bytes[(*seed >> 24) % (sizeof(bytes) - 1)];
		}
		LLVMFuzzerTestOneInput((const uint8_t *)copy, text.len + 1);
	}
	ok(text.len > 0, "%s", path);
	free(copy);
	buf_fini(&text);
}

int
main(void)
{
	uint32_t seed = 1;

	case_each(try_case, &seed);
	corpus_replay("normal");
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fuzzer's entry point over the tables: each file whole, cut off at every
 * byte, and with bytes changed in a fixed pseudo-random way.
 */
#include "../fuzz/conf.c"
#include "corpus.h"

#include <glob.h>

#include "tap.h"

static void
try_all(const char *path, uint32_t *seed)
{
	static const char bytes[] = "{}[]()\"'/\\=>,!#$ \n\r\tif1a-.";
	struct buf b = BUF(CONF_MAX_FILE);
	FILE *f = fopen(path, "re");
	char part[4096], *copy;
	size_t n;

	while (f != NULL && (n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	if (f != NULL)
		fclose(f);
	n = b.len < 3000 ? b.len : 3000;
	for (size_t i = 0; i <= n; i++) {
		copy = xcalloc(1, i + 1);
		memcpy(copy, buf_str(&b), i);
		LLVMFuzzerTestOneInput((const uint8_t *)copy, i);
		for (int k = 0; k < 3 && i > 0; k++) {
			*seed = *seed * 1664525 + 1013904223;
			copy[(*seed >> 8) % i] = bytes[(*seed >> 24) % (sizeof(bytes) - 1)];
		}
		LLVMFuzzerTestOneInput((const uint8_t *)copy, i);
		free(copy);
	}
	ok(n > 0, "%s", path);
	buf_fini(&b);
}

int
main(void)
{
	static const char *const patterns[] = {
		"tests/tables/conf/trees/*.conf", "tests/tables/conf/mistakes/*.conf",
	};
	uint32_t seed = 1;
	glob_t g;

	for (size_t i = 0; i < LEN(patterns); i++) {
		if (!ok(glob(patterns[i], 0, NULL, &g) == 0, "%s", patterns[i]))
			continue;
		for (size_t k = 0; k < g.gl_pathc; k++)
			try_all(g.gl_pathv[k], &seed);
		globfree(&g);
	}
	corpus_replay("conf");
	return done();
}

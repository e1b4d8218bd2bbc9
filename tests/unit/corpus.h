/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus.h - the inputs of tests/fuzz/corpus/TARGET once more, without libFuzzer:
 * seeds, and what it once found. Behind the include of the target itself.
 */
#ifndef UNIT_CORPUS_H
#define UNIT_CORPUS_H

#include "base/buf.h"

#include <glob.h>
#include <stdio.h>

#include "tap.h"

static void
corpus_replay(const char *target)
{
	char *pattern = xasprintf("tests/fuzz/corpus/%s/*", target), chunk[4096];
	glob_t g;
	bool found = glob(pattern, 0, NULL, &g) == 0;
	size_t n;

	for (size_t i = 0; found && i < g.gl_pathc; i++) {
		struct buf b = BUF((size_t)16 << 20);
		FILE *f = fopen(g.gl_pathv[i], "re");

		while (f != NULL && (n = fread(chunk, 1, sizeof(chunk), f)) > 0)
			buf_add(&b, chunk, n);
		if (f != NULL)
			fclose(f);
		LLVMFuzzerTestOneInput((const uint8_t *)buf_str(&b), b.len);
		buf_fini(&b);
	}
	ok(found, "%zu inputs of %s", found ? g.gl_pathc : 0, target);
	if (found)
		globfree(&g);
	free(pattern);
}

#endif

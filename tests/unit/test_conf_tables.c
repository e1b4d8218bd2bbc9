/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tables/conf: each trees/x.conf gives the tree and the diagnostics of
 * trees/x.txt, each mistakes/x.conf the diagnostics of mistakes/x.txt. With
 * UPDATE=1 in the environment the .txt files are written instead: read them.
 */
#include <glob.h>
#include <stdlib.h>

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"
#include "conf/conf.h"
#include "tap.h"

static struct buf
read_file(const char *path)
{
	struct buf b = BUF(1 << 20);
	char part[4096];
	size_t n;
	FILE *f = fopen(path, "re");

	while (f != NULL && (n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	if (f != NULL)
		fclose(f);
	return b;
}

static void
check_file(const char *path, bool tree)
{
	struct buf text = read_file(path), got = BUF(1 << 20), want;
	struct diags d = { 0 };
	struct conf *c = conf_parse(strrchr(path, '/') + 1, buf_str(&text),
	    text.len, &d);
	char *answer = xasprintf("%.*s.txt", (int)strlen(path) - 5, path);
	FILE *f;

	if (tree)
		ast_print(conf_sections(c), &got);
	diags_text(&d, &got);
	diags_fini(&d);
	conf_free(c);
	if (getenv("UPDATE") != NULL && (f = fopen(answer, "we")) != NULL) {
		fputs(buf_str(&got), f);
		fclose(f);
	}
	want = read_file(answer);
	if (!ok(str_eq(buf_str(&got), buf_str(&want)), "%s", path))
		printf("# got:\n%s# want:\n%s", buf_str(&got), buf_str(&want));
	free(answer);
	buf_fini(&text);
	buf_fini(&got);
	buf_fini(&want);
}

static void
check_folder(const char *pattern, bool tree)
{
	glob_t g;

	if (!ok(glob(pattern, 0, NULL, &g) == 0, "%s", pattern))
		return;
	for (size_t i = 0; i < g.gl_pathc; i++)
		check_file(g.gl_pathv[i], tree);
	globfree(&g);
}

int
main(void)
{
	check_folder("tests/tables/conf/trees/*.conf", true);
	check_folder("tests/tables/conf/mistakes/*.conf", false);
	return done();
}

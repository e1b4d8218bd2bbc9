/* SPDX-License-Identifier: Apache-2.0 */
/* dir.h - a folder of a test's own, and what is in it. */
#ifndef UNIT_DIR_H
#define UNIT_DIR_H

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int
dir_remove_one(const char *path, const struct stat *st, int what, struct FTW *f)
{
	UNUSED(st);
	UNUSED(what);
	UNUSED(f);
	return remove(path);
}

__attribute__((unused)) static void
dir_remove(char *path)		/* takes path */
{
	nftw(path, dir_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(path);
}

__attribute__((unused)) static char *
dir_new(void)
{
	const char *tmp = str_or(getenv("TMPDIR"), "/tmp");
	char *path = xasprintf("%s/hubstash-test-XXXXXX", tmp);

	if (mkdtemp(path) == NULL)
		die("cannot make a folder in %s", tmp);
	return path;
}

/* The names in it, sorted, with a blank between; "" when it is not there. */
__attribute__((unused)) static char *
dir_list(const char *path)
{
	struct dirent **names;
	struct buf out = BUF(1u << 16);
	int n = scandir(path, &names, NULL, alphasort);
	char *text;

	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			buf_printf(&out, "%s%s", out.len > 0 ? " " : "",
			    names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	text = xstrdup(buf_str(&out));
	buf_fini(&out);
	return text;
}

#endif

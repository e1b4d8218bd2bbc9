/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.h - recorded files, item by item: the elements of a JSON array (a page of
 * a feed), or lines (an hour of an archive); several arrays one after the other
 * and both in one file are read too. Plain or gzip, known by its first bytes,
 * also many gzip members in a row. "-" is the standard input.
 *
 * A file is never held whole: memory is one item, and an item has a ceiling. What
 * is wrong with a part is told with file and line, and the reading goes on behind
 * it. Items are text; whether they are JSON is for the caller to find out.
 *
 * file_next never blocks on a pipe and does a limited amount of work a call, so
 * it may be called from the loop.
 */
#ifndef IO_FILE_H
#define IO_FILE_H

#include "base/err.h"

struct file;

struct file_item {
	const char	*text;		/* until the next file_next; NUL-terminated */
	size_t		 len;
	int64_t		 line;		/* where it begins, from 1 */
	int64_t		 number;	/* the how manieth of the file, from 1 */
};

enum file_got {
	FILE_ITEM,
	FILE_WRONG,	/* e says what ("NAME:LINE: why"); more may follow */
	FILE_MORE,	/* no item yet: call again, on another turn */
	FILE_WAIT,	/* a pipe has nothing to read now: call again in a while */
	FILE_END,
};

struct file *file_open(const char *path, size_t max_item, struct err *e) MUST_CHECK;
enum file_got file_next(struct file *f, struct file_item *item, struct err *e)
    MUST_CHECK;
const char *file_name(const struct file *f);	/* for people: "standard input" */
void file_close(struct file *f);		/* NULL is fine */

#endif

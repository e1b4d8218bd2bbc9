/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buf.h - bytes that grow, up to a ceiling.
 *
 *	data            len        cap            max
 *	|################|..........|              |
 *
 * An append that would pass the ceiling adds nothing and sets ->failed, and a
 * failed buffer stays as it is: append as often as you like, look once. Once
 * anything was appended, data[len] is a NUL that len does not count.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/base.h"

struct buf {
	char	*data;
	size_t	 len, cap, max;
	bool	 failed;
};

#define BUF(ceiling)	((struct buf){ .max = (ceiling) })

void buf_add(struct buf *b, const void *p, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_plain(struct buf *b, const char *s);	/* for terminals: controls are ? */
void buf_json(struct buf *b, const char *s);	/* quoted and escaped as JSON */
void buf_cut(struct buf *b, size_t n);		/* drops the first n bytes */
void buf_clear(struct buf *b);			/* empty; keeps memory and ceiling */
void buf_fini(struct buf *b);			/* gives the memory back */
struct buf buf_take(struct buf *b);		/* moves the bytes out of b */
const char *buf_str(const struct buf *b);	/* "" when nothing was appended */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen.h - a picture at the end of the terminal's stderr that is drawn over
 * itself, and goes out of the way of log lines. A process has one.
 */
#ifndef CMD_SCREEN_H
#define CMD_SCREEN_H

#include "base/buf.h"

bool screen_open(void);		/* false: stderr is no terminal, nothing may be drawn */
void screen_draw(const struct buf *picture);	/* whole lines, or one without its end */
void screen_close(void);	/* leaves the last picture */
unsigned screen_columns(void);

/*
 * Appends to out what of a picture fits: lines of so many columns, so many of them.
 * A terminal told not to wrap would write the rest into its last column: a number
 * would become another one.
 */
void screen_cut(const struct buf *picture, unsigned columns, unsigned rows,
    struct buf *out);

#endif

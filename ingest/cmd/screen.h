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

#endif

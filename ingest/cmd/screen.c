/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen.c - see screen.h. Before a log line is written the picture is taken away,
 * and it is drawn again after.
 */
#include "cmd/screen.h"
#include "base/log.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PICTURE_MAX	(256u << 10)

static struct {
	struct buf	picture;
	unsigned	lines;		/* of it above the cursor */
	bool		drawn;
} screen;

unsigned
screen_columns(void)
{
	struct winsize w;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
		return w.ws_col;
	return 80;
}

static void
wipe(void)
{
	if (screen.drawn)
		fputs("\r", stderr);
	if (screen.lines > 0)
		fprintf(stderr, "\x1b[%uA", screen.lines);
	if (screen.drawn)
		fputs("\x1b[J", stderr);
	screen.drawn = false;
	screen.lines = 0;
}

static void
show(void)
{
	const struct buf *b = &screen.picture;

	wipe();
	fputs("\x1b[?7l", stderr);	/* what is too long is cut, not wrapped */
	fwrite(buf_str(b), 1, b->len, stderr);
	fputs("\x1b[?7h", stderr);
	fflush(stderr);
	for (size_t i = 0; i < b->len; i++)
		screen.lines += b->data[i] == '\n';
	screen.drawn = b->len > 0;
}

static void
around_log(bool before)
{
	if (before)
		wipe();
	else
		show();
}

bool
screen_open(void)
{
	if (!isatty(STDERR_FILENO) || str_eq(getenv("TERM"), "dumb"))
		return false;
	screen.picture = BUF(PICTURE_MAX);
	log_set_around(around_log);
	return true;
}

void
screen_draw(const struct buf *picture)
{
	buf_clear(&screen.picture);
	buf_add(&screen.picture, picture->data, picture->len);
	show();
}

void
screen_close(void)
{
	log_set_around(NULL);
	if (screen.drawn && screen.lines == 0)
		fputs("\n", stderr);
	screen.drawn = false;
	screen.lines = 0;
	buf_fini(&screen.picture);
}

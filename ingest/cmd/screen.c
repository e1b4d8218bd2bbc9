/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen.c - see screen.h. Before a log line is written the picture is taken away,
 * and it is drawn again after, cut for the terminal as large as it then is.
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
	struct buf	picture, cut;
	unsigned	lines;		/* of it above the cursor */
	bool		drawn;
} screen;

static void
size(unsigned *columns, unsigned *rows)
{
	struct winsize w = { 0 };

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) != 0)
		w = (struct winsize){ 0 };
	*columns = w.ws_col > 0 ? w.ws_col : 80;
	*rows = w.ws_row > 0 ? w.ws_row : 24;
}

unsigned
screen_columns(void)
{
	unsigned columns, rows;

	size(&columns, &rows);
	return columns;
}

/* How many bytes an escape sequence at s takes: ESC [, then up to its letter. */
static size_t
escape(const char *s, size_t n)
{
	size_t i = 2;

	while (i < n && (unsigned char)s[i] < 0x40)
		i++;
	return i < n ? i + 1 : n;
}

void
screen_cut(const struct buf *picture, unsigned columns, unsigned rows, struct buf *out)
{
	const char *s = buf_str(picture);
	unsigned column = 0, line = 0;
	size_t n;

	for (size_t i = 0; i < picture->len && line < rows; i += n) {
		n = 1;
		if (s[i] == '\x1b') {	/* colours: their end may stand after the cut */
			n = escape(s + i, picture->len - i);
			buf_add(out, s + i, n);
			continue;
		}
		if (s[i] == '\n') {
			line++;
			column = 0;
		} else if (((unsigned char)s[i] & 0xc0) != 0x80)
			column++;
		if (s[i] == '\n' ? line < rows : column <= columns)
			buf_add(out, s + i, 1);
	}
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
	struct buf *b = &screen.cut;
	unsigned columns, rows;

	wipe();
	size(&columns, &rows);
	buf_clear(b);
	screen_cut(&screen.picture, columns, rows, b);
	fputs("\x1b[?7l", stderr);	/* characters two columns wide do not wrap */
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
	screen.cut = BUF(PICTURE_MAX);
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
	if (screen.drawn && !str_ends(buf_str(&screen.cut), "\n"))
		fputs("\n", stderr);
	screen.drawn = false;
	screen.lines = 0;
	buf_fini(&screen.picture);
	buf_fini(&screen.cut);
}

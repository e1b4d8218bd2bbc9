/* SPDX-License-Identifier: Apache-2.0 */
/* What of a picture fits on a terminal. */
#include "cmd/screen.h"
#include "tap.h"

static void
cut(const char *text, unsigned columns, unsigned rows, const char *expected)
{
	struct buf in = BUF(1024), out = BUF(1024);

	buf_puts(&in, text);
	screen_cut(&in, columns, rows, &out);
	is_str(buf_str(&out), expected, text);
	buf_fini(&in);
	buf_fini(&out);
}

int
main(void)
{
	cut("GraphQL 24731 of 50000\nx\n", 22, 9, "GraphQL 24731 of 50000\nx\n");
	cut("GraphQL 24731 of 50000\nx\n", 12, 9, "GraphQL 2473\nx\n");
	cut("\x1b[1mabc\x1b[0m def", 2, 9, "\x1b[1mab\x1b[0m");
	cut("\x1b[31;1mab\x1b[0m\n", 2, 9, "\x1b[31;1mab\x1b[0m\n");
	cut("█▏é\n", 2, 9, "█▏\n");
	cut("a\nb\nc\n", 9, 3, "a\nb\nc");
	cut("a\nb\nc\n", 9, 2, "a\nb");
	cut("a\nb\n", 9, 3, "a\nb\n");
	cut("", 9, 3, "");
	cut("ab\x1b[", 9, 3, "ab\x1b[");
	cut("ab\x1b", 1, 3, "a\x1b");
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that hints named: kept until a refresh is settled, whatever happens. */
#include "sync/numbers.h"

#include <stdlib.h>

#include "tap.h"

static struct stream s;

static void
holds(const char *want, const char *what)
{
	char *text = numbers_text(&s);

	is_str(text != NULL ? text : "", want, what);
	free(text);
}

static void
test_refresh(void)
{
	int64_t *number;
	size_t n;

	numbers_add(&s, 5);
	numbers_add(&s, 7);
	numbers_add(&s, 5);
	holds("5 7 ", "each once");
	n = numbers_take(&s, &number);
	ok(n == 2 && number[0] == 5 && number[1] == 7, "a refresh takes them");
	free(number);
	holds("5 7 ", "and they are remembered");
	numbers_add(&s, 7);
	numbers_add(&s, 9);
	holds("5 7 7 9 ", "news meanwhile count anew");
	numbers_done(&s);
	holds("7 9 ", "what is settled goes");
	n = numbers_take(&s, &number);
	free(number);
	numbers_add(&s, 11);
	numbers_give_back(&s);
	holds("11 7 9 ", "what failed stays");
	n = numbers_take(&s, &number);
	is_int((int64_t)n, 3, "for the next");
	free(number);
	numbers_done(&s);
	n = numbers_take(&s, &number);
	is_int((int64_t)n, 0, "nothing left");
	free(number);
	holds("", "nor kept");
}

static void
test_text(void)
{
	numbers_parse(&s, NULL);
	holds("", "no text");
	numbers_parse(&s, "1 9007199254740993 1 x 4");
	holds("1 9007199254740993 ", "as far as it is numbers");
	for (int64_t i = 0; i < 2 * STREAM_NUMBERS; i++)
		numbers_add(&s, i);
	is_int((int64_t)s.numbers, STREAM_NUMBERS, "not more than there is room for");
	free(s.number);
}

int
main(void)
{
	test_refresh();
	test_text();
	return done();
}

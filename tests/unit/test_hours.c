/* SPDX-License-Identifier: Apache-2.0 */
/* test_hours.c - buckets of hours, at and beside each of their bounds. */
#include "tap.h"

#include "github/envelope.h"

#include <math.h>
#include <stdint.h>

/* The digits of h^50, less 101, as docs/documents.md says; by long hand. */
static int
by_digits(uint64_t h)
{
	static unsigned char digit[600];
	int n = 1;

	memset(digit, 0, sizeof(digit));
	digit[0] = 1;
	for (int i = 0; i < 50; i++) {
		uint64_t carry = 0;

		for (int k = 0; k < n || carry > 0; k++) {
			carry += digit[k] * h;
			digit[k] = (unsigned char)(carry % 10);
			carry /= 10;
			n = k >= n ? k + 1 : n;
		}
	}
	return n - 101;
}

int
main(void)
{
	int wrong = 0;

	is_int(hours_bucket(0), -100, "no time at all is a hundredth of an hour");
	is_int(hours_bucket(1), -100, "and so is that itself");
	is_int(hours_bucket(100), 0, "an hour");
	is_int(hours_bucket(99), -1, "a little less");
	is_int(hours_bucket(14626), 108, "146.26 hours");
	is_int(hours_bucket(8765820000), 397, "ten thousand years");
	for (uint64_t h = 1; h <= 3000; h++)
		wrong += hours_bucket((int64_t)h) != by_digits(h);
	is_int(wrong, 0, "equal to the digits of the power, from 0.01 to 30 hours");
	for (int b = 0; b < 400; b++) {
		uint64_t h = (uint64_t)pow(10, b / 50.0 + 2);

		for (uint64_t k = h > 2 ? h - 2 : 1; k <= h + 2; k++)
			wrong += hours_bucket((int64_t)k) != by_digits(k);
	}
	is_int(wrong, 0, "and beside each bound");
	return done();
}

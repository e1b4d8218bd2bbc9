/* SPDX-License-Identifier: Apache-2.0 */
/*
 * people.h - documents of an invented organisation, as large and as unevenly spread
 * as those of a real one: 200 people, 100 repositories, three years, of which the
 * last ends with PEOPLE_END. The same for the same number.
 */
#ifndef BENCH_PEOPLE_H
#define BENCH_PEOPLE_H

#include "data/doc.h"

#define PEOPLE_COUNT	200
#define PEOPLE_REPOS	100
#define PEOPLE_END	INT64_C(1767225600000)	/* 2026-01-01 */
#define PEOPLE_DAYS	1096
#define PEOPLE_START	(PEOPLE_END - PEOPLE_DAYS * INT64_C(86400000))

/* Document n of count; the numbers go through the years as n goes to count. */
struct doc *people_doc(uint64_t n, uint64_t count) MUST_CHECK;

#endif

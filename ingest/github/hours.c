/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hours.c - how long something took: in hours, and as a bucket of fifty a decade,
 * from which medians are read. Buckets are found with integers alone, so that
 * every store, and whoever counts them again, agrees to the last one.
 */
#include "github/envelope.h"

#define PER_DECADE	50
#define LOWEST		(-2 * PER_DECADE)	/* of 0.01 hours */

/* The least whole number that is not below 10^(18 + i / 50). */
static const uint64_t bound[PER_DECADE] = {
	1000000000000000000u, 1047128548050899534u, 1096478196143185014u,
	1148153621496882752u, 1202264434617412906u, 1258925411794167211u,
	1318256738556407103u, 1380384264602884838u, 1445439770745927512u,
	1513561248436208163u, 1584893192461113486u, 1659586907437560635u,
	1737800828749375467u, 1819700858609983441u, 1905460717963247183u,
	1995262314968879602u, 2089296130854039484u, 2187761623949552563u,
	2290867652767773046u, 2398832919019490466u, 2511886431509580112u,
	2630267991895381918u, 2754228703338166449u, 2884031503126605943u,
	3019951720402016199u, 3162277660168379332u, 3311311214825910944u,
	3467368504525316395u, 3630780547701013425u, 3801893963205611962u,
	3981071705534972508u, 4168693834703354018u, 4365158322401659675u,
	4570881896148750291u, 4786300923226383440u, 5011872336272722851u,
	5248074602497725974u, 5495408738576245521u, 5754399373371569301u,
	6025595860743577470u, 6309573444801932495u, 6606934480075960066u,
	6918309709189364876u, 7244359600749900636u, 7585775750291837688u,
	7943282347242815021u, 8317637711026710062u, 8709635899560806376u,
	9120108393559097422u, 9549925860214359498u,
};

/* Hundredths of an hour, rounded; -1: it ends before it begins. */
static int64_t
hundredths_of(int64_t from_ms, int64_t to_ms)
{
	return to_ms < from_ms ? -1 : ((to_ms - from_ms) / 1000 * 100 + 1800) / 3600;
}

int64_t
hours_bucket(int64_t hundredths)
{
	uint64_t h = hundredths > 0 ? (uint64_t)hundredths : 1;
	int64_t decade = 18, i = 0;

	for (; h < bound[0] && decade > 0; decade--)
		h *= 10;
	while (i + 1 < PER_DECADE && h >= bound[i + 1])
		i++;
	return LOWEST + decade * PER_DECADE + i;
}

void
put_hours(struct doc *d, const char *path, int64_t from_ms, int64_t to_ms)
{
	int64_t h = hundredths_of(from_ms, to_ms);

	if (h >= 0)
		json_set(d->body, path, json_new_double((double)h / 100.0));
}

void
put_hours_bucket(struct doc *d, const char *path, int64_t from_ms, int64_t to_ms)
{
	int64_t h = hundredths_of(from_ms, to_ms);

	if (h >= 0)
		json_set_int(d->body, path, hours_bucket(h));
}

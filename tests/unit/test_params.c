/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_params.c - the parameters of the API: what they mean, what is wrong with
 * them; periods and their buckets, also over changes of clocks; tables as CSV.
 */
#include "tap.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/zone.h"
#include "data/json.h"
#include "io/httpd_in.h"
#include "web/csv.h"
#include "web/params.h"

#include <stdlib.h>

#define ALL	(PARAMS_PERIOD | PARAMS_INTERVAL | PARAMS_FILTERS | PARAMS_MAX | \
		PARAMS_ORDER | PARAMS_AFTER | PARAMS_TABLE)

static struct params p;
static struct params_wrong wrong;
static struct httpd_request r;
static int64_t now;

/* What a query is read as: NULL, or "parameter: reason". */
static const char *
asked(const char *query, unsigned set)
{
	static char text[4096];
	const char *why;

	snprintf(r.text, sizeof(r.text), "GET /x?%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
	    query);
	if (httpd_parse(r.text, strlen(r.text), &r.head, &why) != 0)
		return why;
	if (params_read(&p, &r, set, 500, now, &wrong))
		return NULL;
	snprintf(text, sizeof(text), "%s: %s", wrong.parameter, buf_str(&wrong.reason));
	buf_fini(&wrong.reason);
	return text;
}

/* "from to interval buckets" */
static const char *
period(void)
{
	static const char *const names[] = { "auto", "day", "week", "month" };
	static char text[128];
	char from[CLOCK_TEXT], to[CLOCK_TEXT];

	snprintf(text, sizeof(text), "%s %s %s %zu", clock_iso(p.q.from_ms, from),
	    clock_iso(p.q.to_ms, to), names[p.interval], p.q.edge_count - 1);
	return text;
}

static void
test_periods(void)
{
	static const struct {
		const char	*query, *period;
	} rows[] = {
		{ "", "2026-02-10T00:00:00Z 2026-03-12T00:00:00Z day 30" },
		{ "days=1", "2026-03-11T00:00:00Z 2026-03-12T00:00:00Z day 1" },
		{ "days=7&zone=Pacific/Auckland", /* it is the 12th there */
		    "2026-03-05T11:00:00Z 2026-03-12T11:00:00Z day 7" },
		{ "from=2026-01-01&to=2026-02-01",
		    "2026-01-01T00:00:00Z 2026-02-01T00:00:00Z day 31" },
		{ "from=2026-03-01&to=2026-04-01&zone=Europe/Berlin",
		    "2026-02-28T23:00:00Z 2026-03-31T22:00:00Z day 31" },
		{ "from=2026-03-29T00:30:00Z&to=2026-03-29T01:30:00.5Z&zone=Europe/Berlin",
		    "2026-03-29T00:30:00Z 2026-03-29T01:30:00.500Z day 1" },
		{ "from=2026-03-11T10:00:00%2B02:00",
		    "2026-03-11T08:00:00Z 2026-03-12T00:00:00Z day 1" },
		{ "to=2026-03-01", "2026-01-30T00:00:00Z 2026-03-01T00:00:00Z day 30" },
		{ "days=62", "2026-01-09T00:00:00Z 2026-03-12T00:00:00Z day 62" },
		{ "days=63", "2026-01-08T00:00:00Z 2026-03-12T00:00:00Z week 10" },
		{ "days=743", "2024-02-28T00:00:00Z 2026-03-12T00:00:00Z month 26" },
		{ "days=10000", "1998-10-25T00:00:00Z 2026-03-12T00:00:00Z month 330" },
		{ "from=2026-03-04&to=2026-03-18&interval=week", /* Wednesdays */
		    "2026-03-04T00:00:00Z 2026-03-18T00:00:00Z week 3" },
		{ "from=2026-03-02&to=2026-03-16&interval=week", /* Mondays */
		    "2026-03-02T00:00:00Z 2026-03-16T00:00:00Z week 2" },
		{ "from=2011-12-28&to=2012-01-02&zone=Pacific/Apia", /* no 30th */
		    "2011-12-28T10:00:00Z 2012-01-01T10:00:00Z day 4" },
		{ "from=2025-01-01&to=2026-01-01&interval=month&zone=America/Sao_Paulo",
		    "2025-01-01T03:00:00Z 2026-01-01T03:00:00Z month 12" },
		{ "from=2023-06-18&to=2026-03-14&interval=day",
		    "2023-06-18T00:00:00Z 2026-03-14T00:00:00Z day 1000" },
		{ "from=0001-01-01&to=0002-01-01",
		    "0001-01-01T00:00:00Z 0002-01-01T00:00:00Z week 53" },
	};
	struct zone *z;
	struct err e;
	unsigned good = 0;

	for (size_t i = 0; i < LEN(rows); i++) {
		is_str(asked(rows[i].query, ALL), NULL, rows[i].query);
		is_str(period(), rows[i].period, "is a period");
	}
	asked("from=2035-01-01&to=2036-01-01&zone=Australia/Sydney&interval=week", ALL);
	z = zone_open("Australia/Sydney", &e);
	for (size_t i = 1; i + 1 < p.q.edge_count; i++)
		good += zone_midnight(z, zone_day(z, p.q.edges[i])) == p.q.edges[i] &&
		    (zone_day(z, p.q.edges[i]) + 3) % 7 == 0;
	zone_free(z);
	is_int(good, 52, "weeks of 2035 begin on Mondays at midnight, in Sydney");
}

static void
test_wrong(void)
{
	static const struct {
		const char	*query, *says;
		unsigned	 set;
	} rows[] = {
		{ "days=0", "days: days is a whole number from 1 to 36500", ALL },
		{ "days=36501", "days: days is a whole", ALL },
		{ "days=1e3", "days: days is a whole", ALL },
		{ "days=", "days: days is a whole", ALL },
		{ "days=7&days=8", "days: it is given twice", ALL },
		{ "days=7&from=2026-01-01", "days: days is a whole", ALL },
		{ "from=2026-03-11&to=2026-03-10", "from: from is a date", ALL },
		{ "from=2026-03-11&to=2026-03-11", "from: from is a date", ALL },
		{ "from=2027-01-01", "from: from is a date", ALL },
		{ "from=2026-02-30", "from: from is a date", ALL },
		{ "to=yesterday", "to: to is a date", ALL },
		{ "to=", "to: to is a date", ALL },
		{ "from=99999-01-01", "from: from is a date", ALL },
		{ "zone=Europe/Atlantis", "zone: there is no such zone", ALL },
		{ "zone=../../etc/passwd", "zone: there is no such zone", ALL },
		{ "zone=", "zone: zone is UTC", ALL },
		{ "interval=hour", "interval: interval is day, week, month or auto", ALL },
		{ "interval=day&days=1001", "interval: that makes more than 1000", ALL },
		{ "from=0001-01-01&to=9999-01-01", "interval: the period has more than 1000 "
		    "months", ALL },
		{ "max=0", "max: max is a whole number from 1 to 500", ALL },
		{ "max=501", "max: max is a whole number from 1 to 500", ALL },
		{ "max=-1", "max: ", ALL }, { "max=9999999999999999999999", "max: ", ALL },
		{ "sort=rank", "sort: sort is activity, commits,", ALL },
		{ "order=up", "order: order is asc or desc", ALL },
		{ "who=cats", "who: who is humans, bots or all", ALL },
		{ "repository=a/b", "repository: repository is a repository's number", ALL },
		{ "repository=", "repository: ", ALL },
		{ "repository=12345678901234567890", "repository: ", ALL },
		{ "kind=Commit", "kind: kind is a kind of document", ALL },
		{ "kind=", "kind: ", ALL }, { "org=", "org: ", ALL },
		{ "person=%ff", "person: person is a person's id", ALL },
		{ "person=%ed%a0%80", "person: ", ALL }, { "person=%c0%af", "person: ", ALL },
		{ "after=", "after: ", ALL }, { "table=", "table: ", ALL },
		{ "q=x", "q: there is no such parameter here; there are from, to, days, zone, "
		    "interval, org, repository, person, kind, who, max, sort, order, after, "
		    "table", ALL },
		{ "x=1", "x: there is no such parameter here; there is none", 0 },
		{ "%ff=1", ": there is no such parameter here", ALL },
		{ "q=", "q: q is a text", PARAMS_TEXT }, { "", "q: q is a text", PARAMS_TEXT },
		{ "person=1", "person: there is no such parameter here; there are q",
		    PARAMS_TEXT },
	};
	struct buf many = BUF(8000), long_one = BUF(8000);
	const char *said;

	for (size_t i = 0; i < LEN(rows); i++) {
		said = asked(rows[i].query, rows[i].set);
		if (!ok(said != NULL && str_starts(said, rows[i].says), "%s", rows[i].query))
			printf("# got %s\n", str_or(said, "nothing"));
	}
	for (int i = 0; i < 31; i++)
		buf_printf(&many, "&org=a%d", i);
	is_str(asked(buf_str(&many), ALL), NULL, "many organisations");
	is_int(p.q.orgs.n, 31, "are all there");
	buf_puts(&long_one, "person=");
	for (int i = 0; i < 256; i++)
		buf_puts(&long_one, "a");
	is_str(asked(buf_str(&long_one), ALL), NULL, "256 bytes");
	buf_puts(&long_one, "a");
	ok(asked(buf_str(&long_one), ALL) != NULL, "and one more");
	buf_fini(&many);
	buf_fini(&long_one);
}

static void
test_meant(void)
{
	struct json *o = json_new_object();
	struct buf text = BUF(4096), other = BUF(4096);

	is_str(asked("days=1&zone=UTC&org=sim&repository=1&repository=22&person=%F0%9F%98%80"
	    "&kind=commit&who=all&sort=last&order=asc&max=5&after=x", ALL), NULL, "all");
	params_say(&p, o);
	json_print(o, &text);
	is_str(buf_str(&text), "{\"from\":\"2026-03-11T00:00:00Z\",\"to\":"
	    "\"2026-03-12T00:00:00Z\",\"zone\":\"UTC\",\"interval\":\"day\",\"filters\":{"
	    "\"org\":[\"sim\"],\"repository\":[\"1\",\"22\"],\"person\":[\"\xf0\x9f\x98\x80\"],"
	    "\"kind\":[\"commit\"],\"who\":\"all\"}}", "is said as it was understood");
	ok(p.q.sort == STORE_BY_LAST && p.q.ascending && p.q.max == 5 &&
	    p.q.who == STORE_EVERYBODY && str_eq(p.q.after, "x"), "and asked so");
	asked("sort=name", ALL);
	ok(p.q.ascending, "names go up");
	asked("sort=name&order=desc", ALL);
	ok(!p.q.ascending, "unless it is said");
	asked("sort=commits", ALL);
	ok(!p.q.ascending, "numbers go down");
	buf_clear(&text);
	asked("days=1&org=a", ALL);
	params_key(&p, &text);
	asked("org=a&days=1&zone=UTC", ALL);
	params_key(&p, &other);
	is_str(buf_str(&other), buf_str(&text), "equal questions are one");
	buf_clear(&other);
	asked("org=a&days=1&max=3", ALL);
	params_key(&p, &other);
	ok(!str_eq(buf_str(&other), buf_str(&text)), "others are others");
	json_free(o);
	buf_fini(&text);
	buf_fini(&other);
}

static void
is_csv(const char *panel, const char *table, const char *json, const char *want)
{
	const struct csv_table *t = csv_find(panel, table);
	struct err e = { 0 };
	struct json *data = json_parse(json, strlen(json), &e);
	struct buf out = BUF(1 << 16);

	if (t != NULL && data != NULL)
		csv_print(t, data, &out);
	is_str(buf_str(&out), want, panel);
	buf_fini(&out);
	json_free(data);
}

static void
test_csv(void)
{
	static const char *const evil[] = { "=1+1", "+1", "-1", "@x", "\\t1", "\\r1" };
	char json[256], want[256];
	struct buf names = BUF(100);

	is_csv("reviewers", NULL, "{\"reviewers\":[{\"id\":\"1\",\"name\":\"a, \\\"b\\\"\","
	    "\"reviews\":3,\"approved\":0,\"authors\":2}]}", "id,name,reviews,approved,"
	    "changes_requested,commented,dismissed,authors\r\n"
	    "1,\"a, \"\"b\"\"\",3,0,,,,2\r\n");
	is_csv("reviewers", NULL, "{\"reviewers\":[]}", "id,name,reviews,approved,"
	    "changes_requested,commented,dismissed,authors\r\n");
	is_csv("latency", "buckets", "{\"buckets\":[{\"from\":\"F\",\"first_review\":{"
	    "\"count\":1,\"median\":1.5,\"p85\":2.25},\"merge\":{\"count\":0}}]}",
	    "from,first_review_count,first_review_median,first_review_p85,merge_count,"
	    "merge_median,merge_p85\r\nF,1,1.5,2.25,0,,\r\n");
	is_csv("totals", NULL, "{\"now\":{\"people\":1,\"activity\":9},\"before\":{}}",
	    "period,people,repositories,commits,pull_requests,merged,reviews,issues,comments,"
	    "releases,additions,deletions,activity\r\nnow,1,,,,,,,,,,,9\r\n"
	    "before,,,,,,,,,,,,\r\n");
	is_csv("series", NULL, "{\"buckets\":[\"A\",\"B\"],\"people\":[{\"id\":\"1\",\"name\":"
	    "\"n\",\"series\":{\"commits\":[1,2],\"pull_requests\":[3,4],\"reviews\":[5,6]}}]}",
	    "id,name,from,commits,pull_requests,reviews\r\n1,n,A,1,3,5\r\n1,n,B,2,4,6\r\n");
	is_csv("matrix", NULL, "{\"authors\":[\"a\"],\"reviewers\":[{\"id\":\"1\",\"name\":"
	    "\"r\"},{\"id\":\"2\",\"name\":\"s\"}],\"cells\":[[7,0]]}",
	    "author,reviewer_id,reviewer,reviews\r\na,1,r,7\r\na,2,s,0\r\n");
	is_csv("punch_card", NULL, "{\"cells\":[[1,2],[3]]}",
	    "weekday,hour,commits\r\n1,0,1\r\n1,1,2\r\n2,0,3\r\n");
	is_csv("bus_factor", "top", "{\"repositories\":[{\"id\":\"1\",\"name\":\"o/r\",\"top\":"
	    "[{\"id\":\"2\",\"name\":\"n\",\"commits\":3}]}]}",
	    "repository_id,repository,id,name,commits\r\n1,o/r,2,n,3\r\n");
	is_csv("person", NULL, "{\"id\":\"1\",\"name\":\"n\",\"names\":[\"n\",\"m\"]}",
	    "id,name,first,last,activity\r\n1,n,,,\r\n");
	is_csv("person", NULL, "{}", "id,name,first,last,activity\r\n");
	is_csv("person", "names", "{\"names\":[\"n\",\"two\\nlines\"]}",
	    "name\r\nn\r\n\"two\nlines\"\r\n");
	for (size_t i = 0; i < LEN(evil); i++) {
		snprintf(json, sizeof(json), "{\"people\":[{\"id\":\"%s\",\"name\":\"-\"}]}",
		    evil[i]);
		snprintf(want, sizeof(want), "id,name\r\n\"'%s%s\",\"'-\"\r\n",
		    evil[i][0] == '\\' ? (evil[i][1] == 't' ? "\t" : "\r") : "",
		    evil[i] + (evil[i][0] == '\\' ? 2 : 0));
		is_csv("search", NULL, json, want);
	}
	ok(csv_find("people", "x") == NULL && csv_find("x", NULL) == NULL, "no others");
	csv_names("search", &names);
	is_str(buf_str(&names), "people, repositories", "their names");
	buf_fini(&names);
}

int
main(void)
{
	if (!clock_parse_iso("2026-03-11T12:00:00Z", &now, NULL))
		return 1;
	test_periods();
	test_wrong();
	test_meant();
	test_csv();
	return done();
}

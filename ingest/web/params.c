/* SPDX-License-Identifier: Apache-2.0 */
/* params.c - see params.h. */
#include "web/params.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/zone.h"
#include "data/json.h"
#include "io/httpd.h"

#include <inttypes.h>
#include <string.h>

#define DAYS		30	/* where nothing is said */
#define DAYS_MAX	36500
#define TABLE_MAX	32
#define AFTER_MAX	6000

static const char *const sorts[STORE_SORTS + 1] = {
	[STORE_BY_ACTIVITY] = "activity", [STORE_BY_COMMITS] = "commits",
	[STORE_BY_PULLS] = "pull_requests", [STORE_BY_MERGED] = "merged",
	[STORE_BY_REVIEWS] = "reviews", [STORE_BY_ADDITIONS] = "additions",
	[STORE_BY_DELETIONS] = "deletions", [STORE_BY_REPOSITORIES] = "repositories",
	[STORE_BY_LAST] = "last", [STORE_BY_NAME] = "name",
};
static const char *const whose[] = { "humans", "bots", "all", NULL };
static const char *const intervals[] = { "auto", "day", "week", "month", NULL };
static const char *const orders[] = { "desc", "asc", NULL };

struct reading {
	struct params		*p;
	unsigned		 max;
	struct params_wrong	*wrong;
	bool			 ascending;
	unsigned		 at;		/* the row that is read */
};
typedef bool read_fn(struct reading *r, const char *value);

static bool
wrong(struct params_wrong *w, const char *name, const char *why)
{
	str_copy(w->parameter, sizeof(w->parameter), name);
	buf_puts(&w->reason, why);
	return false;
}

static read_fn read_from, read_to, read_days, read_zone, read_interval, read_who,
    read_max, read_sort, read_order, read_after, read_text, read_table, read_org,
    read_repository, read_person, read_kind;

static const struct row {
	const char	*name;
	unsigned	 set;
	read_fn		*read;
	const char	*is;		/* what it is, of a 400 */
	bool		 many;
} rows[] = {
	{ "from", PARAMS_PERIOD, read_from, "a date, or a moment as "
	    "2026-01-31T23:59:59Z, before to", false },
	{ "to", PARAMS_PERIOD, read_to, "a date, or a moment as 2026-01-31T23:59:59Z: "
	    "the one after the last", false },
	{ "days", PARAMS_PERIOD, read_days, "a whole number from 1 to 36500, and stands "
	    "alone, without from and to", false },
	{ "zone", PARAMS_PERIOD, read_zone, "UTC, or a name of the IANA time zone "
	    "database, as Europe/Berlin", false },
	{ "interval", PARAMS_INTERVAL, read_interval, "day, week, month or auto", false },
	{ "org", PARAMS_WHERE, read_org, "the login of an organisation, at most 50 of "
	    "them", true },
	{ "repository", PARAMS_WHERE, read_repository, "a repository's number at GitHub, "
	    "at most 50 of them", true },
	{ "person", PARAMS_WHAT, read_person, "a person's id, at most 50 of them", true },
	{ "kind", PARAMS_WHAT, read_kind, "a kind of document, as commit or "
	    "pull_request, at most 50 of them", true },
	{ "who", PARAMS_WHAT, read_who, "humans, bots or all", false },
	{ "max", PARAMS_MAX, read_max, "a whole number of rows", false },
	{ "sort", PARAMS_ORDER, read_sort, "activity, commits, pull_requests, merged, "
	    "reviews, additions, deletions, repositories, last or name", false },
	{ "order", PARAMS_ORDER, read_order, "asc or desc", false },
	{ "after", PARAMS_AFTER, read_after, "what another answer, in the same order, "
	    "said as next", false },
	{ "q", PARAMS_TEXT, read_text, "a text of at most 256 bytes, and must be "
	    "given", false },
	{ "table", PARAMS_TABLE, read_table, "the name of one of the answer's tables",
	    false },
};

/* Which of some words; -1: none. */
static int
word_of(const char *const *words, const char *value)
{
	for (int i = 0; words[i] != NULL; i++)
		if (str_eq(words[i], value))
			return i;
	return -1;
}

static bool
is_text(const char *value, size_t max)
{
	return value[0] != '\0' && strlen(value) <= max;
}

static bool
read_from(struct reading *r, const char *value)
{
	r->p->from = value;
	return value[0] != '\0';
}

static bool
read_to(struct reading *r, const char *value)
{
	r->p->to = value;
	return value[0] != '\0';
}

static bool
read_days(struct reading *r, const char *value)
{
	return str_i64(value, &r->p->days) && r->p->days >= 1 && r->p->days <= DAYS_MAX;
}

static bool
read_zone(struct reading *r, const char *value)
{
	r->p->zone = value;
	return value[0] != '\0';
}

static bool
read_interval(struct reading *r, const char *value)
{
	int i = word_of(intervals, value);

	r->p->interval = i < 0 ? INTERVAL_AUTO : (enum period_interval)i;
	return i >= 0;
}

static bool
add(struct reading *r, struct store_list *l, unsigned which, const char *value)
{
	if (l->n == STORE_MAX_LIST || !is_text(value, STORE_MAX_TEXT))
		return false;
	r->p->list[which][l->n++] = value;
	l->s = r->p->list[which];
	return true;
}

static bool
read_org(struct reading *r, const char *value)
{
	return add(r, &r->p->q.orgs, 0, value);
}

static bool
read_repository(struct reading *r, const char *value)
{
	return strlen(value) <= 19 && value[strspn(value, "0123456789")] == '\0' &&
	    add(r, &r->p->q.repos, 1, value);
}

static bool
read_person(struct reading *r, const char *value)
{
	return add(r, &r->p->q.people, 2, value);
}

static bool
read_kind(struct reading *r, const char *value)
{
	return strlen(value) <= 64 &&
	    value[strspn(value, "abcdefghijklmnopqrstuvwxyz_")] == '\0' &&
	    add(r, &r->p->q.kinds, 3, value);
}

static bool
read_who(struct reading *r, const char *value)
{
	int i = word_of(whose, value);

	r->p->q.who = i < 0 ? STORE_HUMANS : (enum store_who)i;
	return i >= 0;
}

static bool
read_max(struct reading *r, const char *value)
{
	int64_t n = 0;

	if (!str_i64(value, &n) || n < 1 || n > r->max) {
		str_copy(r->wrong->parameter, sizeof(r->wrong->parameter), "max");
		buf_printf(&r->wrong->reason, "max is a whole number from 1 to %u",
		    r->max);
		return false;
	}
	r->p->q.max = (unsigned)n;
	return true;
}

static bool
read_sort(struct reading *r, const char *value)
{
	int i = word_of(sorts, value);

	r->p->q.sort = i < 0 ? STORE_BY_ACTIVITY : (enum store_sort)i;
	return i >= 0;
}

static bool
read_order(struct reading *r, const char *value)
{
	int i = word_of(orders, value);

	r->p->ordered = true;
	r->ascending = i == 1;
	return i >= 0;
}

static bool
read_after(struct reading *r, const char *value)
{
	r->p->q.after = value;
	return is_text(value, AFTER_MAX);
}

static bool
read_text(struct reading *r, const char *value)
{
	r->p->q.text = value;
	return is_text(value, STORE_MAX_TEXT);
}

static bool
read_table(struct reading *r, const char *value)
{
	r->p->table = value;
	return is_text(value, TABLE_MAX);
}

static bool
unknown(struct reading *r, const char *name)
{
	const char *between = "";

	if (str_utf8(name))
		str_copy(r->wrong->parameter, sizeof(r->wrong->parameter), name);
	if (!str_utf8(r->wrong->parameter))	/* cut within a letter */
		r->wrong->parameter[0] = '\0';
	buf_puts(&r->wrong->reason, "there is no such parameter here; there ");
	if (r->p->set == 0)
		buf_puts(&r->wrong->reason, "is none");
	for (size_t i = 0; i < LEN(rows); i++)
		if ((rows[i].set & r->p->set) != 0) {
			buf_printf(&r->wrong->reason, "%s%s", *between != '\0' ? between :
			    "are ", rows[i].name);
			between = ", ";
		}
	return false;
}

static bool
read_one(struct reading *r, const char *name, const char *value)
{
	for (size_t i = 0; i < LEN(rows); i++) {
		if (!str_eq(rows[i].name, name) || (rows[i].set & r->p->set) == 0)
			continue;
		if ((r->p->given & 1u << i) != 0 && !rows[i].many)
			return wrong(r->wrong, name, "it is given twice");
		r->p->given |= 1u << i;
		if (str_utf8(value) && rows[i].read(r, value))
			return true;
		if (r->wrong->reason.len == 0) {
			wrong(r->wrong, name, "");
			buf_printf(&r->wrong->reason, "%s is %s", name, rows[i].is);
		}
		return false;
	}
	return unknown(r, name);
}

/* A moment, or the midnight of a date. */
static bool
read_time(const struct zone *z, const char *s, int64_t *ms)
{
	if (!clock_parse_iso(s, ms, NULL))
		return false;
	if (strlen(s) == strlen("2026-01-31"))
		*ms = zone_midnight(z, *ms / 86400000 - (*ms % 86400000 < 0));
	return true;
}

static bool
fail(struct reading *r, const char *name)
{
	for (size_t i = 0; i < LEN(rows); i++)
		if (str_eq(rows[i].name, name)) {
			wrong(r->wrong, name, "");
			buf_printf(&r->wrong->reason, "%s is %s", name, rows[i].is);
		}
	return false;
}

static bool
set_period(struct reading *r, const struct zone *z, int64_t now_ms)
{
	struct params *p = r->p;
	int64_t start;

	if (p->days != 0 && (p->from != NULL || p->to != NULL))
		return fail(r, "days");
	period_days(z, now_ms, p->days != 0 ? p->days : DAYS, &p->q.from_ms,
	    &p->q.to_ms);
	if (p->to != NULL && !read_time(z, p->to, &p->q.to_ms))
		return fail(r, "to");
	if (p->to != NULL)
		period_days(z, p->q.to_ms - 1, DAYS, &p->q.from_ms, &start);
	if (p->from != NULL && !read_time(z, p->from, &p->q.from_ms))
		return fail(r, "from");
	return p->q.from_ms < p->q.to_ms || fail(r, "from");
}

static bool
set_edges(struct reading *r, const struct zone *z)
{
	struct params *p = r->p;

	p->interval = period_choose(z, p->q.from_ms, p->q.to_ms, p->interval);
	p->q.edge_count = period_edges(z, p->q.from_ms, p->q.to_ms, p->interval, p->edges,
	    LEN(p->edges));
	p->q.edges = p->edges;
	return p->q.edge_count > 0 || wrong(r->wrong, "interval",
	    p->interval == INTERVAL_MONTH ?
	    "the period has more than 1000 months; ask for a shorter one" :
	    "that makes more than 1000 buckets; ask for longer ones (day, week, month), "
	    "or a shorter period");
}

bool
params_read(struct params *p, const struct httpd_request *r, unsigned set,
    unsigned max, int64_t now_ms, struct params_wrong *w)
{
	struct reading k = { .p = p, .max = max, .wrong = w };
	const char *name, *value;
	struct zone *z = NULL;
	struct err e;
	bool good = true;

	memset(p, 0, sizeof(*p));
	p->set = set;
	*w = (struct params_wrong){ .reason = BUF(2048) };
	for (size_t i = 0; good && httpd_param(r, i, &name, &value); i++)
		good = read_one(&k, name, value);
	p->zone = str_or(p->zone, "UTC");
	p->q.ascending = p->ordered ? k.ascending : p->q.sort == STORE_BY_NAME;
	if (good && (set & PARAMS_TEXT) != 0 && p->q.text == NULL)
		good = fail(&k, "q");
	if (good && (set & PARAMS_PERIOD) != 0) {
		z = zone_open(p->zone, &e);
		good = z != NULL ? set_period(&k, z, now_ms) : wrong(w, "zone", e.text);
	}
	if (good && (set & PARAMS_INTERVAL) != 0)
		good = set_edges(&k, z);
	zone_free(z);
	if (good)
		buf_fini(&w->reason);
	return good;
}

static void
say_list(struct json *o, const char *name, const struct store_list *l)
{
	struct json *list;

	if (l->n == 0)
		return;
	list = json_new_array();
	for (size_t i = 0; i < l->n; i++)
		json_push(list, json_new_string(l->s[i]));
	json_set(o, name, list);
}

void
params_say(const struct params *p, struct json *o)
{
	char text[CLOCK_TEXT];
	struct json *f;

	if ((p->set & PARAMS_PERIOD) != 0) {
		json_set_str(o, "from", clock_iso(p->q.from_ms, text));
		json_set_str(o, "to", clock_iso(p->q.to_ms, text));
		json_set_str(o, "zone", p->zone);
	}
	if ((p->set & PARAMS_INTERVAL) != 0)
		json_set_str(o, "interval", intervals[p->interval]);
	if ((p->set & PARAMS_WHERE) == 0)
		return;
	f = json_new_object();
	say_list(f, "org", &p->q.orgs);
	say_list(f, "repository", &p->q.repos);
	if ((p->set & PARAMS_WHAT) != 0) {
		say_list(f, "person", &p->q.people);
		say_list(f, "kind", &p->q.kinds);
		json_set_str(f, "who", whose[p->q.who]);
	}
	json_set(o, "filters", f);
}

void
params_key(const struct params *p, struct buf *out)
{
	struct json *o = json_new_object();

	params_say(p, o);
	json_set_int(o, "max", p->q.max);
	json_set_str(o, "sort", sorts[p->q.sort]);
	json_set_bool(o, "ascending", p->q.ascending);
	json_set_str(o, "after", p->q.after);
	json_set_str(o, "q", p->q.text);
	json_print(o, out);
	json_free(o);
}

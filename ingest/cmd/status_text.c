/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status_text.c - see status_text.h. Long lists are summed up: gaps by cause and
 * kind, everything else after a dozen lines.
 */
#include "cmd/status_text.h"
#include "base/str.h"
#include "data/json.h"

#include <inttypes.h>
#include <string.h>

#define LINES_MAX	12

static int64_t
number(const struct json *o, const char *name)
{
	int64_t n = 0;

	json_int(o, name, &n);
	return n;
}

static void
people(const struct json *o, struct buf *out)
{
	const struct json *list = json_get(o, "people");

	if (list == NULL) {
		buf_printf(out, "people: unknown, %s\n",
		    str_or(json_str(o, "people_unknown"), "not asked"));
		return;
	}
	buf_printf(out, "people in order of activity, last %" PRId64 " days (%" PRId64
	    " of %" PRId64 "; %" PRId64 " documents of any time)\n", number(o, "days"),
	    (int64_t)json_len(list), number(o, "people_count"), number(o, "documents"));
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *p = json_at(list, i);

		buf_printf(out, "%4zu %7" PRId64 "  ", i + 1, number(p, "activity"));
		buf_plain(out, str_or(json_str(p, "person"), "?"));
		buf_printf(out, "  (commits %" PRId64 ", pull requests %" PRId64
		    ", merged %" PRId64 ", reviews %" PRId64 "; last %s)\n",
		    number(p, "commits"), number(p, "pull_requests"),
		    number(p, "merged"), number(p, "reviews"),
		    str_or(json_str(p, "last_active"), "never"));
	}
}

static void
members(const struct json *o, const char *title, struct buf *out)
{
	struct json_iter it = { 0 };

	if (json_len(o) == 0)
		return;
	buf_printf(out, "\n%s\n", title);
	while (json_each(o, &it)) {
		int64_t n;

		buf_printf(out, "  %-22s ", it.key);
		if (json_value_int(it.value, &n))
			buf_printf(out, "%" PRId64, n);
		else
			buf_plain(out, str_or(json_text(it.value), ""));
		buf_puts(out, "\n");
	}
}

/* "first contact, commits" -> how many. */
static struct json *
sum_gaps(const struct json *gaps)
{
	struct json *sums = json_new_object();

	for (size_t i = 0; i < json_len(gaps); i++) {
		const struct json *g = json_at(gaps, i);
		char *key = xasprintf("%s, %s%s", str_or(json_str(g, "cause"), "?"),
		    str_or(json_str(g, "kind"), "?"),
		    json_str(g, "parked") != NULL ? " (parked)" : "");

		json_set_int(sums, key, number(sums, key) + 1);
		str_set(&key, NULL);
	}
	return sums;
}

static void
troubles(const struct json *list, struct buf *out)
{
	if (json_len(list) > 0)
		buf_puts(out, "\nwrong right now\n");
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *t = json_at(list, i);

		buf_printf(out, "  %s, since %s: ", str_or(json_str(t, "instance"), "?"),
		    str_or(json_str(t, "since"), "unknown"));
		buf_plain(out, str_or(json_str(t, "text"), ""));
		buf_puts(out, "\n");
	}
}

static void
parked(const struct json *list, struct buf *out)
{
	if (json_len(list) > 0)
		buf_puts(out, "\nparked or failing\n");
	for (size_t i = 0; i < json_len(list) && i < LINES_MAX; i++) {
		const struct json *p = json_at(list, i);

		buf_puts(out, "  ");
		buf_plain(out, str_or(json_str(p, "repository"), "?"));
		buf_printf(out, " %s: ", str_or(json_str(p, "kind"), "(all)"));
		buf_plain(out, str_or(json_str(p, "reason"), "no reason is known"));
		buf_puts(out, "\n");
	}
	if (json_len(list) > LINES_MAX)
		buf_printf(out, "  and %zu more: status --json\n",
		    json_len(list) - LINES_MAX);
}

/* From when on: a backfill without --since asks for all that there is. */
static const char *
since(const char *time)
{
	return str_starts(time, "1970-01-01T00:00:00") ? "the beginning" : time;
}

static void
coverage(const struct json *o, struct buf *out)
{
	const struct json *list = json_get(o, "coverage");

	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *c = json_at(list, i);

		buf_plain(out, str_or(json_str(c, "repository"), "?"));
		buf_printf(out, " %s: since %s\n", str_or(json_str(c, "kind"), "?"),
		    since(str_or(json_str(c, "since"), "nothing yet")));
	}
	list = json_get(o, "gaps");
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *g = json_at(list, i);

		buf_plain(out, str_or(json_str(g, "repository"),
		    str_or(json_str(g, "organization"), "?")));
		buf_printf(out, " %s: missing %s to %s (%s)\n",
		    str_or(json_str(g, "kind"), "?"),
		    str_or(json_str(g, "from"), "the beginning"),
		    str_or(json_str(g, "to"), "now"), str_or(json_str(g, "cause"), "?"));
	}
}

void
status_text(const struct json *o, struct buf *out)
{
	struct json *gaps;

	if (json_get(o, "coverage") != NULL) {
		coverage(o, out);
		return;
	}
	people(o, out);
	troubles(json_get(o, "troubles"), out);
	members(json_get(o, "notes"), "work", out);
	members(json_get(o, "repositories"), "repositories", out);
	members(json_get(o, "streams"), "streams", out);
	gaps = sum_gaps(json_get(o, "gaps"));
	members(gaps, "gaps: known not to be held", out);
	json_free(gaps);
	parked(json_get(o, "parked"), out);
	if (number(o, "dead_letters") > 0)
		buf_printf(out, "\n%" PRId64 " dead letters: refused by an output, "
		    "kept; hubstash dlq list\n", number(o, "dead_letters"));
}

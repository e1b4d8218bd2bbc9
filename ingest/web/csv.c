/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c - see csv.h. */
#include "web/csv.h"
#include "base/str.h"
#include "data/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS	16

/* Answers that are no list of rows are written by a function. */
typedef void print_fn(const struct json *data, struct buf *out);

static print_fn print_totals, print_series, print_matrix, print_punch_card, print_top,
    print_names;

#define PERSON	"activity", "commits", "pull_requests", "merged", "reviews", \
		"additions", "deletions", "repositories", "last"
#define TOTALS	"people", "repositories", "commits", "pull_requests", "merged", \
		"reviews", "issues", "comments", "releases", "additions", "deletions", \
		"activity"
#define DOCUMENT "id", "kind", "time", "person", "person_id", "repository", \
		"repository_id", "number", "title", "state", "url", "sha", "draft", \
		"reviews", "created", "updated"

static const struct csv_table {
	const char	*panel, *name;
	const char	*array;			/* where in the data; NULL: it is a row */
	print_fn	*print;			/* NULL: rows of the array */
	const char	*column[COLUMNS + 1];
} tables[] = {
	{ "totals", "totals", NULL, print_totals, { NULL } },
	{ "people", "people", "people", NULL, { "rank", "id", "name", PERSON } },
	{ "activity", "buckets", "buckets", NULL, { "from", "commits", "pull_requests",
	    "reviews", "issues", "comments", "releases", "people" } },
	{ "series", "series", NULL, print_series, { NULL } },
	{ "reviewers", "reviewers", "reviewers", NULL, { "id", "name", "reviews",
	    "approved", "changes_requested", "commented", "dismissed", "authors" } },
	{ "matrix", "cells", NULL, print_matrix, { NULL } },
	{ "flow", "buckets", "buckets", NULL, { "from", "opened", "merged", "closed" } },
	{ "latency", "buckets", "buckets", NULL, { "from", "first_review.count",
	    "first_review.median", "first_review.p85", "merge.count", "merge.median",
	    "merge.p85" } },
	{ "open", "pull_requests", "pull_requests", NULL, { DOCUMENT } },
	{ "newcomers", "people", "people", NULL, { "id", "name", "since", "activity" } },
	{ "quiet", "people", "people", NULL, { "id", "name", "last", "activity" } },
	{ "punch_card", "cells", NULL, print_punch_card, { NULL } },
	{ "repositories", "repositories", "repositories", NULL, { "id", "name",
	    "activity", "people", "commits", "pull_requests", "merged", "reviews",
	    "issues", "open", "additions", "deletions", "last", "merge_median" } },
	{ "bus_factor", "repositories", "repositories", NULL, { "id", "name", "commits",
	    "people", "factor" } },
	{ "bus_factor", "top", NULL, print_top, { NULL } },
	{ "bots", "buckets", "buckets", NULL, { "from", "human", "bot" } },
	{ "bots", "agents", "agents", NULL, { "name", "documents" } },
	{ "recent", "documents", "documents", NULL, { DOCUMENT } },
	{ "person", "person", NULL, NULL, { "id", "name", "first", "last",
	    "activity" } },
	{ "person", "names", NULL, print_names, { NULL } },
	{ "person", "reviews_to", "reviews_to", NULL, { "name", "reviews" } },
	{ "person", "reviews_from", "reviews_from", NULL, { "id", "name", "reviews" } },
	{ "search", "people", "people", NULL, { "id", "name" } },
	{ "search", "repositories", "repositories", NULL, { "id", "name" } },
	{ "unlinked", "people", "people", NULL, { "id", "name", "commits", "first",
	    "last" } },
	{ "contents", "organizations", "organizations", NULL, { "name", "documents" } },
	{ "coverage", "streams", "streams", NULL, { "repository_id", "repository",
	    "organization", "kind", "state", "since", "settled", "gaps", "reason" } },
	{ "coverage", "gaps", "gaps", NULL, { "repository_id", "repository",
	    "organization", "kind", "cause", "from", "to", "opened", "read", "total",
	    "keys", "parked" } },
};

const struct csv_table *
csv_find(const char *panel, const char *table)
{
	for (size_t i = 0; i < LEN(tables); i++)
		if (str_eq(tables[i].panel, panel) &&
		    (table == NULL || str_eq(tables[i].name, table)))
			return &tables[i];
	return NULL;
}

const char *
csv_name(const struct csv_table *t)
{
	return t->name;
}

void
csv_names(const char *panel, struct buf *out)
{
	for (size_t i = 0; i < LEN(tables); i++)
		if (str_eq(tables[i].panel, panel))
			buf_printf(out, "%s%s", out->len > 0 ? ", " : "", tables[i].name);
}

/* A text; what a spreadsheet would compute is kept from that (OWASP). */
static void
put_text(struct buf *out, const char *s)
{
	bool formula = s[0] != '\0' && strchr("=+-@\t\r", s[0]) != NULL;

	if (!formula && strpbrk(s, ",\"\r\n") == NULL) {
		buf_puts(out, s);
		return;
	}
	buf_puts(out, formula ? "\"'" : "\"");
	for (; *s != '\0'; s++)
		buf_add(out, "\"\"", *s == '"' ? 2 : 0), buf_add(out, s, *s != '"');
	buf_puts(out, "\"");
}

static void
put_value(struct buf *out, const struct json *v)
{
	if (json_text(v) != NULL)
		put_text(out, json_text(v));
	else if (v != NULL && !json_is(v, JSON_NULL))
		json_print(v, out);
}

static void
put_cell(struct buf *out, bool first, const struct json *v)
{
	buf_puts(out, first ? "" : ",");
	put_value(out, v);
}

static void
put_row(struct buf *out, const char *const *columns, const struct json *row)
{
	for (size_t i = 0; columns[i] != NULL; i++)
		put_cell(out, i == 0, json_get(row, columns[i]));
	buf_puts(out, "\r\n");
}

static void
put_header(struct buf *out, const char *const *columns)
{
	for (size_t i = 0; columns[i] != NULL; i++) {
		buf_puts(out, i == 0 ? "" : ",");
		for (const char *c = columns[i]; *c != '\0'; c++)
			buf_add(out, *c == '.' ? "_" : c, 1);
	}
	buf_puts(out, "\r\n");
}

static void
print_totals(const struct json *data, struct buf *out)
{
	static const char *const columns[] = { TOTALS, NULL };
	static const char *const periods[] = { "now", "before" };

	buf_puts(out, "period,");
	put_header(out, columns);
	for (size_t i = 0; i < LEN(periods); i++) {
		buf_printf(out, "%s,", periods[i]);
		put_row(out, columns, json_get(data, periods[i]));
	}
}

static void
print_series(const struct json *data, struct buf *out)
{
	static const char *const kinds[] = { "series.commits", "series.pull_requests",
	    "series.reviews" };
	const struct json *people = json_get(data, "people");
	const struct json *buckets = json_get(data, "buckets");

	buf_puts(out, "id,name,from,commits,pull_requests,reviews\r\n");
	for (size_t i = 0; i < json_len(people); i++)
		for (size_t b = 0; b < json_len(buckets); b++) {
			const struct json *p = json_at(people, i);

			put_cell(out, true, json_get(p, "id"));
			put_cell(out, false, json_get(p, "name"));
			put_cell(out, false, json_at(buckets, b));
			for (size_t k = 0; k < LEN(kinds); k++)
				put_cell(out, false, json_at(json_get(p, kinds[k]), b));
			buf_puts(out, "\r\n");
		}
}

static void
print_matrix(const struct json *data, struct buf *out)
{
	const struct json *authors = json_get(data, "authors"), *cell;
	const struct json *reviewers = json_get(data, "reviewers");
	const struct json *cells = json_get(data, "cells");

	buf_puts(out, "author,reviewer_id,reviewer,reviews\r\n");
	for (size_t a = 0; a < json_len(authors); a++)
		for (size_t r = 0; r < json_len(reviewers); r++) {
			cell = json_at(json_at(cells, a), r);
			put_cell(out, true, json_at(authors, a));
			put_cell(out, false, json_get(json_at(reviewers, r), "id"));
			put_cell(out, false, json_get(json_at(reviewers, r), "name"));
			put_cell(out, false, cell);
			buf_puts(out, "\r\n");
		}
}

static void
print_punch_card(const struct json *data, struct buf *out)
{
	const struct json *cells = json_get(data, "cells");

	buf_puts(out, "weekday,hour,commits\r\n");
	for (size_t d = 0; d < json_len(cells); d++)
		for (size_t h = 0; h < json_len(json_at(cells, d)); h++) {
			buf_printf(out, "%zu,%zu", d + 1, h);
			put_cell(out, false, json_at(json_at(cells, d), h));
			buf_puts(out, "\r\n");
		}
}

static void
print_top(const struct json *data, struct buf *out)
{
	const struct json *repos = json_get(data, "repositories"), *r, *top, *p;

	buf_puts(out, "repository_id,repository,id,name,commits\r\n");
	for (size_t i = 0; i < json_len(repos); i++) {
		r = json_at(repos, i);
		top = json_get(r, "top");
		for (size_t k = 0; k < json_len(top); k++) {
			p = json_at(top, k);
			put_cell(out, true, json_get(r, "id"));
			put_cell(out, false, json_get(r, "name"));
			put_cell(out, false, json_get(p, "id"));
			put_cell(out, false, json_get(p, "name"));
			put_cell(out, false, json_get(p, "commits"));
			buf_puts(out, "\r\n");
		}
	}
}

static void
print_names(const struct json *data, struct buf *out)
{
	const struct json *names = json_get(data, "names");

	buf_puts(out, "name\r\n");
	for (size_t i = 0; i < json_len(names); i++) {
		put_cell(out, true, json_at(names, i));
		buf_puts(out, "\r\n");
	}
}

void
csv_print(const struct csv_table *t, const struct json *data, struct buf *out)
{
	const struct json *rows = t->array != NULL ? json_get(data, t->array) : NULL;

	if (t->print != NULL) {
		t->print(data, out);
		return;
	}
	put_header(out, t->column);
	if (t->array == NULL && json_len(data) > 0)
		put_row(out, t->column, data);
	for (size_t i = 0; i < json_len(rows); i++)
		put_row(out, t->column, json_at(rows, i));
}

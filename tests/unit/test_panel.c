/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_panel.c - what is made of the rows of a panel: order, ties, cuts, places to
 * go on from, percentiles, and the JSON of each.
 */
#include "tap.h"

#include "base/str.h"
#include "store/panel.h"

#include <stdlib.h>

static const int64_t edges[] = { 0, 86400000, 2 * 86400000 };

static struct store_question
question(enum store_panel panel)
{
	return (struct store_question){ .panel = panel, .to_ms = 2 * 86400000,
		.edges = edges, .edge_count = LEN(edges) };
}

/* The answer as text; the panel is freed. */
static char *
text_of(const struct store_question *q, struct panel *p)
{
	struct json *j = panel_answer(q, p);
	struct buf out = BUF(1 << 20);
	char *text;

	json_print(j, &out);
	text = xstrdup(buf_str(&out));
	buf_fini(&out);
	json_free(j);
	panel_fini(p);
	return text;
}

static void
gives(const struct store_question *q, struct panel *p, const char *want)
{
	char *text = text_of(q, p);

	is_str(text, want, store_panel_name(q->panel));
	free(text);
}

static void
person(struct panel *p, const char *id, const char *name, int64_t commits, int64_t last)
{
	struct panel_row *r = panel_add(&p->rows, id, name);

	r->n[COL_COMMITS] = r->n[COL_ACTIVITY] = commits;
	r->n[COL_LAST] = last;
}

static void
fill_people(struct panel *p)
{
	person(p, "4", "sim-di", 2, 4000);
	person(p, "2", "sim-bo", 3, 2000);
	person(p, "1", "sim-Ada", 3, 1000);
	person(p, "9", "sim-bo", 3, 3000);
	person(p, "5", NULL, 1, 0);
	p->document_count = 12;
}

static void
see_ids(struct json *j, struct buf *out)
{
	const struct json *list = json_get(j, "people");
	int64_t rank = 0;

	for (size_t i = 0; i < json_len(list); i++) {
		if (!json_int(json_at(list, i), "rank", &rank))
			rank = 0;
		buf_printf(out, "%lld:%s ", (long long)rank,
		    json_str(json_at(list, i), "id"));
	}
}

/* All pages of it, "|" between. */
static void
pages(enum store_sort sort, bool ascending, const char *want, const char *what)
{
	struct store_question q = question(STORE_PEOPLE);
	struct buf out = BUF(4096);
	char *after = NULL;
	struct err e;

	q.sort = sort;
	q.ascending = ascending;
	q.max = 2;
	for (int i = 0; i < 5; i++) {
		struct panel p = { 0 };
		struct json *j;

		fill_people(&p);
		q.after = after;
		ok(store_check(&q, &e), "the place is one");
		j = panel_answer(&q, &p);
		see_ids(j, &out);
		buf_puts(&out, "|");
		str_set(&after, json_str(j, "next"));
		json_free(j);
		panel_fini(&p);
		if (after == NULL)
			break;
	}
	is_str(buf_str(&out), want, what);
	free(after);
	buf_fini(&out);
}

static void
test_order(void)
{
	pages(STORE_BY_ACTIVITY, false, "1:1 2:2 |3:9 4:4 |5:5 |", "by activity");
	pages(STORE_BY_ACTIVITY, true, "1:5 2:4 |3:1 4:2 |5:9 |", "least first");
	pages(STORE_BY_LAST, false, "1:4 2:9 |3:2 4:1 |5:5 |", "by the last moment");
	pages(STORE_BY_NAME, true, "1:5 2:1 |3:2 4:9 |5:4 |", "by name");
	pages(STORE_BY_NAME, false, "1:4 2:2 |3:9 4:1 |5:5 |", "by name, from the end");
	pages(STORE_BY_MERGED, false, "1:5 2:1 |3:2 4:9 |5:4 |", "all alike: by name");
}

/* Between two pages somebody overtakes, and somebody goes. */
static void
test_place_holds(void)
{
	struct store_question q = question(STORE_PEOPLE);
	struct panel p = { 0 };
	struct buf out = BUF(4096);
	struct json *first, *second;

	q.max = 2;
	fill_people(&p);
	first = panel_answer(&q, &p);
	panel_fini(&p);
	person(&p, "4", "sim-di", 9, 0);
	person(&p, "9", "sim-bo", 3, 0);
	person(&p, "5", NULL, 1, 0);
	q.after = json_str(first, "next");
	second = panel_answer(&q, &p);
	see_ids(second, &out);
	is_str(buf_str(&out), "2:9 3:5 ", "a place, not a number of rows");
	ok(json_get(second, "next") == NULL, "and then it ends");
	buf_fini(&out);
	json_free(first);
	json_free(second);
	panel_fini(&p);
}

static void
test_rank_unnamed(void)
{
	struct store_question q = question(STORE_PEOPLE);
	struct panel p = { 0 };

	fill_people(&p);
	for (size_t i = 0; i < p.rows.n; i++) {
		free(p.rows.row[i].name);
		p.rows.row[i].name = NULL;
	}
	q.max = 1;
	is_int(panel_rank(&q, &p.rows), 3, "three share the first place");
	q.max = 3;
	is_int(panel_rank(&q, &p.rows), 3, "which is all that is shown");
	q.max = 4;
	is_int(panel_rank(&q, &p.rows), 4, "and the fourth is alone");
	q.max = 9;
	is_int(panel_rank(&q, &p.rows), 5, "everybody");
	is_str(p.rows.row[0].id, "1", "by id meanwhile");
	q.sort = STORE_BY_NAME;
	q.max = 1;
	is_int(panel_rank(&q, &p.rows), 5, "by name all names are needed");
	panel_fini(&p);
}

static void
test_people(void)
{
	struct store_question q = question(STORE_PEOPLE);
	struct panel p = { .document_count = 7 };
	struct panel_row *r = panel_add(&p.rows, "1", "sim-ada");

	*r = (struct panel_row){ .id = r->id, .name = r->name, .n = {
	    [COL_ACTIVITY] = 6, [COL_COMMITS] = 1, [COL_PULLS] = 2, [COL_MERGED] = 1,
	    [COL_REVIEWS] = 3, [COL_ADDITIONS] = 4, [COL_DELETIONS] = 5,
	    [COL_REPOS] = 2, [COL_LAST] = 1767225600000 } };
	gives(&q, &p, "{\"people\":[{\"rank\":1,\"id\":\"1\",\"name\":\"sim-ada\","
	    "\"activity\":6,\"commits\":1,\"pull_requests\":2,\"merged\":1,"
	    "\"reviews\":3,\"additions\":4,\"deletions\":5,\"repositories\":2,"
	    "\"last\":\"2026-01-01T00:00:00Z\"}],\"total\":1,\"documents\":7}");
	gives(&q, &p, "{\"people\":[],\"total\":0,\"documents\":0}");
	q = question(STORE_NEWCOMERS);
	person(&p, "1", "sim-ada", 5, 0);
	p.rows.row[0].n[COL_FIRST] = 1767225600000;
	person(&p, "2", "sim-bo", 7, 0);
	p.rows.row[1].n[COL_FIRST] = 1767225600001;
	gives(&q, &p, "{\"people\":[{\"id\":\"2\",\"name\":\"sim-bo\","
	    "\"since\":\"2026-01-01T00:00:00.001Z\",\"activity\":7},"
	    "{\"id\":\"1\",\"name\":\"sim-ada\",\"since\":\"2026-01-01T00:00:00Z\","
	    "\"activity\":5}],\"total\":2}");
	q = question(STORE_QUIET);
	q.max = 1;
	person(&p, "1", "sim-ada", 5, 1767225600000);
	person(&p, "2", "sim-bo", 7, 1767225600000);
	gives(&q, &p, "{\"people\":[{\"id\":\"2\",\"name\":\"sim-bo\","
	    "\"last\":\"2026-01-01T00:00:00Z\",\"activity\":7}],\"total\":2}");
	q = question(STORE_UNLINKED);
	person(&p, "mail:ab", "Ada", 5, 1767225600000);
	p.rows.row[0].n[COL_FIRST] = 1767139200000;
	gives(&q, &p, "{\"people\":[{\"id\":\"mail:ab\",\"name\":\"Ada\",\"commits\":5,"
	    "\"first\":\"2025-12-31T00:00:00Z\",\"last\":\"2026-01-01T00:00:00Z\"}],"
	    "\"total\":1}");
}

static void
test_totals(void)
{
	struct store_question q = question(STORE_TOTALS);
	struct panel p = { 0 };

	for (int64_t i = 0; i < 2; i++) {
		struct panel_row *r = panel_add(&p.rows, NULL, NULL);

		for (int k = 0; k < PANEL_COLUMNS; k++)
			r->n[k] = k + 100 * i;
	}
	gives(&q, &p, "{\"now\":{\"people\":12,\"repositories\":11,\"commits\":1,"
	    "\"pull_requests\":2,\"merged\":3,\"reviews\":5,\"issues\":6,"
	    "\"comments\":7,\"releases\":8,\"additions\":9,\"deletions\":10,"
	    "\"activity\":0},\"before\":{\"people\":112,\"repositories\":111,"
	    "\"commits\":101,\"pull_requests\":102,\"merged\":103,\"reviews\":105,"
	    "\"issues\":106,\"comments\":107,\"releases\":108,\"additions\":109,"
	    "\"deletions\":110,\"activity\":100}}");
}

static void
two_buckets(struct panel *p, enum panel_column a, enum panel_column b)
{
	for (int64_t i = 0; i < 2; i++) {
		struct panel_row *r = panel_add(&p->rows, NULL, NULL);

		r->n[a] = 1 + i;
		r->n[b] = 10 + i;
	}
}

static void
test_over_time(void)
{
	struct store_question q = question(STORE_ACTIVITY);
	struct panel p = { 0 };

	two_buckets(&p, COL_COMMITS, COL_PEOPLE);
	gives(&q, &p, "{\"buckets\":[{\"from\":\"1970-01-01T00:00:00Z\",\"commits\":1,"
	    "\"pull_requests\":0,\"reviews\":0,\"issues\":0,\"comments\":0,"
	    "\"releases\":0,\"people\":10},{\"from\":\"1970-01-02T00:00:00Z\","
	    "\"commits\":2,\"pull_requests\":0,\"reviews\":0,\"issues\":0,"
	    "\"comments\":0,\"releases\":0,\"people\":11}]}");
	q = question(STORE_FLOW);
	two_buckets(&p, COL_PULLS, COL_CLOSED);
	gives(&q, &p, "{\"buckets\":[{\"from\":\"1970-01-01T00:00:00Z\",\"opened\":1,"
	    "\"merged\":0,\"closed\":10},{\"from\":\"1970-01-02T00:00:00Z\","
	    "\"opened\":2,\"merged\":0,\"closed\":11}]}");
	q = question(STORE_BOTS);
	q.max = 1;
	two_buckets(&p, COL_HUMAN, COL_BOT);
	panel_add(&p.more, "sim-a[bot]", NULL)->n[COL_DOCUMENTS] = 1;
	panel_add(&p.more, "sim-b[bot]", NULL)->n[COL_DOCUMENTS] = 2;
	gives(&q, &p, "{\"buckets\":[{\"from\":\"1970-01-01T00:00:00Z\",\"human\":1,"
	    "\"bot\":10},{\"from\":\"1970-01-02T00:00:00Z\",\"human\":2,\"bot\":11}],"
	    "\"agents\":[{\"name\":\"sim-b[bot]\",\"documents\":2}]}");
	q = question(STORE_SERIES);
	q.max = 1;
	person(&p, "2", "sim-bo", 3, 1767225600000);
	person(&p, "1", "sim-ada", 2, 0);
	p.cell_count = 12;
	p.cells = xcalloc(p.cell_count, sizeof(*p.cells));
	for (int64_t i = 0; i < 12; i++)
		p.cells[i] = i;
	gives(&q, &p, "{\"buckets\":[\"1970-01-01T00:00:00Z\",\"1970-01-02T00:00:00Z\"],"
	    "\"people\":[{\"rank\":1,\"id\":\"2\",\"name\":\"sim-bo\",\"activity\":3,"
	    "\"commits\":3,\"pull_requests\":0,\"merged\":0,\"reviews\":0,"
	    "\"additions\":0,\"deletions\":0,\"repositories\":0,"
	    "\"last\":\"2026-01-01T00:00:00Z\",\"series\":{\"commits\":[0,3],"
	    "\"pull_requests\":[1,4],\"reviews\":[2,5]}}]}");
}

static void
test_hours(void)
{
	struct store_question q = question(STORE_LATENCY);
	struct panel p = { .hours_count = 4,
		.hours = xcalloc(4, sizeof(struct panel_hours)) };
	struct panel_hours h = { 0 };

	ok(panel_percentile(&h, 0.5) < 0, "of none: none");
	h.n[100] = 1;
	h.n[150] = 1;
	ok(panel_percentile(&h, 0.5) < 1.03, "the smaller of two is the median");
	ok(panel_percentile(&h, 0.51) > 10, "and more than half is the greater");
	h.n[150] = 17;
	h.n[200] = 3;
	h.n[100] = 0;
	ok(panel_percentile(&h, 0.85) < 11, "17 of 20 are 85 of 100");
	h.n[150] = 16;
	ok(panel_percentile(&h, 0.85) > 100, "16 of 19 are not");
	p.hours[0].n[100] = 3;	/* an hour, and a little */
	p.hours[2].n[200] = 1;
	p.hours[3].n[499] = 1;
	gives(&q, &p, "{\"all\":{\"first_review\":{\"count\":4,\"median\":1.02,"
	    "\"p85\":102.33},\"merge\":{\"count\":1,\"median\":97723722.10,"
	    "\"p85\":97723722.10}},\"buckets\":[{\"from\":\"1970-01-01T00:00:00Z\","
	    "\"first_review\":{\"count\":3,\"median\":1.02,\"p85\":1.02},"
	    "\"merge\":{\"count\":0}},{\"from\":\"1970-01-02T00:00:00Z\","
	    "\"first_review\":{\"count\":1,\"median\":102.33,\"p85\":102.33},"
	    "\"merge\":{\"count\":1,\"median\":97723722.10,\"p85\":97723722.10}}]}");
}

static void
test_reviews(void)
{
	struct store_question q = question(STORE_REVIEWERS);
	struct panel p = { 0 };
	struct panel_row *r = panel_add(&p.rows, "1", "sim-ada");

	r->n[COL_REVIEWS] = 9;
	r->n[COL_APPROVED] = 4;
	r->n[COL_CHANGES] = 3;
	r->n[COL_COMMENTED] = 2;
	r->n[COL_DISMISSED] = 1;
	r->n[COL_AUTHORS] = 5;
	gives(&q, &p, "{\"reviewers\":[{\"id\":\"1\",\"name\":\"sim-ada\",\"reviews\":9,"
	    "\"approved\":4,\"changes_requested\":3,\"commented\":2,\"dismissed\":1,"
	    "\"authors\":5}],\"total\":1}");
	q = question(STORE_MATRIX);
	panel_add(&p.rows, "1", "sim-ada");
	panel_add(&p.rows, "2", NULL);
	panel_add(&p.more, "sim-cy", NULL);
	p.cell_count = 2;
	p.cells = xcalloc(2, sizeof(*p.cells));
	p.cells[1] = 7;
	gives(&q, &p, "{\"authors\":[\"sim-cy\"],\"reviewers\":[{\"id\":\"1\","
	    "\"name\":\"sim-ada\"},{\"id\":\"2\",\"name\":\"2\"}],\"cells\":[[0,7]]}");
}

static void
pair(struct panel *p, const char *id, const char *name, int64_t commits)
{
	panel_add(&p->more, id, name)->n[COL_COMMITS] = commits;
}

static void
test_repositories(void)
{
	struct store_question q = question(STORE_REPOSITORIES);
	struct panel p = { 0 };
	struct panel_row *r = panel_add(&p.rows, "77", "sim-works/engine");

	r->n[COL_ACTIVITY] = 3;
	r->n[COL_OPEN] = 2;
	r->hours = xcalloc(1, sizeof(*r->hours));
	r = panel_add(&p.rows, "78", "sim-works/site");
	r->n[COL_ACTIVITY] = 4;
	r->hours = xcalloc(1, sizeof(*r->hours));
	r->hours->n[100] = 1;
	gives(&q, &p, "{\"repositories\":[{\"id\":\"78\",\"name\":\"sim-works/site\","
	    "\"activity\":4,\"people\":0,\"commits\":0,\"pull_requests\":0,"
	    "\"merged\":0,\"reviews\":0,\"issues\":0,\"open\":0,\"additions\":0,"
	    "\"deletions\":0,\"merge_median\":1.02},{\"id\":\"77\","
	    "\"name\":\"sim-works/engine\",\"activity\":3,\"people\":0,\"commits\":0,"
	    "\"pull_requests\":0,\"merged\":0,\"reviews\":0,\"issues\":0,\"open\":2,"
	    "\"additions\":0,\"deletions\":0}],\"total\":2}");
	q = question(STORE_BUS_FACTOR);
	panel_add(&p.rows, "77", "sim-works/engine")->n[COL_COMMITS] = 10;
	pair(&p, "77 1", "sim-ada", 2);
	pair(&p, "77 2", "sim-bo", 4);
	pair(&p, "77 3", "sim-cy", 1);
	pair(&p, "77 4", NULL, 3);
	gives(&q, &p, "{\"repositories\":[{\"id\":\"77\",\"name\":\"sim-works/engine\","
	    "\"commits\":10,\"people\":4,\"factor\":2,\"top\":[{\"id\":\"2\","
	    "\"name\":\"sim-bo\",\"commits\":4},{\"id\":\"4\",\"name\":\"4\","
	    "\"commits\":3}]}],\"total\":1}");
	panel_add(&p.rows, "77", NULL)->n[COL_COMMITS] = 24;
	for (int i = 0; i < 24; i++) {
		char id[16];

		snprintf(id, sizeof(id), "77 %02d", i);
		pair(&p, id, NULL, 1);
	}
	{
		struct json *j = panel_answer(&q, &p);
		const struct json *one = json_at(json_get(j, "repositories"), 0);
		int64_t factor = 0;

		ok(json_int(one, "factor", &factor) && factor == 12, "half is enough");
		is_int(json_len(json_get(one, "top")), 10, "ten of them are named");
		json_free(j);
		panel_fini(&p);
	}
}

static struct json *
parsed(const char *text)
{
	struct err e;
	struct json *j = json_parse(text, strlen(text), &e);

	if (j == NULL)
		ok(false, "%s: %s", text, e.text);
	return j;
}

static void
test_documents(void)
{
	static const char body[] = "{\"@timestamp\":\"2026-01-01T00:00:00Z\","
	    "\"event\":{\"action\":\"pull_request\",\"id\":\"pr:77:3\"},"
	    "\"github\":{\"repo\":\"sim-works/engine\",\"repo_id\":\"77\","
	    "\"pull_request\":{\"number\":3,\"title\":\"<script>\",\"state\":\"open\","
	    "\"draft\":false,\"reviews\":2,\"created_at\":\"2026-01-01T00:00:00Z\"}},"
	    "\"hubstash\":{\"person\":\"sim-ada\",\"person_id\":\"1\"}}";
	static const char row[] = "{\"id\":\"pr:77:3\",\"kind\":\"pull_request\","
	    "\"time\":\"2026-01-01T00:00:00Z\",\"person\":\"sim-ada\","
	    "\"person_id\":\"1\",\"repository\":\"sim-works/engine\","
	    "\"repository_id\":\"77\",\"number\":3,\"title\":\"<script>\","
	    "\"state\":\"open\",\"draft\":false,\"reviews\":2,"
	    "\"created\":\"2026-01-01T00:00:00Z\"}";
	struct store_question q = question(STORE_OPEN);
	struct panel p = { .documents = json_new_array(), .document_count = 5 };
	struct json *b = parsed(body), *j;
	char *want = xasprintf("{\"pull_requests\":[%s],\"total\":5}", row);
	char id[STORE_MAX_TEXT] = "";
	int64_t ms = 0;

	json_push(p.documents, panel_document(b));
	gives(&q, &p, want);
	free(want);
	q = question(STORE_RECENT);
	p = (struct panel){ .documents = json_new_array(), .further = true };
	json_push(p.documents, panel_document(b));
	j = panel_answer(&q, &p);
	ok(panel_place(str_or(json_str(j, "next"), ""), &ms, id), "there is more");
	ok(ms == 1767225600000 && str_eq(id, "pr:77:3"), "after that one");
	json_free(j);
	p.further = false;
	want = xasprintf("{\"documents\":[%s]}", row);
	gives(&q, &p, want);
	free(want);
	gives(&q, &p, "{\"documents\":[]}");
	json_free(b);
}

static void
test_rest(void)
{
	struct store_question q = question(STORE_PERSON);
	struct panel p = { 0 };

	gives(&q, &p, "{}");
	person(&p, "1", "sim-ada", 4, 1767225600000);
	p.rows.row[0].n[COL_FIRST] = 1767225600000;
	person(&p, NULL, "sim-lovelace", 0, 0);
	person(&p, NULL, "sim-ada", 0, 0);
	person(&p, NULL, "Ada", 0, 0);
	panel_add(&p.more, "2", "sim-bo")->n[COL_REVIEWS] = 3;
	p.documents = parsed("[{\"name\":\"sim-bo\",\"reviews\":1},"
	    "{\"name\":\"sim-cy\",\"reviews\":2}]");
	gives(&q, &p, "{\"id\":\"1\",\"name\":\"sim-ada\",\"names\":[\"Ada\",\"sim-ada\","
	    "\"sim-lovelace\"],\"first\":\"2026-01-01T00:00:00Z\","
	    "\"last\":\"2026-01-01T00:00:00Z\",\"activity\":4,\"reviews_to\":["
	    "{\"name\":\"sim-cy\",\"reviews\":2},{\"name\":\"sim-bo\",\"reviews\":1}],"
	    "\"reviews_from\":[{\"id\":\"2\",\"name\":\"sim-bo\",\"reviews\":3}]}");
	q = question(STORE_SEARCH);
	person(&p, "2", "sim-b", 0, 0);
	person(&p, "1", "sim-a", 0, 0);
	panel_add(&p.more, "77", "sim-works/engine");
	gives(&q, &p, "{\"people\":[{\"id\":\"1\",\"name\":\"sim-a\"},{\"id\":\"2\","
	    "\"name\":\"sim-b\"}],\"repositories\":[{\"id\":\"77\","
	    "\"name\":\"sim-works/engine\"}]}");
	q = question(STORE_CONTENTS);
	p.document_count = 3;
	p.cell_count = 2;
	p.cells = xcalloc(2, sizeof(*p.cells));
	p.cells[1] = 1000;
	panel_add(&p.rows, "sim-works", NULL)->n[COL_DOCUMENTS] = 3;
	gives(&q, &p, "{\"documents\":3,\"first\":\"1970-01-01T00:00:00Z\","
	    "\"last\":\"1970-01-01T00:00:01Z\",\"organizations\":["
	    "{\"name\":\"sim-works\",\"documents\":3}]}");
	gives(&q, &p, "{\"documents\":0,\"organizations\":[]}");
	q = question(STORE_PUNCH_CARD);
	p.cell_count = 168;
	p.cells = xcalloc(168, sizeof(*p.cells));
	p.cells[25] = 3;
	{
		struct json *j = panel_answer(&q, &p);
		const struct json *cells = json_get(j, "cells");
		int64_t v = 0;

		is_int(json_len(cells), 7, "seven days");
		is_int(json_len(json_at(cells, 1)), 24, "of 24 hours");
		ok(json_value_int(json_at(json_at(cells, 1), 1), &v) && v == 3,
		    "Tuesday at one");
		json_free(j);
		panel_fini(&p);
	}
}

int
main(void)
{
	test_order();
	test_place_holds();
	test_rank_unnamed();
	test_people();
	test_totals();
	test_over_time();
	test_hours();
	test_reviews();
	test_repositories();
	test_documents();
	test_rest();
	return done();
}

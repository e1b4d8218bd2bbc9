/* SPDX-License-Identifier: Apache-2.0 */
/* test_panel_question.c - which questions can be asked, and a copy of one. */
#include "tap.h"

#include "base/str.h"
#include "store/panel.h"

#include <stdlib.h>

static const int64_t day[] = { 0, 10, 20 };
static const char *const one[] = { "1" };
static char longest[STORE_MAX_TEXT + 2];

static void
takes(const char *what, struct store_question q)
{
	struct err e = { 0 };

	ok(store_check(&q, &e), "%s%s", what, e.text);
}

static void
refuses(const char *what, struct store_question q)
{
	struct err e = { 0 };

	ok(!store_check(&q, &e) && e.kind == ERR_CONFIG && e.text[0] != '\0',
	    "%s: %s", what, e.text);
}

static void
test_limits(void)
{
	static const char *many[STORE_MAX_LIST + 1], *const lengthy[] = { longest };
	struct store_question q = { .panel = STORE_PEOPLE, .to_ms = 20 }, x;

	for (size_t i = 0; i < LEN(many); i++)
		many[i] = "1";
	memset(longest, 'x', sizeof(longest) - 1);
	takes("a period", q);
	x = q;
	x.from_ms = 20;
	takes("one without a moment in it", x);
	x.from_ms = 21;
	refuses("a period backwards", x);
	x = q;
	x.kinds = (struct store_list){ many, STORE_MAX_LIST };
	takes("fifty kinds", x);
	x.kinds.n++;
	refuses("one more", x);
	x.kinds = (struct store_list){ lengthy, 1 };
	refuses("a kind of 257 bytes", x);
	x = q;
	x.max = 1001;
	refuses("more rows than there are", x);
	x = (struct store_question){ .panel = STORE_RECENT, .max = 201 };
	refuses("more documents", x);
	x = (struct store_question){ .panel = STORE_PERSON, .people = { one, 1 } };
	takes("a person", x);
	x.people.n = 0;
	refuses("nobody", x);
	refuses("a search for nothing", (struct store_question){ .panel = STORE_SEARCH });
	refuses("a panel there is not", (struct store_question){ .panel = STORE_PANELS });
	refuses("an order there is not", (struct store_question){ .sort = STORE_SORTS });
}

static void
test_edges(void)
{
	static const int64_t twice[] = { 0, 10, 10, 20 };
	static int64_t many[STORE_MAX_EDGES + 1];
	struct store_question q = { .panel = STORE_FLOW, .to_ms = 20, .edges = day,
		.edge_count = 3 };

	for (size_t i = 0; i < LEN(many); i++)
		many[i] = (int64_t)i;
	takes("two buckets", q);
	q.to_ms = 21;
	refuses("that end too early", q);
	q.to_ms = 20;
	q.from_ms = -1;
	refuses("that begin too late", q);
	q.from_ms = 0;
	q.edge_count = 0;
	refuses("no buckets", q);
	q.edges = twice;
	q.edge_count = 4;
	refuses("an empty one", q);
	q.edges = many;
	q.edge_count = STORE_MAX_EDGES;
	q.to_ms = STORE_MAX_EDGES - 1;
	takes("a thousand", q);
	q.edge_count++;
	q.to_ms++;
	refuses("one more", q);
}

static void
test_places(void)
{
	static const char *const no[] = { "", "=", "AAAA", "cCAw", "cCAwIDAgMQ", "ZCAxIDUK",
		"cCAwIDAgMSA5OTk5OTk5OTk5OTk5OTk5OTk5OTkKYQ", "cCAwIDAgMSA0CmE" };
	struct store_question q = { .panel = STORE_PEOPLE };

	for (size_t i = 0; i < LEN(no); i++) {
		q.panel = STORE_PEOPLE;
		q.after = no[i];
		refuses("no place among people", q);
		q.panel = STORE_RECENT;
		refuses("nor among documents", q);
	}
	q.panel = STORE_PEOPLE;
	q.after = "cCAwIDAgMSAxCmFi";	/* "p 0 0 1 1\nab" */
	takes("a place in the order of activity", q);
	q.sort = STORE_BY_LAST;
	refuses("is none in another", q);
	q.sort = STORE_BY_ACTIVITY;
	q.ascending = true;
	refuses("nor the other way round", q);
	q.panel = STORE_RECENT;
	refuses("nor among documents", q);
	q.after = "ZCA1IDIKYWI";	/* "d 5 2\nab" */
	takes("where there are others", q);
	q.panel = STORE_TOTALS;
	refuses("and elsewhere none", q);
}

static void
test_copy(void)
{
	char org[] = "sim-works", repo[] = "77", person[] = "1", kind[] = "commit";
	char after[] = "x", text[] = "sim";
	int64_t edges[] = { 1, 2, 3 };
	const char *orgs[] = { org, org }, *repos[] = { repo }, *people[] = { person };
	const char *kinds[] = { kind };
	struct store_question q = { .panel = STORE_SERIES, .from_ms = 1, .to_ms = 3,
		.orgs = { orgs, 2 }, .repos = { repos, 1 }, .people = { people, 1 },
		.kinds = { kinds, 1 }, .edges = edges, .edge_count = 3, .after = after,
		.text = text, .max = 7 };
	struct store_question *c = panel_question_copy(&q);

	org[0] = repo[0] = person[0] = kind[0] = after[0] = text[0] = '!';
	edges[2] = 9;
	ok(c->panel == STORE_SERIES && c->max == 7 && c->to_ms == 3, "plain members");
	ok(c->orgs.n == 2 && str_eq(c->orgs.s[1], "sim-works"), "organisations");
	ok(str_eq(c->repos.s[0], "77") && str_eq(c->people.s[0], "1"), "ids");
	ok(str_eq(c->kinds.s[0], "commit"), "kinds");
	ok(c->edge_count == 3 && c->edges[2] == 3, "moments");
	ok(str_eq(c->after, "x") && str_eq(c->text, "sim"), "texts");
	free(c);
	c = panel_question_copy(&(struct store_question){ .panel = STORE_TOTALS });
	ok(c->orgs.n == 0 && c->after == NULL && c->text == NULL, "of an empty one");
	free(c);
}

static void
test_names(void)
{
	enum store_panel panel;
	int wrong = 0;

	for (int i = 0; i < STORE_PANELS; i++)
		wrong += !store_panel_of(store_panel_name((enum store_panel)i), &panel) ||
		    (int)panel != i;
	is_int(wrong, 0, "each panel has its name");
	ok(!store_panel_of("person ", &panel) && !store_panel_of("", &panel) &&
	    !store_panel_of(NULL, &panel), "others are none");
}

int
main(void)
{
	test_limits();
	test_edges();
	test_places();
	test_copy();
	test_names();
	return done();
}

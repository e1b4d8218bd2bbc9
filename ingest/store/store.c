/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.c - see store.h. Which implementation answers is in the struct; the people
 * as structs are read from the answer that is JSON.
 */
#include "store/store.h"
#include "base/clock.h"
#include "base/str.h"
#include "data/json.h"

#include <stdlib.h>

static const char *const names[STORE_PANELS] = {
	[STORE_TOTALS] = "totals", [STORE_PEOPLE] = "people",
	[STORE_ACTIVITY] = "activity", [STORE_SERIES] = "series",
	[STORE_REVIEWERS] = "reviewers", [STORE_MATRIX] = "matrix",
	[STORE_FLOW] = "flow", [STORE_LATENCY] = "latency", [STORE_OPEN] = "open",
	[STORE_NEWCOMERS] = "newcomers", [STORE_QUIET] = "quiet",
	[STORE_PUNCH_CARD] = "punch_card", [STORE_REPOSITORIES] = "repositories",
	[STORE_BUS_FACTOR] = "bus_factor", [STORE_BOTS] = "bots",
	[STORE_RECENT] = "recent", [STORE_PERSON] = "person",
	[STORE_SEARCH] = "search", [STORE_UNLINKED] = "unlinked",
	[STORE_CONTENTS] = "contents",
};

/* A question for people as structs, until it is answered. */
struct store_wrap {
	LIST_ENTRY(store_wrap)	 link;
	store_people_fn		*fn;
	void			*arg;
};

const char *
store_panel_name(enum store_panel panel)
{
	return names[panel];
}

bool
store_panel_of(const char *name, enum store_panel *panel)
{
	for (int i = 0; i < STORE_PANELS; i++)
		if (str_eq(names[i], name)) {
			*panel = (enum store_panel)i;
			return true;
		}
	return false;
}

void
store_ask(struct store *s, const struct store_question *q, store_answer_fn *fn,
    void *arg)
{
	s->ask(s, q, fn, arg);
}

static int64_t
number(const struct json *j, const char *member)
{
	int64_t v = 0;

	return json_int(j, member, &v) ? v : 0;
}

static struct store_person
person_of(const struct json *j)
{
	struct store_person p = {
		.id = json_str(j, "id"), .name = json_str(j, "name"),
		.activity = number(j, "activity"), .commits = number(j, "commits"),
		.pulls = number(j, "pull_requests"), .reviews = number(j, "reviews"),
		.merged = number(j, "merged"),
	};
	int offset;

	if (!clock_parse_iso(str_or(json_str(j, "last"), ""), &p.last_ms, &offset))
		p.last_ms = 0;
	return p;
}

static void
on_people(void *arg, const struct json *answer, const struct err *err)
{
	struct store_wrap *w = arg;
	const struct json *list = json_get(answer, "people");
	struct store_person *person = xcalloc(json_len(list) + 1, sizeof(*person));
	struct store_people people = { .person = person, .count = json_len(list),
		.people = number(answer, "total"),
		.documents = number(answer, "documents") };

	for (size_t i = 0; i < people.count; i++)
		person[i] = person_of(json_at(list, i));
	LIST_REMOVE(w, link);		/* fn may free the store */
	w->fn(w->arg, answer != NULL ? &people : NULL, err);
	free(person);
	free(w);
}

void
store_people(struct store *s, const struct store_people_query *q,
    store_people_fn *fn, void *arg)
{
	struct store_wrap *w = xcalloc(1, sizeof(*w));

	w->fn = fn;
	w->arg = arg;
	LIST_INSERT_HEAD(&s->wraps, w, link);
	store_ask(s, &(struct store_question){
		.panel = STORE_PEOPLE, .who = STORE_EVERYBODY,
		.from_ms = q->from_ms > STORE_FIRST_MS ? q->from_ms : STORE_FIRST_MS,
		.max = q->max < STORE_MAX_ROWS ? q->max :
		    STORE_MAX_ROWS,
		.to_ms = q->to_ms < STORE_LAST_MS ? q->to_ms : STORE_LAST_MS,
	}, on_people, w);
}

void
store_free(struct store *s)
{
	struct store_wrap *w;

	if (s == NULL)
		return;
	while ((w = LIST_FIRST(&s->wraps)) != NULL) {
		LIST_REMOVE(w, link);
		free(w);
	}
	s->free(s);
}

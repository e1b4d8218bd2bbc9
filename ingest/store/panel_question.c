/* SPDX-License-Identifier: Apache-2.0 */
/* panel_question.c - a question: what is wrong with it, and a copy of it. */
#include "base/str.h"
#include "store/panel.h"
#include "store/panel_place.h"

#include <errno.h>
#include <string.h>

static const unsigned rows[STORE_PANELS] = {	/* of an answer; 0: it has no list */
	[STORE_PEOPLE] = 100, [STORE_SERIES] = 12, [STORE_REVIEWERS] = 20,
	[STORE_MATRIX] = 15, [STORE_OPEN] = 20, [STORE_NEWCOMERS] = 50,
	[STORE_QUIET] = 50, [STORE_REPOSITORIES] = 100, [STORE_BUS_FACTOR] = 50,
	[STORE_BOTS] = 20, [STORE_RECENT] = 50, [STORE_PERSON] = 20,
	[STORE_SEARCH] = 10, [STORE_UNLINKED] = STORE_MAX_ROWS,
	[STORE_CONTENTS] = STORE_MAX_ROWS,
};

static size_t
most(enum store_panel panel)
{
	return panel == STORE_RECENT ? 200 : STORE_MAX_ROWS;
}

size_t
panel_max(const struct store_question *q)
{
	return q->max > 0 ? q->max : rows[q->panel];
}

static bool
wrong(struct err *e, const char *what)
{
	return err_set(e, ERR_CONFIG, EINVAL, "%s", what);
}

static bool
text_fits(const char *s)
{
	return s != NULL && strlen(s) <= STORE_MAX_TEXT;
}

static bool
list_fits(const struct store_list *l)
{
	if (l->n > STORE_MAX_LIST)
		return false;
	for (size_t i = 0; i < l->n; i++)
		if (!text_fits(l->s[i]))
			return false;
	return true;
}

static bool
over_time(enum store_panel panel)
{
	return panel == STORE_ACTIVITY || panel == STORE_SERIES || panel == STORE_FLOW ||
	    panel == STORE_LATENCY || panel == STORE_BOTS;
}

static bool
edges_fit(const struct store_question *q)
{
	if (q->edge_count < 2 || q->edge_count > STORE_MAX_EDGES ||
	    q->edges[0] != q->from_ms || q->edges[q->edge_count - 1] != q->to_ms)
		return false;
	for (size_t i = 1; i < q->edge_count; i++)
		if (q->edges[i] <= q->edges[i - 1])
			return false;
	return true;
}

static bool
place_fits(const struct store_question *q)
{
	char id[STORE_MAX_TEXT];
	struct panel_place at;
	int64_t ms;
	bool good;

	if (q->after == NULL)
		return true;
	if (q->panel == STORE_RECENT)
		return panel_place(q->after, &ms, id);
	good = q->panel == STORE_PEOPLE && place_read(q, &at);
	if (good)
		place_fini(&at);
	return good;
}

bool
store_check(const struct store_question *q, struct err *e)
{
	if ((unsigned)q->panel >= STORE_PANELS || (unsigned)q->sort >= STORE_SORTS ||
	    (unsigned)q->who > STORE_EVERYBODY)
		return wrong(e, "there is no such panel or order");
	if (q->from_ms > q->to_ms)
		return wrong(e, "the period ends before it begins");
	if (q->from_ms < STORE_FIRST_MS || q->to_ms > STORE_LAST_MS)
		return wrong(e, "the period is not within the years 1 to 9999");
	if (!list_fits(&q->orgs) || !list_fits(&q->repos) || !list_fits(&q->people) ||
	    !list_fits(&q->kinds))
		return wrong(e, "a list has more than 50 entries, or one of more than "
		    "256 bytes");
	if (over_time(q->panel) && !edges_fit(q))
		return wrong(e, "the period is not in 1 to 1000 parts, in order");
	if (q->max > most(q->panel))
		return err_set(e, ERR_CONFIG, EINVAL, "at most %zu rows can be asked for",
		    most(q->panel));
	if (q->panel == STORE_PERSON && q->people.n != 1)
		return wrong(e, "one person is asked for");
	if (q->panel == STORE_SEARCH && !text_fits(q->text))
		return wrong(e, "a text of at most 256 bytes is searched for");
	if (!place_fits(q))
		return wrong(e, "that is no place in this order: ask from the top");
	return true;
}

/* How the copy is laid out: the question, its arrays, then all texts. */
struct layout {
	size_t	 arrays, texts;
};

static void
measure(struct layout *l, const struct store_list *list)
{
	l->arrays += list->n * sizeof(*list->s);
	for (size_t i = 0; i < list->n; i++)
		l->texts += strlen(list->s[i]) + 1;
}

static const char *
copy_text(char **to, const char *s)
{
	size_t n = s != NULL ? strlen(s) + 1 : 0;
	char *at = *to;

	if (s == NULL)
		return NULL;
	memcpy(at, s, n);
	*to += n;
	return at;
}

static void
copy_list(struct store_list *list, const char ***at, char **texts)
{
	const char **copy = *at;

	for (size_t i = 0; i < list->n; i++)
		copy[i] = copy_text(texts, list->s[i]);
	*at += list->n;
	list->s = copy;
}

struct store_question *
panel_question_copy(const struct store_question *q)
{
	struct store_list *lists[4];
	struct layout l = { 0 };
	struct store_question *copy;
	int64_t *edges;
	const char **at;
	char *texts;

	measure(&l, &q->orgs);
	measure(&l, &q->repos);
	measure(&l, &q->people);
	measure(&l, &q->kinds);
	l.arrays += q->edge_count * sizeof(*q->edges);
	l.texts += q->after != NULL ? strlen(q->after) + 1 : 0;
	l.texts += q->text != NULL ? strlen(q->text) + 1 : 0;
	copy = xcalloc(1, sizeof(*copy) + l.arrays + l.texts);
	*copy = *q;
	edges = (int64_t *)(void *)(copy + 1);
	if (q->edge_count > 0)
		memcpy(edges, q->edges, q->edge_count * sizeof(*edges));
	copy->edges = edges;
	at = (const char **)(void *)(edges + q->edge_count);
	texts = (char *)(copy + 1) + l.arrays;
	lists[0] = &copy->orgs;
	lists[1] = &copy->repos;
	lists[2] = &copy->people;
	lists[3] = &copy->kinds;
	for (size_t i = 0; i < LEN(lists); i++)
		copy_list(lists[i], &at, &texts);
	copy->after = copy_text(&texts, q->after);
	copy->text = copy_text(&texts, q->text);
	return copy;
}

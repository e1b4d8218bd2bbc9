/* SPDX-License-Identifier: Apache-2.0 */
/* panel_lists.c - see panel.h: repositories, documents, and what is searched for. */
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "store/panel_json.h"
#include "store/panel_place.h"

#include <stdlib.h>
#include <string.h>

#define TOP	10	/* people of a repository, named */

struct json *
answer_repositories(const struct store_question *q, struct panel *p)
{
	static const struct panel_member members[] = {
		{ "activity", COL_ACTIVITY }, { "people", COL_PEOPLE },
		{ "commits", COL_COMMITS }, { "pull_requests", COL_PULLS },
		{ "merged", COL_MERGED }, { "reviews", COL_REVIEWS },
		{ "issues", COL_ISSUES }, { "open", COL_OPEN },
		{ "additions", COL_ADDITIONS }, { "deletions", COL_DELETIONS },
		{ "last", COL_LAST }, { NULL, 0 },
	};
	struct json *j = json_new_object(), *list;
	double median;

	panel_sort(&p->rows, COL_ACTIVITY, false);
	list = panel_list(&p->rows, panel_max(q), members);
	for (size_t i = 0; i < json_len(list); i++) {
		const struct panel_hours *h = p->rows.row[i].hours;

		median = h != NULL ? panel_percentile(h, 0.5) : -1;
		if (median >= 0)
			json_set(json_at(list, i), "merge_median",
			    json_new_double(median));
	}
	json_set(j, "repositories", list);
	json_set_int(j, "total", (int64_t)p->rows.n);
	return j;
}

/* What the people of one repository add up to, most commits first. */
struct factor {
	const struct panel_row	*repo;
	int64_t			 sum, people, factor;
	struct json		*top;
};

static void
factor_add(struct factor *f, const struct panel_row *pair, const char *credit_id)
{
	static const struct panel_member commits[] = {
		{ "commits", COL_COMMITS }, { NULL, 0 },
	};
	struct json *j;

	f->people++;
	if (2 * f->sum >= f->repo->n[COL_COMMITS])
		return;
	f->sum += pair->n[COL_COMMITS];
	f->factor++;
	if (f->factor > TOP)
		return;
	j = json_new_object();
	json_set_str(j, "id", credit_id);
	json_set_str(j, "name", str_or(pair->name, credit_id));
	panel_members(j, pair, commits);
	json_push(f->top, j);
}

/* A pair's id is "REPO_ID CREDIT_ID". */
static void
factors_fill(struct map *by_repo, const struct panel_rows *pairs)
{
	for (size_t i = 0; i < pairs->n; i++) {
		const struct panel_row *pair = &pairs->row[i];
		const char *space = strchr(pair->id, ' ');
		char *repo = space != NULL ? xstrndup(pair->id,
		    (size_t)(space - pair->id)) : NULL;
		struct factor *f = repo != NULL ? map_get(by_repo, repo) : NULL;

		free(repo);
		if (f != NULL)
			factor_add(f, pair, space + 1);
	}
}

struct json *
answer_bus_factor(const struct store_question *q, struct panel *p)
{
	struct json *j = json_new_object(), *list = json_new_array(), *r;
	size_t n = panel_max(q) < p->rows.n ? panel_max(q) : p->rows.n;
	struct factor *factors = xcalloc(n + 1, sizeof(*factors));
	struct map *by_repo = map_new();

	panel_sort(&p->rows, COL_COMMITS, false);
	panel_sort(&p->more, COL_COMMITS, false);
	for (size_t i = 0; i < n; i++) {
		factors[i] = (struct factor){ .repo = &p->rows.row[i],
			.top = json_new_array() };
		map_set(by_repo, p->rows.row[i].id, &factors[i]);
	}
	factors_fill(by_repo, &p->more);
	for (size_t i = 0; i < n; i++) {
		r = json_new_object();
		panel_id_name(r, factors[i].repo);
		json_set_int(r, "commits", factors[i].repo->n[COL_COMMITS]);
		json_set_int(r, "people", factors[i].people);
		json_set_int(r, "factor", factors[i].factor);
		json_set(r, "top", factors[i].top);
		json_push(list, r);
	}
	json_set(j, "repositories", list);
	json_set_int(j, "total", (int64_t)p->rows.n);
	map_free(by_repo);
	free(factors);
	return j;
}

/* The documents, as many as are wanted. */
static struct json *
documents(const struct store_question *q, struct panel *p)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < json_len(p->documents) && i < panel_max(q); i++)
		json_push(list, json_copy(json_at(p->documents, i)));
	return list;
}

struct json *
answer_open(const struct store_question *q, struct panel *p)
{
	struct json *j = json_new_object();

	json_set(j, "pull_requests", documents(q, p));
	json_set_int(j, "total", p->document_count);
	return j;
}

struct json *
answer_recent(const struct store_question *q, struct panel *p)
{
	struct json *j = json_new_object(), *list = documents(q, p);
	const struct json *last = json_at(list, json_len(list) - 1);
	bool further = p->further || json_len(list) < json_len(p->documents);
	char *next = NULL;
	int64_t ms;
	int offset;

	if (further && clock_parse_iso(str_or(json_str(last, "time"), ""), &ms, &offset))
		next = place_of_document(ms, str_or(json_str(last, "id"), ""));
	json_set(j, "documents", list);
	json_set_str(j, "next", next);
	free(next);
	return j;
}

struct json *
answer_search(const struct store_question *q, struct panel *p)
{
	static const struct panel_member none[] = { { NULL, 0 } };
	struct json *j = json_new_object();

	panel_sort_names(&p->rows);
	panel_sort_names(&p->more);
	json_set(j, "people", panel_list(&p->rows, panel_max(q), none));
	json_set(j, "repositories", panel_list(&p->more, panel_max(q), none));
	return j;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* cover.c - see cover.h. */
#include "web/cover.h"
#include "base/map.h"
#include "state/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* What is known of one repository. */
struct mark {
	bool	met[2];		/* its commits, its pulls */
	bool	reading, parked;
};

struct looking {
	struct cover	*cover;
	struct map	*marks;		/* by id */
	int64_t		 from_ms;
};

static struct mark *
mark_of(struct looking *k, int64_t repo_id)
{
	char id[24];

	snprintf(id, sizeof(id), "%" PRId64, repo_id);
	return map_get(k->marks, id);
}

static void
on_repo(void *arg, const struct repo_row *r)
{
	struct looking *k = arg;
	struct mark *m;
	char id[24];

	if (r->state != REPO_FOLLOWED && r->state != REPO_PARKED)
		return;
	m = xcalloc(1, sizeof(*m));
	m->parked = r->state == REPO_PARKED;
	snprintf(id, sizeof(id), "%" PRId64, r->id);
	map_set(k->marks, id, m);
	k->cover->repos++;
}

static void
on_stream(void *arg, const struct stream_row *r)
{
	struct looking *k = arg;
	struct mark *m = mark_of(k, r->repo_id);

	if (m == NULL || (r->kind != STREAM_COMMITS && r->kind != STREAM_PULLS))
		return;
	m->met[r->kind == STREAM_PULLS] = r->cursor != NULL;
	m->parked = m->parked || r->parked != NULL;
	if (r->cursor != NULL && r->since_ms > k->from_ms &&
	    r->since_ms > k->cover->since_ms)
		k->cover->since_ms = r->since_ms;
}

/* A gap of single keys may be of any time. */
static void
on_gap(void *arg, const struct gap_row *g)
{
	struct looking *k = arg;
	struct mark *m = mark_of(k, g->repo_id);

	if (m == NULL || (g->kind != STREAM_COMMITS && g->kind != STREAM_PULLS))
		return;
	if (g->keys == NULL && g->to_ms <= k->from_ms)
		return;
	if (g->parked != NULL)
		m->parked = true;
	else
		m->reading = true;
}

void
cover_look(struct state *s, int64_t from_ms, struct cover *c)
{
	struct looking k = { .cover = c, .from_ms = from_ms };
	const char *id;
	void *value;

	*c = (struct cover){ 0 };
	k.marks = map_new();
	state_repos(s, on_repo, &k);
	state_streams(s, on_stream, &k);
	state_gaps(s, on_gap, &k);
	for (size_t i = 0; map_each(k.marks, &i, &id, &value);) {
		struct mark *m = value;

		if (m->parked)
			c->parked++;
		else if (m->reading || !m->met[0] || !m->met[1])
			c->reading++;
		free(m);
	}
	map_free(k.marks);
}

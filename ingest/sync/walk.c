/* SPDX-License-Identifier: Apache-2.0 */
/* walk.c - see walk.h. */
#include "sync/walk.h"
#include "base/map.h"
#include "base/str.h"

#include <stdlib.h>

struct commit {
	char		*sha;
	char		**parent;
	size_t		 parents;
	bool		 open;		/* it has more parents than were listed */
	struct json	*node;		/* with all fields, or NULL */
	unsigned	 round;		/* the walk_close that reached it last */
};

struct walk {
	char		 target[SHA_SIZE];
	struct map	*commits;	/* by SHA */
	struct map	*met;		/* known ones the walk ran into */
	struct commit	**reached;
	size_t		 count, cap;
	unsigned	 round;
};

struct walk *
walk_new(const char *target)
{
	struct walk *w = xcalloc(1, sizeof(*w));

	str_copy(w->target, sizeof(w->target), target);
	w->commits = map_new();
	w->met = map_new();
	return w;
}

void
walk_free(struct walk *w)
{
	const char *key;
	void *value;

	if (w == NULL)
		return;
	for (size_t i = 0; map_each(w->commits, &i, &key, &value);) {
		struct commit *c = value;

		for (size_t p = 0; p < c->parents; p++)
			free(c->parent[p]);
		free(c->parent);
		json_free(c->node);
		free(c->sha);
		free(c);
	}
	map_free(w->commits);
	map_free(w->met);
	free(w->reached);
	free(w);
}

void
walk_add(struct walk *w, const struct json *node, bool full)
{
	const struct json *links = json_get(node, "links.nodes");
	const char *sha = json_str(node, "oid"), *parent;
	struct commit *c;
	int64_t total;

	if (sha == NULL || map_get(w->commits, sha) != NULL)
		return;
	c = xcalloc(1, sizeof(*c));
	c->sha = xstrdup(sha);
	c->parent = xcalloc(json_len(links) + 1, sizeof(char *));
	for (size_t i = 0; i < json_len(links); i++)
		if ((parent = json_str(json_at(links, i), "oid")) != NULL)
			c->parent[c->parents++] = xstrdup(parent);
	c->open = json_int(node, "links.totalCount", &total) &&
	    total > (int64_t)c->parents;
	if (full)
		c->node = json_copy(node);
	map_set(w->commits, sha, c);
}

static void
reach(struct walk *w, struct commit *c)
{
	if (w->count == w->cap) {
		w->cap = w->cap > 0 ? w->cap * 2 : 64;
		w->reached = xrealloc(w->reached, w->cap * sizeof(struct commit *));
	}
	c->round = w->round;
	w->reached[w->count++] = c;
}

/* One step to a SHA: known, reached, or not there yet (false). */
static bool
step_to(struct walk *w, const char *sha, walk_known_fn *known, void *arg)
{
	struct commit *c = map_get(w->commits, sha);

	if (c != NULL && c->round == w->round)
		return true;
	if (known(arg, sha)) {
		map_set(w->met, sha, w);
		return true;
	}
	if (c == NULL)
		return false;
	reach(w, c);
	return true;
}

bool
walk_close(struct walk *w, walk_known_fn *known, void *arg)
{
	bool closed;

	w->round++;
	w->count = 0;
	closed = step_to(w, w->target, known, arg);
	for (size_t i = 0; i < w->count; i++) {
		closed = closed && !w->reached[i]->open;
		for (size_t p = 0; p < w->reached[i]->parents; p++)
			if (!step_to(w, w->reached[i]->parent[p], known, arg))
				closed = false;
	}
	return closed;
}

size_t
walk_count(const struct walk *w)
{
	return w->count;
}

const char *
walk_sha(const struct walk *w, size_t i)
{
	return w->reached[i]->sha;
}

const struct json *
walk_node(const struct walk *w, size_t i)
{
	return w->reached[i]->node;
}

bool
walk_met(const struct walk *w, const char *sha)
{
	return map_get(w->met, sha) != NULL;
}

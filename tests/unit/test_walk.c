/* SPDX-License-Identifier: Apache-2.0 */
/* The closed walk: which commits between a target and what is known are new. */
#include "sync/walk.h"
#include "base/str.h"
#include "tap.h"

#include <stdlib.h>

/* "c:b,a" is commit c with the parents b and a; "c:b,..." has one that is not listed. */
static void
add(struct walk *w, const char *line)
{
	struct json *node = json_new_object(), *links = json_new_array(), *link;
	char text[64], *sha = text, *rest, *parent;
	int64_t total = 0;

	str_copy(text, sizeof(text), line);
	rest = strchr(text, ':');
	*rest++ = '\0';
	json_set_str(node, "oid", sha);
	while ((parent = strsep(&rest, ",")) != NULL) {
		if (*parent == '\0')
			continue;
		total++;
		if (str_eq(parent, "..."))
			continue;
		link = json_new_object();
		json_set_str(link, "oid", parent);
		json_push(links, link);
	}
	json_set(node, "links.nodes", links);
	json_set_int(node, "links.totalCount", total);
	walk_add(w, node, true);
	json_free(node);
}

static bool
known(void *arg, const char *sha)
{
	return strchr(arg, sha[0]) != NULL;
}

/* Adds the lines one by one until closed; "abc" in walk order, or "open". */
static const char *
walk(const char *target, const char *know, const char *const *lines, char *out)
{
	struct walk *w = walk_new(target);
	char set[32];
	bool closed = false;
	size_t n;

	str_copy(set, sizeof(set), know);
	for (; *lines != NULL && !closed; lines++) {
		add(w, *lines);
		closed = walk_close(w, known, set);
	}
	for (n = 0; closed && n < walk_count(w); n++)
		out[n] = walk_sha(w, n)[0];
	out[n] = '\0';
	if (closed && walk_met(w, "a"))
		memcpy(out + n, "!", 2);
	walk_free(w);
	return closed ? out : "open";
}

#define WALK(target, know, ...) \
	walk(target, know, (const char *const[]){ __VA_ARGS__, NULL }, out)

int
main(void)
{
	char out[64];

	is_str(WALK("c", "a", "c:b", "b:a"), "cb!", "a straight line to the old head");
	is_str(WALK("a", "a", "a:"), "!", "the target itself is known: nothing is new");
	is_str(WALK("d", "a", "d:c,b", "c:a", "b:a"), "dcb!", "both sides of a merge");
	is_str(WALK("d", "a", "d:c,a", "c:x"), "open", "a side branch that is not closed");
	is_str(WALK("d", "ax", "d:c,a", "c:x"), "dc!", "closed by an older flagged commit");
	is_str(WALK("d", "ax", "d:c", "y:x", "c:x"), "dc",
	    "a commit listed by date but behind a known one does not count");
	is_str(WALK("d", "a", "d:c", "c:b", "b:"), "dcb",
	    "down to a root without meeting the old head");
	is_str(WALK("e", "a", "e:d,c", "d:b", "c:b", "b:a"), "edcb!",
	    "a diamond counts its foot once");
	is_str(WALK("d", "a", "d:a,c,b", "c:a", "b:a"), "dcb!", "a merge of three");
	is_str(WALK("c", "a", "c:a,..."), "open", "a merge whose parents are not all listed");
	return done();
}

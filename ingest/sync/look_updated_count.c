/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_updated_count.c - cursors of pull requests and issues, and whether what a
 * refresh read explains how many there are. A list by updatedAt shows all that
 * happened here, but not what comes with the dates of elsewhere (an import), nor
 * what was hidden and is not any more; and a replica that lags shows less than
 * the census saw.
 */
#include "sync/updated.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAUSE	"more than was read"

char *
updated_cursor_text(const struct updated_cursor *c)
{
	return xasprintf("%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, c->ms,
	    c->number, c->count, c->top);
}

char *
updated_cursor(int64_t updated_ms, int64_t number)
{
	return updated_cursor_text(&(struct updated_cursor){ .ms = updated_ms,
	    .number = number, .count = -1 });
}

bool
updated_cursor_parse(const char *cursor, struct updated_cursor *c)
{
	*c = (struct updated_cursor){ .count = -1 };
	return cursor != NULL && sscanf(cursor, "%" SCNd64 " %" SCNd64 " %" SCNd64
	    " %" SCNd64, &c->ms, &c->number, &c->count, &c->top) >= 2;
}

bool
updated_cursor_ms(const char *cursor, int64_t *updated_ms)
{
	struct updated_cursor c;
	bool good = updated_cursor_parse(cursor, &c);

	*updated_ms = c.ms;
	return good;
}

/* All that is covered is read again, unless that is about to happen anyway. */
static void
read_again(struct updated *u, int64_t n)
{
	struct look *l = &u->l;
	struct stream *s = l->stream;
	struct gap *g;

	log_info("github: %s: %" PRId64 " %ss more than the list showed: what is "
	    "covered is read again", l->repo->name, n, u->pulls ? "pull request" :
	    "issue");
	for (g = engine_gap_of(l->engine, l->repo, s->kind, NULL); g != NULL;
	    g = engine_gap_of(l->engine, l->repo, s->kind, g))
		if (str_eq(g->cause, CAUSE) && g->page == NULL)
			return;
	if (s->since_ms < u->floor_ms)
		engine_open_gap(l->engine, l->repo, s->kind, CAUSE, s->since_ms,
		    u->floor_ms, NULL);
}

/*
 * The count and the list are of one answer, so a replica that lags explains
 * itself; what it takes away has to be missing twice. Where more than a page was
 * new nobody counts.
 */
void
updated_account(struct updated *u, struct updated_cursor *c)
{
	struct stream *s = u->l.stream;
	bool whole = u->reached || u->after == NULL;
	int64_t grown = u->count - c->count;

	if (u->count < 0)
		return;
	if (c->count >= 0 && grown < 0 && !s->fewer) {
		s->fewer = true;
		return;
	}
	s->fewer = false;
	if (c->count >= 0 && whole && grown > u->fresh)
		read_again(u, grown - u->fresh);
	c->count = u->count;
	if (u->top > c->top)
		c->top = u->top;
}

/* Did the census that led here see what this list does not show yet? */
bool
updated_is_behind(const struct updated *u)
{
	int64_t ms, number, count;
	char at[32];

	return u->l.seen != NULL && sscanf(u->l.seen, "%31s %" SCNd64 " %" SCNd64, at,
	    &number, &count) == 3 && (count > u->count ||
	    (clock_parse_iso(at, &ms, NULL) && ms > u->newest_ms));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * census_lack.c - a token that may not read pull requests, issues or contents.
 * For want of the first two GitHub refuses each repository whose newest one the
 * census asks for: it goes on without them, and asks for all again every hour.
 */
#include "sync/census.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#define AGAIN_MS	(3600 * 1000)

/* What can be left out, and the streams that live on a part. */
static const struct {
	const char		*fragment;
	enum stream_kind	 stream[2];
} parts[CENSUS_PARTS] = {
	[CENSUS_PULLS] = { "censusPulls", { STREAM_PULLS, STREAM_COMMENTS } },
	[CENSUS_ISSUES] = { "censusIssues", { STREAM_ISSUES, STREAM_COMMENTS } },
	[CENSUS_BRANCH] = { NULL, { STREAM_COMMITS, STREAM_COMMITS } },
	[CENSUS_RELEASES] = { NULL, { STREAM_RELEASES, STREAM_RELEASES } },
	[CENSUS_LATEST] = { NULL, { STREAM_RELEASES, STREAM_RELEASES } },
};

void
census_fields(const struct census *c, struct buf *b)
{
	buf_puts(b, "{...census");
	for (size_t i = 0; i < LEN(parts); i++)
		if (parts[i].fragment != NULL && !c->without[i])
			buf_printf(b, " ...%s", parts[i].fragment);
	buf_puts(b, "}");
}

void
census_lack_begin(struct census *c)
{
	for (size_t i = 0; i < LEN(parts); i++) {
		c->lacked[i] = c->lacks[i];
		if (clock_mono_ms() >= c->without_ms)
			c->without[i] = false;
		c->lacks[i] = c->without[i];
	}
}

bool
census_lack_page(struct census *c)
{
	const char *message;
	bool again = false;

	for (size_t i = 0; i < LEN(parts); i++) {
		if (c->lacks[i] || !census_lacks(c->answer.errors, (enum census_part)i,
		    &message))
			continue;
		c->lacks[i] = true;
		str_copy(c->refusal, sizeof(c->refusal), message);
		if (parts[i].fragment == NULL)
			continue;
		c->without[i] = again = true;
		c->without_ms = clock_mono_ms() + AGAIN_MS;
	}
	return again;
}

/* The token lacks something else than before. */
static void
tell(const struct census *c)
{
	struct engine *e = c->owner->engine;
	struct buf b = BUF(1024);
	const char *before = "", *name;

	buf_printf(&b, "GitHub keeps something of %.100s from this token: %.200s (the "
	    "token needs: ", str_or(c->owner->login, "the repositories named"),
	    c->refusal);
	for (size_t i = 0; i < LEN(parts); i++) {
		name = census_permission((enum census_part)i);
		if (!c->lacks[i] || str_eq(name, before))
			continue;
		buf_printf(&b, "%s%s=read", *before != '\0' ? ", " : "", name);
		before = name;
	}
	buf_puts(&b, ")");
	engine_error(e, buf_str(&b));
	if (!engine_lacks(e, c->owner, buf_str(&b)))
		log_warn("github: %s", buf_str(&b));
	buf_fini(&b);
}

/* What was refused is asked for at once, not when its next try would be. */
static void
try_again(struct engine *e, struct repo *r, enum stream_kind kind)
{
	struct gap *g;

	if (r->stream[kind].next_ms > 0) {
		r->stream[kind].next_ms = 0;
		engine_save_stream(e, &r->stream[kind]);
	}
	for (g = engine_gap_of(e, r, kind, NULL); g != NULL;
	    g = engine_gap_of(e, r, kind, g)) {
		if (str_eq(g->cause, "parked"))
			continue;
		g->fails = g->next_ms = 0;
		str_set(&g->parked, NULL);
		engine_save_gap(e, g);
	}
}

static void
granted(struct census *c, size_t part)
{
	struct engine *e = c->owner->engine;
	struct repo *r;

	TAILQ_FOREACH(r, &e->repos, link)
		for (size_t k = 0; r->round == c->round && k < 2; k++)
			try_again(e, r, parts[part].stream[k]);
}

void
census_lack_end(struct census *c)
{
	bool some = false, more = false, less = false;
	const char *name, *before = "";

	for (size_t i = 0; i < LEN(parts); i++) {
		if (!c->whole)		/* what was not asked for lacks still */
			c->lacks[i] |= c->lacked[i];
		some |= c->lacks[i];
		more |= c->lacks[i] && !c->lacked[i];
		if (!c->lacked[i] || c->lacks[i])
			continue;
		less = true;
		name = census_permission((enum census_part)i);
		if (!str_eq(name, before))
			log_info("github: the token may read %s of %s now", name,
			    str_or(c->owner->login, "the repositories named"));
		before = name;
		granted(c, i);
	}
	if (some && (more || less))
		tell(c);
	else if (less)
		engine_lacks(c->owner->engine, c->owner, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* look.c - see look.h: what looks ask for and hand over. Their ends: look_end.c. */
#include "sync/inside.h"
#include "base/clock.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_FIRST	5
#define PAGE_MAX	100
#define MAX_PART	(200u << 10)
#define QUICK_MS	2500		/* twice as much would still take 5 s */

static enum lane
lane_of(const struct look *l)
{
	return l->gap == NULL ? LANE_LIVE : LANE_GAP;
}

static enum look_verdict
verdict_for_look(enum verdict v)
{
	switch (v) {
	case VERDICT_OK:
		return LOOK_OK;
	case VERDICT_PARTIAL:
		return LOOK_PARTIAL;
	case VERDICT_TOO_HEAVY:
	case VERDICT_TROUBLE:	/* of this request alone, again and again */
		return LOOK_TOO_HEAVY;
	case VERDICT_GONE:
		return LOOK_GONE;
	case VERDICT_FORBIDDEN:
		return LOOK_FORBIDDEN;
	case VERDICT_EMPTY:
		return LOOK_EMPTY;
	case VERDICT_END:
		return LOOK_END;
	case VERDICT_SAME:
	case VERDICT_MOVED:
	case VERDICT_BAD_TOKEN:
	case VERDICT_LIMIT:
	case VERDICT_SECONDARY:
	case VERDICT_GARBAGE:
		break;
	}
	return LOOK_GARBAGE;
}

/* What a token must be granted to read a stream, as GitHub calls it. */
static const char *
permission(enum stream_kind kind)
{
	switch (kind) {
	case STREAM_PULLS:
		return "pull_requests";
	case STREAM_ISSUES:
		return "issues";
	case STREAM_COMMENTS:
		return "issues=read,pull_requests";
	case STREAM_COMMITS:
	case STREAM_RELEASES:
	case STREAM_KINDS:
		break;
	}
	return "contents";
}

/*
 * Is what a part asks of a repository refused? Not the repository itself, and not
 * some detail of an item of a list.
 */
static bool
is_refused(const struct json *error)
{
	const struct json *path = json_get(error, "path");
	int64_t index;

	if (json_len(path) < 2)
		return false;
	for (size_t i = 0; i < json_len(path); i++)
		if (json_value_int(json_at(path, i), &index))
			return false;
	return limits_error(error) == VERDICT_FORBIDDEN;
}

static void
forget_answer(struct look *l)
{
	json_free(l->answer);
	json_free(l->errors);
	l->answer = l->errors = NULL;
	l->next[0] = l->why[0] = '\0';
}

/* Names change, and time goes on, while a look waits. */
static void
refresh_normal(struct look *l)
{
	l->normal.repo = l->repo->name;
	l->normal.org = l->repo->org_id != 0 ? l->repo->org : NULL;
	l->normal.org_id = l->repo->org_id;
	l->normal.now_ms = client_now_ms(l->engine->client);
}

static enum flow_next
look_orphaned(struct flow *f)
{
	return flow_end(f);
}

static void
wake(struct look *l)
{
	refresh_normal(l);
	if (l->in->of_gap && l->gap == NULL)
		flow_park(&l->flow, STEP(look_orphaned));
	flow_wake(&l->flow);
}

static void
on_part(void *arg, struct part_answer *a)
{
	struct look *l = arg;

	l->in->part = NULL;
	l->in->took_ms = a->took_ms;
	l->verdict = verdict_for_look(a->verdict);
	l->answer = a->value;
	l->errors = a->errors;
	a->value = a->errors = NULL;
	l->date_ms = a->date_ms;
	str_copy(l->why, sizeof(l->why), a->why);
	for (size_t i = 0; i < json_len(l->errors); i++) {
		if (!is_refused(json_at(l->errors, i)))
			continue;
		l->verdict = LOOK_FORBIDDEN;
		snprintf(l->why, sizeof(l->why), "%.180s (the token needs: %s=read)",
		    str_or(json_str(json_at(l->errors, i), "message"), a->why),
		    permission(l->stream->kind));
		break;
	}
	wake(l);
}

enum flow_next
look_graphql(struct look *l, const struct buf *part, unsigned weight,
    flow_step_fn *step, const char *name)
{
	forget_answer(l);
	if (l->engine->stopping)
		return look_again(l, 0);
	if (part->failed || part->len > MAX_PART) {
		l->verdict = LOOK_GARBAGE;	/* GitHub gave an id without end */
		str_copy(l->why, sizeof(l->why), "the question is too long");
		return look_yield(l, step, name);
	}
	l->in->part = pack_ask(l->engine->pack, lane_of(l), part, weight, on_part, l);
	return flow_park(&l->flow, step, name);
}

static void
on_rest(void *arg, struct answer *a)
{
	struct look *l = arg;

	l->in->request = NULL;
	l->in->took_ms = a->took_ms;
	l->verdict = verdict_for_look(a->verdict);
	l->answer = a->body;
	a->body = NULL;
	l->date_ms = a->date_ms;
	str_copy(l->next, sizeof(l->next), a->next);
	str_copy(l->why, sizeof(l->why), a->why);
	wake(l);
}

enum flow_next
look_rest(struct look *l, const char *url, flow_step_fn *step, const char *name)
{
	char *path = xstrdup(url);	/* it may be l->next */

	forget_answer(l);
	if (l->engine->stopping) {
		free(path);
		return look_again(l, 0);
	}
	l->in->request = client_rest(l->engine->client, lane_of(l), path, NULL,
	    on_rest, l);
	free(path);
	return flow_park(&l->flow, step, name);
}

static void
on_settled(struct origin *o)
{
	struct look_inside *in = container_of(o, struct look_inside, origin);

	in->held = false;
	wake(in->look);
}

enum flow_next
look_emit(struct look *l, struct docs *docs, flow_step_fn *step, const char *name)
{
	if (docs->count == 0) {
		docs_fini(docs);
		return look_yield(l, step, name);
	}
	l->in->held = true;
	l->in->origin.settled = on_settled;
	flow_park(&l->flow, step, name);
	host_emit(l->engine->host, docs, &l->in->origin);
	return FLOW_WAIT;
}

static void
on_found(void *arg, struct docs *docs)
{
	struct look *l = arg;

	l->found = *docs;
	*docs = (struct docs){ 0 };
	l->in->held = false;
	wake(l);
}

enum flow_next
look_flagged(struct look *l, int64_t look_s, size_t max, flow_step_fn *step,
    const char *name)
{
	docs_fini(&l->found);
	l->in->held = true;
	flow_park(&l->flow, step, name);
	host_flagged(l->engine->host, l->repo->id, normal_version(true, look_s), max,
	    on_found, l);
	return FLOW_WAIT;
}

enum flow_next
look_yield(struct look *l, flow_step_fn *step, const char *name)
{
	return flow_sleep(&l->flow, 0, step, name);
}

unsigned
look_page(const struct look *l, unsigned max)
{
	int64_t n = l->repo->page_size > 0 ? l->repo->page_size : PAGE_FIRST;

	return n < max ? (unsigned)n : max;
}

bool
look_smaller(struct look *l)
{
	int64_t n = look_page(l, PAGE_MAX);

	if (n <= 1)
		return false;
	l->repo->page_size = n / 2;
	engine_save_repo(l->engine, l->repo);
	return true;
}

void
look_larger(struct look *l)
{
	int64_t n = look_page(l, PAGE_MAX);

	if (l->in->took_ms > QUICK_MS || n >= PAGE_MAX)
		return;
	l->repo->page_size = n * 2 < PAGE_MAX ? n * 2 : PAGE_MAX;
	engine_save_repo(l->engine, l->repo);
}

/* Life. */

static void
look_free(struct look *l)
{
	struct engine *e = l->engine;

	if (l->stream->look == l)
		l->stream->look = NULL;
	if (l->gap != NULL)
		l->gap->look = NULL;
	part_cancel(l->in->part);
	request_cancel(l->in->request);
	TAILQ_REMOVE(&e->looks, l->in, link);
	*(l->in->of_gap ? &e->gap_looks : &e->live_looks) -= 1;
	if (l->fini != NULL)
		l->fini(l);
	forget_answer(l);
	docs_fini(&l->found);
	flow_fini(&l->flow);
	free(l->seen);
	free(l->in);
	free(l);
}

static void
on_ended(struct flow *f)
{
	struct look *l = (struct look *)f;
	struct engine *e = l->engine;

	look_free(l);
	engine_kick(e);
}

/*
 * A commit's version is GitHub's clock when the look began, and more than any
 * look at this repository had before.
 */
static int64_t
look_clock(struct engine *e, struct repo *r, enum stream_kind kind)
{
	int64_t s = client_now_ms(e->client) / 1000;

	if (kind != STREAM_COMMITS)
		return s;
	if (s <= r->look_s)
		s = r->look_s + 1;
	r->look_s = s;
	engine_save_repo(e, r);
	return s;
}

void *
look_new(struct engine *e, struct stream *s, struct gap *g, size_t size,
    void (*fini)(struct look *l))
{
	struct look *l = xcalloc(1, size);

	l->engine = e;
	l->repo = s->repo;
	l->stream = s;
	l->gap = g;
	l->wanted = s->wanted;
	str_set(&l->seen, s->seen);
	l->fini = fini;
	l->in = xcalloc(1, sizeof(*l->in));
	l->in->look = l;
	l->in->of_gap = g != NULL;
	l->in->began_ms = client_now_ms(e->client);
	l->normal = (struct normal){ .rules = e->conf.rules, .repo_id = s->repo->id,
	    .keep_email = e->conf.keep_email,
	    .look_s = look_clock(e, s->repo, s->kind) };
	refresh_normal(l);
	s->look = l;
	if (g != NULL)
		g->look = l;
	*(g != NULL ? &e->gap_looks : &e->live_looks) += 1;
	TAILQ_INSERT_TAIL(&e->looks, l->in, link);
	flow_init(&l->flow, e->loop, s->repo->name, on_ended);
	return l;
}

void
look_start(struct look *l, flow_step_fn *step, const char *name)
{
	flow_start(&l->flow, step, name);
}

/* There is nothing to go on with; documents that outputs hold are waited for. */
void
look_orphan(struct look *l)
{
	l->gap->look = NULL;
	l->gap = NULL;
	if (!l->in->held)
		look_free(l);
}

/* Those that wait for GitHub end here, those that wait for outputs go on. */
void
looks_stop(struct engine *e)
{
	struct look_inside *in, *next;

	for (in = TAILQ_FIRST(&e->looks); in != NULL; in = next) {
		next = TAILQ_NEXT(in, link);
		if (!in->held)
			look_free(in->look);
	}
}

void
looks_free(struct engine *e)
{
	struct look_inside *in;

	while ((in = TAILQ_FIRST(&e->looks)) != NULL)
		look_free(in->look);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* live.c - see live.h. */
#include "web/live.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "core/pipeline.h"
#include "data/json.h"
#include "io/httpd.h"
#include "web/api.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define KINDS_MAX	32
#define IDS_MAX		100
#define ID_BYTES	64	/* longer ones are among the others */
#define BEAT_TICKS	60	/* 15 s */
#define RETRY_MS	3000
#define EVENT_MAX	((size_t)48 << 10)

struct live {
	struct pipeline		*pipeline;
	uint64_t		 run;		/* at random */
	int64_t			 number;	/* of the last change */
	bool			 unheard;	/* it was counted, with nobody to tell */
	unsigned		 quiet;		/* ticks without a word */
	struct httpd		*httpd;		/* once somebody came */
	/* since the last change */
	int64_t			 documents;
	struct json		*kinds;
	struct map		*people, *repos;
	bool			 more;
};

static void
add_id(struct live *l, struct map *ids, const char *id)
{
	if (id == NULL || map_get(ids, id) != NULL)
		return;
	if (map_count(ids) < IDS_MAX && strnlen(id, ID_BYTES + 1) <= ID_BYTES)
		map_set(ids, id, l);
	else
		l->more = true;
}

/* No path: what a kind is called comes from outside. */
static void
add_kind(struct live *l, const char *kind)
{
	int64_t n = 0;

	if (strchr(kind, '.') != NULL)
		return;
	if (!json_int(l->kinds, kind, &n) && json_len(l->kinds) >= KINDS_MAX)
		return;
	json_set_int(l->kinds, kind, n + 1);
}

static void
on_stored(void *arg, const struct doc *d)
{
	struct live *l = arg;
	const struct json *credit = json_get(d->body, "hubstash.credit_id");

	if (l->httpd == NULL || httpd_streams(l->httpd) == 0) {
		l->number += !l->unheard;
		l->unheard = true;
		return;
	}
	l->documents++;
	add_kind(l, d->action);
	for (size_t i = 0; i < json_len(credit); i++)
		add_id(l, l->people, json_text(json_at(credit, i)));
	add_id(l, l->repos, json_str(d->body, "github.repo_id"));
}

static void
clear(struct live *l)
{
	json_free(l->kinds);
	map_free(l->people);
	map_free(l->repos);
	l->kinds = json_new_object();
	l->people = map_new();
	l->repos = map_new();
	l->documents = 0;
	l->more = false;
}

struct live *
live_new(struct pipeline *p)
{
	struct live *l = xcalloc(1, sizeof(*l));

	*l = (struct live){ .pipeline = p };
	if (getrandom(&l->run, sizeof(l->run), 0) != sizeof(l->run))
		die("no random numbers");
	clear(l);
	if (p != NULL)
		pipeline_watch(p, on_stored, l);
	return l;
}

static void
put_id(const struct live *l, struct buf *out)
{
	buf_printf(out, "id: %" PRIx64 "-%" PRId64 "\n", l->run, l->number);
}

/* Whether that id is of the last change there was. */
static bool
is_last(const struct live *l, const char *id)
{
	char text[64];

	snprintf(text, sizeof(text), "%" PRIx64 "-%" PRId64, l->run, l->number);
	return str_eq(id, text);
}

void
live_open(struct live *l, struct httpd *d, struct httpd_request *r)
{
	const char *name, *value, *last = httpd_last_event(r);
	struct buf first = BUF(EVENT_MAX);
	char text[CLOCK_TEXT];

	if (httpd_param(r, 0, &name, &value)) {
		api_fail(r, 400, str_utf8(name) ? name : "", "there are no parameters "
		    "here");
		return;
	}
	if (httpd_accepts(r, "text/event-stream") == 0) {
		api_fail(r, 406, "", "this is had as text/event-stream");
		return;
	}
	l->httpd = d;
	l->unheard = false;
	buf_printf(&first, "retry: %d\nevent: hello\n", RETRY_MS);
	put_id(l, &first);
	buf_printf(&first, "data: {\"version\":\"%s\",\"now\":\"%s\"}\n\n",
	    HUBSTASH_VERSION, clock_iso(clock_wall_ms(), text));
	if (last != NULL && !is_last(l, last)) {
		buf_puts(&first, "event: reload\n");
		put_id(l, &first);
		buf_puts(&first, "data: {}\n\n");
	}
	httpd_stream(r, "text/event-stream", &first);
}

static void
set_ids(struct json *o, const char *name, const struct map *ids)
{
	struct json *list = json_new_array();
	const char *id;
	void *value;

	for (size_t i = 0; map_each(ids, &i, &id, &value);)
		json_push(list, json_new_string(id));
	json_set(o, name, list);
}

static void
put_change(struct live *l, struct buf *out)
{
	struct json *o = json_new_object();

	json_set_int(o, "documents", l->documents);
	json_set(o, "kinds", json_copy(l->kinds));
	set_ids(o, "people", l->people);
	set_ids(o, "repositories", l->repos);
	if (l->more)
		json_set_bool(o, "more", true);
	buf_puts(out, "event: change\n");
	put_id(l, out);
	buf_puts(out, "data: ");
	json_print(o, out);
	buf_puts(out, "\n\n");
	json_free(o);
}

void
live_tick(struct live *l, struct httpd *d)
{
	struct buf text = BUF(EVENT_MAX);

	if (l->documents > 0) {
		l->number++;
		put_change(l, &text);
		clear(l);
	} else if (++l->quiet >= BEAT_TICKS) {
		buf_puts(&text, ": still here\n\n");
	}
	if (text.len > 0) {
		l->quiet = 0;
		httpd_streams_send(d, buf_str(&text), text.len);
	}
	buf_fini(&text);
}

void
live_free(struct live *l)
{
	if (l == NULL)
		return;
	if (l->pipeline != NULL)
		pipeline_watch(l->pipeline, NULL, NULL);
	json_free(l->kinds);
	map_free(l->people);
	map_free(l->repos);
	free(l);
}

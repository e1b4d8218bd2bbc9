/* SPDX-License-Identifier: Apache-2.0 */
/* doc.c - see doc.h. */
#include "data/doc.h"
#include "base/clock.h"
#include "base/str.h"

#include <stdlib.h>

#define COMPLETE	((int64_t)1 << 48)

struct doc *
doc_new(const char *id, const char *action, int64_t ts_ms)
{
	struct doc *d = xcalloc(1, sizeof(*d));

	d->id = xstrdup(id);
	d->action = xstrdup(action);
	d->ts_ms = ts_ms;
	d->body = json_new_object();
	doc_time(d, "@timestamp", ts_ms);
	doc_str(d, "event.action", action);
	doc_str(d, "event.id", id);
	return d;
}

struct doc *
doc_copy(const struct doc *d)
{
	struct doc *c = xcalloc(1, sizeof(*c));

	*c = *d;
	c->id = xstrdup(d->id);
	c->action = xstrdup(d->action);
	c->body = json_copy(d->body);
	return c;
}

struct doc *
doc_gone(const struct doc *d)
{
	struct doc *c = xcalloc(1, sizeof(*c));

	*c = *d;
	c->id = xstrdup(d->id);
	c->action = xstrdup(d->action);
	c->body = NULL;
	return c;
}

struct doc *
doc_stored(struct json *body, int64_t version)
{
	const char *id = json_str(body, "event.id"), *at = json_str(body, "@timestamp");
	int64_t ts_ms;
	struct doc *d;

	if (id == NULL || at == NULL || !clock_parse_iso(at, &ts_ms, NULL)) {
		json_free(body);
		return NULL;
	}
	d = xcalloc(1, sizeof(*d));
	*d = (struct doc){ .id = xstrdup(id), .version = version, .ts_ms = ts_ms,
	    .action = xstrdup(str_or(json_str(body, "event.action"), "")), .body = body };
	return d;
}

void
doc_free(struct doc *d)
{
	if (d == NULL)
		return;
	free(d->id);
	free(d->action);
	json_free(d->body);
	free(d);
}

void
doc_set_version(struct doc *d, bool complete, int64_t seconds)
{
	d->version = (complete ? COMPLETE : 0) + (seconds > 0 ? seconds : 0);
	doc_int(d, "hubstash.version", d->version);
}

void
doc_str(struct doc *d, const char *path, const char *s)
{
	json_set_str(d->body, path, s);
}

void
doc_text(struct doc *d, const char *path, const char *p, size_t n)
{
	json_set_text(d->body, path, p, n);
}

void
doc_int(struct doc *d, const char *path, int64_t v)
{
	json_set_int(d->body, path, v);
}

void
doc_bool(struct doc *d, const char *path, bool v)
{
	json_set_bool(d->body, path, v);
}

void
doc_time(struct doc *d, const char *path, int64_t ms)
{
	char text[CLOCK_TEXT];

	json_set_str(d->body, path, clock_iso(ms, text));
}

void
docs_add(struct docs *l, struct doc *d)
{
	if (l->count == l->cap) {
		l->cap = l->cap > 0 ? l->cap * 2 : 16;
		l->doc = xrealloc(l->doc, l->cap * sizeof(struct doc *));
	}
	l->doc[l->count++] = d;
}

void
docs_fini(struct docs *l)
{
	for (size_t i = 0; i < l->count; i++)
		doc_free(l->doc[i]);
	free(l->doc);
	*l = (struct docs){ 0 };
}

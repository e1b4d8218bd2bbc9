/* SPDX-License-Identifier: Apache-2.0 */
/* kibana_door.c - see kibana_door.h. One flow; its steps in the order they happen. */
#include "store/kibana_door.h"
#include "base/str.h"
#include "data/json.h"
#include "io/flow.h"
#include "store/es.h"
#include "store/kibana.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_OBJECTS	64
#define MAX_REPLY	((size_t)8 << 20)
#define MAX_BODY	((size_t)4 << 20)
#define TIMEOUT_MS	60000
#define OLDEST_MAJOR	8	/* what the objects are written for, see kibana.c */
#define OLDEST_MINOR	9
#define BOUNDARY	"----hubstash-7f3c2a51d09e48b6"

struct object {
	struct json	*json;		/* ours */
	bool		 missing, same;
};

struct kibana_door {
	struct flow	 flow;		/* first */
	struct kibana_door_conf conf;
	struct http	*http;
	struct json	*answer;	/* of the last reply; NULL: no JSON */
	struct buf	 url, body, words;
	char		*authorization;
	char		*space;		/* "" or "/s/NAME" */
	struct object	 object[MAX_OBJECTS];
	size_t		 count, at, refused;
	struct err	 err;
	bool		 failed;
};

static flow_step_fn door_status, door_status_got, door_space, door_space_got,
    door_look, door_looked, door_import, door_imported, door_remove, door_removed;

static struct kibana_door *
door_of(struct flow *f)
{
	return (struct kibana_door *)f;
}

static const char *
base_of(const struct kibana_door *d)
{
	return d->conf.address->host.base;
}

static enum flow_next
door_ask(struct kibana_door *d, const char *method, const char *type,
    flow_step_fn *step, const char *name)
{
	const char *headers[] = { "kbn-xsrf: hubstash", "Accept: application/json",
	    type, d->authorization, NULL };

	if (type == NULL) {		/* no hole in the list */
		headers[2] = d->authorization;
		headers[3] = NULL;
	}
	return flow_http(&d->flow, d->http, &(struct http_spec){
	    .url = buf_str(&d->url), .method = method, .headers = headers,
	    .body = type != NULL ? d->body.data : NULL,
	    .body_len = type != NULL ? d->body.len : 0, .max_reply = MAX_REPLY,
	    .timeout_ms = TIMEOUT_MS }, step, name);
}

PRINTF(4, 5) static enum flow_next
door_fails(struct kibana_door *d, enum err_kind kind, int code, const char *fmt, ...)
{
	char text[480];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d->failed = true;
	err_set(&d->err, kind, code, "%s", text);
	return flow_end(&d->flow);
}

/* What the other side says, fit for a terminal. */
static const char *
words_of(struct kibana_door *d, const struct json *answer)
{
	buf_clear(&d->words);
	buf_plain(&d->words, str_or(json_str(answer, "message"), ""));
	return buf_str(&d->words);
}

static enum flow_next
door_refused(struct kibana_door *d, const char *doing)
{
	d->failed = true;
	kibana_refused(d->conf.address, &d->flow.reply, words_of(d, d->answer), doing,
	    &d->err);
	return flow_end(&d->flow);
}

/* Reads the answer; true when it is a 200. */
static bool
door_well(struct kibana_door *d)
{
	const struct http_reply *r = &d->flow.reply;
	struct err e;

	json_free(d->answer);
	d->answer = NULL;
	if (r->failure == HTTP_OK && r->body.len > 0)
		d->answer = json_parse(r->body.data, r->body.len, &e);
	return r->failure == HTTP_OK && r->status == 200;
}

static void
door_url(struct kibana_door *d, const char *space, const char *path)
{
	buf_clear(&d->url);
	buf_printf(&d->url, "%s%s%s", base_of(d), space, path);
}

static enum flow_next
door_status(struct flow *f)
{
	struct kibana_door *d = door_of(f);

	door_url(d, "", "/api/status");
	return door_ask(d, "GET", NULL, STEP(door_status_got));
}

/* To whom it does not know, Kibana tells no version, only that it is one. */
static enum flow_next
door_status_got(struct flow *f)
{
	struct kibana_door *d = door_of(f);
	bool well = door_well(d);
	const char *version = json_str(d->answer, "version.number");
	int major = 0, minor = 0;
	char name[256];
	bool kibana = http_header(&f->reply, "kbn-name", name, sizeof(name));

	if (!well && (f->reply.status != 404 || kibana))
		return door_refused(d, "how it is");
	if (json_get(d->answer, "status") == NULL)
		return door_fails(d, ERR_CONFIG, 0, "%.150s answers, but is no Kibana; "
		    "see KIBANA_URL", base_of(d));
	if (version != NULL && sscanf(version, "%d.%d", &major, &minor) == 2 &&
	    (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR)))
		return door_fails(d, ERR_REMOTE, 0, "Kibana %.40s at %.150s is too old: "
		    "the dashboards need %d.%d or later", version, base_of(d),
		    OLDEST_MAJOR, OLDEST_MINOR);
	if (d->conf.address->space != NULL)
		return flow_then(f, STEP(door_space));
	return d->conf.remove ? flow_then(f, STEP(door_remove)) :
	    flow_then(f, STEP(door_look));
}

/* Kibana takes objects into a space that is not there, where nobody sees them. */
static enum flow_next
door_space(struct flow *f)
{
	struct kibana_door *d = door_of(f);

	door_url(d, "", "/api/spaces/space/");
	es_path_add(&d->url, d->conf.address->space);
	return door_ask(d, "GET", NULL, STEP(door_space_got));
}

static enum flow_next
door_space_got(struct flow *f)
{
	struct kibana_door *d = door_of(f);
	bool well = door_well(d);

	if (f->reply.failure == HTTP_OK && f->reply.status == 404)
		return door_fails(d, ERR_CONFIG, 0, "Kibana at %.150s has no space "
		    "\"%.80s\", or does not show it to this user", base_of(d),
		    d->conf.address->space);
	if (!well)
		return door_refused(d, "for the space");
	return d->conf.remove ? flow_then(f, STEP(door_remove)) :
	    flow_then(f, STEP(door_look));
}

/* Exports what is there; those said to be missing are not asked for again. */
static enum flow_next
door_look(struct flow *f)
{
	struct kibana_door *d = door_of(f);
	const char *comma = "";

	buf_clear(&d->body);
	buf_puts(&d->body, "{\"excludeExportDetails\":true,\"objects\":[");
	for (size_t i = 0; i < d->count; i++) {
		if (d->object[i].missing)
			continue;
		buf_printf(&d->body, "%s{\"type\":", comma);
		buf_json(&d->body, json_str(d->object[i].json, "type"));
		buf_puts(&d->body, ",\"id\":");
		buf_json(&d->body, json_str(d->object[i].json, "id"));
		buf_puts(&d->body, "}");
		comma = ",";
	}
	buf_puts(&d->body, "]}");
	if (comma[0] == '\0')
		return flow_then(f, STEP(door_import));
	door_url(d, d->space, "/api/saved_objects/_export");
	return door_ask(d, "POST", "Content-Type: application/json", STEP(door_looked));
}

static bool
is_named(const struct json *a, const struct json *b)
{
	return str_eq(json_str(a, "type"), json_str(b, "type")) &&
	    str_eq(json_str(a, "id"), json_str(b, "id"));
}

static struct object *
object_of(struct kibana_door *d, const struct json *named)
{
	for (size_t i = 0; i < d->count; i++)
		if (is_named(d->object[i].json, named))
			return &d->object[i];
	return NULL;
}

/* The lines of an export. */
static void
door_compare(struct kibana_door *d)
{
	const char *s = buf_str(&d->flow.reply.body);

	while (*s != '\0') {
		size_t n = strcspn(s, "\n");
		struct err e;
		struct json *theirs = n > 0 ? json_parse(s, n, &e) : NULL;
		struct object *o = object_of(d, theirs);

		if (o != NULL)
			o->same = kibana_same(o->json, theirs);
		json_free(theirs);
		s += n + (s[n] == '\n');
	}
}

static enum flow_next
door_looked(struct flow *f)
{
	struct kibana_door *d = door_of(f);
	const struct json *lacks;
	size_t missing = 0;

	if (door_well(d)) {
		door_compare(d);
		return flow_then(f, STEP(door_import));
	}
	lacks = json_get(d->answer, "attributes.objects");
	for (size_t i = 0; i < json_len(lacks); i++) {
		struct object *o = object_of(d, json_at(lacks, i));
		int64_t status = 0;

		json_int(json_at(lacks, i), "error.statusCode", &status);
		if (o != NULL && status == 404 && !o->missing) {
			o->missing = true;
			missing++;
		}
	}
	if (f->reply.failure == HTTP_OK && f->reply.status == 400 && missing > 0)
		return flow_then(f, STEP(door_look));
	return door_refused(d, "to export what is there");
}

static void
tell(struct kibana_door *d, const struct object *o, enum kibana_what what,
    const char *why)
{
	const struct json *j = o->json;

	d->refused += what == KIBANA_REFUSED;
	d->conf.each(d->conf.arg, what, json_str(j, "type"), json_str(j, "id"),
	    str_or(json_str(j, "attributes.name"), str_or(json_str(j,
	    "attributes.title"), "")), why);
}

static enum flow_next
door_import(struct flow *f)
{
	struct kibana_door *d = door_of(f);
	size_t same = 0;

	for (size_t i = 0; i < d->count; i++)
		same += d->object[i].same;
	if (same == d->count) {
		for (size_t i = 0; i < d->count; i++)
			tell(d, &d->object[i], KIBANA_SAME, "");
		return flow_end(f);
	}
	buf_clear(&d->body);
	buf_puts(&d->body, "--" BOUNDARY "\r\nContent-Disposition: form-data; "
	    "name=\"file\"; filename=\"hubstash.ndjson\"\r\n"
	    "Content-Type: application/ndjson\r\n\r\n");
	buf_puts(&d->body, d->conf.objects);
	buf_puts(&d->body, "\r\n--" BOUNDARY "--\r\n");
	door_url(d, d->space, "/api/saved_objects/_import?overwrite=true");
	return door_ask(d, "POST", "Content-Type: multipart/form-data; boundary="
	    BOUNDARY, STEP(door_imported));
}

static const struct json *
named_in(const struct json *list, const struct json *object)
{
	for (size_t i = 0; i < json_len(list); i++)
		if (is_named(json_at(list, i), object))
			return json_at(list, i);
	return NULL;
}

/* The words of core/packages/saved-objects: SavedObjectsImportFailure. */
static const char *
kind_of(const struct json *error)
{
	static const char *const known[] = { "conflict", "ambiguous_conflict",
	    "unsupported_type", "missing_references" };

	for (size_t i = 0; i < LEN(known); i++)
		if (str_eq(json_str(error, "error.type"), known[i]))
			return known[i];
	return "refused";
}

/* One object of the answer to an import. */
static void
door_item(struct kibana_door *d, const struct object *o)
{
	const struct json *error = named_in(json_get(d->answer, "errors"), o->json);
	const struct json *done = named_in(json_get(d->answer, "successResults"),
	    o->json);
	const char *other = json_str(done, "destinationId"), *words;
	char why[256] = "Kibana tells nothing of it";

	if (error != NULL) {
		words = words_of(d, json_get(error, "error"));
		snprintf(why, sizeof(why), "%s%s%.180s", kind_of(error),
		    words[0] != '\0' ? ": " : "", words);
	} else if (other != NULL && !str_eq(other, json_str(o->json, "id"))) {
		snprintf(why, sizeof(why), "another space has this id already: remove "
		    "that one, and the copy that Kibana made here");
	} else if (done != NULL) {
		tell(d, o, o->same ? KIBANA_SAME : o->missing ? KIBANA_MADE :
		    KIBANA_REPLACED, "");
		return;
	}
	tell(d, o, KIBANA_REFUSED, why);
}

static enum flow_next
door_imported(struct flow *f)
{
	struct kibana_door *d = door_of(f);

	if (!door_well(d))
		return door_refused(d, "to import them");
	if (json_get(d->answer, "success") == NULL)
		return door_fails(d, ERR_CONFIG, 0, "%.150s answers, but not as Kibana "
		    "does; see KIBANA_URL", base_of(d));
	for (size_t i = 0; i < d->count; i++)
		door_item(d, &d->object[i]);
	if (d->refused > 0)
		return door_fails(d, ERR_INPUT, 0, "Kibana refused %zu of %zu objects, "
		    "see above; once that is mended, run it again", d->refused, d->count);
	return flow_end(f);
}

/* Backwards: what refers to others goes first. */
static enum flow_next
door_remove(struct flow *f)
{
	struct kibana_door *d = door_of(f);
	const struct json *j;

	if (d->at == d->count && d->refused > 0)
		return door_fails(d, ERR_INPUT, 0, "%zu of %zu objects could not be "
		    "removed, see above", d->refused, d->count);
	if (d->at == d->count)
		return flow_end(f);
	j = d->object[d->count - 1 - d->at].json;
	door_url(d, d->space, "/api/saved_objects/");
	es_path_add(&d->url, json_str(j, "type"));
	buf_puts(&d->url, "/");
	es_path_add(&d->url, json_str(j, "id"));
	return door_ask(d, "DELETE", NULL, STEP(door_removed));
}

static enum flow_next
door_removed(struct flow *f)
{
	struct kibana_door *d = door_of(f);
	bool well = door_well(d);
	struct object *o = &d->object[d->count - 1 - d->at];

	if (well)
		tell(d, o, KIBANA_REMOVED, "");
	else if (f->reply.failure == HTTP_OK && f->reply.status == 404)
		tell(d, o, KIBANA_ABSENT, "");
	else if (f->reply.failure == HTTP_OK && f->reply.status == 400)
		tell(d, o, KIBANA_REFUSED, words_of(d, d->answer));
	else
		return door_refused(d, "to remove them");
	d->at++;
	return flow_then(f, STEP(door_remove));
}

static void
door_ended(struct flow *f)
{
	struct kibana_door *d = door_of(f);

	d->conf.ended(d->conf.arg, d->failed ? &d->err : NULL);
}

static void
read_objects(struct kibana_door *d)
{
	for (const char *s = d->conf.objects; *s != '\0';) {
		size_t n = strcspn(s, "\n");
		struct err e;

		if (d->count == MAX_OBJECTS)
			die("kibana: more than %d objects", MAX_OBJECTS);
		d->object[d->count].json = json_parse(s, n, &e);
		if (d->object[d->count++].json == NULL)
			die("kibana: an object of ours: %s", e.text);
		s += n + (s[n] == '\n');
	}
}

struct kibana_door *
kibana_door_new(struct loop *l, const struct kibana_door_conf *c, struct err *e)
{
	struct kibana_door *d = xcalloc(1, sizeof(*d));
	const struct es_host *h = &c->address->host;
	bool key = str_or(c->api_key, NULL) != NULL;

	flow_init(&d->flow, l, "kibana", door_ended);
	d->conf = *c;
	d->url = BUF(8 << 10);
	d->body = BUF(MAX_BODY);
	d->words = BUF(MAX_REPLY);
	d->space = c->address->space == NULL ? xstrdup("") :
	    xasprintf("/s/%s", c->address->space);
	read_objects(d);
	if (key && !h->tls && !h->loopback)
		err_set(e, ERR_CONFIG, 0, "an API key goes over https only, and %.200s "
		    "is not", h->base);
	else {
		d->authorization = es_authorization(str_or(c->user, h->user),
		    str_or(c->user, NULL) != NULL ? c->password : h->password,
		    c->api_key);
		d->http = http_new(l, &(struct http_conf){ .max_inflight = 1,
		    .ca_file = c->ca_file, .http1 = true, .insecure = c->insecure }, e);
	}
	if (d->http != NULL)
		return d;
	kibana_door_free(d);
	return NULL;
}

void
kibana_door_start(struct kibana_door *d)
{
	flow_start(&d->flow, STEP(door_status));
}

void
kibana_door_free(struct kibana_door *d)
{
	if (d == NULL)
		return;
	flow_fini(&d->flow);
	http_free(d->http);
	json_free(d->answer);
	for (size_t i = 0; i < d->count; i++)
		json_free(d->object[i].json);
	free(d->authorization);
	free(d->space);
	buf_fini(&d->url);
	buf_fini(&d->body);
	buf_fini(&d->words);
	free(d);
}

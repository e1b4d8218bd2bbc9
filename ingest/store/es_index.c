/* SPDX-License-Identifier: Apache-2.0 */
/* es_index.c - see es_index.h. One flow; its steps in the order they happen. */
#include "store/es_index.h"
#include "base/log.h"
#include "base/str.h"
#include "store/es_mapping.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WATCH_MS	60000
#define OLDEST_MAJOR	7	/* Elasticsearch 7.17: templates, no types */
#define OLDEST_MINOR	17

struct es_index {
	struct es_talk		 talk;		/* first */
	struct es_index_conf	 conf;
	char			*name, *template_name, *log_name;
	struct json		*template;	/* with our patterns; or NULL: not ours */
	struct buf		 path, uuid_path, body;
	char			 product[64];	/* "Elasticsearch 8.19.21" */
	char			*uuid, *trouble;
	bool			 ready, template_put, mapping_put;
	bool			 by_writer;	/* the trouble: only a writer ends it */
	enum es_doubt		 doubt;
	unsigned		 tries;
};

static flow_step_fn index_begin, index_product, index_nodes, index_template,
    index_template_put, index_get, index_got, index_created, index_mapped, index_watch,
    index_watched;

static struct es_index *
index_of(struct flow *f)
{
	return (struct es_index *)f;
}

static enum flow_next
index_ask(struct es_index *ix, const char *method, const char *what,
    const struct json *body, flow_step_fn *step, const char *name)
{
	buf_clear(&ix->path);
	buf_puts(&ix->path, what);
	buf_clear(&ix->body);
	if (body != NULL)
		json_print(body, &ix->body);
	return es_ask(&ix->talk, &(struct es_request){ .method = method,
	    .path = buf_str(&ix->path), .body = body != NULL ? ix->body.data : NULL,
	    .body_len = ix->body.len }, step, name);
}

/* of: the index, or its template. */
static enum flow_next
index_ask_of(struct es_index *ix, const char *method, const char *prefix,
    const char *of, const char *suffix, const struct json *body, flow_step_fn *step,
    const char *name)
{
	struct buf path = BUF(4096);
	enum flow_next next;

	buf_puts(&path, prefix);
	es_path_add(&path, of);
	buf_puts(&path, suffix);
	next = index_ask(ix, method, buf_str(&path), body, step, name);
	buf_fini(&path);
	return next;
}

/* The way back to the beginning. */
static enum flow_next
index_again(struct es_index *ix)
{
	int64_t ms = 0;

	if (ix->doubt != ES_DOUBT_NOW)
		ms = flow_backoff(++ix->tries, ix->conf.retry_ms *
		    (ix->doubt == ES_DOUBT_PERSON ? 4 : 1), ix->conf.retry_max_ms);
	return flow_sleep(&ix->talk.flow, ms, STEP(index_begin));
}

static void
index_set_trouble(struct es_index *ix, enum es_doubt doubt, const char *text)
{
	ix->doubt = doubt;
	ix->ready = false;
	str_set(&ix->trouble, text);
}

PRINTF(3, 4) static enum flow_next
index_fails(struct es_index *ix, enum es_doubt doubt, const char *fmt, ...)
{
	char text[768];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ix->by_writer = false;
	index_set_trouble(ix, doubt, text);
	ix->conf.changed(ix->conf.arg);
	return index_again(ix);
}

static enum flow_next
index_refused(struct es_index *ix)
{
	if (ix->talk.verdict == ES_BUSY && ix->by_writer && ix->trouble != NULL)
		return index_again(ix);		/* in a writer's words */
	return index_fails(ix, es_doubt_of(ix->talk.verdict), "%s", ix->talk.why);
}

static enum flow_next
index_begin(struct flow *f)
{
	struct es_index *ix = index_of(f);

	ix->mapping_put = false;
	return ix->product[0] != '\0' && ix->template_put ?
	    flow_then(f, STEP(index_get)) :
	    index_ask(ix, "GET", "/", NULL, STEP(index_product));
}

static enum flow_next
index_is(struct es_index *ix, const char *product, const char *version)
{
	int major = 0, minor = 0;

	snprintf(ix->product, sizeof(ix->product), "%s %.40s", product, version);
	if (str_eq(product, "Elasticsearch") &&
	    sscanf(version, "%d.%d", &major, &minor) == 2 && (major < OLDEST_MAJOR ||
	    (major == OLDEST_MAJOR && minor < OLDEST_MINOR))) {
		ix->product[0] = '\0';
		return index_fails(ix, ES_DOUBT_PERSON, "Elasticsearch %.40s at %s is "
		    "too old: %d.%d or later is needed", version,
		    es_first_host(ix->talk.es), OLDEST_MAJOR, OLDEST_MINOR);
	}
	return flow_then(&ix->talk.flow, STEP(index_template));
}

/* Some servers and proxies do not show "/" to everybody. */
static enum flow_next
index_product(struct flow *f)
{
	struct es_index *ix = index_of(f);
	const char *version = json_str(ix->talk.answer, "version.number");

	switch (ix->talk.verdict) {
	case ES_OK:
		if (version == NULL)
			break;
		return index_is(ix, str_eq(json_str(ix->talk.answer,
		    "version.distribution"), "opensearch") ? "OpenSearch" :
		    "Elasticsearch", version);
	case ES_DENIED:
		if (ix->talk.status == 401)
			return index_refused(ix);
		break;
	case ES_MISSING:
	case ES_BAD:
		break;
	case ES_DOWN:
	case ES_GARBAGE:
	case ES_TOO_LARGE:
	case ES_BUSY:
		return index_refused(ix);
	}
	return index_ask(ix, "GET", "/_nodes/_local?filter_path=nodes.*.version", NULL,
	    STEP(index_nodes));
}

static enum flow_next
index_nodes(struct flow *f)
{
	struct es_index *ix = index_of(f);
	struct json_iter it = { 0 };
	char product[32];
	bool named = http_header(&f->reply, "X-Elastic-Product", product,
	    sizeof(product));

	if (ix->talk.verdict == ES_OK &&
	    json_each(json_get(ix->talk.answer, "nodes"), &it) &&
	    json_str(it.value, "version") != NULL)
		return index_is(ix, "Elasticsearch", json_str(it.value, "version"));
	if (named && ix->talk.verdict == ES_DENIED && ix->talk.status == 403)
		return index_is(ix, "Elasticsearch", "(its version is not shown to us)");
	if (ix->talk.verdict == ES_OK || ix->talk.verdict == ES_MISSING ||
	    ix->talk.verdict == ES_BAD)
		return index_fails(ix, ES_DOUBT_PERSON, "%s answers, but is neither "
		    "Elasticsearch nor OpenSearch; see option hosts",
		    es_first_host(ix->talk.es));
	return index_refused(ix);
}

static enum flow_next
index_template(struct flow *f)
{
	struct es_index *ix = index_of(f);

	if (!ix->conf.manage_template) {
		ix->template_put = true;
		return flow_then(f, STEP(index_get));
	}
	return index_ask_of(ix, "PUT", "/_index_template/", ix->template_name, "",
	    ix->template, STEP(index_template_put));
}

static enum flow_next
index_template_put(struct flow *f)
{
	struct es_index *ix = index_of(f);

	if (ix->talk.verdict == ES_BAD)
		return index_fails(ix, ES_DOUBT_PERSON, "the index template is refused: "
		    "%s", ix->talk.why);
	if (ix->talk.verdict != ES_OK)
		return index_refused(ix);
	ix->template_put = true;
	return flow_then(f, STEP(index_get));
}

static enum flow_next
index_get(struct flow *f)
{
	struct es_index *ix = index_of(f);

	return index_ask_of(ix, "GET", "/", ix->name, "", NULL, STEP(index_got));
}

static void
index_is_well(struct es_index *ix)
{
	ix->tries = 0;
	str_set(&ix->trouble, NULL);
}

/* All is as it should be. */
static enum flow_next
index_is_ready(struct es_index *ix, const char *uuid)
{
	bool other = !str_eq(ix->uuid, uuid);

	if (other)
		log_info("%s: index %s of %s at %s uuid=%s", ix->log_name, ix->name,
		    ix->product, es_first_host(ix->talk.es), uuid);
	str_set(&ix->uuid, uuid);
	ix->ready = true;
	if (!ix->by_writer || ix->doubt == ES_DOUBT_NOW)
		index_is_well(ix);
	ix->conf.changed(ix->conf.arg);
	return flow_sleep(&ix->talk.flow, WATCH_MS, STEP(index_watch));
}

/* The mapping that is there: fits, can be made to, or belongs to something else. */
static enum flow_next
index_fit(struct es_index *ix, const struct json *index, const char *uuid)
{
	const struct json *ours = json_get(ix->conf.template, "template.mappings");
	const struct json *theirs = json_get(index, "mappings");
	char why[256];
	enum es_fit fit = es_mapping_fit(ours, theirs, why, sizeof(why));

	if (fit == ES_FITS)
		return index_is_ready(ix, uuid);
	if (fit == ES_LACKS && ix->conf.manage_template && !ix->mapping_put &&
	    !es_mapping_foreign(theirs)) {
		ix->mapping_put = true;
		return index_ask_of(ix, "PUT", "/", ix->name, "/_mapping", ours,
		    STEP(index_mapped));
	}
	return index_fails(ix, ES_DOUBT_PERSON, "index %s is not one for our documents: "
	    "%s; name another one (option index)", ix->name, why);
}

static enum flow_next
index_got(struct flow *f)
{
	struct es_index *ix = index_of(f);
	struct json_iter it = { 0 };
	const char *uuid;

	if (ix->talk.verdict == ES_MISSING)
		return ix->conf.manage_template && !ix->template_put ?
		    flow_then(f, STEP(index_template)) :
		    index_ask_of(ix, "PUT", "/", ix->name, "", NULL, STEP(index_created));
	if (ix->talk.verdict != ES_OK)
		return index_refused(ix);
	if (json_len(ix->talk.answer) > 1)
		return index_fails(ix, ES_DOUBT_PERSON, "%s names %zu indices: versions "
		    "keep a document single within one only; see option index", ix->name,
		    json_len(ix->talk.answer));
	if (!json_each(ix->talk.answer, &it))
		return index_fails(ix, ES_DOUBT_PERSON, "%s names no index", ix->name);
	if (json_get(it.value, "data_stream") != NULL || str_starts(it.key, ".ds-"))
		return index_fails(ix, ES_DOUBT_PERSON, "%s is a data stream: versions "
		    "cannot work there; name another index (option index)", ix->name);
	uuid = json_str(it.value, "settings.index.uuid");
	if (uuid == NULL)
		return index_fails(ix, ES_DOUBT_PASSING, "index %s tells no UUID",
		    ix->name);
	return index_fit(ix, it.value, uuid);
}

static enum flow_next
index_created(struct flow *f)
{
	struct es_index *ix = index_of(f);
	const char *type = es_error_type(json_get(ix->talk.answer, "error"));

	if (ix->talk.verdict == ES_BAD && !str_eq(type,
	    "resource_already_exists_exception"))
		return index_fails(ix, ES_DOUBT_PERSON, "index %s cannot be made: %s",
		    ix->name, ix->talk.why);
	if (ix->talk.verdict != ES_OK && ix->talk.verdict != ES_BAD)
		return index_refused(ix);
	return flow_then(f, STEP(index_get));
}

static enum flow_next
index_mapped(struct flow *f)
{
	struct es_index *ix = index_of(f);

	if (ix->talk.verdict == ES_BAD)
		return index_fails(ix, ES_DOUBT_PERSON, "the mapping of index %s cannot "
		    "be completed: %s", ix->name, ix->talk.why);
	if (ix->talk.verdict != ES_OK)
		return index_refused(ix);
	return flow_then(f, STEP(index_get));
}

/* A minute has gone, or a writer has a doubt. */
static enum flow_next
index_watch(struct flow *f)
{
	struct es_index *ix = index_of(f);

	if (!ix->ready)
		return index_again(ix);
	return es_ask(&ix->talk, &(struct es_request){
	    .path = es_index_uuid_path(ix) }, STEP(index_watched));
}

static enum flow_next
index_watched(struct flow *f)
{
	struct es_index *ix = index_of(f);
	const char *uuid = es_index_uuid_of(ix->talk.answer);

	if (!ix->ready)			/* doubted meanwhile */
		return index_again(ix);
	if (ix->talk.verdict == ES_OK && str_eq(uuid, ix->uuid))
		return flow_sleep(f, WATCH_MS, STEP(index_watch));
	if (ix->talk.verdict == ES_OK || ix->talk.verdict == ES_MISSING) {
		ix->template_put = false;
		return index_fails(ix, ES_DOUBT_NOW, "%s is not what it was", ix->name);
	}
	return index_refused(ix);
}

static void
index_ended(struct flow *f)
{
	UNUSED(f);			/* it never does */
}

/* The template as it is put: for our index alone, unless it says for which. */
struct json *
es_index_template(const struct es_index_conf *conf)
{
	struct json *t = json_copy(conf->template);
	int64_t priority;

	if (conf->own_patterns && json_len(json_get(t, "index_patterns")) > 0)
		return t;
	json_set(t, "index_patterns", json_new_array());
	json_push(json_get(t, "index_patterns"), json_new_string(conf->name));
	/* The same file, put by hand for all hubstash-*, is then no rival. */
	if (json_int(t, "priority", &priority) && priority < INT32_MAX)
		json_set_int(t, "priority", priority + 1);
	return t;
}

struct es_index *
es_index_new(struct es *es, const struct es_index_conf *conf)
{
	struct es_index *ix = xcalloc(1, sizeof(*ix));

	es_talk_init(&ix->talk, es, "es.index", index_ended);
	ix->conf = *conf;
	ix->name = xstrdup(conf->name);
	ix->template_name = xstrdup(str_or(conf->template_name, conf->name));
	ix->log_name = xstrdup(conf->log_name);
	ix->template = es_index_template(conf);
	ix->path = BUF(4096);
	ix->body = BUF(4 << 20);
	ix->uuid_path = BUF(4096);
	buf_puts(&ix->uuid_path, "/");
	es_path_add(&ix->uuid_path, conf->name);
	buf_puts(&ix->uuid_path, "/_settings/index.uuid");
	return ix;
}

void
es_index_free(struct es_index *ix)
{
	if (ix == NULL)
		return;
	es_talk_fini(&ix->talk);
	json_free(ix->template);
	buf_fini(&ix->path);
	buf_fini(&ix->uuid_path);
	buf_fini(&ix->body);
	free(ix->name);
	free(ix->template_name);
	free(ix->log_name);
	free(ix->uuid);
	free(ix->trouble);
	free(ix);
}

void
es_index_start(struct es_index *ix)
{
	flow_start(&ix->talk.flow, STEP(index_begin));
}

bool
es_index_ready(const struct es_index *ix)
{
	return ix->ready;
}

const char *
es_index_uuid(const struct es_index *ix)
{
	return ix->uuid;
}

const char *
es_index_trouble(const struct es_index *ix)
{
	return ix->trouble;
}

void
es_index_doubt(struct es_index *ix, enum es_doubt doubt, const char *fmt, ...)
{
	char text[768];
	va_list ap;

	if (!ix->ready)
		return;			/* it is being looked at already */
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ix->by_writer = true;
	index_set_trouble(ix, doubt, text);
	ix->template_put = ix->template_put && doubt != ES_DOUBT_NOW;
	flow_wake(&ix->talk.flow);
	ix->conf.changed(ix->conf.arg);
}

void
es_index_fine(struct es_index *ix)
{
	bool trouble = ix->trouble != NULL;

	if (!ix->ready)
		return;			/* a doubt has come since */
	index_is_well(ix);
	if (trouble)
		ix->conf.changed(ix->conf.arg);
}

void
es_index_worry(struct es_index *ix, const char *text)
{
	if (!ix->ready)
		return;			/* there is worse */
	ix->by_writer = true;
	str_set(&ix->trouble, text);
	ix->conf.changed(ix->conf.arg);
}

enum es_doubt
es_doubt_of(enum es_verdict v)
{
	return v == ES_DENIED || v == ES_GARBAGE || v == ES_MISSING || v == ES_BAD ?
	    ES_DOUBT_PERSON : ES_DOUBT_PASSING;
}

const char *
es_index_uuid_path(const struct es_index *ix)
{
	return buf_str(&ix->uuid_path);
}

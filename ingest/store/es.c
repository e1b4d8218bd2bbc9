/* SPDX-License-Identifier: Apache-2.0 */
/* es.c - see es.h. */
#include "store/es.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "store/es_host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_PATH	(8 << 10)
#define MAX_PACKED	(128u << 20)
#define MAX_REPLY	(4u << 20)
#define PACK_FROM	1024		/* bytes; less is not worth packing */

/* What a 401 asks for, behind what the server says of it. */
#define NOT_ACCEPTED	": user and password, or the API key, are not accepted "	\
	"(ELASTICSEARCH_USERNAME and _PASSWORD, ELASTICSEARCH_API_KEY, or the options)"

struct es {
	struct loop	*loop;
	struct http	*http;
	struct es_host	*host;
	size_t		 host_count, turn;
	char		*authorization, **header;	/* lines */
	size_t		 header_count;
	int		 gzip;
	unsigned	 timeout_ms;
	int64_t		 rest_ms;
};

static bool
es_add_hosts(struct es *es, const struct es_conf *conf, struct err *e)
{
	if (conf->host_count == 0)
		return err_set(e, ERR_CONFIG, 0, "no server is named");
	es->host = xcalloc(conf->host_count, sizeof(*es->host));
	for (size_t i = 0; i < conf->host_count; i++) {
		if (!es_host_parse(&es->host[i], conf->hosts[i], conf->tls, e))
			return false;
		es->host_count++;
	}
	return true;
}

/* Who we are: what is configured, or what stands in the first address. */
static bool
es_add_identity(struct es *es, const struct es_conf *conf, struct err *e)
{
	const char *user = str_or(conf->user, es->host[0].user);
	const char *password = str_or(conf->user, NULL) != NULL ? conf->password :
	    es->host[0].password;
	bool key = str_or(conf->api_key, NULL) != NULL;

	if (key && str_or(user, NULL) != NULL)
		return err_set(e, ERR_CONFIG, 0, "both an API key and a user are given "
		    "(api_key, user, or in the environment): which one is meant?");
	for (size_t i = 0; key && i < es->host_count; i++)
		if (!es->host[i].tls && !es->host[i].loopback)
			return err_set(e, ERR_CONFIG, 0, "an API key goes over https "
			    "only, and %s is not", es->host[i].base);
	es->authorization = es_authorization(user, password, conf->api_key);
	return true;
}

/* All that is told by what is configured alone. */
static bool
es_configure(struct es *es, const struct es_conf *conf, struct err *e)
{
	es->gzip = conf->gzip;
	es->timeout_ms = conf->timeout_ms;
	es->rest_ms = conf->rest_ms;
	es->header = xcalloc(conf->header_count + 1, sizeof(*es->header));
	for (size_t i = 0; i < conf->header_count; i++)
		es->header[es->header_count++] = xstrdup(conf->headers[i]);
	if (!es_add_hosts(es, conf, e) || !es_add_identity(es, conf, e))
		return false;
	return conf->ca_file == NULL || access(conf->ca_file, R_OK) == 0 ||
	    err_set(e, ERR_CONFIG, errno, "the authorities in %s: %s", conf->ca_file,
	    strerror(errno));
}

bool
es_check(const struct es_conf *conf, struct err *e)
{
	struct es *es = xcalloc(1, sizeof(*es));
	bool good = es_configure(es, conf, e);

	es_free(es);
	return good;
}

struct es *
es_new(struct loop *l, const struct es_conf *conf, struct err *e)
{
	struct es *es = xcalloc(1, sizeof(*es));

	es->loop = l;
	if (es_configure(es, conf, e))
		es->http = http_new(l, &(struct http_conf){
		    .max_inflight = conf->max_inflight, .ca_file = conf->ca_file,
		    .http1 = true, .insecure = conf->insecure }, e);
	if (es->http != NULL)
		return es;
	es_free(es);
	return NULL;
}

void
es_free(struct es *es)
{
	if (es == NULL)
		return;
	http_free(es->http);
	for (size_t i = 0; i < es->host_count; i++)
		es_host_fini(&es->host[i]);
	for (size_t i = 0; i < es->header_count; i++)
		free(es->header[i]);
	free(es->header);
	free(es->host);
	free(es->authorization);
	free(es);
}

const char *
es_first_host(const struct es *es)
{
	return es->host[0].base;
}

/*
 * The one in turn, or the next that does not rest, or whose rest ends first. The
 * turn is that of bulk requests: small questions between them do not move it, or
 * two servers would always get one kind each.
 */
static size_t
es_pick(struct es *es, bool move)
{
	int64_t now = clock_mono_ms();
	size_t best = es->turn % es->host_count;

	for (size_t n = 0; n < es->host_count; n++) {
		size_t i = (es->turn + n) % es->host_count;

		if (es->host[i].rests_until_ms <= now) {
			best = i;
			break;
		}
		if (es->host[i].rests_until_ms < es->host[best].rests_until_ms)
			best = i;
	}
	es->turn = best + move;
	return best;
}

const char *
es_error_type(const struct json *error)
{
	return str_or(json_str(error, "type"), "");
}

/* These two say how much, another number each time. */
static bool
is_wordy(const char *type)
{
	return str_eq(type, "es_rejected_execution_exception") ||
	    str_eq(type, "circuit_breaking_exception");
}

const char *
es_error_reason(const struct json *error)
{
	const char *cause = json_str(error, "caused_by.reason");
	const char *reason = str_or(json_str(error, "reason"), json_text(error));

	if (is_wordy(es_error_type(error)))
		return "";
	/* "failed to parse" alone helps nobody. */
	if (cause != NULL && reason != NULL && strlen(reason) < 20)
		return cause;
	return str_or(reason, "");
}

static enum es_verdict
es_verdict_of(const struct http_reply *r, bool answered)
{
	if (r->status == 413)
		return ES_TOO_LARGE;	/* even when the connection broke after it */
	if (r->failure == HTTP_TOO_LARGE)
		return ES_GARBAGE;
	if (r->failure != HTTP_OK)
		return ES_DOWN;
	if (r->status >= 200 && r->status < 300)
		return answered ? ES_OK : ES_GARBAGE;
	switch (r->status) {
	case 401:
	case 403:
		return ES_DENIED;
	case 404:
		return ES_MISSING;
	case 408:
		return ES_DOWN;
	case 429:
		return ES_BUSY;
	default:
		if (r->status >= 500)
			return ES_DOWN;
		return r->status >= 400 ? ES_BAD : ES_GARBAGE;
	}
}

/* "Failed to connect to x port 1 after 20 ms: …" is the same trouble after 21. */
static void
add_curl_words(struct buf *text, const char *why)
{
	const char *after = strstr(why, " after "), *end;

	end = after != NULL ? after + strlen(" after ") : why;
	end += strspn(end, "0123456789");
	if (after == NULL || (!str_starts(end, " ms") && !str_starts(end, " milli"))) {
		buf_puts(text, why);
		return;
	}
	buf_add(text, why, (size_t)(after - why));
	if (str_starts(end, " ms"))
		buf_puts(text, end + strlen(" ms"));
}

/* Who is not let in is so at every address: which one it was is left out. */
static void
add_error(struct buf *text, const struct json *error)
{
	const char *reason = es_error_reason(error);
	const char *path = strstr(reason, " for REST request [");
	int n = path != NULL ? (int)(path - reason) : 300;

	buf_printf(text, ": %.80s%s%.*s", es_error_type(error),
	    reason[0] != '\0' ? ": " : "", n < 300 ? n : 300, reason);
}

/* What happened, for a person: the same words for the same trouble. */
static void
es_explain(struct es_talk *t, const char *no_json)
{
	const struct http_reply *r = &t->flow.reply;
	const struct json *error = json_get(t->answer, "error");
	const char *host = t->es->host[t->host].base;
	struct buf text = BUF(4096);

	if (t->verdict == ES_OK) {
		t->why[0] = '\0';
		return;
	}
	/* Of several the one that is asked is another one each time. */
	if (t->es->host_count > 1 && t->verdict != ES_GARBAGE)
		host = t->verdict == ES_DOWN ? "no server is up to it" : "the cluster";
	if (r->failure != HTTP_OK && t->verdict != ES_TOO_LARGE) {
		buf_printf(&text, "%.150s: ", host);
		add_curl_words(&text, r->why);
	} else {
		buf_printf(&text, "%.150s answers %d", host, r->status);
	}
	if (t->verdict == ES_GARBAGE && r->failure == HTTP_OK) {
		buf_printf(&text, ", and not as Elasticsearch does%s%s",
		    no_json[0] != '\0' ? ": " : "", no_json);
	}
	if (error != NULL)
		add_error(&text, error);
	if (r->failure == HTTP_OK && r->status == 401)
		buf_puts(&text, NOT_ACCEPTED);
	str_copy(t->why, sizeof(t->why), buf_str(&text));
	buf_fini(&text);
}

static flow_step_fn es_send;

static enum flow_next
es_answered(struct flow *f)
{
	struct es_talk *t = (struct es_talk *)f;
	struct es_host *h = &t->es->host[t->host];
	const struct http_reply *r = &f->reply;
	struct err e = { 0 };

	json_free(t->answer);
	t->answer = NULL;
	if (r->failure == HTTP_OK && r->body.len > 0)
		t->answer = json_parse(r->body.data, r->body.len, &e);
	t->status = r->status;
	t->cut = r->failure == HTTP_CUT || r->failure == HTTP_TIMEOUT;
	t->verdict = es_verdict_of(r, json_is(t->answer, JSON_OBJECT));
	es_explain(t, e.text);
	buf_fini(&f->reply.body);	/* it may be large, and we have its tree */
	if (t->verdict != ES_DOWN)
		return flow_then(f, t->next, t->next_name);
	h->rests_until_ms = clock_mono_ms() + t->es->rest_ms;
	log_debug("%s: %s", f->name, t->why);
	if (t->asked < t->es->host_count)
		return flow_then(f, STEP(es_send));
	return flow_then(f, t->next, t->next_name);
}

static enum flow_next
es_send(struct flow *f)
{
	struct es_talk *t = (struct es_talk *)f;
	struct es *es = t->es;
	const struct es_request *q = &t->request;
	const char *lines[8 + 32], **line = lines;
	struct buf url = BUF(MAX_PATH + 4096);
	enum flow_next next;
	bool pack;
	int level;

	t->host = es_pick(es, q->lines || t->asked > 0);
	t->asked++;
	level = es->gzip >= 0 ? es->gzip : !es->host[t->host].loopback;
	pack = level > 0 && q->body_len >= PACK_FROM;
	if (pack && t->packed.len == 0)
		http_gzip(q->body, q->body_len, level, &t->packed);
	*line++ = "Accept: application/json";
	if (q->body != NULL)
		*line++ = q->lines ? "Content-Type: application/x-ndjson" :
		    "Content-Type: application/json";
	if (pack)
		*line++ = "Content-Encoding: gzip";
	if (es->authorization != NULL)
		*line++ = es->authorization;
	for (size_t i = 0; i < es->header_count && i < 32; i++)
		*line++ = es->header[i];
	*line = NULL;
	buf_printf(&url, "%s%s", es->host[t->host].base, buf_str(&t->path));
	next = flow_http(f, es->http, &(struct http_spec){ .url = buf_str(&url),
	    .method = q->method, .headers = lines,
	    .body = pack ? t->packed.data : q->body,
	    .body_len = pack ? t->packed.len : q->body_len,
	    .max_reply = q->max_reply > 0 ? q->max_reply : MAX_REPLY,
	    .timeout_ms = es->timeout_ms }, STEP(es_answered));
	buf_fini(&url);
	return next;
}

enum flow_next
es_ask(struct es_talk *t, const struct es_request *q, flow_step_fn *step,
    const char *name)
{
	t->request = *q;
	buf_clear(&t->path);
	buf_puts(&t->path, q->path);
	buf_clear(&t->packed);
	t->asked = 0;
	t->next = step;
	t->next_name = name;
	return flow_then(&t->flow, STEP(es_send));
}

void
es_talk_init(struct es_talk *t, struct es *es, const char *name,
    void (*ended)(struct flow *f))
{
	memset(t, 0, sizeof(*t));
	flow_init(&t->flow, es->loop, name, ended);
	t->es = es;
	t->path = BUF(MAX_PATH);
	t->packed = BUF(MAX_PACKED);
}

void
es_talk_fini(struct es_talk *t)
{
	flow_fini(&t->flow);
	json_free(t->answer);
	buf_fini(&t->path);
	buf_fini(&t->packed);
}

void
es_path_add(struct buf *path, const char *part)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_.~";

	for (const char *s = part; *s != '\0'; s++)
		if (strchr(plain, *s) != NULL)
			buf_add(path, s, 1);
		else
			buf_printf(path, "%%%02X", (unsigned char)*s);
}

const char *
es_index_uuid_of(const struct json *answer)
{
	struct json_iter it = { 0 };

	if (json_len(answer) != 1 || !json_each(answer, &it))
		return NULL;
	return json_str(it.value, "settings.index.uuid");
}

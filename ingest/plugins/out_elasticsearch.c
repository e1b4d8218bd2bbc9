/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out_elasticsearch.c - documents into one index of Elasticsearch or OpenSearch,
 * each thing once.
 *
 * The index is made ready and watched by store/es_index.c; two slots send batches
 * (out_elasticsearch_slot.c). While anything is wrong the batches stay in the
 * slots, the host is told once, and the index is looked at again from time to time.
 */
#include "base/buf.h"
#include "base/str.h"
#include "core/plugin.h"
#include "plugins/out_elasticsearch_bulk.h"
#include "plugins/out_elasticsearch_flagged.h"
#include "plugins/out_elasticsearch_slot.h"
#include "store/es_host.h"
#include "store/es_read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS		2		/* one more: 1.6 times the rate; four: no more */
#define BATCH_BYTES	((size_t)5 << 20)
#define BATCH_DOCS	5000
#define MAX_TEMPLATE	((size_t)1 << 20)
#define STOP_MS		1000		/* for what is on the wire, of 1.5 s there are */
#define MAX_TIMEOUT_S	3600

struct es_options {
	struct strings	 hosts, ca;
	char		*index, *user, *password, *api_key;
	bool		 ssl_enabled, manage_template;
	char		*ssl_verification_mode, *template, *template_name, *pipeline;
	int64_t		 compression_level, timeout, retry_initial, retry_max, resurrect;
	bool		 dashboard;
	struct pairs	 headers;
};

#define AT(field)	.at = offsetof(struct es_options, field)

static const struct option rows[] = {
	{ "hosts", OPT_LIST, .fallback = "${ELASTICSEARCH_URL:http://127.0.0.1:9200}",
	    AT(hosts), .help = "Servers of one cluster, asked in turn; one that is down "
	    "rests. Without scheme: http (https with ssl_enabled); without port: 9200." },
	{ "index", OPT_STRING, .fallback = "hubstash-activity", AT(index),
	    .help = "The index, or an alias of one index. No data stream: versions "
	    "cannot work there." },
	{ "user", OPT_STRING, .fallback = "${ELASTICSEARCH_USERNAME:}", AT(user),
	    .help = "For basic authentication." },
	{ "password", OPT_SECRET, .fallback = "${ELASTICSEARCH_PASSWORD:}", AT(password),
	    .help = "For basic authentication." },
	{ "api_key", OPT_SECRET, .fallback = "${ELASTICSEARCH_API_KEY:}", AT(api_key),
	    .help = "An API key, as id:key or in base64; over https only, but for "
	    "this machine." },
	{ "ssl_enabled", OPT_BOOL, .fallback = "false", AT(ssl_enabled),
	    .help = "Hosts without a scheme are spoken to by https." },
	{ "ssl_certificate_authorities", OPT_LIST, AT(ca),
	    .help = "A PEM file with the authorities to trust, instead of the "
	    "system's." },
	{ "ssl_verification_mode", OPT_STRING, .fallback = "full",
	    .choices = "full, none", AT(ssl_verification_mode),
	    .help = "full, or none: then anybody can pose as the cluster." },
	{ "manage_template", OPT_BOOL, .fallback = "true", AT(manage_template),
	    .help = "Puts the index template before the first document, overwriting an "
	    "older one, and completes the mapping of an index of ours." },
	{ "template", OPT_STRING, AT(template),
	    .help = "A file with another index template; its mappings are what the "
	    "index must have." },
	{ "template_name", OPT_STRING, AT(template_name),
	    .help = "The name of the index template; by default that of the index." },
	{ "pipeline", OPT_STRING, AT(pipeline),
	    .help = "An ingest pipeline of the cluster, for every document." },
	{ "compression_level", OPT_INT, .fallback = "-1", AT(compression_level),
	    .help = "gzip of what is sent, 0 to 9; -1: 1 to other machines, 0 to this "
	    "one." },
	{ "custom_headers", OPT_HASH, AT(headers),
	    .help = "More headers for each request." },
	{ "timeout", OPT_DURATION, .fallback = "60", AT(timeout),
	    .help = "For a request, in seconds." },
	{ "resurrect_delay", OPT_DURATION, .fallback = "5", AT(resurrect),
	    .help = "How long a server rests that was down, in seconds." },
	{ "retry_initial_interval", OPT_DURATION, .fallback = "2", AT(retry_initial),
	    .help = "Seconds before what was refused is tried again; then twice as "
	    "long each time." },
	{ "retry_max_interval", OPT_DURATION, .fallback = "64", AT(retry_max),
	    .help = "At most so many seconds." },
	{ "dashboard", OPT_BOOL, .fallback = "false", AT(dashboard),
	    .help = "The pages and the API ask this output; without it the first one of "
	    "the pipeline that can be asked." },
	OPT_END
};

struct es_out {
	struct instance		*host;
	struct es_conf		 conf;		/* borrows from opts; headers are ours */
	char			**header;
	char			*index_name;
	struct json		*template;
	struct es		*es;
	struct es_index		*index;
	struct es_flagged	*flagged;
	struct es_writer	 writer;
	struct buf		 bulk_path;
	struct es_slot		*slot[SLOTS];
	char			*uuid;		/* the host knows of this one */
	struct timer		*deadline;
	bool			 stopping;
};

static bool
read_file(const char *path, struct buf *text, struct err *e)
{
	char chunk[4096];
	size_t n;
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return err_set(e, ERR_CONFIG, errno, "template %s: %s", path,
		    strerror(errno));
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(text, chunk, n);
	n = (size_t)ferror(f);
	fclose(f);
	if (n != 0 || text->failed)
		return err_set(e, ERR_CONFIG, 0, "template %s: %s", path,
		    text->failed ? "larger than 1 MiB" : "cannot be read");
	return true;
}

static struct json *
read_template(const struct es_options *o, struct err *e)
{
	struct buf text = BUF(MAX_TEMPLATE);
	struct json *t = NULL;
	struct err why;

	if (str_or(o->template, NULL) == NULL)
		buf_add(&text, es_template, es_template_len);
	else if (!read_file(o->template, &text, e))
		goto out;
	t = json_parse(buf_str(&text), text.len, &why);
	if (t == NULL || !json_is(json_get(t, "template.mappings.properties"),
	    JSON_OBJECT)) {
		err_set(e, ERR_CONFIG, 0, "template %s: %s", str_or(o->template,
		    "(built in)"), t == NULL ? why.text : "no body of an index template "
		    "with template.mappings.properties");
		json_free(t);
		t = NULL;
	}
out:
	buf_fini(&text);
	return t;
}

static bool
check_options(const struct es_options *o, struct err *e)
{
	if (!es_index_name_ok(o->index))
		return err_set(e, ERR_CONFIG, 0, "index \"%.200s\" is no name of an "
		    "index: lower case, no blanks, none of \\ / * ? \" < > | , # : %%",
		    o->index);
	if (o->ca.n > 1)
		return err_set(e, ERR_CONFIG, 0, "ssl_certificate_authorities: one file, "
		    "which may hold several authorities");
	if (o->compression_level < -1 || o->compression_level > 9)
		return err_set(e, ERR_CONFIG, 0, "compression_level is 0 to 9, or -1");
	if (o->timeout < 1 || o->timeout > MAX_TIMEOUT_S)
		return err_set(e, ERR_CONFIG, 0, "timeout is 1 to %d seconds",
		    MAX_TIMEOUT_S);
	if (o->retry_initial < 1 || o->retry_max < o->retry_initial ||
	    o->retry_max > MAX_TIMEOUT_S)
		return err_set(e, ERR_CONFIG, 0, "retry_initial_interval is at least 1, "
		    "retry_max_interval not less and at most %d seconds", MAX_TIMEOUT_S);
	if (str_or(o->password, NULL) != NULL && str_or(o->user, NULL) == NULL &&
	    str_or(o->api_key, NULL) == NULL)
		return err_set(e, ERR_CONFIG, 0, "a password without a user");
	return true;
}

/* What the client of the output and that of the reader are made of. */
static struct es_conf
client_conf(const struct es_options *o, char *const *headers)
{
	return (struct es_conf){
		.hosts = o->hosts.s, .host_count = o->hosts.n, .tls = o->ssl_enabled,
		.user = o->user, .password = o->password, .api_key = o->api_key,
		.ca_file = o->ca.n > 0 ? o->ca.s[0] : NULL,
		.insecure = str_eq(o->ssl_verification_mode, "none"),
		.headers = headers, .header_count = headers != NULL ? o->headers.n : 0,
		.gzip = (int)o->compression_level,
		.max_inflight = SLOTS + 2, .timeout_ms = (unsigned)o->timeout * 1000,
		.rest_ms = o->resurrect * 1000,
	};
}

static bool
out_check(const void *conf, struct err *e)
{
	const struct es_options *o = conf;
	struct es_conf client = client_conf(o, NULL);
	struct json *template = NULL;
	bool good = check_options(o, e) && es_check(&client, e) &&
	    (template = read_template(o, e)) != NULL;

	json_free(template);
	return good;
}

static void out_changed(void *arg);
static void out_emptied(void *arg);
static void out_late(void *arg);

static void
out_close(void *self)
{
	struct es_out *out = self;

	for (size_t i = 0; i < SLOTS; i++)
		es_slot_free(out->slot[i]);
	es_flagged_free(out->flagged);
	es_index_free(out->index);
	es_free(out->es);
	for (char **h = out->header; h != NULL && *h != NULL; h++)
		free(*h);
	free(out->header);
	free(out->index_name);
	free(out->uuid);
	json_free(out->template);
	buf_fini(&out->bulk_path);
	timer_free(out->deadline);
	free(out);
}

static void
make_paths(struct es_out *out, const struct es_options *o)
{
	out->bulk_path = BUF(4096);
	buf_puts(&out->bulk_path, "/");
	es_path_add(&out->bulk_path, o->index);
	buf_puts(&out->bulk_path, "/_bulk?" ES_BULK_QUERY);
	if (str_or(o->pipeline, NULL) != NULL) {
		buf_puts(&out->bulk_path, "&pipeline=");
		es_path_add(&out->bulk_path, o->pipeline);
	}
}

static void
make_parts(struct es_out *out, const struct es_options *o)
{
	out->index = es_index_new(out->es, &(struct es_index_conf){
	    .name = o->index, .template_name = o->template_name,
	    .log_name = host_name(out->host), .manage_template = o->manage_template,
	    .template = out->template,
	    .own_patterns = str_or(o->template, NULL) != NULL,
	    .retry_ms = o->retry_initial * 1000, .retry_max_ms = o->retry_max * 1000,
	    .changed = out_changed, .arg = out });
	out->writer = (struct es_writer){ .es = out->es, .index = out->index,
	    .name = host_name(out->host),
	    .bulk_path = buf_str(&out->bulk_path), .max_bytes = BATCH_BYTES,
	    .emptied = out_emptied, .arg = out };
	for (size_t i = 0; i < SLOTS; i++)
		out->slot[i] = es_slot_new(&out->writer);
	out->flagged = es_flagged_new(out->es, o->index);
	out->deadline = timer_new(host_loop(out->host), out_late, out);
}

static void *
out_open(struct instance *host, const void *conf, struct err *e)
{
	const struct es_options *o = conf;
	struct es_out *out;

	out = xcalloc(1, sizeof(*out));
	out->host = host;
	out->index_name = xstrdup(o->index);
	out->header = xcalloc(o->headers.n + 1, sizeof(*out->header));
	for (size_t i = 0; i < o->headers.n; i++)
		out->header[i] = xasprintf("%s: %s", o->headers.p[i].name,
		    o->headers.p[i].value);
	make_paths(out, o);
	out->conf = client_conf(o, out->header);
	out->template = read_template(o, e);
	if (out->template != NULL)
		out->es = es_new(host_loop(host), &out->conf, e);
	if (out->es == NULL) {
		out_close(out);
		return NULL;
	}
	make_parts(out, o);
	return out;
}

static void
out_start(void *self)
{
	struct es_out *out = self;

	es_index_start(out->index);
}

/* The index is ready, or no longer; the host is told first, then the slots. */
static void
out_changed(void *arg)
{
	struct es_out *out = arg;
	const char *uuid = es_index_uuid(out->index);
	const char *trouble = es_index_trouble(out->index);

	if (trouble != NULL)
		host_trouble(out->host, "%s", trouble);
	else
		host_well(out->host);
	if (es_index_ready(out->index) && !str_eq(out->uuid, uuid)) {
		str_set(&out->uuid, uuid);
		host_identified(out->host);
	}
	for (size_t i = 0; i < SLOTS; i++)
		es_slot_wake(out->slot[i]);
}

static void
out_write(void *self, struct batch *b)
{
	struct es_out *out = self;

	for (size_t i = 0; i < SLOTS; i++)
		if (!es_slot_busy(out->slot[i])) {
			es_slot_write(out->slot[i], b);
			return;
		}
	die("%s: more than %d batches at once", host_name(out->host), SLOTS);
}

static bool
out_busy(const struct es_out *out)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (es_slot_busy(out->slot[i]))
			return true;
	return false;
}

/* A slot gave its batch back. */
static void
out_emptied(void *arg)
{
	struct es_out *out = arg;

	if (!out->stopping || out_busy(out))
		return;
	timer_cancel(out->deadline);
	host_stopped(out->host);
}

/* What is on the wire may still be answered, what waits goes back at once. */
static void
out_stop(void *self)
{
	struct es_out *out = self;
	bool busy = out_busy(out);

	out->stopping = out->writer.stopping = true;
	es_flagged_fail(out->flagged);
	if (!busy) {
		host_stopped(out->host);
		return;
	}
	timer_set(out->deadline, STOP_MS);
	for (size_t i = 0; i < SLOTS; i++)
		es_slot_wake(out->slot[i]);
}

static void
out_late(void *arg)
{
	struct es_out *out = arg;

	for (size_t i = 0; i < SLOTS; i++)
		es_slot_give_back(out->slot[i]);
}

static bool
out_identity(void *self, char *text, size_t size)
{
	struct es_out *out = self;

	if (out->uuid == NULL)
		return false;
	return snprintf(text, size, "elasticsearch:%s", out->uuid) < (int)size;
}

static void
out_flagged(void *self, int64_t repo_id, int64_t below, size_t max, found_fn *found,
    void *arg)
{
	struct es_out *out = self;

	es_flagged_ask(out->flagged, repo_id, below, max, found, arg);
}

static void
out_page(void *self, const char *after, size_t max, found_fn *found, void *arg)
{
	struct es_out *out = self;

	es_flagged_page(out->flagged, after, max, found, arg);
}

static struct store *
out_reader(void *self)
{
	struct es_out *out = self;
	struct err e;
	struct store *s = es_reader(host_loop(out->host), &out->conf, out->index_name,
	    &e);

	if (s == NULL)
		die("%s: %s", host_name(out->host), e.text);	/* it was good at open */
	return s;
}

static const char *
out_target(const void *self)
{
	return ((const struct es_out *)self)->index_name;
}

const struct output out_elasticsearch = {
	.plugin = {
		.name = "elasticsearch",
		.help = "Writes documents to one index of Elasticsearch or OpenSearch, "
		    "each thing once.",
		.options = rows,
		.conf_size = sizeof(struct es_options),
		.check = out_check,
	},
	.open = out_open,
	.start = out_start,
	.write = out_write,
	.stop = out_stop,
	.close = out_close,
	.identity = out_identity,
	.flagged = out_flagged,
	.page = out_page,
	.reader = out_reader,
	.target = out_target,
	.max_batches = SLOTS,
	.batch_docs = BATCH_DOCS,
	.batch_bytes = BATCH_BYTES,
};

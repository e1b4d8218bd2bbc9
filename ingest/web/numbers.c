/* SPDX-License-Identifier: Apache-2.0 */
/* numbers.c - see numbers.h. */
#include "web/numbers.h"
#include "base/clock.h"
#include "base/str.h"
#include "core/metrics.h"
#include "core/pipeline.h"
#include "data/json.h"
#include "state/state.h"
#include "web/web.h"

#include <inttypes.h>
#include <string.h>

#define FRESH_S	300	/* a feed is polled each minute */

/* A label's value. */
static void
put_label(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++)
		if (*s == '\n')
			buf_puts(out, "\\n");
		else
			buf_printf(out, "%s%c", *s == '"' || *s == '\\' ? "\\" : "", *s);
}

static void
on_instance(void *arg, const char *instance, const char *text, int64_t since_ms)
{
	struct buf *out = arg;

	UNUSED(since_ms);
	buf_puts(out, "hubstash_instance_trouble{block=\"");
	put_label(out, instance);
	buf_printf(out, "\"} %d\n", text != NULL);
}

/* What is counted where it stands, when it is asked for. */
static void
count(const struct web_conf *c)
{
	metric_set(METRIC_OUTBOX, state_outbox_count(c->state));
	metric_set(METRIC_DEAD_LETTERS, state_dead_count(c->state));
}

void
numbers_metrics(const struct web_conf *c, struct buf *out)
{
	count(c);
	for (int m = 0; m < METRICS; m++) {
		const struct metric_row *r = metric_row((enum metric)m);

		buf_printf(out, "# HELP hubstash_%s %s\n# TYPE hubstash_%s %s\n"
		    "hubstash_%s %" PRId64 "\n", r->name, r->help, r->name,
		    r->gauge ? "gauge" : "counter", r->name,
		    metric_value((enum metric)m));
	}
	buf_puts(out, "# HELP hubstash_build_info The version that runs; always 1.\n"
	    "# TYPE hubstash_build_info gauge\n"
	    "hubstash_build_info{version=\"" HUBSTASH_VERSION "\"} 1\n");
	numbers_process(out);
	if (c->pipeline == NULL)
		return;
	buf_puts(out, "# HELP hubstash_instance_trouble Whether an input or output of "
	    "the pipeline is in trouble.\n# TYPE hubstash_instance_trouble gauge\n");
	pipeline_troubles(c->pipeline, on_instance, out);
}

void
numbers_stats(const struct web_conf *c, const char *address, struct buf *out)
{
	static const char events[] = "pipelines.main.events";
	struct json *o = json_new_object(), *e = json_new_object();

	count(c);
	json_set_str(o, "version", HUBSTASH_VERSION);
	json_set_str(o, "http_address", address);
	json_set_str(o, "name", "hubstash");
	json_set_int(e, "in", metric_value(METRIC_DOCUMENTS_IN));
	json_set_int(e, "filtered", metric_value(METRIC_DOCUMENTS_IN));
	json_set_int(e, "dropped", metric_value(METRIC_DOCUMENTS_DROPPED));
	json_set_int(e, "out", metric_value(METRIC_DOCUMENTS_SETTLED));
	json_set(o, events, e);
	for (int m = 0; m < METRICS; m++) {
		char path[96] = "hubstash.";

		str_copy(path + strlen(path), sizeof(path) - strlen(path),
		    metric_row((enum metric)m)->name);
		json_set_int(o, path, metric_value((enum metric)m));
	}
	json_pretty(o, out);
	buf_puts(out, "\n");
	json_free(o);
}

struct health {
	struct json	*reasons;
	bool		 feed;		/* one was read, some time */
};

static void
reason(struct health *h, const char *who, const char *why, int64_t since_ms)
{
	struct json *o = json_new_object();
	char text[CLOCK_TEXT];

	json_set_str(o, "instance", who);
	json_set_str(o, "reason", why);
	if (since_ms > 0)
		json_set_str(o, "since", clock_iso(since_ms, text));
	json_push(h->reasons, o);
}

static void
on_trouble(void *arg, const char *instance, const char *text, int64_t since_ms)
{
	if (text != NULL)
		reason(arg, instance, text, since_ms);
}

/* The engine's notes: "trouble" why nothing moves, "org.LOGIN.feed" when. */
static void
on_note(void *arg, const char *key, const char *value)
{
	struct health *h = arg;

	if (str_eq(key, "trouble") && value[0] != '\0')
		reason(h, "github", value, 0);
	if (str_starts(key, "org.") && str_ends(key, ".feed"))
		h->feed = true;
}

bool
numbers_health(const struct web_conf *c, struct buf *out)
{
	struct health h = { .reasons = json_new_array() };
	struct json *o = json_new_object();
	int64_t lag = metric_value(METRIC_FEED_LAG_SECONDS);
	char text[96];
	bool well;

	if (c->pipeline != NULL)
		pipeline_troubles(c->pipeline, on_trouble, &h);
	state_notes(c->state, on_note, &h);
	if (c->follows && !h.feed) {
		reason(&h, "github", "no feed has been read yet", 0);
	} else if (c->follows && lag > FRESH_S) {
		snprintf(text, sizeof(text), "a feed was last read %" PRId64 " s ago",
		    lag);
		reason(&h, "github", text, 0);
	}
	well = json_len(h.reasons) == 0;
	json_set_str(o, "status", well ? "well" : "unwell");
	json_set(o, "reasons", h.reasons);
	json_pretty(o, out);
	buf_puts(out, "\n");
	json_free(o);
	return well;
}

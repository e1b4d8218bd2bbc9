/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dlq_explain.c - one dead letter in words: what the server said, which field it
 * means and what the document holds there, and what can be changed. The sentences
 * of Elasticsearch and OpenSearch are told apart by what they have had in them
 * since version 7: the field stands in brackets, or in quotes behind "field=".
 */
#include "base/clock.h"
#include "base/str.h"
#include "cmd/dlq.h"
#include "data/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_MAX	200		/* bytes shown of a value */

enum advice { ADVICE_TYPE, ADVICE_OBJECT, ADVICE_STRICT, ADVICE_TERM, ADVICE_FIELDS,
	ADVICE_LARGE, ADVICE_NONE };

/* The first row of which all words are in the reason counts. */
static const struct {
	const char	*words, *also;
	enum advice	 advice;
	const char	*before;	/* the field follows, up to the end */
	const char	*end;
} signs[] = {
	{ "dynamic introduction of [", "", ADVICE_STRICT, "dynamic introduction of [",
	    "]" },
	{ "object mapping for [", "", ADVICE_OBJECT, "object mapping for [", "]" },
	{ "immense term in field=", "", ADVICE_TERM, "immense term in field=\"", "\"" },
	{ "failed to parse field [", "", ADVICE_TYPE, "failed to parse field [", "]" },
	{ "mapper [", "cannot be changed", ADVICE_TYPE, "mapper [", "]" },
	{ "Limit of ", "fields", ADVICE_FIELDS, NULL, NULL },
	{ "too large", "", ADVICE_LARGE, NULL, NULL },
	{ "too_large", "", ADVICE_LARGE, NULL, NULL },
	{ "", "", ADVICE_NONE, NULL, NULL },
};

static const char *const advices[] = {
	[ADVICE_TYPE] = "The index maps the field as another type than the document has. "
	    "Field types of an index cannot be changed: make a new index with the "
	    "template hubstash installs (delete this one, and a running hubstash fills a "
	    "new one; or reindex into one and move the alias), or take away what else "
	    "maps the field (a template of somebody else's with a higher priority, an "
	    "ingest pipeline).",
	[ADVICE_OBJECT] = "One of index and document has an object there, the other a "
	    "single value. Make a new index with the template hubstash installs, or take "
	    "away what else maps or rewrites the field (a template with a higher "
	    "priority, an ingest pipeline).",
	[ADVICE_STRICT] = "The index takes no fields but those of its mapping. Add the "
	    "field to the mapping (PUT INDEX/_mapping), or set \"dynamic\": false as the "
	    "template hubstash installs does.",
	[ADVICE_TERM] = "The text is longer than a keyword may be (32,766 bytes). Set "
	    "ignore_above on the field (PUT INDEX/_mapping), as the template hubstash "
	    "installs does.",
	[ADVICE_FIELDS] = "The index has as many fields as it may. Other documents than "
	    "hubstash's may live in it: give hubstash an index of its own, or raise "
	    "index.mapping.total_fields.limit.",
	[ADVICE_LARGE] = "Alone it is larger than the server takes. Raise "
	    "http.max_content_length there (or the limit of a proxy before it: "
	    "client_max_body_size in nginx).",
	[ADVICE_NONE] = "The server's words are all there is. Once what they name is "
	    "changed, send it again.",
};

struct explained {
	enum advice	 advice;
	char		*field, *type, *value;
};

/* What stands between before and end; NULL: nothing. */
static char *
between(const char *text, const char *before, const char *end)
{
	const char *from = strstr(text, before), *to;

	if (from == NULL)
		return NULL;
	from += strlen(before);
	to = strstr(from, end);
	return to == NULL || to == from ? NULL : xstrndup(from, (size_t)(to - from));
}

static char *
value_at(const struct json *body, const char *field)
{
	const struct json *j = field != NULL ? json_get(body, field) : NULL;
	struct buf text = BUF(1u << 20);
	char *out = NULL;

	if (j != NULL) {
		json_print(j, &text);
		out = text.len > VALUE_MAX ? xasprintf("%.*s… (%zu bytes)", VALUE_MAX,
		    buf_str(&text), text.len) : xstrdup(buf_str(&text));
	}
	buf_fini(&text);
	return out;
}

static void
read_reason(const char *reason, const struct json *body, struct explained *x)
{
	size_t i = 0;

	while (strstr(reason, signs[i].words) == NULL ||
	    strstr(reason, signs[i].also) == NULL)
		i++;
	x->advice = signs[i].advice;
	if (signs[i].before != NULL)
		x->field = between(reason, signs[i].before, signs[i].end);
	x->type = between(reason, " of type [", "]");
	x->value = value_at(body, x->field);
	if (x->value == NULL && x->field != NULL)
		x->value = between(reason, "Preview of field's value: '", "'");
}

static void
row(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "%-10s", name);
	buf_plain(out, text);
	buf_puts(out, "\n");
}

static void
explain_text(const struct dead_row *d, const struct explained *x,
    const struct json *body, struct buf *out)
{
	char at[CLOCK_TEXT], *text;

	text = xasprintf("%" PRId64 "%s", d->id, d->again ? ", to be sent again" : "");
	row(out, "letter", text);
	free(text);
	text = xasprintf("%s of version %" PRId64, d->doc_id, d->version);
	row(out, "document", text);
	free(text);
	text = xasprintf("by %s%s%s, %" PRId64 " times, last %s", d->output,
	    d->target != NULL ? " for " : "", str_or(d->target, ""), d->times,
	    clock_iso(d->at_ms, at));
	row(out, "refused", text);
	free(text);
	row(out, "reason", str_or(d->reason, "no reason was kept"));
	if (x->field != NULL) {
		text = xasprintf("%s%s%s", x->field, x->type != NULL ?
		    ", in the index of type " : "", str_or(x->type, ""));
		row(out, "field", text);
		free(text);
	}
	if (x->value != NULL)
		row(out, "value", x->value);
	row(out, "change", advices[x->advice]);
	text = xasprintf("hubstash dlq replay %" PRId64, d->id);
	row(out, "then", text);
	free(text);
	buf_puts(out, "\n");
	json_pretty(body, out);
	buf_puts(out, "\n");
}

static void
explain_json(const struct dead_row *d, const struct explained *x, struct json *body,
    struct buf *out)
{
	struct json *o = dlq_json(d);

	json_set_str(o, "field", x->field);
	json_set_str(o, "type", x->type);
	json_set_str(o, "value", x->value);
	json_set_str(o, "change", advices[x->advice]);
	json_set(o, "source", body != NULL ? json_copy(body) : json_new_null());
	json_pretty(o, out);
	buf_puts(out, "\n");
	json_free(o);
}

void
dlq_explain(const struct dead_row *d, bool json, struct buf *out)
{
	struct explained x = { 0 };
	struct err e;
	struct json *body = json_parse(str_or(d->json, "null"),
	    strlen(str_or(d->json, "null")), &e);

	read_reason(str_or(d->reason, ""), body, &x);
	if (json)
		explain_json(d, &x, body, out);
	else
		explain_text(d, &x, body, out);
	free(x.field);
	free(x.type);
	free(x.value);
	json_free(body);
}

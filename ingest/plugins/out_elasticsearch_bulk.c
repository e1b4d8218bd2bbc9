/* SPDX-License-Identifier: Apache-2.0 */
/* out_elasticsearch_bulk.c - see out_elasticsearch_bulk.h. */
#include "plugins/out_elasticsearch_bulk.h"
#include "base/str.h"
#include "store/es.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ID	512		/* bytes: Elasticsearch's own limit */

bool
es_bulk_add(struct buf *out, const struct doc *d, const char **reason)
{
	size_t before = out->len;

	if (strlen(d->id) > MAX_ID || d->id[0] == '\0') {
		*reason = "its id is empty or longer than 512 bytes";
		return false;
	}
	if (d->version < 0) {
		*reason = "its version is negative";
		return false;
	}
	buf_printf(out, "{\"%s\":{\"_id\":", d->body != NULL ? "index" : "delete");
	buf_json(out, d->id);
	buf_printf(out, ",\"version\":%lld,\"version_type\":\"external_gte\"}}\n",
	    (long long)d->version);
	if (d->body != NULL) {
		json_print(d->body, out);
		buf_puts(out, "\n");
	}
	if (!out->failed)
		return true;
	*reason = "it is too large";
	out->failed = false;
	out->len = before;
	if (out->data != NULL)
		out->data[before] = '\0';
	return false;
}

void
es_outcome_set(struct es_outcome *o, enum outcome outcome, const char *reason)
{
	o->outcome = outcome;
	str_set(&o->reason, reason);
}

/*
 * illegal_argument_exception is said of a document (an immense term, a field that
 * cannot be what it is) and of an index (a data stream, an alias without a write
 * index, a pipeline that is missing). Only the former name a field.
 */
static bool
names_a_field(const char *reason)
{
	return strstr(reason, "field") != NULL || strstr(reason, "mapper [") != NULL ||
	    strstr(reason, "immense term") != NULL;
}

static bool
own_fault(int status, const char *type, const char *reason)
{
	static const char *const faults[] = { "document_parsing_exception",
	    "mapper_parsing_exception", "strict_dynamic_mapping_exception" };

	if (status != 400)
		return false;
	for (size_t i = 0; i < LEN(faults); i++)
		if (str_eq(type, faults[i]))
			return true;
	return str_eq(type, "illegal_argument_exception") && names_a_field(reason);
}

/* The only member of an item: {"index": {…}}. NULL if it is no item. */
static const struct json *
item_of(const struct json *reply, size_t i, int64_t *status)
{
	const struct json *item = json_at(json_get(reply, "items"), i);
	struct json_iter it = { 0 };

	if (json_len(item) != 1 || !json_each(item, &it) ||
	    !json_int(it.value, "status", status) || *status < 100 || *status > 999)
		return NULL;
	return it.value;
}

/* ES_BULK_QUERY asks for no ids; they come from who does not mind what is asked. */
static bool
same_id(const struct json *item, const char *id)
{
	const char *said = json_str(item, "_id");

	return said == NULL || id == NULL || str_eq(said, id);
}

static void
judge(const struct json *item, int status, struct es_outcome *o)
{
	const struct json *error = json_get(item, "error");
	const char *type = es_error_type(error), *reason = es_error_reason(error);
	struct buf text = BUF(8192);

	o->status = status;
	buf_printf(&text, "%d %.100s%s%.1000s", status, type,
	    reason[0] != '\0' ? ": " : "", reason);
	if (str_eq(json_str(item, "failure_store"), "used"))
		es_outcome_set(o, OUTCOME_REFUSED, "it went to the failure store");
	else if (((status >= 200 && status < 300) || status == 404) && error == NULL)
		es_outcome_set(o, OUTCOME_STORED, NULL);
	else if (status == 409 && str_eq(type, "version_conflict_engine_exception"))
		es_outcome_set(o, OUTCOME_STORED, NULL);	/* newer is there */
	else if (own_fault(status, type, reason))
		es_outcome_set(o, OUTCOME_REFUSED, buf_str(&text));
	else
		es_outcome_set(o, OUTCOME_AGAIN, buf_str(&text));
	buf_fini(&text);
}

bool
es_bulk_outcomes(const struct json *reply, struct es_outcome *outcome, size_t n)
{
	int64_t status;

	if (!json_is(json_get(reply, "items"), JSON_ARRAY) ||
	    json_len(json_get(reply, "items")) != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct json *item = item_of(reply, i, &status);

		if (item == NULL || !same_id(item, outcome[i].id))
			return false;
	}
	for (size_t i = 0; i < n; i++) {
		const struct json *item = item_of(reply, i, &status);

		judge(item, (int)status, &outcome[i]);
	}
	return true;
}

bool
es_bulk_all_refused(const struct es_outcome *outcome, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (outcome[i].outcome != OUTCOME_AGAIN)
			return false;
	/* A single odd item is no verdict on the index. */
	return n > 1 || (n == 1 && outcome[0].status != 400);
}

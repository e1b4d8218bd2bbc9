/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_es_bulk.c - documents into a bulk request, its reply into outcomes: whole
 * replies, garbage, and every kind of item a server was seen to give.
 */
#include "plugins/out_elasticsearch_bulk.h"
#include "tap.h"

#include <stdlib.h>

#define MAX_ITEMS 8

static void
bodies(void)
{
	struct buf out = BUF(4096), small = BUF(60);
	struct doc *d = doc_new("commit:1:a\"b", "commit", 0), *gone;
	const char *reason = "";
	char longest[600];

	doc_set_version(d, true, 5);
	doc_str(d, "user.name", "two\nlines");
	ok(es_bulk_add(&out, d, &reason), "a document is added");
	is_str(buf_str(&out), "{\"index\":{\"_id\":\"commit:1:a\\\"b\","
	    "\"version\":281474976710661,\"version_type\":\"external_gte\"}}\n"
	    "{\"@timestamp\":\"1970-01-01T00:00:00Z\",\"event\":{\"action\":\"commit\","
	    "\"id\":\"commit:1:a\\\"b\"},\"hubstash\":{\"version\":281474976710661},"
	    "\"user\":{\"name\":\"two\\nlines\"}}\n", "as two lines");
	ok(!es_bulk_add(&small, d, &reason), "it does not fit");
	is_str(reason, "it is too large", "  and that is the reason");
	ok(small.len == 0 && !small.failed, "  nothing is left of it");
	gone = doc_gone(d);
	buf_clear(&out);
	ok(es_bulk_add(&out, gone, &reason), "one that is to go");
	is_str(buf_str(&out), "{\"delete\":{\"_id\":\"commit:1:a\\\"b\","
	    "\"version\":281474976710661,\"version_type\":\"external_gte\"}}\n",
	    "is one line");
	doc_free(gone);
	d->version = -1;
	ok(!es_bulk_add(&out, d, &reason), "a negative version");
	doc_free(d);
	memset(longest, 'x', sizeof(longest));
	longest[513] = '\0';
	d = doc_new(longest, "commit", 0);
	ok(!es_bulk_add(&out, d, &reason), "an id of 513 bytes");
	doc_free(d);
	longest[512] = '\0';
	d = doc_new(longest, "commit", 0);
	ok(es_bulk_add(&out, d, &reason), "one of 512");
	doc_free(d);
	d = doc_new("", "commit", 0);
	ok(!es_bulk_add(&out, d, &reason), "no id");
	doc_free(d);
	buf_fini(&out);
	buf_fini(&small);
}

static struct es_outcome got[MAX_ITEMS];

static bool
judge(const char *text, size_t n)
{
	struct err e;
	struct json *j = json_parse(text, strlen(text), &e);
	bool good;

	for (size_t i = 0; i < MAX_ITEMS; i++) {
		free(got[i].reason);
		got[i] = (struct es_outcome){ .outcome = OUTCOME_AGAIN };
	}
	if (j == NULL)
		printf("# %s\n", e.text);
	good = es_bulk_outcomes(j, got, n);
	json_free(j);
	return good;
}

static void
item(const char *text, enum outcome outcome, const char *what)
{
	char reply[2048];

	snprintf(reply, sizeof(reply), "{\"errors\":true,\"items\":[{\"index\":%s}]}",
	    text);
	ok(judge(reply, 1) && got[0].outcome == outcome, "%s", what);
	if (got[0].outcome != OUTCOME_STORED)
		printf("# %s\n", got[0].reason);
}

#define ERR(status, type, reason) "{\"status\":" #status ",\"error\":{\"type\":\"" type \
	"\",\"reason\":\"" reason "\"}}"

static void
items(void)
{
	item("{\"status\":200}", OUTCOME_STORED, "200: written again");
	item("{\"status\":201}", OUTCOME_STORED, "201: new");
	item(ERR(409, "version_conflict_engine_exception", "[a]: version conflict"),
	    OUTCOME_STORED, "409 version conflict: something newer is there");
	item("{\"status\":404}", OUTCOME_STORED, "404: what was to go is gone");
	item(ERR(409, "some_other_exception", "x"), OUTCOME_AGAIN, "another 409");
	item("{\"status\":409}", OUTCOME_AGAIN, "a 409 without a word");
	item(ERR(400, "document_parsing_exception", "[1:9] failed to parse"),
	    OUTCOME_REFUSED, "the document's own fault");
	item(ERR(400, "mapper_parsing_exception", "failed to parse field [a]"),
	    OUTCOME_REFUSED, "the same in OpenSearch's words");
	item(ERR(400, "illegal_argument_exception", "Document contains at least one "
	    "immense term in field=\\\"a\\\""), OUTCOME_REFUSED, "an immense term");
	item(ERR(400, "illegal_argument_exception", "pipeline with id [x] does not exist"),
	    OUTCOME_AGAIN, "a pipeline that is missing is not its fault");
	item(ERR(400, "illegal_argument_exception", "no write index is defined for "
	    "alias [x]"), OUTCOME_AGAIN, "nor is an alias without a write index");
	item(ERR(400, "validation_exception", "this action would add [2] shards"),
	    OUTCOME_AGAIN, "nor is a cluster that is full");
	item(ERR(400, "index_closed_exception", "closed"), OUTCOME_AGAIN,
	    "nor is a closed index");
	item(ERR(404, "index_not_found_exception", "no such index [x]"), OUTCOME_AGAIN,
	    "nor is an index that is gone");
	item(ERR(403, "cluster_block_exception", "index [x] blocked by: "
	    "[FORBIDDEN/8/index write (api)];"), OUTCOME_AGAIN, "a block");
	item(ERR(403, "security_exception", "action is unauthorized"), OUTCOME_AGAIN,
	    "no right");
	item(ERR(429, "es_rejected_execution_exception", "rejected"), OUTCOME_AGAIN,
	    "too busy");
	item(ERR(429, "document_parsing_exception", "x"), OUTCOME_AGAIN,
	    "only a 400 is a fault");
	item(ERR(503, "unavailable_shards_exception", "x"), OUTCOME_AGAIN, "no shard");
	item("{\"status\":201,\"failure_store\":\"used\"}", OUTCOME_REFUSED,
	    "into the failure store");
	item("{\"status\":200,\"error\":{\"type\":\"odd\"}}", OUTCOME_AGAIN,
	    "good and bad at once");
	item("{\"status\":500,\"error\":\"a string\"}", OUTCOME_AGAIN, "an old error");
	item("{\"status\":500,\"error\":7}", OUTCOME_AGAIN, "an error of no kind");
	item("{\"status\":299}", OUTCOME_STORED, "any 2xx");
	item("{\"status\":302}", OUTCOME_AGAIN, "a redirect of an item");
}

static void
replies(void)
{
	static const char *const garbage[] = {
		"{}", "[]", "7", "null", "{\"items\":{}}", "{\"items\":[]}",
		"{\"items\":[{\"index\":{\"status\":200}}]}",
		"{\"items\":[{\"index\":{\"status\":200}},{\"index\":{\"status\":200}},"
		    "{\"index\":{\"status\":200}}]}",
		"{\"items\":[{\"index\":{\"status\":200}},{}]}",
		"{\"items\":[{\"index\":{\"status\":200}},null]}",
		"{\"items\":[{\"index\":{\"status\":200}},[]]}",
		"{\"items\":[{\"index\":{\"status\":200}},{\"index\":[200]}]}",
		"{\"items\":[{\"index\":{\"status\":200}},{\"index\":{}}]}",
		"{\"items\":[{\"index\":{\"status\":200}},{\"index\":{\"status\":\"200\"}}]}",
		"{\"items\":[{\"index\":{\"status\":200}},{\"index\":{\"status\":-200}}]}",
		"{\"items\":[{\"index\":{\"status\":200}},{\"index\":{\"status\":200},"
		    "\"create\":{\"status\":200}}]}",
	};

	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		ok(!judge(garbage[i], 2), "no reply: %s", garbage[i]);
		ok(got[0].outcome == OUTCOME_AGAIN, "  so nothing of it is believed");
	}
	ok(judge("{\"errors\":true,\"items\":[{\"index\":{\"status\":201}},"
	    "{\"create\":{\"status\":429,\"error\":{\"type\":\"a\",\"reason\":\"b\"}}},"
	    "{\"index\":{\"status\":409,\"error\":{\"type\":"
	    "\"version_conflict_engine_exception\",\"reason\":\"c\"}}}]}", 3) &&
	    got[0].outcome == OUTCOME_STORED && got[1].outcome == OUTCOME_AGAIN &&
	    got[2].outcome == OUTCOME_STORED, "each item on its own");
	is_str(got[1].reason, "429 a: b", "with its reason");
	ok(!es_bulk_all_refused(got, 3), "not all of it was refused");
	ok(judge("{\"items\":[{\"index\":{\"status\":429}},"
	    "{\"index\":{\"status\":403}}]}", 2) && es_bulk_all_refused(got, 2),
	    "all of it was");
	ok(judge("{\"items\":[{\"index\":{\"status\":400}}]}", 1) &&
	    !es_bulk_all_refused(got, 1), "one odd document is no verdict on the index");
	ok(judge("{\"items\":[{\"index\":{\"status\":403}}]}", 1) &&
	    es_bulk_all_refused(got, 1), "one that may not be written is");
	judge("{}", 0);
}

/* A server that does not mind which fields are asked for tells ids. */
static void
ids(void)
{
	struct es_outcome o[2] = { { .id = "a" }, { .id = "b" } };
	static const struct { const char *reply; bool good; } rows[] = {
		{ "{\"items\":[{\"index\":{\"_id\":\"a\",\"status\":201}},"
		    "{\"index\":{\"_id\":\"b\",\"status\":201}}]}", true },
		{ "{\"items\":[{\"index\":{\"_id\":\"b\",\"status\":201}},"
		    "{\"index\":{\"_id\":\"a\",\"status\":201}}]}", false },
		{ "{\"items\":[{\"index\":{\"status\":201}},"
		    "{\"index\":{\"_id\":\"c\",\"status\":201}}]}", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e;
		struct json *j = json_parse(rows[i].reply, strlen(rows[i].reply), &e);

		o[0].outcome = o[1].outcome = OUTCOME_AGAIN;
		ok(es_bulk_outcomes(j, o, 2) == rows[i].good && (o[0].outcome ==
		    OUTCOME_STORED) == rows[i].good, "ids: %s", rows[i].reply);
		json_free(j);
	}
}

int
main(void)
{
	bodies();
	items();
	replies();
	ids();
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/* test_es_mapping.c - does the mapping of an index do; the template built in. */
#include "store/es_index.h"
#include "store/es_mapping.h"
#include "plugins/out_elasticsearch_flagged.h"
#include "tap.h"

static struct json *
parse(const char *text)
{
	struct err e;
	struct json *j = json_parse(text, strlen(text), &e);

	if (j == NULL)
		printf("# %s: %s\n", text, e.text);
	return j;
}

#define OURS "{\"dynamic\":false,\"properties\":{\"a\":{\"properties\":{" \
	"\"id\":{\"type\":\"keyword\",\"ignore_above\":9},\"at\":{\"type\":\"date\"}," \
	"\"raw\":{\"type\":\"keyword\",\"index\":false}}}}}"

static void
fits(const char *a, enum es_fit want, const char *why)
{
	struct json *ours = parse(OURS), *theirs;
	char text[512], said[256];

	snprintf(text, sizeof(text), "{\"dynamic\":\"false\",\"properties\":{%s}}", a);
	theirs = parse(text);
	ok(es_mapping_fit(ours, theirs, said, sizeof(said)) == want, "%s", a);
	is_str(said, why, "  and why");
	json_free(ours);
	json_free(theirs);
}

#define AT	"\"at\":{\"type\":\"date\"}"
#define RAW	"\"raw\":{\"type\":\"keyword\",\"index\":false}"

static void
mappings(void)
{
	char why[256];
	struct json *ours = parse(OURS), *theirs = parse("{}");

	fits("\"a\":{\"properties\":{\"id\":{\"type\":\"keyword\"}," AT "," RAW "}}",
	    ES_FITS, "");
	fits("\"a\":{\"properties\":{\"id\":{\"type\":\"keyword\"}," AT "," RAW
	    ",\"more\":{\"type\":\"long\"}}},\"b\":{\"type\":\"text\"}", ES_FITS, "");
	fits("\"a\":{\"properties\":{\"id\":{\"type\":\"long\"}," AT "," RAW "}}",
	    ES_DIFFERS, "field a.id is mapped as long, not as keyword");
	fits("\"a\":{\"type\":\"keyword\"}", ES_DIFFERS,
	    "field a is mapped as keyword, not as object");
	fits("\"a\":{\"type\":\"nested\",\"properties\":{}}", ES_DIFFERS,
	    "field a is mapped as nested, not as object");
	fits("\"a\":{\"properties\":{\"id\":{\"type\":\"keyword\",\"index\":false}," AT
	    "," RAW "}}", ES_DIFFERS, "field a.id is mapped with index: false");
	fits("\"a\":{\"properties\":{\"id\":{\"type\":\"keyword\",\"doc_values\":false},"
	    AT "," RAW "}}", ES_DIFFERS, "field a.id is mapped with doc_values: false");
	fits("\"a\":{\"enabled\":false}", ES_DIFFERS,
	    "field a is mapped with enabled: false");
	fits("\"a\":{\"properties\":{\"id\":{\"type\":\"keyword\"}," RAW "}}", ES_LACKS,
	    "field a.at is not mapped");
	fits("", ES_LACKS, "field a is not mapped");
	/* what can be added does not hide what cannot */
	fits("\"a\":{\"properties\":{\"at\":{\"type\":\"keyword\"}}}", ES_DIFFERS,
	    "field a.at is mapped as keyword, not as date");
	ok(es_mapping_fit(ours, NULL, why, sizeof(why)) == ES_LACKS, "no mapping at all");
	ok(es_mapping_fit(ours, theirs, why, sizeof(why)) == ES_LACKS, "an empty one");
	json_free(ours);
	json_free(theirs);
	ours = parse("{\"properties\":{\"a.b\":{\"type\":\"long\"}}}");
	theirs = parse("{\"properties\":{\"a\":{\"properties\":{\"b\":"
	    "{\"type\":\"long\"}}}}}");
	ok(es_mapping_fit(ours, theirs, why, sizeof(why)) == ES_FITS,
	    "a name with a dot is an object on the way");
	json_free(theirs);
	theirs = parse("{\"dynamic\":\"true\",\"properties\":{\"t\":{\"type\":\"text\"}}}");
	ok(es_mapping_foreign(theirs), "an index of somebody else");
	json_free(theirs);
	theirs = parse("{\"properties\":{\"hubstash\":{\"properties\":{\"version\":"
	    "{\"type\":\"long\"}}}}}");
	ok(!es_mapping_foreign(theirs), "one of ours");
	ok(!es_mapping_foreign(NULL), "one without any field");
	json_free(ours);
	json_free(theirs);
}

static void
template_built_in(void)
{
	struct err e;
	struct json *t = json_parse(es_template, es_template_len, &e);
	char why[256];
	FILE *f = fopen("pipelines/index-template.json", "re");
	char text[64 << 10];
	size_t n = f != NULL ? fread(text, 1, sizeof(text), f) : 0;

	if (f != NULL)
		fclose(f);
	ok(n == es_template_len && memcmp(text, es_template, n) == 0,
	    "the template built in is the file");
	ok(json_is(json_get(t, "template.mappings.properties"), JSON_OBJECT),
	    "it has mappings");
	ok(es_mapping_fit(json_get(t, "template.mappings"),
	    json_get(t, "template.mappings"), why, sizeof(why)) == ES_FITS,
	    "which fit themselves");
	ok(!es_mapping_foreign(json_get(t, "template.mappings")), "and are ours");
	json_free(t);
}

static void
uuids(void)
{
	struct json *one = parse("{\"x.y\":{\"settings\":{\"index\":{\"uuid\":\"U\"}}}}");
	struct json *two = parse("{\"x\":{\"settings\":{\"index\":{\"uuid\":\"U\"}}},"
	    "\"y\":{\"settings\":{\"index\":{\"uuid\":\"U\"}}}}");
	struct json *none = parse("{\"error\":{\"type\":\"index_not_found\"}}");

	is_str(es_index_uuid_of(one), "U", "the UUID of an answer");
	ok(es_index_uuid_of(two) == NULL, "of two indices there is none");
	ok(es_index_uuid_of(none) == NULL, "of an error neither");
	ok(es_index_uuid_of(NULL) == NULL, "nor of nothing");
	json_free(one);
	json_free(two);
	json_free(none);
}

static void
flagged(void)
{
	static const char *const bad[] = {
		"{}", "{\"_shards\":{\"failed\":1},\"hits\":{\"hits\":[]}}",
		"{\"timed_out\":true,\"_shards\":{\"failed\":0}}",
		"{\"_shards\":{\"failed\":0},\"hits\":{\"hits\":[{}]}}",
		"{\"_shards\":{\"failed\":0},\"hits\":{\"hits\":[{\"_id\":\"a\","
		    "\"_version\":1,\"_source\":{\"event\":{\"action\":\"commit\"},"
		    "\"@timestamp\":\"soon\"}}]}}",
	};
	struct docs docs = { 0 };
	struct buf body = BUF(4096);
	struct json *j;

	j = parse("{\"timed_out\":false,\"_shards\":{\"failed\":0},\"hits\":{\"hits\":["
	    "{\"_id\":\"commit:1:a\",\"_version\":281474976710661,\"_source\":{\"event\":"
	    "{\"action\":\"commit\"},\"@timestamp\":\"2026-01-31T23:59:59Z\",\"x\":1}}]}}");
	ok(es_flagged_docs(j, &docs) && docs.count == 1, "a commit is found");
	is_str(docs.doc[0]->id, "commit:1:a", "its id");
	is_str(docs.doc[0]->action, "commit", "its action");
	is_int(docs.doc[0]->version, 281474976710661, "its version");
	is_int(docs.doc[0]->ts_ms, 1769903999000, "its time");
	ok(json_len(docs.doc[0]->body) == 3, "its body and nothing more");
	docs_fini(&docs);
	json_free(j);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		j = parse(bad[i]);
		ok(!es_flagged_docs(j, &docs), "no answer: %s", bad[i]);
		docs_fini(&docs);
		json_free(j);
	}
	es_flagged_query(&body, 7, 281474976710700, 20000);
	j = parse(buf_str(&body));
	ok(j != NULL && strstr(buf_str(&body), "\"size\":10000,") != NULL,
	    "the question is JSON, and not for more than a search gives");
	ok(strstr(buf_str(&body), "{\"lt\":44}") != NULL && strstr(buf_str(&body),
	    "{\"gte\":281474976710656,\"lt\":281474976710700}") != NULL,
	    "clocks are compared, of complete copies and of others");
	json_free(j);
	buf_clear(&body);
	es_page_query(&body, "", 5);
	is_str(buf_str(&body), "{\"size\":5,\"version\":true,\"track_total_hits\":false,"
	    "\"sort\":[\"event.id\"]}", "the first page");
	buf_clear(&body);
	es_page_query(&body, "a\"b", 5);
	is_str(buf_str(&body), "{\"size\":5,\"version\":true,\"track_total_hits\":false,"
	    "\"sort\":[\"event.id\"],\"search_after\":[\"a\\\"b\"]}", "and what follows");
	buf_fini(&body);
}

int
main(void)
{
	mappings();
	template_built_in();
	uuids();
	flagged();
	return done();
}

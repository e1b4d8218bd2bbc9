/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fuzzer's entry point over answers as they are: whole, cut off at every byte,
 * and with bytes changed in a fixed pseudo-random way.
 */
#include "../fuzz/elasticsearch.c"
#include "corpus.h"

#include "tap.h"

static const char *const seeds[] = {
	"b{\"errors\":true,\"items\":[{\"index\":{\"status\":201}},{\"index\":{\"status\":400,"
	    "\"error\":{\"type\":\"document_parsing_exception\",\"reason\":\"[1:9] failed\","
	    "\"caused_by\":{\"type\":\"x\",\"reason\":\"y\"}}}},{\"index\":{\"status\":429,"
	    "\"error\":{\"type\":\"es_rejected_execution_exception\",\"reason\":\"r\"}}},"
	    "{\"index\":{\"status\":409,\"error\":{\"type\":"
	    "\"version_conflict_engine_exception\",\"reason\":\"c\"}}},"
	    "{\"index\":{\"status\":201,\"failure_store\":\"used\"}}]}",
	"m{\"dynamic\":\"false\",\"_meta\":{},\"properties\":{\"@timestamp\":{\"type\":"
	    "\"date\"},\"github\":{\"properties\":{\"repo_id\":{\"type\":\"long\","
	    "\"index\":false},\"commit\":{\"type\":\"nested\"}}}}}",
	"s{\"x\":{\"settings\":{\"index\":{\"uuid\":\"U\"}}}}",
	"f{\"timed_out\":false,\"_shards\":{\"failed\":0},\"hits\":{\"hits\":[{\"_id\":"
	    "\"commit:1:a\",\"_version\":281474976710661,\"_source\":{\"event\":{\"action\":"
	    "\"commit\"},\"@timestamp\":\"2026-01-31T23:59:59Z\"}}]}}",
	"ahttps://user:p%40ss@es1.example.org:9200/prefix/",
	"a[2001:db8::1]:9201",
	"ahttps://kibana.example.org/base/s/team-a/",
	"k{\"type\":\"search\",\"id\":\"i\",\"attributes\":{\"panelsJSON\":\"[{\\\"a\\\":1}]"
	    "\",\"sort\":[[\"x\",\"asc\"]],\"tabs\":[{\"attributes\":{\"grid\":{}}}]},"
	    "\"references\":[{\"id\":\"r\",\"name\":\"n\"}]}",
	"ahubstash-activity",
};

static void
try_all(const char *text, uint32_t *seed)
{
	static const char bytes[] = "{}[]\":,0123456789.-eE%@/\\ tfn\x01\xff";
	size_t n = strlen(text);

	for (size_t i = 0; i <= n; i++) {
		char *copy = xcalloc(1, i + 1);

		memcpy(copy, text, i);
		LLVMFuzzerTestOneInput((const uint8_t *)copy, i);
		free(copy);
	}
	for (int k = 0; k < 3000; k++) {
		char *copy = xstrdup(text);

		for (int c = 0; c <= k % 4; c++) {
			*seed = *seed * 1664525 + 1013904223;
			copy[1 + (*seed >> 8) % (n - 1)] =
			    bytes[(*seed >> 24) % (sizeof(bytes) - 1)];
		}
		LLVMFuzzerTestOneInput((const uint8_t *)copy, n);
		free(copy);
	}
	ok(true, "%.60s", text);
}

int
main(void)
{
	uint32_t seed = 1;

	for (size_t i = 0; i < LEN(seeds); i++)
		try_all(seeds[i], &seed);
	corpus_replay("elasticsearch");
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as compact text is what json-c itself would print, value by value. */
#include "data/json_in.h"

#include <json-c/json.h>
#include <string.h>

#include "github/people.h"
#include "samples.h"
#include "tap.h"

static size_t differ;

static bool
prints(const struct json *j)
{
	struct buf out = BUF((size_t)64 << 20);
	const char *want = json_object_to_json_string_ext(json_to_c(j),
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	bool good;

	json_print(j, &out);
	good = str_eq(buf_str(&out), want);
	if (!good && differ++ < 3)
		printf("# got  %.300s\n# want %.300s\n", buf_str(&out), want);
	buf_fini(&out);
	return good;
}

/* The event, and the documents that are made of it. */
static void
see(const struct json *event, void *arg)
{
	static struct people_rules *rules;
	struct normal n = { .now_ms = 1767225600000 };
	struct docs docs = { 0 };
	struct hints hints = { 0 };
	size_t *wrong = arg;
	struct err e;

	if (rules == NULL)
		rules = people_rules_new();
	n.rules = rules;
	*wrong += !prints(event);
	*wrong += !event_read(&n, event, EVENT_RECORDED, &docs, &hints, &e);
	for (size_t i = 0; i < docs.count; i++)
		*wrong += !prints(docs.doc[i]->body);
	contract_check(&docs, false);
	docs_fini(&docs);
	hints_fini(&hints);
}

int
main(void)
{
	static const char *const texts[] = { "null", "true", "[]", "{}", "[null,{}]",
	    "\"\"", "\"a\\\"b\\\\c/d\\u00fc\\u0000e\\n\\t\\b\\f\\r\\u001f\\u007f\"",
	    "0", "-1", "9223372036854775807", "-9223372036854775808",
	    "9223372036854775808", "18446744073709551614", "1.5", "-0.0", "1e300", "123456789.25",
	    "{\"a\\\"\":[1,\"x\",{\"b\":false}],\"\":{}}", "\"\\ud83d\\ude00\"" };
	struct json *d = json_new_double(2.0);

	contract_read();
	for (size_t i = 0; i < LEN(texts); i++) {
		struct err e;
		struct json *j = json_parse(texts[i], strlen(texts[i]), &e);

		ok(j != NULL && prints(j), "%s", texts[i]);
		json_free(j);
	}
	ok(prints(d), "a double of ours");
	json_free(d);
	for (size_t i = 0; i < LEN(samples); i++) {
		size_t wrong = 0, n = sample_each(samples[i], see, &wrong);

		ok(n > 0 && wrong == 0, "%s: %zu events", samples[i], n);
	}
	return done();
}

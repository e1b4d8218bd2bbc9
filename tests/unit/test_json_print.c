/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as text is what json-c itself would print, value by value, compact or to be
 * looked at; and what is no UTF-8 is refused where it begins.
 */
#include "data/json.h"

#include <json-c/json.h>
#include <string.h>

#include "github/people.h"
#include "samples.h"
#include "tap.h"

static size_t differ;

/* As json-c prints what we printed, and it read. */
static bool
as_json_c(const char *got, const char *text, int flags)
{
	struct json_object *o = json_tokener_parse(text);
	const char *want = json_object_to_json_string_ext(o,
	    flags | JSON_C_TO_STRING_NOSLASHESCAPE);
	bool good = str_eq(got, want);

	if (!good && differ++ < 3)
		printf("# got  %.300s\n# want %.300s\n", got, want);
	json_object_put(o);
	return good;
}

static bool
prints(const struct json *j)
{
	struct buf plain = BUF((size_t)64 << 20), pretty = BUF((size_t)64 << 20);
	struct json *copy = json_copy(j);
	bool good;

	json_print(j, &plain);
	json_pretty(copy, &pretty);
	good = as_json_c(buf_str(&plain), buf_str(&plain), JSON_C_TO_STRING_PLAIN);
	good = as_json_c(buf_str(&pretty), buf_str(&plain), JSON_C_TO_STRING_PRETTY |
	    JSON_C_TO_STRING_SPACED) && good;
	good = good && json_equal(j, copy) && json_equal(copy, j);
	json_free(copy);
	buf_fini(&plain);
	buf_fini(&pretty);
	return good;
}

static void
test_utf8(void)
{
	static const struct {
		const char	*text;
		int		 at;	/* -1: it is UTF-8 */
	} cases[] = {
		{ "\"\x7f\xc2\x80\xdf\xbf\"", -1 },
		{ "\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"", -1 },
		{ "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"", -1 },
		{ "\"12345678\x80\"", 9 },		/* nothing before it */
		{ "\"\xc1\xbf\"", 1 },		/* longer than need be */
		{ "\"\xe0\x9f\xbf\"", 1 }, { "\"\xf0\x8f\xbf\xbf\"", 1 },
		{ "\"\xed\xa0\x80\"", 1 },		/* half a pair */
		{ "\"\xf4\x90\x80\x80\"", 1 }, { "\"\xf5\x80\x80\x80\"", 1 },
		{ "\"\xe2\x82\"", 1 }, { "\"\xe2\x82", 1 }, { "\"\xff\"", 1 },
	};
	char want[64];

	for (size_t i = 0; i < LEN(cases); i++) {
		struct err e = { 0 };
		struct json *j = json_parse(cases[i].text, strlen(cases[i].text), &e);

		snprintf(want, sizeof(want), "not JSON: invalid utf-8 at byte %d",
		    cases[i].at);
		if (cases[i].at < 0)
			is_str(json_text(j) != NULL ? "read" : e.text, "read", "UTF-8");
		else
			is_str(j == NULL ? e.text : "read", want, "not UTF-8");
		json_free(j);
	}
}

/* A path's objects are made, replaced and left alone; order is kept. */
static void
test_changes(void)
{
	struct json *o = json_new_object(), *taken;
	struct buf out = BUF(1000);

	for (int i = 0; i < 6; i++) {
		char name[48];

		snprintf(name, sizeof(name), "%d.a name of twenty %d", i, i);
		json_set_int(o, name, i);
	}
	json_set_str(o, "1", "replaced");
	json_set_str(o, "1.no object", "nothing");
	json_del(o, "2.a name of twenty 2");
	json_del(o, "9.not there");
	json_del(o, "3");
	taken = json_take(o, "4");
	json_set(o, "0.taken", taken);
	json_set(o, "list", json_new_array());
	json_push(json_get(o, "list"), json_new_null());
	json_push(json_get(o, "list"), json_new_string("cut"));
	json_cut(json_get(o, "list"), 1);
	json_cut(json_get(o, "list"), 7);
	json_cut(o, 0);
	json_push(json_get(o, "1"), json_new_int(1));
	json_print(o, &out);
	is_str(buf_str(&out), "{\"0\":{\"a name of twenty 0\":0,\"taken\":"
	    "{\"a name of twenty 4\":4}},\"1\":\"replaced\",\"2\":{},"
	    "\"5\":{\"a name of twenty 5\":5},\"list\":[null]}", "a tree that changes");
	ok(json_take(o, "3") == NULL, "what is not there is not taken");
	json_free(o);
	buf_fini(&out);
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
	    "{\"a\":[],\"b\":{}}",
	    "{\"a\\\"\":[1,\"x\",{\"b\":false}],\"\":{}}", "\"\\ud83d\\ude00\"" };
	struct json *d = json_new_double(2.0);

	contract_read();
	test_utf8();
	test_changes();
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

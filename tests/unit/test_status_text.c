/* SPDX-License-Identifier: Apache-2.0 */
/* What status prints reaches a terminal; names of people must not speak to it. */
#include "base/str.h"
#include "cmd/status_text.h"
#include "data/json.h"
#include "tap.h"

static void
names(void)
{
	static const char *const rows[][2] = {
		{ "sim-ann", "sim-ann" },
		{ "a\x1b[2Jb", "a?[2Jb" },
		{ "a\x7f" "b", "a?b" },
		{ "a\xc2\x9b" "2Jb\xc2\x85" "c", "a?2Jb?c" },
		{ "\xc3\xa9\xc2\xa0\xe2\x80\xa2", "\xc3\xa9\xc2\xa0\xe2\x80\xa2" },
	};

	for (size_t i = 0; i < LEN(rows); i++) {
		struct json *o = json_new_object(), *p = json_new_object();
		struct json *list = json_new_array();
		struct buf out = BUF(1 << 16);
		char *want = xasprintf("      0  %s  (commits", rows[i][1]);

		json_set_str(p, "person", rows[i][0]);
		json_push(list, p);
		json_set(o, "people", list);
		status_text(o, &out);
		ok(strstr(buf_str(&out), want) != NULL, "%s", rows[i][1]);
		str_set(&want, NULL);
		buf_fini(&out);
		json_free(o);
	}
}

static void
coverage(const char *text, const char *want)
{
	struct json *o = json_new_object(), *c = json_new_object();
	struct json *list = json_new_array();
	struct buf out = BUF(1 << 16);

	json_set_str(c, "repository", "o/r");
	json_set_str(c, "kind", "commits");
	json_set_str(c, "since", text);
	json_push(list, c);
	json_set(o, "coverage", list);
	status_text(o, &out);
	is_str(buf_str(&out), want, "coverage");
	buf_fini(&out);
	json_free(o);
}

int
main(void)
{
	names();
	coverage("1970-01-01T00:00:00.001Z", "o/r commits: since the beginning\n");
	coverage("2026-01-01T00:00:00Z", "o/r commits: since 2026-01-01T00:00:00Z\n");
	coverage(NULL, "o/r commits: since nothing yet\n");
	return done();
}

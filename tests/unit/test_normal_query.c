/* SPDX-License-Identifier: Apache-2.0 */
/* Queries out of parts: each fragment that is spread is defined, once. */
#include "base/str.h"
#include "github/query.h"
#include "tap.h"

static size_t
times(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *p = text; (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

static void
query_is(const char *part, const char *defined)
{
	static const char *const all[] = { "actor", "census",
		"censusPulls", "censusIssues", "link", "commit", "pull",
		"review", "reviewComment", "issueComment", "issue", "release" };
	struct buf parts = BUF(1 << 16), out = BUF(1 << 20), got = BUF(4096);

	buf_puts(&parts, part);
	query_finish(&parts, &out);
	for (size_t i = 0; i < LEN(all); i++) {
		char name[64];
		size_t n;

		snprintf(name, sizeof(name), " fragment %s on ", all[i]);
		n = times(buf_str(&out), name);
		if (n > 0)
			buf_printf(&got, "%s%s%s", got.len > 0 ? " " : "", all[i],
			    n > 1 ? "!" : "");
	}
	is_str(buf_str(&got), defined, part);
	ok(str_starts(buf_str(&out), "query{") && times(buf_str(&out), part) == 1 &&
	    times(buf_str(&out), "rateLimit{") == 1, "it is a query, with its price");
	ok(times(buf_str(&out), "{") == times(buf_str(&out), "}") &&
	    times(buf_str(&out), "(") == times(buf_str(&out), ")"), "brackets close");
	buf_fini(&parts);
	buf_fini(&out);
	buf_fini(&got);
}

int
main(void)
{
	struct buf b = BUF(256);

	query_is("a0:viewer{login}", "");
	query_is("a0:node(id:\"x\"){...on Repository{...census}}", "census");
	query_is("a0:node(id:\"x\"){...census ...censusPulls ...censusIssues}",
	    "census censusPulls censusIssues");
	query_is("a0:node(id:\"x\"){...on Commit{...link}}", "link");
	query_is("a0:node(id:\"x\"){...commit} a1:node(id:\"y\"){...commit ...link}",
	    "link commit");
	query_is("a0:x{...pull}", "actor pull review reviewComment issueComment");
	query_is("a0:x{...issue}", "actor issueComment issue");
	query_is("a0:x{...release}", "actor release");
	query_is("a0:x(y:\"...pull \\\" ...pull\"){... on Z{b}}", "");
	query_is("a0:x{...pulls}", "");
	query_string(&b, "a\"b\\c\n");
	is_str(buf_str(&b), "\"a\\\"b\\\\c\\u000a\"", "a string is quoted");
	buf_fini(&b);
	return done();
}

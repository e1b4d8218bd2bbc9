/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal.c - any bytes as an answer of GitHub's: no crash, no leak; what is
 * refused adds nothing; each document prints, and is JSON again. The first byte
 * says what the answer is of.
 */
#include <stdio.h>
#include <stdlib.h>

#include "github/normal.h"
#include "github/people.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool
run(unsigned kind, const struct normal *n, const struct json *node, struct docs *out)
{
	switch (kind % 7) {
	case 0:
	case 1:
		return normal_commit(n, node, kind % 7 == 0, out);
	case 2:
		return normal_pull(n, node, out);
	case 3:
		return normal_issue(n, node, out);
	case 4:
		return normal_release(n, node, out);
	case 5:
		return normal_rest_issue_comment(n, node, out);
	default:
		return normal_rest_review_comment(n, node, out);
	}
}

static void
prints(const struct doc *d)
{
	struct buf text = BUF(64 << 20);
	struct err e;
	struct json *again;

	json_print(d->body, &text);
	again = json_parse(buf_str(&text), text.len, &e);
	if (again == NULL || !json_equal(again, d->body))
		die("%s does not print: %s", d->id, again == NULL ? e.text : "other");
	json_free(again);
	buf_fini(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct people_rules *rules;
	struct normal normal = { .repo_id = 1, .org_id = 2, .repo = "sim-works/engine",
	    .org = "sim-works", .look_s = 1767225600, .now_ms = 1767225600000 };
	struct docs docs = { 0 };
	struct json *node;
	struct err e;

	if (n == 0)
		return 0;
	if (rules == NULL)
		rules = people_rules_new();
	normal.rules = rules;
	normal.keep_email = data[0] & 0x80;
	node = json_parse((const char *)data + 1, n - 1, &e);
	if (node != NULL && !run(data[0] & 0x7f, &normal, node, &docs) &&
	    docs.count > 0)
		die("refused, yet %zu documents", docs.count);
	for (size_t i = 0; i < docs.count; i++)
		prints(docs.doc[i]);
	docs_fini(&docs);
	json_free(node);
	return 0;
}

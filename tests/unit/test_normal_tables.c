/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tables/normal: one answer in, its documents out (normal_case.h). With
 * UPDATE=1 in the environment the documents are written instead: read them.
 */
#include "normal_case.h"

static void
check(const char *path, struct normal_case *c, void *arg)
{
	const struct people_rules *rules = arg;
	struct normal n = case_normal(rules, c->keep_email);
	struct buf got = BUF(4 << 20);
	struct docs docs = { 0 };
	struct buf file;
	FILE *f;

	if (!case_run(c->kind, &n, c->node, &docs))
		buf_puts(&got, "refused\n");
	for (size_t i = 0; i < docs.count; i++) {
		json_pretty(docs.doc[i]->body, &got);
		buf_puts(&got, "\n");
	}
	if (getenv("UPDATE") != NULL && !str_eq(buf_str(&got), c->want)) {
		file = case_file(path);
		if ((f = fopen(path, "we")) != NULL) {
			fwrite(file.data, 1, c->head, f);
			fwrite(buf_str(&got), 1, got.len, f);
			fclose(f);
		}
		buf_fini(&file);
	} else if (!ok(str_eq(buf_str(&got), c->want), "%s", path)) {
		printf("# got:\n%s# want:\n%s", buf_str(&got), c->want);
	}
	for (size_t i = 0; i < docs.count; i++) {
		const struct doc *d = docs.doc[i];
		int64_t version = 0, ms = 0;

		json_int(d->body, "hubstash.version", &version);
		if (json_str(d->body, "@timestamp") == NULL ||
		    !clock_parse_iso(json_str(d->body, "@timestamp"), &ms, NULL) ||
		    ms != d->ts_ms || version != d->version ||
		    !str_eq(json_str(d->body, "event.id"), d->id) ||
		    !str_eq(json_str(d->body, "event.action"), d->action))
			ok(false, "%s: %s: what stands beside the body", path, d->id);
	}
	docs_fini(&docs);
	buf_fini(&got);
}

int
main(void)
{
	struct people_rules *rules = people_rules_new();

	case_each(check, rules);
	people_rules_free(rules);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dry_run.c - hubstash dry-run: one pass, documents to stdout, nothing written
 * anywhere else. Its state is in memory.
 */
#include "base/str.h"
#include "cmd/cmd.h"

/* What is to be read: files, an organisation, or a pipeline's inputs. */
static int
choose(const struct args *a, struct buf *text, struct err *e)
{
	bool github = a->orgs.n > 0 || a->repos.n > 0;

	if ((a->pipelines.n > 0) + github + (a->rest.n > 0) > 1)
		return usage("dry-run reads -f PIPELINE, or --org ORG, or files, not "
		    "several of them");
	if (a->rest.n > 0)
		return default_files(a, text, e) ? 0 : cmd_fail(e);
	if (github)
		return default_github(a, text, e) ? 0 : cmd_fail(e);
	if (a->pipelines.n > 0)
		return 0;
	return usage("dry-run of what? Give files, --org ORG or -f PIPELINE");
}

int
cmd_dry_run(struct args *a)
{
	struct buf text = BUF(4u << 20);
	struct session s = { 0 };
	struct err e;
	int status = choose(a, &text, &e);

	if (status == 0)
		status = session_open(&s, &(struct session_conf){
		    .pipelines = &a->pipelines, .text = buf_str(&text),
		    .mode = RUN_ONCE, .to_stdout = true,
		    .codec = a->pretty ? "rubydebug" : NULL });
	if (status == 0)
		status = session_run(&s);
	session_close(&s);
	buf_fini(&text);
	return status;
}

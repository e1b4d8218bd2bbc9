/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - the table of commands, and the one that was asked for. */
#include "base/log.h"
#include "base/str.h"
#include "cmd/cmd.h"

#include <stdio.h>
#include <string.h>

static const struct command commands[] = {
	{ "run", FOR_RUN, "--org ORG | --repo OWNER/NAME | -f PIPELINE",
	    "Follow organisations for ever: into activity.db in the data directory, into "
	    "Elasticsearch with ELASTICSEARCH_URL set, or as a pipeline file says.",
	    cmd_run },
	{ "backfill", FOR_BACKFILL, "--org ORG | --repo OWNER/NAME [--since TIME]",
	    "Load older history, beside a running engine or alone; killed anywhere it "
	    "goes on where it was.", cmd_backfill },
	{ "status", FOR_STATUS, "[--json | --coverage]",
	    "People in order of activity; then how far the work is, what is missing and "
	    "why, and what is wrong.", cmd_status },
	{ "dry-run", FOR_DRY_RUN, "[--org ORG | -f PIPELINE | FILE...]",
	    "One pass over an organisation's feed, a pipeline's inputs or recorded files "
	    "(plain or gzip, - for standard input): documents to standard output as JSON "
	    "lines, nothing written anywhere.", cmd_dry_run },
	{ "dlq", FOR_DLQ, "list | explain ID | replay [ID...]",
	    "Dead letters, which are documents that an output refused: list them, "
	    "explain one and what to change, send them again, beside a running engine or "
	    "alone.",
	    cmd_dlq },
	{ "setup", FOR_SETUP, "[-f PIPELINE] [--dry-run | --queries | --remove]",
	    "Make ready what documents go to and what shows them: the index template, "
	    "and with KIBANA_URL set the data views and dashboards of Kibana. May be "
	    "run again at any time; says of each thing whether it was made, replaced "
	    "or the same.", cmd_setup },
	{ "reidentify", FOR_REIDENTIFY, "[-f PIPELINE]",
	    "Put what the filter contributor says of people now into what is stored, "
	    "without asking GitHub; logins that were renamed, too. Killed anywhere, run "
	    "it again. Not beside a running engine.", cmd_reidentify },
	{ "check", FOR_CHECK, "-f PIPELINE | --explain [PLUGIN | metrics]",
	    "Tell all mistakes of a pipeline file at once, each with its place; or what "
	    "plugins there are and what options they take.", cmd_check },
};

static void
help(FILE *out)
{
	fputs("hubstash: Logstash for GitHub activity\n\n", out);
	for (size_t i = 0; i < LEN(commands); i++)
		fprintf(out, "  hubstash %-10s %s\n", commands[i].name,
		    commands[i].usage);
	fputs("\nhubstash COMMAND --help tells more. Secrets come from the environment: "
	    "GITHUB_TOKEN,\nELASTICSEARCH_URL with ELASTICSEARCH_API_KEY or _USERNAME "
	    "and _PASSWORD.\n", out);
}

static const struct command *
find(const char *name)
{
	for (size_t i = 0; i < LEN(commands); i++)
		if (str_eq(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static int
fail_unknown(const char *name)
{
	const char *names[LEN(commands)], *near;

	for (size_t i = 0; i < LEN(commands); i++)
		names[i] = commands[i].name;
	near = str_nearest(name, names, LEN(commands));
	if (near != NULL)
		return usage("there is no command \"%s\"; did you mean \"%s\"?", name,
		    near);
	return usage("there is no command \"%s\"; hubstash --help lists them", name);
}

static bool
is_help(const char *s)
{
	return str_eq(s, "--help") || str_eq(s, "-h") || str_eq(s, "help");
}

/* Output that cannot be written (a full disk) is a failure; a closed pipe is not. */
static int
flushed(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	return status != 0 ? status : 75;
}

int
main(int argc, char **argv)
{
	const struct command *c;
	struct args a = { 0 };
	int status = 2;

	xmemory_init();
	if (argc < 2) {
		help(stderr);
		return 2;
	}
	if (is_help(argv[1]) && (argc == 2 || find(argv[2]) == NULL)) {
		help(stdout);
		return flushed(0);
	}
	if (str_eq(argv[1], "--version") || str_eq(argv[1], "version")) {
		printf("hubstash %s\n", HUBSTASH_VERSION);
		return flushed(0);
	}
	c = find(is_help(argv[1]) ? argv[2] : argv[1]);
	if (c == NULL)
		return fail_unknown(argv[1]);
	if (is_help(argv[1])) {
		args_help(c);
		return flushed(0);
	}
	if (args_parse(c, argv + 2, &a)) {
		status = 0;
		if (a.help)
			args_help(c);
		else
			status = c->run(&a);
	}
	log_flush();
	args_fini(&a);
	return flushed(status);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd.h - what the commands have in common: flags, the pipeline that flags mean,
 * and one pipeline run from its text to the exit status.
 *
 * A command says itself why it fails (cmd_fail, usage) and returns an exit status:
 * 0 done, 1 the work found something wrong, 2 usage or configuration, 3 the other
 * side refused, 75 could not be done now.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "conf/conf.h"
#include "conf/options.h"
#include "core/pipeline.h"
#include "io/loop.h"
#include "state/state.h"

/* All flags of all commands; those a command does not take stay zero. */
struct args {
	bool		 help, json, coverage, pretty, explain, cancel, insecure;
	bool		 dry_run, queries, remove;
	char		*data, *listen, *title, *auth_file, *github_url;
	char		*log_level, *log_format;
	char		*since, *kinds;
	char		*output, *action, *reason;
	char		*kibana_url, *kibana_space;
	struct strings	 pipelines, orgs, repos, names;
	struct strings	 rest;			/* what is no flag */
};

struct command {
	const char	*name;
	unsigned	 flags;			/* FOR_… */
	const char	*usage;			/* behind the name */
	const char	*help;			/* one sentence */
	int		(*run)(struct args *a);
};
#define FOR_RUN		(1u << 0)
#define FOR_BACKFILL	(1u << 1)
#define FOR_DRY_RUN	(1u << 2)
#define FOR_STATUS	(1u << 3)
#define FOR_CHECK	(1u << 4)
#define FOR_DLQ		(1u << 5)
#define FOR_REIDENTIFY	(1u << 6)
#define FOR_SETUP	(1u << 6)

/* args.c. argv begins behind the command's name. False: said why, exit 2. */
bool args_parse(const struct command *c, char **argv, struct args *a) MUST_CHECK;
void args_fini(struct args *a);
void strings_add(struct strings *l, const char *s);	/* copies */
void strings_fini(struct strings *l);			/* empty afterwards */
void args_help(const struct command *c);	/* on stdout */
int usage(const char *fmt, ...) PRINTF(1, 2);	/* says it on stderr; returns 2 */
int cmd_fail(const struct err *e);	/* the same for an err; returns err_exit */

/* --data, $STATE_DIRECTORY, $XDG_STATE_HOME/hubstash or ~/.local/state/hubstash. */
char *cmd_data_dir(const struct args *a, struct err *e) MUST_CHECK;

/*
 * default.c: the pipeline that flags and environment mean, in the pipeline
 * language. Secrets stand in it as ${VAR}, never as themselves.
 */
bool default_github(const struct args *a, struct buf *out, struct err *e) MUST_CHECK;
bool default_files(const struct args *a, struct buf *out, struct err *e) MUST_CHECK;
void default_output(struct buf *out);
/* "s" or 's'; false when the language has no way to write it. */
bool default_quote(const char *s, struct buf *out, struct err *e) MUST_CHECK;
/* What the data directory remembers as "pipeline": the files, or the text. */
char *default_name(const struct args *a, const char *text) MUST_CHECK;
/* The other way round: files, or else text. False: nothing has run there yet. */
bool default_remembered(struct state *s, struct strings *files, struct buf *text);

/*
 * session.c: open, run, close; close also after an open that failed. Between
 * open and run a command may add what else belongs on the loop.
 */
struct session {
	struct loop	*loop;
	struct state	*state;
	struct pipeline	*pipeline;
	struct timer	*patience;	/* of who waits for the end */
	struct notify	*notify;	/* the service manager, if there is one */
	struct timer	*news;		/* for it */
	int		 status;
};
struct session_conf {
	const struct strings *pipelines;	/* files; if there are none: */
	const char	*text;			/* the pipeline itself */
	const char	*more;			/* behind either; or NULL */
	const char	*data_dir;		/* NULL: state in memory */
	enum run_mode	 mode;
	bool		 to_stdout;
	const char	*codec;			/* of that stdout */
};
int session_open(struct session *s, const struct session_conf *c);	/* 0: open */
void session_remember(struct session *s, const struct args *a, const char *text);
int session_run(struct session *s);		/* until the end: the exit status */
void session_close(struct session *s);

/* One a file. */
int cmd_run(struct args *a);
int cmd_backfill(struct args *a);
int cmd_status(struct args *a);
int cmd_check(struct args *a);
int cmd_dry_run(struct args *a);
int cmd_dlq(struct args *a);
int cmd_reidentify(struct args *a);
int cmd_setup(struct args *a);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * in_file.c - the inputs file and stdin: events of GitHub that were recorded,
 * pages of a feed or hours of an archive, read once from the first to the last.
 * There is no API to look with, so what the payloads carry becomes documents
 * (EVENT_RECORDED) and hints lead nowhere.
 *
 * Each turn of the loop reads a slice. What cannot be read is told with its file
 * and line, passed over, and makes the exit status 1.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "core/plugin.h"
#include "github/event.h"
#include "github/people.h"
#include "io/file.h"
#include "io/loop.h"

#include <glob.h>
#include <stdlib.h>
#include <unistd.h>

#define ITEM_MAX	((size_t)32 << 20)
#define SLICE_ITEMS	200
#define SLICE_BYTES	((size_t)512 << 10)
#define SLICE_DOCS	500
#define WAIT_MS		20	/* until a pipe is asked again */
#define TOLD_MAX	20	/* mistakes of a file that are told one by one */

struct conf {
	struct strings	 path;
	char		*mode, *people;
	bool		 keep_email;
};

struct in {
	struct instance		*host;
	const struct conf	*conf;
	struct people_rules	*rules;
	struct timer		*turn;
	struct strings		 paths;		/* patterns resolved */
	size_t			 at;		/* in paths */
	struct file		*file;
	int64_t			 wrong;		/* in this file */
	int64_t			 files, events, docs;
	bool			 paused;
};

/* A file that is called so, else the files that the pattern matches. */
static void
add_path(struct strings *l, const char *pattern)
{
	glob_t g = { 0 };
	bool many = !str_eq(pattern, "-") && access(pattern, F_OK) != 0 &&
	    glob(pattern, 0, NULL, &g) == 0;
	size_t n = many ? g.gl_pathc : 1;

	l->s = xrealloc(l->s, (l->n + n) * sizeof(char *));
	for (size_t i = 0; i < n; i++)
		l->s[l->n++] = xstrdup(many ? g.gl_pathv[i] : pattern);
	globfree(&g);
}

static void
wrong(struct in *in, const struct err *e)
{
	if (++in->wrong > TOLD_MAX)
		return;
	log_flush();		/* each of these tells something else: do not fold */
	host_problem(in->host, "%s", e->text);
}

static void
file_done(struct in *in)
{
	log_flush();
	if (in->wrong > TOLD_MAX)
		host_problem(in->host, "%s: %lld more mistakes", in->paths.s[in->at],
		    (long long)(in->wrong - TOLD_MAX));
	in->wrong = 0;
	in->files++;
	in->at++;
	file_close(in->file);
	in->file = NULL;
}

static void
read_item(struct in *in, const struct file_item *item, struct docs *docs)
{
	struct normal n = { .rules = in->rules, .keep_email = in->conf->keep_email,
	    .now_ms = clock_wall_ms() };
	struct hints hints = { 0 };
	struct err e;
	struct json *j = json_parse(item->text, item->len, &e);

	if (j != NULL && event_read(&n, j, EVENT_RECORDED, docs, &hints, &e)) {
		in->events++;
	} else {
		err_at(&e, "%s:%lld", file_name(in->file), (long long)item->line);
		wrong(in, &e);
	}
	hints_fini(&hints);
	json_free(j);
}

/* Reads until the slice is full. False: nothing to read for the moment. */
static bool
read_slice(struct in *in, struct docs *docs)
{
	struct file_item item;
	struct err e;
	size_t bytes = 0;

	for (int i = 0; i < SLICE_ITEMS && bytes < SLICE_BYTES &&
	    docs->count < SLICE_DOCS && in->at < in->paths.n; i++) {
		if (in->file == NULL) {
			in->file = file_open(in->paths.s[in->at], ITEM_MAX, &e);
			if (in->file == NULL) {
				wrong(in, &e);
				file_done(in);
				continue;
			}
		}
		switch (file_next(in->file, &item, &e)) {
		case FILE_ITEM:
			bytes += item.len;
			read_item(in, &item, docs);
			break;
		case FILE_WRONG:
			wrong(in, &e);
			break;
		case FILE_END:
			file_done(in);
			break;
		case FILE_MORE:
			return true;
		case FILE_WAIT:
			return false;
		}
	}
	return true;
}

static void
on_turn(void *arg)
{
	struct in *in = arg;
	struct docs docs = { 0 };
	bool more = read_slice(in, &docs);

	in->docs += (int64_t)docs.count;
	if (docs.count > 0)
		host_emit(in->host, &docs, NULL);
	if (in->at == in->paths.n) {
		log_info("%s: all read files=%lld events=%lld documents=%lld",
		    host_name(in->host), (long long)in->files,
		    (long long)in->events, (long long)in->docs);
		host_finished(in->host);
	} else if (!in->paused) {
		timer_set(in->turn, more ? 0 : WAIT_MS);
	}
}

static bool
in_check(const void *conf, struct err *e)
{
	const struct conf *c = conf;
	struct people_rules *rules = people_rules_new();
	bool good = c->people == NULL || people_rules_add_file(rules, c->people, e);

	people_rules_free(rules);
	return good;
}

static bool
in_file_check(const void *conf, struct err *e)
{
	const struct conf *c = conf;

	if (c->path.n == 0)
		return err_set(e, ERR_CONFIG, 0, "path names no file");
	return in_check(conf, e);
}

static struct in *
in_new(struct instance *host, const struct conf *conf, struct err *e)
{
	struct in *in;
	struct people_rules *rules = people_rules_new();

	if (conf->people != NULL && !people_rules_add_file(rules, conf->people, e)) {
		people_rules_free(rules);
		return NULL;
	}
	in = xcalloc(1, sizeof(*in));
	*in = (struct in){ .host = host, .conf = conf, .rules = rules };
	in->turn = timer_new(host_loop(host), on_turn, in);
	return in;
}

static void *
in_file_open(struct instance *host, const void *conf, struct err *e)
{
	struct in *in = in_new(host, conf, e);

	for (size_t i = 0; in != NULL && i < in->conf->path.n; i++)
		add_path(&in->paths, in->conf->path.s[i]);
	return in;
}

static void *
in_stdin_open(struct instance *host, const void *conf, struct err *e)
{
	struct in *in = in_new(host, conf, e);

	if (in != NULL)
		add_path(&in->paths, "-");
	return in;
}

/* A backfill asks GitHub; recorded files are no part of it. */
static void
in_start(void *self)
{
	struct in *in = self;

	if (host_mode(in->host) == RUN_BACKFILL)
		host_finished(in->host);
	else
		timer_set(in->turn, 0);
}

static void
in_pause(void *self, bool on)
{
	struct in *in = self;

	in->paused = on;
	if (on)
		timer_cancel(in->turn);
	else
		timer_set(in->turn, 0);
}

static void
in_stop(void *self)
{
	struct in *in = self;

	timer_cancel(in->turn);
	host_stopped(in->host);
}

static void
in_close(void *self)
{
	struct in *in = self;

	file_close(in->file);
	for (size_t i = 0; i < in->paths.n; i++)
		free(in->paths.s[i]);
	free(in->paths.s);
	timer_free(in->turn);
	people_rules_free(in->rules);
	free(in);
}

#define ROW_PEOPLE							\
	{ .name = "people", .type = OPT_STRING,				\
	    .at = offsetof(struct conf, people),			\
	    .help = "A file of rules that say who is a bot, an agent, a human." }
#define ROW_KEEP_EMAIL							\
	{ .name = "keep_email", .type = OPT_BOOL, .fallback = "false",	\
	    .at = offsetof(struct conf, keep_email),			\
	    .help = "Keep addresses of commits as written; else only their hash." }

static const struct option file_rows[] = {
	{ .name = "path", .type = OPT_LIST, .required = true,
	    .at = offsetof(struct conf, path),
	    .help = "Files, or patterns (*, ?, [a-z]) of them, plain or gzip; - is "
	    "the standard input." },
	{ .name = "mode", .type = OPT_STRING, .fallback = "read", .choices = "read",
	    .at = offsetof(struct conf, mode),
	    .help = "read: from the first byte to the last, once." },
	ROW_KEEP_EMAIL,
	ROW_PEOPLE,
	OPT_END
};

static const struct option stdin_rows[] = {
	ROW_KEEP_EMAIL,
	ROW_PEOPLE,
	OPT_END
};

extern const struct input in_file, in_stdin;

const struct input in_file = {
	.plugin = { "file", "Reads recorded events of GitHub: pages of a feed (one JSON "
	    "array), hours of an archive (JSON lines).", file_rows,
	    sizeof(struct conf), .check = in_file_check },
	.open = in_file_open, .start = in_start, .pause = in_pause, .stop = in_stop,
	.close = in_close,
};

const struct input in_stdin = {
	.plugin = { "stdin", "Reads recorded events of GitHub from the standard input.",
	    stdin_rows, sizeof(struct conf), .check = in_check },
	.open = in_stdin_open, .start = in_start, .pause = in_pause, .stop = in_stop,
	.close = in_close,
};

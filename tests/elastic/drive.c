/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drive.c - a pipeline whose input is a test: drive PIPELINE-TEXT [DATA-DIR].
 *
 * Commands are JSON lines on stdin, what happens are JSON lines on stdout:
 *
 *	{"emit": [DOC…], "as": X}	{"settled": X} when all of them are
 *	{"activity": N, "as": X}	the same, with N documents of unit/activity.h
 *	{"flagged": REPO, "below": N, "max": N}		{"flagged": [DOC…]}
 *	{"people": MAX, "from": MS, "to": MS}		{"people": [LINE…], …}
 *	{"expected": PATH, "from": MS, "to": MS}	{"expected": [LINE…]}
 *	{"dead": true}			{"dead": [{"id": …, "reason": …}…]}
 *	{"look": true}			{"look": {"health", "numbers": …}}, as the web door
 *	{"clock": SECONDS}		the clock of the wall is set on, or back
 *	{"stop": true}			as a second SIGTERM: without waiting
 *	end of stdin: the pipeline is stopped		{"ended": STATUS}
 *	by itself: {"trouble": TEXT} whenever there is another one, or "" none
 *
 * A DOC is {"id", "action", "version", "ts", "body"}; body is added to what every
 * document has.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/pipeline.h"
#include "core/plugin.h"
#include "io/loop.h"
#include "state/state.h"
#include "store/store.h"
#include "web/numbers.h"
#include "web/web.h"

#include "../unit/activity.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MAX_LINE	((size_t)64 << 20)
#define LOOK_MS		5

struct page {
	struct origin		 origin;	/* first */
	LIST_ENTRY(page)	 link;
	char			*as;
};

struct drive {
	struct instance	*host;		/* of the input */
	struct loop	*loop;
	struct state	*state;
	struct pipeline	*pipeline;
	struct store	*reader;
	struct event	*in;
	struct buf	 line;
	LIST_HEAD(, page) pages;	/* not settled yet */
	struct timer	*look;		/* for troubles */
	char		*trouble;
	int64_t		 clock_s;	/* how far the wall's clock was set on */
	int		 status;
};
static struct drive drive;

/* In libc's place: what an administrator does to the time of day. */
int
clock_gettime(clockid_t id, struct timespec *ts)
{
	int r = (int)syscall(SYS_clock_gettime, id, ts);

	if (id == CLOCK_REALTIME)
		ts->tv_sec += drive.clock_s;
	return r;
}

static void
say(struct json *j)
{
	struct buf out = BUF(MAX_LINE);

	json_print(j, &out);
	printf("%s\n", buf_str(&out));
	fflush(stdout);
	buf_fini(&out);
	json_free(j);
}

static struct json *
object(const char *name, struct json *value)
{
	struct json *j = json_new_object();

	json_set(j, name, value);
	return j;
}

static void
page_free(struct page *p)
{
	LIST_REMOVE(p, link);
	free(p->as);
	free(p);
}

static void
on_settled(struct origin *o)
{
	struct page *p = (struct page *)(void *)o;

	say(object("settled", json_new_string(p->as)));
	page_free(p);
}

static struct doc *
read_doc(const struct json *j)
{
	struct json_iter it = { 0 };
	int64_t ts = 0, version = 0;
	struct doc *d;

	if (!json_int(j, "ts", &ts))
		ts = INT64_C(1767225600000);
	d = doc_new(json_str(j, "id"), str_or(json_str(j, "action"), "commit"), ts);
	if (json_int(j, "version", &version))
		doc_set_version(d, true, version);
	while (json_each(json_get(j, "body"), &it))
		json_set(d->body, it.key, json_copy(it.value));
	return d;
}

static void
emit(struct docs *docs, const char *as)
{
	struct page *p = xcalloc(1, sizeof(*p));

	p->origin.settled = on_settled;
	p->as = xstrdup(str_or(as, "-"));
	LIST_INSERT_HEAD(&drive.pages, p, link);
	host_emit(drive.host, docs, &p->origin);
}

static void
on_flagged(void *arg, struct docs *docs)
{
	struct json *list = json_new_array();

	UNUSED(arg);
	for (size_t i = 0; i < docs->count; i++) {
		struct json *d = json_new_object();

		json_set_str(d, "id", docs->doc[i]->id);
		json_set_int(d, "version", docs->doc[i]->version);
		json_set(d, "body", json_copy(docs->doc[i]->body));
		json_push(list, d);
	}
	docs_fini(docs);
	say(object("flagged", list));
}

static void
push_person(struct json *list, const struct store_person *p)
{
	char *line = xasprintf("%s %s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64
	    " %" PRId64 " %" PRId64, p->id, p->name, p->activity, p->commits, p->pulls,
	    p->merged, p->reviews, p->last_ms);

	json_push(list, json_new_string(line));
	free(line);
}

static void
on_people(void *arg, const struct store_people *people, const struct err *err)
{
	struct json *list = json_new_array(), *answer = object("people", list);

	UNUSED(arg);
	if (people == NULL) {
		json_set_str(answer, "failed", err->text);
	} else {
		for (size_t i = 0; i < people->count; i++)
			push_person(list, &people->person[i]);
		json_set_int(answer, "all", people->people);
		json_set_int(answer, "documents", people->documents);
	}
	say(answer);
}

static void
on_dead(void *arg, const struct dead_row *row)
{
	struct json *d = object("id", json_new_string(row->doc_id));

	json_set_str(d, "reason", row->reason);
	json_push(arg, d);
}

static void
on_trouble(void *arg, const char *instance, const char *text, int64_t since_ms)
{
	bool *other = arg;

	UNUSED(since_ms);
	if (!str_starts(instance, "out.elasticsearch") ||
	    str_eq(str_or(text, ""), drive.trouble))
		return;
	*other = true;
	str_set(&drive.trouble, str_or(text, ""));
}

/* Virtual time would jump from look to look. */
static void
look(void *arg)
{
	bool other = false;

	UNUSED(arg);
	pipeline_troubles(drive.pipeline, on_trouble, &other);
	if (other)
		say(object("trouble", json_new_string(drive.trouble)));
	if (!clock_is_virtual())
		timer_set(drive.look, LOOK_MS);
}

/* What /healthz and /_node/stats say. */
static void
say_look(void)
{
	struct web_conf c = { .pipeline = drive.pipeline, .state = drive.state };
	struct json *o = json_new_object();
	struct buf text = BUF(MAX_LINE);
	struct err e;

	numbers_health(&c, &text);
	json_set(o, "health", json_parse(text.data, text.len, &e));
	buf_clear(&text);
	numbers_stats(&c, "", &text);
	json_set(o, "numbers", json_parse(text.data, text.len, &e));
	say(object("look", o));
	buf_fini(&text);
}

static void
say_dead(void)
{
	struct json *list = json_new_array();

	state_dead(drive.state, on_dead, list);
	say(object("dead", list));
}

static void
say_expected(const char *path, int64_t from, int64_t to)
{
	struct buf text = BUF(MAX_LINE);

	activity_answer(path, from, to, &text);
	say(object("expected", json_new_string(buf_str(&text))));
	buf_fini(&text);
}

/* What emits, or asks through the pipeline. */
static void
command(const struct json *j)
{
	struct docs docs = { 0 };
	int64_t n, below = 0, max = 1000, from = 0, to = INT64_MAX / 2;

	json_int(j, "below", &below);
	json_int(j, "max", &max);
	json_int(j, "from", &from);
	json_int(j, "to", &to);
	for (size_t i = 0; i < json_len(json_get(j, "emit")); i++)
		docs_add(&docs, read_doc(json_at(json_get(j, "emit"), i)));
	if (json_int(j, "activity", &n))
		for (unsigned i = 0; i < (unsigned)n; i++)
			docs_add(&docs, activity_doc(i));
	if (docs.count > 0)
		emit(&docs, json_str(j, "as"));
	if (json_int(j, "flagged", &n))
		host_flagged(drive.host, n, below, (size_t)max, on_flagged, NULL);
	if (json_int(j, "people", &n))
		store_people(drive.reader, &(struct store_people_query){
		    .from_ms = from, .to_ms = to, .max = (unsigned)n }, on_people, NULL);
	if (json_str(j, "expected") != NULL)
		say_expected(json_str(j, "expected"), from, to);
	json_int(j, "clock", &drive.clock_s);
	if (json_true(j, "stop")) {
		pipeline_stop(drive.pipeline);
		pipeline_stop(drive.pipeline);
	}
	if (json_true(j, "dead"))
		say_dead();
	if (json_true(j, "look"))
		say_look();
}

static void
on_stdin(evutil_socket_t fd, short what, void *arg)
{
	char chunk[64 << 10], *end;
	ssize_t n = read(fd, chunk, sizeof(chunk));
	struct json *j;
	struct err e;

	UNUSED(what);
	UNUSED(arg);
	if (n <= 0) {
		event_del(drive.in);
		pipeline_stop(drive.pipeline);
		return;
	}
	buf_add(&drive.line, chunk, (size_t)n);
	while (drive.line.len > 0 && (end = memchr(drive.line.data, '\n',
	    drive.line.len)) != NULL) {
		size_t len = (size_t)(end - drive.line.data);

		j = json_parse(drive.line.data, len, &e);
		if (j == NULL)
			die("stdin: %s", e.text);
		command(j);
		json_free(j);
		buf_cut(&drive.line, len + 1);
	}
}

/* The input. */

static void *
in_open(struct instance *host, const void *conf, struct err *e)
{
	UNUSED(conf);
	UNUSED(e);
	drive.host = host;
	return &drive;
}

static void
in_start(void *self)
{
	UNUSED(self);
	if (event_add(drive.in, NULL) != 0)
		die("cannot watch stdin");
}

static void
in_pause(void *self, bool on)
{
	UNUSED(self);
	UNUSED(on);
}

static void
in_stop(void *self)
{
	UNUSED(self);
	host_stopped(drive.host);
}

static void
in_close(void *self)
{
	UNUSED(self);
}

static const struct option no_rows[] = { OPT_END };
static const struct input in_drive = {
	.plugin = { "drive", "What a test says.", no_rows, 1 },
	.open = in_open, .start = in_start, .pause = in_pause, .stop = in_stop,
	.close = in_close,
};
extern const struct output out_elasticsearch, out_sqlite;

const struct input *const inputs[] = { &in_drive, NULL };
const struct filter *const filters[] = { NULL };
const struct output *const outputs[] = { &out_elasticsearch, &out_sqlite, NULL };

static void
on_ended(void *arg, int status)
{
	UNUSED(arg);
	drive.status = status;
	loop_stop(drive.loop);
}

static bool
open_all(const char *text, const char *dir, struct err *e)
{
	struct diags d = { 0 };
	struct buf said = BUF(1u << 16);
	struct conf *c = conf_parse("drive.conf", text, strlen(text), &d);

	drive.loop = loop_new(e);
	if (drive.loop != NULL)
		drive.state = state_open(dir, dir != NULL ? STATE_ENGINE : STATE_MEMORY, e);
	if (drive.state != NULL)
		drive.pipeline = pipeline_new(&(struct pipeline_conf){
		    .loop = drive.loop, .state = drive.state, .data_dir = dir,
		    .mode = RUN_FOLLOW, .ended = on_ended }, conf_sections(c), &d, e);
	conf_free(c);
	diags_text(&d, &said);
	if (said.len > 0)
		err_set(e, ERR_CONFIG, 0, "%.400s", buf_str(&said));
	diags_fini(&d);
	buf_fini(&said);
	return drive.pipeline != NULL;
}

int
main(int argc, char **argv)
{
	struct err e = { 0 };

	if (argc < 2 || argc > 3)
		die("usage: drive PIPELINE-TEXT [DATA-DIR]");
	drive.line = BUF(MAX_LINE);
	if (!open_all(argv[1], argc > 2 ? argv[2] : NULL, &e)) {
		say(object("failed", json_new_string(e.text)));
		state_close(drive.state);
		loop_free(drive.loop);
		return err_exit(&e);
	}
	drive.in = event_new(loop_base(drive.loop), STDIN_FILENO, EV_READ | EV_PERSIST,
	    on_stdin, NULL);
	drive.reader = pipeline_reader(drive.pipeline);
	str_set(&drive.trouble, "");
	drive.look = timer_new(drive.loop, look, NULL);
	pipeline_start(drive.pipeline);
	timer_set(drive.look, 0);
	loop_run(drive.loop);
	say(object("ended", json_new_int(drive.status)));
	timer_free(drive.look);
	free(drive.trouble);
	store_free(drive.reader);
	pipeline_free(drive.pipeline);
	while (!LIST_EMPTY(&drive.pages))
		page_free(LIST_FIRST(&drive.pages));
	event_free(drive.in);
	state_close(drive.state);
	loop_free(drive.loop);
	buf_fini(&drive.line);
	return drive.status;
}

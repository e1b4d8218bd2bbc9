/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inputs file and stdin in a real pipeline: what of a file becomes documents,
 * what is said of the rest, and that a full pipeline is waited for.
 */
#include "base/log.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/batch.h"
#include "core/metrics.h"
#include "core/pipeline.h"
#include "core/plugin.h"
#include "io/loop.h"
#include "state/state.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define EVENT(id) "{\"id\":\"" id "\",\"type\":\"PublicEvent\",\"actor\":{\"id\":7," \
	"\"login\":\"sim-ann\"},\"repo\":{\"id\":42,\"name\":\"acme/site\"}," \
	"\"payload\":{},\"public\":true,\"created_at\":\"2026-01-02T03:04:05Z\"}"

#define MANY	30000

/* An output that notes ids, and keeps its batches while told so. */
static struct {
	struct instance	*host;
	struct batch	*kept[4096];
	size_t		 kept_count;
	bool		 keep;
	struct buf	 ids;
	struct timer	*timer;
	int64_t		 unsettled, most;	/* documents, now and at the worst */
	int		 still;			/* turns since that moved */
	struct loop	*loop;
	int		 status;
} out;

static void
settle(struct batch *b)
{
	for (size_t i = 0; i < batch_count(b); i++)
		batch_outcome(b, i, OUTCOME_STORED, NULL);
	batch_done(b);
}

/* Nothing moved for fifty turns, so all is full, or done: give back what is kept. */
static void
on_turn(void *arg)
{
	int64_t unsettled = metric_value(METRIC_DOCUMENTS_UNSETTLED);

	UNUSED(arg);
	out.still = unsettled == out.unsettled ? out.still + 1 : 0;
	out.unsettled = unsettled;
	if (unsettled > out.most)
		out.most = unsettled;
	for (size_t i = 0; out.still > 50 && i < out.kept_count; i++)
		settle(out.kept[i]);
	if (out.still > 50)
		out.kept_count = 0;
	timer_set(out.timer, 0);
}

static void *
out_open(struct instance *host, const void *conf, struct err *e)
{
	UNUSED(conf);
	UNUSED(e);
	out.host = host;
	out.timer = timer_new(host_loop(host), on_turn, NULL);
	if (out.keep)
		timer_set(out.timer, 0);
	return &out;
}

static void
out_write(void *self, struct batch *b)
{
	UNUSED(self);
	for (size_t i = 0; i < batch_count(b); i++)
		buf_printf(&out.ids, "%s ", batch_doc(b, i)->id);
	if (out.keep)
		out.kept[out.kept_count++] = b;
	else
		settle(b);
}

static void
out_stop(void *self)
{
	UNUSED(self);
	host_stopped(out.host);
}

static void
out_close(void *self)
{
	UNUSED(self);
	timer_free(out.timer);
}

static const struct option no_rows[] = { OPT_END };
static const struct output out_note = {
	.plugin = { "note", "Notes ids.", no_rows, 1 }, .open = out_open,
	.write = out_write, .stop = out_stop, .close = out_close,
	.max_batches = LEN(out.kept), .batch_docs = 1,
};

extern const struct input in_file, in_stdin;
const struct input *const inputs[] = { &in_file, &in_stdin, NULL };
const struct filter *const filters[] = { NULL };
const struct output *const outputs[] = { &out_note, NULL };

static void
on_ended(void *arg, int status)
{
	UNUSED(arg);
	out.status = status;
	loop_stop(out.loop);
}

static char *
read_back(int fd)
{
	static char text[16384];
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	n = read(fd, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* Runs a pipeline to its end; what it said on stderr. */
static const char *
run(const char *input, enum run_mode mode)
{
	char *text = xasprintf("input { %s } output { note { } }", input);
	char name[] = "/tmp/hubstash-said-XXXXXX";
	int fd = mkstemp(name), keep = dup(STDERR_FILENO);
	struct pipeline_conf conf = { .mode = mode, .ended = on_ended };
	struct pipeline *p;
	struct diags d = { 0 };
	struct conf *c;
	struct err e;

	out.ids = BUF((size_t)16 << 20);
	out.status = -1;
	out.loop = conf.loop = loop_new(&e);
	conf.state = state_open(NULL, STATE_MEMORY, &e);
	c = conf_parse("t.conf", text, strlen(text), &d);
	p = pipeline_new(&conf, conf_sections(c), &d, &e);
	if (fd < 0 || p == NULL)
		die("no pipeline of %s", text);
	dup2(fd, STDERR_FILENO);
	log_flush();		/* or its lines fold with the last run's */
	pipeline_start(p);
	loop_run(out.loop);
	dup2(keep, STDERR_FILENO);
	close(keep);
	pipeline_free(p);
	conf_free(c);
	diags_fini(&d);
	state_close(conf.state);
	loop_free(out.loop);
	free(text);
	unlink(name);
	text = read_back(fd);
	close(fd);
	return text;
}

static char dir[] = "/tmp/hubstash-in-XXXXXX";

static char *
write_file(const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", dir, name);
	FILE *f = fopen(path, "we");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		die("%s: cannot be written", path);
	return path;
}

#define ID(n)	"event:PublicEvent:42:" n ":2026-01-02T03:04:05Z "

/* A file, what becomes of it, and what is said. */
static void
check(const char *what, const char *text, int status, const char *ids,
    const char *said)
{
	char *path = write_file("x.json", text);
	char *input = xasprintf("file { path => \"%s\" }", path);
	const char *got = run(input, RUN_ONCE);

	is_int(out.status, status, what);
	is_str(buf_str(&out.ids), ids, "the documents");
	if (!ok(strstr(got, said) != NULL, "what is said"))
		printf("# got  %s\n# want %s\n", got, said);
	buf_fini(&out.ids);
	unlink(path);
	free(path);
	free(input);
}

static void
test_files(void)
{
	char deep[3000] = "";

	check("lines", EVENT("1") "\n" EVENT("2") "\n", 0, ID("1") ID("2"),
	    "all read files=1 events=2 documents=2");
	check("a page", "[" EVENT("1") ",\n" EVENT("2") "]", 0, ID("1") ID("2"), "");
	check("an empty page", "[]", 0, "", "events=0");
	check("no JSON between", EVENT("1") "\nhello\n" EVENT("2"), 1, ID("1") ID("2"),
	    "/x.json:2: not JSON");
	check("half a line at the end", EVENT("1") "\n{\"id\":", 1, ID("1"),
	    "/x.json:2: not JSON: it ends too early");
	check("no event", "{}\n7\n" EVENT("1"), 1, ID("1"), "/x.json:1: no event: no type");
	check("invalid UTF-8", EVENT("1") "\n" EVENT("2\xff") "\n" EVENT("3"), 1,
	    ID("1") ID("3"), "/x.json:2: not JSON: invalid utf-8");
	memset(deep, '[', sizeof(deep) - 1);
	deep[0] = '{';
	check("nested deeply", deep, 1, "", "/x.json:1: not JSON");
	memset(deep + 1, '\n', sizeof(deep) - 2);
	for (size_t i = 1; i < sizeof(deep) - 1; i += 2)
		deep[i] = 'x';
	check("nothing right", deep, 1, "", "/x.json: 1479 more mistakes");
	check("an empty file", "", 1, "", "/x.json:1: is empty");
}

static void
test_paths(void)
{
	char *a = write_file("a-1.json", EVENT("1")), *b = write_file("a-2.json", EVENT("2"));
	char *odd = write_file("a-[3].json", EVENT("3")), *input;
	const char *said;

	input = xasprintf("file { path => [\"%s/none.json\", \"%s/a-?.json\", "
	    "\"%s/a-[3].json\", \"%s\"] mode => \"read\" }", dir, dir, dir, dir);
	said = run(input, RUN_ONCE);
	is_int(out.status, 1, "what is missing makes the status 1");
	is_str(buf_str(&out.ids), ID("1") ID("2") ID("3"),
	    "patterns, a name that looks like one, and the rest all the same");
	ok(strstr(said, "/none.json: No such file") != NULL, "what is missing is said");
	ok(strstr(said, ": is a directory") != NULL, "and what is no file");
	buf_fini(&out.ids);
	run(input, RUN_BACKFILL);
	is_str(buf_str(&out.ids), "", "a backfill reads no files");
	is_int(out.status, 0, "and ends well");
	buf_fini(&out.ids);
	unlink(a);
	unlink(b);
	unlink(odd);
	free(a);
	free(b);
	free(odd);
	free(input);
}

static void
test_stdin(void)
{
	char *path = write_file("x.json", "[" EVENT("1") "]");
	int keep = dup(STDIN_FILENO), fd = open(path, O_RDONLY);

	dup2(fd, STDIN_FILENO);
	run("stdin { }", RUN_ONCE);
	is_str(buf_str(&out.ids), ID("1"), "stdin");
	buf_fini(&out.ids);
	dup2(keep, STDIN_FILENO);
	close(keep);
	close(fd);
	unlink(path);
	free(path);
}

/* Many events against an output that gives nothing back until all is full. */
static void
test_pressure(void)
{
	struct buf text = BUF((size_t)16 << 20);
	char *path, *input;

	for (int i = 0; i < MANY; i++)
		buf_puts(&text, EVENT("1") "\n");
	path = write_file("big.json", text.data);
	input = xasprintf("file { path => \"%s\" }", path);
	out.keep = true;
	run(input, RUN_ONCE);
	out.keep = false;
	is_int(out.ids.len, MANY * strlen(ID("1")), "all arrive");
	ok(out.most >= 10000 && out.most <= 11000,
	    "a full pipeline is waited for (%lld unsettled at most)",
	    (long long)out.most);
	buf_fini(&out.ids);
	buf_fini(&text);
	unlink(path);
	free(path);
	free(input);
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		die("mkdtemp");
	test_files();
	test_paths();
	test_stdin();
	test_pressure();
	rmdir(dir);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The output stdout, in a process of its own whose standard output is a pipe, a
 * file or a device, in real time.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "tap.h"

extern const struct output out_stdout;
#define FAKE_OUTPUTS	&out_stdout
#include "fake.h"

static struct fake_run run;
static size_t count;
static int turns;

static void
step_emit(struct fake *in)
{
	struct docs docs = fake_docs("d", count);

	host_emit(in->host, &docs, NULL);
	host_finished(in->host);
}

/* More than a pipe takes, then asked to stop, twice. */
static void
step_stuck(struct fake *in)
{
	struct docs docs = { 0 };

	if (turns++ == 0)
		docs = fake_docs("d", 3000);
	if (docs.count > 0)
		host_emit(in->host, &docs, NULL);
	else
		pipeline_stop(run.pipeline);
	timer_set(in->timer, 50);
}

/* In a child whose standard output is fd; its exit status is the pipeline's. */
static pid_t
start(int fd, int other, const char *codec, void (*step)(struct fake *in))
{
	char *text = xasprintf("input { gen { } } output { stdout { %s } }", codec);
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		dup2(fd, STDOUT_FILENO);
		close(fd);
		if (other >= 0)
			close(other);
		alarm(30);
		fake_step = step;
		if (!fake_open(&run, NULL, RUN_ONCE, text))
			_exit(99);
		pipeline_start(run.pipeline);
		loop_run(run.loop);
		fake_fini(&run);
		_exit(run.status);
	}
	close(fd);
	free(text);
	return pid;
}

static int
status_of(pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static size_t
read_all(int fd, char *text, size_t size)
{
	size_t n = 0;
	ssize_t got;

	while (n < size - 1 && (got = read(fd, text + n, size - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	close(fd);
	return n;
}

int
main(void)
{
	static char text[4 << 20];
	size_t lines = 0;
	pid_t pid;
	int p[2];

	count = 2;
	if (pipe(p) != 0)
		die("pipe");
	pid = start(p[1], p[0], "", step_emit);
	read_all(p[0], text, sizeof(text));
	is_int(status_of(pid), 0, "two documents into a pipe");
	ok(strchr(text, '\n') != NULL && strchr(text, '\n')[1] == '{',
	    "are a JSON object a line");
	ok(strncmp(text, "{\"@timestamp\":\"1970-01-01T00:00:00Z\",", 37) == 0,
	    "compact");

	if (pipe(p) != 0)
		die("pipe");
	pid = start(p[1], p[0], "codec => rubydebug", step_emit);
	read_all(p[0], text, sizeof(text));
	is_int(status_of(pid), 0, "for eyes");
	ok(strncmp(text, "{\n  \"@timestamp\"", 16) == 0, "they are indented");

	count = 7000;
	if (pipe(p) != 0)
		die("pipe");
	pid = start(p[1], p[0], "", step_emit);
	read_all(p[0], text, sizeof(text));
	is_int(status_of(pid), 0, "more than a batch and a pipe hold");
	for (const char *s = text; (s = strchr(s, '\n')) != NULL; s++)
		lines++;
	is_int(lines, 7000, "all arrive");
	ok(strstr(text, "\"id\":\"d6999\"") > strstr(text, "\"id\":\"d6998\""), "in order");

	if (pipe(p) != 0)
		die("pipe");
	pid = start(p[1], p[0], "", step_emit);
	if (read(p[0], text, 100) != 100)
		die("read");
	close(p[0]);
	is_int(status_of(pid), 0, "a reader that has seen enough is no failure");

	if (pipe(p) != 0)
		die("pipe");
	pid = start(p[1], p[0], "", step_stuck);
	is_int(status_of(pid), 75, "a reader that does not read holds up no stop");
	close(p[0]);

	count = 1;
	pid = start(open("/dev/full", O_WRONLY), -1, "", step_emit);
	is_int(status_of(pid), 75, "a full disk is a failure");
	return done();
}

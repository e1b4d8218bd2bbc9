/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a service manager hears of us, over a real socket of its kind; and of the
 * program as it is, if $HUBSTASH names it.
 */
#include "io/notify.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "dir.h"
#include "tap.h"

#define PATIENCE_MS	60000

static char *dir;
static struct loop *loop;
static char heard[8192];

/* Listens at a path in dir, or at an abstract name; sets $NOTIFY_SOCKET. */
static int
listen_at(const char *name)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	socklen_t n = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));

	memcpy(a.sun_path, name, strlen(name) + 1);
	if (name[0] == '@')
		a.sun_path[0] = '\0';
	else
		n = sizeof(a);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, n) != 0)
		die("bind: %s", strerror(errno));
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

/* The next datagram, with | for line ends; "" when none is there. */
static const char *
hear(int fd, int flags)
{
	ssize_t n = recv(fd, heard, sizeof(heard) - 1, flags);

	heard[n > 0 ? n : 0] = '\0';
	for (char *s = heard; *s != '\0'; s++)
		if (*s == '\n')
			*s = '|';
	return heard;
}

static void
on_end(void *arg)
{
	UNUSED(arg);
	loop_stop(loop);
}

/* Lets that much time pass; it is virtual. */
static void
pass(int64_t ms)
{
	struct timer *t = timer_new(loop, on_end, NULL);

	timer_set(t, ms);
	loop_run(loop);
	timer_free(t);
}

static void
test_said(const char *name, const char *kind)
{
	int fd = listen_at(name);
	struct notify *n = notify_new(loop);

	ok(n != NULL, "%s: somebody listens", kind);
	ok(getenv("NOTIFY_SOCKET") == NULL, "no child speaks for us");
	is_str(hear(fd, MSG_DONTWAIT), "", "nothing is said at first");
	notify_ready(n);
	is_str(hear(fd, MSG_DONTWAIT), "READY=1|", "ready");
	notify_status(n, "12 documents\nREADY=1\x1b");
	is_str(hear(fd, MSG_DONTWAIT), "STATUS=12 documents?READY=1?|", "a status is a line");
	notify_status(n, "12 documents\nREADY=1\x1b");
	is_str(hear(fd, MSG_DONTWAIT), "", "and told once");
	pass(3600000);
	is_str(hear(fd, MSG_DONTWAIT), "", "without a watchdog nothing feeds one");
	notify_stopping(n);
	is_str(hear(fd, MSG_DONTWAIT), "STOPPING=1|", "the end");
	notify_stopping(n);
	is_str(hear(fd, MSG_DONTWAIT), "", "is told once");
	notify_free(n);
	close(fd);
}

/* The loop hangs for an hour: nobody feeds the watchdog, and afterwards once. */
static void
on_hang(void *arg)
{
	int *fd = arg;

	hear(*fd, MSG_DONTWAIT);
	clock_jump(3600000);
	is_str(hear(*fd, MSG_DONTWAIT), "", "a loop that hangs says nothing");
}

static void
test_watchdog(void)
{
	char *name = xasprintf("%s/w", dir);
	int fd = listen_at(name), n = 0;
	struct timer *hang = timer_new(loop, on_hang, &fd);
	struct notify *w;

	setenv("WATCHDOG_USEC", "30000000", 1);
	w = notify_new(loop);
	ok(getenv("WATCHDOG_USEC") == NULL, "the watchdog is not a child's");
	pass(60000);
	is_str(hear(fd, MSG_DONTWAIT), "", "it is not fed before the start");
	notify_ready(w);
	is_str(hear(fd, MSG_DONTWAIT), "READY=1|", "ready");
	pass(14999);
	is_str(hear(fd, MSG_DONTWAIT), "", "nor before half of its time");
	pass(1);
	is_str(hear(fd, MSG_DONTWAIT), "WATCHDOG=1|", "but then");
	pass(150001);
	while (hear(fd, MSG_DONTWAIT)[0] != '\0')
		n += str_eq(heard, "WATCHDOG=1|");
	is_int(n, 10, "and each half of it");
	timer_set(hang, 1000);
	pass(1500);
	pass(1);
	is_str(hear(fd, MSG_DONTWAIT), "WATCHDOG=1|", "one that goes on does");
	is_str(hear(fd, MSG_DONTWAIT), "", "once");
	timer_free(hang);
	notify_free(w);
	close(fd);
	unlink(name);
	setenv("WATCHDOG_USEC", "30000000", 1);
	setenv("WATCHDOG_PID", "1", 1);
	fd = listen_at(name);
	w = notify_new(loop);
	notify_ready(w);
	hear(fd, MSG_DONTWAIT);
	pass(60000);
	is_str(hear(fd, MSG_DONTWAIT), "", "a watchdog of another process is not ours");
	notify_free(w);
	close(fd);
	free(name);
}

/* The manager does not read: its queue is full. */
static void
test_full(void)
{
	char *name = xasprintf("%s/f", dir);
	int fd = listen_at(name);
	struct notify *n = notify_new(loop);
	struct buf b = BUF(64);
	bool last = false;

	for (int i = 0; i < 4096; i++) {
		buf_clear(&b);
		buf_printf(&b, "%d", i);
		notify_status(n, buf_str(&b));
	}
	notify_ready(n);
	notify_stopping(n);
	pass(250);
	while (hear(fd, MSG_DONTWAIT)[0] != '\0')
		last = last || strstr(heard, "STATUS=4095|") != NULL;
	ok(!last, "a full queue takes no more");
	pass(100);
	is_str(hear(fd, MSG_DONTWAIT), "READY=1|STOPPING=1|STATUS=4095|",
	    "what waits is told at once, the latest of each");
	pass(1000);
	is_str(hear(fd, MSG_DONTWAIT), "", "and not again");
	buf_fini(&b);
	notify_free(n);
	close(fd);
	free(name);
}

static void
test_nobody(void)
{
	static const char *const odd[] = { "relative", "/", "@", "vsock:2:1" };
	char *name = xasprintf("%s/gone", dir);
	char longest[200];
	struct notify *n;

	unsetenv("NOTIFY_SOCKET");
	ok(notify_new(loop) == NULL, "without a manager nothing is told");
	notify_ready(NULL);
	notify_status(NULL, "x");
	notify_stopping(NULL);
	notify_free(NULL);
	for (size_t i = 0; i < LEN(odd); i++) {
		setenv("NOTIFY_SOCKET", odd[i], 1);
		ok(notify_new(loop) == NULL, "%s is no address", odd[i]);
	}
	memset(longest, 'x', sizeof(longest) - 1);
	longest[0] = '/';
	longest[sizeof(longest) - 1] = '\0';
	setenv("NOTIFY_SOCKET", longest, 1);
	ok(notify_new(loop) == NULL, "nor is one that is too long");
	setenv("NOTIFY_SOCKET", name, 1);
	n = notify_new(loop);
	notify_ready(n);
	notify_status(n, "a");
	ok(n != NULL, "a manager that went away is no reason to end");
	notify_free(n);
	free(name);
}

/* The next datagram of the program that is not about the watchdog. */
static const char *
await(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	do {
		if (poll(&p, 1, PATIENCE_MS) != 1)
			return "";
	} while (str_eq(hear(fd, 0), "WATCHDOG=1|"));
	return heard;
}

static void
test_program(const char *program)
{
	char *name = xasprintf("%s/p", dir), *conf = xasprintf("%s/p.conf", dir);
	char *data = xasprintf("%s/data", dir);
	int fd = listen_at(name), in[2], status = -1;
	FILE *f = fopen(conf, "we");
	pid_t pid;

	if (f == NULL || pipe2(in, O_CLOEXEC) != 0 ||
	    fputs("input { stdin { } } output { null { } }\n", f) < 0)
		die("cannot write %s", conf);
	fclose(f);
	setenv("WATCHDOG_USEC", "200000", 1);
	pid = fork();
	if (pid == 0) {
		dup2(in[0], STDIN_FILENO);
		execl(program, program, "run", "-f", conf, "--data", data, "--listen", "off",
		    "--log-level", "warn", (char *)NULL);
		_exit(127);
	}
	is_str(await(fd), "READY=1|", "hubstash run says when it has started");
	is_str(await(fd), "STATUS=0 documents settled; 0 streams due, 0 gaps open|",
	    "and how far it is");
	is_str(hear(fd, 0), "WATCHDOG=1|", "it feeds its watchdog");
	kill(pid, SIGTERM);
	is_str(await(fd), "STOPPING=1|", "and tells its end");
	waitpid(pid, &status, 0);
	is_int(status, 0, "which is a good one");
	close(in[0]);
	close(in[1]);
	close(fd);
	free(name);
	free(conf);
	free(data);
}

int
main(void)
{
	const char *program = getenv("HUBSTASH");
	struct err e;
	char *name;

	log_set_level(LOG_ERROR);
	dir = dir_new();
	if (program != NULL)
		test_program(program);
	setenv("HUBSTASH_CLOCK", "virtual:2026-03-02T08:00:00Z", 1);
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	loop = loop_new(&e);
	if (loop == NULL)
		die("%s", e.text);
	name = xasprintf("%s/s", dir);
	test_said(name, "a path");
	free(name);
	name = xasprintf("@hubstash-test-%ld", (long)getpid());
	test_said(name, "an abstract name");
	free(name);
	test_watchdog();
	test_full();
	test_nobody();
	loop_free(loop);
	dir_remove(dir);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * panels.c - how long the dashboard's questions take over SQLite: panels [N|FILE...].
 * For each number of documents (10,000, 100,000 and a million without one) a store
 * is written through the real writer, or a FILE stands ready; then each panel is
 * asked 20 times over the last 30 days and over all three years, each time from a
 * second later on. Prints what the first question takes, when the facts are read into
 * memory, and milliseconds a panel: the median, the 19th of 20, and the processor's.
 *
 *	panels elasticsearch URL INDEX [PID]	the same of an index, and of the
 *						processor what that process, the
 *						server, takes (else: what asking does)
 *	panels documents N			what is to be in it, a line a document
 *
 * panels.js does both.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "io/loop.h"
#include "people.h"
#include "store/es_read.h"
#include "store/panel.h"
#include "store/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIMES	20
#define BATCH	1000
#define DAY_MS	INT64_C(86400000)

static struct loop *loop;
static size_t answer_bytes;
static const char *server;		/* its process; NULL: we are what works */

static double
clock_ms(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Of the processor, so far. */
static double
cpu_ms(void)
{
	unsigned long user = 0, system = 0;
	char *path;
	FILE *f;

	if (server == NULL)
		return clock_ms(CLOCK_PROCESS_CPUTIME_ID);
	path = xasprintf("/proc/%s/stat", server);
	f = fopen(path, "re");
	if (f == NULL || fscanf(f, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u "
	    "%*u %lu %lu", &user, &system) != 2)
		die("%s tells nothing of the server", path);
	fclose(f);
	free(path);
	return (double)(user + system) * 1e3 / (double)sysconf(_SC_CLK_TCK);
}

/* Of this process, in MiB. */
static double
memory(const char *what)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	double kb = 0;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, what, strlen(what)) == 0)
			kb = strtod(line + strlen(what) + 1, NULL);
	if (f != NULL)
		fclose(f);
	return kb / 1024;
}

static void
on_answer(void *arg, const struct json *answer, const struct err *e)
{
	UNUSED(arg);
	if (answer == NULL)
		die("%s", e->text);
	answer_bytes = json_weight(answer);
	loop_stop(loop);
}

static double
ask(struct store *s, const struct store_question *q)
{
	double began = clock_ms(CLOCK_MONOTONIC);

	store_ask(s, q, on_answer, NULL);
	loop_run(loop);
	return clock_ms(CLOCK_MONOTONIC) - began;
}

static void
fill(const char *path, uint64_t count)
{
	struct err e = { 0 };
	struct sqlite_store *s = sqlite_open(path, &e);
	double began, spent = 0;

	if (s == NULL)
		die("%s", e.text);
	for (uint64_t i = 0; i < count; i += BATCH) {
		struct docs l = { 0 };

		for (uint64_t k = i; k < i + BATCH && k < count; k++)
			docs_add(&l, people_doc(k, count));
		began = clock_ms(CLOCK_MONOTONIC);
		if (sqlite_write(s, (const struct doc *const *)(uintptr_t)l.doc, l.count,
		    &e) != WRITE_DONE)
			die("%s", e.text);
		spent += clock_ms(CLOCK_MONOTONIC) - began;
		docs_fini(&l);
	}
	printf("%llu documents: written in %.1f s, %.0f a second\n",
	    (unsigned long long)count, spent / 1e3, (double)count / spent * 1e3);
	sqlite_close(s);
}

/* In a process of its own, whose memory is not counted. */
static void
fill_apart(const char *path, uint64_t count)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		fill(path, count);
		fflush(stdout);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		die("the documents could not be written");
}

static int
by_size(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return a < b ? -1 : a > b;
}

static size_t
make_edges(int64_t from, int64_t step, int64_t edges[STORE_MAX_EDGES])
{
	size_t n = 0;

	for (int64_t at = from; at < PEOPLE_END; at += step)
		edges[n++] = at;
	edges[n++] = PEOPLE_END;
	return n;
}

static double
time_panel(struct store *s, enum store_panel panel, int64_t days)
{
	static int64_t edges[STORE_MAX_EDGES];
	const char *const person[] = { "603700" };
	struct store_question q = { .panel = panel, .to_ms = PEOPLE_END,
		.from_ms = PEOPLE_END - days * DAY_MS, .edges = edges, .text = "sim-a" };
	double ms[TIMES], cpu;

	q.edge_count = make_edges(q.from_ms, days > 60 ? 7 * DAY_MS : DAY_MS, edges);
	if (panel == STORE_PERSON)
		q.people = (struct store_list){ person, 1 };
	cpu = cpu_ms();
	for (size_t i = 0; i < TIMES; i++) {
		ms[i] = ask(s, &q);
		q.from_ms = edges[0] += 1000;
	}
	cpu = (cpu_ms() - cpu) / TIMES;
	qsort(ms, TIMES, sizeof(ms[0]), by_size);
	printf(" %8.1f %8.1f %6.1f", ms[TIMES / 2], ms[TIMES - 2], cpu);
	return ms[TIMES - 2];
}

static void
print_table(struct store *s)
{
	double worst = 0, ms;

	printf("%-12s %25s %25s %8s\n", "", "30 days", "three years", "bytes");
	printf("%-12s", "ms");
	for (int i = 0; i < 2; i++)
		printf(" %8s %8s %6s", "median", "19 of 20", "CPU");
	printf("\n");
	for (int i = 0; i < STORE_PANELS; i++) {
		printf("%-12s", store_panel_name((enum store_panel)i));
		ms = time_panel(s, (enum store_panel)i, 30);
		worst = ms > worst ? ms : worst;
		ms = time_panel(s, (enum store_panel)i, PEOPLE_DAYS);
		worst = ms > worst ? ms : worst;
		printf(" %8zu\n", answer_bytes);
	}
	printf("the slowest: %.1f ms\n\n", worst);
}

static void
measure(const char *path, uint64_t count)
{
	struct store *s;
	double before, ms;

	if (count > 0)
		fill_apart(path, count);
	before = memory("VmRSS");
	s = sqlite_reader(loop, path);
	ms = ask(s, &(struct store_question){ .panel = STORE_CONTENTS });
	printf("the first question: %.0f ms; memory: %.1f MiB before it, %.1f after\n\n",
	    ms, before, memory("VmRSS"));
	print_table(s);
	store_free(s);
}

/* An index that is filled. */
static void
measure_index(char *url, const char *index)
{
	struct err e = { 0 };
	struct store *s = es_reader(loop, &(struct es_conf){ .hosts = &url,
	    .host_count = 1, .max_inflight = 4, .gzip = -1, .timeout_ms = 60000,
	    .rest_ms = 1000 }, index, &e);

	if (s == NULL)
		die("%s", e.text);
	printf("the first question: %.0f ms\n\n",
	    ask(s, &(struct store_question){ .panel = STORE_CONTENTS }));
	print_table(s);
	store_free(s);
}

static void
print_documents(uint64_t count)
{
	struct buf b = BUF(1 << 20);

	for (uint64_t i = 0; i < count; i++) {
		struct doc *d = people_doc(i, count);

		buf_clear(&b);
		json_print(d->body, &b);
		puts(buf_str(&b));
		doc_free(d);
	}
	buf_fini(&b);
}

/* Whether it was one of the two that are about Elasticsearch. */
static bool
apart(int argc, char **argv)
{
	int64_t count;

	if (argc == 3 && str_eq(argv[1], "documents") && str_i64(argv[2], &count)) {
		print_documents((uint64_t)count);
		return true;
	}
	if (argc < 4 || !str_eq(argv[1], "elasticsearch"))
		return false;
	server = argv[4];	/* or NULL, at the end */
	measure_index(argv[2], argv[3]);
	return true;
}

int
main(int argc, char **argv)
{
	static const char *const usual[] = { "10000", "100000", "1000000" };
	static const char *const ends[] = { "", "-wal", "-shm" };
	char dir[] = "/tmp/hubstash-panels-XXXXXX", name[96];
	int n = argc > 1 ? argc - 1 : (int)LEN(usual);
	struct err e = { 0 };
	int64_t count;
	char *path;

	loop = loop_new(&e);
	if (loop != NULL && apart(argc, argv)) {
		loop_free(loop);
		return 0;
	}
	if (loop == NULL || mkdtemp(dir) == NULL)
		return 1;
	path = xasprintf("%s/activity.db", dir);
	for (int i = 0; i < n; i++) {
		const char *what = argc > 1 ? argv[i + 1] : usual[i];

		if (str_i64(what, &count) && count > 0)
			measure(path, (uint64_t)count);
		else
			measure(what, 0);
		for (size_t k = 0; k < LEN(ends); k++) {
			snprintf(name, sizeof(name), "%s%s", path, ends[k]);
			unlink(name);
		}
	}
	rmdir(dir);
	free(path);
	loop_free(loop);
	return 0;
}

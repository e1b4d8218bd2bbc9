/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normalise.c - normalise FILE...: what it takes to make documents of recorded
 * events, beside what json-c takes merely to parse their lines. The lines are in
 * memory before; each way goes over them several times, in turns, until it has
 * taken a second of CPU.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "data/json.h"
#include "github/event.h"
#include "github/people.h"
#include "io/file.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINE_MAX_BYTES	((size_t)64 << 20)
#define ENOUGH_S	1.0

static struct {
	char	**line;
	size_t	 *len, n, bytes, documents;
} events;

static double
cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
load(const char *path)
{
	struct file_item item;
	enum file_got got = FILE_MORE;
	struct err e;
	struct file *f = file_open(path, LINE_MAX_BYTES, &e);

	if (f == NULL)
		die("%s", e.text);
	while ((got = file_next(f, &item, &e)) != FILE_END) {
		if (got == FILE_WRONG)
			die("%s", e.text);
		if (got != FILE_ITEM)
			continue;
		events.line = xrealloc(events.line, (events.n + 1) * sizeof(char *));
		events.len = xrealloc(events.len, (events.n + 1) * sizeof(size_t));
		events.line[events.n] = xstrndup(item.text, item.len);
		events.len[events.n++] = item.len;
		events.bytes += item.len;
	}
	file_close(f);
}

static void
parse_all(void)
{
	struct json_tokener *t = json_tokener_new();

	for (size_t i = 0; i < events.n; i++) {
		json_tokener_reset(t);
		json_object_put(json_tokener_parse_ex(t, events.line[i],
		    (int)events.len[i]));
	}
	json_tokener_free(t);
}

static void
normalise_all(const struct people_rules *rules)
{
	struct normal n = { .rules = rules, .now_ms = clock_wall_ms() };
	struct err e;

	events.documents = 0;
	for (size_t i = 0; i < events.n; i++) {
		struct json *j = json_parse(events.line[i], events.len[i], &e);
		struct docs docs = { 0 };
		struct hints hints = { 0 };

		if (j == NULL || !event_read(&n, j, EVENT_RECORDED, &docs, &hints, &e))
			die("%s", e.text);
		events.documents += docs.count;
		docs_fini(&docs);
		hints_fini(&hints);
		json_free(j);
	}
}

int
main(int argc, char **argv)
{
	struct people_rules *rules = people_rules_new();
	double parse = 0, normalise = 0, at;
	unsigned times = 0;

	for (int i = 1; i < argc; i++)
		load(argv[i]);
	if (events.n == 0)
		die("usage: normalise FILE...");
	while (parse < ENOUGH_S || normalise < ENOUGH_S) {
		at = cpu_s();
		parse_all();
		parse += cpu_s() - at;
		at = cpu_s();
		normalise_all(rules);
		normalise += cpu_s() - at;
		times++;
	}
	printf("{\"events\":%zu,\"documents\":%zu,\"megabytes\":%.1f,\"parse\":%.3f,"
	    "\"normalise\":%.3f,\"ratio\":%.2f}\n", events.n, events.documents,
	    (double)events.bytes / 1e6, parse / times, normalise / times,
	    normalise / parse);
	for (size_t i = 0; i < events.n; i++)
		free(events.line[i]);
	free(events.line);
	free(events.len);
	people_rules_free(rules);
	return 0;
}

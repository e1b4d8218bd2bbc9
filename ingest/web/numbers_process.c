/* SPDX-License-Identifier: Apache-2.0 */
/*
 * numbers_process.c - see numbers.h: the process as the kernel counts it, by the
 * names that all Prometheus clients use. Read from /proc/self alone, which the
 * unit's fences leave open; what cannot be read is left out.
 */
#include "base/clock.h"
#include "base/str.h"
#include "web/numbers.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void
put(struct buf *out, const char *name, const char *type, const char *help,
    const char *value)
{
	buf_printf(out, "# HELP process_%s %s\n# TYPE process_%s %s\nprocess_%s %s\n",
	    name, help, name, type, name, value);
}

static void
put_int(struct buf *out, const char *name, const char *help, int64_t v)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, v);
	put(out, name, "gauge", help, text);
}

static void
put_seconds(struct buf *out, const char *name, const char *type, const char *help,
    int64_t ms)
{
	char text[48];

	snprintf(text, sizeof(text), "%" PRId64 ".%03d", ms / 1000, (int)(ms % 1000));
	put(out, name, type, help, text);
}

/* Counted once: the clock that it is made of may be set. */
static int64_t
start_ms(int64_t ticks, int64_t hz)
{
	static int64_t ms;		/* a process starts once */
	struct timespec now, up;

	if (ms == 0 && clock_gettime(CLOCK_REALTIME, &now) == 0 &&
	    clock_gettime(CLOCK_BOOTTIME, &up) == 0)
		ms = ((int64_t)now.tv_sec - up.tv_sec) * 1000 +
		    (now.tv_nsec - up.tv_nsec) / 1000000 + ticks * 1000 / hz;
	return ms;
}

/* /proc/self/stat; fields are counted as proc(5) does, the second in (). */
static void
put_stat(struct buf *out)
{
	int64_t field[25] = { 0 }, hz = sysconf(_SC_CLK_TCK);
	FILE *f = fopen("/proc/self/stat", "re");
	char line[2048], *s = NULL, *end;

	if (f != NULL && fgets(line, sizeof(line), f) != NULL)
		s = strrchr(line, ')');
	if (f != NULL)
		fclose(f);
	if (s == NULL || strlen(s) < 4 || hz <= 0)
		return;
	s += 3;					/* behind the state, field 3 */
	for (size_t i = 4; i < LEN(field); i++, s = end)
		field[i] = strtoll(s, &end, 10);
	put_seconds(out, "cpu_seconds_total", "counter", "CPU time of the process.",
	    (field[14] + field[15]) * 1000 / hz);
	put_seconds(out, "start_time_seconds", "gauge", "When the process started, since "
	    "1970.", start_ms(field[22], hz));
	put_int(out, "virtual_memory_bytes", "Size of the process.", field[23]);
	put_int(out, "resident_memory_bytes", "What of it is in memory.",
	    field[24] * sysconf(_SC_PAGESIZE));
}

static void
put_files(struct buf *out)
{
	DIR *d = opendir("/proc/self/fd");
	FILE *f = fopen("/proc/self/limits", "re");
	char line[256];
	int64_t n = -2;				/* the two that are open for this */

	for (const struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
		n += e->d_name[0] != '.';
	if (d != NULL)
		put_int(out, "open_fds", "Files and connections that are open.",
		    f != NULL ? n : n + 1);
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (str_starts(line, "Max open files"))
			put_int(out, "max_fds", "How many there may be.",
			    strtoll(line + strlen("Max open files"), NULL, 10));
	if (d != NULL)
		closedir(d);
	if (f != NULL)
		fclose(f);
}

void
numbers_process(struct buf *out)
{
	put_stat(out);
	put_files(out);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside.c - linked into the program for torture alone: its disk fails or its life
 * ends at the Nth change of a database, its time-outs are short, and at the end it
 * says how many changes there were and which descriptors were left open.
 *
 *	HUBSTASH_TORTURE=[disk=HOW:N][,timeout=MS]
 *	HOW: full, io, short (full, in the middle of a write), full-on, io-on (for
 *	good), kill, kill-half (in the middle of a write)
 */
#define CURL_DISABLE_TYPECHECK
#include "../unit/faults.h"

#include "base/str.h"

#include <curl/curl.h>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct {
	const char	*name;
	int		 code;
	bool		 half, dead, kill;
} hows[] = {
	{ "full", SQLITE_FULL, false, false, false },
	{ "io", SQLITE_IOERR_WRITE, false, false, false },
	{ "short", SQLITE_FULL, true, false, false },
	{ "full-on", SQLITE_FULL, false, true, false },
	{ "io-on", SQLITE_IOERR_WRITE, false, true, false },
	{ "kill", SQLITE_FULL, false, false, true },
	{ "kill-half", SQLITE_FULL, true, false, true },
};

static long timeout_ms;
static bool inherited[1024];	/* open before we began */

static void
end_life(void)
{
	raise(SIGKILL);
}

static void
fail_disk(const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len);
	size_t n = colon != NULL ? (size_t)(colon - s) : len;

	for (size_t i = 0; colon != NULL && i < LEN(hows); i++) {
		if (strlen(hows[i].name) != n || strncmp(hows[i].name, s, n) != 0)
			continue;
		faults.at = (int)strtol(colon + 1, NULL, 10);
		faults.code = hows[i].code;
		faults.half = hows[i].half;
		faults.dead = hows[i].dead;
		faults.strike = hows[i].kill ? end_life : NULL;
		return;
	}
	die("HUBSTASH_TORTURE: no such disk: %s", s);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *s = getenv("HUBSTASH_TORTURE");

	faults_install();
	for (int fd = 0; fd < (int)LEN(inherited); fd++)
		inherited[fd] = fcntl(fd, F_GETFD) >= 0;
	while (s != NULL && *s != '\0') {
		size_t len = strcspn(s, ",");

		if (str_starts(s, "disk="))
			fail_disk(s + strlen("disk="), len - strlen("disk="));
		else if (str_starts(s, "timeout="))
			timeout_ms = strtol(s + strlen("timeout="), NULL, 10);
		else
			die("HUBSTASH_TORTURE: what is %s?", s);
		s += len + (s[len] == ',');
	}
}

/* What is open still that was not when we began. */
__attribute__((destructor)) static void
end(void)
{
	DIR *d = opendir("/proc/self/fd");
	struct dirent *one;
	char name[300], to[256];

	while (d != NULL && (one = readdir(d)) != NULL) {
		int fd = (int)strtol(one->d_name, NULL, 10);
		ssize_t n;

		if (one->d_name[0] == '.' || fd == dirfd(d) ||
		    (fd < (int)LEN(inherited) && inherited[fd]))
			continue;
		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
		n = readlink(name, to, sizeof(to) - 1);
		to[n > 0 ? n : 0] = '\0';
		fprintf(stderr, "torture: left open: %d %s\n", fd, to);
	}
	if (d != NULL)
		closedir(d);
	fprintf(stderr, "torture: changes=%d\n", faults.changes);
}

/* The program's calls come here first. */
CURLcode
curl_easy_setopt(CURL *easy, CURLoption what, ...)
{
	static CURLcode (*real)(CURL *, CURLoption, ...);
	void *symbol, *p = NULL;
	curl_off_t size = 0;
	long number = 0;
	va_list v;

	if (real == NULL) {
		symbol = dlsym(RTLD_NEXT, "curl_easy_setopt");
		memcpy(&real, &symbol, sizeof(real));
	}
	va_start(v, what);
	if (what < CURLOPTTYPE_OBJECTPOINT)
		number = va_arg(v, long);
	else if (what >= CURLOPTTYPE_OFF_T && what < CURLOPTTYPE_BLOB)
		size = va_arg(v, curl_off_t);
	else
		p = va_arg(v, void *);
	va_end(v);
	if (what < CURLOPTTYPE_OBJECTPOINT)
		return real(easy, what, timeout_ms > 0 && what == CURLOPT_TIMEOUT_MS ?
		    timeout_ms : number);
	if (what >= CURLOPTTYPE_OFF_T && what < CURLOPTTYPE_BLOB)
		return real(easy, what, size);
	return real(easy, what, p);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - any bytes as what stands in headers and dates: Link and Location, HTTP
 * and ISO dates, durations, X-RateLimit headers with a body. What is found lies
 * below the API's address; a date that is read prints as one that reads the same; a
 * limit's wait is never negative. The first byte says which.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "github/limits.h"
#include "github/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define BASE	"https://api.github.com"

static void
fuzz_link(const char *s)
{
	char url[LINK_SIZE] = "";

	if (link_next(s, BASE, url, sizeof(url)) == LINK_FOUND &&
	    !link_is_below(url, BASE))
		die("Link leads to %s", url);
	if (link_location(s, BASE, url, sizeof(url)) == LINK_FOUND &&
	    !link_is_below(url, BASE))
		die("Location leads to %s", url);
	if (link_base_is_safe(s) && !str_starts(s, "https:") && !str_starts(s, "http:"))
		die("%s is safe", s);
}

static void
fuzz_date(const char *s)
{
	char text[CLOCK_TEXT];
	int64_t ms, again, seconds;
	int zone, hour, weekday;

	if (clock_parse_http(s, &ms) && ms % 1000 != 0)
		die("HTTP dates have whole seconds");
	if (clock_parse_iso(s, &ms, &zone)) {
		clock_local(ms, zone, &hour, &weekday);
		if (hour < 0 || hour > 23 || weekday < 1 || weekday > 7)
			die("%s is at hour %d of weekday %d", s, hour, weekday);
		if (!clock_parse_iso(clock_iso(ms, text), &again, NULL) || again != ms)
			die("%s is %s", s, text);
	}
	if (str_duration_s(s, &seconds) && seconds < 0)
		die("%s is a negative duration", s);
}

/* Lines: status, five headers, the body. */
static void
fuzz_limits(char *s)
{
	static char none[] = "";
	struct limits_said said = { .now_ms = INT64_C(1767225600000) };
	const char **header[] = { &said.retry_after, &said.limit, &said.remaining,
	    &said.reset, &said.sso };
	struct limits_meant meant;
	struct json *body;
	struct err e;
	char *line = strsep(&s, "\n");

	said.status = (int)strtoul(line, NULL, 10) % 1000;
	said.graphql = line[0] == '0';
	for (size_t i = 0; i < LEN(header) && s != NULL; i++) {
		line = strsep(&s, "\n");
		*header[i] = line[0] != '\0' ? line : NULL;
	}
	s = s != NULL ? s : none;
	said.body = body = json_parse(s, strlen(s), &e);
	limits_read(&said, &meant);
	if (meant.wait_ms < 0 || verdict_name(meant.verdict) == NULL ||
	    strlen(meant.why) >= sizeof(meant.why))
		die("a wait of %lld ms", (long long)meant.wait_ms);
	json_free(body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *s;

	if (n == 0)
		return 0;
	s = xstrndup((const char *)data + 1, n - 1);
	switch (data[0] % 3) {
	case 0:
		fuzz_link(s);
		break;
	case 1:
		fuzz_date(s);
		break;
	default:
		fuzz_limits(s);
		break;
	}
	free(s);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone.c - see zone.h. The question behind all is: which offset is in force at a
 * moment, and until when. Up to the last change of the file its table answers,
 * behind that zone_rule.c.
 */
#include "base/zone.h"
#include "base/str.h"
#include "base/zone_rule.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY	"/usr/share/zoneinfo"
#define FILE_MAX	((size_t)256 << 10)
#define NAME_LONGEST	64
#define CHANGES_MAX	20000
#define DAY_S		86400
#define FAR_S		(26 * 3600)	/* no zone is farther from Greenwich */

struct zone {
	size_t		 changes;
	int64_t		*at;		/* ascending, seconds */
	int		*offset;	/* from then on */
	int		 first;		/* before the first change */
	struct zone_rule rule;
	bool		 has_rule;
};

static uint64_t
number(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

/* The head of a block: what counts say, and how long its data is. */
struct block {
	size_t	changes, types, chars, leaps, std, ut;
};

static bool
read_head(const unsigned char *p, size_t n, struct block *b)
{
	if (n < 44 || memcmp(p, "TZif", 4) != 0)
		return false;
	b->ut = number(p + 20, 4);
	b->std = number(p + 24, 4);
	b->leaps = number(p + 28, 4);
	b->changes = number(p + 32, 4);
	b->types = number(p + 36, 4);
	b->chars = number(p + 40, 4);
	return b->changes <= CHANGES_MAX && b->types <= 256 && b->chars <= 256 &&
	    b->leaps <= 1000 && b->std <= 256 && b->ut <= 256;
}

static size_t
data_length(const struct block *b, size_t wide)
{
	return b->changes * (wide + 1) + b->types * 6 + b->chars +
	    b->leaps * (wide + 4) + b->std + b->ut;
}

/* Times, their types, and the types' offsets. */
static bool
read_changes(struct zone *z, const unsigned char *p, const struct block *b)
{
	const unsigned char *which = p + b->changes * 8, *types = which + b->changes;
	int offset[256];

	for (size_t i = 0; i < b->types; i++) {
		offset[i] = (int)(int32_t)(uint32_t)number(types + i * 6, 4);
		if (offset[i] < -FAR_S || offset[i] > FAR_S)
			return false;
	}
	z->changes = b->changes;
	z->at = xcalloc(b->changes + 1, sizeof(*z->at));
	z->offset = xcalloc(b->changes + 1, sizeof(*z->offset));
	z->first = offset[0];
	for (size_t i = 0; i < b->changes; i++) {
		z->at[i] = (int64_t)number(p + i * 8, 8);
		if (which[i] >= b->types || (i > 0 && z->at[i] <= z->at[i - 1]))
			return false;
		z->offset[i] = offset[which[i]];
	}
	return true;
}

/* "\n" rule "\n", the rule maybe empty. */
static bool
read_rule(struct zone *z, const char *p, size_t n)
{
	const char *end = n > 1 ? memchr(p + 1, '\n', n - 1) : NULL;
	char text[128];
	size_t len;

	if (end == NULL || p[0] != '\n')
		return false;
	len = (size_t)(end - p) - 1;
	if (len >= sizeof(text))
		return false;
	memcpy(text, p + 1, len);
	text[len] = '\0';
	z->has_rule = len > 0;
	return len == 0 || zone_rule_parse(text, &z->rule);
}

static bool
read_all(struct zone *z, const unsigned char *p, size_t n)
{
	struct block b;
	size_t skip;

	if (!read_head(p, n, &b) || p[4] < '2')
		return false;
	skip = 44 + data_length(&b, 4);		/* for programs of 32 bits */
	if (skip > n)
		return false;
	p += skip;
	n -= skip;
	if (!read_head(p, n, &b) || b.types == 0 || b.leaps > 0)
		return false;
	p += 44;
	n -= 44;
	skip = data_length(&b, 8);
	return skip <= n && read_changes(z, p, &b) &&
	    read_rule(z, (const char *)p + skip, n - skip);
}

struct zone *
zone_parse(const void *bytes, size_t n, struct err *e)
{
	struct zone *z = xcalloc(1, sizeof(*z));

	if (read_all(z, bytes, n))
		return z;
	zone_free(z);
	err_set(e, ERR_INPUT, 0, "this is no file of a time zone (TZif, version 2)");
	return NULL;
}

void
zone_free(struct zone *z)
{
	if (z == NULL)
		return;
	free(z->at);
	free(z->offset);
	free(z);
}

/* Letters, digits, + - _ and single slashes between them: no way out. */
static bool
is_name(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789+-_/");

	return n > 0 && n <= NAME_LONGEST && s[n] == '\0' && s[0] != '/' &&
	    s[n - 1] != '/' && strstr(s, "//") == NULL;
}

static struct zone *
read_file(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	unsigned char *bytes = NULL;
	struct zone *z = NULL;
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size > 0 && (size_t)st.st_size <= FILE_MAX) {
		bytes = xcalloc(1, (size_t)st.st_size);
		if (read(fd, bytes, (size_t)st.st_size) == st.st_size)
			z = zone_parse(bytes, (size_t)st.st_size, e);
	}
	if (fd >= 0)
		close(fd);
	free(bytes);
	return z;
}

struct zone *
zone_open(const char *name, struct err *e)
{
	struct zone *z;
	char *path;

	if (str_eq(name, "UTC"))
		return xcalloc(1, sizeof(*z));
	path = xasprintf(DIRECTORY "/%s", name);
	z = is_name(name) ? read_file(path, e) : NULL;
	free(path);
	if (z == NULL)
		err_set(e, ERR_INPUT, 0, access(DIRECTORY, X_OK) == 0 ? "there is no "
		    "such zone; there are those of the IANA database, as Europe/Berlin" :
		    "there are no zones but UTC here, for " DIRECTORY " is missing "
		    "(package tzdata)");
	return z;
}

/* The offset at t (seconds), and the next moment that may have another. */
static int
offset_at(const struct zone *z, int64_t t, int64_t *until)
{
	size_t low = 0, high = z->changes;

	while (low < high) {		/* how many changes are at or before t */
		size_t mid = low + (high - low) / 2;

		if (z->at[mid] <= t)
			low = mid + 1;
		else
			high = mid;
	}
	*until = low < z->changes ? z->at[low] : INT64_MAX;
	if (low == z->changes && z->has_rule)
		return zone_rule_at(&z->rule, t, until);
	return low == 0 ? z->first : z->offset[low - 1];
}

static int64_t
seconds(int64_t ms)
{
	return ms / 1000 - (ms % 1000 < 0);
}

int
zone_offset_s(const struct zone *z, int64_t ms)
{
	int64_t until;

	return offset_at(z, seconds(ms), &until);
}

int64_t
zone_day(const struct zone *z, int64_t ms)
{
	int64_t local = seconds(ms) + zone_offset_s(z, ms);

	return local / DAY_S - (local % DAY_S < 0);
}

/* Stretch by stretch of one offset each, from well before that midnight. */
int64_t
zone_midnight(const struct zone *z, int64_t day)
{
	int64_t t = day * DAY_S - FAR_S, until, midnight;

	for (;; t = until) {
		midnight = day * DAY_S - offset_at(z, t, &until);
		if (midnight < until)
			return (midnight > t ? midnight : t) * 1000;
	}
}

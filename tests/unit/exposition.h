/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exposition.h - Prometheus' text format 0.0.4, read strictly: a family is HELP,
 * TYPE and its samples, in this order, once; counters end in _total and nothing
 * else does; no series stands there twice; nothing is escaped that need not be.
 */
#ifndef UNIT_EXPOSITION_H
#define UNIT_EXPOSITION_H

#include "base/map.h"
#include "base/str.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct exposition {
	struct map	*seen;		/* families and series */
	char		 family[128];
	bool		 help, type;	/* were told of it */
	size_t		 samples;	/* of all */
};

/* A name's bytes; 0 if none begins there. Labels have no colons. */
static size_t
exposition_name(const char *s, bool label)
{
	size_t n = 0;

	if (isdigit((unsigned char)s[0]))
		return 0;
	while (isalnum((unsigned char)s[n]) || s[n] == '_' || (!label && s[n] == ':'))
		n++;
	return n;
}

/* True when this is the first of that name. */
static bool
exposition_new(struct exposition *x, const char *kind, const char *s, size_t n)
{
	char *key = xasprintf("%s %.*s", kind, (int)n, s);
	bool is_new = map_get(x->seen, key) == NULL;

	map_set(x->seen, key, x);
	free(key);
	return is_new;
}

/* "# HELP name text" and "# TYPE name kind". */
static const char *
exposition_comment(struct exposition *x, const char *line)
{
	bool help = str_starts(line, "# HELP ");
	const char *name, *text;
	size_t n;

	if (!help && !str_starts(line, "# TYPE "))
		return "a comment that is none";
	name = line + strlen("# HELP ");
	n = exposition_name(name, false);
	if (n == 0 || name[n] != ' ' || n >= sizeof(x->family))
		return "a comment of no name";
	text = name + n + 1;
	if (help) {
		if (!exposition_new(x, "family", name, n))
			return "a family that was there before";
		if (x->family[0] != '\0' && !x->type)
			return "a family without a type";
		snprintf(x->family, sizeof(x->family), "%.*s", (int)n, name);
		x->help = true;
		x->type = false;
		if (!isupper((unsigned char)text[0]) || !str_ends(text, "."))
			return "help that is no sentence";
		for (; *text != '\0'; text++)
			if (*text == '\\' && *++text != '\\' && *text != 'n')
				return "an escape in help that is none";
		return NULL;
	}
	if (strncmp(x->family, name, n) != 0 || x->family[n] != '\0' || x->type)
		return "a type without its help before it";
	x->type = true;
	if (!str_eq(text, "counter") && !str_eq(text, "gauge"))
		return "a type that is none of ours";
	if (str_eq(text, "counter") != str_ends(x->family, "_total"))
		return "_total is for counters";
	return NULL;
}

/* {name="value",…}; *end is behind it. */
static const char *
exposition_labels(const char *s, const char **end)
{
	char name[128];

	do {
		size_t n = exposition_name(++s, true);

		if (n == 0 || n >= sizeof(name) || s[n] != '=' || s[n + 1] != '"')
			return "a label that is none";
		s += n + 2;
		for (; *s != '"'; s++)
			if (*s == '\0' || (*s == '\\' && *++s != '\\' && *s != '"' && *s != 'n'))
				return "a label's value that does not end, or an odd escape";
		s++;
	} while (*s == ',');
	if (*s != '}')
		return "labels that do not end";
	*end = s + 1;
	return NULL;
}

static const char *
exposition_sample(struct exposition *x, const char *line)
{
	size_t n = exposition_name(line, false);
	const char *s = line + n, *why = NULL;
	char *end;

	if (n == 0 || strncmp(x->family, line, n) != 0 || x->family[n] != '\0' || !x->type)
		return "a sample of another family, or of none";
	if (*s == '{')
		why = exposition_labels(s, &s);
	if (why != NULL)
		return why;
	if (!exposition_new(x, "series", line, (size_t)(s - line)))
		return "a series that was there before";
	if (*s++ != ' ' || isspace((unsigned char)*s) || *s == '\0')
		return "a sample without a value";
	strtod(s, &end);
	x->samples++;
	return *end == '\0' ? NULL : "a value that is no number, or something behind it";
}

/* NULL, or what is wrong, and with which line. Yours to free. */
static char *
exposition_wrong(const char *text, size_t *samples)
{
	struct exposition x = { .seen = map_new() };
	const char *why = text[0] == '\0' ? "nothing" : NULL;
	char *copy = xstrdup(text), *line = copy, *end, *said;

	for (; why == NULL && *line != '\0'; line = why == NULL ? end + 1 : line) {
		end = strchr(line, '\n');
		if (end == NULL) {
			why = "a line without an end";
			break;
		}
		*end = '\0';
		why = *line == '#' ? exposition_comment(&x, line) :
		    exposition_sample(&x, line);
	}
	if (why == NULL && !x.type)
		why = "a family without a type";
	if (samples != NULL)
		*samples = x.samples;
	said = why != NULL ? xasprintf("%s: %s", why, line) : NULL;
	map_free(x.seen);
	free(copy);
	return said;
}

#endif
